/* SPDX-License-Identifier: MIT */
/* Small traces written in the test itself. */
#pragma once

#include "state.h"

/* Opens a header and these lines, in which ' stands for ". */
LsTrace *inline_open (const char *lines);

/* All problems, one a line: "LINE: reason". Owned by the caller. */
char *inline_dup_problems (const LsTrace *trace);

/* The state interval of the thread that event k begins. */
LsInterval inline_get_state (const LsTrace *trace, uint32_t thread, uint32_t k);
