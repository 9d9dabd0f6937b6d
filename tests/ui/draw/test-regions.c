/* SPDX-License-Identifier: MIT */
/* Regions of a thread, which nest: what is in a long one is painted, however many there are. */
#include "scenes.h"

#define N_SHORT 6000
#define END_NS 20000000

/* One for the whole time; in it thousands of short ones, and then one for the second half. */
static LsTrace *
open_nested (void)
{
  g_autoptr (GString) lines =
    g_string_new ("{\"ts\":0,\"tid\":1,\"ev\":\"begin\",\"name\":\"all\"}\n");
  for (guint i = 0; i < N_SHORT; i++)
    g_string_append_printf (lines,
                            "{\"ts\":%u,\"tid\":1,\"ev\":\"begin\",\"name\":\"short\"}\n"
                            "{\"ts\":%u,\"tid\":1,\"ev\":\"end\",\"name\":\"short\"}\n",
                            1000 * i + 1, 1000 * i + 500);
  g_string_append_printf (lines,
                          "{\"ts\":%u,\"tid\":1,\"ev\":\"begin\",\"name\":\"half\"}\n"
                          "{\"ts\":%u,\"tid\":1,\"ev\":\"end\",\"name\":\"half\"}\n"
                          "{\"ts\":%u,\"tid\":1,\"ev\":\"end\",\"name\":\"all\"}\n",
                          END_NS / 2, END_NS - 1, END_NS);
  return test_open (lines->str);
}

static void
test_nested (void)
{
  g_autoptr (LsTrace) trace = open_nested ();
  g_autoptr (LsScene) scene = test_scene (trace, NULL, 1400);
  cairo_surface_t *surface = test_paint (scene, false);
  const LsAxis *axis = ls_scene_get_axis (scene);
  guint n, n_rows = 0;
  const LsLane *lane =
    &ls_scene_get_lanes (scene, &n)[ls_scene_find_lane (scene, LS_LANE_THREAD, 0)];
  LsColor fill = ls_color_mix (ls_scene_get_palette (scene)->ground,
                               ls_scene_get_thread_color (scene, 0, NULL), 0.25);
  int x = (int) (ls_scene_get_label_width (scene) + ls_axis_x_of_time (axis, END_NS / 4 * 3));
  bool was_filled = false;
  for (int y = (int) lane->y_px; y < lane->y_px + lane->height_px; y++) {
    bool is_filled = test_is_color (test_pixel (surface, x, y), fill);
    n_rows += is_filled && !was_filled;
    was_filled = is_filled;
  }
  g_assert_cmpuint (n_rows, ==, 2);
  cairo_surface_destroy (surface);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/regions/nested", test_nested);
  return g_test_run ();
}
