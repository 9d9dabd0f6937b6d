/* SPDX-License-Identifier: MIT */
/* Who called the function that records: part of the recording path when --stacks is asked for. */
#pragma once

#include "recorder.h"

/* Callers to record with each event, 0 .. LS_STACK_MAX; that of the region. */
extern unsigned ls_stack_depth;

/* From ordinary code, before anything is recorded with stacks. */
void ls_stack_init (unsigned depth);

/* So much of a stack is its thread's own for certain; `attr` may be NULL. */
size_t ls_stack_own_bytes (const pthread_attr_t *attr);
/* The calling thread, when it was not created with that: it may be the main thread. */
void ls_stack_begin_thread (LsThread *self);

typedef struct {
  uint64_t site;                  /* where the program called the library; 0: not known */
  unsigned n;                     /* of callers */
  uint64_t callers[LS_STACK_MAX]; /* of that place's function, innermost first */
} LsStack;

/* Walks the calling thread's stack. No lock, no allocation; may be a signal handler. */
void ls_stack_walk (LsStack *stack, unsigned depth);
