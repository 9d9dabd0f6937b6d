/* SPDX-License-Identifier: MIT */
/* Who called the function that records: part of the recording path when --stacks is asked for. */
#pragma once

#include "recorder.h"

/* Callers to record with each event, 0 .. LS_STACK_MAX. */
extern unsigned ls_stack_depth;

/* Depth where it was not asked for, but is needed to tell the place. */
#define LS_STACK_THROUGH 8

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

/* The code there passes calls on: C++'s library, between a program and pthread_create(). */
void ls_stack_set_through (uint64_t from, uint64_t to);
bool ls_stack_is_through (uint64_t pc);
/* Whether it is the library's own address. */
bool ls_stack_is_own (uint64_t pc);
/* Writes the callers of `site`, which is where the next record is made, if it is in such code and no
 * stacks are recorded anyway. */
void ls_stack_put_through (uint64_t site);

/* Slots that a stack takes, and its writing into those. */
static inline unsigned
ls_stack_slots (const LsStack *stack)
{
  return stack->n ? 1 + (stack->n + 3) / 4 : 0;
}

void ls_stack_write (LsSlot *slot, const LsStack *stack);

/* Walks the calling thread's stack. No lock, no allocation; may be a signal handler. */
void ls_stack_walk (LsStack *stack, unsigned depth);
