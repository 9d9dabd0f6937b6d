/* SPDX-License-Identifier: MIT */
/* The spill's file and its bound. */
#include "spill.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define MAGIC 0x6c6c697073736c01ull
#define PLACE_BYTES 256u /* blocks begin at multiples of it */
#define SEGMENT_BYTES (1u << 20)
#define KEPT_SEGMENTS 16                /* unused, but left in the file */
#define ASK_SEGMENTS 4                  /* to be added between two looks at the disk */
#define MOST_EVENTS (SEGMENT_BYTES / 2) /* of a segment, until it is known */
#define RESERVE_BYTES (G_GUINT64_CONSTANT (1) << 30)
#define RESERVE_PART 20 /* of the disk: on a small one less is left alone */
#define BUFFER_BYTES (sizeof (LsSpillBlock) + LS_COMPACT_ROOM)

_Static_assert(BUFFER_BYTES <= SEGMENT_BYTES, "any block fits a segment");

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

static void
init (LsSpill *spill, int fd)
{
  *spill = (LsSpill){ .fd = fd,
                      .line_bytes = LS_SPILL_LINE_BYTES,
                      .n_live = g_array_new (FALSE, TRUE, sizeof (uint32_t)),
                      .unused = g_array_new (FALSE, FALSE, sizeof (uint32_t)),
                      .segment = G_MAXUINT,
                      .buffer = g_malloc (BUFFER_BYTES) };
}

void
ls_spill_init (LsSpill *spill, const char *path)
{
  init (spill, ls_spill_open_file (path));
}

void
ls_spill_clear (LsSpill *spill)
{
  if (spill->fd >= 0)
    close (spill->fd);
  spill->fd = -1;
  g_clear_pointer (&spill->unused, g_array_unref);
  g_clear_pointer (&spill->n_live, g_array_unref);
  g_clear_pointer (&spill->buffer, g_free);
}

/* -- The file's bytes -- */

static bool
write_all (int fd, const void *bytes, gsize n_bytes, guint64 offset)
{
  for (gsize done = 0; done < n_bytes;) {
    ssize_t n = pwrite (fd, (const char *) bytes + done, n_bytes - done, (off_t) (offset + done));
    if (n > 0)
      done += (gsize) n;
    else if (n == 0 || errno != EINTR)
      return false;
  }
  return true;
}

static bool
read_all (int fd, void *bytes, gsize n_bytes, guint64 offset)
{
  for (gsize done = 0; done < n_bytes;) {
    ssize_t n = pread (fd, (char *) bytes + done, n_bytes - done, (off_t) (offset + done));
    if (n > 0)
      done += (gsize) n;
    else if (n == 0 || errno != EINTR)
      return false;
  }
  return true;
}

static guint64
offset_of (uint32_t block)
{
  return (guint64) block * PLACE_BYTES;
}

/* Reads what stands before a block; false when there is none. */
static bool
read_block (const LsSpill *spill, guint64 offset, LsSpillBlock *block)
{
  return read_all (spill->fd, block, sizeof *block, offset) && block->magic == MAGIC &&
         block->place == offset && block->end >= 2 && block->end <= LS_CHUNK_SLOTS &&
         block->n_bytes <= LS_COMPACT_ROOM;
}

static guint
get_taken (const LsSpillBlock *block)
{
  gsize bytes = sizeof *block + block->n_bytes;
  return (guint) ((bytes + PLACE_BYTES - 1) / PLACE_BYTES * PLACE_BYTES);
}

/* -- Room -- */

/* Segments that the disk has room for, beside the lines of what is in the spill. */
static guint
ask_disk (const LsSpill *spill)
{
  struct statvfs disk;
  if (fstatvfs (spill->fd, &disk) != 0)
    return ASK_SEGMENTS;
  guint64 room = (guint64) disk.f_bavail * disk.f_frsize;
  guint64 reserve = MIN (RESERVE_BYTES, (guint64) disk.f_blocks * disk.f_frsize / RESERVE_PART);
  guint64 owed = spill->line_bytes * spill->n_events + reserve;
  guint n_filled = spill->n_segments - spill->unused->len;
  guint64 n_events = n_filled == 0 ? MOST_EVENTS : spill->n_events / n_filled;
  guint64 cost = SEGMENT_BYTES + spill->line_bytes * n_events;
  return room <= owed ? 0 : (guint) MIN (ASK_SEGMENTS, (room - owed) / cost);
}

static bool
add_segment (LsSpill *spill)
{
  if (spill->n_room == 0)
    spill->n_room = ask_disk (spill);
  if (spill->n_room == 0 ||
      ((guint64) spill->n_segments + 1) * SEGMENT_BYTES > offset_of (LS_MAX_BLOCK))
    return false;
  spill->n_room--;
  spill->segment = spill->n_segments++;
  g_array_set_size (spill->n_live, spill->n_segments);
  return true;
}

/* All its blocks are used up, and none will be added: it may be used again. */
static void
give_segment_back (LsSpill *spill, uint32_t segment)
{
  if (spill->unused->len >= KEPT_SEGMENTS)
    fallocate (spill->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
               (off_t) segment * SEGMENT_BYTES, SEGMENT_BYTES);
  g_array_append_val (spill->unused, segment);
}

/* Sees to it that the next block fits in the current segment. */
static bool
find_place (LsSpill *spill, guint n_bytes)
{
  uint32_t before = spill->segment;
  if (before != G_MAXUINT && spill->position + n_bytes <= SEGMENT_BYTES)
    return true;
  if (spill->unused->len > 0) {
    spill->segment = g_array_index (spill->unused, uint32_t, spill->unused->len - 1);
    g_array_set_size (spill->unused, spill->unused->len - 1);
  } else if (!add_segment (spill)) {
    return false;
  }
  spill->position = 0;
  if (before != G_MAXUINT && g_array_index (spill->n_live, uint32_t, before) == 0)
    give_segment_back (spill, before);
  return true;
}

/* -- Blocks -- */

bool
ls_spill_pack (LsSpill *spill, const LsChunk *chunk, uint32_t position)
{
  return ls_compact (chunk, position, spill->buffer + sizeof (LsSpillBlock), &spill->packed);
}

uint32_t
ls_spill_put (LsSpill *spill, const LsChunk *chunk)
{
  LsSpillBlock *block = (LsSpillBlock *) (void *) spill->buffer;
  uint32_t slot_bytes = (uint32_t) ((spill->packed.end - 2) * sizeof (LsSlot));
  *block = (LsSpillBlock){ .magic = MAGIC,
                           .sequence = spill->n_put,
                           .n_bytes = MIN (spill->packed.n_bytes, slot_bytes),
                           .end = spill->packed.end,
                           .n_events = spill->packed.n_events,
                           .is_packed = spill->packed.n_bytes < slot_bytes };
  memcpy (&block->chunk, &chunk->header, sizeof chunk->header);
  if (!block->is_packed)
    memcpy (block + 1, &chunk->slot[2], slot_bytes);
  guint taken = get_taken (block);
  spill->is_full = true;
  if (spill->fd < 0 || (spill->max_blocks > 0 && spill->n_used >= spill->max_blocks) ||
      !find_place (spill, taken))
    return LS_NO_BLOCK;
  block->place = (guint64) spill->segment * SEGMENT_BYTES + spill->position;
  if (!write_all (spill->fd, block, sizeof *block + block->n_bytes, block->place)) {
    /* A full disk. What was written of it must not be taken for a block. */
    static const uint64_t nothing;
    write_all (spill->fd, &nothing, sizeof nothing, block->place);
    return LS_NO_BLOCK;
  }
  spill->position += taken;
  g_array_index (spill->n_live, uint32_t, spill->segment)++;
  spill->n_used++;
  spill->n_put++;
  spill->n_events += block->n_events;
  spill->is_full = false;
  return (uint32_t) (block->place / PLACE_BYTES);
}

LsSlot *
ls_spill_read (LsSpill *spill, uint32_t number)
{
  LsSpillBlock block;
  guint64 offset = offset_of (number);
  if (!read_block (spill, offset, &block) ||
      !read_all (spill->fd, spill->buffer, block.n_bytes, offset + sizeof block))
    return NULL;
  gsize slot_bytes = (block.end - 2) * sizeof (LsSlot);
  LsSlot *slots = g_new0 (LsSlot, block.end + LS_SLOT_MAX);
  slots[block.end].mark = LS_SLOT_MARK (LS_SLOT_PAD, 1);
  bool is_whole = block.is_packed ? ls_expand (spill->buffer, block.n_bytes, slots, block.end)
                                  : block.n_bytes == slot_bytes;
  if (!block.is_packed && is_whole)
    memcpy (slots + 2, spill->buffer, slot_bytes);
  if (!is_whole)
    g_clear_pointer (&slots, g_free);
  return slots;
}

guint
ls_spill_count_events (const LsSpill *spill, uint32_t number)
{
  LsSpillBlock block;
  return read_block (spill, offset_of (number), &block) ? block.n_events : 0;
}

bool
ls_spill_get_header (const LsSpill *spill, uint32_t number, LsChunkHeader *header)
{
  LsSpillBlock block;
  if (!read_block (spill, offset_of (number), &block))
    return false;
  memcpy (header, &block.chunk, sizeof *header);
  return true;
}

void
ls_spill_set_header (const LsSpill *spill, uint32_t number, const LsChunkHeader *header)
{
  guint64 offset = offset_of (number) + G_STRUCT_OFFSET (LsSpillBlock, chunk);
  if (!write_all (spill->fd, header, sizeof *header, offset))
    g_debug ("spill: %s", g_strerror (errno));
}

void
ls_spill_drop (LsSpill *spill, uint32_t number)
{
  static const LsChunkHeader nothing;
  LsSpillBlock block;
  if (read_block (spill, offset_of (number), &block))
    spill->n_events -= MIN (spill->n_events, block.n_events);
  ls_spill_set_header (spill, number, &nothing);
  spill->n_used--;
  uint32_t segment = (uint32_t) (offset_of (number) / SEGMENT_BYTES);
  uint32_t *n_live = &g_array_index (spill->n_live, uint32_t, segment);
  (*n_live)--;
  if (*n_live > 0)
    return;
  if (segment == spill->segment)
    spill->position = 0;
  else
    give_segment_back (spill, segment);
}

/* -- Taking over -- */

static bool
is_live (const LsSpillBlock *block)
{
  uint32_t state = atomic_load (&block->chunk.state);
  return (state == LS_CHUNK_RETIRED || state == LS_CHUNK_KEPT) && block->chunk.thread != 0 &&
         block->chunk.image < LS_MAX_IMAGES;
}

/* The blocks of a segment, of which those of its latest use come first. */
static void
find_blocks (LsSpill *spill, uint32_t segment, GArray *blocks)
{
  uint64_t next_sequence = 0;
  for (guint at = 0; at + sizeof (LsSpillBlock) <= SEGMENT_BYTES;) {
    LsSpillBlock block;
    guint64 offset = (guint64) segment * SEGMENT_BYTES + at;
    if (!read_block (spill, offset, &block) || block.sequence < next_sequence)
      return;
    next_sequence = block.sequence + 1;
    spill->n_put = MAX (spill->n_put, next_sequence);
    at += get_taken (&block);
    if (!is_live (&block))
      continue;
    uint32_t number = (uint32_t) (offset / PLACE_BYTES);
    g_array_append_val (blocks, number);
    g_array_index (spill->n_live, uint32_t, segment)++;
    spill->n_used++;
    spill->n_events += block.n_events;
  }
}

void
ls_spill_reopen (LsSpill *spill, int fd, GArray *blocks)
{
  init (spill, fd);
  struct stat info;
  if (fd < 0 || fstat (fd, &info) != 0)
    return;
  spill->n_segments = (guint) (((guint64) info.st_size + SEGMENT_BYTES - 1) / SEGMENT_BYTES);
  g_array_set_size (spill->n_live, spill->n_segments);
  for (uint32_t segment = 0; segment < spill->n_segments; segment++) {
    find_blocks (spill, segment, blocks);
    if (g_array_index (spill->n_live, uint32_t, segment) == 0)
      give_segment_back (spill, segment);
  }
}

guint64
ls_spill_get_bytes (const LsSpill *spill)
{
  return (guint64) spill->n_used * LS_CHUNK_BYTES;
}

guint64
ls_spill_get_n_events (const LsSpill *spill)
{
  return spill->n_events;
}
