/* SPDX-License-Identifier: MIT */
/* The ladder: a finding's steps from top to bottom, one column a thread, the value at the right. */
#include "paint-private.h"

#include <math.h>

#define HEAD_PX 26
#define ROW_PX 40
#define NUMBER_PX 24
#define VALUE_PX 58

typedef struct {
  const LsFinding *finding;
  double scale;
  double width, column, value;
  guint n_columns;
  bool has_values;
} Ladder;

static bool
set_up (const LsScene *scene, uint32_t index, double width, Ladder *ladder)
{
  if (!scene->findings || index >= scene->findings->len)
    return false;
  const LsFinding *finding = g_ptr_array_index (scene->findings, index);
  *ladder = (Ladder){ .finding = finding, .scale = scene->text_scale, .width = width };
  for (guint i = 0; i < finding->steps->len; i++)
    if (g_array_index (finding->steps, LsStep, i).value)
      ladder->has_values = true;
  ladder->value = ladder->has_values ? VALUE_PX * ladder->scale : 0;
  ladder->n_columns = MAX (finding->threads->len, 1);
  ladder->column = MAX (width - NUMBER_PX * ladder->scale - ladder->value, 40) / ladder->n_columns;
  return true;
}

double
ls_scene_get_ladder_height (const LsScene *scene, uint32_t index)
{
  Ladder ladder;
  if (!set_up (scene, index, 300, &ladder))
    return 0;
  return (HEAD_PX + ladder.finding->steps->len * (double) ROW_PX) * ladder.scale;
}

int
ls_scene_find_ladder_step (const LsScene *scene, uint32_t index, double y_px)
{
  Ladder ladder;
  if (!set_up (scene, index, 300, &ladder) || !(y_px >= HEAD_PX * ladder.scale))
    return -1;
  double row = floor ((y_px - HEAD_PX * ladder.scale) / (ROW_PX * ladder.scale));
  return row < ladder.finding->steps->len ? (int) row : -1;
}

static double
get_column_x (const Ladder *ladder, uint32_t thread)
{
  for (guint i = 0; i < ladder->finding->threads->len; i++)
    if (g_array_index (ladder->finding->threads, uint32_t, i) == thread)
      return NUMBER_PX * ladder->scale + i * ladder->column;
  return NUMBER_PX * ladder->scale;
}

static void
paint_head (const LsPaint *paint, const Ladder *ladder)
{
  cairo_t *cr = paint->cr;
  double y = HEAD_PX * ladder->scale / 2;
  for (guint i = 0; i < ladder->finding->threads->len; i++) {
    uint32_t thread = g_array_index (ladder->finding->threads, uint32_t, i);
    double x = NUMBER_PX * ladder->scale + i * ladder->column;
    ls_set_color (cr, ls_scene_thread_color (paint->scene, thread));
    ls_path_pill (cr, x + 4, y - 5, 10, 10, 3);
    cairo_fill (cr);
    ls_set_color (cr, paint->palette->text);
    ls_text_draw_ellipsized (paint->text, cr, LS_FONT_SMALL_BOLD, x + 19, x + ladder->column - 4, y,
                             ls_trace_get_thread (paint->trace, thread)->name);
  }
  if (!ladder->has_values)
    return;
  uint32_t object = ladder->finding->objects->len > 0
                      ? g_array_index (ladder->finding->objects, uint32_t, 0)
                      : LS_NONE;
  bool is_value =
    object != LS_NONE && ls_trace_get_object (paint->trace, object)->kind == LS_OBJECT_VALUE;
  ls_set_color (cr, paint->palette->text);
  ls_text_draw_within (paint->text, cr, LS_FONT_SMALL_BOLD, ladder->width - ladder->value,
                       ladder->width - 6, 1, y, is_value ? "value" : "state");
}

/* Where it was, and what the thread held by then. */
static char *
dup_place (const LsPaint *paint, const LsStep *step)
{
  g_autofree char *place = ls_trace_dup_place (paint->trace, step->source);
  LsThreadState state;
  ls_thread_state_init (&state);
  ls_trace_get_thread_state (paint->trace, step->thread, step->event, &state);
  g_autoptr (GString) text = g_string_new (place);
  for (guint i = 0; i < MIN (state.holds->len, 3); i++) {
    const LsInterval *hold = &g_array_index (state.holds, LsInterval, i);
    g_string_append_printf (text, "%s%s",
                            i > 0           ? ", "
                            : text->len > 0 ? " · holds "
                                            : "holds ",
                            ls_trace_get_object (paint->trace, hold->object)->name);
  }
  ls_thread_state_clear (&state);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
paint_step (const LsPaint *paint, const Ladder *ladder, guint row)
{
  cairo_t *cr = paint->cr;
  const LsStep *step = &g_array_index (ladder->finding->steps, LsStep, row);
  double height = ROW_PX * ladder->scale;
  double y = HEAD_PX * ladder->scale + row * height;
  if (step->is_culprit) {
    ls_path_pill (cr, 0, y, ladder->width, height - 2, 5);
    ls_set_color_alpha (cr, paint->palette->finding_band, 1.8);
    cairo_fill (cr);
  }
  double middle = y + 13 * ladder->scale;
  char number[16];
  g_snprintf (number, sizeof number, "%u", row + 1);
  ls_set_color (cr, paint->palette->text_dim);
  ls_text_draw (paint->text, cr, LS_FONT_SMALL, 5, middle, number);

  double x = get_column_x (ladder, step->thread);
  LsColor color = ls_scene_thread_color (paint->scene, step->thread);
  LsEventKind kind = ls_trace_get_kind (paint->trace, step->event);
  LsShape shape = ls_shape_of_event (kind);
  if (shape == LS_SHAPE_NONE || shape == LS_SHAPE_TICK) {
    cairo_arc (cr, x + 9, middle, 4, 0, 2 * G_PI);
    ls_set_color (cr, color);
    cairo_fill (cr);
  } else {
    ls_draw_shape (cr, paint->palette, shape, color, false, x + 9, middle, 5);
  }
  /* A step's words may use the room of the columns right of it: no other step is in this row. */
  double right = ladder->width - ladder->value - 4;
  LsColor strong = step->is_culprit ? paint->palette->finding_text : paint->palette->text;
  ls_set_color (cr, strong);
  ls_text_draw_ellipsized (paint->text, cr, LS_FONT_MONO_BOLD, x + 19, right, middle, step->text);
  g_autofree char *place = dup_place (paint, step);
  ls_set_color (cr, paint->palette->text_dim);
  ls_text_draw_ellipsized (paint->text, cr, LS_FONT_SMALL, x + 19, ladder->width - 4,
                           middle + 15 * ladder->scale, place);
  if (step->value) {
    ls_set_color (cr, strong);
    ls_text_draw_within (paint->text, cr, LS_FONT_MONO_BOLD, right, ladder->width - 6, 1, middle,
                         step->value);
  }
}

void
ls_paint_ladder (cairo_t *cr, const LsScene *scene, uint32_t index, double width)
{
  Ladder ladder;
  if (!set_up (scene, index, width, &ladder))
    return;
  LsPaint paint;
  ls_paint_setup (&paint, cr, scene);
  double height = ls_scene_get_ladder_height (scene, index);
  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_clip (cr);
  for (guint i = 0; i < ladder.n_columns; i++)
    ls_fill_rect (cr, paint.palette->line, round (NUMBER_PX * ladder.scale + i * ladder.column),
                  HEAD_PX * ladder.scale, 1, height);
  paint_head (&paint, &ladder);
  for (guint i = 0; i < ladder.finding->steps->len; i++)
    paint_step (&paint, &ladder, i);
  cairo_restore (cr);
}
