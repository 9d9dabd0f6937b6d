/* SPDX-License-Identifier: MIT */
/* Files, pipes and standard input, cut at line ends. */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define AHEAD_BYTES (64 * 1024)

static bool
set_file_error (const char *name, int saved_errno, GError **error)
{
  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (saved_errno), "%s: %s", name,
               saved_errno == EISDIR ? "a directory, not a trace" : g_strerror (saved_errno));
  return false;
}

bool
ls_input_open (LsInput *input, const char *path, GCancellable *cancellable, GError **error)
{
  bool is_stdin = strcmp (path, "-") == 0;
  struct stat st;

  *input = (LsInput){
    .fd = is_stdin ? STDIN_FILENO : open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY),
    .name = is_stdin ? "standard input" : path,
    .packing = LS_PACKING_UNKNOWN,
    .cancellable = cancellable,
  };
  if (input->fd < 0 || fstat (input->fd, &st) < 0)
    return set_file_error (input->name, errno, error);
  if (S_ISDIR (st.st_mode))
    return set_file_error (input->name, EISDIR, error);
  input->size = S_ISREG (st.st_mode) && st.st_size > 0 ? (gsize) st.st_size : 0;
  return true;
}

void
ls_input_init_bytes (LsInput *input, const char *name, const char *bytes, gsize n)
{
  *input = (LsInput){ .name = name,
                      .bytes = bytes ? bytes : "",
                      .fd = -1,
                      .size = n,
                      .packing = LS_PACKING_UNKNOWN };
}

void
ls_input_close (LsInput *input)
{
  g_clear_pointer (&input->unpacker, ls_unpacker_free);
  g_clear_pointer (&input->ahead, g_free);
  g_clear_pointer (&input->peeked, g_free);
  if (input->fd > STDIN_FILENO)
    close (input->fd);
  input->fd = -1;
}

bool
ls_input_is_growing (const LsInput *input)
{
  if (input->bytes || input->size == 0)
    return false;
  /* A lease for reading is not given while there is a writer. One who comes in this moment breaks it,
   * which is told by a signal: by one that does nothing. */
  if (fcntl (input->fd, F_SETSIG, SIGURG) < 0)
    return false;
  bool is_growing = fcntl (input->fd, F_SETLEASE, F_RDLCK) < 0 && errno == EAGAIN;
  if (!is_growing)
    fcntl (input->fd, F_SETLEASE, F_UNLCK);
  return is_growing;
}

const char *
ls_input_get_damage (const LsInput *input)
{
  if (input->unpacker && ls_unpacker_is_cut_off (input->unpacker) && ls_input_is_growing (input))
    return NULL;
  const char *damage = input->unpacker ? ls_unpacker_get_damage (input->unpacker) : NULL;

  if (!damage && input->n_read < input->size)
    return "the file became shorter while it was read";
  return damage;
}

/* Waits until a pipe or terminal has something, or the cancellable is cancelled. */
static void
wait_for_input (const LsInput *input)
{
  GPollFD fds[2] = { { .fd = input->fd, .events = G_IO_IN } };

  if (input->size > 0)
    return;
  bool has_both = g_cancellable_make_pollfd (input->cancellable, &fds[1]);
  g_poll (fds, has_both ? 2 : 1, -1);
  if (has_both)
    g_cancellable_release_fd (input->cancellable);
}

/* Whether more can be had without waiting for it. */
static bool
is_ready (const LsInput *input)
{
  GPollFD fd = { .fd = input->fd, .events = G_IO_IN };
  return input->size > 0 || input->n_used < input->n_ahead || input->n_given < input->n_peeked ||
         g_poll (&fd, 1, 0) > 0;
}

static gsize
copy_some (LsInput *input, char *bytes, gsize room)
{
  gsize n = MIN (room, input->size - input->n_read);
  memcpy (bytes, input->bytes + input->n_read, n);
  input->n_read += n;
  return n;
}

/* Reads what is there, packed or not. Returns: how much, 0 at the end, -1 with @error. */
static gssize
read_raw (LsInput *input, char *bytes, gsize room, GError **error)
{
  gssize n;

  if (input->bytes)
    return (gssize) copy_some (input, bytes, room);
  do {
    wait_for_input (input);
    if (g_cancellable_set_error_if_cancelled (input->cancellable, error))
      return -1;
    n = read (input->fd, bytes, room);
  } while (n < 0 && (errno == EINTR || errno == EAGAIN));
  if (n < 0)
    set_file_error (input->name, errno, error);
  else
    input->n_read += (gsize) n;
  return n;
}

/* Reads on into `ahead`, after what is there. */
static gssize
read_ahead (LsInput *input, GError **error)
{
  gssize n = read_raw (input, input->ahead + input->n_ahead, AHEAD_BYTES - input->n_ahead, error);
  input->n_ahead += (gsize) MAX (n, 0);
  return n;
}

/* Reads as much as tells whether the input is packed. */
static bool
find_packing (LsInput *input, GError **error)
{
  gssize n = 1;

  if (!input->ahead)
    input->ahead = g_malloc (AHEAD_BYTES);
  while (n > 0 && input->packing == LS_PACKING_UNKNOWN) {
    n = read_ahead (input, error);
    input->packing = ls_packing_find (input->ahead, input->n_ahead);
  }
  if (input->packing == LS_PACKING_GZIP || input->packing == LS_PACKING_ZSTD)
    input->unpacker = ls_unpacker_new (input->packing);
  return n >= 0;
}

static gsize
use_ahead (LsInput *input, char *bytes, gsize room)
{
  gsize n = MIN (room, input->n_ahead - input->n_used);

  memcpy (bytes, input->ahead + input->n_used, n);
  input->n_used += n;
  return n;
}

static gssize
unpack_some (LsInput *input, char *bytes, gsize room, GError **error)
{
  gssize n_more = 1;

  while (n_more > 0) {
    gsize n_in = input->n_ahead - input->n_used;
    gsize n_out = room;
    ls_unpacker_run (input->unpacker, input->ahead + input->n_used, &n_in, bytes, &n_out);
    input->n_used += n_in;
    if (n_out > 0)
      return (gssize) n_out;
    if (ls_unpacker_get_damage (input->unpacker) ||
        g_cancellable_set_error_if_cancelled (input->cancellable, error))
      break;
    if (n_in == 0 && input->n_used == input->n_ahead) {
      input->n_used = input->n_ahead = 0;
      n_more = read_ahead (input, error);
    }
  }
  if (n_more == 0)
    ls_unpacker_end (input->unpacker);
  return ls_unpacker_get_damage (input->unpacker) || n_more == 0 ? 0 : -1;
}

static gssize
read_on (LsInput *input, char *bytes, gsize room, GError **error)
{
  if (input->packing == LS_PACKING_UNKNOWN && !find_packing (input, error))
    return -1;
  if (input->unpacker)
    return unpack_some (input, bytes, room, error);
  if (input->n_used < input->n_ahead)
    return (gssize) use_ahead (input, bytes, room);
  return read_raw (input, bytes, room, error);
}

bool
ls_input_peek (LsInput *input, gsize n, GError **error)
{
  gssize n_read = 1;

  input->peeked = g_malloc (n);
  while (n_read > 0 && input->n_peeked < n) {
    n_read = read_on (input, input->peeked + input->n_peeked, n - input->n_peeked, error);
    input->n_peeked += (gsize) MAX (n_read, 0);
  }
  return n_read >= 0;
}

gssize
ls_input_read (LsInput *input, char *bytes, gsize room, GError **error)
{
  gsize n = MIN (room, input->n_peeked - input->n_given);

  if (n == 0)
    return read_on (input, bytes, room, error);
  memcpy (bytes, input->peeked + input->n_given, n);
  input->n_given += n;
  return (gssize) n;
}

/* cutting */

void
ls_cutter_init (LsCutter *cutter, LsInput *input, gsize n_block)
{
  *cutter = (LsCutter){ .input = input, .n_block = n_block, .rest = g_byte_array_new () };
}

void
ls_cutter_clear (LsCutter *cutter)
{
  g_clear_pointer (&cutter->rest, g_byte_array_unref);
}

gsize
ls_cutter_get_room (const LsCutter *cutter)
{
  return LS_MAX_LINE_BYTES + 1 + cutter->n_block + LS_PADDING;
}

static gsize
find_last_line_end (const char *bytes, gsize n)
{
  const char *newline = n > 0 ? memrchr (bytes, '\n', n) : NULL;
  return newline ? (gsize) (newline - bytes) + 1 : 0;
}

bool
ls_cutter_next (LsCutter *cutter, char *buffer, LsBlock *block, GError **error)
{
  LsInput *input = cutter->input;
  gsize n = cutter->rest->len;
  gsize n_lines = 0; /* bytes of whole lines */
  gsize n_new = 0;
  gssize n_read = 1;

  if (n > 0)
    memcpy (buffer, cutter->rest->data, n);
  while (n_read > 0 && (n_lines == 0 || (n_new < cutter->n_block && is_ready (input)))) {
    if (n_lines == 0) {
      /* A first line that is too long settles it, however much is to come. */
      if (n > LS_MAX_LINE_BYTES && !cutter->has_given)
        break;
      n = MIN (n, LS_MAX_LINE_BYTES + 1);
      n_new = 0;
    }
    n_read = ls_input_read (input, buffer + n, cutter->n_block - n_new, error);
    if (n_read < 0)
      return false;
    gsize n_end = find_last_line_end (buffer + n, (gsize) n_read);
    n_lines = n_end > 0 ? n + n_end : n_lines;
    n += (gsize) n_read;
    n_new += (gsize) n_read;
  }
  *block = (LsBlock){
    .bytes = buffer,
    .n = n_read > 0 && n_lines > 0 ? n_lines : n,
    .is_last = n_read == 0,
    .damage = n_read == 0 ? ls_input_get_damage (input) : NULL,
    .fraction = input->size > 0 ? MIN (1.0, (double) input->n_read / (double) input->size) : -1,
  };
  cutter->has_given = true;
  g_byte_array_set_size (cutter->rest, 0);
  g_byte_array_append (cutter->rest, (const guint8 *) buffer + block->n,
                       (guint) MIN (n - block->n, LS_MAX_LINE_BYTES + 1));
  return true;
}
