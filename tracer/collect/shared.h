/* SPDX-License-Identifier: MIT */
/**
 * The shared region from its collector's side: making it, keeping free chunks ahead of the
 * program's threads, taking emptied ones back.
 *
 * Memory is allocated (fallocate) before a program can touch it, so that a full machine shows here
 * as an error and never there as SIGBUS.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "region.h"
#include "spill.h"

G_BEGIN_DECLS

#define LS_COLLECT_ERROR (ls_collect_error_quark ())
GQuark ls_collect_error_quark (void);

typedef enum {
  LS_COLLECT_ERROR_REGION, /* the shared memory cannot be made */
  LS_COLLECT_ERROR_OUTPUT, /* the trace cannot be written */
} LsCollectError;

/* Where a chunk's content is: its index in the region, or this bit and its block in the spill. */
typedef uint32_t LsChunkRef;
#define LS_IN_SPILL (1u << 31)
#define LS_NO_CHUNK G_MAXUINT32

typedef struct {
  LsRegion *region;
  int fd;           /* of the memfd */
  guint n_ready;    /* chunks that were ever given: those to scan */
  bool *attached;   /* of each chunk: its owner was found and it has not come back since */
  guint n_free;     /* at most so many of them are on the free list */
  guint reserve;    /* so many are kept free */
  guint text_ready; /* bytes of the arena that are allocated */
  guint n_common;   /* chunks to be had beside the threads' own */
  LsSpill *spill;   /* borrowed; NULL: there is none */
  GArray *left;     /* LsChunkRef: read to their ends, but their lines may not be written yet */
} LsShared;

/* n_chunks 0: as many as the layout allows. NULL with `error` set when there is no memory. */
LsShared *ls_shared_new (LsClock clock, guint n_chunks, GError **error);

/* The region of a collector that died, at this descriptor, which is closed with it. */
LsShared *ls_shared_open (int fd, GError **error);
void ls_shared_free (LsShared *shared);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LsShared, ls_shared_free)

/* The calling thread, which must live as long as the process, holds the region's robust futex
 * from now on: its death tells every program. */
void ls_shared_hold (LsShared *shared);

/* Gives fresh chunks and arena bytes until a reserve is free, as far as `n_threads` living threads
 * entitle to; `n_free` is brought up to date by the scan before. */
void ls_shared_top_up (LsShared *shared, guint n_threads);

/* Zeroes a settled, retired chunk and gives it back: to its thread if that keeps it, else on the
 * free list. */
void ls_shared_recycle (LsShared *shared, guint index);

/* The same, by who knows where its records end: slot `end` is its LS_SLOT_PAD, if it has one. */
void ls_shared_recycle_to (LsShared *shared, guint index, uint32_t end);

/* The image has ended: the chunks that its threads kept go on the free list. */
void ls_shared_reclaim (LsShared *shared, guint image);

/* The content is read to its end: it goes back with the next release. */
void ls_shared_leave (LsShared *shared, LsChunkRef ref);

/* What was left is written to where it survives: recycles it. */
void ls_shared_release (LsShared *shared);

/* The same for these, LsChunkRef, which were taken out of what was left. */
void ls_shared_give_back (LsShared *shared, const GArray *refs);

/* So many chunks more than the threads' own are written, or there are but few to be had: they have to
 * be saved. The scan before brings the answer up to date. */
#define LS_SHARED_BEHIND 128
bool ls_shared_is_short (const LsShared *shared, guint n_threads);

/* Wakes the threads that wait for a free chunk. */
void ls_shared_wake (LsShared *shared);

G_END_DECLS
