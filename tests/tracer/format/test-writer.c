/* SPDX-License-Identifier: MIT */
/* The exact bytes that the writers write. */
#include <math.h>
#include <string.h>

#include "json-writer.h"
#include "parse.h"
#include "text.h"
#include "writer.h"

static void
check (const LsLine *line, const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *with_end = g_strconcat (expected, "\n", NULL);
  ls_write_line (text, line);
  g_assert_cmpstr (text->str, ==, with_end);
}

#define CHECK_EVENT(expected, ...) \
  check (&(LsLine){ .kind = LS_LINE_EVENT, .event = { __VA_ARGS__ } }, expected)

static void
test_events (void)
{
  CHECK_EVENT ("{\"ts\":1042,\"tid\":2,\"ev\":\"acquire\",\"obj\":3,\"src\":4}", .ts_ns = 1042,
               .tid = 2, .ev = LS_EV_ACQUIRE, .obj = 3, .src = 4);
  CHECK_EVENT ("{\"ts\":0,\"tid\":1,\"ev\":\"start\"}", .tid = 1, .ev = LS_EV_START);
  CHECK_EVENT ("{\"ts\":9223372036854775807,\"tid\":16777216,\"ev\":\"send\",\"n\":0}",
               .ts_ns = INT64_MAX, .tid = 1 << 24, .ev = LS_EV_SEND, .has_n = true);
  /* every key, in its order */
  CHECK_EVENT ("{\"ts\":1,\"tid\":2,\"ev\":\"update\",\"obj\":3,\"thread\":4,\"with\":5,"
               "\"mode\":\"shared\",\"how\":\"timed\",\"val\":-6,\"old\":18446744073709551615,"
               "\"off\":7,\"size\":8,\"order\":\"acq_rel\",\"name\":\"a\\\"b\",\"n\":9,"
               "\"err\":\"EPERM\",\"src\":10}",
               .ts_ns = 1, .tid = 2, .ev = LS_EV_UPDATE, .obj = 3, .thread = 4, .with = 5,
               .mode = LS_MODE_SHARED, .how = LS_HOW_TIMED,
               .val = { .type = LS_VALUE_INT, .i = -6 },
               .old = { .type = LS_VALUE_UINT, .u = UINT64_MAX }, .has_part = true, .off = 7,
               .size = 8, .order = LS_ORDER_ACQ_REL, .name = "a\"b", .has_n = true, .n = 9,
               .err = "EPERM", .src = 10);
}

static void
test_declarations (void)
{
  const char *const program[] = { "./race_condition", NULL };
  const char *const blind[] = { "libgomp", NULL };

  check (&(LsLine){ .kind = LS_LINE_HEADER,
                    .header = { .version = 1,
                                .wall = "2026-11-21T20:00:00Z",
                                .pid = 4121,
                                .program = program,
                                .recorder = "0.1.0" } },
         "{\"lockstitch\":1,\"unit\":\"ns\",\"wall\":\"2026-11-21T20:00:00Z\",\"pid\":4121,"
         "\"program\":[\"./race_condition\"],\"recorder\":\"0.1.0\"}");
  check (&(LsLine){ .kind = LS_LINE_HEADER, .header = { .version = 1 } },
         "{\"lockstitch\":1,\"unit\":\"ns\"}");
  check (&(LsLine){ .kind = LS_LINE_HEADER, .header = { .version = 1, .blind = blind } },
         "{\"lockstitch\":1,\"blind\":[\"libgomp\"]}");
  check (
    &(LsLine){
      .kind = LS_LINE_THREAD,
      .thread = { .id = 2, .name = "executor-0", .os = 4122, .daemon = true, .detached = true } },
    "{\"thread\":2,\"name\":\"executor-0\",\"os\":4122,\"daemon\":true,\"detached\":true}");
  check (&(LsLine){ .kind = LS_LINE_OBJECT,
                    .object = { .id = 3,
                                .kind = LS_OBJECT_MUTEX,
                                .name = "log.lock",
                                .addr = "0x55d0c8a2b040",
                                .src = 4,
                                .shared = true } },
         "{\"object\":3,\"kind\":\"mutex\",\"name\":\"log.lock\",\"addr\":\"0x55d0c8a2b040\","
         "\"src\":4,\"shared\":true}");
  check (
    &(LsLine){ .kind = LS_LINE_OBJECT,
               .object = { .id = 2, .kind = LS_OBJECT_VALUE, .type = LS_VALUE_INT, .size = 4 } },
    "{\"object\":2,\"kind\":\"value\",\"type\":\"int\",\"size\":4}");
  check (&(LsLine){ .kind = LS_LINE_OBJECT,
                    .object = { .id = 1, .kind = LS_OBJECT_SEMAPHORE, .has_initial = true } },
         "{\"object\":1,\"kind\":\"semaphore\",\"initial\":0}");
  check (
    &(LsLine){ .kind = LS_LINE_SOURCE,
               .source = { .id = 4, .func = "update", .file = "racecond.c", .line = 21, .in = 9 } },
    "{\"source\":4,\"func\":\"update\",\"file\":\"racecond.c\",\"line\":21,\"in\":9}");
}

static void
test_footers (void)
{
  check (&(LsLine){ .kind = LS_LINE_FOOTER,
                    .footer = { .end_ns = 204600000, .events = 47, .how = LS_END_EXIT } },
         "{\"end\":204600000,\"events\":47,\"lost\":0,\"exit\":0}");
  check (&(LsLine){ .kind = LS_LINE_FOOTER,
                    .footer = { .end_ns = 1, .lost = 2, .how = LS_END_SIGNAL, .code = 9 } },
         "{\"end\":1,\"events\":0,\"lost\":2,\"signal\":9}");
  check (&(LsLine){ .kind = LS_LINE_FOOTER, .footer = { .end_ns = 1, .how = LS_END_EXEC } },
         "{\"end\":1,\"events\":0,\"lost\":0,\"exec\":true}");
  check (&(LsLine){ .kind = LS_LINE_FOOTER, .footer = { .end_ns = 1 } },
         "{\"end\":1,\"events\":0,\"lost\":0}");
}

static void
check_value (LsValue value, const char *expected)
{
  g_autofree char *line =
    g_strdup_printf ("{\"ts\":0,\"tid\":1,\"ev\":\"read\",\"obj\":1,\"val\":%s}", expected);
  CHECK_EVENT (line, .tid = 1, .ev = LS_EV_READ, .obj = 1, .val = value);
}

static void
test_values (void)
{
  g_autofree char *long_text = g_strnfill (100, 'x');
  g_autofree char *cut_text = g_strnfill (64, 'x');
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", cut_text);

#define CHECK_VALUE(expected, ...) check_value ((LsValue){ __VA_ARGS__ }, expected)
  CHECK_VALUE ("-9223372036854775808", .type = LS_VALUE_INT, .i = INT64_MIN);
  CHECK_VALUE ("1.0", .type = LS_VALUE_FLOAT, .f = 1);
  CHECK_VALUE ("0.1", .type = LS_VALUE_FLOAT, .f = 0.1);
  CHECK_VALUE ("-0.0", .type = LS_VALUE_FLOAT, .f = -0.0);
  CHECK_VALUE ("0.30000000000000004", .type = LS_VALUE_FLOAT, .f = 0.1 + 0.2);
  CHECK_VALUE ("1e+300", .type = LS_VALUE_FLOAT, .f = 1e300);
  CHECK_VALUE ("\"nan\"", .type = LS_VALUE_FLOAT, .f = NAN);
  CHECK_VALUE ("\"-inf\"", .type = LS_VALUE_FLOAT, .f = -INFINITY);
  CHECK_VALUE ("\"0x0\"", .type = LS_VALUE_POINTER, .u = 0);
  CHECK_VALUE ("\"0x7ffe12345678\"", .type = LS_VALUE_POINTER, .u = 0x7ffe12345678);
  CHECK_VALUE ("\"0xffffffffffffffff\"", .type = LS_VALUE_POINTER, .u = UINT64_MAX);
  CHECK_VALUE ("\"00ff\"", .type = LS_VALUE_BYTES, .text = "00ff");
  CHECK_VALUE (quoted, .type = LS_VALUE_TEXT, .text = long_text);
}

static void
check_quoted (const char *text, gsize max_chars, const char *expected)
{
  g_autoptr (GString) out = g_string_new (NULL);
  ls_append_quoted (out, text, max_chars);
  g_assert_cmpstr (out->str, ==, expected);
  g_assert_true (g_utf8_validate (out->str, -1, NULL));
}

static void
test_quoted (void)
{
  check_quoted ("", LS_NO_CUT, "\"\"");
  check_quoted ("\" \\ / \b\f\n\r\t \x01\x1f\x7f", LS_NO_CUT,
                "\"\\\" \\\\ / \\b\\f\\n\\r\\t \\u0001\\u001f\\u007f\"");
  check_quoted ("ä\u2028\xf0\x9f\xa7\xb5", LS_NO_CUT, "\"ä\u2028\xf0\x9f\xa7\xb5\"");
  check_quoted ("a\xff\xfe"
                "b",
                LS_NO_CUT,
                "\"a\xef\xbf\xbd\xef\xbf\xbd"
                "b\"");
  check_quoted ("\xc3", LS_NO_CUT, "\"\xef\xbf\xbd\"");
  check_quoted ("\xed\xa0\x80", LS_NO_CUT, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
  check_quoted ("äöü", 2, "\"äö\"");
  check_quoted ("a\"\xff"
                "b",
                3, "\"a\\\"\xef\xbf\xbd\"");
}

/* However long names and arguments are, the reader takes the line. */
static void
test_longest (void)
{
  g_autofree char *name = g_strnfill (3 * 1024 * 1024, '\x01');
  const char *program[1001] = { 0 };
  for (int i = 0; i < 1000; i++)
    program[i] = name;
  const LsLine lines[] = {
    { .kind = LS_LINE_HEADER,
      .header = { .version = 1,
                  .wall = name,
                  .recorder = name,
                  .program = program,
                  .ignored = program,
                  .blind = program } },
    { .kind = LS_LINE_EVENT,
      .event = { .tid = 1,
                 .ev = LS_EV_BEGIN,
                 .name = name,
                 .err = name,
                 .val = { .type = LS_VALUE_BYTES, .text = name },
                 .old = { .type = LS_VALUE_BYTES, .text = name } } },
    { .kind = LS_LINE_SOURCE, .source = { .id = 1, .func = name, .file = name } },
    { .kind = LS_LINE_OBJECT, .object = { .id = 1, .name = name, .addr = name } },
  };
  g_autoptr (LsParser) parser = ls_parser_new ();

  for (size_t i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autoptr (GString) text = g_string_new (NULL);
    LsLine read;
    ls_write_line (text, &lines[i]);
    g_assert_cmpuint (text->len, <=, LS_MAX_LINE_BYTES);
    g_assert_cmpint (ls_parser_read (parser, text->str, text->len - 1, &read), ==, LS_PARSED);
  }
}

static void
write_json (GString *out, int indent)
{
  LsJson json;
  ls_json_init (&json, out, indent);
  ls_json_begin_object (&json, NULL);
  ls_json_string (&json, "a\"", "b\n");
  ls_json_string (&json, "none", NULL);
  ls_json_begin_array (&json, "list");
  ls_json_int (&json, NULL, -1);
  ls_json_uint (&json, NULL, UINT64_MAX);
  ls_json_double (&json, NULL, 0.5);
  ls_json_bool (&json, NULL, true);
  ls_json_begin_object (&json, NULL);
  ls_json_end_object (&json);
  ls_json_end_array (&json);
  ls_json_begin_array (&json, "empty");
  ls_json_end_array (&json);
  ls_json_end_object (&json);
}

static void
test_json (void)
{
  g_autoptr (GString) compact = g_string_new (NULL);
  g_autoptr (GString) indented = g_string_new (NULL);

  write_json (compact, 0);
  g_assert_cmpstr (compact->str, ==,
                   "{\"a\\\"\":\"b\\n\",\"none\":null,\"list\":[-1,18446744073709551615,0.5,true,"
                   "{}],\"empty\":[]}");
  write_json (indented, 2);
  g_assert_cmpstr (indented->str, ==,
                   "{\n  \"a\\\"\": \"b\\n\",\n  \"none\": null,\n  \"list\": [\n    -1,\n"
                   "    18446744073709551615,\n    0.5,\n    true,\n    {}\n  ],\n"
                   "  \"empty\": []\n}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/format/writer/events", test_events);
  g_test_add_func ("/format/writer/declarations", test_declarations);
  g_test_add_func ("/format/writer/footers", test_footers);
  g_test_add_func ("/format/writer/values", test_values);
  g_test_add_func ("/format/writer/quoted", test_quoted);
  g_test_add_func ("/format/writer/longest", test_longest);
  g_test_add_func ("/format/writer/json", test_json);
  return g_test_run ();
}
