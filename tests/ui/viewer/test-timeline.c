/* SPDX-License-Identifier: MIT */
/* The timeline in a window: what it keeps painted, what it says to assistive technology, how it
 * moves. */
#include <math.h>
#include <string.h>

#include "await.h"
#include "lane-proxy.h"
#include "navigate.h"
#include "timeline-private.h"
#include "window-private.h"

#define SAMPLE SAMPLES "/mockup.trace.jsonl"

/* A step of the cursor paints no lane anew; a zoom paints all. */
static void
test_nodes_are_kept (void)
{
  g_autoptr (LsSession) session = new_sample_session ();
  LsScene *scene = ls_session_get_scene (session);
  LsNodes *nodes = ls_nodes_new ();
  GskRenderNode *lane = gsk_render_node_ref (ls_nodes_get_lane (nodes, scene, 1, 800));
  GskRenderNode *ruler = gsk_render_node_ref (ls_nodes_get_part (nodes, scene, LS_PART_RULER, 800));
  ls_nodes_drop (nodes, LS_NODES_PARTS | LS_NODES_CURSOR);
  g_assert_true (ls_nodes_get_lane (nodes, scene, 1, 800) == lane);
  g_assert_true (ls_nodes_get_part (nodes, scene, LS_PART_RULER, 800) != ruler);
  ls_nodes_drop (nodes, LS_NODES_ALL);
  g_assert_true (ls_nodes_get_lane (nodes, scene, 1, 800) != lane);
  gsk_render_node_unref (lane);
  gsk_render_node_unref (ruler);
  ls_nodes_free (nodes);
}

static gboolean
has_words (gpointer data)
{
  LsTimeline *timeline = data;
  uint32_t cursor = ls_session_get_cursor (timeline->session);
  g_autofree char *text =
    cursor == LS_NONE ? NULL
                      : ls_trace_dup_event_text (ls_session_get_trace (timeline->session), cursor);
  const char *said = ls_lane_proxy_get_text (LS_LANE_PROXY (timeline->event_proxy));
  return timeline->proxies->len > 0 && text && g_strcmp0 (said, text) == 0;
}

/* The lanes are children with words, and the focused event's follow the cursor. */
static void
test_accessible_children (void)
{
  LsWindow *window = new_window (SAMPLE);
  LsSession *session = ls_window_get_session (window);
  LsTimeline *timeline = window->timeline;
  ls_navigate_to_event (session, 16);
  g_assert_true (await (has_words, timeline));
  gboolean has_main = FALSE;
  for (guint i = 0; i < timeline->proxies->len; i++) {
    LsLaneProxy *proxy = g_ptr_array_index (timeline->proxies, i);
    const char *text = ls_lane_proxy_get_text (proxy);
    has_main |= g_str_has_prefix (text, "main");
    gtk_test_accessible_assert_role (proxy, GTK_ACCESSIBLE_ROLE_LIST_ITEM);
    gtk_test_accessible_assert_property (proxy, GTK_ACCESSIBLE_PROPERTY_LABEL, text);
  }
  g_assert_true (has_main);
  ls_navigate_step (session, +1);
  g_assert_true (await (has_words, timeline));
  gtk_test_accessible_assert_property (timeline->event_proxy, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       ls_lane_proxy_get_text (
                                         LS_LANE_PROXY (timeline->event_proxy)));
  gtk_test_accessible_assert_role (timeline, GTK_ACCESSIBLE_ROLE_LIST);
  end_window (window);
}

static gboolean
has_arrived (gpointer data)
{
  LsView view = ls_session_get_view (data), target = ls_session_get_target (data);
  return view.begin_u == target.begin_u && view.end_u == target.end_u;
}

/* An animated zoom ends exactly where it should, retargeted on its way. */
static void
test_animation_arrives (void)
{
  LsWindow *window = new_window (SAMPLE);
  LsSession *session = ls_window_get_session (window);
  ls_session_go_to_view (session, (LsView){ 1e6, 9e6 });
  for (int i = 0; i < 5; i++)
    ls_navigate_zoom (session, 1.25);
  LsView target = ls_session_get_target (session);
  g_assert_cmpfloat_with_epsilon (target.end_u - target.begin_u, 8e6 / pow (1.25, 5), 1);
  g_assert_true (await (has_arrived, session));
  g_assert_cmpfloat (ls_session_get_view (session).begin_u, ==, target.begin_u);
  end_window (window);
}

/* Places in the widget, and a click on a lane's empty room: the cursor goes to the last event. */
static void
test_places (void)
{
  LsWindow *window = new_window (SAMPLE);
  LsTimeline *timeline = window->timeline;
  LsSpot spot = ls_timeline_locate (timeline, 4, 4);
  g_assert_cmpint (spot.region, ==, LS_REGION_OVERVIEW);
  g_assert_true (spot.in_labels);
  double lanes_y = ls_timeline_get_lanes_y (timeline);
  double labels = ls_timeline_get_label_width (timeline);
  spot = ls_timeline_locate (timeline, labels + 10, lanes_y + 3);
  g_assert_cmpint (spot.region, ==, LS_REGION_LANES);
  g_assert_false (spot.in_labels);
  g_assert_cmpfloat (spot.x, ==, 10);
  g_assert_cmpfloat (spot.y, ==, 3);
  end_window (window);
}

/* Narrow, wide, tiny: no size may upset the layout. */
static void
test_sizes (void)
{
  LsWindow *window = new_window (SAMPLE);
  static const int sizes[][2] = { { 420, 380 }, { 900, 600 }, { 1500, 950 } };
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    gtk_window_set_default_size (GTK_WINDOW (window), sizes[i][0], sizes[i][1]);
    settle ();
    int width, height;
    g_free (dup_pixels (window, &width, &height));
  }
  end_window (window);
}

int
main (int argc, char **argv)
{
  init_tests (&argc, &argv);
  g_test_add_func ("/timeline/nodes-are-kept", test_nodes_are_kept);
  g_test_add_func ("/timeline/accessible-children", test_accessible_children);
  g_test_add_func ("/timeline/animation-arrives", test_animation_arrives);
  g_test_add_func ("/timeline/places", test_places);
  g_test_add_func ("/timeline/sizes", test_sizes);
  return g_test_run ();
}
