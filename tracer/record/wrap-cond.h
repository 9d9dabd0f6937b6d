/* SPDX-License-Identifier: MIT */
/* A wait on a condition variable, of pthread or C11. */
#pragma once

#include "wrap.h"

typedef struct {
  void *cond;
  pthread_mutex_t *mutex; /* a mtx_t is one */
  uint64_t site;
  uint8_t how;
  uint8_t mutex_kind;
  bool refused; /* the call will fail at once, and not release the mutex */
  bool waiting;
  uint32_t depth;              /* of a recursive mutex */
  const struct timespec *time; /* until then, if not NULL */
} LsCondWait;

/* Before the real call, after it, and when it was left by cancellation. */
void ls_cond_begin (LsCondWait *wait);
void ls_cond_end (LsCondWait *wait, int error);
void ls_cond_left (LsCondWait *wait);
