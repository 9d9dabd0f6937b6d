/* SPDX-License-Identifier: MIT */
/* The spill's file and its bound. */
#include "spill.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define KEPT_BLOCKS 256 /* unused, but left in the file: 16 MiB */
#define ASK_BLOCKS 256  /* to be added between two looks at the disk */
#define LINES_RATIO 3   /* a chunk's lines are two to three times its size */
#define RESERVE_BYTES (G_GUINT64_CONSTANT (1) << 30)
#define RESERVE_PART 20 /* of the disk: on a small one less is left alone */

static int
open_in (const char *folder)
{
  int fd = open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0)
    return fd;
  g_autofree char *name = g_build_filename (folder, ".lockstitch-spill-XXXXXX", NULL);
  fd = g_mkstemp_full (name, O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0)
    unlink (name);
  return fd;
}

int
ls_spill_open_file (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  bool is_device = g_str_has_prefix (path, "/dev/") || g_str_has_prefix (path, "/proc/");
  int fd = is_device ? -1 : open_in (folder);
  return fd < 0 ? open_in (g_get_tmp_dir ()) : fd;
}

void
ls_spill_init (LsSpill *spill, const char *path)
{
  *spill = (LsSpill){ .fd = ls_spill_open_file (path),
                      .unused = g_array_new (FALSE, FALSE, sizeof (uint32_t)) };
}

void
ls_spill_reopen (LsSpill *spill, int fd)
{
  *spill = (LsSpill){ .fd = fd, .unused = g_array_new (FALSE, FALSE, sizeof (uint32_t)) };
  struct stat info;
  if (fd >= 0 && fstat (fd, &info) == 0)
    spill->n_blocks = spill->n_used =
      (guint) ((guint64) info.st_size / LS_CHUNK_BYTES); /* the last may be half a block */
}

void
ls_spill_clear (LsSpill *spill)
{
  if (spill->fd >= 0)
    close (spill->fd);
  spill->fd = -1;
  g_clear_pointer (&spill->unused, g_array_unref);
}

static off_t
offset_of (uint32_t block)
{
  return (off_t) block * (off_t) LS_CHUNK_BYTES;
}

/* Blocks that the disk has room for, beside the lines of what is in the spill. */
static guint
ask_disk (const LsSpill *spill)
{
  struct statvfs disk;
  if (fstatvfs (spill->fd, &disk) != 0)
    return ASK_BLOCKS;
  guint64 room = (guint64) disk.f_bavail * disk.f_frsize;
  guint64 reserve = MIN (RESERVE_BYTES, (guint64) disk.f_blocks * disk.f_frsize / RESERVE_PART);
  guint64 owed = LINES_RATIO * ls_spill_get_bytes (spill) + reserve;
  if (room <= owed)
    return 0;
  return (guint) MIN (ASK_BLOCKS, (room - owed) / ((LINES_RATIO + 1) * LS_CHUNK_BYTES));
}

static uint32_t
find_block (LsSpill *spill)
{
  if (spill->unused->len > 0) {
    uint32_t block = g_array_index (spill->unused, uint32_t, spill->unused->len - 1);
    g_array_set_size (spill->unused, spill->unused->len - 1);
    return block;
  }
  if (spill->max_blocks > 0 && spill->n_blocks >= spill->max_blocks)
    return LS_NO_BLOCK;
  if (spill->n_room == 0)
    spill->n_room = ask_disk (spill);
  if (spill->n_room == 0)
    return LS_NO_BLOCK;
  spill->n_room--;
  return spill->n_blocks++;
}

static bool
write_all (int fd, const void *bytes, gsize n_bytes, off_t offset)
{
  for (gsize done = 0; done < n_bytes;) {
    ssize_t n = pwrite (fd, (const char *) bytes + done, n_bytes - done, offset + (off_t) done);
    if (n > 0)
      done += (gsize) n;
    else if (n == 0 || errno != EINTR)
      return false;
  }
  return true;
}

uint32_t
ls_spill_put (LsSpill *spill, const LsChunk *chunk)
{
  spill->is_full = true;
  if (spill->fd < 0)
    return LS_NO_BLOCK;
  uint32_t block = find_block (spill);
  if (block == LS_NO_BLOCK)
    return LS_NO_BLOCK;
  if (!write_all (spill->fd, chunk, LS_CHUNK_BYTES, offset_of (block))) {
    /* A full disk. What was written of it must not be taken for a chunk. */
    fallocate (spill->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset_of (block),
               LS_CHUNK_BYTES);
    g_array_append_val (spill->unused, block);
    return LS_NO_BLOCK;
  }
  spill->n_used++;
  spill->n_put++;
  spill->is_full = false;
  return block;
}

bool
ls_spill_read (const LsSpill *spill, uint32_t block, guint from, guint n, LsSlot *slots)
{
  gsize n_bytes = n * sizeof (LsSlot), done = 0;
  off_t offset = offset_of (block) + (off_t) (from * sizeof (LsSlot));
  while (done < n_bytes) {
    ssize_t got = pread (spill->fd, (char *) slots + done, n_bytes - done, offset + (off_t) done);
    if (got > 0)
      done += (gsize) got;
    else if (got == 0 || errno != EINTR)
      return false;
  }
  return true;
}

bool
ls_spill_get_header (const LsSpill *spill, uint32_t block, LsChunkHeader *header)
{
  LsSlot slots[2];
  if (!ls_spill_read (spill, block, 0, 2, slots))
    return false;
  memcpy (header, slots, sizeof *header);
  return true;
}

void
ls_spill_set_header (const LsSpill *spill, uint32_t block, const LsChunkHeader *header)
{
  if (!write_all (spill->fd, header, sizeof *header, offset_of (block)))
    g_debug ("spill: %s", g_strerror (errno));
}

void
ls_spill_drop (LsSpill *spill, uint32_t block)
{
  static const LsChunkHeader nothing;
  if (spill->unused->len < KEPT_BLOCKS ||
      fallocate (spill->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset_of (block),
                 LS_CHUNK_BYTES) != 0)
    ls_spill_set_header (spill, block, &nothing);
  g_array_append_val (spill->unused, block);
  spill->n_used--;
}

guint64
ls_spill_get_bytes (const LsSpill *spill)
{
  return (guint64) spill->n_used * LS_CHUNK_BYTES;
}

guint64
ls_spill_guess_n_events (const LsSpill *spill)
{
  return spill->n_put == 0 ? 0 : spill->n_events / spill->n_put * spill->n_used;
}
