/* SPDX-License-Identifier: MIT */
/**
 * Lost updates: A reads, B writes, A writes from what it read before; B's write is gone unread.
 *
 * One pass. Per part of a value it keeps the reads that a write of their thread may still come from,
 * and the last write with whether anyone read it. Any locks are left aside: a lock that is let go
 * between read and write protects each access and not the update.
 *
 * That A's write comes from its read cannot be seen in a trace. Taken for it is, all together:
 *   - no other access of A to that part lies between the two;
 *   - no region that A names begins or ends between them, and at most MAX_BETWEEN events of A lie
 *     there: a read long ago and a blind write now are no update;
 *   - the two stand in one function, or are called from one (get and set of an update), the write not
 *     before the read: one activation runs down its lines, and a store at the top of the next call
 *     does not come from the load at the end of this one. Unknown places do not speak against it.
 * What the recorded values disprove is left out: B wrote what A had read, or A's write found another
 * value than B's (and not the one that both had read).
 */
#include "analysis-private.h"
#include "parts.h"

#define MAX_BETWEEN 256
#define EVENTS_PER_LOOK 65536

/* A thread's read that a write of its own may come from. */
typedef struct {
  uint32_t thread;
  uint32_t event;
  uint32_t n_writes;    /* to this part until then */
  uint32_t n_of_thread; /* events of the thread until then */
} Stale;

typedef struct {
  uint32_t last_write; /* event; LS_NONE */
  uint32_t own_read;   /* that it came from; LS_NONE */
  bool is_read;        /* by anyone since */
  uint32_t n_writes;
  uint32_t n, n_allocated;
  Stale *stales; /* at most one a thread */
} Part;

typedef struct {
  LsAnalysis *analysis;
  LsCertainty certainty;
  LsParts *values;    /* by object */
  uint32_t *n_events; /* so far, by thread */
  LsGroups groups;
  GArray *updates; /* LsLostUpdate, of each group */
} Pass;

static gpointer
part_create (void)
{
  Part *part = g_new0 (Part, 1);
  part->last_write = part->own_read = LS_NONE;
  return part;
}

static gpointer
part_copy (gconstpointer state)
{
  const Part *part = state;
  Part *copy = g_memdup2 (part, sizeof (*part));
  copy->stales = part->stales ? g_memdup2 (part->stales, part->n_allocated * sizeof (Stale)) : NULL;
  return copy;
}

static void
part_destroy (gpointer state)
{
  Part *part = state;
  g_free (part->stales);
  g_free (part);
}

static const LsPartClass part_class = { part_create, part_copy, part_destroy };

/* -- Does the write come from the read? -- */

/* The read before the write in one function. */
static bool
is_downward (const LsSource *read, const LsSource *write)
{
  return read->func && write->func && g_str_equal (read->func, write->func) &&
         g_strcmp0 (read->file, write->file) == 0 &&
         (read->line == 0 || write->line == 0 || read->line <= write->line);
}

static bool
is_one_activation (const LsTrace *trace, const LsEvent *read, const LsEvent *write)
{
  if (read->source == LS_NONE || write->source == LS_NONE)
    return true;
  const LsSource *a = ls_trace_get_source (trace, read->source);
  const LsSource *b = ls_trace_get_source (trace, write->source);
  if (!a->func || !b->func || is_downward (a, b))
    return true;
  const LsSource *a_caller = a->in != LS_NONE ? ls_trace_get_source (trace, a->in) : NULL;
  const LsSource *b_caller = b->in != LS_NONE ? ls_trace_get_source (trace, b->in) : NULL;
  if (g_str_equal (a->func, b->func))
    return false; /* one function, upward */
  return (a_caller && b_caller && is_downward (a_caller, b_caller)) ||
         (a_caller && is_downward (a_caller, b)) || (b_caller && is_downward (a, b_caller));
}

static bool
is_one_region (const LsTrace *trace, uint32_t thread, uint32_t read, uint32_t write)
{
  uint32_t n;
  const uint32_t *events = ls_trace_get_thread_events (trace, thread, &n);
  int depth = 0;
  for (uint32_t i = ls_events_lower_bound (events, n, read); i < n && events[i] < write; i++) {
    LsEventKind kind = ls_trace_get_kind (trace, events[i]);
    depth += kind == LS_EV_BEGIN ? 1 : kind == LS_EV_END ? -1 : 0;
    if (depth < 0)
      return false;
  }
  return depth == 0;
}

static bool
is_same_part (const LsEvent *a, const LsEvent *b)
{
  return a->has_part == b->has_part && (!a->has_part || (a->off == b->off && a->size == b->size));
}

static bool
have_equal_values (const LsTrace *trace, uint32_t own_read, const LsEvent *read)
{
  LsEvent event;
  ls_trace_get_event (trace, own_read, &event);
  return event.val.type != LS_VALUE_NONE && ls_value_equal (&event.val, &read->val);
}

/* The values that were recorded may tell that it was not so. What a plain write says that it found is
 * looked up before its store, so two writes at one moment may both have found what both threads had
 * read: then one of them is lost, whichever came first. */
static bool
is_disproved (const LsTrace *trace,
              const LsLostUpdate *update,
              const LsEvent *read,
              const LsEvent *other,
              const LsEvent *write)
{
  if (other->val.type == LS_VALUE_NONE)
    return false;
  if (read->val.type != LS_VALUE_NONE && ls_value_equal (&read->val, &other->val))
    return true;
  if (write->old.type == LS_VALUE_NONE || ls_value_equal (&write->old, &other->val))
    return false;
  return update->own_read == LS_NONE || !ls_value_equal (&write->old, &read->val) ||
         !have_equal_values (trace, update->own_read, read);
}

static void
consider (Pass *pass, const LsLostUpdate *update, const LsEvent *write)
{
  const LsTrace *trace = pass->analysis->trace;
  LsEvent read, other;
  ls_trace_get_event (trace, update->stale_read, &read);
  ls_trace_get_event (trace, update->overwritten, &other);
  if (!is_same_part (&read, write) || !is_same_part (&other, write) ||
      is_disproved (trace, update, &read, &other, write) ||
      !is_one_activation (trace, &read, write) ||
      !is_one_region (trace, read.thread, update->stale_read, update->write))
    return;
  if (ls_groups_add (&pass->groups, write->object, read.source, write->source, update->write))
    g_array_append_val (pass->updates, *update);
}

/* -- The walk -- */

static Stale *
find_stale (Part *part, uint32_t thread)
{
  for (uint32_t i = 0; i < part->n; i++)
    if (part->stales[i].thread == thread)
      return &part->stales[i];
  return NULL;
}

/* Those too long ago, or of threads that are over, make room. */
static void
drop_old (const Pass *pass, Part *part, uint32_t k)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < part->n; i++) {
    Stale stale = part->stales[i];
    if (pass->n_events[stale.thread] - stale.n_of_thread <= MAX_BETWEEN &&
        ls_trace_get_thread (pass->analysis->trace, stale.thread)->last_event > k)
      part->stales[n++] = stale;
  }
  part->n = n;
}

static void
note_read (const Pass *pass, Part *part, uint32_t k, uint32_t thread)
{
  part->is_read = true;
  Stale *stale = find_stale (part, thread);
  if (!stale) {
    if (part->n == part->n_allocated) {
      drop_old (pass, part, k);
      if (2 * part->n >= part->n_allocated) {
        part->n_allocated = MAX (2, 2 * part->n_allocated);
        part->stales = g_renew (Stale, part->stales, part->n_allocated);
      }
    }
    stale = &part->stales[part->n++];
  }
  *stale = (Stale){ thread, k, part->n_writes, pass->n_events[thread] };
}

static void
note_write (Pass *pass, Part *part, uint32_t k, const LsEvent *event, bool is_update)
{
  Stale *stale = find_stale (part, event->thread);
  bool is_recent = stale && pass->n_events[event->thread] - stale->n_of_thread <= MAX_BETWEEN;
  if (is_recent && !is_update && part->n_writes > stale->n_writes && !part->is_read) {
    LsLostUpdate update = { stale->event, part->last_write, k, part->own_read,
                            part->n_writes - stale->n_writes };
    consider (pass, &update, event);
  }
  /* For the sentence: what B's write came from, when it was B's last access and saw the last write. */
  part->own_read =
    is_recent && !is_update && part->n_writes == stale->n_writes ? stale->event : LS_NONE;
  part->last_write = k;
  part->is_read = false;
  part->n_writes++;
  if (stale)
    *stale = part->stales[--part->n];
}

static void
take_access (Pass *pass, uint32_t k, const LsEvent *event)
{
  guint flags = ls_event_rows[event->ev].flags;
  uint64_t lo, hi;
  uint32_t n;
  ls_parts_get_range (pass->analysis->trace, event, &lo, &hi);
  LsPart *parts = ls_parts_cut (&pass->values[event->object], &part_class, lo, hi, &n);
  for (uint32_t i = 0; parts && i < n; i++) {
    Part *part = parts[i].state;
    if (flags & LS_EV_WRITES)
      note_write (pass, part, k, event, flags & LS_EV_READS);
    else
      note_read (pass, part, k, event->thread);
  }
}

static bool
walk (Pass *pass)
{
  const LsTrace *trace = pass->analysis->trace;
  uint32_t n = ls_trace_get_n_events (trace);
  for (uint32_t k = 0; k < n; k++) {
    if (k % EVENTS_PER_LOOK == 0 && !ls_analysis_go_on (pass->analysis, (double) k / n))
      return false;
    LsEventKind kind = ls_trace_get_kind (trace, k);
    pass->n_events[ls_trace_get_event_thread (trace, k)]++;
    uint32_t object = ls_trace_get_event_object (trace, k);
    if (object == LS_NONE)
      continue;
    if (ls_event_rows[kind].flags & (LS_EV_READS | LS_EV_WRITES)) {
      LsEvent event;
      ls_trace_get_event (trace, k, &event);
      take_access (pass, k, &event);
    } else if (kind == LS_EV_DESTROY) {
      ls_parts_clear (&pass->values[object], &part_class);
    }
  }
  return true;
}

static void
add_finding (Pass *pass, guint i)
{
  const LsTrace *trace = pass->analysis->trace;
  const LsLostUpdate *update = &g_array_index (pass->updates, LsLostUpdate, i);
  LsFinding *finding = ls_analysis_add (pass->analysis, LS_FINDING_LOST_UPDATE, pass->certainty,
                                        pass->groups.list->pdata[i]);
  if (update->own_read != LS_NONE && update->own_read < update->stale_read)
    ls_finding_add_step (trace, finding, update->own_read);
  ls_finding_add_step (trace, finding, update->stale_read);
  if (update->own_read != LS_NONE && update->own_read > update->stale_read)
    ls_finding_add_step (trace, finding, update->own_read);
  ls_finding_add_step (trace, finding, update->overwritten);
  ls_finding_add_step (trace, finding, update->write)->is_culprit = true;
  ls_finding_complete (pass->analysis, finding);
  ls_words_of_lost_update (trace, finding, update);
  finding->caveat = ls_trace_dup_caveat (trace);
}

bool
ls_analyse_lost_updates (LsAnalysis *analysis)
{
  const LsTrace *trace = analysis->trace;
  /* A lost event may have been A's reading it anew. */
  bool proven = !ls_trace_get_info (trace)->absence_is_no_proof;
  if (!proven && !analysis->suspected)
    return true;
  uint32_t n_objects = ls_trace_get_n_objects (trace);
  Pass pass = {
    .analysis = analysis,
    .certainty = proven ? LS_CERTAINTY_HAPPENED : LS_CERTAINTY_SUSPECTED,
    .values = g_new0 (LsParts, n_objects + 1),
    .n_events = g_new0 (uint32_t, ls_trace_get_n_threads (trace) + 1),
    .updates = g_array_new (FALSE, FALSE, sizeof (LsLostUpdate)),
  };
  ls_groups_init (&pass.groups, analysis);
  bool went_on = walk (&pass);
  for (guint i = 0; went_on && i < pass.updates->len; i++)
    add_finding (&pass, i);
  for (uint32_t i = 0; i < n_objects; i++)
    ls_parts_clear (&pass.values[i], &part_class);
  g_free (pass.values);
  g_free (pass.n_events);
  g_array_unref (pass.updates);
  ls_groups_clear (&pass.groups);
  return went_on;
}
