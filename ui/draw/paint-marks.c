/* SPDX-License-Identifier: MIT */
/* Single events of a thread: a shape on its bar, words over it where they fit. */
#include "paint-private.h"

#include <math.h>

#include "names.h"

#define MAX_LABELS 128 /* considered a lane */

LsShape
ls_shape_of_event (LsEventKind kind)
{
  static const guint8 shapes[LS_EV_N] = {
    [LS_EV_READ] = LS_SHAPE_RING,
    [LS_EV_WRITE] = LS_SHAPE_DIAMOND,
    [LS_EV_LOAD] = LS_SHAPE_SQUARE,
    [LS_EV_STORE] = LS_SHAPE_SQUARE_FULL,
    [LS_EV_UPDATE] = LS_SHAPE_SQUARE_HALF,
    [LS_EV_MARK] = LS_SHAPE_FLAG,
    [LS_EV_FAIL] = LS_SHAPE_CROSS,
    [LS_EV_CANCEL] = LS_SHAPE_CANCEL,
    [LS_EV_DESTROY] = LS_SHAPE_DESTROY,
    [LS_EV_SIGNAL] = LS_SHAPE_TRIANGLE_UP,
    [LS_EV_BROADCAST] = LS_SHAPE_TRIANGLES_UP,
    [LS_EV_SET] = LS_SHAPE_TRIANGLE_UP,
    [LS_EV_SEND] = LS_SHAPE_TRIANGLE_UP,
    [LS_EV_RECV] = LS_SHAPE_TRIANGLE_DOWN,
    [LS_EV_FENCE] = LS_SHAPE_FENCE,
    [LS_EV_FORK] = LS_SHAPE_FORK,
    [LS_EV_LOST] = LS_SHAPE_LOST,
    [LS_EV_STALL] = LS_SHAPE_STALL,
    [LS_EV_CREATE] = LS_SHAPE_TICK,
    [LS_EV_ACQUIRE] = LS_SHAPE_TICK,
    [LS_EV_RELEASE] = LS_SHAPE_TICK,
    [LS_EV_DETACH] = LS_SHAPE_TICK,
    [LS_EV_YIELD] = LS_SHAPE_TICK,
    [LS_EV_CLEAR] = LS_SHAPE_TICK,
  };
  return kind < LS_EV_N ? shapes[kind] : LS_SHAPE_NONE;
}

static char *
dup_access_label (const LsEvent *event)
{
  const char *name = ls_event_rows[event->ev].name;
  if (event->val.type == LS_VALUE_NONE)
    return g_strdup (name);
  g_autofree char *value = ls_value_dup_text (&event->val);
  if (event->ev != LS_EV_UPDATE || event->old.type == LS_VALUE_NONE)
    return g_strdup_printf ("%s %s", name, value);
  g_autofree char *old = ls_value_dup_text (&event->old);
  return g_strdup_printf ("%s %s→%s", name, old, value);
}

char *
ls_dup_event_label (const LsTrace *trace, uint32_t k)
{
  LsEvent event;
  ls_trace_get_event (trace, k, &event);
  if (ls_event_rows[event.ev].flags & (LS_EV_READS | LS_EV_WRITES))
    return dup_access_label (&event);
  switch (event.ev) {
  case LS_EV_MARK:
    return g_strdup (event.name ? event.name : "mark");
  case LS_EV_LOST:
    return g_strdup_printf ("%" G_GINT64_FORMAT " lost", event.has_n ? event.n : 1);
  case LS_EV_STALL: {
    g_autofree char *text = ls_duration_dup_text (event.has_n ? event.n : 0);
    return g_strdup_printf ("stalled %s", text);
  }
  case LS_EV_FORK:
    return g_strdup ("fork");
  case LS_EV_FAIL:
    return g_strdup (event.err ? event.err : "fail");
  default:
    return event.err ? g_strdup (event.err) : NULL;
  }
}

/* -- Labels -- */

typedef struct {
  double x;
  uint32_t event;
  bool is_access;
} Mark;

typedef struct {
  char *words;
  guint n;      /* marks merged */
  bool is_same; /* all of them say the same */
  double x0, x1;
} Group;

static double
measure_group (const LsPaint *paint, Group *group, double x)
{
  g_autofree char *words = NULL;
  if (group->n > 1 && group->is_same)
    words = g_strdup_printf ("%s ×%u", group->words, group->n);
  else if (group->n > 1)
    words = g_strdup_printf ("%s +%u", group->words, group->n - 1);
  const char *shown = words ? words : group->words;
  double width = ls_text_get_width (paint->text, LS_FONT_MONO, shown) + 12;
  /* Kept in the plot while its event is. */
  double x0 = round (x - width / 2);
  if (x >= 0 && x <= paint->width)
    x0 = CLAMP (x0, 1, MAX (paint->width - width - 1, 1));
  group->x0 = x0;
  group->x1 = x0 + width;
  return width;
}

static void
paint_group (const LsPaint *paint, const Group *group, double y, bool is_access)
{
  cairo_t *cr = paint->cr;
  double height = round (17 * paint->scene->text_scale);
  g_autofree char *words = group->n > 1
                             ? g_strdup_printf (group->is_same ? "%s ×%u" : "%s +%u", group->words,
                                                group->is_same ? group->n : group->n - 1)
                             : g_strdup (group->words);
  if (is_access) {
    ls_path_pill (cr, group->x0 + 0.5, y - height / 2 + 0.5, group->x1 - group->x0 - 1, height - 1,
                  4);
    ls_set_color (cr, paint->palette->ground);
    cairo_fill_preserve (cr);
    ls_set_color (cr, ls_scene_thread_color (paint->scene, paint->lane->index));
    cairo_set_line_width (cr, 1.3);
    cairo_stroke (cr);
  }
  ls_set_color (cr, paint->palette->text);
  ls_text_draw (paint->text, cr, LS_FONT_MONO, group->x0 + 6, y, words);
}

/* Greedy from the left: a label that would touch the last one joins it. */
static void
paint_labels (const LsPaint *paint, const GArray *marks, double y, GArray *labels)
{
  Group group = { 0 };
  bool is_access = false;
  double x = 0;
  for (guint i = 0; i <= marks->len; i++) {
    const Mark *mark = i < marks->len ? &g_array_index (marks, Mark, i) : NULL;
    g_autofree char *words = mark ? ls_dup_event_label (paint->trace, mark->event) : NULL;
    if (mark && !words)
      continue;
    if (mark && group.words) {
      double width = ls_text_get_width (paint->text, LS_FONT_MONO, words) + 12;
      if (mark->x - width / 2 < group.x1 + 3) {
        group.is_same = group.is_same && g_str_equal (words, group.words);
        group.n++;
        measure_group (paint, &group, x);
        continue;
      }
    }
    if (group.words) {
      paint_group (paint, &group, y, is_access);
      g_array_append_val (labels, group); /* for its place: the words are gone */
    }
    g_clear_pointer (&group.words, g_free);
    if (!mark)
      break;
    group = (Group){ .words = g_steal_pointer (&words), .n = 1, .is_same = true };
    is_access = mark->is_access;
    x = mark->x;
    measure_group (paint, &group, x);
  }
  g_free (group.words);
}

/* -- Order: each event's word over it -- */

static bool
meets_label (const GArray *labels, double x0, double x1)
{
  for (guint i = 0; i < labels->len; i++) {
    const Group *label = &g_array_index (labels, Group, i);
    if (x0 < label->x1 + 4 && x1 > label->x0 - 4)
      return true;
  }
  return false;
}

static void
paint_word (const LsPaint *paint, const char *word, double x, double y, const GArray *labels)
{
  double width = ls_text_get_width (paint->text, LS_FONT_SMALL, word);
  double left = x - width / 2;
  if (left < 0 || left + width > paint->width || meets_label (labels, left, left + width))
    return;
  ls_set_color (paint->cr, paint->palette->text_dim);
  ls_text_draw (paint->text, paint->cr, LS_FONT_SMALL, left, y, word);
}

/* `labels`: those of accesses, which are there already; a word that meets one is left out. */
static void
paint_order_words (const LsPaint *paint,
                   const uint32_t *events,
                   uint32_t first,
                   uint32_t end,
                   const LsThreadBox *box,
                   const GArray *labels)
{
  double last_x = -1e6;
  for (uint32_t i = first; i < end; i++) {
    LsEventKind kind = ls_trace_get_kind (paint->trace, events[i]);
    double x = ls_axis_x_of_event (paint->axis, events[i]);
    LsShape shape = ls_shape_of_event (kind);
    if (x < 0 || x > paint->width || (shape != LS_SHAPE_NONE && shape != LS_SHAPE_TICK))
      continue;
    if (kind != LS_EV_FINISH) {
      cairo_arc (paint->cr, x, box->bar_y + box->bar_height / 2, 3, 0, 2 * G_PI);
      ls_set_color (paint->cr, paint->palette->ground);
      cairo_fill_preserve (paint->cr);
      ls_set_color (paint->cr, ls_scene_thread_color (paint->scene, paint->lane->index));
      cairo_set_line_width (paint->cr, 1.4);
      cairo_stroke (paint->cr);
    }
    const char *word = ls_event_rows[kind].name;
    double width = ls_text_get_width (paint->text, LS_FONT_SMALL, word);
    if (x - width / 2 < last_x + 4)
      continue;
    paint_word (paint, word, x, box->label_y, labels);
    last_x = x + width / 2;
  }
}

/* -- Shapes -- */

/* Whether x has the thread's own colour under and around it: else a shape must bring its own. */
static bool
is_on_bar (const LsPaint *paint, uint32_t k, double x, double radius)
{
  LsIntervals states = ls_trace_get_thread_states (paint->trace, paint->lane->index);
  int64_t ts = ls_trace_get_ts (paint->trace, k);
  uint32_t i = ls_intervals_find (states, ts > 0 ? ts - 1 : 0);
  for (; i < states.n; i++) {
    LsInterval state = ls_intervals_get (states, i);
    if (state.begin_event > k)
      break;
    if (state.state != LS_STATE_NOT_WAITING)
      continue;
    double x0 = ls_axis_x_of_begin (paint->axis, &state);
    double x1 = ls_axis_x_of_end (paint->axis, &state);
    if (x0 - 1 <= x - radius && x + radius <= x1 + 1)
      return true;
  }
  return false;
}

static void
paint_shape (const LsPaint *paint, uint32_t k, LsEventKind kind, double x, const LsThreadBox *box)
{
  LsColor color = ls_scene_thread_color (paint->scene, paint->lane->index);
  LsShape shape = ls_shape_of_event (kind);
  double middle = box->bar_y + box->bar_height / 2;
  double radius = paint->lane->size == LS_LANE_LARGE ? 5 : 3.5;
  bool on_bar = !(paint->dense & LS_DENSE_BARS) && is_on_bar (paint, k, x, radius);
  ls_draw_shape (paint->cr, paint->palette, shape, color, on_bar, x, middle, radius);
  if (k == paint->scene->options.selected_event) {
    cairo_arc (paint->cr, x, middle, radius + 4, 0, 2 * G_PI);
    ls_set_color (paint->cr, paint->palette->text);
    cairo_set_line_width (paint->cr, 1.5);
    cairo_stroke (paint->cr);
  }
}

/* In a dense lane: where accesses are, as a line under the bar. */
static void
paint_density (const LsPaint *paint, const uint32_t *events, uint32_t n, const LsThreadBox *box)
{
  uint32_t i, end;
  ls_paint_find_events (paint, events, n, &i, &end);
  if (end - i > 20000 || (paint->dense & LS_DENSE_BARS))
    return;
  double drawn = -10;
  ls_set_color (paint->cr,
                ls_color_get_text_on (ls_scene_thread_color (paint->scene, paint->lane->index)));
  for (; i < end; i++) {
    LsEventKind kind = ls_trace_get_kind (paint->trace, events[i]);
    if (!(ls_event_rows[kind].flags & (LS_EV_READS | LS_EV_WRITES)))
      continue;
    double x = floor (ls_axis_x_of_event (paint->axis, events[i]));
    if (x < drawn + 3 || x < 0 || x > paint->width)
      continue;
    cairo_rectangle (paint->cr, x, box->bar_y + box->bar_height - 4, 2, 3);
    drawn = x;
  }
  cairo_fill (paint->cr);
}

/* Notches: something happened here. */
static void
paint_ticks (const LsPaint *paint, const GArray *ticks, const LsThreadBox *box)
{
  for (guint i = 0; i < ticks->len; i++)
    cairo_rectangle (paint->cr, round (g_array_index (ticks, double, i)), box->bar_y, 1,
                     box->bar_height);
  ls_set_color_alpha (paint->cr, paint->palette->ground, 0.55);
  cairo_fill (paint->cr);
}

/* The marks of single events in view, but for their words: these are the caller's. */
static GArray *
paint_shapes (const LsPaint *paint,
              const uint32_t *events,
              uint32_t first,
              uint32_t end,
              const LsThreadBox *box)
{
  GArray *marks = g_array_new (FALSE, FALSE, sizeof (Mark));
  g_autoptr (GArray) ticks = g_array_new (FALSE, FALSE, sizeof (double));
  for (uint32_t i = first; i < end; i++) {
    LsEventKind kind = ls_trace_get_kind (paint->trace, events[i]);
    LsShape shape = ls_shape_of_event (kind);
    if (shape == LS_SHAPE_NONE)
      continue;
    double x = ls_axis_x_of_event (paint->axis, events[i]);
    if (x < -10 || x > paint->width + 10)
      continue;
    Mark mark = { x, events[i], (ls_event_rows[kind].flags & (LS_EV_READS | LS_EV_WRITES)) != 0 };
    if (shape == LS_SHAPE_TICK)
      g_array_append_val (ticks, x);
    else
      g_array_append_val (marks, mark);
  }
  paint_ticks (paint, ticks, box);
  for (guint i = 0; i < marks->len; i++) {
    const Mark *mark = &g_array_index (marks, Mark, i);
    paint_shape (paint, mark->event, ls_trace_get_kind (paint->trace, mark->event), mark->x, box);
  }
  return marks;
}

void
ls_paint_marks (LsPaint *paint, const LsThreadBox *box)
{
  uint32_t n, first, end;
  const uint32_t *events = ls_trace_get_thread_events (paint->trace, paint->lane->index, &n);
  if (n == 0)
    return;
  if (paint->dense & LS_DENSE_EVENTS) {
    paint_density (paint, events, n, box);
    return;
  }
  ls_paint_find_events (paint, events, n, &first, &end);
  g_autoptr (GArray) marks = paint_shapes (paint, events, first, end, box);
  if (!box->has_labels)
    return;
  g_array_set_size (marks, MIN (marks->len, MAX_LABELS));
  g_autoptr (GArray) labels = g_array_new (FALSE, FALSE, sizeof (Group));
  paint_labels (paint, marks, box->label_y, labels);
  if (ls_axis_get_kind (paint->axis) == LS_AXIS_ORDER)
    paint_order_words (paint, events, first, end, box, labels);
}
