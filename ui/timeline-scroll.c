/* SPDX-License-Identifier: MIT */
/* The timeline's wheel and touchpad: scrolling, panning, zooming. */
#include <math.h>

#include "navigate.h"
#include "timeline-private.h"

#define WHEEL_ZOOM 1.25
#define WHEEL_LANES_PX 60
#define LOCK_PX 8

static void
zoom_now (LsTimeline *timeline, LsView from, double factor)
{
  double anchor = ls_session_get_pointer (timeline->session);
  if (anchor < 0 || anchor > 1)
    anchor = 0.5;
  ls_timeline_stop_animation (timeline);
  ls_session_set_view (timeline->session,
                       ls_session_find_zoomed (timeline->session, from, factor, anchor));
}

/* A touchpad's pixels: both axes, held to one once the gesture shows which. */
static void
scroll_surface (LsTimeline *timeline, double dx, double dy)
{
  timeline->pan_x += dx;
  timeline->pan_y += dy;
  if (MAX (fabs (timeline->pan_x), fabs (timeline->pan_y)) >= LOCK_PX) {
    if (fabs (timeline->pan_x) > fabs (timeline->pan_y))
      dy = 0;
    else
      dx = 0;
  }
  if (dx != 0) {
    LsView view = ls_session_get_view (timeline->session);
    ls_timeline_stop_animation (timeline);
    ls_session_set_view (timeline->session,
                         ls_session_find_panned (timeline->session, view,
                                                 dx / ls_timeline_get_plot_width (timeline)));
  }
  ls_timeline_scroll_by (timeline, dy);
}

static gboolean
on_scroll (GtkEventControllerScroll *scroll, double dx, double dy, LsTimeline *timeline)
{
  GdkModifierType state =
    gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (scroll));
  bool is_surface = gtk_event_controller_scroll_get_unit (scroll) == GDK_SCROLL_UNIT_SURFACE;
  if (!timeline->session)
    return FALSE;
  if (state & GDK_CONTROL_MASK) {
    if (is_surface)
      zoom_now (timeline, ls_session_get_view (timeline->session), pow (WHEEL_ZOOM, -dy / 20));
    else
      ls_navigate_zoom (timeline->session, pow (WHEEL_ZOOM, -dy));
    return TRUE;
  }
  if ((state & GDK_SHIFT_MASK) && dx == 0) {
    dx = dy;
    dy = 0;
  }
  if (is_surface) {
    scroll_surface (timeline, dx, dy);
    return TRUE;
  }
  if (dx != 0)
    ls_navigate_pan (timeline->session, dx * 0.1);
  ls_timeline_scroll_by (timeline, dy * WHEEL_LANES_PX);
  return TRUE;
}

static void
on_scroll_begin (GtkEventControllerScroll *scroll, LsTimeline *timeline)
{
  timeline->pan_x = timeline->pan_y = 0;
}

static void
on_pinch_begin (GtkGesture *gesture, GdkEventSequence *sequence, LsTimeline *timeline)
{
  if (timeline->session)
    timeline->drag_view = ls_session_get_view (timeline->session);
}

static void
on_pinch (GtkGestureZoom *gesture, double scale, LsTimeline *timeline)
{
  if (timeline->session && scale > 0)
    zoom_now (timeline, timeline->drag_view, scale);
}

void
ls_timeline_init_scroll (LsTimeline *timeline)
{
  GtkWidget *widget = GTK_WIDGET (timeline);
  GtkGesture *pinch = gtk_gesture_zoom_new ();
  g_signal_connect (pinch, "begin", G_CALLBACK (on_pinch_begin), timeline);
  g_signal_connect (pinch, "scale-changed", G_CALLBACK (on_pinch), timeline);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (pinch));

  GtkEventController *scroll =
    gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  g_signal_connect (scroll, "scroll-begin", G_CALLBACK (on_scroll_begin), timeline);
  g_signal_connect (scroll, "scroll", G_CALLBACK (on_scroll), timeline);
  gtk_widget_add_controller (widget, scroll);
}
