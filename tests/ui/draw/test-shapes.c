/* SPDX-License-Identifier: MIT */
/* What is painted the quick way looks as it does the plain way. */
#include <math.h>
#include <string.h>

#include "batch.h"
#include "shapes.h"
#include "text.h"

#define SIZE 64

static cairo_surface_t *
new_picture (int scale, cairo_t **cr)
{
  cairo_surface_t *surface =
    cairo_image_surface_create (CAIRO_FORMAT_RGB24, SIZE * scale, SIZE * scale);
  cairo_surface_set_device_scale (surface, scale, scale);
  *cr = cairo_create (surface);
  ls_set_color (*cr, ls_palette_get (false, false)->ground);
  cairo_paint (*cr);
  return surface;
}

/* The greatest difference of a channel. Frees both. */
static int
compare_pictures (cairo_surface_t *one, cairo_surface_t *other)
{
  int most = 0;
  cairo_surface_flush (one);
  cairo_surface_flush (other);
  const guchar *a = cairo_image_surface_get_data (one), *b = cairo_image_surface_get_data (other);
  int n = cairo_image_surface_get_stride (one) * cairo_image_surface_get_height (one);
  for (int i = 0; i < n; i++)
    if (i % 4 != 3)
      most = MAX (most, ABS (a[i] - b[i]));
  cairo_surface_destroy (one);
  cairo_surface_destroy (other);
  return most;
}

static void
test_framed (void)
{
  const LsPalette *palette = ls_palette_get (false, false);
  const LsFilling hatch = { .kind = LS_FILLING_HATCH }, dots = { .kind = LS_FILLING_DOTS };
  cairo_t *plain, *batched;
  cairo_surface_t *one = new_picture (1, &plain), *other = new_picture (1, &batched);
  ls_bar_hatch (plain, palette, 4, 8, 30, 16);
  ls_bar_dots (plain, palette, 34, 8, 2, 16);
  ls_bar_dots (plain, palette, 40, 30, 20, 16);
  LsBatch batch;
  ls_batch_init (&batch, batched, palette);
  ls_batch_add_framed (&batch, &hatch, palette->wait, 4, 8, 30, 16, false);
  ls_batch_add_framed (&batch, &dots, palette->idle, 34, 8, 2, 16, false);
  ls_batch_add_framed (&batch, &dots, palette->idle, 40, 30, 20, 16, false);
  ls_batch_finish (&batch);
  cairo_destroy (plain);
  cairo_destroy (batched);
  g_assert_cmpint (compare_pictures (one, other), ==, 0);
}

/* A bar under the next one shows no edge where that begins. */
static void
test_covered (void)
{
  const LsPalette *palette = ls_palette_get (false, false);
  const LsFilling hatch = { .kind = LS_FILLING_HATCH };
  cairo_t *plain, *batched;
  cairo_surface_t *one = new_picture (1, &plain), *other = new_picture (1, &batched);
  ls_bar_hatch (plain, palette, 4, 8, 30, 16);
  ls_bar_hatch (plain, palette, 20, 8, 30, 16);
  LsBatch batch;
  ls_batch_init (&batch, batched, palette);
  ls_batch_add_framed (&batch, &hatch, palette->wait, 4, 8, 16, 16, true);
  ls_batch_add_framed (&batch, &hatch, palette->wait, 20, 8, 30, 16, false);
  ls_batch_finish (&batch);
  cairo_destroy (plain);
  cairo_destroy (batched);
  g_assert_cmpint (compare_pictures (one, other), ==, 0);
}

/* More fillings than a batch has room for: none is lost, and the order holds. */
static void
test_many_fillings (void)
{
  cairo_t *plain, *batched;
  cairo_surface_t *one = new_picture (1, &plain), *other = new_picture (1, &batched);
  LsBatch batch;
  ls_batch_init (&batch, batched, ls_palette_get (false, false));
  for (int i = 0; i < 30; i++) {
    LsColor color = { i / 30., 1 - i / 30., 0.5, 1 };
    ls_fill_rect (plain, color, 2 * i, i, 4, 20);
    ls_batch_add_color (&batch, color, 2 * i, i, 4, 20);
  }
  ls_batch_finish (&batch);
  cairo_destroy (plain);
  cairo_destroy (batched);
  g_assert_cmpint (compare_pictures (one, other), ==, 0);
}

static void
test_stamps (void)
{
  const LsPalette *palette = ls_palette_get (false, false);
  for (int scale = 1; scale <= 2; scale++)
    for (int shape = 0; shape < LS_SHAPE_N; shape++) {
      cairo_t *lines, *stamps;
      cairo_surface_t *one = new_picture (scale, &lines), *other = new_picture (scale, &stamps);
      ls_draw_shape_lines (lines, palette, (LsShape) shape, palette->thread[1], shape % 2, 32, 20.5,
                           5);
      ls_draw_shape (stamps, palette, (LsShape) shape, palette->thread[1], shape % 2, 32.2, 20.5,
                     5);
      g_assert_false (cairo_has_current_point (stamps));
      cairo_destroy (lines);
      cairo_destroy (stamps);
      g_assert_cmpint (compare_pictures (one, other), <=, 3);
    }
}

static void
test_signs (void)
{
  LsColor color = ls_palette_get (false, false)->text_dim;
  for (int icon = LS_ICON_NONE; icon <= LS_ICON_BARRIER; icon++) {
    cairo_t *lines, *stamps;
    cairo_surface_t *one = new_picture (1, &lines), *other = new_picture (1, &stamps);
    ls_draw_icon_lines (lines, (LsIcon) icon, color, 12, 20.5);
    ls_draw_either_way_lines (lines, color, 40, 20);
    ls_draw_icon (stamps, (LsIcon) icon, color, 11.8, 20.5);
    ls_draw_either_way (stamps, color, 40.4, 20);
    cairo_destroy (lines);
    cairo_destroy (stamps);
    g_assert_cmpint (compare_pictures (one, other), <=, 3);
  }
}

/* Far more texts than are kept: each is as wide as before, and told whole. */
static void
test_many_texts (void)
{
  LsText *text = ls_text_new (1);
  double width = ls_text_get_width (text, LS_FONT_SMALL, "the first of all");
  double wide = ls_text_get_width (text, LS_FONT_BOLD, "7");
  for (guint i = 0; i < 5000; i++) {
    char words[16];
    g_snprintf (words, sizeof words, "%u", i);
    g_assert_cmpfloat (ls_text_get_width (text, LS_FONT_SMALL, words), >, 0);
    if (i % 1000 == 0)
      g_assert_cmpfloat (ls_text_get_width (text, LS_FONT_BOLD, "7"), ==, wide);
  }
  g_assert_cmpfloat (ls_text_get_width (text, LS_FONT_SMALL, "the first of all"), ==, width);
  ls_text_free (text);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shapes/framed", test_framed);
  g_test_add_func ("/shapes/covered", test_covered);
  g_test_add_func ("/shapes/many-fillings", test_many_fillings);
  g_test_add_func ("/shapes/stamps", test_stamps);
  g_test_add_func ("/shapes/signs", test_signs);
  g_test_add_func ("/shapes/many-texts", test_many_texts);
  return g_test_run ();
}
