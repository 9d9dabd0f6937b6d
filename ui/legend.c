/* SPDX-License-Identifier: MIT */
/* The legend's window. */
#include "legend.h"

#include "paint.h"

#define SAMPLE_WIDTH_PX 96
#define SAMPLE_HEIGHT_PX 26

struct _LsLegend {
  AdwWindow parent_instance;
  GtkGrid *grid;
};

G_DEFINE_FINAL_TYPE (LsLegend, ls_legend, ADW_TYPE_WINDOW)

static void
draw_sample (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer row)
{
  bool dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  ls_paint_legend_sample (cr, GPOINTER_TO_UINT (row), dark, width, height);
}

static void
ls_legend_class_init (LsLegendClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/lockstitch/ui/legend.ui");
  gtk_widget_class_bind_template_child (widget_class, LsLegend, grid);
}

static void
ls_legend_init (LsLegend *legend)
{
  gtk_widget_init_template (GTK_WIDGET (legend));
  for (guint row = 0; row < ls_legend_get_n (); row++) {
    GtkWidget *sample = gtk_drawing_area_new ();
    gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (sample), SAMPLE_WIDTH_PX);
    gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (sample), SAMPLE_HEIGHT_PX);
    gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (sample), draw_sample, GUINT_TO_POINTER (row),
                                    NULL);
    g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                             G_CALLBACK (gtk_widget_queue_draw), sample, G_CONNECT_SWAPPED);
    GtkWidget *text = gtk_label_new (ls_legend_get_text (row));
    gtk_label_set_xalign (GTK_LABEL (text), 0);
    gtk_label_set_wrap (GTK_LABEL (text), TRUE);
    gtk_widget_set_hexpand (text, TRUE);
    gtk_grid_attach (legend->grid, sample, 0, (int) row, 1, 1);
    gtk_grid_attach (legend->grid, text, 1, (int) row, 1, 1);
  }
}

GtkWindow *
ls_legend_new (GtkWindow *parent)
{
  return g_object_new (LS_TYPE_LEGEND, "transient-for", parent, NULL);
}
