/* SPDX-License-Identifier: MIT */
/**
 * Where chunks wait that the collector has no time for: a file without a name beside the trace, in
 * blocks of a packed chunk each.
 *
 * A block begins with what tells whoever finds the file what it is: its place, and the chunk's
 * header as it was in the shared memory; that header is zeros once the block is used up. Blocks are
 * put one after another into segments of the file; a segment whose blocks are all used up is used
 * again. The file grows while the disk has room for it and for the lines that will be made of it,
 * less a reserve: at that bound, and when the disk is full, a chunk is not taken and stays where it is.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "compact.h"

G_BEGIN_DECLS

#define LS_NO_BLOCK G_MAXUINT32
#define LS_SPILL_LINE_BYTES 70
#define LS_SPILL_PACKED_LINE_BYTES 12
#define LS_MAX_BLOCK ((1u << 31) - 1)

/* What stands in the file before a block's bytes. */
typedef struct {
  uint64_t magic;
  uint64_t place;    /* of the block itself, in bytes */
  uint64_t sequence; /* blocks that were put before it */
  uint32_t n_bytes;
  uint32_t end;       /* of its slots, as LsCompacted has it */
  uint32_t n_events;  /* in it */
  uint32_t is_packed; /* 0: its slots lie there as they are */
  LsChunkHeader chunk;
  uint64_t unused[3];
} LsSpillBlock;

_Static_assert(sizeof (LsSpillBlock) == 128, "half of a place");

typedef struct {
  int fd;             /* -1: there is none */
  guint max_blocks;   /* 0: as many as the disk allows */
  guint line_bytes;   /* on the disk, of what an event becomes; see above */
  bool is_full;       /* the last chunk was not taken */
  guint n_used;       /* blocks */
  guint64 n_events;   /* in them */
  guint64 n_put;      /* blocks ever */
  guint n_segments;   /* that the file has had */
  guint n_room;       /* segments that may be added before the disk is asked again */
  GArray *n_live;     /* uint32_t, of each segment: blocks that are used */
  GArray *unused;     /* uint32_t, segments to be used again */
  guint segment;      /* where the next block goes: G_MAXUINT before there is one */
  guint position;     /* bytes of it that are taken */
  guint8 *buffer;     /* of the block that is being written or read */
  LsCompacted packed; /* what is in it */
} LsSpill;

/* A file without a name beside `path`, or where temporary files go; -1 when neither can be. */
int ls_spill_open_file (const char *path);

void ls_spill_init (LsSpill *spill, const char *path);

/* The file of a collector that died; `blocks` gets each block that was not used up, as a uint32_t. They
 * are used until they are dropped. */
void ls_spill_reopen (LsSpill *spill, int fd, GArray *blocks);
void ls_spill_clear (LsSpill *spill);

/* Packs a chunk that is retired; false when a slot from `position` on is not settled. Then
 * ls_spill_put() writes it and returns its block, LS_NO_BLOCK when there is no room. */
bool ls_spill_pack (LsSpill *spill, const LsChunk *chunk, uint32_t position);
uint32_t ls_spill_put (LsSpill *spill, const LsChunk *chunk);

/* The block's slots, slots[2] being the first, and behind them LS_SLOT_MAX slots, an LS_SLOT_PAD and empty
 * ones; g_free() it. NULL when the file cannot be read. */
LsSlot *ls_spill_read (LsSpill *spill, uint32_t block);

/* How many events are in the block. */
guint ls_spill_count_events (const LsSpill *spill, uint32_t block);

/* The header of the block's chunk, and setting it. */
bool ls_spill_get_header (const LsSpill *spill, uint32_t block, LsChunkHeader *header);
void ls_spill_set_header (const LsSpill *spill, uint32_t block, const LsChunkHeader *header);

/* The block's content is not needed any more. */
void ls_spill_drop (LsSpill *spill, uint32_t block);

/* Of what is in it, as it was in memory. */
guint64 ls_spill_get_bytes (const LsSpill *spill);

guint64 ls_spill_get_n_events (const LsSpill *spill);

G_END_DECLS
