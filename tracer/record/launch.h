/* SPDX-License-Identifier: MIT */
/* Starting a collector for this process alone. */
#pragma once

#include <stdbool.h>

/* Starts one that writes to `path`, and joins its recording. 0 or an errno value, EALREADY while
 * another thread is about to. */
int ls_launch (const char *path);
/* The same at the program's start, when LOCKSTITCH_TRACE says so. */
void ls_launch_from_environment (void);
/* True when this process started the recording under way. */
bool ls_launch_is_ours (void);
