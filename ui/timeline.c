/* SPDX-License-Identifier: MIT */
/* The timeline as a widget: watches the session, lays itself out, animates the view. */
#include "timeline-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

G_DEFINE_FINAL_TYPE (LsTimeline, ls_timeline, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_SESSION,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

LsScene *
ls_timeline_get_scene (LsTimeline *timeline)
{
  return timeline->session ? ls_session_get_scene (timeline->session) : NULL;
}

double
ls_timeline_get_label_width (LsTimeline *timeline)
{
  LsScene *scene = ls_timeline_get_scene (timeline);
  return scene ? ls_scene_get_label_width (scene) : 0;
}

double
ls_timeline_get_plot_width (LsTimeline *timeline)
{
  LsScene *scene = ls_timeline_get_scene (timeline);
  return scene ? ls_scene_get_plot_width (scene) : 1;
}

double
ls_timeline_get_lanes_y (LsTimeline *timeline)
{
  LsScene *scene = ls_timeline_get_scene (timeline);
  double y = 0;
  for (int part = 0; scene && part < LS_PART_N; part++)
    y += ls_scene_get_part_height (scene, (LsPart) part);
  return y;
}

double
ls_timeline_get_lanes_height (LsTimeline *timeline)
{
  return MAX (gtk_widget_get_height (GTK_WIDGET (timeline)) - ls_timeline_get_lanes_y (timeline),
              0);
}

double
ls_timeline_get_scroll (LsTimeline *timeline)
{
  /* Whole pixels: text stays crisp. */
  return round (gtk_adjustment_get_value (timeline->scroll));
}

void
ls_timeline_scroll_by (LsTimeline *timeline, double by_px)
{
  gtk_adjustment_set_value (timeline->scroll, gtk_adjustment_get_value (timeline->scroll) + by_px);
}

LsSpot
ls_timeline_locate (LsTimeline *timeline, double x, double y)
{
  LsScene *scene = ls_timeline_get_scene (timeline);
  double label_width = ls_timeline_get_label_width (timeline);
  LsSpot spot = { .region = LS_REGION_NONE, .in_labels = x < label_width };
  spot.x = spot.in_labels ? x : x - label_width;
  spot.y = y;
  if (!scene || x < 0 || y < 0)
    return spot;
  for (int part = 0; part < LS_PART_N; part++) {
    double height = ls_scene_get_part_height (scene, (LsPart) part);
    if (spot.y < height) {
      spot.region = (LsRegion) part;
      return spot;
    }
    spot.y -= height;
  }
  spot.region = LS_REGION_LANES;
  return spot;
}

void
ls_timeline_redraw (LsTimeline *timeline, LsNodesSet what)
{
  ls_nodes_drop (timeline->nodes, what);
  gtk_widget_queue_draw (GTK_WIDGET (timeline));
}

/* -- What the session tells -- */

static void
update_scroll (LsTimeline *timeline)
{
  LsScene *scene = ls_timeline_get_scene (timeline);
  double room = ls_timeline_get_lanes_height (timeline);
  double height = scene ? ls_scene_get_lanes_height (scene) : 0;
  gtk_adjustment_configure (timeline->scroll, gtk_adjustment_get_value (timeline->scroll), 0,
                            MAX (height, room), 40, room * 0.9, room);
  gtk_widget_set_child_visible (timeline->scrollbar, height > room + 0.5);
}

static void
on_view_changed (LsTimeline *timeline)
{
  ls_timeline_redraw (timeline,
                      LS_NODES_ALL & ~LS_NODES_LABELS); /* names say nothing of the view */
  ls_timeline_queue_proxies (timeline);
  ls_timeline_update_hover (timeline);
}

static void
on_layout_changed (LsTimeline *timeline)
{
  update_scroll (timeline);
  ls_timeline_redraw (timeline, LS_NODES_ALL);
  ls_timeline_queue_proxies (timeline);
  gtk_widget_queue_allocate (GTK_WIDGET (timeline));
}

static void
on_cursor (LsTimeline *timeline)
{
  ls_timeline_redraw (timeline, LS_NODES_PARTS | LS_NODES_CURSOR);
  ls_timeline_queue_proxies (timeline);
}

/* The lanes that event k is drawn in. */
static void
drop_lanes_of_event (LsTimeline *timeline, LsScene *scene, uint32_t k)
{
  LsTrace *trace = ls_session_get_trace (timeline->session);
  if (k >= ls_trace_get_n_events (trace))
    return;
  ls_nodes_drop_lane (timeline->nodes, ls_scene_find_lane_of_event (scene, k));
  uint32_t object = ls_trace_get_event_object (trace, k);
  if (object == LS_NONE)
    return;
  LsLaneKind kind =
    ls_trace_get_object (trace, object)->kind == LS_OBJECT_VALUE ? LS_LANE_VALUE : LS_LANE_OBJECT;
  ls_nodes_drop_lane (timeline->nodes, ls_scene_find_lane (scene, kind, object));
}

/* Only the lanes of the old and the new selection look different now. */
static void
on_selection (LsTimeline *timeline)
{
  LsScene *scene = ls_timeline_get_scene (timeline);
  uint32_t event = ls_session_get_event (timeline->session);
  uint32_t lane = ls_session_get_lane (timeline->session);
  drop_lanes_of_event (timeline, scene, timeline->shown_event);
  drop_lanes_of_event (timeline, scene, event);
  ls_nodes_drop_lane (timeline->nodes, timeline->shown_lane);
  ls_nodes_drop_lane (timeline->nodes, lane);
  timeline->shown_event = event;
  timeline->shown_lane = lane;
  ls_timeline_redraw (timeline, LS_NODES_PARTS | LS_NODES_ACROSS | LS_NODES_CURSOR);
  ls_timeline_queue_proxies (timeline);
}

static void
on_finding (LsTimeline *timeline)
{
  ls_timeline_redraw (timeline, LS_NODES_ALL);
}

static void
on_scroll_to_lane (LsSession *session, guint index, LsTimeline *timeline)
{
  guint n;
  const LsLane *lanes = ls_scene_get_lanes (ls_session_get_scene (session), &n);
  if (index >= n)
    return;
  double room = ls_timeline_get_lanes_height (timeline);
  double scroll = gtk_adjustment_get_value (timeline->scroll);
  double top = lanes[index].y_px, bottom = top + lanes[index].height_px;
  if (top < scroll)
    gtk_adjustment_set_value (timeline->scroll, top - 8);
  else if (bottom > scroll + room)
    gtk_adjustment_set_value (timeline->scroll, bottom - room + 8);
}

static void
on_scrolled (LsTimeline *timeline)
{
  ls_timeline_redraw (timeline, LS_NODES_ACROSS);
  ls_timeline_queue_proxies (timeline);
  ls_timeline_update_hover (timeline);
  gtk_widget_queue_allocate (GTK_WIDGET (timeline));
}

static void
connect_session (LsTimeline *timeline, LsSession *session)
{
  const struct {
    const char *signal;
    GCallback callback;
    GConnectFlags flags;
  } links[] = {
    { "view-changed", G_CALLBACK (on_view_changed), G_CONNECT_SWAPPED },
    { "layout-changed", G_CALLBACK (on_layout_changed), G_CONNECT_SWAPPED },
    { "notify::cursor", G_CALLBACK (on_cursor), G_CONNECT_SWAPPED },
    { "notify::event", G_CALLBACK (on_selection), G_CONNECT_SWAPPED },
    { "notify::lane", G_CALLBACK (on_selection), G_CONNECT_SWAPPED },
    { "notify::finding", G_CALLBACK (on_finding), G_CONNECT_SWAPPED },
    { "notify::has-span", G_CALLBACK (gtk_widget_queue_draw), G_CONNECT_SWAPPED },
    { "animate", G_CALLBACK (ls_timeline_animate), 0 },
    { "scroll-to-lane", G_CALLBACK (on_scroll_to_lane), 0 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (links); i++)
    g_signal_connect_object (session, links[i].signal, links[i].callback, timeline, links[i].flags);
}

void
ls_timeline_set_session (LsTimeline *timeline, LsSession *session)
{
  if (timeline->session == session)
    return;
  ls_timeline_stop_animation (timeline);
  if (timeline->session)
    g_signal_handlers_disconnect_by_data (timeline->session, timeline);
  if (!session || !timeline->session) /* else it is the same trace, grown: it stays where it is */
    gtk_adjustment_set_value (timeline->scroll, 0);
  g_set_object (&timeline->session, session);
  timeline->drag = LS_DRAG_NONE;
  ls_timeline_clear_proxies (timeline);
  if (session)
    connect_session (timeline, session);
  if (session && gtk_widget_get_width (GTK_WIDGET (timeline)) > 0)
    ls_session_set_size (session, gtk_widget_get_width (GTK_WIDGET (timeline)),
                         gtk_widget_get_height (GTK_WIDGET (timeline)));
  on_layout_changed (timeline);
  g_object_notify_by_pspec (G_OBJECT (timeline), props[PROP_SESSION]);
}

/* -- Layout -- */

static void
measure (GtkWidget *widget,
         GtkOrientation orientation,
         int for_size,
         int *minimum,
         int *natural,
         int *minimum_baseline,
         int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 360 : 160;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 900 : 460;
  *minimum_baseline = *natural_baseline = -1;
}

static void
size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  LsTimeline *timeline = LS_TIMELINE (widget);
  LsScene *scene = ls_timeline_get_scene (timeline);
  if (scene && ls_scene_get_width (scene) != width)
    ls_session_set_size (timeline->session, width, height);
  update_scroll (timeline);
  ls_nodes_drop (timeline->nodes, LS_NODES_ACROSS | LS_NODES_CURSOR);
  if (gtk_widget_get_child_visible (timeline->scrollbar)) {
    int bar_width, y = (int) ls_timeline_get_lanes_y (timeline);
    gtk_widget_measure (timeline->scrollbar, GTK_ORIENTATION_HORIZONTAL, -1, &bar_width, NULL, NULL,
                        NULL);
    gtk_widget_size_allocate (timeline->scrollbar,
                              &(GtkAllocation){ width - bar_width, y, bar_width,
                                                MAX (height - y, 30) },
                              -1);
  }
  ls_timeline_allocate_proxies (timeline);
  ls_timeline_allocate_card (timeline, width, height);
}

/* -- The object -- */

static void
dispose (GObject *object)
{
  LsTimeline *timeline = LS_TIMELINE (object);
  ls_timeline_set_session (timeline, NULL);
  g_clear_handle_id (&timeline->proxy_source, g_source_remove);
  g_clear_pointer (&timeline->proxies, g_ptr_array_unref);
  g_clear_object (&timeline->animation);
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))))
    gtk_widget_unparent (child);
  g_clear_object (&timeline->scroll);
  g_clear_pointer (&timeline->nodes, ls_nodes_free);
  G_OBJECT_CLASS (ls_timeline_parent_class)->dispose (object);
}

static void
set_property (GObject *object, guint prop, const GValue *value, GParamSpec *pspec)
{
  if (prop == PROP_SESSION)
    ls_timeline_set_session (LS_TIMELINE (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop, pspec);
}

static void
get_property (GObject *object, guint prop, GValue *value, GParamSpec *pspec)
{
  if (prop == PROP_SESSION)
    g_value_set_object (value, LS_TIMELINE (object)->session);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop, pspec);
}

static void
ls_timeline_class_init (LsTimelineClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  object_class->dispose = dispose;
  object_class->set_property = set_property;
  object_class->get_property = get_property;
  widget_class->measure = measure;
  widget_class->size_allocate = size_allocate;
  widget_class->snapshot = ls_timeline_snapshot;
  gtk_widget_class_set_css_name (widget_class, "timeline");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST);
  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, LS_TYPE_SESSION,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ls_timeline_init (LsTimeline *timeline)
{
  GtkWidget *widget = GTK_WIDGET (timeline);
  timeline->nodes = ls_nodes_new ();
  timeline->hover_x = timeline->pointer_x = timeline->pointer_y = -1;
  timeline->shown_event = timeline->shown_lane = LS_NONE;
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (timeline), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Timeline"), -1);

  timeline->scroll = g_object_ref_sink (gtk_adjustment_new (0, 0, 0, 0, 0, 0));
  g_signal_connect_swapped (timeline->scroll, "value-changed", G_CALLBACK (on_scrolled), timeline);
  timeline->scrollbar = gtk_scrollbar_new (GTK_ORIENTATION_VERTICAL, timeline->scroll);
  gtk_widget_set_parent (timeline->scrollbar, widget);
  gtk_widget_set_child_visible (timeline->scrollbar, FALSE);

  ls_timeline_init_animation (timeline);
  ls_timeline_init_proxies (timeline);
  ls_timeline_init_hover (timeline);
  ls_timeline_init_input (timeline);
}
