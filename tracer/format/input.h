/* SPDX-License-Identifier: MIT */
/**
 * The bytes of a trace in blocks of whole lines.
 *
 * Files are read, not mapped: a file that shrinks while it is read must not kill the viewer by
 * SIGBUS, standard input goes the same way, and blocks that are used again stay in the cache. What is
 * packed is told by its first bytes, not by its name.
 */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

#include "parse.h"
#include "reader.h"
#include "unpack.h"

typedef struct {
  const char *name;  /* for messages */
  const char *bytes; /* NULL: read from fd */
  int fd;
  gsize size;   /* of bytes and regular files, 0 otherwise */
  gsize n_read; /* of that */

  LsPacking packing;
  LsUnpacker *unpacker; /* NULL: not packed */
  char *ahead;          /* what was read but not used yet; NULL: nothing ever */
  gsize n_ahead, n_used;
  char *peeked; /* unpacked, and still to be read unless it was; NULL: nothing */
  gsize n_peeked, n_given;
  GCancellable *cancellable;
} LsInput;

/* @path: "-" is standard input. To be closed also when it could not be opened. */
bool ls_input_open (LsInput *input, const char *path, GCancellable *cancellable, GError **error);
void ls_input_init_bytes (LsInput *input, const char *name, const char *bytes, gsize n);
void ls_input_close (LsInput *input);

/* Up to `room` bytes, unpacked, waiting for some. Returns: how many, 0 at the end, -1 with @error when the
 * input cannot be read, or is cancelled. */
gssize ls_input_read (LsInput *input, char *bytes, gsize room, GError **error);

/* Fills `peeked` with the first `n` bytes, or as many as there are, before anything is read. They are
 * read all the same later. Returns: false with @error as ls_input_read(). */
bool ls_input_peek (LsInput *input, gsize n, GError **error);

/* After the end: why there should have been more; NULL: it was the end. A sentence without the file. */
const char *ls_input_get_damage (const LsInput *input);

/* ls_read_file() of an input that is open. */
bool ls_read_input (LsInput *input,
                    LsLineFunc func,
                    gpointer user_data,
                    LsReadReport *report,
                    LsProgressFunc progress,
                    gpointer progress_data,
                    GError **error);

/* Whether somebody has the file open for writing; false also where that cannot be told: of pipes, of
 * files of other users, on network file systems. */
bool ls_input_is_growing (const LsInput *input);

/* Cuts an input at line ends, into blocks of about the same size. */
typedef struct {
  LsInput *input;
  gsize n_block;    /* bytes to a block; it has more when a line is longer */
  GByteArray *rest; /* the start of a line that was not whole yet */
  bool has_given;
} LsCutter;

/* LS_PADDING bytes after it can be read, too. */
typedef struct {
  const char *bytes;
  gsize n;
  bool is_last;       /* the end of the input; it alone may end in half a line */
  double fraction;    /* of the input, with this block; below 0: not known */
  const char *damage; /* of the last block: ls_input_get_damage() */
} LsBlock;

void ls_cutter_init (LsCutter *cutter, LsInput *input, gsize n_block);
void ls_cutter_clear (LsCutter *cutter);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LsCutter, ls_cutter_clear)

/* How large a buffer ls_cutter_next() fills. */
gsize ls_cutter_get_room (const LsCutter *cutter);

/**
 * The next block, which lies in `buffer`. Of a line that is longer than LS_MAX_LINE_BYTES only as
 * much is there as tells so, with its line end; when it is the very first, without.
 *
 * Returns: false with @error when the input cannot be read, or is cancelled.
 */
bool ls_cutter_next (LsCutter *cutter, char *buffer, LsBlock *block, GError **error);
