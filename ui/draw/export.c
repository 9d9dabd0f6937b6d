/* SPDX-License-Identifier: MIT */
/* A scene into a file. */
#include "export.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <math.h>

#include "whole-file.h"

#define MAX_PNG_PX 32767 /* cairo's images are no larger */

static bool
check (cairo_status_t status, const char *path, GError **error)
{
  if (status == CAIRO_STATUS_SUCCESS)
    return true;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", path,
               cairo_status_to_string (status));
  return false;
}

/* Written when it is whole, so that a full disk or a missing folder is told in words. */
static cairo_status_t
write_bytes (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static bool
paint_page (LsScene *scene, cairo_surface_t *surface, const char *path, GError **error)
{
  cairo_t *cr = cairo_create (surface);
  ls_paint_page (cr, scene);
  bool done = check (cairo_status (cr), path, error);
  cairo_destroy (cr);
  return done;
}

static bool
export_png (LsScene *scene,
            const char *path,
            double scale,
            double width,
            double height,
            GByteArray *bytes,
            GError **error)
{
  double width_px = ceil (width * scale), height_px = ceil (height * scale);
  if (width_px > MAX_PNG_PX || height_px > MAX_PNG_PX) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "%s: a PNG of %.0f by %.0f pixels is too large, at most %d each way; SVG and PDF "
                 "have no such bound",
                 path, width_px, height_px, MAX_PNG_PX);
    return false;
  }
  cairo_surface_t *surface =
    cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) width_px, (int) height_px);
  cairo_surface_set_device_scale (surface, scale, scale);
  bool done = check (cairo_surface_status (surface), path, error) &&
              paint_page (scene, surface, path, error) &&
              check (cairo_surface_write_to_png_stream (surface, write_bytes, bytes), path, error);
  cairo_surface_destroy (surface);
  return done;
}

static bool
export_vector (LsScene *scene,
               const char *path,
               bool is_svg,
               double width,
               double height,
               GByteArray *bytes,
               GError **error)
{
  cairo_surface_t *surface =
    is_svg ? cairo_svg_surface_create_for_stream (write_bytes, bytes, width, height)
           : cairo_pdf_surface_create_for_stream (write_bytes, bytes, width, height);
  bool done =
    check (cairo_surface_status (surface), path, error) && paint_page (scene, surface, path, error);
  cairo_surface_finish (surface);
  done = done && check (cairo_surface_status (surface), path, error);
  cairo_surface_destroy (surface);
  return done;
}

bool
ls_scene_export (LsScene *scene, const char *path, double scale, GError **error)
{
  double width = ls_scene_get_width (scene);
  double height = ls_paint_page_height (scene);
  scale = isfinite (scale) ? CLAMP (scale, 0.25, 8) : 1;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  bool done;
  if (g_str_has_suffix (path, ".png")) {
    done = export_png (scene, path, scale, width, height, bytes, error);
  } else if (g_str_has_suffix (path, ".svg") || g_str_has_suffix (path, ".pdf")) {
    done =
      export_vector (scene, path, g_str_has_suffix (path, ".svg"), width, height, bytes, error);
  } else {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                 "%s: the name must end in .png, .svg or .pdf", path);
    return false;
  }
  return done && ls_whole_file_write (path, (const char *) bytes->data, bytes->len, error);
}
