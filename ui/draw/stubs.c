#include "paint-private.h"
#include "export.h"
void
ls_paint_family (LsPaint *paint)
{
}
void
ls_paint_object (LsPaint *paint)
{
}
void
ls_paint_value (LsPaint *paint)
{
}
void
ls_paint_active (LsPaint *paint)
{
}
void
ls_paint_counter (LsPaint *paint)
{
}
void
ls_paint_scale (LsPaint *paint, double label_width)
{
}
double
ls_scene_get_part_height (const LsScene *scene, LsPart part)
{
  return part == LS_PART_RULER ? 60 : 30;
}
void
ls_paint_part (cairo_t *cr, const LsScene *scene, LsPart part)
{
}
void
ls_paint_part_label (cairo_t *cr, const LsScene *scene, LsPart part)
{
}
void
ls_paint_ground (cairo_t *cr, const LsScene *scene, double height_px)
{
  ls_set_color (cr, scene->palette->ground);
  cairo_paint (cr);
}
void
ls_paint_band (cairo_t *cr, const LsScene *scene, double height_px)
{
}
void
ls_paint_arrows (cairo_t *cr, const LsScene *scene, double scroll_px, double height_px)
{
}
void
ls_paint_cursor (cairo_t *cr, const LsScene *scene, double height_px, double hover_x_px)
{
}
void
ls_paint_ladder (cairo_t *cr, const LsScene *scene, uint32_t finding, double width_px)
{
}
double
ls_scene_get_ladder_height (const LsScene *scene, uint32_t finding)
{
  return 0;
}
int
ls_scene_find_ladder_step (const LsScene *scene, uint32_t finding, double y_px)
{
  return -1;
}
double
ls_paint_page_height (const LsScene *scene)
{
  return 100;
}
void
ls_paint_page (cairo_t *cr, const LsScene *scene)
{
}
guint
ls_legend_get_n (void)
{
  return 0;
}
LsLegendGroup
ls_legend_get_group (guint row)
{
  return LS_LEGEND_COLORS;
}
const char *
ls_legend_get_text (guint row)
{
  return "";
}
void
ls_paint_legend_sample (cairo_t *cr, guint row, bool dark, double width_px, double height_px)
{
}
bool
ls_scene_export (LsScene *scene, const char *path, double scale, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "not yet");
  return false;
}
void
ls_scene_hit_lane (const LsScene *scene, double x_px, double y_px, LsHit *hit)
{
  *hit = (LsHit){ 0 };
}
void
ls_scene_hit_ruler (const LsScene *scene, double x_px, double y_px, LsHit *hit)
{
  *hit = (LsHit){ 0 };
}
char *
ls_scene_dup_tooltip (const LsScene *scene, const LsHit *hit)
{
  return NULL;
}
