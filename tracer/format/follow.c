/* SPDX-License-Identifier: MIT */
/* A trace that is still being written: one stretch of lines that grows. */
#include "follow.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input.h"
#include "stretch.h"

#define BLOCK_BYTES (256 * 1024)

/* What was read last is compared with what is there, to tell a file that was written over. */
#define MARK_BYTES 64

struct _LsFollow {
  char *path;
  LsFollowState state;
  LsInput input;
  LsCutter cutter;
  char *buffer;
  LsParser *parser;
  LsStretch stretch;
  LsLineFunc func;
  gpointer user_data;
  bool is_open, has_header;
  char mark[MARK_BYTES];
  gsize n_mark;
};

static void
pass_line (const LsLine *line, uint64_t n, gpointer data)
{
  const LsFollow *follow = data;
  follow->func (line, follow->user_data);
}

LsFollow *
ls_follow_new (const char *path, LsLineFunc func, gpointer user_data, LsReadReport *report)
{
  LsFollow *follow = g_new0 (LsFollow, 1);

  follow->path = g_strdup (path);
  follow->func = func;
  follow->user_data = user_data;
  follow->parser = ls_parser_new ();
  ls_stretch_init (&follow->stretch, report);
  report->cut = true;
  return follow;
}

static void
close_file (LsFollow *follow)
{
  if (follow->is_open)
    ls_cutter_clear (&follow->cutter);
  g_clear_pointer (&follow->buffer, g_free);
  ls_input_close (&follow->input);
  follow->is_open = false;
}

void
ls_follow_free (LsFollow *follow)
{
  if (!follow)
    return;
  close_file (follow);
  ls_parser_free (follow->parser);
  g_free (follow->path);
  g_free (follow);
}

static bool
open_file (LsFollow *follow, GError **error)
{
  struct stat now;

  if (!ls_input_open (&follow->input, follow->path, NULL, error)) {
    ls_input_close (&follow->input);
    return false;
  }
  if (fstat (follow->input.fd, &now) < 0 || !S_ISREG (now.st_mode)) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: only a file can be followed",
                 follow->path);
    ls_input_close (&follow->input);
    return false;
  }
  ls_cutter_init (&follow->cutter, &follow->input, BLOCK_BYTES);
  follow->cutter.keeps_rest = true;
  follow->buffer = g_malloc (ls_cutter_get_room (&follow->cutter));
  follow->is_open = true;
  return true;
}

/* Whether what was read is what the file at the path holds. A file that was removed is no other. */
static bool
is_same (LsFollow *follow)
{
  gsize n_read = follow->input.n_read;
  char mark[MARK_BYTES];
  struct stat ours, now;

  if (fstat (follow->input.fd, &ours) < 0)
    return false;
  if (stat (follow->path, &now) == 0 && (now.st_dev != ours.st_dev || now.st_ino != ours.st_ino))
    return false;
  if ((gsize) ours.st_size < n_read)
    return false;
  follow->input.size = (gsize) ours.st_size;
  return pread (follow->input.fd, mark, follow->n_mark, (off_t) (n_read - follow->n_mark)) ==
           (gssize) follow->n_mark &&
         memcmp (mark, follow->mark, follow->n_mark) == 0;
}

static void
keep_mark (LsFollow *follow)
{
  gsize n_read = follow->input.n_read;
  gsize n = MIN (n_read, MARK_BYTES);
  gssize n_mark = pread (follow->input.fd, follow->mark, n, (off_t) (n_read - n));

  follow->n_mark = n_mark == (gssize) n ? n : 0;
}

/* @block: without its header afterwards. Returns: false with @error when it is no trace; without one
 * when its first line is not whole yet. */
static bool
take_header (LsFollow *follow, LsBlock *block, GError **error)
{
  LsLineSink sink = { pass_line, follow };

  if (block->n == 0 && !follow->input.unpacker)
    return false;
  follow->has_header =
    ls_stretch_take_header (&follow->stretch, follow->parser, follow->path, block, &sink, error);
  return follow->has_header;
}

static bool
read_on (LsFollow *follow, GError **error)
{
  LsLineSink sink = { pass_line, follow };
  LsBlock block = { 0 };

  while (!block.is_last) {
    if (!ls_cutter_next (&follow->cutter, follow->buffer, &block, error))
      return false;
    if (follow->has_header || take_header (follow, &block, error))
      ls_stretch_take_lines (&follow->stretch, follow->parser, &block, &sink);
    else if (*error)
      return false;
  }
  return true;
}

bool
ls_follow_read (LsFollow *follow, LsFollowState *state, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) own_error = NULL;

  *state = follow->state;
  if (follow->state == LS_FOLLOW_REPLACED || (!follow->is_open && !open_file (follow, error)))
    return follow->state == LS_FOLLOW_REPLACED;
  if (!is_same (follow)) {
    *state = follow->state = LS_FOLLOW_REPLACED;
    return true;
  }
  follow->input.cancellable = cancellable;
  bool is_read = read_on (follow, &own_error);
  follow->input.cancellable = NULL;
  keep_mark (follow);
  if (!is_read) {
    g_propagate_error (error, g_steal_pointer (&own_error));
    return false;
  }
  bool is_ended = follow->stretch.is_ended && follow->cutter.rest->len == 0;
  follow->stretch.report->cut = !is_ended;
  *state = follow->state = is_ended || follow->input.unpacker ? LS_FOLLOW_ENDED : LS_FOLLOW_WAITING;
  return true;
}

void
ls_follow_end (LsFollow *follow)
{
  LsLineSink sink = { pass_line, follow };
  const char *damage = NULL;

  if (follow->is_open && follow->has_header && follow->cutter.rest->len > 0) {
    /* As a block with room after it. */
    GByteArray *rest = follow->cutter.rest;
    memcpy (follow->buffer, rest->data, rest->len);
    LsBlock block = { .bytes = follow->buffer, .n = rest->len, .is_last = true };
    ls_stretch_take_lines (&follow->stretch, follow->parser, &block, &sink);
    g_byte_array_set_size (rest, 0);
  }
  if (follow->is_open && follow->input.unpacker)
    damage = ls_input_get_damage (&follow->input);
  ls_stretch_end (&follow->stretch, damage);
  close_file (follow);
}
