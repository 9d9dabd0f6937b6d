/* SPDX-License-Identifier: MIT */
/* Starting a collector for this process alone. */
#pragma once

/* Starts one that writes to `path` and joins its recording. 0 or an errno value. */
int ls_launch (const char *path, int partial);
/* The same at the program's start, when LOCKSTITCH_TRACE says so. */
void ls_launch_from_environment (void);
/* True when this process started the recording under way. */
int ls_launch_is_ours (void);
