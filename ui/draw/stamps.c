/* SPDX-License-Identifier: MIT */
/**
 * Shapes as pictures, each drawn once and then copied to whole pixels: a frame has hundreds of them, and
 * an outline costs cairo ten times as much as a copy. Files of lines get lines.
 */
#include <math.h>
#include <string.h>

#include "shapes.h"

#define MAX_STAMPS 1024 /* then all are dropped: simpler than a queue, and seldom */
#define MAX_SCALE 4

static cairo_user_data_key_t scale_key;

void
ls_set_target_scale (cairo_t *cr, int scale)
{
  cairo_set_user_data (cr, &scale_key, GINT_TO_POINTER (scale), NULL);
}

int
ls_get_target_scale (cairo_t *cr, int max)
{
  int told = GPOINTER_TO_INT (cairo_get_user_data (cr, &scale_key));
  if (told > 0)
    return MIN (told, max);
  cairo_surface_t *target = cairo_get_target (cr);
  cairo_surface_type_t type = cairo_surface_get_type (target);
  if (type == CAIRO_SURFACE_TYPE_SVG || type == CAIRO_SURFACE_TYPE_PDF)
    return max;
  double x, y;
  cairo_surface_get_device_scale (target, &x, &y);
  double dx = x, dy = 0;
  cairo_user_to_device_distance (cr, &dx, &dy);
  return (int) CLAMP (round (hypot (dx, dy)), 1, max);
}

/* Whole pixels a unit, and the units on pixels: else 0. */
static int
get_whole_scale (cairo_t *cr)
{
  int told = GPOINTER_TO_INT (cairo_get_user_data (cr, &scale_key));
  cairo_surface_t *target = cairo_get_target (cr);
  if (told == 0 && cairo_surface_get_type (target) != CAIRO_SURFACE_TYPE_IMAGE)
    return 0;
  cairo_matrix_t matrix;
  cairo_get_matrix (cr, &matrix);
  double scale = told, unused;
  if (told == 0)
    cairo_surface_get_device_scale (target, &scale, &unused);
  scale *= matrix.xx;
  bool is_plain = matrix.xy == 0 && matrix.yx == 0 && matrix.xx == matrix.yy;
  return is_plain && scale == round (scale) && scale >= 1 && scale <= MAX_SCALE ? (int) scale : 0;
}

typedef enum {
  SIGN_SHAPE,
  SIGN_ICON,
  SIGN_EITHER_WAY,
} Sign;

typedef struct {
  const LsPalette *palette; /* of a shape; there are four */
  LsColor color;
  double radius, y; /* y: what of it is not whole */
  int sign, which, on_bar, scale;
} Key;

static guint
hash_key (gconstpointer data)
{
  const Key *key = data;
  double sum = key->color.r * 3 + key->color.g * 5 + key->color.b * 7 + key->radius + key->y;
  return (guint) (sum * 1e6) + (guint) ((key->which * 4 + key->sign) * 31 + key->on_bar * 17) +
         (guint) key->scale + GPOINTER_TO_UINT (key->palette);
}

static gboolean
equal_keys (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (Key)) == 0;
}

static int
get_half (double radius)
{
  return (int) ceil (radius * 2 + 3); /* LS_SHAPE_LOST is the widest */
}

static void
draw_lines (cairo_t *cr, const Key *key, double x, double y)
{
  if (key->sign == SIGN_ICON)
    ls_draw_icon_lines (cr, (LsIcon) key->which, key->color, x, y);
  else if (key->sign == SIGN_EITHER_WAY)
    ls_draw_either_way_lines (cr, key->color, x, y);
  else
    ls_draw_shape_lines (cr, key->palette, (LsShape) key->which, key->color, key->on_bar, x, y,
                         key->radius);
}

static cairo_surface_t *
new_stamp (const Key *key)
{
  int half = get_half (key->radius), size = 2 * half * key->scale;
  cairo_surface_t *stamp = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, size, size);
  cairo_surface_set_device_scale (stamp, key->scale, key->scale);
  cairo_t *cr = cairo_create (stamp);
  draw_lines (cr, key, half, half + key->y);
  cairo_destroy (cr);
  return stamp;
}

/* Owned by the caller. */
static cairo_surface_t *
get_stamp (const Key *key)
{
  static GHashTable *stamps;
  static GMutex mutex;
  g_mutex_lock (&mutex);
  if (!stamps)
    stamps =
      g_hash_table_new_full (hash_key, equal_keys, g_free, (GDestroyNotify) cairo_surface_destroy);
  cairo_surface_t *stamp = g_hash_table_lookup (stamps, key);
  if (!stamp) {
    if (g_hash_table_size (stamps) >= MAX_STAMPS)
      g_hash_table_remove_all (stamps);
    stamp = new_stamp (key);
    g_hash_table_insert (stamps, g_memdup2 (key, sizeof *key), stamp);
  }
  cairo_surface_reference (stamp);
  g_mutex_unlock (&mutex);
  return stamp;
}

/* The key begins as zeros, those between its members too: it is compared as bytes. */
static void
draw (cairo_t *cr, Key *key, double x, double y)
{
  key->scale = get_whole_scale (cr);
  if (key->scale == 0 || !(key->radius < 64) || !(fabs (x) < 1e6) || !(fabs (y) < 1e6)) {
    draw_lines (cr, key, x, y);
    return;
  }
  key->y = round ((y - floor (y)) * 4) / 4;
  cairo_surface_t *stamp = get_stamp (key);
  int half = get_half (key->radius);
  cairo_new_path (cr);
  cairo_set_source_surface (cr, stamp, round (x * key->scale) / key->scale - half,
                            floor (y) - half);
  cairo_paint (cr);
  cairo_surface_destroy (stamp);
}

void
ls_draw_shape (cairo_t *cr,
               const LsPalette *palette,
               LsShape shape,
               LsColor color,
               bool on_bar,
               double x,
               double y,
               double radius)
{
  if (shape == LS_SHAPE_NONE)
    return;
  Key key;
  memset (&key, 0, sizeof key);
  key.palette = palette;
  key.color = color;
  key.radius = radius;
  key.sign = SIGN_SHAPE;
  key.which = (int) shape;
  key.on_bar = on_bar;
  draw (cr, &key, x, y);
}

void
ls_draw_icon (cairo_t *cr, LsIcon icon, LsColor color, double x, double y)
{
  if (icon == LS_ICON_NONE)
    return;
  Key key;
  memset (&key, 0, sizeof key);
  key.color = color;
  key.radius = 6;
  key.sign = SIGN_ICON;
  key.which = (int) icon;
  draw (cr, &key, x, y);
}

void
ls_draw_either_way (cairo_t *cr, LsColor color, double x, double y)
{
  Key key;
  memset (&key, 0, sizeof key);
  key.color = color;
  key.radius = 6;
  key.sign = SIGN_EITHER_WAY;
  draw (cr, &key, x, y);
}
