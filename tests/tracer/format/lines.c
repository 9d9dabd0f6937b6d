/* SPDX-License-Identifier: MIT */
/* Trace lines for tests: compared field by field, and made at random. */
#include "lines.h"

#include <math.h>
#include <string.h>

#include "names.h"

static bool
strings_equal (const char *const *a, const char *const *b)
{
  return a == b || (a && b && g_strv_equal ((const char *const *) a, (const char *const *) b));
}

static bool
values_equal (const LsValue *a, const LsValue *b)
{
  if (a->type != b->type)
    return false;
  switch (a->type) {
  case LS_VALUE_NONE:
    return true;
  case LS_VALUE_FLOAT:
    return memcmp (&a->f, &b->f, sizeof a->f) == 0 || (a->f != a->f && b->f != b->f);
  case LS_VALUE_TEXT:
  case LS_VALUE_BYTES:
    return strcmp (a->text, b->text) == 0;
  default:
    return a->u == b->u;
  }
}

static bool
events_equal (const LsLineEvent *a, const LsLineEvent *b)
{
  return a->ts_ns == b->ts_ns && a->tid == b->tid && a->ev == b->ev && a->mode == b->mode &&
         a->how == b->how && a->order == b->order && a->obj == b->obj && a->thread == b->thread &&
         a->with == b->with && a->src == b->src && a->off == b->off && a->size == b->size &&
         a->has_part == b->has_part && a->has_n == b->has_n && a->n == b->n &&
         values_equal (&a->val, &b->val) && values_equal (&a->old, &b->old) &&
         g_strcmp0 (a->name, b->name) == 0 && g_strcmp0 (a->err, b->err) == 0;
}

static bool
headers_equal (const LsLineHeader *a, const LsLineHeader *b)
{
  return a->version == b->version && g_strcmp0 (a->wall, b->wall) == 0 && a->pid == b->pid &&
         g_strcmp0 (a->recorder, b->recorder) == 0 && a->partial == b->partial &&
         strings_equal (a->program, b->program) && strings_equal (a->ignored, b->ignored) &&
         strings_equal (a->blind, b->blind);
}

static bool
objects_equal (const LsLineObject *a, const LsLineObject *b)
{
  return a->id == b->id && a->kind == b->kind && g_strcmp0 (a->name, b->name) == 0 &&
         g_strcmp0 (a->addr, b->addr) == 0 && a->src == b->src && a->shared == b->shared &&
         a->has_initial == b->has_initial && a->initial == b->initial &&
         a->has_parties == b->has_parties && a->parties == b->parties && a->type == b->type &&
         a->size == b->size;
}

bool
lines_equal (const LsLine *a, const LsLine *b)
{
  if (a->kind != b->kind)
    return false;
  switch (a->kind) {
  case LS_LINE_HEADER:
    return headers_equal (&a->header, &b->header);
  case LS_LINE_FOOTER:
    return a->footer.end_ns == b->footer.end_ns && a->footer.events == b->footer.events &&
           a->footer.lost == b->footer.lost && a->footer.how == b->footer.how &&
           a->footer.code == b->footer.code;
  case LS_LINE_THREAD:
    return a->thread.id == b->thread.id && g_strcmp0 (a->thread.name, b->thread.name) == 0 &&
           a->thread.os == b->thread.os && a->thread.daemon == b->thread.daemon &&
           a->thread.detached == b->thread.detached;
  case LS_LINE_OBJECT:
    return objects_equal (&a->object, &b->object);
  case LS_LINE_SOURCE:
    return a->source.id == b->source.id && g_strcmp0 (a->source.func, b->source.func) == 0 &&
           g_strcmp0 (a->source.file, b->source.file) == 0 && a->source.line == b->source.line &&
           a->source.in == b->source.in;
  case LS_LINE_EVENT:
    return events_equal (&a->event, &b->event);
  }
  return false;
}

/* random lines */

static bool
toss (GRand *rand)
{
  return g_rand_boolean (rand);
}

/* Any magnitude is as likely as any other, and the extremes come up. */
static uint64_t
make_uint (GRand *rand, uint64_t min, uint64_t max)
{
  uint64_t bits = (uint64_t) g_rand_int (rand) << 32 | g_rand_int (rand);
  uint64_t number = bits >> g_rand_int_range (rand, 0, 64);

  switch (g_rand_int_range (rand, 0, 16)) {
  case 0:
    return min;
  case 1:
    return max;
  default:
    return number < min || number > max ? min + number % (max - min + 1) : number;
  }
}

static uint32_t
make_id (GRand *rand)
{
  return toss (rand) ? (uint32_t) make_uint (rand, 1, G_MAXUINT32) : 0;
}

static const char *
make_string (GRand *rand, GPtrArray *strings)
{
  static const char *const pieces[] = {
    "a",  "Z",  "lock",     ".",    "[3]", " ",      "\"",
    "\\", "\n", "\x01\x1f", "\x7f", "ä",   "\u2028", "\xf0\x9f\xa7\xb5",
    "/",  "<>", "&",        "'",
  };
  GString *text = g_string_new (toss (rand) ? "t" : "");

  for (int n = g_rand_int_range (rand, 0, 6); n > 0; n--)
    g_string_append (text, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
  g_ptr_array_add (strings, text->str);
  return g_string_free (text, FALSE);
}

static const char *
make_string_or_null (GRand *rand, GPtrArray *strings)
{
  return toss (rand) ? make_string (rand, strings) : NULL;
}

static const char *const *
make_strings (GRand *rand, GPtrArray *strings)
{
  int n = g_rand_int_range (rand, 0, 4);
  const char **array = g_new0 (const char *, n + 1);

  g_ptr_array_add (strings, array);
  for (int i = 0; i < n; i++)
    array[i] = make_string (rand, strings);
  return array;
}

static double
make_double (GRand *rand)
{
  static const double some[] = { 0.0,
                                 -0.0,
                                 1.0,
                                 0.1,
                                 -2.5,
                                 1e15,
                                 123456789.012345,
                                 1e300,
                                 5e-324,
                                 1e-7,
                                 1.7976931348623157e308,
                                 0x1p53,
                                 1e21,
                                 1.0 / 3 };
  switch (g_rand_int_range (rand, 0, 4)) {
  case 0:
    return some[g_rand_int_range (rand, 0, G_N_ELEMENTS (some))];
  case 1:
    return g_rand_int_range (rand, -1000000, 1000000) / 1000.0;
  case 2:
    return g_rand_double (rand);
  default:
    return g_rand_int_range (rand, 0, 3) == 0 ? (double) NAN : -(double) INFINITY;
  }
}

static LsValue
make_value (GRand *rand, GPtrArray *strings)
{
  switch (g_rand_int_range (rand, 0, 6)) {
  case 0:
    return (LsValue){ .type = LS_VALUE_INT, .i = (int64_t) make_uint (rand, 0, G_MAXINT64) };
  case 1:
    return (LsValue){ .type = LS_VALUE_INT, .i = -1 - (int64_t) make_uint (rand, 0, G_MAXINT64) };
  case 2:
    return (LsValue){ .type = LS_VALUE_UINT,
                      .u = make_uint (rand, (uint64_t) G_MAXINT64 + 1, G_MAXUINT64) };
  case 3:
    return (LsValue){ .type = LS_VALUE_FLOAT, .f = make_double (rand) };
  case 4:
    return (LsValue){ .type = LS_VALUE_POINTER, .u = make_uint (rand, 0, G_MAXUINT64) };
  default:
    return (LsValue){ .type = LS_VALUE_TEXT, .text = make_string (rand, strings) };
  }
}

static void
make_event (GRand *rand, GPtrArray *strings, LsLineEvent *event)
{
  *event = (LsLineEvent){
    .ts_ns = (int64_t) make_uint (rand, 0, G_MAXINT64),
    .tid = (uint32_t) make_uint (rand, 1, 1u << 24),
    .ev = (LsEventKind) g_rand_int_range (rand, LS_EV_NONE + 1, LS_EV_N),
    .obj = (uint32_t) make_uint (rand, 1, G_MAXUINT32),
    .src = make_id (rand),
  };
  LsEventTarget target = ls_event_rows[event->ev].target;

  if (target == LS_TARGET_THREAD || toss (rand)) {
    event->thread = (uint32_t) make_uint (rand, 1, 1u << 24);
    event->with = make_id (rand);
    event->how = (LsHow) g_rand_int_range (rand, LS_HOW_NONE, LS_HOW_N);
    event->mode = (LsMode) g_rand_int_range (rand, LS_MODE_NONE, LS_MODE_N);
    event->err = make_string_or_null (rand, strings);
  }
  event->has_n = event->ev == LS_EV_SEND || event->ev == LS_EV_RECV || toss (rand);
  if (event->has_n)
    event->n = (int64_t) make_uint (rand, 0, G_MAXINT64);
  if (event->ev == LS_EV_COUNT || toss (rand))
    event->val = make_value (rand, strings);
  if (toss (rand)) {
    event->old = make_value (rand, strings);
    event->order = (LsOrder) g_rand_int_range (rand, LS_ORDER_NONE, LS_ORDER_N);
    event->has_part = true;
    event->off = (uint32_t) make_uint (rand, 0, G_MAXUINT32);
    event->size = (uint32_t) make_uint (rand, 0, G_MAXUINT32);
  }
  if (event->ev == LS_EV_BEGIN || event->ev == LS_EV_MARK || event->ev == LS_EV_COUNT ||
      toss (rand))
    event->name = make_string (rand, strings);
}

static void
make_object (GRand *rand, GPtrArray *strings, LsLineObject *object)
{
  *object = (LsLineObject){
    .id = (uint32_t) make_uint (rand, 1, G_MAXUINT32),
    .kind = (LsObjectKind) g_rand_int_range (rand, LS_OBJECT_UNKNOWN, LS_OBJECT_N),
    .name = make_string_or_null (rand, strings),
    .addr = make_string_or_null (rand, strings),
    .src = make_id (rand),
    .shared = toss (rand),
    .has_initial = toss (rand),
    .has_parties = toss (rand),
    .type = (LsValueType) g_rand_int_range (rand, LS_VALUE_NONE, LS_VALUE_N),
    .size = make_id (rand),
  };
  if (object->has_initial)
    object->initial = (int64_t) make_uint (rand, 0, G_MAXINT64);
  if (object->has_parties)
    object->parties = (uint32_t) make_uint (rand, 1, G_MAXUINT32);
}

static void
make_header (GRand *rand, GPtrArray *strings, LsLineHeader *header)
{
  *header = (LsLineHeader){
    .version = 1,
    .wall = make_string_or_null (rand, strings),
    .pid = make_id (rand),
    .program = toss (rand) ? make_strings (rand, strings) : NULL,
    .recorder = make_string_or_null (rand, strings),
    .partial = toss (rand),
    .ignored = toss (rand) ? make_strings (rand, strings) : NULL,
    .blind = toss (rand) ? make_strings (rand, strings) : NULL,
  };
}

static void
make_footer (GRand *rand, LsLineFooter *footer)
{
  *footer = (LsLineFooter){
    .end_ns = (int64_t) make_uint (rand, 0, G_MAXINT64),
    .events = make_uint (rand, 0, G_MAXINT64),
    .lost = make_uint (rand, 0, G_MAXINT64),
    .how = (LsEndHow) g_rand_int_range (rand, LS_END_UNSEEN, LS_END_EXEC + 1),
  };
  if (footer->how == LS_END_EXIT || footer->how == LS_END_SIGNAL)
    footer->code = g_rand_int_range (rand, 1, 256);
}

void
lines_make (GRand *rand, GPtrArray *strings, LsLine *line)
{
  line->kind = (LsLineKind) g_rand_int_range (rand, LS_LINE_HEADER, LS_LINE_EVENT + 4);
  switch (line->kind) {
  case LS_LINE_HEADER:
    make_header (rand, strings, &line->header);
    break;
  case LS_LINE_FOOTER:
    make_footer (rand, &line->footer);
    break;
  case LS_LINE_THREAD:
    line->thread = (LsLineThread){
      .id = (uint32_t) make_uint (rand, 1, 1u << 24),
      .name = make_string_or_null (rand, strings),
      .os = make_id (rand),
      .daemon = toss (rand),
      .detached = toss (rand),
    };
    break;
  case LS_LINE_OBJECT:
    make_object (rand, strings, &line->object);
    break;
  case LS_LINE_SOURCE:
    line->source = (LsLineSource){
      .id = (uint32_t) make_uint (rand, 1, G_MAXUINT32),
      .func = make_string_or_null (rand, strings),
      .file = make_string_or_null (rand, strings),
      .line = make_id (rand),
      .in = make_id (rand),
    };
    break;
  default:
    line->kind = LS_LINE_EVENT;
    make_event (rand, strings, &line->event);
    break;
  }
}
