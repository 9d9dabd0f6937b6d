/* SPDX-License-Identifier: MIT */
/**
 * A trace as an STD log: "T1|acq(L1)|12", an event a line, in the trace's order.
 *
 * It has locks that one thread holds at a time and does not take twice, whole values, fork and join.
 * So of a recursive lock only the outermost acquire and release go out; a value that is read and
 * written in parts is one value for each part that no access cuts; and what there are no words for
 * is left out and counted. A thread that says nothing may not be forked: RAPID does not bear it. One
 * that is forked and joined all the same puts its join after its fork, so it is given something to
 * say: it reads a value of its own.
 */
#include "export-private.h"

#include "json-writer.h"
#include "parts.h"
#include "std-names.h"

typedef struct {
  uint32_t owner; /* thread index, LS_NONE: free */
  uint64_t depth;
} Lock;

typedef struct {
  LsExport *export;
  LsStdNames names;
  bool *speaks;  /* by thread: it has a line of its own */
  uint8_t *told; /* by thread: Told */
  Lock *locks;   /* by object */
  LsParts *values;
  uint32_t *lives; /* by object: how often it was destroyed */
} Std;

/* What is known of a thread; all of it: it is worth a line. */
typedef enum {
  TOLD_CREATED = 1,
  TOLD_JOINED = 2,
  TOLD_LIVES = 4, /* its start or finish is there, in place of which that line can stand */
  TOLD_ALL = 7,
} Told;

static gpointer
create_nothing (void)
{
  return NULL;
}

static gpointer
copy_nothing (gconstpointer state)
{
  return NULL;
}

static void
destroy_nothing (gpointer state)
{
}

/* Only where the parts are is asked. */
static const LsPartClass part_class = { create_nothing, copy_nothing, destroy_nothing };

static bool
is_access (const LsEvent *event)
{
  return event->ev == LS_EV_READ || event->ev == LS_EV_WRITE;
}

static bool
is_locking (const Std *std, const LsEvent *event)
{
  return (event->ev == LS_EV_ACQUIRE || event->ev == LS_EV_RELEASE) &&
         event->mode != LS_MODE_SHARED && std->names.objects[event->object] &&
         ls_trace_get_object (std->export->trace, event->object)->kind != LS_OBJECT_VALUE;
}

/* A release that failed let nothing go; an acquire with an error (EOWNERDEAD) did get the lock. */
static bool
has_failed (const LsEvent *event)
{
  return event->err && event->ev != LS_EV_ACQUIRE;
}

/* -- Who speaks -- */

/* Forks and joins count when the other thread speaks, so that this goes on until nothing changes; a
 * chain of either kind is seen in one pass, forks from the last to the first. */
static void
spread_speech (const LsExport *export, const GArray *links, bool *speaks)
{
  bool has_changed = true;
  while (has_changed) {
    has_changed = false;
    for (guint i = 0; i < 2 * links->len; i++) {
      guint at = i < links->len ? i : 2 * links->len - 1 - i;
      LsEvent event;
      ls_trace_get_event (export->trace, g_array_index (links, uint32_t, at), &event);
      if (speaks[event.peer] && !speaks[event.thread])
        has_changed = speaks[event.thread] = true;
    }
  }
}

static void
find_speakers (Std *std, uint32_t begin, uint32_t end)
{
  const LsExport *export = std->export;
  g_autoptr (GArray) links = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  for (uint32_t k = begin; k < end; k++) {
    LsEvent event;
    ls_trace_get_event (export->trace, k, &event);
    if (!ls_export_has_thread (export, event.thread) || has_failed (&event))
      continue;
    if (event.ev == LS_EV_START || event.ev == LS_EV_FINISH)
      std->told[event.thread] |= TOLD_LIVES;
    if ((event.ev == LS_EV_CREATE || event.ev == LS_EV_JOIN) && event.peer != LS_NONE) {
      std->told[event.peer] |= event.ev == LS_EV_CREATE ? TOLD_CREATED : TOLD_JOINED;
      g_array_append_val (links, k);
    } else if (is_access (&event) || is_locking (std, &event) || event.ev == LS_EV_BEGIN ||
               event.ev == LS_EV_END) {
      std->speaks[event.thread] = true;
    }
    if (is_access (&event)) {
      uint64_t lo, hi;
      uint32_t n;
      ls_parts_get_range (export->trace, &event, &lo, &hi);
      ls_parts_cut (&std->values[event.object], &part_class, lo, hi, &n);
    }
  }
  spread_speech (export, links, std->speaks);
  for (uint32_t i = 0; i < ls_trace_get_n_threads (export->trace); i++) {
    if (std->speaks[i] || std->told[i] != TOLD_ALL)
      std->told[i] = 0;
    else
      std->speaks[i] = true;
  }
  spread_speech (export, links, std->speaks);
}

/* -- Lines -- */

static void
begin_line (Std *std, uint32_t thread, const char *operation)
{
  GString *out = std->export->text;
  g_string_append (out, std->names.threads[thread]);
  g_string_append_c (out, '|');
  g_string_append (out, operation);
  g_string_append_c (out, '(');
}

static void
end_line (Std *std, uint32_t index)
{
  GString *out = std->export->text;
  const LsSource *source =
    index == LS_NONE ? NULL : ls_trace_get_source (std->export->trace, index);
  uint32_t number = !source ? 0 : std->names.has_places ? source->line : source->id;
  g_string_append (out, ")|");
  ls_append_uint (out, number);
  g_string_append_c (out, '\n');
  std->export->n_written++;
}

static void
put_line (Std *std, uint32_t thread, const char *operation, const char *operand, uint32_t source)
{
  begin_line (std, thread, operation);
  g_string_append (std->export->text, operand);
  end_line (std, source);
}

static void
put_access (Std *std, const LsEvent *event)
{
  LsParts *values = &std->values[event->object];
  uint64_t lo, hi;
  uint32_t n;
  ls_parts_get_range (std->export->trace, event, &lo, &hi);
  const LsPart *parts = ls_parts_cut (values, &part_class, lo, hi, &n);
  if (!parts)
    ls_export_leave_out (std->export, event);
  for (uint32_t i = 0; i < n; i++) {
    begin_line (std, event->thread, event->ev == LS_EV_READ ? "r" : "w");
    g_string_append (std->export->text, std->names.objects[event->object]);
    if (std->lives[event->object] > 0)
      g_string_append_printf (std->export->text, "~%u", std->lives[event->object] + 1);
    if (values->n > 1)
      g_string_append_printf (std->export->text, "[%" G_GUINT64_FORMAT "]", parts[i].lo);
    end_line (std, event->source);
  }
}

static void
put_acquire (Std *std, const LsEvent *event)
{
  Lock *lock = &std->locks[event->object];
  const char *name = std->names.objects[event->object];
  uint64_t n = (uint64_t) MAX (event->n, 1);
  if (lock->owner == event->thread && lock->depth > 0) {
    lock->depth += n;
    return;
  }
  /* The owner died with it, or its release was not recorded. */
  if (lock->owner != LS_NONE)
    put_line (std, lock->owner, "rel", name, LS_NONE);
  *lock = (Lock){ .owner = event->thread, .depth = n };
  put_line (std, event->thread, "acq", name, event->source);
}

static void
put_release (Std *std, const LsEvent *event)
{
  Lock *lock = &std->locks[event->object];
  uint64_t n = (uint64_t) MAX (event->n, 1);
  if (lock->owner != event->thread)
    return; /* held since before the beginning, or not at all */
  lock->depth -= MIN (n, lock->depth);
  if (lock->depth > 0)
    return;
  lock->owner = LS_NONE;
  put_line (std, event->thread, "rel", std->names.objects[event->object], event->source);
}

static void
put_region (Std *std, const LsEvent *event)
{
  GString *out = std->export->text;
  begin_line (std, event->thread, event->ev == LS_EV_BEGIN ? "begin" : "end");
  ls_std_append_clean (out, event->name && event->name[0] ? event->name : "region");
  end_line (std, event->source);
}

static void
put_link (Std *std, const LsEvent *event)
{
  if (event->peer != LS_NONE && std->speaks[event->peer])
    put_line (std, event->thread, event->ev == LS_EV_CREATE ? "fork" : "join",
              std->names.threads[event->peer], event->source);
}

/* The line of a thread that has nothing else to say, once. */
static void
put_life (Std *std, const LsEvent *event)
{
  if (!std->told[event->thread])
    return;
  std->told[event->thread] = 0;
  begin_line (std, event->thread, "r");
  g_string_append_printf (std->export->text, "life~%s", std->names.threads[event->thread]);
  end_line (std, event->source);
}

static void
end_life (Std *std, const LsEvent *event)
{
  std->locks[event->object].owner = LS_NONE;
  std->lives[event->object] += event->ev == LS_EV_DESTROY;
}

/* Whether nothing is lost with it that an analysis of the log could use: it is about time, or is
 * told by what follows. */
static bool
may_go_unsaid (const Std *std, const LsEvent *event)
{
  switch (event->ev) {
  case LS_EV_DETACH:
  case LS_EV_SLEEP:
  case LS_EV_YIELD:
  case LS_EV_STALL:
    return true;
  case LS_EV_WAIT:
  case LS_EV_FAIL:
  case LS_EV_TIMEOUT:
    return event->object == LS_NONE || std->names.objects[event->object];
  case LS_EV_WAKE: /* of a sleep */
    return event->object == LS_NONE;
  default:
    return false;
  }
}

static void
put_event (Std *std, const LsEvent *event)
{
  switch (event->ev) {
  case LS_EV_CREATE:
  case LS_EV_JOIN:
    put_link (std, event);
    break;
  case LS_EV_START:
  case LS_EV_FINISH:
    put_life (std, event);
    break;
  case LS_EV_INIT:
  case LS_EV_DESTROY:
    end_life (std, event);
    break;
  case LS_EV_READ:
  case LS_EV_WRITE:
    put_access (std, event);
    break;
  case LS_EV_ACQUIRE:
  case LS_EV_RELEASE:
    if (is_locking (std, event))
      (event->ev == LS_EV_ACQUIRE ? put_acquire : put_release) (std, event);
    else if (event->mode == LS_MODE_SHARED)
      std->export->n_shared += event->ev == LS_EV_ACQUIRE;
    else
      ls_export_leave_out (std->export, event);
    break;
  case LS_EV_BEGIN:
  case LS_EV_END:
    put_region (std, event);
    break;
  default:
    if (!may_go_unsaid (std, event))
      ls_export_leave_out (std->export, event);
    break;
  }
}

bool
ls_export_std (LsExport *export, GError **error)
{
  const LsTrace *trace = export->trace;
  uint32_t begin, end, n_objects = ls_trace_get_n_objects (trace);
  Std std = { .export = export };
  bool is_good = true;
  ls_export_begin (export);
  ls_export_get_range (export, &begin, &end);
  ls_std_names_init (&std.names, trace);
  std.speaks = g_new0 (bool, ls_trace_get_n_threads (trace) + 1);
  std.told = g_new0 (uint8_t, ls_trace_get_n_threads (trace) + 1);
  std.locks = g_new (Lock, n_objects + 1);
  std.values = g_new0 (LsParts, n_objects + 1);
  std.lives = g_new0 (uint32_t, n_objects + 1);
  for (uint32_t i = 0; i < n_objects; i++)
    std.locks[i] = (Lock){ .owner = LS_NONE };
  find_speakers (&std, begin, end);
  for (uint32_t k = begin; k < end && is_good; k++) {
    LsEvent event;
    ls_trace_get_event (trace, k, &event);
    if (ls_export_has_thread (export, event.thread) && !has_failed (&event))
      put_event (&std, &event);
    is_good = ls_export_step (export, k, error);
  }
  for (uint32_t i = 0; i < n_objects; i++)
    ls_parts_clear (&std.values[i], &part_class);
  g_free (std.values);
  g_free (std.locks);
  g_free (std.lives);
  g_free (std.speaks);
  g_free (std.told);
  ls_std_names_clear (&std.names, trace);
  return ls_export_end (export, is_good, error);
}
