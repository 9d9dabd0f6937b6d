/* SPDX-License-Identifier: MIT */
/* Moving about: the meaning of the keys, over the session alone. */
#include "navigate.h"

#include <math.h>

static double
span_of (LsView view)
{
  return view.end_u - view.begin_u;
}

/* Where a zoom by key holds fast, as a share of the width. */
static double
find_anchor (LsSession *session)
{
  double pointer = ls_session_get_pointer (session);
  if (pointer >= 0 && pointer <= 1)
    return pointer;
  uint32_t cursor = ls_session_get_cursor (session);
  if (cursor == LS_NONE)
    return 0.5;
  LsView view = ls_session_get_view (session);
  double u = ls_axis_u_of_event (ls_scene_get_axis (ls_session_get_scene (session)), cursor);
  double share = (u - view.begin_u) / span_of (view);
  return share >= 0 && share <= 1 ? share : 0.5;
}

void
ls_navigate_zoom (LsSession *session, double factor)
{
  ls_session_go_to_view (session, ls_session_find_zoomed (session, ls_session_get_target (session),
                                                          factor, find_anchor (session)));
}

void
ls_navigate_pan (LsSession *session, double share)
{
  ls_session_go_to_view (session,
                         ls_session_find_panned (session, ls_session_get_target (session), share));
}

void
ls_navigate_fit_all (LsSession *session)
{
  ls_session_jump_to_view (session, ls_session_get_whole (session));
}

/* The events from first to last with a fifth of room around them. */
static LsView
view_of_events (LsSession *session, uint32_t first, uint32_t last)
{
  LsAxis *axis = ls_scene_get_axis (ls_session_get_scene (session));
  double begin = ls_axis_u_of_event (axis, first), end = ls_axis_u_of_event (axis, last);
  double room = MAX ((end - begin) * 0.2, ls_axis_get_kind (axis) == LS_AXIS_ORDER ? 3 : 200);
  return (LsView){ begin - room, end + room };
}

static uint32_t
end_of (LsSession *session, uint32_t event)
{
  return event != LS_NONE ? event : ls_trace_get_n_events (ls_session_get_trace (session)) - 1;
}

/* The interval of the event's thread that begins with it: a wait, a sleep. */
static bool
find_state_begun_by (LsTrace *trace, uint32_t event, LsInterval *begun)
{
  LsThreadState state;
  ls_thread_state_init (&state);
  ls_trace_get_thread_state (trace, ls_trace_get_event_thread (trace, event), event, &state);
  bool found = state.interval && state.interval->begin_event == event;
  *begun = state.now;
  ls_thread_state_clear (&state);
  return found;
}

/* What F fits: the narrowest thing that is selected. */
static bool
find_selected_events (LsSession *session, uint32_t *first, uint32_t *last)
{
  LsTrace *trace = ls_session_get_trace (session);
  const LsSpanSelection *span = ls_session_get_span (session);
  uint32_t event = ls_session_get_event (session), finding = ls_session_get_finding (session);
  if (span && span->begin_event < span->end_event) {
    *first = span->begin_event;
    *last = span->end_event - 1;
    return true;
  }
  if (finding != LS_NONE) {
    GArray *steps =
      ((LsFinding *) g_ptr_array_index (ls_session_get_findings (session), finding))->steps;
    if (steps->len > 0) {
      *first = g_array_index (steps, LsStep, 0).event;
      *last = g_array_index (steps, LsStep, steps->len - 1).event;
      return true;
    }
  }
  if (event != LS_NONE) {
    LsInterval begun;
    *first = event;
    *last = find_state_begun_by (trace, event, &begun) ? end_of (session, begun.end_event) : event;
    return true;
  }
  uint32_t selected = ls_session_get_lane (session);
  guint n;
  const LsLane *lanes = ls_scene_get_lanes (ls_session_get_scene (session), &n);
  if (selected == LS_NONE || selected >= n || lanes[selected].kind != LS_LANE_THREAD)
    return false;
  const LsThread *thread = ls_trace_get_thread (trace, lanes[selected].index);
  *first = thread->first_event;
  *last = thread->last_event;
  return *first != LS_NONE && *last != LS_NONE;
}

void
ls_navigate_fit_selection (LsSession *session)
{
  uint32_t first, last;
  if (!find_selected_events (session, &first, &last)) {
    ls_navigate_fit_all (session);
    return;
  }
  LsView view = view_of_events (session, first, last);
  LsView target = ls_session_get_target (session);
  bool is_there = fabs (view.begin_u - target.begin_u) + fabs (view.end_u - target.end_u) <
                  span_of (target) * 0.02;
  if (is_there)
    ls_navigate_fit_all (session);
  else
    ls_session_jump_to_view (session, view);
}

void
ls_navigate_reveal (LsSession *session, uint32_t k)
{
  LsView view = ls_session_get_target (session);
  double u = ls_axis_u_of_event (ls_scene_get_axis (ls_session_get_scene (session)), k);
  double room = span_of (view) * 0.05, by = 0;
  if (u < view.begin_u + room)
    by = u - (view.begin_u + span_of (view) * 0.25);
  else if (u > view.end_u - room)
    by = u - (view.end_u - span_of (view) * 0.25);
  if (by != 0)
    ls_session_go_to_view (session, (LsView){ view.begin_u + by, view.end_u + by });
}

void
ls_navigate_to_event (LsSession *session, uint32_t k)
{
  if (k >= ls_trace_get_n_events (ls_session_get_trace (session)))
    return;
  guint lane = ls_scene_find_lane_of_event (ls_session_get_scene (session), k);
  ls_session_select (session, lane == G_MAXUINT ? LS_NONE : lane, k);
  ls_navigate_reveal (session, k);
  ls_session_scroll_to_lane (session, ls_session_get_lane (session));
}

void
ls_navigate_step (LsSession *session, int by)
{
  uint32_t n = ls_trace_get_n_events (ls_session_get_trace (session));
  uint32_t cursor = ls_session_get_cursor (session);
  if (n == 0 || (by < 0 && (cursor == LS_NONE || cursor == 0)) || (by > 0 && cursor == n - 1))
    return;
  ls_navigate_to_event (session, cursor == LS_NONE ? 0 : by > 0 ? cursor + 1 : cursor - 1);
}

/* The events that lane shows; NULL when it is not of events (a counter, a heading). */
static const uint32_t *
get_lane_events (LsSession *session, uint32_t selected, uint32_t *n_events)
{
  LsTrace *trace = ls_session_get_trace (session);
  guint n;
  const LsLane *lanes = ls_scene_get_lanes (ls_session_get_scene (session), &n);
  *n_events = 0;
  if (selected >= n)
    return NULL;
  switch (lanes[selected].kind) {
  case LS_LANE_THREAD:
    return ls_trace_get_thread_events (trace, lanes[selected].index, n_events);
  case LS_LANE_OBJECT:
  case LS_LANE_VALUE:
    return ls_trace_get_object_events (trace, lanes[selected].index, n_events);
  case LS_LANE_COUNTER:
    return ls_trace_get_counter_events (trace, lanes[selected].index, n_events);
  case LS_LANE_SECTION:
  case LS_LANE_FAMILY:
  case LS_LANE_ACTIVE:
  case LS_LANE_FOLDED:
    break;
  }
  return NULL;
}

void
ls_navigate_step_in_lane (LsSession *session, int by)
{
  uint32_t n, lane = ls_session_get_lane (session), cursor = ls_session_get_cursor (session);
  if (lane == LS_NONE && cursor != LS_NONE)
    lane = ls_scene_find_lane_of_event (ls_session_get_scene (session), cursor);
  const uint32_t *events = get_lane_events (session, lane, &n);
  if (!events) {
    ls_navigate_step (session, by);
    return;
  }
  uint32_t at = cursor == LS_NONE ? 0 : ls_events_lower_bound (events, n, cursor);
  if (by > 0 && at < n && events[at] == cursor)
    at++;
  if ((by < 0 && at == 0) || (by > 0 && at == n))
    return;
  uint32_t k = events[by > 0 ? at : at - 1];
  ls_session_select (session, lane, k);
  ls_navigate_reveal (session, k);
  ls_session_scroll_to_lane (session, lane);
}

void
ls_navigate_to_end (LsSession *session, int by)
{
  uint32_t n = ls_trace_get_n_events (ls_session_get_trace (session));
  if (n > 0)
    ls_navigate_to_event (session, by < 0 ? 0 : n - 1);
}

void
ls_navigate_lane (LsSession *session, int by)
{
  guint n;
  const LsLane *lanes = ls_scene_get_lanes (ls_session_get_scene (session), &n);
  uint32_t selected = ls_session_get_lane (session);
  gint64 lane = selected == LS_NONE ? (by > 0 ? -1 : (gint64) n) : (gint64) selected;
  do
    lane += by;
  while (lane >= 0 && lane < n && lanes[lane].height_px < 1);
  if (lane < 0 || lane >= n)
    return;
  ls_session_select (session, (uint32_t) lane, LS_NONE);
  ls_session_scroll_to_lane (session, (uint32_t) lane);
}

void
ls_navigate_finding (LsSession *session, int by)
{
  guint n = ls_session_get_findings (session)->len;
  uint32_t finding = ls_session_get_finding (session);
  if (n == 0)
    return;
  if (finding == LS_NONE)
    finding = by > 0 ? 0 : n - 1;
  else
    finding = (finding + n + (by > 0 ? 1 : n - 1)) % n;
  ls_session_select_finding (session, finding);
}

/* Of a wait: what ended it, else the acquire of who holds what it waits for. */
static uint32_t
find_cause_of_wait (LsTrace *trace, const LsInterval *wait)
{
  if (wait->end_event != LS_NONE)
    return ls_trace_find_cause (trace, wait->end_event);
  if (wait->object == LS_NONE)
    return LS_NONE;
  LsLockState state;
  ls_lock_state_init (&state);
  ls_trace_get_lock_state (trace, wait->object, wait->begin_event, &state);
  uint32_t event = LS_NONE;
  if (state.holders->len > 0)
    event = g_array_index (state.holders, LsInterval, 0).begin_event;
  ls_lock_state_clear (&state);
  return event;
}

void
ls_navigate_to_cause (LsSession *session)
{
  LsTrace *trace = ls_session_get_trace (session);
  uint32_t event = ls_session_get_event (session);
  if (event == LS_NONE)
    event = ls_session_get_cursor (session);
  if (event == LS_NONE)
    return;
  uint32_t cause = ls_trace_find_cause (trace, event);
  LsInterval begun;
  if (cause == LS_NONE && find_state_begun_by (trace, event, &begun))
    cause = find_cause_of_wait (trace, &begun);
  if (cause == LS_NONE)
    return;
  ls_session_push_trail (session, event);
  ls_navigate_to_event (session, cause);
}

void
ls_navigate_from_cause (LsSession *session)
{
  uint32_t event = ls_session_pop_trail (session);
  if (event != LS_NONE)
    ls_navigate_to_event (session, event);
}

void
ls_navigate_lane_height (LsSession *session, int by)
{
  static const double heights_px[] = { 6, 22, 44 };
  guint n;
  const LsLane *lanes = ls_scene_get_lanes (ls_session_get_scene (session), &n);
  LsSceneOptions options = *ls_session_get_options (session);
  double height_px = options.lane_height_px;
  for (guint i = 0; i < n && height_px == 0; i++)
    if (lanes[i].kind == LS_LANE_THREAD)
      height_px = lanes[i].height_px;
  int at = 0;
  while (at < (int) G_N_ELEMENTS (heights_px) - 1 && heights_px[at + 1] <= height_px)
    at++;
  at = CLAMP (at + by, 0, (int) G_N_ELEMENTS (heights_px) - 1);
  options.lane_height_px = heights_px[at];
  ls_session_set_options (session, &options);
}

void
ls_navigate_toggle_lane (LsSession *session, guint lane)
{
  guint n;
  const LsLane *lanes = ls_scene_get_lanes (ls_session_get_scene (session), &n);
  LsSceneOptions options = *ls_session_get_options (session);
  if (lane >= n)
    return;
  if (lanes[lane].kind == LS_LANE_SECTION)
    options.section_closed[lanes[lane].section] = !options.section_closed[lanes[lane].section];
  else if (lanes[lane].kind == LS_LANE_FOLDED)
    options.show_uncontended = !options.show_uncontended;
  else if (lanes[lane].kind == LS_LANE_FAMILY)
    options.unfold_families = !options.unfold_families;
  else
    return;
  ls_session_set_options (session, &options);
}

void
ls_navigate_clear (LsSession *session)
{
  if (ls_session_get_playing (session))
    ls_session_set_playing (session, FALSE);
  else if (ls_session_get_span (session))
    ls_session_set_span (session, NULL);
  else if (ls_session_get_event (session) != LS_NONE)
    ls_session_select (session, ls_session_get_lane (session), LS_NONE);
  else if (ls_session_get_finding (session) != LS_NONE)
    ls_session_select_finding (session, LS_NONE);
  else if (ls_session_get_lane (session) != LS_NONE)
    ls_session_select (session, LS_NONE, LS_NONE);
}
