/* SPDX-License-Identifier: MIT */
/** What wakes the collector: a program's bumping of free_wanted, as a readable descriptor. */
#pragma once

#include "region.h"

/* From now on, to the end of this process, `wake_fd` (an eventfd) is written to with each bump. */
void ls_wake_watch (LsRegion *region, int wake_fd);
