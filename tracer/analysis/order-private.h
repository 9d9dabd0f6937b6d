/* SPDX-License-Identifier: MIT */
/* What the walk over happens-before keeps of threads and objects. */
#pragma once

#include "order.h"

/* One place in an atomic's modification order. */
typedef struct {
  bool is_valid;
  int64_t n;
  LsStamp message; /* what an acquiring load that sees it learns */
  uint32_t head;   /* thread that heads its release sequence; LS_NONE: none, or several do */
  bool is_several;
} LsPlace;

#define LS_N_PLACES 8 /* a power of two; older places count as "any earlier releasing store" */

typedef struct {
  uint64_t number;
  LsStamp stamp;
} LsRound;

typedef struct {
  uint32_t thread;
  LsMode mode;
} LsHolder;

typedef struct {
  LsStamp given;   /* by exclusive releases, sets, signals, releasing stores */
  LsStamp shared;  /* by releases of readers */
  GArray *holders; /* LsHolder, of an rwlock */
  GArray *waiters; /* uint32_t threads in a wait on this cond */
  LsRound rounds[2];
  uint64_t n_waits; /* of a barrier */
  LsPlace *places;  /* LS_N_PLACES of an atomic; NULL until one says its place */
  bool is_vague;    /* not all of its stores are in `places` (any more) */
} LsSync;

typedef struct {
  bool is_alive, is_finished;
  LsClock clock;
  LsStamp created, finished;
  uint32_t wait_object;  /* cond or barrier that it waits for, LS_NONE */
  uint64_t wait_round;   /* of the barrier */
  LsStamp signals;       /* since its wait on the cond */
  LsStamp unfenced;      /* seen by relaxed loads: an acquire fence learns it */
  LsStamp release_fence; /* what its relaxed stores publish */
} LsOrderThread;

typedef struct {
  uint32_t slot, own;
} LsFreeSlot;

struct _LsOrderWalk {
  const LsTrace *trace;
  LsOrderThread **threads; /* NULL until its first event */
  LsSync **syncs;          /* by object; NULL until needed */
  GHashTable *sends;       /* int64_t number -> LsStamp */
  GArray *free_slots;      /* LsFreeSlot of finished threads */
  uint32_t n_slots;
};

LsSync *ls_order_walk_get_sync (LsOrderWalk *walk, uint32_t object);

/* Atomics, in order-atomic.c. */
void ls_order_atomic_enter (LsSync *sync, LsOrderThread *self, const LsEvent *event);
void ls_order_atomic_leave (LsSync *sync, LsOrderThread *self, const LsEvent *event);
void ls_order_fence (LsOrderThread *self, const LsEvent *event);
