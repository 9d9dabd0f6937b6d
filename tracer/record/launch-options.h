/* SPDX-License-Identifier: MIT */
/* How a program that records itself wants it, by its environment. */
#pragma once

#define LS_MAX_LAUNCH_OPTIONS 4

typedef struct {
  char text[LS_MAX_LAUNCH_OPTIONS][40]; /* the collector's options */
  unsigned n;
} LsLaunchOptions;

/* What is no valid value is left out: a program is not to fail by it. */
void ls_launch_options_read (LsLaunchOptions *options);
