/* SPDX-License-Identifier: MIT */
/* Lanes: which, in which order, how high; colours; framing; what is under the pointer. */
#include <math.h>
#include <string.h>

#include "names.h"
#include "scenes.h"

static void
check_stacked (LsScene *scene)
{
  guint n;
  const LsLane *lanes = ls_scene_get_lanes (scene, &n);
  double y = 0;
  for (guint i = 0; i < n; i++) {
    g_assert_cmpfloat (lanes[i].y_px, ==, y);
    g_assert_cmpfloat (lanes[i].height_px, >, 0);
    g_assert_cmpfloat (lanes[i].height_px, ==, round (lanes[i].height_px));
    g_assert_nonnull (lanes[i].name);
    g_assert_cmpuint (ls_scene_find_lane_at (scene, y), ==, i);
    y += lanes[i].height_px;
    g_assert_cmpuint (ls_scene_find_lane_at (scene, y - 0.5), ==, i);
    g_assert_cmpuint (ls_scene_find_lane (scene, lanes[i].kind, lanes[i].index), ==, i);
  }
  g_assert_cmpfloat (ls_scene_get_lanes_height (scene), ==, y);
  g_assert_cmpuint (ls_scene_find_lane_at (scene, y), ==, G_MAXUINT);
  g_assert_cmpuint (ls_scene_find_lane_at (scene, -1), ==, G_MAXUINT);
  g_assert_cmpuint (ls_scene_find_lane_at (scene, NAN), ==, G_MAXUINT);
}

static void
test_lanes (void)
{
  g_autoptr (LsTrace) trace = test_open_sample ("mockup");
  g_autoptr (GPtrArray) findings = test_findings_of_mockup (trace);
  g_autoptr (LsScene) scene = test_scene (trace, findings, 1200);
  static const struct {
    LsLaneKind kind;
    const char *name;
  } expected[] = {
    { LS_LANE_SECTION, "Threads" },
    { LS_LANE_THREAD, "main" },
    { LS_LANE_THREAD, "executor-0" },
    { LS_LANE_THREAD, "executor-1" },
    { LS_LANE_SECTION, "Locks and signals" },
    { LS_LANE_OBJECT, "log.lock" },
    { LS_LANE_SECTION, "Values" },
    { LS_LANE_VALUE, "database.value" },
    { LS_LANE_SECTION, "Counters" },
    { LS_LANE_ACTIVE, "active threads" },
  };
  guint n;
  const LsLane *lanes = ls_scene_get_lanes (scene, &n);
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < n; i++) {
    g_assert_cmpint (lanes[i].kind, ==, expected[i].kind);
    g_assert_cmpstr (lanes[i].name, ==, expected[i].name);
  }
  check_stacked (scene);
  g_assert_cmpuint (ls_scene_find_lane_of_event (scene, 10), ==, 2);
  g_assert_cmpuint (ls_scene_find_lane_of_event (scene, LS_NONE), ==, G_MAXUINT);

  LsSceneOptions options = *ls_scene_get_options (scene);
  options.section_closed[LS_SECTION_THREADS] = true;
  options.text_scale = 1.5;
  ls_scene_set_options (scene, &options);
  ls_scene_get_lanes (scene, &n);
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (expected) - 3);
  check_stacked (scene);
  g_assert_cmpuint (ls_scene_find_lane_of_event (scene, 10), ==, G_MAXUINT);
}

/* Threads in findings choose first; folding and unfolding recolours nobody. */
static void
test_colors (void)
{
  g_autoptr (LsTrace) trace = test_open_sample ("mockup");
  g_autoptr (GPtrArray) findings = test_findings_of_mockup (trace);
  g_autoptr (LsScene) scene = test_scene (trace, findings, 1200);
  const LsPalette *palette = ls_scene_get_palette (scene);
  static const guint expected[] = { 2, 0, 1 };
  for (uint32_t i = 0; i < 3; i++) {
    char letter = 'x';
    LsColor color = ls_scene_get_thread_color (scene, i, &letter);
    g_assert_cmpuint (ls_color_to_argb (color), ==,
                      ls_color_to_argb (palette->thread[expected[i]]));
    g_assert_cmpint (letter, ==, 0);
  }
  ls_scene_get_thread_color (scene, 12345, NULL); /* no such thread: grey */
}

static LsTrace *
open_crowd (guint n_threads, const char *stem)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 1; i <= n_threads; i++) {
    g_string_append_printf (text, "{\"thread\":%u,\"name\":\"%s%u\"}\n", i, stem, i);
    g_string_append_printf (text, "{\"ts\":%u,\"tid\":%u,\"ev\":\"start\"}\n", i * 10, i);
    g_string_append_printf (text, "{\"ts\":%u,\"tid\":%u,\"ev\":\"finish\"}\n", i * 10 + 500, i);
  }
  return test_open (text->str);
}

static void
test_many_threads (void)
{
  static const struct {
    guint n;
    LsLaneSize size;
  } cases[] = { { 12, LS_LANE_LARGE }, { 30, LS_LANE_MEDIUM } };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (LsTrace) trace = open_crowd (cases[i].n, "worker-");
    g_autoptr (LsScene) scene = test_scene (trace, NULL, 1000);
    guint lane = ls_scene_find_lane (scene, LS_LANE_THREAD, 3), n;
    g_assert_cmpint (ls_scene_get_lanes (scene, &n)[lane].size, ==, cases[i].size);
    char letter;
    ls_scene_get_thread_color (scene, 5, &letter);
    g_assert_cmpint (letter, ==, 0);
    ls_scene_get_thread_color (scene, 6, &letter);
    g_assert_cmpint (letter, ==, 'A');
  }
}

static void
test_family (void)
{
  g_autoptr (LsTrace) trace = open_crowd (300, "request-");
  g_autoptr (LsScene) scene = test_scene (trace, NULL, 1000);
  g_assert_cmpuint (ls_scene_get_n_families (scene), ==, 1);
  guint n;
  const char *name;
  g_assert_nonnull (ls_scene_get_family (scene, 0, &n, &name));
  g_assert_cmpuint (n, ==, 300);
  g_assert_cmpstr (name, ==, "request-*");
  guint lane = ls_scene_find_lane (scene, LS_LANE_FAMILY, 0);
  g_assert_cmpuint (lane, ==, 1);
  g_assert_cmpuint (ls_scene_find_lane_of_event (scene, 100), ==, lane);
  cairo_surface_destroy (test_paint (scene, true));

  LsSceneOptions options = *ls_scene_get_options (scene);
  options.unfold_families = true;
  ls_scene_set_options (scene, &options);
  lane = ls_scene_find_lane (scene, LS_LANE_THREAD, 299);
  g_assert_cmpuint (lane, ==, 300);
  g_assert_cmpint (ls_scene_get_lanes (scene, &n)[lane].size, ==, LS_LANE_SMALL);
  check_stacked (scene);
  cairo_surface_destroy (test_paint (scene, true));
}

/* A big trace folds what nobody waited for, save what a finding is about. */
static void
test_uncontended (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 1; i <= 40; i++) {
    g_string_append_printf (text, "{\"object\":%u,\"kind\":\"mutex\"}\n", i);
    g_string_append_printf (text, "{\"ts\":%u,\"tid\":1,\"ev\":\"acquire\",\"obj\":%u}\n", i * 10,
                            i);
    if (i == 7)
      g_string_append (text, "{\"ts\":72,\"tid\":2,\"ev\":\"wait\",\"obj\":7}\n");
    g_string_append_printf (text, "{\"ts\":%u,\"tid\":1,\"ev\":\"release\",\"obj\":%u}\n",
                            i * 10 + 5, i);
    if (i == 7)
      g_string_append (text, "{\"ts\":76,\"tid\":2,\"ev\":\"acquire\",\"obj\":7}\n");
  }
  g_autoptr (LsTrace) trace = test_open (text->str);
  g_autoptr (LsScene) scene = test_scene (trace, NULL, 1000);
  guint n;
  const LsLane *lanes = ls_scene_get_lanes (scene, &n);
  guint contended = ls_scene_find_lane (scene, LS_LANE_OBJECT, 6);
  g_assert_cmpuint (contended, !=, G_MAXUINT);
  guint folded = ls_scene_find_lane (scene, LS_LANE_FOLDED, LS_SECTION_LOCKS);
  g_assert_cmpuint (folded, ==, contended + 1);
  g_assert_cmpstr (lanes[folded].name, ==, "… 39 uncontended locks folded");
  LsSceneOptions options = *ls_scene_get_options (scene);
  options.show_uncontended = true;
  ls_scene_set_options (scene, &options);
  g_assert_cmpuint (ls_scene_find_lane (scene, LS_LANE_FOLDED, LS_SECTION_LOCKS), ==, G_MAXUINT);
  g_assert_cmpuint (ls_scene_find_lane (scene, LS_LANE_OBJECT, 39), !=, G_MAXUINT);
}

/* The same of values that one thread has for itself. */
static void
test_unshared (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 1; i <= 40; i++) {
    g_string_append_printf (text, "{\"object\":%u,\"kind\":\"value\"}\n", i);
    for (guint j = 0; j < 3; j++)
      g_string_append_printf (text,
                              "{\"ts\":%u,\"tid\":%u,\"ev\":\"write\",\"obj\":%u,\"val\":1}\n",
                              i * 10 + j, i % 8 == 0 && j == 1 ? 2 : 1, i);
  }
  g_autoptr (LsTrace) trace = test_open (text->str);
  g_autoptr (LsScene) scene = test_scene (trace, NULL, 1000);
  guint n;
  const LsLane *lanes = ls_scene_get_lanes (scene, &n);
  guint folded = ls_scene_find_lane (scene, LS_LANE_FOLDED, LS_SECTION_VALUES);
  g_assert_cmpuint (folded, !=, G_MAXUINT);
  g_assert_cmpstr (lanes[folded].name, ==, "… 35 unshared values folded");
  for (uint32_t i = 0; i < 40; i++)
    g_assert_true ((ls_scene_find_lane (scene, LS_LANE_VALUE, i) != G_MAXUINT) ==
                   ((i + 1) % 8 == 0));
}

/* The events in view stay in view over a change of the axis. */
static void
test_change_of_axis (void)
{
  g_autoptr (LsTrace) trace = test_open_sample ("mockup");
  g_autoptr (LsScene) scene = test_scene (trace, NULL, 1200);
  LsAxis *axis = ls_scene_get_axis (scene);
  ls_axis_set_view (axis, 5e6, 9e6, ls_scene_get_plot_width (scene));
  uint32_t begin, end, order_begin, order_end;
  ls_axis_get_events (axis, &begin, &end);
  LsSceneOptions options = *ls_scene_get_options (scene);
  options.axis = LS_AXIS_ORDER;
  ls_scene_set_options (scene, &options);
  ls_axis_get_events (ls_scene_get_axis (scene), &order_begin, &order_end);
  g_assert_cmpuint (ABS ((int) begin - (int) order_begin), <=, 1);
  g_assert_cmpuint (ABS ((int) end - (int) order_end), <=, 1);
  options.axis = LS_AXIS_TIME;
  ls_scene_set_options (scene, &options);
  uint32_t again_begin, again_end;
  ls_axis_get_events (ls_scene_get_axis (scene), &again_begin, &again_end);
  g_assert_cmpuint (ABS ((int) begin - (int) again_begin), <=, 1);
  g_assert_cmpuint (ABS ((int) end - (int) again_end), <=, 1);
}

static void
test_frame_finding (void)
{
  g_autoptr (LsTrace) trace = test_open_sample ("mockup");
  g_autoptr (GPtrArray) findings = test_findings_of_mockup (trace);
  g_autoptr (LsScene) scene = test_scene (trace, findings, 1200);
  ls_scene_frame_finding (scene, 99);
  ls_scene_frame_finding (scene, 0);
  /* 1.4 ms apart in 100 ms: only folding, then Order, keeps the steps apart. */
  const LsFinding *finding = g_ptr_array_index (findings, 0);
  LsAxis *axis = ls_scene_get_axis (scene);
  for (guint i = 1; i < finding->steps->len; i++) {
    double one = ls_axis_x_of_event (axis, g_array_index (finding->steps, LsStep, i - 1).event);
    double other = ls_axis_x_of_event (axis, g_array_index (finding->steps, LsStep, i).event);
    g_assert_cmpfloat (other - one, >=, 24);
    g_assert_cmpfloat (one, >=, 0);
    g_assert_cmpfloat (other, <=, ls_scene_get_plot_width (scene));
  }
}

/* -- Hits, against a look at everything -- */

static bool
has_shape (LsEventKind kind)
{
  return (ls_event_rows[kind].flags & (LS_EV_READS | LS_EV_WRITES)) != 0;
}

static void
check_hit (LsScene *scene, const LsLane *lane, double x, double y)
{
  LsTrace *trace = ls_scene_get_trace (scene);
  const LsAxis *axis = ls_scene_get_axis (scene);
  LsHit hit;
  ls_scene_hit_lane (scene, x, y, &hit);
  g_autofree char *tooltip = ls_scene_dup_tooltip (scene, &hit);
  g_assert_cmpuint (hit.lane, ==, ls_scene_find_lane_at (scene, y));
  if (hit.kind == LS_HIT_EVENT) {
    g_assert_cmpfloat (fabs (ls_axis_x_of_event (axis, hit.event) - x), <=, 6);
    g_assert_nonnull (tooltip);
  } else if (hit.kind == LS_HIT_INTERVAL) {
    g_assert_cmpfloat (ls_axis_x_of_begin (axis, &hit.interval) - 3, <=, x);
    g_assert_cmpfloat (ls_axis_x_of_end (axis, &hit.interval) + 3, >=, x);
    g_assert_nonnull (tooltip);
  }
  if (lane->kind != LS_LANE_THREAD || hit.kind == LS_HIT_EVENT)
    return;
  /* Nothing hit: there must be no access within reach of x. */
  uint32_t n;
  const uint32_t *events = ls_trace_get_thread_events (trace, lane->index, &n);
  bool on_bar = hit.kind == LS_HIT_LANE || (hit.kind == LS_HIT_INTERVAL && hit.interval.state != 0);
  for (uint32_t i = 0; on_bar && hit.kind == LS_HIT_INTERVAL && i < n; i++)
    if (has_shape (ls_trace_get_kind (trace, events[i])))
      g_assert_cmpfloat (fabs (ls_axis_x_of_event (axis, events[i]) - x), >=, 6 - 1e-9);
  if (hit.kind != LS_HIT_INTERVAL || hit.interval.state == LS_STATE_NONE)
    return;
  /* The bar hit is the one that covers x, when any does. */
  g_autofree LsInterval *states =
    ls_intervals_dup (ls_trace_get_thread_states (trace, lane->index), &n);
  for (uint32_t i = 0; i < n; i++)
    if (ls_axis_x_of_begin (axis, &states[i]) <= x && ls_axis_x_of_end (axis, &states[i]) > x) {
      g_assert_cmpmem (&hit.interval, sizeof hit.interval, &states[i], sizeof states[i]);
      return;
    }
}

static void
test_hits (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261122);
  for (int round = 0; round < 6; round++) {
    g_autoptr (LsTrace) trace = test_open_random (rand, 200, 4, 5);
    g_autoptr (LsScene) scene = test_scene (trace, NULL, 900);
    LsSceneOptions options = *ls_scene_get_options (scene);
    options.axis = round % 2 ? LS_AXIS_ORDER : LS_AXIS_TIME;
    ls_scene_set_options (scene, &options);
    guint n;
    const LsLane *lanes = ls_scene_get_lanes (scene, &n);
    for (int i = 0; i < 800; i++) {
      guint lane = (guint) g_rand_int_range (rand, 0, (int) n);
      double x = g_rand_double_range (rand, 0, ls_scene_get_plot_width (scene));
      double y = lanes[lane].y_px + g_rand_double_range (rand, 0, lanes[lane].height_px - 0.01);
      check_hit (scene, &lanes[lane], x, y);
    }
    LsHit hit;
    ls_scene_hit_lane (scene, NAN, NAN, &hit);
    g_assert_cmpint (hit.kind, ==, LS_HIT_NOTHING);
    ls_scene_hit_lane (scene, -5, 10, &hit);
    g_assert_cmpint (hit.kind, ==, LS_HIT_LABEL);
    ls_scene_hit_ruler (scene, NAN, NAN, &hit);
    g_assert_cmpint (hit.kind, ==, LS_HIT_NOTHING);
  }
}

static void
test_pins (void)
{
  g_autoptr (LsTrace) trace = test_open_sample ("mockup");
  g_autoptr (GPtrArray) findings = test_findings_of_mockup (trace);
  g_autoptr (LsScene) scene = test_scene (trace, findings, 1200);
  double middle = (ls_axis_x_of_event (ls_scene_get_axis (scene), 10) +
                   ls_axis_x_of_event (ls_scene_get_axis (scene), 18)) /
                  2;
  LsHit hit = { 0 };
  double height = ls_scene_get_part_height (scene, LS_PART_RULER);
  ls_scene_hit_ruler (scene, middle, height - 10, &hit);
  g_assert_cmpint (hit.kind, ==, LS_HIT_PIN);
  g_assert_cmpuint (hit.finding, ==, 0);
  g_autofree char *tooltip = ls_scene_dup_tooltip (scene, &hit);
  g_assert_nonnull (strstr (tooltip, "Lost update"));
  ls_scene_hit_ruler (scene, 2, height - 10, &hit);
  g_assert_cmpint (hit.kind, ==, LS_HIT_NOTHING);
  /* Its ladder has a row for each step. */
  g_assert_cmpint (ls_scene_find_ladder_step (scene, 0, 2), ==, -1);
  double ladder = ls_scene_get_ladder_height (scene, 0);
  g_assert_cmpint (ls_scene_find_ladder_step (scene, 0, ladder - 5), ==, 3);
  g_assert_cmpint (ls_scene_find_ladder_step (scene, 0, ladder + 5), ==, -1);
  g_assert_cmpint (ls_scene_find_ladder_step (scene, 99, 40), ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scene/lanes", test_lanes);
  g_test_add_func ("/scene/colors", test_colors);
  g_test_add_func ("/scene/many-threads", test_many_threads);
  g_test_add_func ("/scene/family", test_family);
  g_test_add_func ("/scene/uncontended", test_uncontended);
  g_test_add_func ("/scene/unshared", test_unshared);
  g_test_add_func ("/scene/change-of-axis", test_change_of_axis);
  g_test_add_func ("/scene/frame-finding", test_frame_finding);
  g_test_add_func ("/scene/hits", test_hits);
  g_test_add_func ("/scene/pins", test_pins);
  return g_test_run ();
}
