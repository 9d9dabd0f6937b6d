/* SPDX-License-Identifier: MIT */
/* Random lines through the writer and both ways of reading come back as they were. */
#include "lines.h"
#include "parse.h"
#include "writer.h"

#define N_LINES 20000

static void
check_line (LsParser *parser, const LsLine *line, GString *text)
{
  LsLine read;

  g_string_truncate (text, 0);
  ls_write_line (text, line);
  g_assert_cmpint (text->str[text->len - 1], ==, '\n');
  g_assert_null (memchr (text->str, '\n', text->len - 1));

  LsParsed parsed = ls_parser_read_json (parser, text->str, text->len - 1, &read);
  if (parsed != LS_PARSED)
    g_error ("json-c: %s: %s", ls_parser_get_reason (parser), text->str);
  if (!lines_equal (line, &read))
    g_error ("json-c reads otherwise: %s", text->str);

  read.kind = LS_LINE_EVENT;
  if (ls_parser_read_direct (parser, text->str, text->len - 1, &read.event) &&
      !lines_equal (line, &read))
    g_error ("the direct path reads otherwise: %s", text->str);
}

static void
test_random_lines (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());
  g_autoptr (LsParser) parser = ls_parser_new ();
  g_autoptr (GPtrArray) strings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) text = g_string_new (NULL);

  for (int i = 0; i < N_LINES; i++) {
    LsLine line;
    g_ptr_array_set_size (strings, 0);
    lines_make (rand, strings, &line);
    check_line (parser, &line, text);
  }
}

/* What the collector writes most must not fall back to json-c. */
static void
test_direct_takes_the_usual (void)
{
  static const char *const lines[] = {
    "{\"ts\":1042,\"tid\":2,\"ev\":\"acquire\",\"obj\":3,\"src\":4}",
    "{\"ts\":0,\"tid\":1,\"ev\":\"start\"}",
    "{\"ts\":1,\"tid\":1,\"ev\":\"create\",\"thread\":2,\"src\":5}",
    "{\"ts\":1,\"tid\":1,\"ev\":\"wait\",\"obj\":3,\"with\":2,\"how\":\"timed\"}",
    "{\"ts\":1,\"tid\":1,\"ev\":\"wait\",\"obj\":3,\"mode\":\"shared\"}",
    "{\"ts\":1,\"tid\":1,\"ev\":\"write\",\"obj\":3,\"val\":-1,\"old\":2.5,\"off\":4,\"size\":4}",
    "{\"ts\":1,\"tid\":1,\"ev\":\"read\",\"obj\":3,\"val\":\"0x7f00\"}",
    "{\"ts\":1,\"tid\":1,\"ev\":\"read\",\"obj\":3,\"val\":\"nan\"}",
    "{\"ts\":1,\"tid\":1,\"ev\":\"update\",\"obj\":3,\"val\":1,\"old\":0,\"order\":\"acq_rel\",\"n\":7}",
    "{\"ts\":1,\"tid\":1,\"ev\":\"begin\",\"name\":\"größer\"}",
    "{\"ts\":1,\"tid\":1,\"ev\":\"release\",\"obj\":3,\"err\":\"EPERM\",\"src\":4294967295}",
  };
  g_autoptr (LsParser) parser = ls_parser_new ();
  LsLineEvent event;

  for (size_t i = 0; i < G_N_ELEMENTS (lines); i++)
    if (!ls_parser_read_direct (parser, lines[i], strlen (lines[i]), &event))
      g_error ("the direct path declines %s", lines[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/format/round-trip/random-lines", test_random_lines);
  g_test_add_func ("/format/round-trip/direct-takes-the-usual", test_direct_takes_the_usual);
  return g_test_run ();
}
