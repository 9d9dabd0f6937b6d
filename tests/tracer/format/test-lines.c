/* SPDX-License-Identifier: MIT */
/* What the parser says of single lines, good and bad: the rows of lines.tsv, and those that a text
 * file cannot hold. */
#include <string.h>

#include "lines.h"
#include "parse.h"

/* Says what is wrong and goes on, so that all wrong rows are told at once. */
#define COMPLAIN(...) (g_test_message (__VA_ARGS__), g_test_fail ())

static const char *const outcomes[] = {
  [LS_PARSED] = "ok",
  [LS_PARSED_SKIP] = "skip",
  [LS_PARSED_ERROR] = "error",
  [LS_PARSED_NOT_JSON] = "not-json",
  [LS_PARSED_NOT_OBJECT] = "not-object",
};

static void
check_line (const char *outcome, const char *reason, const char *bytes, size_t n)
{
  g_autoptr (LsParser) parser = ls_parser_new ();
  LsLine line;
  LsLineEvent event;

  LsParsed parsed = ls_parser_read_json (parser, bytes, n, &line);
  if (strcmp (outcomes[parsed], outcome) != 0 ||
      strcmp (ls_parser_get_reason (parser), reason) != 0)
    COMPLAIN ("%s: is %s (%s), should be %s (%s)", bytes, outcomes[parsed],
              ls_parser_get_reason (parser), outcome, reason);
  if (ls_parser_read_direct (parser, bytes, n, &event) && parsed != LS_PARSED)
    COMPLAIN ("the direct path takes %s", bytes);
}

static void
test_table (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "lines.tsv", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_auto (GStrv) rows = g_strsplit (text, "\n", -1);
  for (char **row = rows; *row; row++) {
    if (**row == '#' || **row == '\0')
      continue;
    g_auto (GStrv) cells = g_strsplit (*row, "\t", 3);
    g_assert_cmpuint (g_strv_length (cells), ==, 3);
    check_line (cells[0], cells[1], cells[2], strlen (cells[2]));
  }
}

#define CHECK(outcome, reason, bytes) check_line (outcome, reason, bytes, sizeof (bytes) - 1)

static void
test_bytes (void)
{
  CHECK ("skip", "an empty line", "");
  CHECK ("skip", "an empty line", " \t\r");
  CHECK ("ok", "", "{\"thread\":1}\r");
  CHECK ("not-json", "a NUL byte (column 9)", "{\"thread\0\":1}");
  CHECK ("not-json", "a control character in a string (column 21)",
         "{\"thread\":1,\"name\":\"\t\"}");
  /* a bad byte, an overlong form, half a surrogate pair, a cut character */
  CHECK ("not-json", "not UTF-8 (column 21)", "{\"thread\":1,\"name\":\"\xff\"}");
  CHECK ("not-json", "not UTF-8 (column 21)", "{\"thread\":1,\"name\":\"\xc0\x80\"}");
  CHECK ("not-json", "not UTF-8 (column 21)", "{\"thread\":1,\"name\":\"\xed\xa0\x80\"}");
  CHECK ("not-json", "not UTF-8 (column 21)", "{\"thread\":1,\"name\":\"\xc3\"}");
  CHECK ("not-json", "no JSON value (column 1)", "\xef\xbb\xbf{\"thread\":1}");
}

static void
read_line (LsParser *parser, const char *text, LsLine *line)
{
  g_assert_cmpint (ls_parser_read_json (parser, text, strlen (text), line), ==, LS_PARSED);
}

static void
test_header_keys (void)
{
  g_autoptr (LsParser) parser = ls_parser_new ();
  LsLine line;

  read_line (parser,
             "{\"recorder\":\"0.1.0\",\"pid\":4121,\"lockstitch\":1,\"program\":[\"./a\",\"\"],"
             "\"wall\":\"w\",\"blind\":[\"libgomp\"],\"ignored\":[],\"partial\":true}",
             &line);
  g_assert_cmpint (line.kind, ==, LS_LINE_HEADER);
  g_assert_cmpint (line.header.version, ==, 1);
  g_assert_cmpuint (line.header.pid, ==, 4121);
  g_assert_cmpstr (line.header.program[0], ==, "./a");
  g_assert_cmpstr (line.header.program[1], ==, "");
  g_assert_null (line.header.program[2]);
  g_assert_cmpstr (line.header.blind[0], ==, "libgomp");
  g_assert_null (line.header.ignored[0]);
  g_assert_true (line.header.partial);
}

static void
check_value (const char *text, const LsValue *expected)
{
  g_autoptr (LsParser) parser = ls_parser_new ();
  g_autofree char *bytes =
    g_strdup_printf ("{\"ts\":1,\"tid\":1,\"ev\":\"read\",\"obj\":1,\"val\":%s}", text);
  LsLine line, wanted;

  read_line (parser, bytes, &line);
  wanted = line;
  wanted.event.val = *expected;
  if (!lines_equal (&line, &wanted))
    COMPLAIN ("the value %s is read as type %d, %" G_GINT64_FORMAT, text, line.event.val.type,
              line.event.val.i);
}

static void
test_values (void)
{
#define CHECK_VALUE(text, ...) check_value (text, &(LsValue){ __VA_ARGS__ })
  CHECK_VALUE ("0", .type = LS_VALUE_INT, .i = 0);
  CHECK_VALUE ("-9223372036854775808", .type = LS_VALUE_INT, .i = INT64_MIN);
  CHECK_VALUE ("9223372036854775807", .type = LS_VALUE_INT, .i = INT64_MAX);
  CHECK_VALUE ("9223372036854775808", .type = LS_VALUE_UINT, .u = 1ull << 63);
  CHECK_VALUE ("18446744073709551615", .type = LS_VALUE_UINT, .u = UINT64_MAX);
  CHECK_VALUE ("0.1", .type = LS_VALUE_FLOAT, .f = 0.1);
  CHECK_VALUE ("-0.0", .type = LS_VALUE_FLOAT, .f = -0.0);
  CHECK_VALUE ("1e3", .type = LS_VALUE_FLOAT, .f = 1000);
  CHECK_VALUE ("\"inf\"", .type = LS_VALUE_FLOAT, .f = G_MAXDOUBLE * 2);
  CHECK_VALUE ("\"0x0\"", .type = LS_VALUE_POINTER, .u = 0);
  CHECK_VALUE ("\"0xffffffffffffffff\"", .type = LS_VALUE_POINTER, .u = UINT64_MAX);
  CHECK_VALUE ("\"0x10000000000000000\"", .type = LS_VALUE_TEXT, .text = "0x10000000000000000");
  CHECK_VALUE ("\"0x0a\"", .type = LS_VALUE_TEXT, .text = "0x0a");
  CHECK_VALUE ("\"0xA\"", .type = LS_VALUE_TEXT, .text = "0xA");
  CHECK_VALUE ("\"0x\"", .type = LS_VALUE_TEXT, .text = "0x");
  CHECK_VALUE ("\"12\"", .type = LS_VALUE_TEXT, .text = "12");
  CHECK_VALUE ("\"a\\u0000b\"", .type = LS_VALUE_TEXT,
               .text = "a\xef\xbf\xbd"
                       "b");
  CHECK_VALUE ("\"\\ud83e\\uddf5\"", .type = LS_VALUE_TEXT, .text = "\xf0\x9f\xa7\xb5");
  CHECK_VALUE ("\"\\ud83e\"", .type = LS_VALUE_TEXT, .text = "\xef\xbf\xbd");
}

/* The direct path guesses that a time is much like the one before it. */
static void
test_times (void)
{
  static const char *const texts[] = {
    "0",
    "9",
    "00",
    "10000000",
    "00000000",
    "010000000",
    "12345678",
    "123456789",
    "223456789",
    "223456780",
    "22345678",
    "2234567890",
    "1234567890",
    "1x34567890",
    "123456789x",
    "12345678901",
    "12345678901234567",
    "1234567890123456",
    "1234567890123457",
    "123456789012345",
    "1234567 90123456",
    "999999999999999999",
    "9223372036854775807",
    "0000000000000001",
    "1234567890123456 ",
    "-123456789",
  };
  g_autoptr (LsParser) parser = ls_parser_new ();
  g_autoptr (LsParser) reference = ls_parser_new ();
  for (guint i = 0; i < G_N_ELEMENTS (texts) * G_N_ELEMENTS (texts); i++) {
    guint pair[] = { i / G_N_ELEMENTS (texts), i % G_N_ELEMENTS (texts) };
    for (guint j = 0; j < G_N_ELEMENTS (pair); j++) {
      g_autofree char *bytes =
        g_strdup_printf ("{\"ts\":%s,\"tid\":1,\"ev\":\"wake\"}", texts[pair[j]]);
      LsLine line = { .kind = LS_LINE_EVENT }, wanted;
      LsParsed parsed = ls_parser_read_json (reference, bytes, strlen (bytes), &wanted);
      bool is_taken = ls_parser_read_direct (parser, bytes, strlen (bytes), &line.event);
      if (is_taken && (parsed != LS_PARSED || !lines_equal (&line, &wanted)))
        COMPLAIN ("%s is taken directly, as %" G_GINT64_FORMAT, bytes, line.event.ts_ns);
      if (!is_taken && parsed == LS_PARSED && wanted.event.ts_ns < 1000000000000000000 &&
          !strchr (texts[pair[j]], ' '))
        COMPLAIN ("%s is declined", bytes);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/format/lines/table", test_table);
  g_test_add_func ("/format/lines/bytes", test_bytes);
  g_test_add_func ("/format/lines/header-keys", test_header_keys);
  g_test_add_func ("/format/lines/values", test_values);
  g_test_add_func ("/format/lines/times", test_times);
  return g_test_run ();
}
