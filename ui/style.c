/* SPDX-License-Identifier: MIT */
/* Gives style.css the palette's colours, so that they stand in one place only. */
#include "style.h"

#include <adwaita.h>

#include "palette.h"

static void
define (GString *css, const char *name, LsColor color)
{
  g_string_append_printf (css, "@define-color %s rgb(%d,%d,%d);\n", name,
                          (int) (color.r * 255 + 0.5), (int) (color.g * 255 + 0.5),
                          (int) (color.b * 255 + 0.5));
}

static void
load_colors (GtkCssProvider *provider)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  const LsPalette *palette = ls_palette_get (adw_style_manager_get_dark (manager),
                                             adw_style_manager_get_high_contrast (manager));
  g_autoptr (GString) css = g_string_new (NULL);
  define (css, "ls_finding", palette->finding);
  define (css, "ls_finding_text", palette->finding_text);
  define (css, "ls_on_finding", ls_color_get_text_on (palette->finding));
  define (css, "ls_ground", palette->ground);
  define (css, "ls_ground_bar", palette->ground_bar);
  define (css, "ls_line", palette->line);
  define (css, "ls_text", palette->text);
  define (css, "ls_text_dim", palette->text_dim);
  gtk_css_provider_load_from_data (provider, css->str, (gssize) css->len);
}

static void
add (GtkCssProvider *provider)
{
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

void
ls_style_init (void)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  GtkCssProvider *colors = gtk_css_provider_new ();
  g_autoptr (GtkCssProvider) shapes = gtk_css_provider_new ();
  load_colors (colors);
  gtk_css_provider_load_from_resource (shapes, "/io/github/lockstitch/ui/style.css");
  add (colors);
  add (shapes);
  g_signal_connect_swapped (manager, "notify::dark", G_CALLBACK (load_colors), colors);
  g_signal_connect_swapped (manager, "notify::high-contrast", G_CALLBACK (load_colors), colors);
  g_object_set_data_full (G_OBJECT (manager), "lockstitch-colors", colors, g_object_unref);
}
