/* SPDX-License-Identifier: MIT */
/* Chrome traces in the shapes that tools write them in, and what is no such trace. */
#include <string.h>

#include "importing.h"

#define THREAD "{\"thread\":1,\"name\":\"thread 1\",\"os\":1}\n"

static const struct {
  const char *name, *text, *lines, *problems;
} cases[] = {
  { "an array that nobody closed",
    "[{\"ph\":\"B\",\"name\":\"a\",\"ts\":1,\"pid\":1,\"tid\":1},\n"
    "{\"ph\":\"E\",\"ts\":2.5,\"pid\":1,\"tid\":1},\n",
    THREAD "{\"ts\":0,\"tid\":1,\"ev\":\"begin\",\"name\":\"a\"}\n"
           "{\"ts\":1500,\"tid\":1,\"ev\":\"end\",\"name\":\"a\"}\n"
           "{\"end\":1500,\"events\":2,\"lost\":0}\n",
    "" },
  { "an object with other keys, a comma too many",
    "{\"displayTimeUnit\":\"ns\",\"x\":{\"traceEvents\":[\"]}\\\"\"]},"
    "\"traceEvents\":[\n"
    "{\"ph\":\"i\",\"name\":\"m\",\"ts\":\"1700000000000000.0015\",\"pid\":1,\"tid\":1},\n"
    "{\"ph\":\"I\",\"name\":\"m\",\"ts\":1700000000000000.001,\"pid\":1,\"tid\":1},"
    "],\"z\":1}\n",
    THREAD "{\"ts\":0,\"tid\":1,\"ev\":\"mark\",\"name\":\"m\"}\n"
           "{\"ts\":1,\"tid\":1,\"ev\":\"mark\",\"name\":\"m\"}\n"
           "{\"end\":1,\"events\":2,\"lost\":0}\n",
    "" },
  { "complete events in any order, inner ones first",
    "[{\"ph\":\"X\",\"name\":\"in\",\"ts\":2,\"dur\":1,\"pid\":1,\"tid\":1},"
    "{\"ph\":\"X\",\"name\":\"out\",\"ts\":0,\"dur\":9,\"pid\":\"1\",\"tid\":\"1\"}]",
    THREAD "{\"ts\":0,\"tid\":1,\"ev\":\"begin\",\"name\":\"out\"}\n"
           "{\"ts\":2000,\"tid\":1,\"ev\":\"begin\",\"name\":\"in\"}\n"
           "{\"ts\":3000,\"tid\":1,\"ev\":\"end\",\"name\":\"in\"}\n"
           "{\"ts\":9000,\"tid\":1,\"ev\":\"end\",\"name\":\"out\"}\n"
           "{\"end\":9000,\"events\":4,\"lost\":0}\n",
    "" },
  { "slices that overlap and do not nest",
    "[{\"ph\":\"X\",\"name\":\"a\",\"ts\":0,\"dur\":5,\"pid\":1,\"tid\":1},"
    "{\"ph\":\"X\",\"name\":\"b\",\"ts\":3,\"dur\":5,\"pid\":1,\"tid\":1}]",
    THREAD "{\"thread\":2,\"name\":\"thread 1 #2\"}\n"
           "{\"ts\":0,\"tid\":1,\"ev\":\"begin\",\"name\":\"a\"}\n"
           "{\"ts\":3000,\"tid\":2,\"ev\":\"begin\",\"name\":\"b\"}\n"
           "{\"ts\":5000,\"tid\":1,\"ev\":\"end\",\"name\":\"a\"}\n"
           "{\"ts\":8000,\"tid\":2,\"ev\":\"end\",\"name\":\"b\"}\n"
           "{\"end\":8000,\"events\":4,\"lost\":0}\n",
    "" },
  { "an end without a begin and a begin without an end",
    "[{\"ph\":\"E\",\"ts\":1,\"pid\":1,\"tid\":1},"
    "{\"ph\":\"B\",\"name\":\"a\",\"ts\":2,\"pid\":1,\"tid\":1},"
    "{\"ph\":\"i\",\"name\":\"m\",\"ts\":4,\"pid\":1,\"tid\":1}]",
    THREAD "{\"ts\":1000,\"tid\":1,\"ev\":\"begin\",\"name\":\"a\"}\n"
           "{\"ts\":3000,\"tid\":1,\"ev\":\"end\",\"name\":\"a\"}\n"
           "{\"ts\":3000,\"tid\":1,\"ev\":\"mark\",\"name\":\"m\"}\n"
           "{\"end\":3000,\"events\":3,\"lost\":0}\n",
    "0: warning: 1 ends of what never began\n"
    "0: warning: 1 slices that began and never ended: they last until what they are in ends\n" },
  { "clang's -ftime-trace: what a slice is about stands in its arguments",
    "{\"traceEvents\":[{\"pid\":7,\"tid\":7,\"ph\":\"X\",\"ts\":8,\"dur\":2,\"name\":\"Source\","
    "\"args\":{\"detail\":\"/usr/include/a.h\"}},"
    "{\"pid\":7,\"tid\":7,\"ph\":\"X\",\"ts\":8,\"dur\":9,\"name\":\"Frontend\",\"args\":{}},"
    "{\"pid\":7,\"tid\":8,\"ph\":\"X\",\"ts\":0,\"dur\":9,\"name\":\"Total Source\","
    "\"args\":{\"count\":1,\"avg ms\":0}},"
    "{\"cat\":\"\",\"pid\":7,\"tid\":7,\"ts\":0,\"ph\":\"M\",\"name\":\"thread_name\","
    "\"args\":{\"name\":\"clang++\"}}],\"beginningOfTime\":1700000000000000}",
    "{\"thread\":1,\"name\":\"clang++\",\"os\":7}\n{\"thread\":2,\"name\":\"thread 8\",\"os\":8}\n"
    "{\"ts\":0,\"tid\":2,\"ev\":\"begin\",\"name\":\"Total Source\"}\n"
    "{\"ts\":8000,\"tid\":1,\"ev\":\"begin\",\"name\":\"Frontend\"}\n"
    "{\"ts\":8000,\"tid\":1,\"ev\":\"begin\",\"name\":\"Source /usr/include/a.h\"}\n"
    "{\"ts\":9000,\"tid\":2,\"ev\":\"end\",\"name\":\"Total Source\"}\n"
    "{\"ts\":10000,\"tid\":1,\"ev\":\"end\",\"name\":\"Source /usr/include/a.h\"}\n"
    "{\"ts\":17000,\"tid\":1,\"ev\":\"end\",\"name\":\"Frontend\"}\n"
    "{\"end\":17000,\"events\":6,\"lost\":0}\n",
    "" },
  { "Chrome's own: asynchronous by id2, with thread times and metadata of no use",
    "{\"traceEvents\":[{\"pid\":9,\"tid\":2,\"ts\":0,\"ph\":\"M\",\"cat\":\"__metadata\","
    "\"name\":\"num_cpus\",\"args\":{\"number\":8}},"
    "{\"pid\":9,\"tid\":2,\"ts\":5,\"ph\":\"b\",\"cat\":\"loading\",\"name\":\"Get\","
    "\"id2\":{\"local\":\"0x5\"},\"tts\":77,\"args\":{\"data\":{\"frame\":\"F\",\"urls\":[{\"u\":[]}]}}},"
    "{\"pid\":9,\"tid\":2,\"ts\":7,\"ph\":\"e\",\"cat\":\"loading\",\"name\":\"Get\","
    "\"id2\":{\"local\":\"0x5\"},\"args\":{}},"
    "{\"pid\":9,\"tid\":2,\"ts\":6,\"ph\":\"N\",\"cat\":\"x\",\"name\":\"o\",\"id\":\"0x1\"}],"
    "\"metadata\":{\"clock-domain\":\"LINUX_CLOCK_MONOTONIC\"},\"systemTraceEvents\":\"# tracer\"}",
    "{\"thread\":1,\"name\":\"loading\"}\n"
    "{\"ts\":0,\"tid\":1,\"ev\":\"begin\",\"name\":\"Get\"}\n"
    "{\"ts\":2000,\"tid\":1,\"ev\":\"end\",\"name\":\"Get\"}\n"
    "{\"end\":2000,\"events\":2,\"lost\":0}\n",
    "0: warning: 1 events of phase 'N' left out\n" },
  { "Bazel's profile: counters as text, places of threads",
    "{\"otherData\":{\"build_id\":\"x\"},\"traceEvents\":["
    "{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":1,\"tid\":0,\"args\":{\"name\":\"Critical Path\"}},"
    "{\"name\":\"thread_sort_index\",\"ph\":\"M\",\"pid\":1,\"tid\":0,\"args\":{\"sort_index\":\"0\"}},"
    "{\"cat\":\"critical path component\",\"name\":\"action 'Compiling a.cc'\",\"ph\":\"X\","
    "\"ts\":10,\"dur\":5,\"pid\":1,\"args\":{\"tid\":81},\"tid\":0},"
    "{\"name\":\"CPU usage (Bazel)\",\"ph\":\"C\",\"ts\":11,\"pid\":1,\"tid\":0,"
    "\"args\":{\"cpu\":\"1.5\"}}]}",
    "{\"thread\":1,\"name\":\"Critical Path\"}\n"
    "{\"ts\":0,\"tid\":1,\"ev\":\"begin\",\"name\":\"action 'Compiling a.cc'\"}\n"
    "{\"ts\":1000,\"tid\":1,\"ev\":\"count\",\"val\":1.5,\"name\":\"CPU usage (Bazel)\"}\n"
    "{\"ts\":5000,\"tid\":1,\"ev\":\"end\",\"name\":\"action 'Compiling a.cc'\"}\n"
    "{\"end\":5000,\"events\":3,\"lost\":0}\n",
    "" },
  { "two processes, counters and an arrow with a step",
    "[{\"ph\":\"M\",\"name\":\"process_name\",\"pid\":1,\"args\":{\"name\":\"p\"}},"
    "{\"ph\":\"M\",\"name\":\"thread_name\",\"pid\":1,\"tid\":1,\"args\":{\"name\":\"t\"}},"
    "{\"ph\":\"s\",\"name\":\"f\",\"cat\":\"c\",\"id\":7,\"ts\":0,\"pid\":1,\"tid\":1},"
    "{\"ph\":\"f\",\"name\":\"f\",\"cat\":\"c\",\"id\":\"7\",\"ts\":2,\"pid\":1,\"tid\":1},"
    "{\"ph\":\"t\",\"name\":\"f\",\"cat\":\"c\",\"id\":7,\"ts\":1,\"pid\":2,\"tid\":1},"
    "{\"ph\":\"C\",\"name\":\"n\",\"ts\":3,\"pid\":1,\"args\":{\"a\":1,\"b\":0.5}}]",
    "{\"thread\":1,\"name\":\"p: t\",\"os\":1}\n"
    "{\"thread\":2,\"name\":\"process 2: thread 1\",\"os\":1}\n"
    "{\"ts\":0,\"tid\":1,\"ev\":\"send\",\"n\":1}\n"
    "{\"ts\":1000,\"tid\":2,\"ev\":\"recv\",\"n\":1}\n"
    "{\"ts\":1000,\"tid\":2,\"ev\":\"send\",\"n\":2}\n"
    "{\"ts\":2000,\"tid\":1,\"ev\":\"recv\",\"n\":2}\n"
    "{\"ts\":3000,\"tid\":1,\"ev\":\"count\",\"val\":1,\"name\":\"n.a\"}\n"
    "{\"ts\":3000,\"tid\":1,\"ev\":\"count\",\"val\":0.5,\"name\":\"n.b\"}\n"
    "{\"end\":3000,\"events\":6,\"lost\":0}\n",
    "" },
  { "asynchronous slices",
    "[{\"ph\":\"b\",\"name\":\"a\",\"cat\":\"net\",\"id\":1,\"ts\":0,\"pid\":1},"
    "{\"ph\":\"b\",\"name\":\"b\",\"cat\":\"net\",\"id\":2,\"ts\":1,\"pid\":1},"
    "{\"ph\":\"e\",\"name\":\"a\",\"cat\":\"net\",\"id\":1,\"ts\":3,\"pid\":1},"
    "{\"ph\":\"e\",\"name\":\"b\",\"cat\":\"net\",\"id\":2,\"ts\":2,\"pid\":1}]",
    "{\"thread\":1,\"name\":\"net\"}\n"
    "{\"thread\":2,\"name\":\"net #2\"}\n"
    "{\"ts\":0,\"tid\":1,\"ev\":\"begin\",\"name\":\"a\"}\n"
    "{\"ts\":1000,\"tid\":2,\"ev\":\"begin\",\"name\":\"b\"}\n"
    "{\"ts\":2000,\"tid\":2,\"ev\":\"end\",\"name\":\"b\"}\n"
    "{\"ts\":3000,\"tid\":1,\"ev\":\"end\",\"name\":\"a\"}\n"
    "{\"end\":3000,\"events\":4,\"lost\":0}\n",
    "" },
  { "what is wrong in it",
    "[{\"ph\":\"i\",\"name\":\"m\",\"ts\":1,\"pid\":1,\"tid\":1},\n"
    "{\"name\":\"m\",\"ts\":1},"
    "{},\n"
    "{\"ph\":\"i\",\"name\":\"m\"},\n"
    "{\"ph\":\"i\",\"ts\":\"soon\"},\n"
    "{\"ph\":\"X\",\"ts\":1,\"dur\":-1},\n"
    "{\"ph\":\"X\",\"ts\":1e300},\n"
    "{\"ph\" \"i\"},"
    "7,null,\n"
    "{\"ph\":\"P\",\"ts\":1}",
    THREAD "{\"ts\":0,\"tid\":1,\"ev\":\"mark\",\"name\":\"m\"}\n"
           "{\"end\":0,\"events\":1,\"lost\":0}\n",
    "2: event 2: no \"ph\"\n"
    "3: event 4: no \"ts\"\n"
    "4: event 5: \"ts\" should be microseconds\n"
    "5: event 6: \"dur\" should be microseconds, 0 or more\n"
    "6: event 7: \"ts\" should be microseconds\n"
    "7: event 8: object property name separator ':' expected\n"
    "7: event 9: not an object\n"
    "7: event 10: not an object\n"
    "0: warning: 1 events of phase 'P' left out\n" },
};

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_auto (Imported) imported = { 0 };
  g_assert_true (import_text (&imported, LS_FOREIGN_CHROME, cases[i].text));
  const char *header_end = strchr (imported.lines->str, '\n');
  g_assert_cmpstr (imported.problems->str, ==, cases[i].problems);
  g_assert_nonnull (header_end);
  g_assert_cmpstr (header_end + 1, ==, cases[i].lines);
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "", "[]", "{}", "[1,2]", "{\"traceEvents\":{}}", "T1|w(x)|1", "[{\"ph\":\"M\"}]", "[{\"ph\"",
  };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_auto (Imported) imported = { 0 };
    g_assert_false (import_text (&imported, LS_FOREIGN_CHROME, texts[i]));
    g_assert_error (imported.error, LS_FORMAT_ERROR, LS_FORMAT_ERROR_NOT_A_TRACE);
    g_assert_cmpuint (imported.lines->len, ==, 0);
  }
}

/* One line, and ends that name nothing of all that is open: linear all the same. */
static void
test_one_line (void)
{
  g_auto (Imported) imported = { 0 };
  g_autoptr (GString) text = g_string_new ("{\"traceEvents\":[");
  for (guint i = 0; i < 50000; i++)
    g_string_append_printf (text, "{\"ph\":\"B\",\"name\":\"%u\",\"ts\":%u,\"pid\":1,\"tid\":1},",
                            i, i);
  for (guint i = 0; i < 50000; i++)
    g_string_append_printf (text, "{\"ph\":\"E\",\"name\":\"none\",\"ts\":%u,\"pid\":1,\"tid\":1},",
                            60000 + i);
  g_string_append (text, "]}");
  g_assert_true (import_bytes (&imported, LS_FOREIGN_CHROME, text->str, text->len, 4096));
  g_assert_cmpuint (imported.report->n_events, ==, 100000);
  g_assert_cmpstr (imported.problems->str, ==, "");
}

/* Arguments as deep as those of some tools, which nobody looks into. */
static void
test_deep (void)
{
  for (guint depth = 8; depth <= 900; depth *= 2) {
    g_auto (Imported) imported = { 0 };
    g_autoptr (GString) text = g_string_new ("[{\"ph\":\"i\",\"ts\":1,\"args\":{\"a\":");
    for (guint i = 0; i < depth; i++)
      g_string_append (text, i % 2 ? "[" : "{\"a\":");
    g_string_append (text, "1");
    for (guint i = depth; i-- > 0;)
      g_string_append_c (text, i % 2 ? ']' : '}');
    g_string_append (text, "}}]");
    g_assert_true (import_bytes (&imported, LS_FOREIGN_CHROME, text->str, text->len, 0));
    g_assert_cmpuint (imported.report->n_events, ==, 1);
    g_assert_cmpstr (imported.problems->str, ==, "");
  }
}

/* More at once than there are rows for. */
static void
test_overlap (void)
{
  g_auto (Imported) imported = { 0 };
  g_autoptr (GString) text = g_string_new ("[");
  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (
      text, "{\"ph\":\"X\",\"name\":\"x\",\"ts\":%u,\"dur\":100000,\"pid\":1,\"tid\":1},", i);
  g_assert_true (import_bytes (&imported, LS_FOREIGN_CHROME, text->str, text->len, 0));
  g_assert_cmpuint (imported.report->n_events, ==, 2 * 256);
  g_assert_nonnull (strstr (imported.problems->str, "19744 slices left out"));
}

/* -- Many -- */

typedef struct {
  GCancellable *cancellable;
  double from; /* cancelled when it is told to be so far */
  guint n_lines, n_lines_after, n_told;
  int64_t last_ns;
  double last;
} Watched;

static void
watch_line (const LsLine *line, gpointer data)
{
  Watched *watched = data;
  watched->n_lines++;
  watched->n_lines_after += g_cancellable_is_cancelled (watched->cancellable);
  if (line->kind != LS_LINE_EVENT)
    return;
  g_assert_cmpint (line->event.ts_ns, >=, watched->last_ns);
  watched->last_ns = line->event.ts_ns;
}

static void
watch_progress (double fraction, gpointer data)
{
  Watched *watched = data;
  g_assert_cmpfloat (fraction, >=, watched->last);
  g_assert_cmpfloat (fraction, <=, 1);
  watched->last = fraction;
  watched->n_told++;
  if (fraction >= watched->from)
    g_cancellable_cancel (watched->cancellable);
}

/* 150,000 slices of a few tracks in no order at all, which takes every step there is. */
static GString *
make_many (void)
{
  GString *text = g_string_new ("[");
  for (guint i = 0; i < 150000; i++) {
    guint place = i * 7919u % 150000u;
    g_string_append_printf (text,
                            "{\"ph\":\"X\",\"name\":\"x\",\"ts\":%u,\"dur\":%u,\"pid\":1,"
                            "\"tid\":%u},",
                            place, i % 5 ? 1 : 3, place % 10 ? 1 : 2);
  }
  return text;
}

static void
test_order (void)
{
  g_autoptr (GString) text = make_many ();
  g_autoptr (LsReadReport) report = ls_read_report_new ();
  Watched watched = { .from = 2 };
  g_autoptr (LsImporter) importer =
    ls_importer_new (LS_FOREIGN_CHROME, "many", watch_line, &watched, report);
  ls_importer_watch (importer, watch_progress, &watched, NULL);
  ls_importer_feed (importer, text->str, text->len);
  g_assert_true (ls_importer_finish (importer, NULL));
  g_assert_cmpuint (report->n_events, ==, 300000);
  g_assert_cmpint (watched.last_ns, >=, 149999000);
  g_assert_cmpuint (watched.n_told, >, 100);
  g_assert_cmpfloat (watched.last, >, 0.95);
}

/* At whatever step it is cancelled, it ends before the next one is told of. */
static void
test_cancelled (void)
{
  g_autoptr (GString) text = make_many ();
  for (double from = 0.6; from < 1; from += 0.04) {
    g_autoptr (LsReadReport) report = ls_read_report_new ();
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    g_autoptr (GError) error = NULL;
    Watched watched = { .cancellable = cancellable, .from = from };
    g_autoptr (LsImporter) importer =
      ls_importer_new (LS_FOREIGN_CHROME, "many", watch_line, &watched, report);
    ls_importer_watch (importer, watch_progress, &watched, cancellable);
    ls_importer_feed (importer, text->str, text->len);
    g_assert_false (ls_importer_finish (importer, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_cmpuint (watched.n_lines_after, ==, 0);
    g_assert_cmpuint (watched.n_lines, <, 300000);
    g_assert_cmpfloat (watched.last, <, from + 0.1);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/chrome/", cases[i].name, NULL);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_case);
  }
  g_test_add_func ("/chrome/refused", test_refused);
  g_test_add_func ("/chrome/one-line", test_one_line);
  g_test_add_func ("/chrome/deep", test_deep);
  g_test_add_func ("/chrome/overlap", test_overlap);
  g_test_add_func ("/chrome/order", test_order);
  g_test_add_func ("/chrome/cancelled", test_cancelled);
  return g_test_run ();
}
