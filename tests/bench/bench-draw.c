/* SPDX-License-Identifier: MIT */
/**
 * How long a frame takes: all parts and the lanes that a window of 1920 x 1080 shows, at several
 * zooms and while panning, of the trace given. The first frame of each view counts too: nothing is
 * kept from the frame before but layouts of text.
 *
 *     bench-draw TRACE [FRAMES [VIEW]]
 *
 * VIEW, from 0 on, is the one view to measure: for a profile of it alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "paint.h"

#define WIDTH 1920
#define HEIGHT 1080
#define TARGET_MS 16

typedef struct {
  const char *name;
  double span; /* share of the axis in view */
  bool pans;
  LsAxisKind axis;
} View;

static const View views[] = {
  { "whole", 1, false, LS_AXIS_TIME },
  { "1/4, panning", 0.25, true, LS_AXIS_TIME },
  { "1/30, panning", 1 / 30., true, LS_AXIS_TIME },
  { "1/1000, panning", 1e-3, true, LS_AXIS_TIME },
  { "1/100000, panning", 1e-5, true, LS_AXIS_TIME },
  { "order, whole", 1, false, LS_AXIS_ORDER },
  { "order, 1/1000, panning", 1e-3, true, LS_AXIS_ORDER },
  { "order, 1/10000, panning", 1e-4, true, LS_AXIS_ORDER },
};

static int
compare (const void *a, const void *b)
{
  double one = *(const double *) a, other = *(const double *) b;
  return one < other ? -1 : one > other;
}

/* The processor's time, not the wall's: painting waits for nothing, and other load shall not count. */
static double
now_ms (void)
{
  struct timespec time;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (double) time.tv_sec * 1e3 + (double) time.tv_nsec / 1e6;
}

/* A name of its own for profilers: callgrind's --toggle-collect. */
G_NO_INLINE static void
paint_frame (cairo_t *cr, LsScene *scene)
{
  double label = ls_scene_get_label_width (scene), y = 0;
  for (int part = 0; part < LS_PART_N; part++) {
    cairo_save (cr);
    cairo_translate (cr, 0, y);
    ls_paint_part_label (cr, scene, (LsPart) part);
    cairo_translate (cr, label, 0);
    ls_paint_part (cr, scene, (LsPart) part);
    cairo_restore (cr);
    y += ls_scene_get_part_height (scene, (LsPart) part);
  }
  double height = HEIGHT - y;
  cairo_save (cr);
  cairo_translate (cr, label, y);
  ls_paint_ground (cr, scene, height);
  ls_paint_band (cr, scene, height);
  guint n;
  const LsLane *lanes = ls_scene_get_lanes (scene, &n);
  for (guint i = 0; i < n && lanes[i].y_px < height; i++) {
    cairo_save (cr);
    cairo_translate (cr, 0, lanes[i].y_px);
    ls_paint_lane (cr, scene, i);
    cairo_translate (cr, -label, 0);
    ls_paint_lane_label (cr, scene, i);
    cairo_restore (cr);
  }
  ls_paint_arrows (cr, scene, 0, height);
  ls_paint_cursor (cr, scene, height, -1);
  cairo_restore (cr);
}

/* Returns whether the 99th percentile is within the target. */
static bool
measure (LsScene *scene, const View *view, int n_frames)
{
  LsSceneOptions options = *ls_scene_get_options (scene);
  options.axis = view->axis;
  ls_scene_set_options (scene, &options);
  LsAxis *axis = ls_scene_get_axis (scene);
  double length = ls_axis_get_length (axis);
  g_autofree double *ms = g_new (double, n_frames);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);
  for (int i = 0; i < n_frames; i++) {
    double share = view->pans ? (double) i / n_frames * (1 - view->span) : 1e-9 * i;
    ls_axis_set_view (axis, share * length, (share + view->span) * length,
                      ls_scene_get_plot_width (scene));
    double begin = now_ms ();
    paint_frame (cr, scene);
    ms[i] = now_ms () - begin;
  }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  double first = ms[0];
  qsort (ms, (size_t) n_frames, sizeof *ms, compare);
  double p99 = ms[(int) (n_frames * 0.99)];
  printf ("%-26s median %6.2f ms  p99 %6.2f ms  first %6.2f ms\n", view->name, ms[n_frames / 2],
          p99, first);
  return p99 <= TARGET_MS;
}

int
main (int argc, char **argv)
{
  if (argc < 2) {
    fprintf (stderr, "usage: bench-draw TRACE [FRAMES [VIEW]]\n");
    return 2;
  }
  g_autoptr (GError) error = NULL;
  g_autoptr (LsTrace) trace = ls_trace_open (argv[1], NULL, NULL, NULL, &error);
  if (!trace) {
    fprintf (stderr, "%s\n", error->message);
    return 1;
  }
  int n_frames = argc > 2 ? atoi (argv[2]) : 100;
  g_autoptr (LsScene) scene = ls_scene_new (trace, NULL);
  ls_scene_set_size (scene, WIDTH, HEIGHT);
  ls_scene_set_scroll (scene, 0, HEIGHT - 120);
  guint n;
  ls_scene_get_lanes (scene, &n);
  printf ("%u events, %u lanes, %d x %d\n", ls_trace_get_n_events (trace), n, WIDTH, HEIGHT);
  int only = argc > 3 ? atoi (argv[3]) : -1, n_slow = 0;
  for (int i = 0; i < (int) G_N_ELEMENTS (views); i++)
    if (only < 0 || only == i)
      n_slow += !measure (scene, &views[i], MAX (n_frames, 2));
  printf ("%d views over %d ms\n", n_slow, TARGET_MS);
  return 0;
}
