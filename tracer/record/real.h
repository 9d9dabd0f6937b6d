/* SPDX-License-Identifier: MIT */
/* The real functions behind the wrappers. */
#pragma once

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/types.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

/* NULL before ls_init(), and for what this libc does not have. */
typedef struct {
#define LS_REAL(RESULT, NAME, ARGS) RESULT (*NAME) ARGS; /* NOLINT(bugprone-macro-parentheses) */
#include "real.def"
#undef LS_REAL
} LsReal;

extern LsReal ls_real __attribute__ ((visibility ("hidden")));

void ls_real_resolve (void);
