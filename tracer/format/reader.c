/* SPDX-License-Identifier: MIT */
/* Reads a trace line by line on the calling thread. */
#include "reader.h"

#include <glib.h>

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
  Callback callback = { func, user_data };
  LsLineSink sink = { pass_line, &callback };
  LsBlock block = { .bytes = bytes, .n = n_bytes, .is_last = true };
  LsStretch stretch;

  ls_stretch_init (&stretch, report);
  if (!ls_stretch_take_header (&stretch, parser, name, &block, &sink, error))
    return false;
  ls_stretch_take_lines (&stretch, parser, &block, &sink);
  ls_stretch_end (&stretch, false);
  return true;
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
  ls_stretch_end (stretch, ls_input_has_shrunk (input));
  return true;
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
  Callback callback = { func, user_data };
  LsLineSink sink = { pass_line, &callback };
  LsStretch stretch;
  LsInput input;

  ls_stretch_init (&stretch, report);
  bool is_read = ls_input_open (&input, path, cancellable, error) &&
                 read_input (&input, &stretch, &sink, progress, progress_data, error);
  ls_input_close (&input);
  return is_read;
}
