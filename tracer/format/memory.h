/* SPDX-License-Identifier: MIT */
/* How much memory may be asked for. */
#pragma once

#include <stdint.h>

/* Bytes: what the machine has available now, or less where the process (ulimit -v) or its control group
 * may have less. */
uint64_t ls_memory_get_room (void);
