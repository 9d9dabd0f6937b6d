/* SPDX-License-Identifier: MIT */
/**
 * Writes a trace of a server that never was: as many events and threads as asked for, the same for
 * the same seed. Workers take jobs from a queue under queue.lock, look into a cache of eight parts,
 * count themselves in pool.active under stats.lock, and rest; their activity goes in waves, and for
 * a while the queue's lock is held so long that all of them queue up behind it.
 *
 *     gen-trace --events 1000000 --threads 24 --seed 1 [--race] > big.trace.jsonl
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim.h"
#include "writer.h"

#define N_CACHES 8
#define EVENTS_PER_TASK 21
#define NS_PER_EVENT 23000
#define CONVOY_FROM 0.40
#define CONVOY_TO 0.42
#define RACE_FROM 0.62
#define N_WAVES 2.2

typedef enum {
  RACE_NONE,
  RACE_WANTED,
  RACE_FIRST,
  RACE_BOTH
} RaceStage;

typedef struct {
  gint64 n_events;
  gint n_threads;
  gint64 seed;
  gboolean race;

  uint32_t queue_lock, queue_ready, cache_lock[N_CACHES], stats_lock, config_lock, connections;
  uint32_t pool_active, cache_hits[N_CACHES], requests;
  uint32_t first_worker;
  double task_ns; /* mean length of a task */
  double wave_length;
  int n_created;
  bool is_stopping;
  RaceStage race_stage;
} Server;

enum {
  SRC_MAIN_CREATE = 1,
  SRC_MAIN_JOIN,
  SRC_MAIN_PUSH,
  SRC_WORKER,
  SRC_POP_LOCK,
  SRC_POP_WAIT,
  SRC_POP_UNLOCK,
  SRC_CACHE_LOCK,
  SRC_CACHE_HIT,
  SRC_CACHE_UNLOCK,
  SRC_POOL_LOCK,
  SRC_POOL_READ,
  SRC_POOL_WRITE,
  SRC_POOL_UNLOCK,
  SRC_CONFIG,
  SRC_CONNECT,
  SRC_HANDLE,
  SRC_REST,
  SRC_STEAL_READ,
  SRC_STEAL_WRITE,
  N_SOURCES
};

static const LsLineSource sources[N_SOURCES] = {
  [SRC_MAIN_CREATE] = { SRC_MAIN_CREATE, "main", "server.c", 212, 0 },
  [SRC_MAIN_JOIN] = { SRC_MAIN_JOIN, "main", "server.c", 231, 0 },
  [SRC_MAIN_PUSH] = { SRC_MAIN_PUSH, "queue_push", "queue.c", 48, 0 },
  [SRC_WORKER] = { SRC_WORKER, "worker_main", "server.c", 163, 0 },
  [SRC_POP_LOCK] = { SRC_POP_LOCK, "queue_pop", "queue.c", 61, SRC_WORKER },
  [SRC_POP_WAIT] = { SRC_POP_WAIT, "queue_pop", "queue.c", 63, SRC_WORKER },
  [SRC_POP_UNLOCK] = { SRC_POP_UNLOCK, "queue_pop", "queue.c", 70, SRC_WORKER },
  [SRC_CACHE_LOCK] = { SRC_CACHE_LOCK, "cache_get", "cache.c", 33, SRC_HANDLE },
  [SRC_CACHE_HIT] = { SRC_CACHE_HIT, "cache_get", "cache.c", 36, SRC_HANDLE },
  [SRC_CACHE_UNLOCK] = { SRC_CACHE_UNLOCK, "cache_get", "cache.c", 41, SRC_HANDLE },
  [SRC_POOL_LOCK] = { SRC_POOL_LOCK, "pool_count", "pool.c", 19, SRC_WORKER },
  [SRC_POOL_READ] = { SRC_POOL_READ, "pool_count", "pool.c", 20, SRC_WORKER },
  [SRC_POOL_WRITE] = { SRC_POOL_WRITE, "pool_count", "pool.c", 21, SRC_WORKER },
  [SRC_POOL_UNLOCK] = { SRC_POOL_UNLOCK, "pool_count", "pool.c", 22, SRC_WORKER },
  [SRC_CONFIG] = { SRC_CONFIG, "config_get", "config.c", 77, SRC_HANDLE },
  [SRC_CONNECT] = { SRC_CONNECT, "db_connect", "db.c", 105, SRC_HANDLE },
  [SRC_HANDLE] = { SRC_HANDLE, "handle_request", "server.c", 140, SRC_WORKER },
  [SRC_REST] = { SRC_REST, "worker_main", "server.c", 171, 0 },
  [SRC_STEAL_READ] = { SRC_STEAL_READ, "pool_steal", "pool.c", 52, SRC_WORKER },
  [SRC_STEAL_WRITE] = { SRC_STEAL_WRITE, "pool_steal", "pool.c", 54, SRC_WORKER },
};

static void
flush_out (GString *out)
{
  if (fwrite (out->str, 1, out->len, stdout) != out->len)
    g_error ("cannot write: %s", g_strerror (errno));
  g_string_truncate (out, 0);
}

/* what stands before the events */

static uint32_t
add_object (Sim *sim, LsObjectKind kind, int64_t n_units, const char *name)
{
  uint32_t id = sim_add_object (sim, kind, n_units);
  g_autofree char *addr = g_strdup_printf ("0x%x", 0x55d0c000 + id * 64);
  LsLine line = { .kind = LS_LINE_OBJECT,
                  .object = { .id = id, .kind = kind, .name = name, .addr = addr } };

  if (kind == LS_OBJECT_VALUE) {
    line.object.type = LS_VALUE_INT;
    line.object.size = 8;
  }
  if (kind == LS_OBJECT_SEMAPHORE) {
    line.object.has_initial = true;
    line.object.initial = n_units;
  }
  ls_write_line (sim->out, &line);
  return id;
}

static void
add_thread (Sim *sim, const char *name)
{
  uint32_t id = sim_add_thread (sim);
  ls_write_line (sim->out, &(LsLine){ .kind = LS_LINE_THREAD,
                                      .thread = { .id = id, .name = name, .os = 4120 + id } });
}

static void
declare_all (Sim *sim, Server *server)
{
  const char *const program[] = { "./server", "--queue", "jobs", NULL };
  LsLine header = { .kind = LS_LINE_HEADER,
                    .header = { .version = 1,
                                .wall = "2026-11-21T20:00:00Z",
                                .pid = 4121,
                                .program = program,
                                .recorder = LS_VERSION } };

  ls_write_line (sim->out, &header);
  add_thread (sim, "main");
  for (int i = 0; i < server->n_threads; i++) {
    g_autofree char *name = g_strdup_printf ("worker-%d", i);
    add_thread (sim, name);
  }
  server->queue_lock = add_object (sim, LS_OBJECT_MUTEX, 1, "queue.lock");
  server->queue_ready = add_object (sim, LS_OBJECT_COND, 0, "queue.ready");
  server->stats_lock = add_object (sim, LS_OBJECT_MUTEX, 1, "stats.lock");
  server->config_lock = add_object (sim, LS_OBJECT_RWLOCK, 1 << 20, "config.lock");
  server->connections = add_object (sim, LS_OBJECT_SEMAPHORE, 6, "connections");
  server->pool_active = add_object (sim, LS_OBJECT_VALUE, 0, "pool.active");
  server->requests = add_object (sim, LS_OBJECT_VALUE, 0, "requests");
  for (int i = 0; i < N_CACHES; i++) {
    g_autofree char *lock = g_strdup_printf ("cache[%d].lock", i);
    g_autofree char *hits = g_strdup_printf ("cache[%d].hits", i);
    server->cache_lock[i] = add_object (sim, LS_OBJECT_MUTEX, 1, lock);
    server->cache_hits[i] = add_object (sim, LS_OBJECT_VALUE, 0, hits);
  }
  for (uint32_t i = 1; i < N_SOURCES; i++)
    ls_write_line (sim->out, &(LsLine){ .kind = LS_LINE_SOURCE, .source = sources[i] });
}

/* what threads do */

#define ADD(thread, ...) sim_add_op (thread, (Op){ __VA_ARGS__ })

static double
get_progress (const Sim *sim, const Server *server)
{
  return (double) sim->n_events / (double) server->n_events;
}

static bool
is_convoy (double progress)
{
  return progress >= CONVOY_FROM && progress < CONVOY_TO;
}

static void
add_work (Sim *sim, SimThread *thread, double ns)
{
  ADD (thread, OP_WORK, .arg = (int64_t) (ns * (0.5 + sim_random_unit (sim))));
}

/* The critical section of queue.lock: takes a job, or waits for one. */
static void
add_pop (Sim *sim, Server *server, SimThread *thread, double activity)
{
  double share = server->task_ns / (server->n_threads + 1);
  bool convoy = is_convoy (get_progress (sim, server));

  ADD (thread, OP_ACQUIRE, .obj = server->queue_lock, .src = SRC_POP_LOCK);
  if (!convoy && !server->is_stopping && sim_random_unit (sim) < 0.6 * (1 - activity))
    ADD (thread, OP_COND_WAIT, .obj = server->queue_ready, .arg = server->queue_lock,
         .src = SRC_POP_WAIT);
  add_work (sim, thread, share * (convoy ? 8 : 0.72));
  ADD (thread, OP_RELEASE, .obj = server->queue_lock, .src = SRC_POP_UNLOCK);
}

static void
add_count (Sim *sim, Server *server, SimThread *thread, int64_t change)
{
  ADD (thread, OP_ACQUIRE, .obj = server->stats_lock, .src = SRC_POOL_LOCK);
  ADD (thread, OP_READ, .obj = server->pool_active, .src = SRC_POOL_READ);
  add_work (sim, thread, server->task_ns / (server->n_threads + 1) * 0.3);
  ADD (thread, OP_WRITE, .obj = server->pool_active, .arg = change, .src = SRC_POOL_WRITE);
  ADD (thread, OP_RELEASE, .obj = server->stats_lock, .src = SRC_POOL_UNLOCK);
}

static void
add_cache (Sim *sim, Server *server, SimThread *thread)
{
  int part = sim_random_unit (sim) < 0.5 ? 3 : (int) (sim_random (sim) % N_CACHES);
  bool is_try = sim_random_unit (sim) < 0.1;

  ADD (thread, OP_ACQUIRE, .obj = server->cache_lock[part], .arg = is_try ? 4 : 0,
       .src = SRC_CACHE_LOCK);
  ADD (thread, OP_READ, .obj = server->cache_hits[part], .src = SRC_CACHE_HIT);
  add_work (sim, thread, server->task_ns / (server->n_threads + 1) * 1.3);
  ADD (thread, OP_WRITE, .obj = server->cache_hits[part], .arg = 1, .src = SRC_CACHE_HIT);
  ADD (thread, OP_RELEASE, .obj = server->cache_lock[part], .src = SRC_CACHE_UNLOCK);
}

/* Now and then a task reads the configuration and asks the database, or writes the former. */
static void
add_rare (Sim *sim, Server *server, SimThread *thread)
{
  double chance = sim_random_unit (sim);
  bool shared = chance > 0.005;

  if (chance < 0.1) {
    ADD (thread, OP_ACQUIRE, .obj = server->config_lock, .shared = shared, .src = SRC_CONFIG);
    add_work (sim, thread, server->task_ns * 0.01);
    ADD (thread, OP_RELEASE, .obj = server->config_lock, .shared = shared, .src = SRC_CONFIG);
  } else if (chance < 0.25) {
    ADD (thread, OP_ACQUIRE, .obj = server->connections, .src = SRC_CONNECT);
    add_work (sim, thread, server->task_ns * 0.5);
    ADD (thread, OP_RELEASE, .obj = server->connections, .src = SRC_CONNECT);
  }
}

/* Two workers add one to pool.active without the lock, both having read before either writes. */
static void
add_race (Sim *sim, Server *server, SimThread *thread)
{
  bool is_first = thread->id == server->first_worker + 4 % (guint) server->n_threads;
  bool is_second = thread->id == server->first_worker + 8 % (guint) server->n_threads ||
                   (server->n_threads < 9 && thread->id != server->first_worker);

  if (get_progress (sim, server) < RACE_FROM)
    return;
  if (server->race_stage == RACE_WANTED && is_first) {
    server->race_stage = RACE_FIRST;
    ADD (thread, OP_READ, .obj = server->pool_active, .src = SRC_STEAL_READ);
    ADD (thread, OP_AWAIT, .arg = 1);
  } else if (server->race_stage == RACE_FIRST && !is_first && is_second) {
    server->race_stage = RACE_BOTH;
    ADD (thread, OP_READ, .obj = server->pool_active, .src = SRC_STEAL_READ);
    ADD (thread, OP_RAISE, .arg = 1);
    add_work (sim, thread, server->task_ns * 0.1);
  } else {
    return;
  }
  ADD (thread, OP_WRITE, .obj = server->pool_active, .arg = 1, .src = SRC_STEAL_WRITE);
}

static bool
refill_worker (Sim *sim, SimThread *thread, Server *server)
{
  uint32_t index = thread->id - server->first_worker;
  double phase = (double) sim->now_ns / server->wave_length + 0.37 * (index % 7);
  double activity = 0.5 + 0.5 * sin (2 * G_PI * phase);

  if (server->is_stopping)
    return false;
  add_race (sim, server, thread);
  add_pop (sim, server, thread, activity);
  add_count (sim, server, thread, 1);
  ADD (thread, OP_BEGIN, .name = "request", .src = SRC_HANDLE);
  ADD (thread, OP_UPDATE, .obj = server->requests, .arg = 1, .src = SRC_HANDLE);
  add_cache (sim, server, thread);
  add_rare (sim, server, thread);
  add_work (sim, thread, server->task_ns * (0.05 + 0.8 * activity));
  ADD (thread, OP_END, .name = "request", .src = SRC_HANDLE);
  add_count (sim, server, thread, -1);
  if (sim_random_unit (sim) > activity)
    ADD (thread, OP_SLEEP, .arg = (int64_t) (server->task_ns * (1 - activity) * 1.4),
         .src = SRC_REST);
  return true;
}

static bool
refill_main (Sim *sim, SimThread *thread, Server *server)
{
  if (server->n_created < server->n_threads) {
    add_work (sim, thread, server->task_ns * 2);
    ADD (thread, OP_CREATE, .arg = server->first_worker + (uint32_t) server->n_created++,
         .src = SRC_MAIN_CREATE);
    return true;
  }
  if (server->is_stopping)
    return false;
  /* Ending takes the workers another task each. */
  gint64 n_last = (gint64) server->n_threads * EVENTS_PER_TASK;
  server->is_stopping = (gint64) sim->n_events >= server->n_events - n_last;
  if (!server->is_stopping)
    ADD (thread, OP_SLEEP, .arg = (int64_t) (server->task_ns * 0.1), .src = SRC_MAIN_PUSH);
  ADD (thread, OP_ACQUIRE, .obj = server->queue_lock, .src = SRC_MAIN_PUSH);
  ADD (thread, server->is_stopping ? OP_BROADCAST : OP_SIGNAL, .obj = server->queue_ready,
       .src = SRC_MAIN_PUSH);
  ADD (thread, OP_RELEASE, .obj = server->queue_lock, .src = SRC_MAIN_PUSH);
  if (!server->is_stopping)
    return true;
  ADD (thread, OP_MARK, .name = "shutdown", .src = SRC_MAIN_JOIN);
  for (int i = 0; i < server->n_threads; i++)
    ADD (thread, OP_JOIN, .arg = server->first_worker + (uint32_t) i, .src = SRC_MAIN_JOIN);
  return true;
}

static bool
refill (Sim *sim, SimThread *thread, gpointer user_data)
{
  Server *server = user_data;
  return thread->id == 1 ? refill_main (sim, thread, server) : refill_worker (sim, thread, server);
}

static bool
parse_options (Server *server, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
    { "events", 'n', 0, G_OPTION_ARG_INT64, &server->n_events, "About how many events", "N" },
    { "threads", 't', 0, G_OPTION_ARG_INT, &server->n_threads, "Workers beside main", "T" },
    { "seed", 's', 0, G_OPTION_ARG_INT64, &server->seed, "Another seed, another run", "SEED" },
    { "race", 0, 0, G_OPTION_ARG_NONE, &server->race, "Plant a lost update on pool.active", NULL },
    { 0 },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("> FILE");
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &error)) {
    g_printerr ("gen-trace: %s\n", error->message);
    return false;
  }
  if (*argc > 1 || server->n_events < 0 || server->n_threads < (server->race ? 2 : 1) ||
      server->n_threads > 1 << 20) {
    g_printerr ("gen-trace: wrong arguments; see gen-trace --help\n");
    return false;
  }
  return true;
}

int
main (int argc, char **argv)
{
  Server server = { .n_events = 1000000, .n_threads = 24, .seed = 1, .first_worker = 2 };

  if (!parse_options (&server, &argc, &argv))
    return 2;
  server.race_stage = server.race ? RACE_WANTED : RACE_NONE;
  server.task_ns = (double) NS_PER_EVENT * EVENTS_PER_TASK * server.n_threads;
  server.wave_length = (double) server.n_events * NS_PER_EVENT / N_WAVES + 1;

  Sim *sim = sim_new ((uint64_t) server.seed, flush_out);
  declare_all (sim, &server);
  sim_run (sim, refill, &server);
  ls_write_line (sim->out, &(LsLine){ .kind = LS_LINE_FOOTER,
                                      .footer = { .end_ns = sim->now_ns,
                                                  .events = sim->n_events,
                                                  .how = LS_END_EXIT } });
  flush_out (sim->out);
  sim_free (sim);
  return fflush (stdout) == 0 ? 0 : 1;
}
