/* SPDX-License-Identifier: MIT */
/* Bytes that are no trace are refused with what they look like. */
#include <string.h>

#include "reader.h"

#define LOOKS_LIKE "a.trace.jsonl:1: not a Lockstitch trace: this looks like "

static const struct {
  const char *bytes;
  gsize n; /* 0: up to the NUL */
  int code;
  const char *message;
} refused[] = {
  { "", 0, LS_FORMAT_ERROR_NOT_A_TRACE, LOOKS_LIKE "an empty file" },
  { "\n\n", 0, LS_FORMAT_ERROR_NOT_A_TRACE, LOOKS_LIKE "an empty file" },
  { "\xef\xbb\xbf", 0, LS_FORMAT_ERROR_NOT_A_TRACE, LOOKS_LIKE "an empty file" },
  { "\x1f\x8b\x08\x00", 4, LS_FORMAT_ERROR_NOT_A_TRACE,
    "a.trace.jsonl: not a Lockstitch trace: the compressed file is cut off" },
  { "\x28\xb5\x2f\xfd\x04", 0, LS_FORMAT_ERROR_NOT_A_TRACE,
    "a.trace.jsonl: not a Lockstitch trace: the compressed file is cut off" },
  { "\x1f\x8b\x01\x01\x01", 0, LS_FORMAT_ERROR_NOT_A_TRACE,
    "a.trace.jsonl: not a Lockstitch trace: the compressed file is damaged here" },
  { "\x7f"
    "ELF\x02\x01",
    0, LS_FORMAT_ERROR_NOT_A_TRACE,
    LOOKS_LIKE "a program or library (ELF); record it with: lockstitch record" },
  { "a\0b", 3, LS_FORMAT_ERROR_NOT_A_TRACE, LOOKS_LIKE "binary data" },
  { "{\"traceEvents\":[]}", 0, LS_FORMAT_ERROR_NOT_A_TRACE,
    LOOKS_LIKE "a Chrome trace (JSON); import it with: lockstitch convert" },
  { "[\n{\"name\":\"a\",\"ph\":\"X\",\"ts\":1}", 0, LS_FORMAT_ERROR_NOT_A_TRACE,
    LOOKS_LIKE "a Chrome trace (JSON); import it with: lockstitch convert" },
  { "T1|acq(L1)|12\nT1|rel(L1)|13\n", 0, LS_FORMAT_ERROR_NOT_A_TRACE,
    LOOKS_LIKE "an STD log of a race detector; import it with: lockstitch convert" },
  { "{\"ts\":1,\"tid\":1,\"ev\":\"start\"}\n", 0, LS_FORMAT_ERROR_NOT_A_TRACE,
    LOOKS_LIKE "lines of a Lockstitch trace without its header" },
  { "{\"lockstitch\":1,\"un", 0, LS_FORMAT_ERROR_NOT_A_TRACE,
    LOOKS_LIKE "a Lockstitch trace whose header is cut off or damaged" },
  { "{}\n", 0, LS_FORMAT_ERROR_NOT_A_TRACE, LOOKS_LIKE "some other JSON" },
  { "Dear all,\n", 0, LS_FORMAT_ERROR_NOT_A_TRACE, LOOKS_LIKE "plain text" },
  { "caf\xe9\n", 0, LS_FORMAT_ERROR_NOT_A_TRACE, LOOKS_LIKE "text that is not UTF-8" },
  { "{\"lockstitch\":2}\n", 0, LS_FORMAT_ERROR_VERSION,
    "a.trace.jsonl:1: a Lockstitch trace of version 2; this Lockstitch reads version 1" },
  { "{\"lockstitch\":\"1\"}\n", 0, LS_FORMAT_ERROR_VERSION,
    "a.trace.jsonl:1: a Lockstitch trace of no known version: \"lockstitch\" should be an integer, "
    "not a string" },
};

static void
fail_on_line (const LsLine *line, gpointer user_data)
{
  g_assert_not_reached ();
}

static void
test_refused (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (refused); i++) {
    gsize n = refused[i].n > 0 ? refused[i].n : strlen (refused[i].bytes);
    g_autoptr (LsReadReport) report = ls_read_report_new ();
    g_autoptr (GError) error = NULL;

    g_assert_false (
      ls_read_bytes ("a.trace.jsonl", refused[i].bytes, n, fail_on_line, NULL, report, &error));
    g_assert_error (error, LS_FORMAT_ERROR, refused[i].code);
    g_assert_cmpstr (error->message, ==, refused[i].message);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/format/refused", test_refused);
  return g_test_run ();
}
