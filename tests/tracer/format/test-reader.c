/* SPDX-License-Identifier: MIT */
/* Whole traces, good, bad and hostile: what is counted and told with which line, and that the rest
 * opens. */
#include <string.h>

#include "parse.h"
#include "reading.h"

static const struct {
  const char *bytes;
  const char *seen;
  const char *problems;
  bool cut;
} traces[] = {
  { HEADER START FINISH FOOTER, "HeeF", "", false },
  { HEADER START FINISH, "Hee", "", true },
  { HEADER, "H", "", true },
  { "{\"lockstitch\":1}", "H", "", true },
  /* the last line: whole without its line end, or half */
  { HEADER START "{\"end\":2}", "HeF", "", false },
  { HEADER START FOOTER "{\"ts\":2,\"ti", "HeF", "W a:4: the last line is cut off", true },
  { HEADER "{\"ts\":2,\"tid\":1}", "H",
    "W a:2: no known key (\"ev\", \"lockstitch\", \"end\", \"thread\", \"object\" or \"source\")",
    true },
  { HEADER "{\"ts\":2,\"ti\n" START, "He", "E a:2: the line ends inside a string (column 12)",
    true },
  /* footers and headers in the middle */
  { HEADER START FOOTER FINISH FOOTER, "HeFeF",
    "W a:3: a footer in the middle of the trace: what follows it is used too", false },
  { HEADER START FOOTER "{\"thread\":1}\n", "HeFT",
    "W a:3: a footer in the middle of the trace: what follows it is used too", false },
  { HEADER START FOOTER FINISH, "HeFe",
    "W a:3: a footer in the middle of the trace: what follows it is used too", true },
  { HEADER "{\"lockstitch\":1,\"blind\":[\"libgomp\"]}\n" START FOOTER, "HHeF", "", false },
  { HEADER START "{\"lockstitch\":1,\"pid\":2}\n" FOOTER, "HeHF",
    "W a:3: a second header: these may be two traces in one file", false },
  { HEADER START "{\"lockstitch\":2}\n" FOOTER, "HeF",
    "E a:3: a header of version 2 in a trace of version 1", false },
  /* a footer that says too little */
  { HEADER FINISH "{\"end\":1}\n", "HeF",
    "W a:3: the footer's \"end\" is 1, before the last event at 2", false },
  { HEADER FINISH "{\"end\":1}\n" FOOTER, "HeFF",
    "W a:3: a footer in the middle of the trace: what follows it is used too", false },
  /* lines that are skipped */
  { HEADER "\n \n" START FOOTER, "HeF", "W a:2: an empty line\nW a:3: an empty line", false },
  { HEADER "{\"ts\":1,\"tid\":1,\"ev\":\"teleport\"}\n" START FOOTER, "HeF",
    "W a:2: unknown \"ev\": \"teleport\"", false },
  { HEADER "rubbish\n[1]\n{\"ts\":-1,\"tid\":1,\"ev\":\"start\"}\n" START FOOTER, "HeF",
    "E a:2: no JSON value (column 1)\nE a:3: not a JSON object\n"
    "E a:4: \"ts\" is -1, which is not 0 to 9223372036854775807",
    false },
  { HEADER "\xff\xfe\n" START FOOTER, "HeF", "E a:2: not UTF-8 (column 1)", false },
  /* a header of ours with a wrong key is a header all the same */
  { "{\"lockstitch\":1,\"pid\":\"x\"}\n" START FOOTER, "HeF",
    "E a:1: \"pid\" should be an integer, not a string", false },
  /* line ends of other systems, and a byte order mark */
  { "\xef\xbb\xbf{\"lockstitch\":1}\r\n{\"ts\":1,\"tid\":1,\"ev\":\"start\"}\r\n{\"end\":2}\r\n",
    "HeF", "", false },
};

static void
test_traces (Reading *reading, gconstpointer data)
{
  for (size_t i = 0; i < G_N_ELEMENTS (traces); i++) {
    g_test_message ("row %zu", i);
    reading_read_bytes (reading, traces[i].bytes, strlen (traces[i].bytes));
    g_autofree char *problems = reading_dup_problems (reading);
    g_assert_no_error (reading->error);
    g_assert_cmpstr (reading->seen->str, ==, traces[i].seen);
    g_assert_cmpstr (problems, ==, traces[i].problems);
    g_assert_cmpint (reading->report->cut, ==, traces[i].cut);
    reading_start_over (reading);
  }
}

/* long lines */

static GString *
make_long (gsize n_line)
{
  GString *text = g_string_new (HEADER "{\"thread\":1,\"x\":\"");
  while (text->len < strlen (HEADER) + n_line - 2)
    g_string_append_c (text, 'x');
  return g_string_append (text, "\"}\n" START FOOTER);
}

static void
test_long_lines (Reading *reading, gconstpointer data)
{
  g_autoptr (GString) longest = make_long (LS_MAX_LINE_BYTES);
  g_autoptr (GString) longer = make_long (LS_MAX_LINE_BYTES + 1);

  g_assert_true (reading_read_bytes (reading, longest->str, longest->len));
  g_assert_cmpstr (reading->seen->str, ==, "HTeF");
  reading_start_over (reading);

  g_assert_true (reading_read_bytes (reading, longer->str, longer->len));
  g_assert_cmpstr (reading->seen->str, ==, "HeF");
  g_autofree char *problems = reading_dup_problems (reading);
  g_assert_cmpstr (problems, ==, "E a:2: the line is longer than 1 MiB");
}

/* No more than the first problems are kept, but all are counted. */
static void
test_many_problems (Reading *reading, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new (HEADER);

  for (int i = 0; i < LS_MAX_PROBLEMS * 3; i++)
    g_string_append (text, "rubbish\n\n");
  g_assert_true (reading_read_bytes (reading, text->str, text->len));
  g_assert_cmpuint (reading->report->n_errors, ==, LS_MAX_PROBLEMS * 3);
  g_assert_cmpuint (reading->report->n_warnings, ==, LS_MAX_PROBLEMS * 3);
  g_assert_cmpuint (reading->report->problems->len, ==, LS_MAX_PROBLEMS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  READING_ADD ("/format/reader/traces", test_traces);
  READING_ADD ("/format/reader/long-lines", test_long_lines);
  READING_ADD ("/format/reader/many-problems", test_many_problems);
  return g_test_run ();
}
