/* SPDX-License-Identifier: MIT */
/**
 * The tracks of threads: a life, and in it regions and waits.
 *
 * Regions nest and waits do not overlap each other. A region that begins or ends while its thread
 * waits (a signal's handler can do so) does not nest with the wait: such a wait goes out as an
 * asynchronous pair, which need not.
 */
#include "chrome-private.h"

#include "intervals.h"

typedef struct {
  LsChrome *chrome;
  const LsThread *thread;
  LsIntervals regions;
  uint32_t next;  /* region */
  GArray *ends;   /* uint32_t: end events of the regions that are open, the innermost last */
  uint32_t n_put; /* slices so far, of all threads */
} Track;

static void
put_life (Track *track, LsIntervals states)
{
  LsChrome *chrome = track->chrome;
  const LsTrace *trace = chrome->export->trace;
  LsInterval first = ls_intervals_get (states, 0), last = ls_intervals_get (states, states.n - 1);
  LsSpan span = { ls_interval_get_span (trace, &first).begin_ns,
                  ls_interval_get_span (trace, &last).end_ns + 1 };
  if (!ls_chrome_begin_slice (chrome, LS_CHROME_LIFE, track->thread->name, LS_CHROME_PROGRAM,
                              track->thread->id, span))
    return;
  ls_json_begin_object (&chrome->json, "args");
  ls_json_bool (&chrome->json, "started", track->thread->start_event != LS_NONE);
  ls_json_bool (&chrome->json, "finished", track->thread->finish_event != LS_NONE);
  ls_chrome_put_place (chrome, track->thread->start_source);
  ls_json_end_object (&chrome->json);
  ls_chrome_end (chrome);
}

static void
put_region (Track *track, const LsInterval *region)
{
  LsChrome *chrome = track->chrome;
  const LsTrace *trace = chrome->export->trace;
  LsEvent event;
  ls_trace_get_event (trace, region->begin_event, &event);
  if (ls_chrome_begin_slice (chrome, LS_CHROME_REGION, event.name ? event.name : "",
                             LS_CHROME_PROGRAM, track->thread->id,
                             ls_interval_get_span (trace, region))) {
    ls_json_begin_object (&chrome->json, "args");
    ls_chrome_put_place (chrome, event.source);
    ls_json_end_object (&chrome->json);
    ls_chrome_end (chrome);
  }
}

static char *
dup_wait_name (const Track *track, const LsInterval *wait)
{
  const LsTrace *trace = track->chrome->export->trace;
  if (wait->state == LS_STATE_SLEEP)
    return g_strdup ("sleep");
  if (wait->peer != LS_NONE)
    return g_strdup_printf ("join %s", ls_trace_get_thread (trace, wait->peer)->name);
  if (wait->object != LS_NONE)
    return g_strdup_printf ("wait for %s", track->chrome->object_names[wait->object]);
  return g_strdup ("wait");
}

static void
put_wait_args (LsChrome *chrome, const LsInterval *wait)
{
  static const char *const outcomes[] = { "got", "timeout", "fail", "spurious", "never" };
  LsEvent event;
  ls_trace_get_event (chrome->export->trace, wait->begin_event, &event);
  ls_json_begin_object (&chrome->json, "args");
  if (wait->state != LS_STATE_SLEEP)
    ls_json_string (&chrome->json, "outcome", outcomes[wait->outcome]);
  ls_chrome_put_place (chrome, event.source);
  ls_json_end_object (&chrome->json);
}

/* Whether no region begins or ends inside the wait; regions up to its begin are open. */
static bool
is_nested (const Track *track, const LsInterval *wait)
{
  if (track->next < track->regions.n &&
      ls_intervals_get (track->regions, track->next).begin_event < wait->end_event)
    return false;
  return track->ends->len == 0 ||
         g_array_index (track->ends, uint32_t, track->ends->len - 1) >= wait->end_event;
}

static void
put_async (LsChrome *chrome, const Track *track, const char *name, const LsInterval *wait)
{
  LsSpan span = ls_interval_get_span (chrome->export->trace, wait);
  if (span.end_ns < chrome->span.begin_ns || span.begin_ns >= chrome->span.end_ns)
    return;
  for (int is_end = 0; is_end < 2; is_end++) {
    ls_chrome_begin (chrome, is_end ? "e" : "b", LS_CHROME_WAIT, name, LS_CHROME_PROGRAM,
                     track->thread->id);
    ls_json_uint (&chrome->json, "id", wait->begin_event);
    ls_json_us (&chrome->json, "ts", is_end ? span.end_ns : span.begin_ns);
    ls_chrome_end (chrome);
  }
}

static void
put_wait (Track *track, const LsInterval *wait)
{
  LsChrome *chrome = track->chrome;
  g_autofree char *name = dup_wait_name (track, wait);
  if (!is_nested (track, wait)) {
    put_async (chrome, track, name, wait);
  } else if (ls_chrome_begin_slice (chrome, LS_CHROME_WAIT, name, LS_CHROME_PROGRAM,
                                    track->thread->id,
                                    ls_interval_get_span (chrome->export->trace, wait))) {
    put_wait_args (chrome, wait);
    ls_chrome_end (chrome);
  }
}

/* Puts the regions that begin before event k, outer ones first, and forgets those that ended. */
static bool
put_regions (Track *track, uint32_t k, GError **error)
{
  for (; track->next < track->regions.n; track->next++) {
    LsInterval region = ls_intervals_get (track->regions, track->next);
    if (region.begin_event >= k)
      break;
    while (track->ends->len > 0 &&
           g_array_index (track->ends, uint32_t, track->ends->len - 1) < region.begin_event)
      g_array_set_size (track->ends, track->ends->len - 1);
    g_array_append_val (track->ends, region.end_event);
    put_region (track, &region);
    if (!ls_export_step (track->chrome->export, track->n_put++, error))
      return false;
  }
  while (track->ends->len > 0 && g_array_index (track->ends, uint32_t, track->ends->len - 1) < k)
    g_array_set_size (track->ends, track->ends->len - 1);
  return true;
}

static bool
put_track (Track *track, uint32_t index, GError **error)
{
  const LsTrace *trace = track->chrome->export->trace;
  LsIntervals states = ls_trace_get_thread_states (trace, index);
  if (states.n == 0)
    return true;
  track->thread = ls_trace_get_thread (trace, index);
  track->regions = ls_trace_get_thread_regions (trace, index);
  track->next = 0;
  g_array_set_size (track->ends, 0);
  put_life (track, states);
  for (uint32_t i = 0; i < states.n; i++) {
    LsInterval state = ls_intervals_get (states, i);
    if (state.state == LS_STATE_NOT_WAITING)
      continue;
    if (!put_regions (track, state.begin_event, error))
      return false;
    put_wait (track, &state);
    if (!ls_export_step (track->chrome->export, track->n_put++, error))
      return false;
  }
  return put_regions (track, LS_NONE, error);
}

bool
ls_chrome_put_threads (LsChrome *chrome, GError **error)
{
  uint32_t n = ls_trace_get_n_threads (chrome->export->trace);
  g_autoptr (GArray) ends = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  Track track = { .chrome = chrome, .ends = ends };
  for (uint32_t i = 0; i < n; i++)
    if (ls_export_has_thread (chrome->export, i) && !put_track (&track, i, error))
      return false;
  return true;
}
