/* SPDX-License-Identifier: MIT */
/**
 * Reads a trace: splits bytes at line ends, has each line parsed and keeps the account.
 *
 * Files are read in chunks, not mapped: a file that shrinks while it is read must not kill the
 * viewer by SIGBUS, and standard input goes the same way.
 */
#include "reader.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parse.h"
#include "sniff.h"

/* A read fills at most this much: progress is told once a chunk. */
#define CHUNK_BYTES (128 * 1024)
#define BUFFER_BYTES (LS_MAX_LINE_BYTES + 1 + CHUNK_BYTES)
#define SNIFF_BYTES 4096

G_DEFINE_QUARK (ls - format - error - quark, ls_format_error)

typedef struct {
  const char *name; /* of the file, for messages */
  LsLineFunc func;
  gpointer user_data;
  LsReadReport *report;
  LsParser *parser;
  const char *start; /* of the bytes, for telling what they are while there is no header */
  gsize n_start;
  bool has_header;
  bool is_ended;        /* a footer was seen, and no event since */
  uint64_t footer_line; /* of a footer not yet known to be the last line; 0: none */
} Reader;

/* lines */

/* A byte order mark is no part of a JSON text, but some editors put one. */
static gsize
get_bom_length (const char *bytes, gsize n)
{
  static const char bom[] = "\xef\xbb\xbf";
  return n >= 3 && memcmp (bytes, bom, 3) == 0 ? 3 : 0;
}

static bool
refuse (const Reader *reader, GError **error)
{
  gsize n_bom = get_bom_length (reader->start, reader->n_start);

  g_set_error (error, LS_FORMAT_ERROR, LS_FORMAT_ERROR_NOT_A_TRACE,
               "%s:1: not a Lockstitch trace: this looks like %s", reader->name,
               ls_sniff (reader->start + n_bom, reader->n_start - n_bom));
  return false;
}

static bool
refuse_version (const Reader *reader, LsParsed parsed, int version, GError **error)
{
  g_autofree char *what =
    parsed == LS_PARSED
      ? g_strdup_printf ("version %d; this Lockstitch reads version %d", version, LS_FORMAT_VERSION)
      : g_strdup_printf ("no known version: %s", ls_parser_get_reason (reader->parser));

  g_set_error (error, LS_FORMAT_ERROR, LS_FORMAT_ERROR_VERSION, "%s:1: a Lockstitch trace of %s",
               reader->name, what);
  return false;
}

/* The first line decides whether the bytes are a trace at all. */
static bool
use_first_line (Reader *reader, const char *bytes, gsize n, GError **error)
{
  LsLine line = { .kind = LS_LINE_EVENT };
  LsParsed parsed = LS_PARSED_NOT_JSON;
  gsize n_bom = get_bom_length (bytes, n);

  if (n <= LS_MAX_LINE_BYTES)
    parsed = ls_parser_read (reader->parser, bytes + n_bom, n - n_bom, &line);
  if (line.kind != LS_LINE_HEADER)
    return refuse (reader, error);
  if (line.header.version != LS_FORMAT_VERSION)
    return refuse_version (reader, parsed, line.header.version, error);
  if (parsed != LS_PARSED) {
    /* It is a trace of our version all the same. */
    ls_read_report_add (reader->report, 1, true, ls_parser_get_reason (reader->parser));
    line.header = (LsLineHeader){ .version = LS_FORMAT_VERSION };
  }
  reader->has_header = true;
  reader->func (&line, reader->user_data);
  return true;
}

static void
warn_of_footer (Reader *reader)
{
  if (reader->footer_line == 0)
    return;
  ls_read_report_add (reader->report, reader->footer_line, false,
                      "a footer in the middle of the trace: what follows it is used too");
  reader->footer_line = 0;
}

/* Says whether a header after the first is more than an addition to it. */
static bool
is_second_header (const LsLineHeader *header)
{
  return header->wall || header->pid || header->program || header->recorder;
}

static void
use_line (Reader *reader, const LsLine *line)
{
  LsReadReport *report = reader->report;

  warn_of_footer (reader);
  switch (line->kind) {
  case LS_LINE_EVENT:
    report->n_events++;
    reader->is_ended = false;
    break;
  case LS_LINE_FOOTER:
    reader->is_ended = true;
    reader->footer_line = report->n_lines;
    break;
  case LS_LINE_HEADER:
    if (line->header.version != LS_FORMAT_VERSION) {
      g_autofree char *reason = g_strdup_printf ("a header of version %d in a trace of version %d",
                                                 line->header.version, LS_FORMAT_VERSION);
      ls_read_report_add (report, report->n_lines, true, reason);
      return;
    }
    if (is_second_header (&line->header))
      ls_read_report_add (report, report->n_lines, false,
                          "a second header: these may be two traces in one file");
    break;
  default:
    break;
  }
  reader->func (line, reader->user_data);
}

static void
use_other_line (Reader *reader, const char *bytes, gsize n, bool is_whole)
{
  LsReadReport *report = reader->report;
  LsLine line;

  if (n > LS_MAX_LINE_BYTES) {
    ls_read_report_add (report, report->n_lines, true, "the line is longer than 1 MiB");
    return;
  }
  if (n > 0 && bytes[n - 1] == '\r')
    n--; /* white space to JSON, but not what the direct path knows */
  LsParsed parsed = ls_parser_read (reader->parser, bytes, n, &line);
  if (parsed == LS_PARSED) {
    use_line (reader, &line);
  } else if (parsed == LS_PARSED_NOT_JSON && !is_whole) {
    ls_read_report_add (report, report->n_lines, false, "the last line is cut off");
    reader->is_ended = false;
  } else {
    bool is_error = parsed != LS_PARSED_SKIP;
    ls_read_report_add (report, report->n_lines, is_error, ls_parser_get_reason (reader->parser));
  }
}

/* Takes one line without its '\n'; a line that is too long may be given in part.
 *
 * Returns: false with @error when these bytes are no trace, which only the first line tells. */
static bool
take_line (Reader *reader, const char *bytes, gsize n, bool is_whole, GError **error)
{
  reader->report->n_lines++;
  if (!reader->has_header)
    return use_first_line (reader, bytes, n, error);
  use_other_line (reader, bytes, n, is_whole);
  return true;
}

/* Takes all whole lines of `bytes`. @n_taken: how many bytes they are. */
static bool
take_lines (Reader *reader, const char *bytes, gsize n, gsize *n_taken, GError **error)
{
  const char *at = bytes;
  const char *end = bytes + n;
  const char *newline;

  while (at < end && (newline = memchr (at, '\n', (gsize) (end - at)))) {
    if (!take_line (reader, at, (gsize) (newline - at), true, error))
      return false;
    at = newline + 1;
  }
  *n_taken = (gsize) (at - bytes);
  return true;
}

static void
set_start (Reader *reader, const char *bytes, gsize n)
{
  reader->start = bytes;
  reader->n_start = MIN (n, SNIFF_BYTES);
}

static bool
take_end (Reader *reader, const char *bytes, gsize n, GError **error)
{
  if (n > 0 && !take_line (reader, bytes, n, false, error))
    return false;
  if (!reader->has_header)
    return refuse (reader, error);
  reader->report->cut = !reader->is_ended;
  return true;
}

/* bytes */

bool
ls_read_bytes (const char *name,
               const char *bytes,
               gsize n_bytes,
               LsLineFunc func,
               gpointer user_data,
               LsReadReport *report,
               GError **error)
{
  g_autoptr (LsParser) parser = ls_parser_new ();
  Reader reader = { .name = name,
                    .func = func,
                    .user_data = user_data,
                    .report = report,
                    .parser = parser };
  gsize n_taken;

  set_start (&reader, bytes, n_bytes);
  return take_lines (&reader, bytes, n_bytes, &n_taken, error) &&
         take_end (&reader, bytes + n_taken, n_bytes - n_taken, error);
}

/* files */

typedef struct {
  int fd;
  gsize size; /* of a regular file, 0 otherwise */
  gsize n_read;
  LsProgressFunc progress;
  gpointer progress_data;
  GCancellable *cancellable;
} Input;

static bool
set_file_error (const char *name, int saved_errno, GError **error)
{
  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (saved_errno), "%s: %s", name,
               saved_errno == EISDIR ? "a directory, not a trace" : g_strerror (saved_errno));
  return false;
}

static bool
open_input (Input *input, const char *path, const char *name, GError **error)
{
  struct stat st;

  input->fd = strcmp (path, "-") == 0 ? STDIN_FILENO : open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (input->fd < 0 || fstat (input->fd, &st) < 0)
    return set_file_error (name, errno, error);
  if (S_ISDIR (st.st_mode))
    return set_file_error (name, EISDIR, error);
  input->size = S_ISREG (st.st_mode) && st.st_size > 0 ? (gsize) st.st_size : 0;
  return true;
}

/* Waits until a pipe or terminal has something, or the cancellable is cancelled. */
static void
wait_for_input (const Input *input)
{
  GPollFD fds[2] = { { .fd = input->fd, .events = G_IO_IN } };

  if (input->size > 0)
    return;
  bool has_both = g_cancellable_make_pollfd (input->cancellable, &fds[1]);
  g_poll (fds, has_both ? 2 : 1, -1);
  if (has_both)
    g_cancellable_release_fd (input->cancellable);
}

/* Returns: how much was read, 0 at the end, -1 with @error. */
static gssize
read_chunk (Input *input, const char *name, char *chunk, GError **error)
{
  gssize n;

  do {
    wait_for_input (input);
    if (g_cancellable_set_error_if_cancelled (input->cancellable, error))
      return -1;
    n = read (input->fd, chunk, CHUNK_BYTES);
  } while (n < 0 && (errno == EINTR || errno == EAGAIN));
  if (n < 0)
    set_file_error (name, errno, error);
  else
    input->n_read += (gsize) n;
  return n;
}

static void
tell_progress (const Input *input)
{
  if (input->progress && input->size > 0)
    input->progress (MIN (1.0, (double) input->n_read / (double) input->size),
                     input->progress_data);
}

/* Reads chunk by chunk. The buffer holds the start of a line that is not whole yet; of a line that
 * is too long only as much stays as tells so. */
static bool
read_input (Reader *reader, Input *input, char *buffer, GError **error)
{
  gsize n_kept = 0;
  gssize n;

  while ((n = read_chunk (input, reader->name, buffer + n_kept, error)) > 0) {
    gsize n_bytes = n_kept + (gsize) n;
    gsize n_taken;

    set_start (reader, buffer, n_bytes);
    if (!take_lines (reader, buffer, n_bytes, &n_taken, error))
      return false;
    n_kept = MIN (n_bytes - n_taken, LS_MAX_LINE_BYTES + 1);
    memmove (buffer, buffer + n_taken, n_kept);
    tell_progress (input);
    /* A first line that is too long settles it, however much is to come. */
    if (!reader->has_header && n_kept > LS_MAX_LINE_BYTES)
      break;
  }
  if (n < 0 || g_cancellable_set_error_if_cancelled (input->cancellable, error))
    return false;
  set_start (reader, buffer, n_kept);
  return take_end (reader, buffer, n_kept, error);
}

bool
ls_read_file (const char *path,
              LsLineFunc func,
              gpointer user_data,
              LsReadReport *report,
              LsProgressFunc progress,
              gpointer progress_data,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr (LsParser) parser = ls_parser_new ();
  g_autofree char *buffer = g_malloc (BUFFER_BYTES);
  Reader reader = {
    .name = strcmp (path, "-") == 0 ? "standard input" : path,
    .func = func,
    .user_data = user_data,
    .report = report,
    .parser = parser,
  };
  Input input = {
    .fd = -1,
    .progress = progress,
    .progress_data = progress_data,
    .cancellable = cancellable,
  };

  bool is_read =
    open_input (&input, path, reader.name, error) && read_input (&reader, &input, buffer, error);
  if (input.fd > STDIN_FILENO)
    close (input.fd);
  return is_read;
}
