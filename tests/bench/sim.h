/* SPDX-License-Identifier: MIT */
/**
 * A simulated program: threads that carry out lists of operations in simulated time, on locks that
 * keep their semantics, and write down what they do as a trace.
 *
 * Deterministic: the same operations and seed give the same bytes.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "line.h"

typedef enum {
  OP_WORK,      /* arg: ns of work, which leaves no event */
  OP_SLEEP,     /* arg: ns */
  OP_ACQUIRE,   /* obj; shared; arg: 0 waits, else a try that skips `arg` operations if it fails */
  OP_RELEASE,   /* obj */
  OP_COND_WAIT, /* obj: the cond, arg: id of the mutex, which is held */
  OP_SIGNAL,    /* obj */
  OP_BROADCAST, /* obj */
  OP_READ,      /* obj: the thread keeps what it saw */
  OP_WRITE,     /* obj, arg: what is added to what the thread saw last */
  OP_UPDATE,    /* obj, arg: added atomically */
  OP_BEGIN,     /* name */
  OP_END,       /* name */
  OP_COUNT,     /* name, arg: the value */
  OP_MARK,      /* name */
  OP_CREATE,    /* arg: thread id */
  OP_JOIN,      /* arg: thread id */
  OP_RAISE,     /* sets sim->stage to arg; leaves no event */
  OP_AWAIT,     /* polls until sim->stage reaches arg; leaves no event */
} OpKind;

typedef struct {
  OpKind kind;
  bool shared;
  uint32_t obj;
  uint32_t src;
  int64_t arg;
  const char *name;
} Op;

typedef struct {
  LsObjectKind kind;
  int64_t n_free;  /* units of a lock nobody holds: 1 of a mutex */
  int64_t n_units; /* all of them: an exclusive acquire of an rwlock takes them all */
  GQueue waiters;  /* SimThread, in order of arrival */
  int64_t value;
  uint64_t n_updates;
} SimObject;

typedef enum {
  SIM_UNBORN,
  SIM_READY,   /* its next operation is due at `due_ns` */
  SIM_BLOCKED, /* until somebody readies it */
  SIM_DONE,
} SimState;

typedef struct {
  uint32_t id;
  SimState state;
  int64_t due_ns;
  GArray *ops; /* Op */
  guint next_op;
  /* What it still has to say when it is ready again. */
  bool says_acquire, says_wake, says_start, says_join;
  uint32_t waits_for; /* object or thread that it is blocked on */
  uint32_t mutex;     /* to be taken again after a condition wait */
  bool wants_shared;
  bool sleeps;
  uint32_t src; /* of the operation that blocks */
  int64_t seen; /* by its last read */
  uint32_t joiner;
} SimThread;

typedef struct _Sim Sim;

/* Appends the next operations of a thread that has none left; false when it is to finish. */
typedef bool (*SimRefillFunc) (Sim *sim, SimThread *thread, gpointer user_data);

struct _Sim {
  GString *out;
  GArray *objects;    /* SimObject; index = id, 0 unused */
  GPtrArray *threads; /* SimThread; index = id, 0 unused */
  GPtrArray *heap;    /* SimThread that are ready, by due_ns, then id */
  int64_t now_ns;
  uint64_t n_events;
  uint64_t random;
  int64_t stage;                /* for OP_AWAIT */
  void (*flush) (GString *out); /* called now and then, takes what there is */
};

Sim *sim_new (uint64_t seed, void (*flush) (GString *out));
void sim_free (Sim *sim);

uint32_t sim_add_object (Sim *sim, LsObjectKind kind, int64_t n_units);
SimObject *sim_get_object (Sim *sim, uint32_t id);
uint32_t sim_add_thread (Sim *sim);

uint64_t sim_random (Sim *sim);
double sim_random_unit (Sim *sim); /* 0 <= x < 1 */

void sim_add_op (SimThread *thread, Op op);

/* Starts thread 1 and runs until every started thread has finished. */
void sim_run (Sim *sim, SimRefillFunc refill, gpointer user_data);
