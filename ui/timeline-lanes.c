/* SPDX-License-Identifier: MIT */
/* The timeline's lanes as children that screen readers can find, and what they say. */
#include <glib/gi18n-lib.h>

#include "lane-proxy.h"
#include "timeline-private.h"

void
ls_timeline_init_proxies (LsTimeline *timeline)
{
  timeline->proxies = g_ptr_array_new ();
  timeline->event_proxy = ls_lane_proxy_new ();
  gtk_widget_set_parent (timeline->event_proxy, GTK_WIDGET (timeline));
  gtk_accessible_update_relation (GTK_ACCESSIBLE (timeline),
                                  GTK_ACCESSIBLE_RELATION_ACTIVE_DESCENDANT, timeline->event_proxy,
                                  -1);
}

void
ls_timeline_clear_proxies (LsTimeline *timeline)
{
  g_clear_handle_id (&timeline->proxy_source, g_source_remove);
  for (guint i = 0; timeline->proxies && i < timeline->proxies->len; i++)
    gtk_widget_unparent (g_ptr_array_index (timeline->proxies, i));
  if (timeline->proxies)
    g_ptr_array_set_size (timeline->proxies, 0);
}

/* The lanes that can be seen: begin <= lane < end. */
static void
get_visible_lanes (LsTimeline *timeline, LsScene *scene, guint *begin, guint *end)
{
  guint n;
  const LsLane *lanes = ls_scene_get_lanes (scene, &n);
  double scroll = ls_timeline_get_scroll (timeline);
  double bottom = scroll + ls_timeline_get_lanes_height (timeline);
  *begin = ls_scene_find_lane_at (scene, scroll);
  if (*begin == G_MAXUINT)
    *begin = n;
  for (*end = *begin; *end < n && lanes[*end].y_px < bottom; (*end)++)
    ;
}

/* "executor-0, os 4122: waits for log.lock". */
static char *
dup_lane_text (LsTimeline *timeline, LsTrace *trace, const LsLane *lane)
{
  uint32_t cursor = ls_session_get_cursor (timeline->session);
  g_autofree char *state = NULL;
  if (lane->kind == LS_LANE_THREAD)
    state = ls_trace_dup_thread_state_text (trace, lane->index, cursor);
  else if (lane->kind == LS_LANE_OBJECT || lane->kind == LS_LANE_VALUE)
    state = ls_trace_dup_object_state_text (trace, lane->index, cursor);
  return g_strdup_printf ("%s%s%s%s%s", lane->name ? lane->name : "", lane->subtitle ? ", " : "",
                          lane->subtitle ? lane->subtitle : "", state ? ": " : "",
                          state ? state : "");
}

static void
update_event_proxy (LsTimeline *timeline, LsTrace *trace)
{
  uint32_t cursor = ls_session_get_cursor (timeline->session);
  g_autofree char *text = cursor == LS_NONE ? g_strdup (_ ("Before the first event"))
                                            : ls_trace_dup_event_text (trace, cursor);
  ls_lane_proxy_set_text (LS_LANE_PROXY (timeline->event_proxy), text);
}

static gboolean
update_proxies (gpointer data)
{
  LsTimeline *timeline = data;
  LsScene *scene = ls_timeline_get_scene (timeline);
  timeline->proxy_source = 0;
  if (!scene)
    return G_SOURCE_REMOVE;
  LsTrace *trace = ls_session_get_trace (timeline->session);
  guint begin, end, n;
  const LsLane *lanes = ls_scene_get_lanes (scene, &n);
  get_visible_lanes (timeline, scene, &begin, &end);
  bool is_other_count = timeline->proxies->len != end - begin;
  while (timeline->proxies->len > end - begin) {
    gtk_widget_unparent (g_ptr_array_index (timeline->proxies, timeline->proxies->len - 1));
    g_ptr_array_set_size (timeline->proxies, (int) timeline->proxies->len - 1);
  }
  while (timeline->proxies->len < end - begin) {
    GtkWidget *proxy = ls_lane_proxy_new ();
    gtk_widget_set_parent (proxy, GTK_WIDGET (timeline));
    g_ptr_array_add (timeline->proxies, proxy);
  }
  for (guint i = begin; i < end; i++) {
    g_autofree char *text = dup_lane_text (timeline, trace, &lanes[i]);
    ls_lane_proxy_set_text (g_ptr_array_index (timeline->proxies, i - begin), text);
  }
  update_event_proxy (timeline, trace);
  if (is_other_count)
    gtk_widget_queue_allocate (GTK_WIDGET (timeline));
  return G_SOURCE_REMOVE;
}

void
ls_timeline_queue_proxies (LsTimeline *timeline)
{
  /* After the frame: words are no part of it. */
  if (timeline->proxy_source == 0)
    timeline->proxy_source = g_idle_add_full (G_PRIORITY_LOW, update_proxies, timeline, NULL);
}

void
ls_timeline_allocate_proxies (LsTimeline *timeline)
{
  LsScene *scene = ls_timeline_get_scene (timeline);
  int width = gtk_widget_get_width (GTK_WIDGET (timeline));
  guint n = 0, begin = 0, end = 0;
  const LsLane *lanes = scene ? ls_scene_get_lanes (scene, &n) : NULL;
  if (scene)
    get_visible_lanes (timeline, scene, &begin, &end);
  double top = ls_timeline_get_lanes_y (timeline) - ls_timeline_get_scroll (timeline);
  gtk_widget_size_allocate (timeline->event_proxy, &(GtkAllocation){ 0, 0, width, 1 }, -1);
  for (guint i = 0; i < timeline->proxies->len; i++) {
    GtkAllocation place = { 0, 0, width, 1 };
    if (begin + i < end) {
      place.y = (int) (lanes[begin + i].y_px + top);
      place.height = MAX ((int) lanes[begin + i].height_px, 1);
    }
    gtk_widget_size_allocate (g_ptr_array_index (timeline->proxies, i), &place, -1);
  }
}
