/* SPDX-License-Identifier: MIT */
/* Events as plain numbers. */
#include "lines.h"

#include "writer.h"

#define EVENT_BYTES 56 /* of a line, about */

void
ls_lines_init (LsLines *lines)
{
  *lines = (LsLines){ .text = g_string_new (NULL),
                      .events = g_array_new (FALSE, FALSE, sizeof (LsPlainEvent)) };
}

void
ls_lines_clear (LsLines *lines)
{
  g_string_free (lines->text, TRUE);
  g_array_unref (lines->events);
  *lines = (LsLines){ 0 };
}

static bool
is_plain (const LsLineEvent *event)
{
  return event->val.type == LS_VALUE_NONE && event->old.type == LS_VALUE_NONE && !event->name &&
         !event->err && !event->has_part && (!event->has_n || event->n <= G_MAXUINT32);
}

void
ls_lines_add_plain (LsLines *lines, LsPlainEvent plain)
{
  plain.text_bytes = (uint32_t) (lines->text->len - lines->n_placed);
  g_array_append_val (lines->events, plain);
  lines->n_placed = lines->text->len;
}

void
ls_lines_add (LsLines *lines, const LsLineEvent *event)
{
  if (!is_plain (event)) {
    ls_write_event (lines->text, event);
    return;
  }
  LsPlainEvent plain = {
    .ts_ns = event->ts_ns,
    .tid = event->tid,
    .obj = event->obj,
    .thread = event->thread,
    .with = event->with,
    .src = event->src,
    .n = event->has_n ? (uint32_t) event->n : 0,
    .ev = (uint8_t) event->ev,
    .how = (uint8_t) event->how,
    .order = (uint8_t) event->order,
    .is_shared = event->mode == LS_MODE_SHARED,
    .has_n = event->has_n,
  };
  ls_lines_add_plain (lines, plain);
}

void
ls_lines_truncate (LsLines *lines, gsize n_bytes)
{
  g_array_set_size (lines->events, 0);
  g_string_truncate (lines->text, n_bytes);
  lines->n_placed = 0;
}

gsize
ls_lines_get_size (const LsLines *lines)
{
  return lines->text->len + lines->events->len * (gsize) EVENT_BYTES;
}

void
ls_lines_move (LsLines *lines, LsLines *to)
{
  GArray *empty = to->events;
  to->events = lines->events;
  to->n_placed = lines->n_placed;
  lines->events = empty;
  /* The text stays the same GString, which others add to. */
  g_string_append_len (to->text, lines->text->str, (gssize) lines->text->len);
  ls_lines_truncate (lines, 0);
}

void
ls_lines_make (const LsLines *lines, GString *out)
{
  const char *text = lines->text->str, *text_end = text + lines->text->len;
  LsLineEvent event = { 0 };
  for (guint i = 0; i < lines->events->len; i++) {
    const LsPlainEvent *plain = &g_array_index (lines->events, LsPlainEvent, i);
    if (plain->text_bytes > 0) {
      g_string_append_len (out, text, plain->text_bytes);
      text += plain->text_bytes;
    }
    event.ts_ns = plain->ts_ns;
    event.tid = plain->tid;
    event.obj = plain->obj;
    event.thread = plain->thread;
    event.with = plain->with;
    event.src = plain->src;
    event.n = plain->n;
    event.has_n = plain->has_n;
    event.ev = (LsEventKind) plain->ev;
    event.how = (LsHow) plain->how;
    event.order = (LsOrder) plain->order;
    event.mode = plain->is_shared ? LS_MODE_SHARED : LS_MODE_NONE;
    ls_write_event (out, &event);
  }
  g_string_append_len (out, text, text_end - text);
}
