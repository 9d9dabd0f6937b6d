/* SPDX-License-Identifier: MIT */
/* The session without a window: what is set is told, what is out of range is clamped. */
#include <math.h>

#include "await.h"
#include "navigate.h"

static void
count (guint *n)
{
  (*n)++;
}

static void
test_cursor (void)
{
  g_autoptr (LsSession) session = new_sample_session ();
  guint n = 0;
  g_signal_connect_swapped (session, "notify::cursor", G_CALLBACK (count), &n);
  g_assert_cmpuint (ls_session_get_cursor (session), ==, LS_NONE);
  ls_session_set_cursor (session, 4);
  g_assert_cmpuint (n, ==, 1);
  ls_session_set_cursor (session, 4);
  g_assert_cmpuint (n, ==, 1);
  ls_session_set_cursor (session, 1000); /* past the end: before the first */
  g_assert_cmpuint (ls_session_get_cursor (session), ==, LS_NONE);
  g_assert_cmpuint (n, ==, 2);
}

static void
test_selection (void)
{
  g_autoptr (LsSession) session = new_sample_session ();
  guint n_event = 0, n_lane = 0, n_cursor = 0;
  g_signal_connect_swapped (session, "notify::event", G_CALLBACK (count), &n_event);
  g_signal_connect_swapped (session, "notify::lane", G_CALLBACK (count), &n_lane);
  g_signal_connect_swapped (session, "notify::cursor", G_CALLBACK (count), &n_cursor);
  ls_session_select (session, 1, 7);
  g_assert_cmpuint (ls_session_get_event (session), ==, 7);
  g_assert_cmpuint (ls_session_get_lane (session), ==, 1);
  g_assert_cmpuint (ls_session_get_cursor (session), ==, 7); /* goes with the event */
  g_assert_cmpuint (n_event, ==, 1);
  g_assert_cmpuint (n_lane, ==, 1);
  g_assert_cmpuint (n_cursor, ==, 1);
  ls_session_select (session, 5000, LS_NONE);
  g_assert_cmpuint (ls_session_get_lane (session), ==, LS_NONE);
  g_assert_cmpuint (ls_session_get_cursor (session), ==, 7);
}

static void
test_view (void)
{
  g_autoptr (LsSession) session = new_sample_session ();
  guint n = 0;
  g_signal_connect_swapped (session, "view-changed", G_CALLBACK (count), &n);
  LsView whole = ls_session_get_whole (session);
  ls_session_set_view (session, (LsView){ 1e6, 5e6 });
  LsView view = ls_session_get_view (session);
  g_assert_cmpfloat (view.begin_u, ==, 1e6);
  g_assert_cmpfloat (view.end_u, ==, 5e6);
  g_assert_cmpuint (n, ==, 1);

  const LsView strange[] = {
    { -1e300, 1e300 }, { NAN, 5 }, { 7, 7 }, { 9, 2 }, { INFINITY, INFINITY }, { 1e18, 2e18 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (strange); i++) {
    ls_session_set_view (session, strange[i]);
    view = ls_session_get_view (session);
    g_assert_cmpfloat (view.begin_u, >=, whole.begin_u - 1);
    g_assert_cmpfloat (view.end_u, <=, whole.end_u + 1);
    g_assert_cmpfloat (view.end_u, >, view.begin_u);
  }
}

static void
test_history (void)
{
  g_autoptr (LsSession) session = new_sample_session ();
  gboolean back;
  LsView whole = ls_session_get_view (session);
  ls_session_go_back (session); /* nowhere to go */
  ls_session_jump_to_view (session, (LsView){ 1e6, 5e6 });
  g_object_get (session, "can-go-back", &back, NULL);
  g_assert_true (back);
  ls_session_set_order (session, TRUE);
  g_assert_cmpint (ls_session_get_options (session)->axis, ==, LS_AXIS_ORDER);
  ls_session_go_back (session);
  g_assert_cmpint (ls_session_get_options (session)->axis, ==, LS_AXIS_TIME);
  g_assert_cmpfloat (ls_session_get_view (session).begin_u, ==, 1e6);
  ls_session_go_back (session);
  g_assert_cmpfloat (ls_session_get_view (session).begin_u, ==, whole.begin_u);
  ls_session_go_forward (session);
  g_assert_cmpfloat (ls_session_get_view (session).begin_u, ==, 1e6);
}

static void
test_zoom_holds_anchor (void)
{
  g_autoptr (LsSession) session = new_sample_session ();
  LsAxis *axis = ls_scene_get_axis (ls_session_get_scene (session));
  double width = ls_scene_get_plot_width (ls_session_get_scene (session));
  ls_session_set_pointer (session, 0.25);
  double u = ls_axis_u_of_x (axis, width / 4);
  for (int i = 0; i < 8; i++)
    ls_navigate_zoom (session, 1.5);
  g_assert_cmpfloat_with_epsilon (ls_axis_u_of_x (axis, width / 4), u, 1);
  for (int i = 0; i < 40; i++)
    ls_navigate_zoom (session, 1 / 1.5);
  LsView view = ls_session_get_view (session), whole = ls_session_get_whole (session);
  g_assert_cmpfloat_with_epsilon (view.begin_u, whole.begin_u, 1);
  g_assert_cmpfloat_with_epsilon (view.end_u, whole.end_u, 1);
}

static void
test_stepping (void)
{
  g_autoptr (LsSession) session = new_sample_session ();
  LsTrace *trace = ls_session_get_trace (session);
  uint32_t n = ls_trace_get_n_events (trace);
  ls_navigate_step (session, -1);
  g_assert_cmpuint (ls_session_get_cursor (session), ==, LS_NONE);
  for (uint32_t k = 0; k < n + 3; k++) {
    ls_navigate_step (session, +1);
    g_assert_cmpuint (ls_session_get_cursor (session), ==, MIN (k, n - 1));
  }
  ls_navigate_to_end (session, -1);
  g_assert_cmpuint (ls_session_get_cursor (session), ==, 0);

  uint32_t thread = ls_trace_get_event_thread (trace, 0);
  ls_navigate_step_in_lane (session, +1);
  g_assert_cmpuint (ls_session_get_cursor (session), ==,
                    ls_trace_find_next_of_thread (trace, thread, 0));
  ls_navigate_step_in_lane (session, -1);
  g_assert_cmpuint (ls_session_get_cursor (session), ==, 0);
}

/* The second acquire of log.lock was let by the first release; and back again. */
static void
test_causes (void)
{
  g_autoptr (LsSession) session = new_sample_session ();
  LsTrace *trace = ls_session_get_trace (session);
  ls_navigate_to_event (session, 9);
  g_assert_cmpint (ls_trace_get_kind (trace, 9), ==, LS_EV_ACQUIRE);
  ls_navigate_to_cause (session);
  g_assert_cmpuint (ls_session_get_cursor (session), ==, 8);
  g_assert_cmpint (ls_trace_get_kind (trace, 8), ==, LS_EV_RELEASE);
  ls_navigate_from_cause (session);
  g_assert_cmpuint (ls_session_get_cursor (session), ==, 9);
  ls_navigate_from_cause (session);
  g_assert_cmpuint (ls_session_get_cursor (session), ==, 9);
  ls_navigate_to_event (session, 7); /* the wait itself leads there too */
  ls_navigate_to_cause (session);
  g_assert_cmpuint (ls_session_get_cursor (session), ==, 8);
}

static void
test_findings (void)
{
  g_autoptr (LsSession) session = new_sample_session ();
  GPtrArray *findings = ls_session_get_findings (session);
  guint n = 0;
  g_assert_cmpuint (findings->len, >, 0);
  g_signal_connect_swapped (session, "notify::finding", G_CALLBACK (count), &n);
  ls_navigate_finding (session, +1);
  g_assert_cmpuint (ls_session_get_finding (session), ==, 0);
  g_assert_cmpuint (n, ==, 1);
  const LsFinding *finding = g_ptr_array_index (findings, 0);
  bool is_step = false;
  for (guint i = 0; i < finding->steps->len; i++)
    is_step |= g_array_index (finding->steps, LsStep, i).event == ls_session_get_cursor (session);
  g_assert_true (is_step);
  for (guint i = 0; i < findings->len; i++)
    ls_navigate_finding (session, +1);
  g_assert_cmpuint (ls_session_get_finding (session), ==, 0); /* round again */
  for (int i = 0; i < 4; i++)
    ls_navigate_clear (session);
  g_assert_cmpuint (ls_session_get_finding (session), ==, LS_NONE);
  g_assert_cmpuint (ls_session_get_event (session), ==, LS_NONE);
}

/* Lanes have other numbers after a section was closed: the same one stays selected. */
static void
test_lane_survives_layout (void)
{
  g_autoptr (LsSession) session = new_sample_session ();
  LsScene *scene = ls_session_get_scene (session);
  guint n, lane = ls_scene_find_lane (scene, LS_LANE_VALUE, 1);
  g_assert_cmpuint (lane, !=, G_MAXUINT);
  ls_session_select (session, lane, LS_NONE);
  ls_navigate_toggle_lane (session, 0); /* the heading of the threads */
  g_assert_true (ls_session_get_options (session)->section_closed[LS_SECTION_THREADS]);
  const LsLane *lanes = ls_scene_get_lanes (scene, &n);
  uint32_t selected = ls_session_get_lane (session);
  g_assert_cmpuint (selected, <, n);
  g_assert_cmpuint (selected, !=, lane);
  g_assert_cmpint (lanes[selected].kind, ==, LS_LANE_VALUE);
}

static gboolean
has_stopped (gpointer session)
{
  return !ls_session_get_playing (session);
}

static void
test_playing (void)
{
  g_autoptr (LsSession) session = new_sample_session ();
  uint32_t n = ls_trace_get_n_events (ls_session_get_trace (session));
  ls_navigate_to_event (session, n - 3);
  ls_session_set_playing (session, TRUE);
  g_assert_true (await (has_stopped, session));
  g_assert_cmpuint (ls_session_get_cursor (session), ==, n - 1);
}

static void
test_span (void)
{
  g_autoptr (LsSession) session = new_sample_session ();
  guint n = 0;
  g_signal_connect_swapped (session, "notify::has-span", G_CALLBACK (count), &n);
  LsSpanSelection span = { { 5000000, 9000000 }, 6, 12 };
  ls_session_set_span (session, NULL);
  g_assert_cmpuint (n, ==, 0);
  ls_session_set_span (session, &span);
  g_assert_cmpint (ls_session_get_span (session)->begin_event, ==, 6);
  ls_navigate_fit_selection (session);
  g_assert_cmpfloat (ls_session_get_view (session).begin_u, <, 5200000);
  g_assert_cmpfloat (ls_session_get_view (session).begin_u, >, 3000000);
  ls_navigate_clear (session);
  g_assert_null (ls_session_get_span (session));
  g_assert_cmpuint (n, ==, 2);
}

int
main (int argc, char **argv)
{
  init_tests (&argc, &argv);
  g_test_add_func ("/session/cursor", test_cursor);
  g_test_add_func ("/session/selection", test_selection);
  g_test_add_func ("/session/view", test_view);
  g_test_add_func ("/session/history", test_history);
  g_test_add_func ("/session/zoom-holds-anchor", test_zoom_holds_anchor);
  g_test_add_func ("/session/stepping", test_stepping);
  g_test_add_func ("/session/causes", test_causes);
  g_test_add_func ("/session/findings", test_findings);
  g_test_add_func ("/session/lane-survives-layout", test_lane_survives_layout);
  g_test_add_func ("/session/playing", test_playing);
  g_test_add_func ("/session/span", test_span);
  return g_test_run ();
}
