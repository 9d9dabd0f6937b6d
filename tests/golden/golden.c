/* SPDX-License-Identifier: MIT */
/* What the checks of the lessons ask of the model. */
#include "golden.h"

#include <string.h>

uint32_t
golden_get_thread (const Golden *golden, const char *name)
{
  uint32_t thread = ls_trace_find_thread (golden->trace, name);
  if (thread == LS_NONE)
    g_error ("%s: there is no thread %s", golden->lesson, name);
  return thread;
}

uint32_t
golden_get_object (const Golden *golden, const char *name)
{
  uint32_t object = ls_trace_find_object (golden->trace, name);
  if (object == LS_NONE)
    g_error ("%s: there is no object %s", golden->lesson, name);
  return object;
}

static uint32_t
find_nth (const LsTrace *trace,
          const uint32_t *events,
          uint32_t n_events,
          LsEventKind kind,
          uint32_t n)
{
  for (uint32_t i = 0; i < n_events; i++)
    if (ls_trace_get_kind (trace, events[i]) == kind && n-- == 0)
      return events[i];
  return LS_NONE;
}

uint32_t
golden_find_event (const Golden *golden, uint32_t thread, LsEventKind kind, uint32_t n)
{
  uint32_t n_events = 0;
  const uint32_t *events = ls_trace_get_thread_events (golden->trace, thread, &n_events);
  return find_nth (golden->trace, events, n_events, kind, n);
}

uint32_t
golden_find_object_event (const Golden *golden, uint32_t object, LsEventKind kind, uint32_t n)
{
  uint32_t n_events = 0;
  const uint32_t *events = ls_trace_get_object_events (golden->trace, object, &n_events);
  return find_nth (golden->trace, events, n_events, kind, n);
}

uint32_t
golden_count_object_events (const Golden *golden, uint32_t object, LsEventKind kind)
{
  uint32_t n = 0;
  while (golden_find_object_event (golden, object, kind, n) != LS_NONE)
    n++;
  return n;
}

static const LsInterval *
keep (LsInterval interval)
{
  static LsInterval kept[16];
  static guint n;
  kept[n % G_N_ELEMENTS (kept)] = interval;
  return &kept[n++ % G_N_ELEMENTS (kept)];
}

static const LsInterval *
find_wait (const Golden *golden, uint32_t thread, uint32_t object, uint32_t peer)
{
  uint32_t n = 0;
  g_autofree LsInterval *states =
    ls_intervals_dup (ls_trace_get_thread_states (golden->trace, thread), &n);
  for (uint32_t i = 0; i < n; i++) {
    bool waits = states[i].state == LS_STATE_WAIT_LOCK || states[i].state == LS_STATE_WAIT_SIGNAL;
    if (waits && states[i].object == object && states[i].peer == peer)
      return keep (states[i]);
  }
  return NULL;
}

const LsInterval *
golden_find_wait (const Golden *golden, uint32_t thread, uint32_t object)
{
  return find_wait (golden, thread, object, LS_NONE);
}

const LsInterval *
golden_find_join (const Golden *golden, uint32_t thread, uint32_t peer)
{
  return find_wait (golden, thread, LS_NONE, peer);
}

const LsInterval *
golden_get_last_state (const Golden *golden, uint32_t thread)
{
  uint32_t n = 0;
  g_autofree LsInterval *states =
    ls_intervals_dup (ls_trace_get_thread_states (golden->trace, thread), &n);
  g_assert_cmpuint (n, >, 0);
  return keep (states[n - 1]);
}

void
golden_assert_printed (const Golden *golden, const char *text)
{
  if (golden->output && !strstr (golden->output, text))
    g_error ("%s: did not print '%s'", golden->lesson, text);
}

LsEvent
golden_get_event (const Golden *golden, uint32_t k)
{
  LsEvent event;
  g_assert_cmpuint (k, <, ls_trace_get_n_events (golden->trace));
  ls_trace_get_event (golden->trace, k, &event);
  return event;
}

const LsFinding *
golden_find_finding (const Golden *golden, LsFindingKind kind)
{
  for (guint i = 0; i < golden->findings->len; i++) {
    const LsFinding *finding = g_ptr_array_index (golden->findings, i);
    if (finding->kind == kind)
      return finding;
  }
  return NULL;
}

void
golden_assert_no_finding (const Golden *golden)
{
  for (guint i = 0; i < golden->findings->len; i++) {
    const LsFinding *finding = g_ptr_array_index (golden->findings, i);
    if (finding->kind != LS_FINDING_CONTENTION && finding->kind != LS_FINDING_LONG_HOLD)
      g_error ("%s: has the finding %s", golden->lesson, finding->title);
  }
}
