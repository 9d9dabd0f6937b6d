/* SPDX-License-Identifier: MIT */
/* Reads a trace line by line on the calling thread. */
#include "reader.h"

#include <string.h>

#include "input.h"
#include "stretch.h"

/* Progress is told once a block. */
#define BLOCK_BYTES (128 * 1024)

G_DEFINE_QUARK (ls - format - error - quark, ls_format_error)

typedef struct {
  LsLineFunc func;
  gpointer user_data;
} Callback;

static void
pass_line (const LsLine *line, uint64_t n, gpointer data)
{
  const Callback *callback = data;
  callback->func (line, callback->user_data);
}

static bool
read_input (LsInput *input,
            LsStretch *stretch,
            const LsLineSink *sink,
            LsProgressFunc progress,
            gpointer progress_data,
            GError **error)
{
  g_autoptr (LsParser) parser = ls_parser_new ();
  g_auto (LsCutter) cutter = { 0 };
  LsBlock block = { 0 };

  ls_cutter_init (&cutter, input, BLOCK_BYTES);
  g_autofree char *buffer = g_malloc (ls_cutter_get_room (&cutter));
  for (bool is_first = true; !block.is_last; is_first = false) {
    if (!ls_cutter_next (&cutter, buffer, &block, error) ||
        (is_first && !ls_stretch_take_header (stretch, parser, input->name, &block, sink, error)))
      return false;
    ls_stretch_take_lines (stretch, parser, &block, sink);
    if (progress && block.fraction >= 0)
      progress (block.fraction, progress_data);
    if (g_cancellable_set_error_if_cancelled (input->cancellable, error))
      return false;
  }
  ls_stretch_end (stretch, block.damage, ls_input_is_growing (input));
  return true;
}

static bool
is_packed (const char *bytes, gsize n)
{
  LsPacking packing = ls_packing_find (bytes, n);
  return packing == LS_PACKING_GZIP || packing == LS_PACKING_ZSTD;
}

static bool
read_packed (const char *name,
             const char *bytes,
             gsize n,
             LsStretch *stretch,
             const LsLineSink *sink,
             GError **error)
{
  LsInput input;

  ls_input_init_bytes (&input, name, bytes, n);
  bool is_read = read_input (&input, stretch, sink, NULL, NULL, error);
  ls_input_close (&input);
  return is_read;
}

/* Copies the end of the bytes, from a line's start, to where LS_PADDING bytes after it can be read;
 * all of them when they are few. Returns: how many are left, with no less after them. */
static gsize
split_end (const char *bytes, gsize n, char **end)
{
  gsize n_end = n < BLOCK_BYTES ? n : BLOCK_BYTES / 2;

  while (n_end < n && bytes[n - n_end - 1] != '\n')
    n_end++;
  *end = g_malloc0 (n_end + LS_PADDING);
  if (n_end > 0)
    memcpy (*end, bytes + n - n_end, n_end);
  return n - n_end;
}

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
  g_autofree char *end = NULL;
  Callback callback = { func, user_data };
  LsLineSink sink = { pass_line, &callback };
  gsize n_start = split_end (bytes, n_bytes, &end);
  LsBlock blocks[] = {
    { .bytes = bytes, .n = n_start },
    { .bytes = end, .n = n_bytes - n_start, .is_last = true },
  };
  LsStretch stretch;

  ls_stretch_init (&stretch, report);
  if (is_packed (bytes, n_bytes))
    return read_packed (name, bytes, n_bytes, &stretch, &sink, error);
  if (!ls_stretch_take_header (&stretch, parser, name, &blocks[n_start > 0 ? 0 : 1], &sink, error))
    return false;
  for (guint i = 0; i < G_N_ELEMENTS (blocks); i++)
    ls_stretch_take_lines (&stretch, parser, &blocks[i], &sink);
  ls_stretch_end (&stretch, NULL, false);
  return true;
}

bool
ls_read_input (LsInput *input,
               LsLineFunc func,
               gpointer user_data,
               LsReadReport *report,
               LsProgressFunc progress,
               gpointer progress_data,
               GError **error)
{
  Callback callback = { func, user_data };
  LsLineSink sink = { pass_line, &callback };
  LsStretch stretch;

  ls_stretch_init (&stretch, report);
  return read_input (input, &stretch, &sink, progress, progress_data, error);
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
  LsInput input;

  bool is_read = ls_input_open (&input, path, cancellable, error) &&
                 ls_read_input (&input, func, user_data, report, progress, progress_data, error);
  ls_input_close (&input);
  return is_read;
}
