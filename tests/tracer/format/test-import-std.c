/* SPDX-License-Identifier: MIT */
/* STD logs, in the spellings of several tools, and what is no such log. */
#include <string.h>

#include "importing.h"
#include "parse.h"

#define HEADER "{\"lockstitch\":1,\"unit\":\"ns\",\"recorder\":\"STD log\"}\n"

static const struct {
  const char *name, *text, *lines;
} cases[] = {
  { "rapid", "T0|fork(T1)|1\nT1|acq(L)|2\nT1|r(V234.23[0])|3\nT1|rel(L)|2\nT0|join(T1)|4\n",
    "{\"thread\":1,\"name\":\"T0\"}\n"
    "{\"source\":1,\"line\":1}\n"
    "{\"thread\":2,\"name\":\"T1\"}\n"
    "{\"ts\":0,\"tid\":1,\"ev\":\"create\",\"thread\":2,\"src\":1}\n"
    "{\"source\":2,\"line\":2}\n"
    "{\"object\":1,\"kind\":\"mutex\",\"name\":\"L\"}\n"
    "{\"ts\":1000,\"tid\":2,\"ev\":\"acquire\",\"obj\":1,\"src\":2}\n"
    "{\"source\":3,\"line\":3}\n"
    "{\"object\":2,\"kind\":\"value\",\"name\":\"V234.23[0]\"}\n"
    "{\"ts\":2000,\"tid\":2,\"ev\":\"read\",\"obj\":2,\"src\":3}\n"
    "{\"ts\":3000,\"tid\":2,\"ev\":\"release\",\"obj\":1,\"src\":2}\n"
    "{\"source\":4,\"line\":4}\n"
    "{\"ts\":4000,\"tid\":1,\"ev\":\"join\",\"thread\":2,\"src\":4}\n"
    "{\"end\":5000,\"events\":5,\"lost\":0}\n" },
  { "no letter before the child, no line end at the end", "T1|fork(12)|0\nT12|w(399431958621)|0",
    "{\"thread\":1,\"name\":\"T1\"}\n"
    "{\"thread\":2,\"name\":\"12\"}\n"
    "{\"ts\":0,\"tid\":1,\"ev\":\"create\",\"thread\":2}\n"
    "{\"thread\":2,\"name\":\"T12\"}\n"
    "{\"object\":1,\"kind\":\"value\",\"name\":\"399431958621\"}\n"
    "{\"ts\":1000,\"tid\":2,\"ev\":\"write\",\"obj\":1}\n"
    "{\"end\":2000,\"events\":2,\"lost\":0}\n" },
  { "rd, wr, files, spaces and carriage returns",
    " a |wr( 0xff )| f.c:3 \r\na|rd(0xff)|somewhere\r\n",
    "{\"thread\":1,\"name\":\"a\"}\n"
    "{\"source\":1,\"file\":\"f.c\",\"line\":3}\n"
    "{\"object\":1,\"kind\":\"value\",\"name\":\"0xff\"}\n"
    "{\"ts\":0,\"tid\":1,\"ev\":\"write\",\"obj\":1,\"src\":1}\n"
    "{\"source\":2,\"func\":\"somewhere\"}\n"
    "{\"ts\":1000,\"tid\":1,\"ev\":\"read\",\"obj\":1,\"src\":2}\n"
    "{\"end\":2000,\"events\":2,\"lost\":0}\n" },
  { "transactions, dummies, no location", "a|begin|\na|dummy(x)|\na|end()\nb|begin(t)\nb|end(u)",
    "{\"thread\":1,\"name\":\"a\"}\n"
    "{\"ts\":0,\"tid\":1,\"ev\":\"begin\",\"name\":\"transaction\"}\n"
    "{\"ts\":1000,\"tid\":1,\"ev\":\"yield\"}\n"
    "{\"ts\":2000,\"tid\":1,\"ev\":\"end\"}\n"
    "{\"thread\":2,\"name\":\"b\"}\n"
    "{\"ts\":3000,\"tid\":2,\"ev\":\"begin\",\"name\":\"t\"}\n"
    "{\"ts\":4000,\"tid\":2,\"ev\":\"end\"}\n"
    "{\"end\":5000,\"events\":5,\"lost\":0}\n" },
  { "a lock taken twice", "a|acq(l)\na|acq(l)\na|rel(l)\nb|req(l)\na|rel(l)\nb|acq(l)",
    "{\"thread\":1,\"name\":\"a\"}\n"
    "{\"object\":1,\"kind\":\"mutex\",\"name\":\"l\"}\n"
    "{\"ts\":0,\"tid\":1,\"ev\":\"acquire\",\"obj\":1}\n"
    "{\"object\":1,\"kind\":\"recursive\",\"name\":\"l\"}\n"
    "{\"ts\":1000,\"tid\":1,\"ev\":\"acquire\",\"obj\":1}\n"
    "{\"ts\":2000,\"tid\":1,\"ev\":\"release\",\"obj\":1}\n"
    "{\"thread\":2,\"name\":\"b\"}\n"
    "{\"ts\":3000,\"tid\":2,\"ev\":\"wait\",\"obj\":1}\n"
    "{\"ts\":4000,\"tid\":1,\"ev\":\"release\",\"obj\":1}\n"
    "{\"ts\":5000,\"tid\":2,\"ev\":\"acquire\",\"obj\":1}\n"
    "{\"end\":6000,\"events\":6,\"lost\":0}\n" },
  { "a monitor, shown in full",
    "a|req(l)\na|acq(l)\na|rel(l)\na|wait(l)\nb|notifyAll(l)\na|req(l)\na|acq(l)",
    "{\"thread\":1,\"name\":\"a\"}\n"
    "{\"object\":1,\"kind\":\"mutex\",\"name\":\"l\"}\n"
    "{\"ts\":0,\"tid\":1,\"ev\":\"acquire\",\"obj\":1}\n"
    "{\"ts\":1000,\"tid\":1,\"ev\":\"release\",\"obj\":1}\n"
    "{\"object\":2,\"kind\":\"cond\",\"name\":\"l\"}\n"
    "{\"ts\":2000,\"tid\":1,\"ev\":\"wait\",\"obj\":2,\"with\":1}\n"
    "{\"thread\":2,\"name\":\"b\"}\n"
    "{\"ts\":3000,\"tid\":2,\"ev\":\"broadcast\",\"obj\":2}\n"
    "{\"ts\":4000,\"tid\":1,\"ev\":\"wake\",\"obj\":2}\n"
    "{\"ts\":5000,\"tid\":1,\"ev\":\"acquire\",\"obj\":1}\n"
    "{\"end\":6000,\"events\":6,\"lost\":0}\n" },
  { "a monitor in one line", "a|acq(l)\na|wait(l)\nb|notify(l)\na|w(x)",
    "{\"thread\":1,\"name\":\"a\"}\n"
    "{\"object\":1,\"kind\":\"mutex\",\"name\":\"l\"}\n"
    "{\"ts\":0,\"tid\":1,\"ev\":\"acquire\",\"obj\":1}\n"
    "{\"object\":2,\"kind\":\"cond\",\"name\":\"l\"}\n"
    "{\"ts\":1000,\"tid\":1,\"ev\":\"release\",\"obj\":1}\n"
    "{\"ts\":2000,\"tid\":1,\"ev\":\"wait\",\"obj\":2,\"with\":1}\n"
    "{\"thread\":2,\"name\":\"b\"}\n"
    "{\"ts\":3000,\"tid\":2,\"ev\":\"signal\",\"obj\":2}\n"
    "{\"ts\":4000,\"tid\":1,\"ev\":\"wake\",\"obj\":2}\n"
    "{\"ts\":5000,\"tid\":1,\"ev\":\"acquire\",\"obj\":1}\n"
    "{\"object\":3,\"kind\":\"value\",\"name\":\"x\"}\n"
    "{\"ts\":6000,\"tid\":1,\"ev\":\"write\",\"obj\":3}\n"
    "{\"end\":7000,\"events\":7,\"lost\":0}\n" },
};

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_auto (Imported) imported = { 0 };
  g_autofree char *lines = g_strconcat (HEADER, cases[i].lines, NULL);
  g_assert_true (import_text (&imported, LS_FOREIGN_STD, cases[i].text));
  g_assert_cmpstr (imported.problems->str, ==, "");
  g_assert_cmpstr (imported.lines->str, ==, lines);
}

static void
test_wrong_lines (void)
{
  g_auto (Imported) imported = { 0 };
  g_assert_true (import_text (&imported, LS_FOREIGN_STD,
                              "a|w(x)|1\n"
                              "a|eat(x)|1\n"
                              "\n"
                              "a|w|1\n"
                              "a|w(x|1\n"
                              "|w(x)|1\n"
                              "a|w(x)|1|2\n"
                              "a w(x)\n"
                              "a|\xff\xfe(x)|1\n"));
  g_assert_cmpstr (imported.problems->str, ==,
                   "2: no such operation: eat\n"
                   "4: the operation needs an operand in parentheses: w\n"
                   "5: ')' should end the operation: w(x\n"
                   "6: a thread should stand before the first '|'\n"
                   "7: more than three fields parted by '|'\n"
                   "8: THREAD|OPERATION(OPERAND)|LOCATION should stand here\n"
                   "9: no such operation: \xef\xbf\xbd\xef\xbf\xbd\n");
  g_assert_cmpuint (imported.report->n_events, ==, 1);
}

static void
test_refused (void)
{
  static const char *const texts[] = { "", "\n\n", "plain text\n", "{\"lockstitch\":1}\n" };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_auto (Imported) imported = { 0 };
    g_assert_false (import_text (&imported, LS_FOREIGN_STD, texts[i]));
    g_assert_error (imported.error, LS_FORMAT_ERROR, LS_FORMAT_ERROR_NOT_A_TRACE);
    g_assert_true (g_str_has_prefix (imported.error->message, "in:1: not an STD log"));
    g_assert_cmpuint (imported.lines->len, ==, 0);
  }
}

static void
test_long_lines (void)
{
  g_auto (Imported) imported = { 0 };
  g_autoptr (GString) text = g_string_new ("a|w(x)|1\na|w(");
  for (gsize i = 0; i < 3 * LS_MAX_LINE_BYTES; i++)
    g_string_append_c (text, 'x');
  g_string_append (text, ")|1\na|w(x)|1\n");
  g_assert_true (import_bytes (&imported, LS_FOREIGN_STD, text->str, text->len, 100000));
  g_assert_cmpstr (imported.problems->str, ==, "2: the line is longer than 1 MiB\n");
  g_assert_cmpuint (imported.report->n_events, ==, 2);
}

static void
test_told (void)
{
  static const char *const logs[] = { "T1|acq(L1)|12\n", "1|rd(0x1)|f.c:2\n", "a|begin|0\n" };
  static const char *const others[] = { "", "{\"lockstitch\":1}\n", "a|b|c\n", "|w(x)|1\n" };
  for (guint i = 0; i < G_N_ELEMENTS (logs); i++)
    g_assert_cmpint (ls_sniff_foreign (logs[i], strlen (logs[i])), ==, LS_FOREIGN_STD);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_cmpint (ls_sniff_foreign (others[i], strlen (others[i])), ==, LS_FOREIGN_NONE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/std/", cases[i].name, NULL);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_case);
  }
  g_test_add_func ("/std/wrong-lines", test_wrong_lines);
  g_test_add_func ("/std/refused", test_refused);
  g_test_add_func ("/std/long-lines", test_long_lines);
  g_test_add_func ("/std/told", test_told);
  return g_test_run ();
}
