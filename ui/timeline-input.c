/* SPDX-License-Identifier: MIT */
/* The timeline's clicks, drags and keys: all of it turned into calls of the session. */
#include <math.h>

#include "actions.h"
#include "navigate.h"
#include "timeline-private.h"

#define CLICK_PX 4
#define EDGE_PX 5
#define MIN_LABEL_PX 90
#define MIN_PLOT_PX 160

/* -- Clicks -- */

static void
click_lane (LsTimeline *timeline, LsScene *scene, LsSpot spot)
{
  LsHit hit;
  double y = spot.y + ls_timeline_get_scroll (timeline);
  if (spot.in_labels) {
    guint lane = ls_scene_find_lane_at (scene, y);
    ls_navigate_toggle_lane (timeline->session, lane);
    if (lane != G_MAXUINT)
      ls_session_select (timeline->session, lane, LS_NONE);
    return;
  }
  ls_scene_hit_lane (scene, spot.x, y, &hit);
  switch (hit.kind) {
  case LS_HIT_EVENT:
  case LS_HIT_INTERVAL:
    ls_session_select (timeline->session, hit.lane, hit.event);
    break;
  case LS_HIT_LANE:
  case LS_HIT_LABEL:
    ls_session_select (timeline->session, hit.lane, LS_NONE);
    ls_session_set_cursor (timeline->session,
                           ls_axis_event_of_x (ls_scene_get_axis (scene), spot.x));
    ls_navigate_toggle_lane (timeline->session, hit.lane);
    break;
  case LS_HIT_PIN:
    ls_session_select_finding (timeline->session, hit.finding);
    break;
  case LS_HIT_NOTHING:
    ls_session_set_cursor (timeline->session,
                           ls_axis_event_of_x (ls_scene_get_axis (scene), spot.x));
    break;
  }
}

static void
click (LsTimeline *timeline, double x, double y)
{
  LsScene *scene = ls_timeline_get_scene (timeline);
  LsSpot spot = ls_timeline_locate (timeline, x, y);
  LsHit hit = { .kind = LS_HIT_NOTHING };
  if (spot.region == LS_REGION_LANES) {
    click_lane (timeline, scene, spot);
    return;
  }
  if (spot.in_labels)
    return;
  if (spot.region == LS_REGION_STRIP)
    ls_navigate_to_event (timeline->session, ls_strip_event_of_x (scene, spot.x));
  if (spot.region != LS_REGION_RULER)
    return;
  ls_scene_hit_ruler (scene, spot.x, spot.y, &hit);
  if (hit.kind == LS_HIT_PIN)
    ls_session_select_finding (timeline->session, hit.finding);
  else
    ls_session_set_cursor (timeline->session,
                           ls_axis_event_of_x (ls_scene_get_axis (scene), spot.x));
}

/* -- Drags -- */

/* Where on the axis that x of the overview is. */
static double
overview_u_of_x (LsTimeline *timeline, double x)
{
  LsScene *scene = ls_timeline_get_scene (timeline);
  LsTrace *trace = ls_session_get_trace (timeline->session);
  int64_t ts_ns = ls_overview_time_of_x (scene, x);
  if (ls_axis_get_kind (ls_scene_get_axis (scene)) == LS_AXIS_TIME)
    return (double) ts_ns;
  uint32_t k = ls_trace_find_event (trace, ts_ns), n = ls_trace_get_n_events (trace);
  return n == 0 ? 0 : ls_axis_u_of_event (ls_scene_get_axis (scene), MIN (k, n - 1));
}

/* Begins to drag the overview's window: an edge, or all of it; elsewhere it comes to the pointer. */
static LsDrag
begin_overview_drag (LsTimeline *timeline, double x)
{
  LsScene *scene = ls_timeline_get_scene (timeline);
  LsView view = ls_session_get_view (timeline->session);
  LsSpan span = ls_axis_get_span (ls_scene_get_axis (scene));
  double begin = ls_overview_x_of_time (scene, span.begin_ns);
  double end = ls_overview_x_of_time (scene, span.end_ns);
  if (fabs (x - begin) <= EDGE_PX && x <= (begin + end) / 2)
    return LS_DRAG_WINDOW_BEGIN;
  if (fabs (x - end) <= EDGE_PX)
    return LS_DRAG_WINDOW_END;
  if (x < begin || x > end) {
    double u = overview_u_of_x (timeline, x), half = (view.end_u - view.begin_u) / 2;
    ls_session_jump_to_view (timeline->session, (LsView){ u - half, u + half });
    ls_timeline_stop_animation (timeline);
    ls_session_set_view (timeline->session, (LsView){ u - half, u + half });
  }
  return LS_DRAG_WINDOW;
}

static void
on_drag_begin (GtkGestureDrag *gesture, double x, double y, LsTimeline *timeline)
{
  guint button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture));
  GdkModifierType state =
    gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  timeline->drag = LS_DRAG_NONE;
  if (!timeline->session || button > 2)
    return;
  gtk_widget_grab_focus (GTK_WIDGET (timeline));
  LsSpot spot = ls_timeline_locate (timeline, x, y);
  timeline->drag_x = x;
  timeline->drag_y = y;
  timeline->drag_label_width = ls_timeline_get_label_width (timeline);
  timeline->drag_scroll = gtk_adjustment_get_value (timeline->scroll);
  if (button == 2)
    timeline->drag = LS_DRAG_PAN;
  else if (fabs (x - timeline->drag_label_width) <= 4)
    timeline->drag = LS_DRAG_LABELS;
  else if (spot.region == LS_REGION_OVERVIEW && !spot.in_labels)
    timeline->drag = begin_overview_drag (timeline, spot.x);
  else
    timeline->drag = LS_DRAG_PENDING;
  if (timeline->drag != LS_DRAG_PENDING)
    ls_timeline_stop_animation (timeline);
  timeline->drag_view = ls_session_get_view (timeline->session);
  timeline->span_begin_x = timeline->span_end_x = spot.x;
  timeline->drag_zooms = (state & GDK_CONTROL_MASK) != 0;
  ls_timeline_update_hover (timeline);
}

static void
drag_overview (LsTimeline *timeline, double dx)
{
  LsView view = timeline->drag_view;
  double from_x = timeline->drag_x - ls_timeline_get_label_width (timeline);
  double by = overview_u_of_x (timeline, from_x + dx) - overview_u_of_x (timeline, from_x);
  if (timeline->drag != LS_DRAG_WINDOW_END)
    view.begin_u += by;
  if (timeline->drag != LS_DRAG_WINDOW_BEGIN)
    view.end_u += by;
  if (view.end_u > view.begin_u)
    ls_session_set_view (timeline->session, view);
}

static void
drag_pan (LsTimeline *timeline, double dx, double dy)
{
  double share = -dx / ls_timeline_get_plot_width (timeline);
  ls_session_set_view (timeline->session,
                       ls_session_find_panned (timeline->session, timeline->drag_view, share));
  gtk_adjustment_set_value (timeline->scroll, timeline->drag_scroll - dy);
}

static void
drag_labels (LsTimeline *timeline, double dx)
{
  LsSceneOptions options = *ls_session_get_options (timeline->session);
  double width = gtk_widget_get_width (GTK_WIDGET (timeline));
  options.label_width_px = round (
    CLAMP (timeline->drag_label_width + dx, MIN_LABEL_PX, MAX (width - MIN_PLOT_PX, MIN_LABEL_PX)));
  ls_session_set_options (timeline->session, &options);
}

static void
on_drag_update (GtkGestureDrag *gesture, double dx, double dy, LsTimeline *timeline)
{
  if (!timeline->session)
    return;
  if (timeline->drag == LS_DRAG_PENDING && fabs (dx) > CLICK_PX) {
    LsSpot spot = ls_timeline_locate (timeline, timeline->drag_x, timeline->drag_y);
    if (!spot.in_labels && spot.region >= LS_REGION_RULER)
      timeline->drag = timeline->drag_zooms ? LS_DRAG_ZOOM : LS_DRAG_SPAN;
  }
  switch (timeline->drag) {
  case LS_DRAG_SPAN:
  case LS_DRAG_ZOOM:
    timeline->span_end_x = timeline->span_begin_x + dx;
    gtk_widget_queue_draw (GTK_WIDGET (timeline));
    break;
  case LS_DRAG_PAN:
    drag_pan (timeline, dx, dy);
    break;
  case LS_DRAG_WINDOW:
  case LS_DRAG_WINDOW_BEGIN:
  case LS_DRAG_WINDOW_END:
    drag_overview (timeline, dx);
    break;
  case LS_DRAG_LABELS:
    drag_labels (timeline, dx);
    break;
  case LS_DRAG_NONE:
  case LS_DRAG_PENDING:
    break;
  }
}

/* The dragged span as times and events. */
static LsSpanSelection
get_dragged_span (LsTimeline *timeline)
{
  LsAxis *axis = ls_scene_get_axis (ls_timeline_get_scene (timeline));
  LsTrace *trace = ls_session_get_trace (timeline->session);
  double begin = MIN (timeline->span_begin_x, timeline->span_end_x);
  double end = MAX (timeline->span_begin_x, timeline->span_end_x);
  LsSpanSelection span = {
    .time = { ls_axis_time_of_x (axis, begin), ls_axis_time_of_x (axis, end) },
  };
  if (ls_axis_get_kind (axis) == LS_AXIS_ORDER) {
    uint32_t first = ls_axis_event_of_x (axis, begin), last = ls_axis_event_of_x (axis, end);
    span.begin_event = first == LS_NONE ? 0 : first;
    span.end_event = last == LS_NONE ? 0 : last + 1;
  } else {
    span.begin_event = ls_trace_find_event (trace, span.time.begin_ns);
    span.end_event = ls_trace_find_event (trace, span.time.end_ns);
  }
  return span;
}

static void
on_drag_end (GtkGestureDrag *gesture, double dx, double dy, LsTimeline *timeline)
{
  LsDrag drag = timeline->drag;
  timeline->drag = LS_DRAG_NONE;
  if (!timeline->session)
    return;
  if (drag == LS_DRAG_PENDING && hypot (dx, dy) <= 2 * CLICK_PX) {
    if (ls_session_get_span (timeline->session))
      ls_session_set_span (timeline->session, NULL);
    else
      click (timeline, timeline->drag_x, timeline->drag_y);
  } else if (drag == LS_DRAG_SPAN) {
    LsSpanSelection span = get_dragged_span (timeline);
    ls_session_set_span (timeline->session, &span);
  } else if (drag == LS_DRAG_ZOOM) {
    LsAxis *axis = ls_scene_get_axis (ls_timeline_get_scene (timeline));
    double a = ls_axis_u_of_x (axis, timeline->span_begin_x);
    double b = ls_axis_u_of_x (axis, timeline->span_end_x);
    ls_session_jump_to_view (timeline->session, (LsView){ MIN (a, b), MAX (a, b) });
  }
  ls_timeline_redraw (timeline, LS_NODES_CURSOR);
  ls_timeline_update_hover (timeline);
}

static void
on_drag_cancel (GtkGesture *gesture, GdkEventSequence *sequence, LsTimeline *timeline)
{
  timeline->drag = LS_DRAG_NONE;
  gtk_widget_queue_draw (GTK_WIDGET (timeline));
}

/* -- Keys -- */

static gboolean
on_key (GtkEventControllerKey *key,
        guint keyval,
        guint keycode,
        GdkModifierType state,
        LsTimeline *timeline)
{
  LsAction action = ls_action_find_for_key (keyval, keycode, state);
  if (action == LS_ACTION_N)
    return FALSE;
  g_autofree char *name = g_strconcat ("win.", ls_action_rows[action].name, NULL);
  return gtk_widget_activate_action (GTK_WIDGET (timeline), name, NULL);
}

void
ls_timeline_init_input (LsTimeline *timeline)
{
  GtkWidget *widget = GTK_WIDGET (timeline);
  GtkGesture *drag = gtk_gesture_drag_new ();
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), 0);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), timeline);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), timeline);
  g_signal_connect (drag, "drag-end", G_CALLBACK (on_drag_end), timeline);
  g_signal_connect (drag, "cancel", G_CALLBACK (on_drag_cancel), timeline);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));

  ls_timeline_init_scroll (timeline);

  GtkEventController *key = gtk_event_controller_key_new ();
  g_signal_connect (key, "key-pressed", G_CALLBACK (on_key), timeline);
  gtk_widget_add_controller (widget, key);
}
