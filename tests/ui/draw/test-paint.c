/* SPDX-License-Identifier: MIT */
/* What is painted: the right colour where a bar is, nothing outside the clip, any trace at any zoom. */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "export.h"
#include "scenes.h"
#include "text.h"

#define SENTINEL 0x00ff00

/* Where the middle of thread's bar is, from the top of the lanes. */
static int
find_bar_y (LsScene *scene, cairo_surface_t *surface, uint32_t thread, int x)
{
  guint n;
  const LsLane *lane =
    &ls_scene_get_lanes (scene, &n)[ls_scene_find_lane (scene, LS_LANE_THREAD, thread)];
  LsColor color = ls_scene_get_thread_color (scene, thread, NULL);
  int first = -1, last = -1;
  for (int y = (int) lane->y_px; y < lane->y_px + lane->height_px; y++)
    if (test_is_color (test_pixel (surface, x, y), color)) {
      first = first < 0 ? y : first;
      last = y;
    }
  g_assert_cmpint (first, >=, 0);
  return (first + last) / 2;
}

static int
x_between (LsScene *scene, uint32_t a, uint32_t b, double share)
{
  const LsAxis *axis = ls_scene_get_axis (scene);
  double one = ls_axis_x_of_event (axis, a), other = ls_axis_x_of_event (axis, b);
  return (int) (ls_scene_get_label_width (scene) + one + (other - one) * share);
}

/* Whether the colour is anywhere in this rectangle. */
static bool
contains (cairo_surface_t *surface, LsColor color, int x0, int x1, int y0, int y1)
{
  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      if (test_is_color (test_pixel (surface, x, y), color))
        return true;
  return false;
}

static void
test_bars (void)
{
  g_autoptr (LsTrace) trace = test_open_sample ("mockup");
  g_autoptr (GPtrArray) findings = test_findings_of_mockup (trace);
  for (int mode = 0; mode < 4; mode++) {
    g_autoptr (LsScene) scene = test_scene (trace, findings, 1600);
    LsSceneOptions options = *ls_scene_get_options (scene);
    options.dark = mode & 1;
    options.axis = mode & 2 ? LS_AXIS_ORDER : LS_AXIS_TIME;
    options.fold_gaps = true;
    ls_scene_set_options (scene, &options);
    cairo_surface_t *surface = test_paint (scene, true);
    const LsPalette *palette = ls_scene_get_palette (scene);
    /* executor-1: not waiting from its start to its wait, then waits for log.lock, then sleeps. */
    int x = x_between (scene, 4, 7, 0.4);
    int y = find_bar_y (scene, surface, 2, x);
    int wait0 = x_between (scene, 7, 9, 0.03), wait1 = x_between (scene, 7, 9, 0.97);
    g_assert_true (contains (surface, palette->wait, wait0, wait1, y - 9, y + 9));
    LsColor own = ls_scene_get_thread_color (scene, 2, NULL);
    g_assert_false (contains (surface, own, wait0 + 4, wait1 - 4, y - 8, y + 8));
    int sleep0 = x_between (scene, 14, 17, 0.1), sleep1 = x_between (scene, 14, 17, 0.9);
    g_assert_true (contains (surface, palette->idle_ground, sleep0, sleep1, y - 9, y + 9));
    g_assert_false (contains (surface, palette->wait, sleep0, sleep1, y - 9, y + 9));
    /* Its hold of log.lock lies below, in grey. */
    int hold = x_between (scene, 9, 12, 0.9);
    g_assert_true (contains (surface, palette->hold, hold - 3, hold, y + 12, y + 30));
    /* Before its start and after its finish there is nothing. */
    x = x_between (scene, 0, 1, 0.5);
    for (int dy = -10; dy <= 10; dy++)
      g_assert_false (test_is_color (test_pixel (surface, x, y + dy), own));
    cairo_surface_destroy (surface);
  }
}

static void
test_finding (void)
{
  g_autoptr (LsTrace) trace = test_open_sample ("mockup");
  g_autoptr (GPtrArray) findings = test_findings_of_mockup (trace);
  g_autoptr (LsScene) scene = test_scene (trace, findings, 1600);
  LsSceneOptions options = *ls_scene_get_options (scene);
  options.axis = LS_AXIS_ORDER;
  cairo_surface_t *before = test_paint (scene, false);
  ls_scene_set_options (scene, &options);
  options.selected_finding = 0;
  ls_scene_set_options (scene, &options);
  cairo_surface_t *surface = test_paint (scene, false);
  guint n;
  const LsLane *lane =
    &ls_scene_get_lanes (scene, &n)[ls_scene_find_lane (scene, LS_LANE_THREAD, 2)];
  /* The bracket, from the read to the write, in the writer's lane and in no other. */
  LsColor red = ls_scene_get_palette (scene)->finding_text;
  int x0 = x_between (scene, 13, 18, 0.05), x1 = x_between (scene, 13, 18, 0.95);
  int y0 = (int) lane->y_px, y1 = (int) (lane->y_px + lane->height_px);
  g_assert_true (contains (surface, red, x0, x1, y0, y1));
  g_assert_false (contains (surface, red, x0, x1, 0, y0));
  g_assert_false (
    contains (before, red, x0, x1, y0, MIN (y1, cairo_image_surface_get_height (before))));
  /* The band tints the ground between its steps only. */
  int section_y = (int) lane->y_px + 3;
  guint32 inside = test_pixel (surface, x_between (scene, 10, 18, 0.27), section_y);
  guint32 outside = test_pixel (surface, x_between (scene, 18, 29, 0.27), section_y);
  g_assert_cmpuint (inside, !=, outside);
  cairo_surface_destroy (surface);
  cairo_surface_destroy (before);
}

/* -- Nothing outside -- */

static void
fill_sentinel (cairo_t *cr)
{
  cairo_set_source_rgb (cr, 0, 1, 0);
  cairo_paint (cr);
}

static void
check_outside (cairo_surface_t *surface, int x0, int y0, int x1, int y1)
{
  cairo_surface_flush (surface);
  for (int y = 0; y < cairo_image_surface_get_height (surface); y++)
    for (int x = 0; x < cairo_image_surface_get_width (surface); x++)
      if (x < x0 || x >= x1 || y < y0 || y >= y1)
        g_assert_cmpuint (test_pixel (surface, x, y), ==, SENTINEL);
}

static void
test_clip (void)
{
  g_autoptr (LsTrace) trace = test_open_sample ("mockup");
  g_autoptr (GPtrArray) findings = test_findings_of_mockup (trace);
  g_autoptr (LsScene) scene = test_scene (trace, findings, 500);
  LsSceneOptions options = *ls_scene_get_options (scene);
  options.selected_finding = 0;
  options.cursor = 18;
  ls_scene_set_options (scene, &options);
  ls_axis_set_view (ls_scene_get_axis (scene), 7e6, 12e6, ls_scene_get_plot_width (scene));
  int width = (int) ls_scene_get_plot_width (scene);
  guint n;
  const LsLane *lanes = ls_scene_get_lanes (scene, &n);
  for (guint i = 0; i < n + LS_PART_N; i++) {
    double height = i < n ? lanes[i].height_px : ls_scene_get_part_height (scene, (LsPart) (i - n));
    cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_RGB24, width + 40, (int) height + 40);
    cairo_t *cr = cairo_create (surface);
    fill_sentinel (cr);
    cairo_translate (cr, 20, 20);
    if (i < n)
      ls_paint_lane (cr, scene, i);
    else
      ls_paint_part (cr, scene, (LsPart) (i - n));
    cairo_destroy (cr);
    check_outside (surface, 20, 20, 20 + width, 20 + (int) height);
    cairo_surface_destroy (surface);
  }
}

/* -- Any trace at any zoom -- */

static void
paint_all (LsScene *scene)
{
  cairo_surface_destroy (test_paint (scene, true));
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 700, 300);
  cairo_t *cr = cairo_create (surface);
  for (int part = 0; part < LS_PART_N; part++) {
    ls_paint_part (cr, scene, (LsPart) part);
    ls_paint_part_label (cr, scene, (LsPart) part);
  }
  ls_paint_ladder (cr, scene, 0, 300);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static void
test_random (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (42);
  for (int round = 0; round < 10; round++) {
    g_autoptr (LsTrace) trace =
      test_open_random (rand, (guint) g_rand_int_range (rand, 0, 1500), 4, 12);
    g_autoptr (GPtrArray) findings =
      g_ptr_array_new_with_free_func ((GDestroyNotify) ls_finding_free);
    if (ls_trace_get_n_events (trace) > 20) {
      static const uint32_t steps[] = { 1, 5, 9, 20, LS_NONE };
      g_ptr_array_add (findings, test_finding_of (trace, LS_FINDING_LOST_UPDATE, steps));
      g_ptr_array_add (findings, test_finding_of (trace, LS_FINDING_DATA_RACE, steps));
    }
    g_autoptr (LsScene) scene = test_scene (trace, findings, 700);
    for (int view = 0; view < 8; view++) {
      LsSceneOptions options = *ls_scene_get_options (scene);
      options.dark = view & 1;
      options.axis = view & 2 ? LS_AXIS_ORDER : LS_AXIS_TIME;
      options.fold_gaps = view & 4;
      options.selected_finding = (uint32_t) view % 3;
      options.cursor = (uint32_t) g_rand_int_range (rand, 0, 2000);
      options.selected_event = (uint32_t) g_rand_int_range (rand, 0, 2000);
      options.lane_height_px = view == 5 ? 6 : view == 6 ? 22 : 0;
      ls_scene_set_options (scene, &options);
      LsAxis *axis = ls_scene_get_axis (scene);
      double length = ls_axis_get_length (axis);
      double begin = g_rand_double_range (rand, -0.1, 0.9) * length;
      ls_axis_set_view (axis, begin, begin + length * pow (10, -view * 1.5), 0.5 + 100 * view);
      ls_axis_set_width (axis, ls_scene_get_plot_width (scene));
      paint_all (scene);
    }
  }
}

/* Times near the end of their range, a view of one nanosecond: no coordinate may wrap. */
static void
test_huge (void)
{
  g_autoptr (LsTrace) trace =
    test_open ("{\"ts\":0,\"tid\":1,\"ev\":\"start\"}\n"
               "{\"ts\":9000000000000000000,\"tid\":1,\"ev\":\"yield\"}\n"
               "{\"ts\":9200000000000000000,\"tid\":1,\"ev\":\"finish\"}\n");
  g_autoptr (LsScene) scene = test_scene (trace, NULL, 800);
  LsAxis *axis = ls_scene_get_axis (scene);
  ls_axis_set_view (axis, 4.5e18, 4.5e18 + 1, ls_scene_get_plot_width (scene));
  cairo_surface_t *surface = test_paint (scene, false);
  /* Deep within the one bar of this life: it fills the plot. */
  int y = find_bar_y (scene, surface, 0, 500);
  LsColor color = ls_scene_get_thread_color (scene, 0, NULL);
  for (int x = (int) ls_scene_get_label_width (scene) + 2; x < 798; x += 7)
    g_assert_true (test_is_color (test_pixel (surface, x, y), color));
  cairo_surface_destroy (surface);
}

/* A lane of too many bars is a strip, in which a wait is not lost. */
static void
test_strip (void)
{
  g_autoptr (GString) text = g_string_new ("{\"object\":1,\"kind\":\"mutex\",\"name\":\"m\"}\n"
                                           "{\"ts\":0,\"tid\":1,\"ev\":\"start\"}\n");
  for (int i = 0; i < 6000; i++) {
    int64_t at = 1000 * (int64_t) i + 100;
    g_string_append_printf (text,
                            "{\"ts\":%" G_GINT64_FORMAT ",\"tid\":1,\"ev\":\"%s\"%s}\n"
                            "{\"ts\":%" G_GINT64_FORMAT ",\"tid\":1,\"ev\":\"%s\"%s}\n",
                            at, i == 3000 ? "wait" : "sleep", i == 3000 ? ",\"obj\":1" : "",
                            at + 500, i == 3000 ? "acquire" : "wake",
                            i == 3000 ? ",\"obj\":1" : "");
  }
  g_autoptr (LsTrace) trace = test_open (text->str);
  g_autoptr (LsScene) scene = test_scene (trace, NULL, 800);
  cairo_surface_t *surface = test_paint (scene, false);
  guint n;
  const LsLane *lane =
    &ls_scene_get_lanes (scene, &n)[ls_scene_find_lane (scene, LS_LANE_THREAD, 0)];
  int x = (int) (ls_scene_get_label_width (scene) +
                 ls_axis_x_of_time (ls_scene_get_axis (scene), 3000 * 1000 + 350));
  const LsPalette *palette = ls_scene_get_palette (scene);
  int y0 = (int) lane->y_px, y1 = (int) (lane->y_px + lane->height_px);
  g_assert_true (contains (surface, palette->wait, x - 2, x + 3, y0, y1));
  g_assert_false (contains (surface, palette->wait, x + 20, x + 100, y0, y1));
  /* Half of each column is the thread's colour. */
  int own = 0;
  for (int y = y0; y < y1; y++)
    own += test_is_color (test_pixel (surface, x + 50, y), palette->thread[0]);
  g_assert_cmpint (own, >, 5);
  g_assert_cmpint (own, <, 18);
  cairo_surface_destroy (surface);
}

/* -- Files, legend -- */

static void
test_export (void)
{
  g_autoptr (LsTrace) trace = test_open_sample ("mockup");
  g_autoptr (GPtrArray) findings = test_findings_of_mockup (trace);
  g_autoptr (LsScene) scene = test_scene (trace, findings, 1000);
  LsSceneOptions options = *ls_scene_get_options (scene);
  options.selected_finding = 0;
  ls_scene_set_options (scene, &options);
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("lockstitch-XXXXXX", &error);
  g_assert_no_error (error);
  static const struct {
    const char *name, *start;
  } files[] = { { "a.png", "\x89PNG" }, { "a.svg", "<?xml" }, { "a.pdf", "%PDF-" } };
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *path = g_build_filename (folder, files[i].name, NULL);
    g_assert_true (ls_scene_export (scene, path, 2, &error));
    g_assert_no_error (error);
    g_autofree char *bytes = NULL;
    gsize length;
    g_assert_true (g_file_get_contents (path, &bytes, &length, &error));
    g_assert_cmpuint (length, >, 5000);
    g_assert_true (memcmp (bytes, files[i].start, strlen (files[i].start)) == 0);
    if (i == 0) {
      cairo_surface_t *image = cairo_image_surface_create_from_png (path);
      g_assert_cmpint (cairo_image_surface_get_width (image), ==, 2000);
      g_assert_cmpint (cairo_image_surface_get_height (image), ==,
                       (int) ceil (2 * ls_paint_page_height (scene)));
      cairo_surface_destroy (image);
    }
    g_remove (path);
  }
  g_rmdir (folder);

  g_assert_false (ls_scene_export (scene, "picture.gif", 1, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  g_assert_false (ls_scene_export (scene, "/nowhere/at/all/a.png", 1, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  ls_scene_set_size (scene, 20000, 100);
  g_assert_false (ls_scene_export (scene, "a.png", 8, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void
test_legend (void)
{
  g_assert_cmpuint (ls_legend_get_n (), >, 25);
  LsLegendGroup last = LS_LEGEND_COLORS;
  for (guint row = 0; row < ls_legend_get_n (); row++) {
    g_assert_cmpint (strlen (ls_legend_get_text (row)), >, 0);
    g_assert_cmpint (ls_legend_get_group (row), >=, last);
    last = ls_legend_get_group (row);
    for (int dark = 0; dark < 2; dark++) {
      cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 60, 40);
      cairo_t *cr = cairo_create (surface);
      fill_sentinel (cr);
      cairo_translate (cr, 10, 10);
      ls_paint_legend_sample (cr, row, dark, 40, 20);
      cairo_destroy (cr);
      check_outside (surface, 10, 10, 50, 30);
      bool is_drawn = false;
      for (int i = 0; i < 40 * 20 && !is_drawn; i++)
        is_drawn = test_pixel (surface, 10 + i % 40, 10 + i / 40) != SENTINEL;
      g_assert_true (is_drawn);
      cairo_surface_destroy (surface);
    }
  }
}

/* Draws the text and returns its picture. */
static cairo_surface_t *
draw_text (LsText *text, LsFont font, const char *string)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 64, 32);
  cairo_t *cr = cairo_create (surface);
  ls_text_draw (text, cr, font, 4, 16, string);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

/* Some fonts would put a multiplication sign into "0x10". */
static void
test_letters (void)
{
  LsText *text = ls_text_new (1);
  for (LsFont font = 0; font < LS_FONT_N; font++) {
    cairo_surface_t *letter = draw_text (text, font, "0x10");
    cairo_surface_t *sign = draw_text (text, font,
                                       "0\xc3\x97"
                                       "10");
    gsize n = (gsize) cairo_image_surface_get_stride (letter) * 32;
    g_assert_cmpint (memcmp (cairo_image_surface_get_data (letter),
                             cairo_image_surface_get_data (sign), n),
                     !=, 0);
    cairo_surface_destroy (letter);
    cairo_surface_destroy (sign);
  }
  ls_text_free (text);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/paint/bars", test_bars);
  g_test_add_func ("/paint/finding", test_finding);
  g_test_add_func ("/paint/clip", test_clip);
  g_test_add_func ("/paint/random", test_random);
  g_test_add_func ("/paint/huge", test_huge);
  g_test_add_func ("/paint/strip", test_strip);
  g_test_add_func ("/paint/export", test_export);
  g_test_add_func ("/paint/legend", test_legend);
  g_test_add_func ("/paint/letters", test_letters);
  return g_test_run ();
}
