/* SPDX-License-Identifier: MIT */
/* The dot. */
#include "swatch.h"

#include <math.h>

#define SIZE_PX 14

struct _LsSwatch {
  GtkWidget parent_instance;
  LsColor color;
  char letter;
};

G_DEFINE_FINAL_TYPE (LsSwatch, ls_swatch, GTK_TYPE_WIDGET)

static void
measure (GtkWidget *widget,
         GtkOrientation orientation,
         int for_size,
         int *minimum,
         int *natural,
         int *minimum_baseline,
         int *natural_baseline)
{
  *minimum = *natural = SIZE_PX;
  *minimum_baseline = *natural_baseline = -1;
}

static void
snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LsSwatch *swatch = LS_SWATCH (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  cairo_t *cr =
    gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  double radius = swatch->letter ? SIZE_PX / 2.0 : SIZE_PX / 2.0 - 1.5;
  ls_set_color (cr, swatch->color);
  cairo_arc (cr, width / 2.0, height / 2.0, radius, 0, 2 * G_PI);
  cairo_fill (cr);
  cairo_destroy (cr);
  if (!swatch->letter)
    return;
  char text[] = { swatch->letter, 0 };
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, text);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string ("bold 7");
  pango_layout_set_font_description (layout, font);
  int text_width, text_height;
  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  LsColor on = ls_color_get_text_on (swatch->color);
  GdkRGBA rgba = { (float) on.r, (float) on.g, (float) on.b, 1 };
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((width - text_width) / 2.f,
                                                          (height - text_height) / 2.f));
  gtk_snapshot_append_layout (snapshot, layout, &rgba);
}

void
ls_swatch_set_color (LsSwatch *swatch, LsColor color, char letter)
{
  swatch->color = color;
  swatch->letter = letter;
  gtk_widget_queue_draw (GTK_WIDGET (swatch));
}

static void
ls_swatch_class_init (LsSwatchClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  widget_class->measure = measure;
  widget_class->snapshot = snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
ls_swatch_init (LsSwatch *swatch)
{
}

GtkWidget *
ls_swatch_new (void)
{
  return g_object_new (LS_TYPE_SWATCH, "valign", GTK_ALIGN_CENTER, NULL);
}
