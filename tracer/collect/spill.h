/* SPDX-License-Identifier: MIT */
/**
 * Where chunks wait that the collector has no time for: a file without a name beside the trace, in
 * blocks of a chunk each.
 *
 * A block holds a chunk as it was in the shared memory, header and all, so that whoever finds the
 * file knows what each is; a block that is used up has a header of zeros. The file grows while the
 * disk has room for it and for the lines that will be made of it, less a reserve: at that bound, and
 * when the disk is full, a chunk is not taken and stays where it is.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "region.h"

G_BEGIN_DECLS

#define LS_NO_BLOCK G_MAXUINT32

typedef struct {
  int fd;           /* -1: there is none */
  guint n_blocks;   /* that the file has had */
  guint max_blocks; /* 0: as many as the disk allows */
  guint n_used;
  guint n_room;     /* blocks that may be added before the disk is asked again */
  bool is_full;     /* the last chunk was not taken */
  GArray *unused;   /* uint32_t, blocks to be used again */
  guint64 n_put;    /* blocks ever written */
  guint64 n_events; /* in all of those */
} LsSpill;

/* A file without a name beside `path`, or where temporary files go; -1 when neither can be. */
int ls_spill_open_file (const char *path);

void ls_spill_init (LsSpill *spill, const char *path);

/* The file of a collector that died: all its blocks are used, until they are dropped. */
void ls_spill_reopen (LsSpill *spill, int fd);
void ls_spill_clear (LsSpill *spill);

/* Copies a chunk; returns its block, LS_NO_BLOCK when there is no room. */
uint32_t ls_spill_put (LsSpill *spill, const LsChunk *chunk);

/* Reads slots of a block; false when the file cannot be read. */
bool ls_spill_read (const LsSpill *spill, uint32_t block, guint from, guint n, LsSlot *slots);

/* The block's header, and setting it. */
bool ls_spill_get_header (const LsSpill *spill, uint32_t block, LsChunkHeader *header);
void ls_spill_set_header (const LsSpill *spill, uint32_t block, const LsChunkHeader *header);

/* The block's content is not needed any more. */
void ls_spill_drop (LsSpill *spill, uint32_t block);

guint64 ls_spill_get_bytes (const LsSpill *spill);

/* About how many events there are in it: exactly so many when all blocks have as many. */
guint64 ls_spill_guess_n_events (const LsSpill *spill);

G_END_DECLS
