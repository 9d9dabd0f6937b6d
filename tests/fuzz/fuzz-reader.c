/* SPDX-License-Identifier: MIT */
/**
 * Any bytes as a trace. The reader must survive them; its two paths must agree on every line; and
 * what was read must come back the same when written and read again.
 */
#include <string.h>

#include "fuzz.h"
#include "lines.h"
#include "parse.h"
#include "reader.h"
#include "writer.h"

static void
check_agreement (LsParser *direct, LsParser *reference, const char *bytes, size_t n)
{
  LsLine ours = { .kind = LS_LINE_EVENT };
  LsLine theirs;

  if (!ls_parser_read_direct (direct, bytes, n, &ours.event))
    return;
  if (ls_parser_read_json (reference, bytes, n, &theirs) != LS_PARSED)
    g_error ("only the direct path takes: %.*s\n%s", (int) n, bytes,
             ls_parser_get_reason (reference));
  if (!lines_equal (&ours, &theirs))
    g_error ("the two paths differ on: %.*s", (int) n, bytes);
}

/* The line's text again from what was read of it; text values may be cut on the way. */
static void
check_line (const LsLine *line, gpointer user_data)
{
  LsParser *parser = user_data;
  g_autoptr (GString) first = g_string_new (NULL);
  g_autoptr (GString) second = g_string_new (NULL);
  LsLine again;

  ls_write_line (first, line);
  if (first->len > LS_MAX_LINE_BYTES)
    g_error ("the writer wrote a line too long to read");
  if (ls_parser_read (parser, first->str, first->len - 1, &again) != LS_PARSED)
    g_error ("cannot read what was written: %s%s", first->str, ls_parser_get_reason (parser));
  ls_write_line (second, &again);
  if (!g_string_equal (first, second))
    g_error ("written, read and written again:\n%s%s", first->str, second->str);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  /* Of exactly this size on the heap, so that reading past the end is seen. */
  g_autofree char *bytes = g_memdup2 (data, size);
  g_autoptr (LsParser) direct = ls_parser_new ();
  g_autoptr (LsParser) reference = ls_parser_new ();
  g_autoptr (LsReadReport) report = ls_read_report_new ();
  size_t start = 0;

  for (size_t i = 0; i <= size; i++) {
    if (i < size && bytes[i] != '\n')
      continue;
    if (i - start <= LS_MAX_LINE_BYTES && i > start)
      check_agreement (direct, reference, bytes + start, i - start);
    start = i + 1;
  }
  ls_read_bytes ("fuzz", bytes ? bytes : "", size, check_line, direct, report, NULL);
  return 0;
}
