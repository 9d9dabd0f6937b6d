/* SPDX-License-Identifier: MIT */
/* The timeline's frame: kept nodes put together, and the dragged span over them. */
#include <glib/gi18n-lib.h>
#include <math.h>

#include "timeline-private.h"

static GdkRGBA
rgba (LsColor color, double opacity)
{
  return (GdkRGBA){ (float) color.r, (float) color.g, (float) color.b,
                    (float) (color.a * opacity) };
}

static void
append_rect (GtkSnapshot *snapshot, GdkRGBA color, double x, double y, double width, double height)
{
  if (width > 0 && height > 0)
    gtk_snapshot_append_color (snapshot, &color,
                               &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) width,
                                                    (float) height));
}

static void
append_node_at (GtkSnapshot *snapshot, GskRenderNode *node, double x, double y)
{
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_snapshot_append_node (snapshot, node);
  gtk_snapshot_restore (snapshot);
}

static double
snapshot_parts (LsTimeline *timeline, LsScene *scene, GtkSnapshot *snapshot)
{
  double label_width = ls_timeline_get_label_width (timeline), y = 0;
  double plot_width = ls_timeline_get_plot_width (timeline);
  for (int i = 0; i < LS_PART_N; i++) {
    LsPart part = (LsPart) i;
    double height = ls_scene_get_part_height (scene, part);
    if (height <= 0)
      continue;
    append_node_at (snapshot, ls_nodes_get_part_label (timeline->nodes, scene, part, label_width),
                    0, y);
    append_node_at (snapshot, ls_nodes_get_part (timeline->nodes, scene, part, plot_width),
                    label_width, y);
    y += height;
  }
  return y;
}

/* Under the lanes: grid, the selected finding's band, zigzags. */
static void
snapshot_ground (LsTimeline *timeline, LsScene *scene, GtkSnapshot *snapshot, LsLanesArea *area)
{
  double label_width = ls_timeline_get_label_width (timeline), x[LS_MAX_GRID], x0, x1;
  guint n = ls_scene_get_grid (scene, x, LS_MAX_GRID);
  for (guint i = 0; i < n; i++)
    append_rect (snapshot, rgba (ls_scene_get_grid_color (scene), 1), label_width + x[i], 0, 1,
                 area->height_px);
  GskRenderNode *gaps = ls_nodes_get_gaps (timeline->nodes, scene, area);
  if (gaps)
    append_node_at (snapshot, gaps, label_width, 0);
  if (ls_scene_get_band (scene, &x0, &x1))
    append_rect (snapshot, rgba (ls_scene_get_palette (scene)->finding_band, 1), label_width + x0,
                 0, x1 - x0, area->height_px);
}

static void
snapshot_lanes (LsTimeline *timeline, LsScene *scene, GtkSnapshot *snapshot, LsLanesArea *area)
{
  double label_width = ls_timeline_get_label_width (timeline);
  double y = 0;
  guint n;
  const LsLane *lanes = ls_scene_get_lanes (scene, &n);
  guint first = ls_scene_find_lane_at (scene, area->scroll_px);
  for (guint i = first == G_MAXUINT ? n : first; i < n && y < area->height_px; i++) {
    y = lanes[i].y_px - area->scroll_px;
    if (y < area->height_px && lanes[i].height_px > 0) {
      append_node_at (snapshot, ls_nodes_get_lane (timeline->nodes, scene, i, area->width_px),
                      label_width, y);
      append_node_at (snapshot, ls_nodes_get_lane_label (timeline->nodes, scene, i, label_width), 0,
                      y);
    }
    y += lanes[i].height_px;
  }
  GskRenderNode *arrows = ls_nodes_get_arrows (timeline->nodes, scene, area);
  if (arrows)
    append_node_at (snapshot, arrows, label_width, 0);
}

/* What follows pointer and cursor, over the lanes. */
static void
snapshot_cursor (LsTimeline *timeline, LsScene *scene, GtkSnapshot *snapshot, LsLanesArea *area)
{
  double label_width = ls_timeline_get_label_width (timeline);
  if (timeline->hover_x >= 0)
    append_rect (snapshot, rgba (ls_scene_get_palette (scene)->text_dim, 0.5),
                 label_width + floor (timeline->hover_x), 0, 1, area->height_px);
  GskRenderNode *cursor = ls_nodes_get_cursor (timeline->nodes, scene, area);
  if (cursor)
    append_node_at (snapshot, cursor, label_width, 0);
}

/* x of the selected span on today's axis; false when there is none. */
static bool
find_span (LsTimeline *timeline, LsScene *scene, double *begin, double *end)
{
  const LsSpanSelection *span = ls_session_get_span (timeline->session);
  LsAxis *axis = ls_scene_get_axis (scene);
  if (timeline->drag == LS_DRAG_SPAN || timeline->drag == LS_DRAG_ZOOM) {
    *begin = MIN (timeline->span_begin_x, timeline->span_end_x);
    *end = MAX (timeline->span_begin_x, timeline->span_end_x);
    return true;
  }
  if (!span)
    return false;
  if (ls_axis_get_kind (axis) == LS_AXIS_ORDER) {
    if (span->begin_event >= span->end_event)
      return false;
    *begin = ls_axis_x_of_event (axis, span->begin_event);
    *end = ls_axis_x_of_event (axis, span->end_event - 1);
  } else {
    *begin = ls_axis_x_of_time (axis, span->time.begin_ns);
    *end = ls_axis_x_of_time (axis, span->time.end_ns);
  }
  return true;
}

/* "98.7 ms · 4 events", and in a drag that zooms what letting go does. */
static char *
dup_span_text (LsTimeline *timeline, LsScene *scene, double begin, double end)
{
  LsAxis *axis = ls_scene_get_axis (scene);
  int64_t ns = ls_axis_time_of_x (axis, end) - ls_axis_time_of_x (axis, begin);
  const LsSpanSelection *span = ls_session_get_span (timeline->session);
  bool is_dragged = timeline->drag != LS_DRAG_NONE;
  if (span && !is_dragged)
    ns = span->time.end_ns - span->time.begin_ns;
  g_autofree char *duration = ls_duration_dup_text (MAX (ns, 0));
  if (timeline->drag == LS_DRAG_ZOOM)
    return g_strdup_printf (_ ("zoom to %s"), duration);
  if (!span || is_dragged)
    return g_steal_pointer (&duration);
  guint n = span->end_event - span->begin_event;
  return g_strdup_printf (ngettext ("%s · %u event", "%s · %u events", n), duration, n);
}

static void
snapshot_span (LsTimeline *timeline, LsScene *scene, GtkSnapshot *snapshot, double lanes_y)
{
  double begin, end;
  if (!find_span (timeline, scene, &begin, &end))
    return;
  const LsPalette *palette = ls_scene_get_palette (scene);
  double height = gtk_widget_get_height (GTK_WIDGET (timeline));
  double width = ls_timeline_get_plot_width (timeline);
  double left = CLAMP (begin, 0, width), right = CLAMP (end, 0, width);
  append_rect (snapshot, rgba (palette->text, 0.10), left, lanes_y, right - left, height - lanes_y);
  append_rect (snapshot, rgba (palette->text, 0.6), begin, lanes_y, 1, height - lanes_y);
  append_rect (snapshot, rgba (palette->text, 0.6), end - 1, lanes_y, 1, height - lanes_y);

  g_autofree char *text = dup_span_text (timeline, scene, begin, end);
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (timeline), text);
  int text_width, text_height;
  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  double pill_width = text_width + 16, pill_height = text_height + 6;
  double x = CLAMP ((left + right - pill_width) / 2, 4, MAX (width - pill_width - 4, 4));
  GskRoundedRect pill;
  gsk_rounded_rect_init_from_rect (&pill,
                                   &GRAPHENE_RECT_INIT ((float) x, (float) (lanes_y + 4),
                                                        (float) pill_width, (float) pill_height),
                                   (float) (pill_height / 2));
  gtk_snapshot_push_rounded_clip (snapshot, &pill);
  append_rect (snapshot, rgba (palette->text, 1), x, lanes_y + 4, pill_width, pill_height);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) (x + 8), (float) (lanes_y + 7)));
  GdkRGBA text_color = rgba (palette->ground, 1);
  gtk_snapshot_append_layout (snapshot, layout, &text_color);
  gtk_snapshot_restore (snapshot);
}

void
ls_timeline_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LsTimeline *timeline = LS_TIMELINE (widget);
  LsScene *scene = ls_timeline_get_scene (timeline);
  if (!scene)
    return;
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  ls_nodes_set_scale (timeline->nodes, gtk_widget_get_scale_factor (widget));
  double label_width = ls_timeline_get_label_width (timeline);
  const LsPalette *palette = ls_scene_get_palette (scene);
  append_rect (snapshot, rgba (palette->ground, 1), label_width, 0, width - label_width, height);
  append_rect (snapshot, rgba (palette->ground_label, 1), 0, 0, label_width, height);
  double y = snapshot_parts (timeline, scene, snapshot);

  LsLanesArea area = {
    .width_px = ls_timeline_get_plot_width (timeline),
    .height_px = ls_timeline_get_lanes_height (timeline),
    .scroll_px = ls_timeline_get_scroll (timeline),
  };
  ls_scene_set_scroll (scene, area.scroll_px, area.height_px);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, (float) y));
  gtk_snapshot_push_clip (snapshot,
                          &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) area.height_px));
  snapshot_ground (timeline, scene, snapshot, &area);
  snapshot_lanes (timeline, scene, snapshot, &area);
  snapshot_cursor (timeline, scene, snapshot, &area);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_restore (snapshot);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) label_width, 0));
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) (width - label_width),
                                                         (float) height));
  snapshot_span (timeline, scene, snapshot, y);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_restore (snapshot);
  append_rect (snapshot, rgba (palette->line, 1), label_width - 1, 0, 1, height);

  gtk_widget_snapshot_child (widget, timeline->scrollbar, snapshot);
  gtk_widget_snapshot_child (widget, timeline->card, snapshot);
}
