/* SPDX-License-Identifier: MIT */
/* A program that this one becomes or starts, and what is to be preloaded into it. All of it may run in
 * a signal handler or in a child of vfork, and sets no errno. */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct {
  char path[PATH_MAX]; /* of its file, absolute; empty when it was not found */
  bool is_foreign;     /* the library cannot be loaded into it: another C library, or machine */
  char asan[32];       /* the AddressSanitizer library that must come first; empty: none */
} LsTarget;

/* Finds and reads the program's file, or the interpreter of a script. `folder` is a descriptor or
 * AT_FDCWD; `name` is relative to it, or empty when the descriptor is the program itself, or to be
 * found through PATH if it `is_searched`. What cannot be read is taken for a program like any. */
void ls_target_find (LsTarget *target, int folder, const char *name, bool is_searched);

/* Bytes that ls_target_write() needs; 0: the environment is right as it is. */
size_t ls_target_environment_bytes (const LsTarget *target, char *const *environment);
/* The environment that the target bears, in `room`: what is preloaded changes, the rest is shared. */
char **ls_target_write_environment (const LsTarget *target, char *const *environment, void *room);
