/* SPDX-License-Identifier: MIT */
/* What the findings say: sentence, why, remedy. */
#include <string.h>

#include "analysis-private.h"

static const char *
thread_name (const LsTrace *trace, uint32_t thread)
{
  return ls_trace_get_thread (trace, thread)->name;
}

static const char *
object_name (const LsTrace *trace, uint32_t object)
{
  return ls_trace_get_object (trace, object)->name;
}

char *
ls_trace_dup_caveat (const LsTrace *trace)
{
  const LsTraceInfo *info = ls_trace_get_info (trace);
  if (!info->absence_is_no_proof)
    return NULL;
  const char *what = info->n_lost > 0   ? "events were lost"
                     : info->partial    ? "the recording began mid-way"
                     : info->ignored[0] ? "some modules were left out"
                                        : "some modules' locks cannot be seen";
  return g_strdup_printf ("What orders these may just not be in the trace: %s.", what);
}

/* " at racecond.c:21", or "" */
static char *
dup_at (const LsTrace *trace, uint32_t source)
{
  g_autofree char *place = ls_trace_dup_place (trace, source);
  return place[0] ? g_strdup_printf (" at %s", place) : g_strdup ("");
}

/* "log.lock and queue.lock"; NULL for none */
static char *
dup_lock_names (const LsTrace *trace, const GArray *locks)
{
  if (locks->len == 0)
    return NULL;
  GString *names = g_string_new (NULL);
  for (guint i = 0; i < locks->len; i++)
    g_string_append_printf (names, "%s%s",
                            i == 0                ? ""
                            : i + 1 == locks->len ? " and "
                                                  : ", ",
                            object_name (trace, g_array_index (locks, uint32_t, i)));
  return g_string_free (names, FALSE);
}

/* -- Data race -- */

/* What locks had to do with it: none held, or none in common. */
static char *
dup_race_why (const LsTrace *trace, const LsStep *first, const LsStep *second)
{
  g_autoptr (GArray) held = ls_trace_dup_lockset (trace, first->thread, first->event);
  g_autoptr (GArray) also_held = ls_trace_dup_lockset (trace, second->thread, second->event);
  g_autofree char *names = dup_lock_names (trace, held);
  g_autofree char *other_names = dup_lock_names (trace, also_held);
  if (!names && !other_names)
    return g_strdup ("Neither thread held a lock, and nothing else orders the two.");
  return g_strdup_printf (
    "%s held %s, %s held %s: no lock in common, and nothing else orders the two.",
    thread_name (trace, first->thread), names ? names : "none", thread_name (trace, second->thread),
    other_names ? other_names : "none");
}

void
ls_words_of_race (const LsTrace *trace, LsFinding *finding)
{
  const LsStep *first = &g_array_index (finding->steps, LsStep, 0);
  const LsStep *second = &g_array_index (finding->steps, LsStep, 1);
  const char *value = object_name (trace, second->object);
  g_autofree char *first_at = dup_at (trace, first->source);
  g_autofree char *second_at = dup_at (trace, second->source);
  finding->sentence =
    g_strdup_printf ("%s %s%s and %s %s%s: both touch %s, and it is chance which comes first.",
                     thread_name (trace, first->thread), first->text, first_at,
                     thread_name (trace, second->thread), second->text, second_at, value);
  finding->why = dup_race_why (trace, first, second);
  finding->remedy =
    g_strdup_printf ("Hold one lock at both places, or make both accesses of %s atomic.", value);
}

/* -- Lost update -- */

static int64_t
delta (const LsEvent *from, const LsEvent *to)
{
  return (int64_t) ((uint64_t) to->val.i - (uint64_t) from->val.i);
}

/* Both added the same to what they had read: "one of two increments is gone". */
static char *
dup_loss (const LsTrace *trace, const LsEvent *read, const LsEvent *other, const LsEvent *write)
{
  if (read->val.type == LS_VALUE_INT && other->val.type == LS_VALUE_INT &&
      write->val.type == LS_VALUE_INT && delta (read, other) == delta (read, write) &&
      delta (read, other) != 0)
    return g_strdup_printf ("one of two %s is gone",
                            delta (read, other) > 0 ? "increments" : "decrements");
  return g_strdup_printf ("what %s wrote is gone", thread_name (trace, other->thread));
}

static char *
dup_value (const LsValue *value)
{
  return value->type ? ls_value_dup_text (value) : g_strdup ("");
}

static void
say_what_was_lost (const LsTrace *trace,
                   LsFinding *finding,
                   const LsEvent *read,
                   const LsEvent *other,
                   const LsEvent *write)
{
  const char *a = thread_name (trace, read->thread), *b = thread_name (trace, other->thread);
  g_autofree char *seen = dup_value (&read->val);
  g_autofree char *lost = dup_value (&other->val);
  g_autofree char *written = dup_value (&write->val);
  g_autofree char *loss = dup_loss (trace, read, other, write);
  if (seen[0] && lost[0] && written[0])
    finding->sentence =
      g_strdup_printf ("%s read %s, %s then wrote %s, and %s wrote %s from its stale %s: %s.", a,
                       seen, b, lost, a, written, seen, loss);
  else
    finding->sentence = g_strdup_printf (
      "%s read %s, %s then wrote it, and %s wrote it from what it had read before: %s.", a,
      object_name (trace, write->object), b, a, loss);
}

/* Locks that A held at both ends, and whether it let them go in between. */
static char *
dup_lost_update_why (const LsTrace *trace, const LsEvent *other, const LsLostUpdate *update)
{
  uint32_t a = ls_trace_get_event_thread (trace, update->stale_read);
  g_autoptr (GArray) before = ls_trace_dup_lockset (trace, a, update->stale_read);
  g_autoptr (GArray) after = ls_trace_dup_lockset (trace, a, update->write);
  g_autoptr (GArray) others = ls_trace_dup_lockset (trace, other->thread, update->overwritten);
  for (guint i = 0; i < before->len; i++)
    for (guint j = 0; j < after->len; j++) {
      uint32_t lock = g_array_index (before, uint32_t, i);
      if (lock != g_array_index (after, uint32_t, j))
        continue;
      for (guint o = 0; o < others->len; o++)
        if (g_array_index (others, uint32_t, o) == lock)
          return g_strdup_printf ("%s was let go between the read and the write.",
                                  object_name (trace, lock));
      return g_strdup_printf ("%s held %s, but %s wrote without it.", thread_name (trace, a),
                              object_name (trace, lock), thread_name (trace, other->thread));
    }
  return g_strdup ("No lock was held from the read to the write.");
}

static char *
dup_lost_update_remedy (const LsTrace *trace, const LsEvent *read, const LsEvent *write)
{
  if (read->source != LS_NONE && write->source != LS_NONE) {
    const LsSource *from = ls_trace_get_source (trace, read->source);
    const LsSource *to = ls_trace_get_source (trace, write->source);
    if (from->line && to->line && g_strcmp0 (from->file, to->file) == 0)
      return from->line == to->line
               ? g_strdup_printf ("Hold one lock over line %u in both threads.", from->line)
               : g_strdup_printf ("Hold one lock over lines %u to %u in both threads.",
                                  MIN (from->line, to->line), MAX (from->line, to->line));
  }
  return g_strdup ("Hold one lock from the read to the write in both threads.");
}

void
ls_words_of_lost_update (const LsTrace *trace, LsFinding *finding, const LsLostUpdate *update)
{
  LsEvent read, other, write;
  ls_trace_get_event (trace, update->stale_read, &read);
  ls_trace_get_event (trace, update->overwritten, &other);
  ls_trace_get_event (trace, update->write, &write);
  say_what_was_lost (trace, finding, &read, &other, &write);
  finding->why = dup_lost_update_why (trace, &other, update);
  finding->remedy = dup_lost_update_remedy (trace, &read, &write);
}
