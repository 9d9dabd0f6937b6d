/* SPDX-License-Identifier: MIT */
#include "scenes.h"

#include <math.h>
#include <string.h>

#include "names.h"

#define HEADER "{\"lockstitch\":1,\"unit\":\"ns\"}\n"

LsTrace *
test_open (const char *lines)
{
  g_autofree char *text = g_strconcat (HEADER, lines, NULL);
  g_autoptr (GError) error = NULL;
  LsTrace *trace = ls_trace_open_bytes ("test", text, strlen (text), &error);
  g_assert_no_error (error);
  return trace;
}

LsTrace *
test_open_sample (const char *name)
{
  g_autofree char *file = g_strconcat (name, ".trace.jsonl", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "samples", file, NULL);
  g_autoptr (GError) error = NULL;
  LsTrace *trace = ls_trace_open (path, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return trace;
}

static void
add_random_event (GRand *rand, GString *text, int64_t ts, guint n_threads, guint n_objects)
{
  static const char *const with_object[] = { "acquire", "release", "wait",   "wake",
                                             "fail",    "timeout", "signal", "init",
                                             "destroy", "set",     "clear",  "broadcast" };
  static const char *const accesses[] = { "read", "write", "load", "store", "update" };
  static const char *const alone[] = { "start", "finish", "sleep", "wake",  "yield",
                                       "mark",  "begin",  "end",   "count", "lost" };
  g_string_append_printf (text, "{\"ts\":%" G_GINT64_FORMAT ",\"tid\":%d,\"ev\":", ts,
                          g_rand_int_range (rand, 1, (int) n_threads + 1));
  int object = g_rand_int_range (rand, 1, (int) n_objects + 1);
  switch (g_rand_int_range (rand, 0, 8)) {
  case 0:
    g_string_append_printf (text, "\"%s\",\"thread\":%d}\n",
                            g_rand_boolean (rand) ? "create" : "join",
                            g_rand_int_range (rand, 1, (int) n_threads + 1));
    break;
  case 1:
  case 2:
    g_string_append_printf (text, "\"%s\",\"name\":\"n%d\",\"val\":%d,\"n\":%d}\n",
                            alone[g_rand_int_range (rand, 0, G_N_ELEMENTS (alone))], object, object,
                            object);
    break;
  case 3:
  case 4:
    g_string_append_printf (text, "\"%s\",\"obj\":%d,\"val\":%d}\n",
                            accesses[g_rand_int_range (rand, 0, G_N_ELEMENTS (accesses))],
                            (int) n_objects + 1 + object % 3, g_rand_int_range (rand, -5, 50));
    break;
  default:
    g_string_append_printf (text, "\"%s\",\"obj\":%d}\n",
                            with_object[g_rand_int_range (rand, 0, G_N_ELEMENTS (with_object))],
                            object);
    break;
  }
}

LsTrace *
test_open_random (GRand *rand, guint n_events, guint n_threads, guint n_objects)
{
  static const char *const kinds[] = { "mutex", "recursive", "rwlock", "semaphore", "cond",
                                       "event", "barrier",   "once",   "spin",      "lock" };
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 1; i <= n_objects; i++)
    g_string_append_printf (text, "{\"object\":%u,\"kind\":\"%s\",\"name\":\"lock.%u\"}\n", i,
                            kinds[i % G_N_ELEMENTS (kinds)], i);
  for (guint i = 1; i <= 3; i++)
    g_string_append_printf (
      text, "{\"object\":%u,\"kind\":\"value\",\"type\":\"int\",\"name\":\"v%u\"}\n", n_objects + i,
      i);
  int64_t ts = 0;
  for (guint i = 0; i < n_events; i++) {
    int what = g_rand_int_range (rand, 0, 40);
    ts += what == 0 ? g_rand_int_range (rand, 0, 1000000000) : what < 10 ? 0 : what * 100;
    add_random_event (rand, text, ts, n_threads, n_objects);
  }
  return test_open (text->str);
}

LsFinding *
test_finding_of (LsTrace *trace, LsFindingKind kind, const uint32_t *events)
{
  LsFinding *finding = ls_finding_new (kind, LS_SEVERITY_ERROR, LS_CERTAINTY_HAPPENED);
  for (guint i = 0; events[i] != LS_NONE; i++) {
    LsEvent event;
    ls_trace_get_event (trace, events[i], &event);
    LsStep step = { .event = events[i],
                    .thread = event.thread,
                    .object = event.object,
                    .source = event.source,
                    .is_culprit = events[i + 1] == LS_NONE };
    g_autofree char *value = ls_value_dup_text (&event.val);
    step.text = g_strdup_printf ("%s %s", ls_event_rows[event.ev].verb, value);
    step.value = g_strdup (value);
    g_array_append_val (finding->steps, step);
    bool is_known = false;
    for (guint j = 0; j < finding->threads->len; j++)
      is_known = is_known || g_array_index (finding->threads, uint32_t, j) == event.thread;
    if (!is_known)
      g_array_append_val (finding->threads, event.thread);
    if (finding->objects->len == 0 && event.object != LS_NONE)
      g_array_append_val (finding->objects, event.object);
    if (i == 0)
      finding->span.begin_ns = event.ts_ns;
    finding->span.end_ns = event.ts_ns;
  }
  finding->title = g_strdup (ls_finding_kind_title (kind));
  finding->label = g_strdup (ls_finding_kind_title (kind));
  finding->sentence = g_strdup ("One thing came between two others.");
  finding->why = g_strdup ("No lock was held.");
  finding->remedy = g_strdup ("Hold one.");
  return finding;
}

GPtrArray *
test_findings_of_mockup (LsTrace *trace)
{
  static const uint32_t lost[] = { 10, 13, 16, 18, LS_NONE };
  static const uint32_t race[] = { 13, 16, LS_NONE };
  GPtrArray *findings = g_ptr_array_new_with_free_func ((GDestroyNotify) ls_finding_free);
  g_ptr_array_add (findings, test_finding_of (trace, LS_FINDING_LOST_UPDATE, lost));
  LsFinding *child = test_finding_of (trace, LS_FINDING_DATA_RACE, race);
  child->parent = 0;
  g_ptr_array_add (findings, child);
  return findings;
}

LsScene *
test_scene (LsTrace *trace, GPtrArray *findings, double width)
{
  LsScene *scene = ls_scene_new (trace, findings);
  ls_scene_set_size (scene, width, 600);
  ls_axis_show_all (ls_scene_get_axis (scene));
  return scene;
}

cairo_surface_t *
test_paint (LsScene *scene, bool labels)
{
  double label = ls_scene_get_label_width (scene);
  double height = MAX (ls_scene_get_lanes_height (scene), 1);
  cairo_surface_t *surface =
    cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) ls_scene_get_width (scene),
                                (int) ceil (height));
  cairo_t *cr = cairo_create (surface);
  guint n;
  const LsLane *lanes = ls_scene_get_lanes (scene, &n);
  cairo_translate (cr, label, 0);
  ls_paint_ground (cr, scene, height);
  ls_paint_band (cr, scene, height);
  for (guint i = 0; i < n; i++) {
    cairo_save (cr);
    cairo_translate (cr, 0, lanes[i].y_px);
    ls_paint_lane (cr, scene, i);
    cairo_translate (cr, -label, 0);
    if (labels)
      ls_paint_lane_label (cr, scene, i);
    cairo_restore (cr);
  }
  ls_paint_arrows (cr, scene, 0, height);
  ls_paint_cursor (cr, scene, height, -1);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

guint32
test_pixel (cairo_surface_t *surface, int x, int y)
{
  g_assert_cmpint (x, >=, 0);
  g_assert_cmpint (y, >=, 0);
  g_assert_cmpint (x, <, cairo_image_surface_get_width (surface));
  g_assert_cmpint (y, <, cairo_image_surface_get_height (surface));
  const guchar *data = cairo_image_surface_get_data (surface);
  guint32 pixel;
  memcpy (&pixel, data + y * cairo_image_surface_get_stride (surface) + x * 4, sizeof pixel);
  return pixel & 0xffffff;
}

bool
test_is_color (guint32 pixel, LsColor color)
{
  guint32 expected = ls_color_to_argb (color);
  for (int shift = 0; shift < 24; shift += 8)
    if (ABS ((int) (pixel >> shift & 255) - (int) (expected >> shift & 255)) > 2)
      return false;
  return true;
}
