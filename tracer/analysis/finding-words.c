/* SPDX-License-Identifier: MIT */
/* What the findings say: title, sentence, why, remedy. */
#include <string.h>

#include "analysis-private.h"
#include "text.h"
#include "words.h"

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
  const char *what = info->n_lost > 0   ? W_ABSENCE_LOST
                     : info->partial    ? W_ABSENCE_PARTIAL
                     : info->ignored[0] ? W_ABSENCE_IGNORED
                     : info->blind[0]   ? W_ABSENCE_BLIND
                                        : W_ABSENCE_UNREAD;
  return g_strdup_printf (W_CAVEAT_ABSENCE, what);
}

/* " at racecond.c:21", or "" */
static char *
dup_at (const LsTrace *trace, uint32_t source)
{
  g_autofree char *place = ls_trace_dup_place (trace, source);
  return place[0] ? g_strdup_printf (W_AT, place) : g_strdup ("");
}

static void
set_title (const LsTrace *trace, LsFinding *finding)
{
  uint32_t object = g_array_index (finding->objects, uint32_t, 0);
  finding->label = g_strdup (_ (ls_finding_kind_title (finding->kind)));
  finding->title = g_strdup_printf (W_TITLE, finding->label, object_name (trace, object));
}

/* -- Locks held at an access -- */

static const LsInterval *
find_hold (const GArray *locks, uint32_t object)
{
  for (guint i = 0; i < locks->len; i++) {
    const LsInterval *hold = &g_array_index (locks, LsInterval, i);
    if (hold->object == object)
      return hold;
  }
  return NULL;
}

/* A lock that is in both; LS_NONE. */
static uint32_t
find_common (const GArray *locks, const GArray *others)
{
  for (guint i = 0; i < locks->len; i++) {
    const LsInterval *hold = &g_array_index (locks, LsInterval, i);
    if (find_hold (others, hold->object))
      return hold->object;
  }
  return LS_NONE;
}

static char *
dup_lock_names (const LsTrace *trace, const GArray *locks)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (guint i = 0; i < locks->len; i++) {
    const LsInterval *hold = &g_array_index (locks, LsInterval, i);
    g_ptr_array_add (names, (gpointer) object_name (trace, hold->object));
  }
  return ls_text_join (names);
}

/* -- Data race -- */

/* Neither held what the other held. */
static void
explain_locks (const LsTrace *trace, LsFinding *finding, const LsStep *steps, GArray *const *held)
{
  const char *value = object_name (trace, steps[1].object);
  g_autofree char *first_names = dup_lock_names (trace, held[0]);
  g_autofree char *second_names = dup_lock_names (trace, held[1]);
  const char *names[] = { first_names, second_names };
  const char *first = thread_name (trace, steps[0].thread);
  const char *second = thread_name (trace, steps[1].thread);
  if (held[0]->len > 0 && held[1]->len > 0) {
    finding->why = g_strdup_printf (W_RACE_WHY_OTHER_LOCKS, first, names[0], second, names[1]);
  } else if (held[0]->len > 0 || held[1]->len > 0) {
    int owner = held[0]->len > 0 ? 0 : 1;
    const char *with = owner == 0 ? first : second, *without = owner == 0 ? second : first;
    finding->why = g_strdup_printf (W_RACE_WHY_ONE_LOCK, with, names[owner], without);
    if (held[owner]->len == 1) {
      g_autofree char *at = dup_at (trace, steps[1 - owner].source);
      finding->remedy = g_strdup_printf (W_RACE_REMEDY_THAT_LOCK, names[owner], without, at);
    }
  } else {
    finding->why = g_strdup (W_RACE_WHY_NO_LOCK);
  }
  if (!finding->remedy)
    finding->remedy = g_strdup_printf (W_RACE_REMEDY_ONE_LOCK, value);
}

static void
explain_race (const LsTrace *trace, LsFinding *finding, const LsStep *steps)
{
  const char *value = object_name (trace, steps[1].object);
  bool atomic[2];
  GArray *held[2];
  for (int i = 0; i < 2; i++) {
    atomic[i] = ls_event_rows[ls_trace_get_kind (trace, steps[i].event)].flags & LS_EV_ATOMIC;
    held[i] = ls_trace_dup_lockset (trace, steps[i].thread, steps[i].event);
  }
  uint32_t common = find_common (held[0], held[1]);
  if (common != LS_NONE) {
    finding->why = g_strdup_printf (W_RACE_WHY_NOT_EXCLUSIVE, object_name (trace, common));
    finding->remedy = g_strdup_printf (W_RACE_REMEDY_EXCLUSIVE, object_name (trace, common), value);
  } else if (atomic[0] != atomic[1]) {
    g_autofree char *at = dup_at (trace, steps[atomic[0] ? 1 : 0].source);
    finding->why = g_strdup (W_RACE_WHY_ATOMIC);
    finding->remedy = g_strdup_printf (W_RACE_REMEDY_ATOMIC, value, at);
  } else {
    explain_locks (trace, finding, steps, held);
  }
  g_array_unref (held[0]);
  g_array_unref (held[1]);
}

void
ls_words_of_race (const LsTrace *trace, LsFinding *finding)
{
  const LsStep *steps = &g_array_index (finding->steps, LsStep, 0);
  LsEvent first, second;
  ls_trace_get_event (trace, steps[0].event, &first);
  ls_trace_get_event (trace, steps[1].event, &second);
  g_autofree char *first_words = ls_event_dup_words (trace, &first, true);
  g_autofree char *second_words = ls_event_dup_words (trace, &second, true);
  g_autofree char *first_at = dup_at (trace, first.source);
  g_autofree char *second_at = dup_at (trace, second.source);
  set_title (trace, finding);
  finding->sentence =
    g_strdup_printf (W_RACE_SENTENCE, thread_name (trace, first.thread), first_words, first_at,
                     thread_name (trace, second.thread), second_words, second_at);
  explain_race (trace, finding, steps);
}

/* "read :21" */
static char *
dup_access_noun (const LsTrace *trace, const LsStep *step)
{
  const char *noun = W_READ;
  switch ((int) ls_trace_get_kind (trace, step->event)) {
  case LS_EV_WRITE:
    noun = W_WRITE;
    break;
  case LS_EV_LOAD:
    noun = W_LOAD;
    break;
  case LS_EV_STORE:
    noun = W_STORE;
    break;
  case LS_EV_UPDATE:
    noun = W_UPDATE;
    break;
  default:
    break;
  }
  uint32_t line = step->source == LS_NONE ? 0 : ls_trace_get_source (trace, step->source)->line;
  return line > 0 ? g_strdup_printf (W_ACCESS_AT_LINE, noun, line) : g_strdup (noun);
}

void
ls_words_of_child_race (const LsTrace *trace, LsFinding *finding)
{
  g_autofree char *first = dup_access_noun (trace, &g_array_index (finding->steps, LsStep, 0));
  g_autofree char *second = dup_access_noun (trace, &g_array_index (finding->steps, LsStep, 1));
  g_free (finding->title);
  finding->title = g_strdup_printf (W_RACE_CHILD_TITLE, finding->label, first, second);
}

/* -- Lost update -- */

/* What `to` adds to what `from` saw; 0 when it cannot be told. */
static int64_t
get_delta (const LsEvent *from, const LsEvent *to)
{
  bool is_int = from->val.type == LS_VALUE_INT && to->val.type == LS_VALUE_INT;
  return is_int ? (int64_t) ((uint64_t) to->val.i - (uint64_t) from->val.i) : 0;
}

static char *
dup_loss (const LsTrace *trace,
          const LsEvent *read,
          const LsEvent *other,
          const LsEvent *write,
          uint32_t n_between)
{
  int64_t delta = get_delta (read, write);
  if (n_between > 1)
    return g_strdup_printf (W_LOST_MANY, n_between, thread_name (trace, other->thread));
  if (delta != 0 && delta == get_delta (read, other))
    return g_strdup (delta > 0 ? W_LOST_ONE_INCREMENT : W_LOST_ONE_DECREMENT);
  return g_strdup_printf (W_LOST_ONE, thread_name (trace, other->thread));
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
                   const LsEvent *write,
                   uint32_t n_between)
{
  const char *a = thread_name (trace, read->thread), *b = thread_name (trace, other->thread);
  g_autofree char *seen = dup_value (&read->val);
  g_autofree char *lost = dup_value (&other->val);
  g_autofree char *written = dup_value (&write->val);
  g_autofree char *loss = dup_loss (trace, read, other, write, n_between);
  if (seen[0] && lost[0] && written[0])
    finding->sentence =
      g_strdup_printf (W_LOST_SENTENCE_VALUES, a, seen, b, lost, a, written, seen, loss);
  else
    finding->sentence =
      g_strdup_printf (W_LOST_SENTENCE, a, object_name (trace, write->object), b, a, loss);
}

/* "lines 21 to 24" of one file; NULL when that is not known */
static char *
dup_lines (const LsTrace *trace, const LsEvent *read, const LsEvent *write)
{
  if (read->source == LS_NONE || write->source == LS_NONE)
    return NULL;
  const LsSource *from = ls_trace_get_source (trace, read->source);
  const LsSource *to = ls_trace_get_source (trace, write->source);
  if (!from->line || !to->line || g_strcmp0 (from->file, to->file) != 0)
    return NULL;
  return from->line == to->line
           ? g_strdup_printf (W_LINE, from->line)
           : g_strdup_printf (W_LINES_TO, MIN (from->line, to->line), MAX (from->line, to->line));
}

static bool
is_among (const LsTrace *trace, const LsEvent *other, const LsEvent *read, const LsEvent *write)
{
  const uint32_t sources[] = { read->source, write->source };
  g_autofree char *place = ls_trace_dup_place (trace, other->source);
  for (int i = 0; i < 2; i++) {
    g_autofree char *known = ls_trace_dup_place (trace, sources[i]);
    if (g_str_equal (place, known))
      return true;
  }
  return false;
}

/* No lock was there, from A's read to its write: where one should be. */
static char *
dup_remedy_new_lock (const LsTrace *trace,
                     const LsEvent *read,
                     const LsEvent *other,
                     const LsEvent *write)
{
  g_autofree char *lines = dup_lines (trace, read, write);
  if (!lines)
    return g_strdup (W_LOST_REMEDY_READ_TO_WRITE);
  if (is_among (trace, other, read, write))
    return g_strdup_printf (W_LOST_REMEDY_LINES, lines);
  g_autofree char *at = dup_at (trace, other->source);
  return g_strdup_printf (W_LOST_REMEDY_TWO, lines, thread_name (trace, read->thread), at,
                          thread_name (trace, other->thread));
}

/* A hold that is there at A's read and, the same one, still at its write; NULL. */
static const LsInterval *
find_kept (const GArray *before, const GArray *after)
{
  for (guint i = 0; i < before->len; i++) {
    const LsInterval *hold = &g_array_index (before, LsInterval, i);
    const LsInterval *later = find_hold (after, hold->object);
    if (later && later->begin_event == hold->begin_event)
      return hold;
  }
  return NULL;
}

/* What the locks held at the three accesses say. */
static void
explain_locks_of_update (const LsTrace *trace,
                         LsFinding *finding,
                         const LsEvent *events,
                         GArray *const *held)
{
  const LsEvent *read = &events[0], *other = &events[1], *write = &events[2];
  const char *a = thread_name (trace, read->thread), *b = thread_name (trace, other->thread);
  const LsInterval *kept = find_kept (held[0], held[2]);
  uint32_t common = find_common (held[0], held[2]);
  if (kept && find_hold (held[1], kept->object)) {
    const char *lock = object_name (trace, kept->object);
    finding->why = g_strdup_printf (W_LOST_WHY_NOT_EXCLUSIVE, a, lock, b);
    finding->remedy = g_strdup_printf (W_LOST_REMEDY_EXCLUSIVE, lock);
  } else if (kept) {
    const char *lock = object_name (trace, kept->object);
    g_autofree char *at = dup_at (trace, other->source);
    finding->why = g_strdup_printf (W_LOST_WHY_WITHOUT, a, lock, b);
    finding->remedy = g_strdup_printf (W_LOST_REMEDY_TAKE_TOO, lock, b, at);
  } else if (common != LS_NONE) {
    const char *lock = object_name (trace, common);
    g_autofree char *lines = dup_lines (trace, read, write);
    finding->why = g_strdup_printf (W_LOST_WHY_LET_GO, lock);
    finding->remedy = lines ? g_strdup_printf (W_LOST_REMEDY_KEEP_LINES, lock, lines)
                            : g_strdup_printf (W_LOST_REMEDY_KEEP, lock);
  } else if (ls_event_rows[read->ev].flags & ls_event_rows[write->ev].flags & LS_EV_ATOMIC) {
    finding->why = g_strdup (W_LOST_WHY_ATOMIC);
    finding->remedy = g_strdup (W_LOST_REMEDY_ATOMIC);
  } else {
    finding->why = g_strdup (W_LOST_WHY_NO_LOCK);
    finding->remedy = dup_remedy_new_lock (trace, read, other, write);
  }
}

void
ls_words_of_lost_update (const LsTrace *trace, LsFinding *finding, const LsLostUpdate *update)
{
  const uint32_t indexes[] = { update->stale_read, update->overwritten, update->write };
  LsEvent events[3];
  GArray *held[3];
  for (int i = 0; i < 3; i++) {
    ls_trace_get_event (trace, indexes[i], &events[i]);
    held[i] = ls_trace_dup_lockset (trace, events[i].thread, indexes[i]);
  }
  set_title (trace, finding);
  say_what_was_lost (trace, finding, &events[0], &events[1], &events[2], update->n_between);
  explain_locks_of_update (trace, finding, events, held);
  for (int i = 0; i < 3; i++)
    g_array_unref (held[i]);
}
