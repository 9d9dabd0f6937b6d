/* SPDX-License-Identifier: MIT */
/* Lines and the account of them. */
#include "stretch.h"

#include <string.h>

#include "sniff.h"

#define SNIFF_BYTES 4096

void
ls_stretch_init (LsStretch *stretch, LsReadReport *report)
{
  *stretch = (LsStretch){ .report = report, .last_event_ns = -1 };
}

/* the first line */

static bool
refuse (const char *name, const LsBlock *block, GError **error)
{
  gsize n_bom = ls_sniff_mark (block->bytes, block->n);

  if (block->n == 0 && block->damage) {
    g_set_error (error, LS_FORMAT_ERROR, LS_FORMAT_ERROR_NOT_A_TRACE,
                 "%s: not a Lockstitch trace: %s", name, block->damage);
    return false;
  }
  g_set_error (error, LS_FORMAT_ERROR, LS_FORMAT_ERROR_NOT_A_TRACE,
               "%s:1: not a Lockstitch trace: this looks like %s", name,
               ls_sniff (block->bytes + n_bom, MIN (block->n, SNIFF_BYTES) - n_bom));
  return false;
}

static bool
refuse_version (const char *name, int version, const char *reason, GError **error)
{
  g_autofree char *what = reason ? g_strdup_printf ("no known version: %s", reason)
                                 : g_strdup_printf ("version %d; this Lockstitch reads version %d",
                                                    version, LS_FORMAT_VERSION);

  g_set_error (error, LS_FORMAT_ERROR, LS_FORMAT_ERROR_VERSION, "%s:1: a Lockstitch trace of %s",
               name, what);
  return false;
}

bool
ls_stretch_take_header (LsStretch *stretch,
                        LsParser *parser,
                        const char *name,
                        LsBlock *block,
                        const LsLineSink *sink,
                        GError **error)
{
  const char *newline = block->n > 0 ? memchr (block->bytes, '\n', block->n) : NULL;
  gsize n = newline ? (gsize) (newline - block->bytes) : block->n;
  gsize n_bom = ls_sniff_mark (block->bytes, n);
  LsLine line = { .kind = LS_LINE_EVENT };
  LsParsed parsed = LS_PARSED_NOT_JSON;

  if (n > 0 && n <= LS_MAX_LINE_BYTES)
    parsed = ls_parser_read (parser, block->bytes + n_bom, n - n_bom, &line);
  if (line.kind != LS_LINE_HEADER)
    return refuse (name, block, error);
  const char *reason = parsed == LS_PARSED ? NULL : ls_parser_get_reason (parser);
  if (line.header.version != LS_FORMAT_VERSION)
    return refuse_version (name, line.header.version, reason, error);

  stretch->report->n_lines++;
  if (reason) {
    /* It is a trace of our version all the same. */
    ls_read_report_add (stretch->report, 1, true, reason);
    line.header = (LsLineHeader){ .version = LS_FORMAT_VERSION };
  }
  stretch->has_good_line = true;
  sink->line (&line, 0, sink->data);
  n += newline ? 1 : 0;
  block->bytes += n;
  block->n -= n;
  return true;
}

/* the others */

static void
warn_of_footer (LsStretch *stretch)
{
  if (stretch->footer_line == 0)
    return;
  ls_read_report_insert (stretch->report, stretch->footer_line, false,
                         "a footer in the middle of the trace: what follows it is used too");
  stretch->footer_line = 0;
}

/* Says whether a header after the first is more than an addition to it. */
static bool
is_second_header (const LsLineHeader *header)
{
  return header->wall || header->pid || header->program || header->recorder;
}

/* Returns: whether the header is of our version. */
static bool
note_header (LsReadReport *report, const LsLineHeader *header)
{
  if (header->version != LS_FORMAT_VERSION) {
    g_autofree char *reason = g_strdup_printf ("a header of version %d in a trace of version %d",
                                               header->version, LS_FORMAT_VERSION);
    ls_read_report_add (report, report->n_lines, true, reason);
    return false;
  }
  if (is_second_header (header))
    ls_read_report_add (report, report->n_lines, false,
                        "a second header: these may be two traces in one file");
  return true;
}

static void
note_footer (LsStretch *stretch, const LsLineFooter *footer)
{
  stretch->says_ended = stretch->is_ended = true;
  stretch->footer_line = stretch->last_footer = stretch->report->n_lines;
  stretch->footer_end_ns = footer->end_ns;
}

/* What events say of the trace as a whole, whichever they are. */
static void
note_events (LsStretch *stretch)
{
  warn_of_footer (stretch);
  stretch->has_good_line = stretch->says_ended = true;
  stretch->is_ended = false;
}

static void
use_line (LsStretch *stretch, const LsLine *line, const LsLineSink *sink)
{
  if (line->kind == LS_LINE_EVENT) {
    note_events (stretch);
    stretch->last_event_ns = MAX (stretch->last_event_ns, line->event.ts_ns);
    stretch->report->n_events++;
    sink->line (line, stretch->report->n_lines - 1, sink->data);
    return;
  }
  stretch->has_good_line = true;
  warn_of_footer (stretch);
  if (line->kind == LS_LINE_HEADER && !note_header (stretch->report, &line->header))
    return;
  if (line->kind == LS_LINE_FOOTER)
    note_footer (stretch, &line->footer);
  sink->line (line, stretch->report->n_lines - 1, sink->data);
}

/* Takes one line without its '\n'; one that is too long may be given in part. */
static void
take_line (LsStretch *stretch,
           LsParser *parser,
           const char *bytes,
           gsize n,
           bool is_whole,
           const LsLineSink *sink)
{
  LsReadReport *report = stretch->report;
  LsLine line;

  report->n_lines++;
  if (n > LS_MAX_LINE_BYTES) {
    ls_read_report_add (report, report->n_lines, true, "the line is longer than 1 MiB");
    return;
  }
  if (n > 0 && bytes[n - 1] == '\r')
    n--; /* white space to JSON, but not what the direct path knows */
  LsParsed parsed = ls_parser_read (parser, bytes, n, &line);
  if (parsed == LS_PARSED) {
    use_line (stretch, &line, sink);
  } else if (parsed == LS_PARSED_NOT_JSON && !is_whole) {
    stretch->half_line = report->n_lines;
    stretch->says_ended = true;
    stretch->is_ended = false;
  } else {
    ls_read_report_add (report, report->n_lines, parsed != LS_PARSED_SKIP,
                        ls_parser_get_reason (parser));
  }
}

/* Takes events from here on, up to what the direct path declines. Returns: where that is; `end` when
 * there is none. @end: past a line end. */
static const char *
take_events (LsStretch *stretch,
             LsParser *parser,
             const char *at,
             const char *end,
             const LsLineSink *sink)
{
  LsReadReport *report = stretch->report;
  LsLine line = { .kind = LS_LINE_EVENT };
  int64_t last_ns = stretch->last_event_ns;
  const char *begin = at;

  while (at < end) {
    const char *newline = ls_parser_take_event (parser, at, &line.event);
    if (G_UNLIKELY (!newline || newline - at > LS_MAX_LINE_BYTES))
      break;
    if (G_UNLIKELY (at == begin))
      note_events (stretch);
    uint64_t n = report->n_lines++;
    report->n_events++;
    last_ns = MAX (last_ns, line.event.ts_ns);
    sink->line (&line, n, sink->data);
    at = newline + 1;
  }
  stretch->last_event_ns = last_ns;
  return at;
}

void
ls_stretch_take_lines (LsStretch *stretch,
                       LsParser *parser,
                       const LsBlock *block,
                       const LsLineSink *sink)
{
  const char *at = block->bytes;
  const char *end = block->bytes + block->n;
  const char *last = end > at ? memrchr (at, '\n', block->n) : NULL;

  while (last && at <= last) {
    at = take_events (stretch, parser, at, last + 1, sink);
    if (at > last)
      break;
    const char *newline = memchr (at, '\n', (gsize) (end - at));
    take_line (stretch, parser, at, (gsize) (newline - at), true, sink);
    at = newline + 1;
  }
  if (at < end)
    take_line (stretch, parser, at, (gsize) (end - at), false, sink);
}

/* together */

static void
append_problems (LsReadReport *report, LsReadReport *next)
{
  for (guint i = 0; i < next->problems->len && report->problems->len < LS_MAX_PROBLEMS; i++) {
    LsProblem *problem = &g_array_index (next->problems, LsProblem, i);
    problem->line += report->n_lines;
    g_array_append_val (report->problems, *problem);
    problem->reason = NULL;
  }
  report->n_errors += next->n_errors;
  report->n_warnings += next->n_warnings;
}

void
ls_stretch_append (LsStretch *stretch, LsStretch *next)
{
  LsReadReport *report = stretch->report;
  uint64_t n_before = report->n_lines;

  if (next->has_good_line)
    warn_of_footer (stretch);
  append_problems (report, next->report);
  report->n_lines += next->report->n_lines;
  report->n_events += next->report->n_events;
  stretch->has_good_line = stretch->has_good_line || next->has_good_line;
  if (next->says_ended) {
    stretch->says_ended = true;
    stretch->is_ended = next->is_ended;
  }
  if (next->footer_line > 0)
    stretch->footer_line = next->footer_line + n_before;
  if (next->half_line > 0)
    stretch->half_line = next->half_line + n_before;
  if (next->last_footer > 0) {
    stretch->last_footer = next->last_footer + n_before;
    stretch->footer_end_ns = next->footer_end_ns;
  }
  stretch->last_event_ns = MAX (stretch->last_event_ns, next->last_event_ns);
  ls_read_report_clear (next->report);
}

void
ls_stretch_end (LsStretch *stretch, const char *damage, bool is_growing)
{
  LsReadReport *report = stretch->report;

  report->cut = !stretch->is_ended;
  report->is_growing = report->cut && is_growing;
  if (stretch->half_line > 0 && !report->is_growing)
    ls_read_report_add (report, stretch->half_line, false, "the last line is cut off");
  if (stretch->last_footer > 0 && stretch->footer_end_ns < stretch->last_event_ns) {
    g_autofree char *reason = g_strdup_printf ("the footer's \"end\" is %" G_GINT64_FORMAT
                                               ", before the last event at %" G_GINT64_FORMAT,
                                               stretch->footer_end_ns, stretch->last_event_ns);
    ls_read_report_insert (report, stretch->last_footer, false, reason);
  }
  /* What is wrong with the lines before is its doing: then it comes first. */
  if (damage && report->n_errors > 0)
    ls_read_report_insert (report, 0, false, damage);
  else if (damage)
    ls_read_report_add (report, report->n_lines, false, damage);
}
