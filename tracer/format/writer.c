/* SPDX-License-Identifier: MIT */
/**
 * Writes trace lines.
 *
 * The collector writes millions of events a second through ls_write_event(), so that everything of
 * bounded length goes straight into room reserved once a line; only strings take the slower way.
 */
#include "writer.h"

#include <string.h>

#include "json-writer.h"
#include "names.h"
#include "text.h"

/* Room for all keys and numbers of an event; strings reserve their own. */
#define EVENT_ROOM 768
#define VALUE_CHARS 64
/* Keeps every line below the reader's limit of 1 MiB: a character takes six bytes at most. */
#define STRING_CHARS (16 * 1024)
#define ARRAY_BYTES (128 * 1024)

#define PUT(p, literal) \
  ((char *) memcpy (p, "" literal, sizeof (literal) - 1) + sizeof (literal) - 1)

static char *
reserve (GString *out)
{
  gsize len = out->len;

  if (G_UNLIKELY (out->allocated_len - len <= EVENT_ROOM)) {
    g_string_set_size (out, len + EVENT_ROOM);
    out->len = len;
  }
  return out->str + len;
}

static void
commit (GString *out, char *p)
{
  *p = '\0';
  out->len = (gsize) (p - out->str);
}

static char *
put_quoted (GString *out, char *p, const char *text, gsize max_chars)
{
  commit (out, p);
  ls_append_quoted (out, text, max_chars);
  return reserve (out);
}

static char *
put_name (char *p, const char *name)
{
  *p++ = '"';
  p = stpcpy (p, name);
  *p++ = '"';
  return p;
}

static char *
put_value (GString *out, char *p, const LsValue *value)
{
  switch (value->type) {
  case LS_VALUE_INT:
    return ls_put_int (p, value->i);
  case LS_VALUE_UINT:
    return ls_put_uint (p, value->u);
  case LS_VALUE_FLOAT:
    return ls_put_double (p, value->f);
  case LS_VALUE_POINTER:
    p = ls_put_hex (PUT (p, "\"0x"), value->u);
    *p++ = '"';
    return p;
  case LS_VALUE_TEXT:
    return put_quoted (out, p, value->text, VALUE_CHARS);
  case LS_VALUE_BYTES:
    return put_quoted (out, p, value->text, STRING_CHARS);
  default:
    return PUT (p, "null");
  }
}

/* The keys from "val" to "err", which most events do without. */
static char *
put_rare (GString *out, char *p, const LsLineEvent *event)
{
  if (event->val.type != LS_VALUE_NONE)
    p = put_value (out, PUT (p, ",\"val\":"), &event->val);
  if (event->old.type != LS_VALUE_NONE)
    p = put_value (out, PUT (p, ",\"old\":"), &event->old);
  if (event->has_part) {
    p = ls_put_uint (PUT (p, ",\"off\":"), event->off);
    p = ls_put_uint (PUT (p, ",\"size\":"), event->size);
  }
  if (event->order != LS_ORDER_NONE)
    p = put_name (PUT (p, ",\"order\":"), ls_order_name (event->order));
  if (event->name)
    p = put_quoted (out, PUT (p, ",\"name\":"), event->name, STRING_CHARS);
  if (event->has_n)
    p = ls_put_int (PUT (p, ",\"n\":"), event->n);
  if (event->err)
    p = put_quoted (out, PUT (p, ",\"err\":"), event->err, STRING_CHARS);
  return p;
}

/* The kind's key and name are one piece each, of which more is copied than it has. */
static char *
put_kind (char *p, LsEventKind ev)
{
  static const struct {
    char text[24];
    size_t n;
  } pieces[LS_EV_N] = {
    { "", 0 },
#define LS_EVENT(ID, NAME, TARGET, FLAGS, VERB) \
  { ",\"ev\":\"" NAME "\"", sizeof ",\"ev\":\"\"" NAME - 1 },
#include "kinds.def"
  };
  memcpy (p, pieces[ev].text, sizeof pieces[ev].text);
  return p + pieces[ev].n;
}

void
ls_write_event (GString *out, const LsLineEvent *event)
{
  g_return_if_fail (event->ev > LS_EV_NONE && event->ev < LS_EV_N);
  g_return_if_fail (event->ts_ns >= 0 && event->tid > 0);

  char *p = reserve (out);
  p = ls_put_int (PUT (p, "{\"ts\":"), event->ts_ns);
  p = ls_put_uint (PUT (p, ",\"tid\":"), event->tid);
  p = put_kind (p, event->ev);
  if (event->obj)
    p = ls_put_uint (PUT (p, ",\"obj\":"), event->obj);
  if (event->thread)
    p = ls_put_uint (PUT (p, ",\"thread\":"), event->thread);
  if (event->with)
    p = ls_put_uint (PUT (p, ",\"with\":"), event->with);
  if (event->mode != LS_MODE_NONE)
    p = put_name (PUT (p, ",\"mode\":"), ls_mode_name (event->mode));
  if (event->how != LS_HOW_NONE)
    p = put_name (PUT (p, ",\"how\":"), ls_how_name (event->how));
  p = put_rare (out, p, event);
  if (event->src)
    p = ls_put_uint (PUT (p, ",\"src\":"), event->src);
  commit (out, PUT (p, "}\n"));
}

static void
write_string (LsJson *json, const char *key, const char *value)
{
  if (!value)
    return;
  g_string_append_printf (json->out, ",\"%s\":", key);
  ls_append_quoted (json->out, value, STRING_CHARS);
}

static void
write_id (LsJson *json, const char *key, uint32_t id)
{
  if (id > 0)
    ls_json_uint (json, key, id);
}

static void
write_flag (LsJson *json, const char *key, bool flag)
{
  if (flag)
    ls_json_bool (json, key, true);
}

static void
write_strings (LsJson *json, const char *key, const char *const *strings)
{
  if (!strings)
    return;
  ls_json_begin_array (json, key);
  gsize limit = json->out->len + ARRAY_BYTES;
  for (; *strings && json->out->len < limit; strings++) {
    if (json->comma)
      g_string_append_c (json->out, ',');
    ls_append_quoted (json->out, *strings, STRING_CHARS);
    json->comma = true;
  }
  if (*strings)
    ls_json_string (json, NULL, "…");
  ls_json_end_array (json);
}

/* A header with nothing but what could not be seen adds to the first one; it needs no unit. */
static void
write_header (LsJson *json, const LsLineHeader *header)
{
  bool is_first = header->wall || header->pid || header->program || header->recorder;
  bool is_blank = !header->partial && !header->ignored && !header->blind;

  ls_json_int (json, "lockstitch", header->version);
  if (is_first || is_blank)
    write_string (json, "unit", "ns");
  write_string (json, "wall", header->wall);
  write_id (json, "pid", header->pid);
  write_strings (json, "program", header->program);
  write_string (json, "recorder", header->recorder);
  write_flag (json, "partial", header->partial);
  write_strings (json, "ignored", header->ignored);
  write_strings (json, "blind", header->blind);
}

static void
write_footer (LsJson *json, const LsLineFooter *footer)
{
  ls_json_int (json, "end", footer->end_ns);
  ls_json_uint (json, "events", footer->events);
  ls_json_uint (json, "lost", footer->lost);
  if (footer->how == LS_END_EXIT)
    ls_json_int (json, "exit", footer->code);
  else if (footer->how == LS_END_SIGNAL)
    ls_json_int (json, "signal", footer->code);
  else
    write_flag (json, "exec", footer->how == LS_END_EXEC);
}

static void
write_thread (LsJson *json, const LsLineThread *thread)
{
  ls_json_uint (json, "thread", thread->id);
  write_string (json, "name", thread->name);
  write_id (json, "os", thread->os);
  write_flag (json, "daemon", thread->daemon);
  write_flag (json, "detached", thread->detached);
}

static void
write_object (LsJson *json, const LsLineObject *object)
{
  ls_json_uint (json, "object", object->id);
  if (object->kind != LS_OBJECT_UNKNOWN)
    write_string (json, "kind", ls_object_rows[object->kind].name);
  write_string (json, "name", object->name);
  write_string (json, "addr", object->addr);
  write_id (json, "src", object->src);
  write_flag (json, "shared", object->shared);
  if (object->has_initial)
    ls_json_int (json, "initial", object->initial);
  if (object->has_parties)
    ls_json_uint (json, "parties", object->parties);
  if (object->type != LS_VALUE_NONE)
    write_string (json, "type", ls_value_type_name (object->type));
  write_id (json, "size", object->size);
}

static void
write_source (LsJson *json, const LsLineSource *source)
{
  ls_json_uint (json, "source", source->id);
  write_string (json, "func", source->func);
  write_string (json, "file", source->file);
  write_id (json, "line", source->line);
  write_id (json, "in", source->in);
}

void
ls_write_line (GString *out, const LsLine *line)
{
  LsJson json;

  if (line->kind == LS_LINE_EVENT) {
    ls_write_event (out, &line->event);
    return;
  }
  ls_json_init (&json, out, 0);
  ls_json_begin_object (&json, NULL);
  switch (line->kind) {
  case LS_LINE_HEADER:
    write_header (&json, &line->header);
    break;
  case LS_LINE_FOOTER:
    write_footer (&json, &line->footer);
    break;
  case LS_LINE_THREAD:
    write_thread (&json, &line->thread);
    break;
  case LS_LINE_OBJECT:
    write_object (&json, &line->object);
    break;
  case LS_LINE_SOURCE:
    write_source (&json, &line->source);
    break;
  case LS_LINE_EVENT:
    break;
  }
  ls_json_end_object (&json);
  g_string_append_c (out, '\n');
}
