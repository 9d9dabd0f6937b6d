/* SPDX-License-Identifier: MIT */
/* What the pointer is over: the hairline, and a card that says what it is, beside it. */
#include <math.h>

#include "timeline-private.h"

#define CARD_GAP 8

static void
set_card (LsTimeline *timeline, const char *markup)
{
  gtk_widget_set_child_visible (timeline->card, markup != NULL);
  if (markup)
    gtk_label_set_markup (GTK_LABEL (timeline->card), markup);
  gtk_widget_queue_allocate (GTK_WIDGET (timeline));
}

/* The hit under the pointer, and the rows of pixels that the card should leave free. */
static bool
find_hit (LsTimeline *timeline, LsScene *scene, LsHit *hit)
{
  LsSpot spot = ls_timeline_locate (timeline, timeline->pointer_x, timeline->pointer_y);
  double lanes_y = ls_timeline_get_lanes_y (timeline);
  timeline->card_avoids =
    (GdkRectangle){ (int) timeline->pointer_x - 8, (int) timeline->pointer_y - 12, 16, 24 };
  if (spot.in_labels)
    return false;
  if (spot.region == LS_REGION_RULER) {
    ls_scene_hit_ruler (scene, spot.x, spot.y, hit);
    return true;
  }
  if (spot.region != LS_REGION_LANES)
    return false;
  double scroll = ls_timeline_get_scroll (timeline);
  ls_scene_hit_lane (scene, spot.x, spot.y + scroll, hit);
  guint n;
  const LsLane *lanes = ls_scene_get_lanes (scene, &n);
  if (hit->kind != LS_HIT_NOTHING && hit->lane < n) {
    timeline->card_avoids.y = (int) floor (lanes[hit->lane].y_px - scroll + lanes_y);
    timeline->card_avoids.height = (int) ceil (lanes[hit->lane].height_px);
  }
  return true;
}

void
ls_timeline_update_hover (LsTimeline *timeline)
{
  LsScene *scene = ls_timeline_get_scene (timeline);
  double hover_x = -1;
  g_autofree char *markup = NULL;
  if (scene && timeline->pointer_x >= 0 && timeline->drag == LS_DRAG_NONE) {
    LsHit hit = { .kind = LS_HIT_NOTHING };
    LsSpot spot = ls_timeline_locate (timeline, timeline->pointer_x, timeline->pointer_y);
    if (!spot.in_labels && spot.region >= LS_REGION_RULER && spot.region < LS_REGION_NONE)
      hover_x = spot.x;
    if (find_hit (timeline, scene, &hit) && hit.kind != LS_HIT_NOTHING && hit.kind != LS_HIT_LANE)
      markup = ls_scene_dup_tooltip (scene, &hit);
  }
  if (hover_x != timeline->hover_x) {
    timeline->hover_x = hover_x;
    gtk_widget_queue_draw (GTK_WIDGET (timeline));
  }
  if (markup || gtk_widget_get_child_visible (timeline->card))
    set_card (timeline, markup);
}

void
ls_timeline_allocate_card (LsTimeline *timeline, int width, int height)
{
  if (!gtk_widget_get_child_visible (timeline->card))
    return;
  GtkRequisition size;
  gtk_widget_get_preferred_size (timeline->card, NULL, &size);
  const GdkRectangle *avoid = &timeline->card_avoids;
  int x = CLAMP ((int) timeline->pointer_x + CARD_GAP, 4, MAX (width - size.width - 4, 4));
  int y = avoid->y + avoid->height + CARD_GAP;
  if (y + size.height > height)
    y = avoid->y - size.height - CARD_GAP;
  if (y < 0) /* a lane as tall as the view: beside the pointer */
    y = CLAMP ((int) timeline->pointer_y + 24, 0, MAX (height - size.height, 0));
  gtk_widget_size_allocate (timeline->card, &(GtkAllocation){ x, y, size.width, size.height }, -1);
}

static void
on_motion (GtkEventControllerMotion *motion, double x, double y, LsTimeline *timeline)
{
  if (x == timeline->pointer_x && y == timeline->pointer_y)
    return;
  timeline->pointer_x = x;
  timeline->pointer_y = y;
  if (!timeline->session)
    return;
  double label_width = ls_timeline_get_label_width (timeline);
  double plot_width = ls_timeline_get_plot_width (timeline);
  ls_session_set_pointer (timeline->session,
                          x >= label_width ? (x - label_width) / plot_width : -1);
  bool on_edge = fabs (x - label_width) <= 4;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (timeline), on_edge ? "col-resize" : NULL);
  ls_timeline_update_hover (timeline);
}

static void
on_leave (GtkEventControllerMotion *motion, LsTimeline *timeline)
{
  timeline->pointer_x = timeline->pointer_y = -1;
  if (timeline->session)
    ls_session_set_pointer (timeline->session, -1);
  ls_timeline_update_hover (timeline);
}

void
ls_timeline_init_hover (LsTimeline *timeline)
{
  timeline->card = g_object_new (GTK_TYPE_LABEL, "use-markup", TRUE, "wrap", TRUE,
                                 "max-width-chars", 52, "xalign", 0.0, "can-target", FALSE, NULL);
  gtk_widget_add_css_class (timeline->card, "hover-card");
  gtk_widget_set_parent (timeline->card, GTK_WIDGET (timeline));
  gtk_widget_set_child_visible (timeline->card, FALSE);

  GtkEventController *motion = gtk_event_controller_motion_new ();
  g_signal_connect (motion, "enter", G_CALLBACK (on_motion), timeline);
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), timeline);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), timeline);
  gtk_widget_add_controller (GTK_WIDGET (timeline), motion);
}
