/* SPDX-License-Identifier: MIT */
/* One thread's records: its chunks in order and the place reached in them. Part of drain. */
#pragma once

#include "drain.h"
#include "kept.h"

G_BEGIN_DECLS

#define LS_STREAM_HOLD_MS 20 /* others wait so long for an unsettled slot before they overtake it */
#define LS_STREAM_PASS_MS 100 /* then a slot that its thread has left behind is passed over */

/* A chunk that is to be read, with its place in the thread's program order. */
typedef struct {
  uint32_t ordinal;
  LsChunkRef ref;
  bool has_kept; /* in the spill: some of its records outlive it; see kept.h */
} LsWaiting;

/* A chunk that cannot be taken back yet, or a place in one that was passed over. */
typedef struct {
  uint32_t chunk;
  uint32_t passed; /* slot that was passed over; 0: none, the chunk awaits its retirement only */
} LsLinger;

typedef struct {
  uint32_t image, thread, os_tid;
  uint32_t next_ordinal; /* of the chunk to come after the current one */
  LsChunkRef current;    /* LS_NO_CHUNK: none */
  uint32_t position;     /* next slot of the current chunk */
  bool passed;           /* something of the current chunk was passed over */
  bool is_over;          /* the thread is no more */
  bool is_listed;        /* among its image's active streams */
  gint64 blocked_ms;     /* since when the slot at the position is seen unsettled; 0: it is not */
  uint64_t last_ticks;
  uint64_t n_events;  /* in what was taken so far */
  uint64_t n_written; /* in the trace by the time when this collector took over */
  uint64_t n_skipped; /* still to be passed over, since they are there */
  bool is_resumed;    /* nothing was taken yet of what another collector left */
  GArray *waiting;    /* LsWaiting of later ordinals, the lowest first; NULL: none */
  guint n_begun;      /* of them, at the front, that are not waiting any more */
  GArray *lingering;  /* LsLinger, of chunks in memory; NULL: none */
  LsSlot *slots;      /* of the current chunk, when it is in the spill; NULL: not read yet */
} LsStream;

typedef enum {
  LS_STREAM_EMPTY,   /* all that is there was read */
  LS_STREAM_BLOCKED, /* the next slot is reserved but not settled */
  LS_STREAM_READY,   /* *record holds the next record */
} LsStreamState;

/* `n_written`: see LsStream; 0 when there was no collector before. */
LsStream *ls_stream_new (const LsChunkHeader *header, bool is_resumed, uint64_t n_written);
void ls_stream_free (gpointer stream);

/* False when it has a chunk of this ordinal already. */
bool ls_stream_add_chunk (LsStream *stream, uint32_t ordinal, LsChunkRef ref);

/* Chunks that are neither read nor begun. */
guint ls_stream_get_n_waiting (const LsStream *stream);

/* Moves up to `max` chunks that are retired, and settled in every slot, from memory to the spill.
 * Returns how many; the spill's is_full is set when it takes no more. */
guint ls_stream_spill (LsStream *stream, LsShared *shared, guint max);

/* Appends an LsRetired for each chunk in memory that is retired and not begun. */
typedef struct {
  LsStream *stream;
  uint64_t end_ticks; /* about when it was retired */
} LsRetired;
void ls_stream_list_retired (LsStream *stream, const LsShared *shared, GArray *retired);

/* Discards the first chunk that waits, if it is settled; what is to be kept of it goes to *kept,
 * which is made when it is NULL, and to the journal (NULL: there is none). */
bool ls_stream_discard (LsStream *stream, LsShared *shared, LsKept **kept, LsJournal *journal);

/* Looks at the next record without taking it. Chunks that are used up go back. */
LsStreamState
ls_stream_peek (LsStream *stream, LsShared *shared, gint64 now_ms, gboolean over, LsRecord *record);

/* Takes the record that peek gave. False: it is in the trace already. */
bool ls_stream_take (LsStream *stream, const LsRecord *record);

/* Gives up whatever is not taken, of a thread that is over. Returns: events among it. */
uint64_t ls_stream_abandon (LsStream *stream, LsShared *shared);

/* Gives back lingering chunks that are retired by now, all of them when `over`; counts records
 * that were settled after having been passed over in *n_lost. */
void ls_stream_tidy (LsStream *stream, LsShared *shared, gboolean over, guint64 *n_lost);

/* -- For stream's own files -- */

static inline bool
ls_ref_is_spilled (LsChunkRef ref)
{
  return (ref & LS_IN_SPILL) != 0;
}

static inline bool
ls_chunk_is_retired (const LsChunk *chunk)
{
  uint32_t state = atomic_load_explicit (&chunk->header.state, memory_order_acquire);
  return state == LS_CHUNK_RETIRED || state == LS_CHUNK_KEPT;
}

/* The current chunk's slot at the position, with those of its record behind it. */
const LsSlot *ls_stream_get_slot (LsStream *stream, LsShared *shared);

/* Fills in *record if the slot, which is at the position, begins one that makes sense; else its length
 * is all that is used. */
bool ls_stream_read_record (LsStream *stream, const LsSlot *slot, uint16_t mark, LsRecord *record);

/* The current chunk's slots, where they were read from the spill, are not needed any more. */
static inline void
ls_stream_forget_slots (LsStream *stream)
{
  g_clear_pointer (&stream->slots, g_free);
}

/* The first chunk that waits is begun, or gone. */
void ls_stream_remove_first (LsStream *stream);

G_END_DECLS
