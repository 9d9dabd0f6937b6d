/* SPDX-License-Identifier: MIT */
/* Text of the picture. Shaping is what text costs, so each layout is made once and found by hash; the
 * one not asked for the longest goes, so that no frame pays for forgetting all. */
#include "text.h"

#include <math.h>
#include <string.h>

#define MAX_LAYOUTS 2048
#define FIT_SHARE 0.75

static const struct {
  const char *family;
  double size_px;
  PangoWeight weight;
} fonts[LS_FONT_N] = {
  [LS_FONT_SMALL] = { "Inter, sans", 12, PANGO_WEIGHT_NORMAL },
  [LS_FONT_SMALL_BOLD] = { "Inter, sans", 12, PANGO_WEIGHT_SEMIBOLD },
  [LS_FONT_NORMAL] = { "Inter, sans", 14, PANGO_WEIGHT_NORMAL },
  [LS_FONT_BOLD] = { "Inter, sans", 14, PANGO_WEIGHT_SEMIBOLD },
  [LS_FONT_TITLE] = { "Inter, sans", 18, PANGO_WEIGHT_BOLD },
  [LS_FONT_MONO] = { "monospace", 12, PANGO_WEIGHT_NORMAL },
  [LS_FONT_MONO_BOLD] = { "monospace", 12, PANGO_WEIGHT_BOLD },
};

/* Names and values stand as they are: Inter would draw 0x10 with a multiplication sign and -> as an
 * arrow. */
#define FEATURES "calt=0, clig=0, liga=0"

typedef struct {
  char *string;
  int width; /* -1: as wide as it is; else px, with an ellipsis; below -1: wrapped at -width - 1 */
  LsFont font;
  PangoEllipsizeMode ellipsis; /* where, if the width is given */
} Key;

typedef struct {
  Key key;
  PangoLayout *layout;
  double width_px, height_px;
  GList link; /* in the queue */
} Entry;

struct _LsText {
  PangoContext *context;
  PangoAttrList *attributes;
  PangoFontDescription *descriptions[LS_FONT_N];
  double middle_px[LS_FONT_N]; /* from the layout's top to the middle of its capitals */
  GHashTable *entries;         /* Key * -> Entry * */
  GQueue queue;                /* the same, last asked for first */
};

static guint
hash_key (gconstpointer data)
{
  const Key *key = data;
  return g_str_hash (key->string) * 31 + (guint) key->width * 7 + key->font * 5 + key->ellipsis;
}

static gboolean
equal_keys (gconstpointer a, gconstpointer b)
{
  const Key *one = a, *other = b;
  return one->width == other->width && one->font == other->font &&
         one->ellipsis == other->ellipsis && strcmp (one->string, other->string) == 0;
}

static void
free_entry (gpointer data)
{
  Entry *entry = data;
  g_object_unref (entry->layout);
  g_free (entry->key.string);
  g_free (entry);
}

static Entry *
new_entry (const LsText *text, const Key *key)
{
  Entry *entry = g_new0 (Entry, 1);
  entry->key = (Key){ g_strdup (key->string), key->width, key->font, key->ellipsis };
  entry->link.data = entry;
  entry->layout = pango_layout_new (text->context);
  pango_layout_set_font_description (entry->layout, text->descriptions[key->font]);
  pango_layout_set_attributes (entry->layout, text->attributes);
  if (key->width >= 0) {
    pango_layout_set_width (entry->layout, key->width * PANGO_SCALE);
    pango_layout_set_ellipsize (entry->layout, key->ellipsis);
  } else if (key->width < -1) {
    pango_layout_set_width (entry->layout, (-key->width - 1) * PANGO_SCALE);
    pango_layout_set_wrap (entry->layout, PANGO_WRAP_WORD_CHAR);
  }
  pango_layout_set_single_paragraph_mode (entry->layout, key->width >= -1);
  pango_layout_set_text (entry->layout, key->string, -1);
  PangoRectangle logical;
  pango_layout_get_extents (entry->layout, NULL, &logical);
  entry->width_px = (double) logical.width / PANGO_SCALE;
  entry->height_px = (double) logical.height / PANGO_SCALE;
  return entry;
}

/* Good until the next call but one. */
static const Entry *
find_key (LsText *text, Key key)
{
  Entry *entry = g_hash_table_lookup (text->entries, &key);
  if (entry) {
    g_queue_unlink (&text->queue, &entry->link);
  } else {
    entry = new_entry (text, &key);
    g_hash_table_insert (text->entries, &entry->key, entry);
  }
  g_queue_push_head_link (&text->queue, &entry->link);
  if (text->queue.length > MAX_LAYOUTS) {
    Entry *oldest = text->queue.tail->data;
    g_queue_unlink (&text->queue, &oldest->link);
    g_hash_table_remove (text->entries, &oldest->key);
  }
  return entry;
}

static const Entry *
find_entry (LsText *text, LsFont font, int width, const char *string)
{
  return find_key (text, (Key){ (char *) string, width, font, PANGO_ELLIPSIZE_END });
}

LsText *
ls_text_new (double scale)
{
  LsText *text = g_new0 (LsText, 1);
  PangoFontMap *map = pango_cairo_font_map_get_default ();
  text->context = pango_font_map_create_context (map);
  /* Whole-pixel advances would make text drift against its bars at fractional scales. */
  pango_context_set_round_glyph_positions (text->context, FALSE);
  text->attributes = pango_attr_list_new ();
  pango_attr_list_insert (text->attributes, pango_attr_font_features_new (FEATURES));
  text->entries = g_hash_table_new_full (hash_key, equal_keys, NULL, free_entry);
  g_queue_init (&text->queue);
  for (guint i = 0; i < LS_FONT_N; i++) {
    text->descriptions[i] = pango_font_description_from_string (fonts[i].family);
    double size = fonts[i].size_px * CLAMP (scale, 0.75, 4);
    pango_font_description_set_absolute_size (text->descriptions[i], size * PANGO_SCALE);
    pango_font_description_set_weight (text->descriptions[i], fonts[i].weight);
    const Entry *entry = find_entry (text, i, -1, "H");
    PangoRectangle ink;
    pango_layout_get_extents (entry->layout, &ink, NULL);
    text->middle_px[i] = (ink.y + ink.height / 2.0) / PANGO_SCALE;
  }
  return text;
}

void
ls_text_free (LsText *text)
{
  if (!text)
    return;
  g_hash_table_unref (text->entries);
  for (guint i = 0; i < LS_FONT_N; i++)
    pango_font_description_free (text->descriptions[i]);
  pango_attr_list_unref (text->attributes);
  g_object_unref (text->context);
  g_free (text);
}

double
ls_text_get_width (LsText *text, LsFont font, const char *string)
{
  return find_entry (text, font, -1, string)->width_px;
}

static void
draw_entry (LsText *text, cairo_t *cr, LsFont font, double x, double y_middle, const Entry *entry)
{
  cairo_move_to (cr, x, round (y_middle - text->middle_px[font]));
  pango_cairo_show_layout (cr, entry->layout);
  cairo_new_path (cr); /* else the next arc would begin with a line from here */
}

void
ls_text_draw (LsText *text, cairo_t *cr, LsFont font, double x, double y_middle, const char *string)
{
  draw_entry (text, cr, font, x, y_middle, find_entry (text, font, -1, string));
}

bool
ls_text_draw_within (LsText *text,
                     cairo_t *cr,
                     LsFont font,
                     double x0,
                     double x1,
                     double align,
                     double y_middle,
                     const char *string)
{
  double room = x1 - x0;
  if (room < 4 || string[0] == '\0')
    return false;
  const Entry *entry = find_entry (text, font, -1, string);
  if (room < entry->width_px * FIT_SHARE)
    return false;
  if (room < entry->width_px)
    entry = find_entry (text, font, (int) room, string);
  double slack = MAX (room - entry->width_px, 0);
  draw_entry (text, cr, font, x0 + slack * align, y_middle, entry);
  return true;
}

static void
draw_ellipsized (LsText *text, cairo_t *cr, double x0, double x1, double y_middle, Key key)
{
  const Entry *entry = find_entry (text, key.font, -1, key.string);
  key.width = (int) MAX (x1 - x0, 1);
  if (x1 - x0 < entry->width_px)
    entry = find_key (text, key);
  draw_entry (text, cr, key.font, x0, y_middle, entry);
}

void
ls_text_draw_ellipsized (LsText *text,
                         cairo_t *cr,
                         LsFont font,
                         double x0,
                         double x1,
                         double y_middle,
                         const char *string)
{
  draw_ellipsized (text, cr, x0, x1, y_middle,
                   (Key){ (char *) string, 0, font, PANGO_ELLIPSIZE_END });
}

void
ls_text_draw_name (LsText *text,
                   cairo_t *cr,
                   LsFont font,
                   double x0,
                   double x1,
                   double y_middle,
                   const char *string)
{
  draw_ellipsized (text, cr, x0, x1, y_middle,
                   (Key){ (char *) string, 0, font, PANGO_ELLIPSIZE_MIDDLE });
}

double
ls_text_get_wrapped_height (LsText *text, LsFont font, double width_px, const char *string)
{
  return find_entry (text, font, -(int) MAX (width_px, 20) - 1, string)->height_px;
}

void
ls_text_draw_wrapped (LsText *text,
                      cairo_t *cr,
                      LsFont font,
                      double x,
                      double y,
                      double width_px,
                      const char *string)
{
  const Entry *entry = find_entry (text, font, -(int) MAX (width_px, 20) - 1, string);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, entry->layout);
  cairo_new_path (cr);
}
