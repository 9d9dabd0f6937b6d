/* SPDX-License-Identifier: MIT */
/* One thread's records: its chunks in order and the place reached in them. Part of drain. */
#pragma once

#include "drain.h"

G_BEGIN_DECLS

#define LS_STREAM_HOLD_MS 20 /* others wait so long for an unsettled slot before they overtake it */
#define LS_STREAM_PASS_MS 100 /* then a slot that its thread has left behind is passed over */

/* A chunk that cannot be taken back yet, or a place in one that was passed over. */
typedef struct {
  uint32_t chunk;
  uint32_t passed; /* slot that was passed over; 0: none, the chunk awaits its retirement only */
} LsLinger;

typedef struct {
  uint32_t image, thread, os_tid;
  uint32_t next_ordinal; /* of the chunk to come after the current one */
  uint32_t current;      /* chunk index, LS_NO_CHUNK: none */
  uint32_t position;     /* next slot of the current chunk */
  bool passed;           /* something of the current chunk was passed over */
  bool is_over;          /* the thread is no more */
  bool is_listed;        /* among its image's active streams */
  gint64 blocked_ms;     /* since when the slot at the position is seen unsettled; 0: it is not */
  uint64_t last_ticks;
  GArray *waiting;   /* chunk indices of later ordinals, unordered; NULL: none */
  GArray *lingering; /* LsLinger; NULL: none */
} LsStream;

#define LS_NO_CHUNK G_MAXUINT32

typedef enum {
  LS_STREAM_EMPTY,   /* all that is there was read */
  LS_STREAM_BLOCKED, /* the next slot is reserved but not settled */
  LS_STREAM_READY,   /* *record holds the next record */
} LsStreamState;

LsStream *ls_stream_new (const LsChunkHeader *header);
void ls_stream_free (gpointer stream);

void ls_stream_add_chunk (LsStream *stream, uint32_t chunk);

/* Looks at the next record without taking it. Chunks that are used up go back. */
LsStreamState
ls_stream_peek (LsStream *stream, LsShared *shared, gint64 now_ms, gboolean over, LsRecord *record);

/* Takes the record that peek gave. */
void ls_stream_take (LsStream *stream, const LsRecord *record);

/* Gives back lingering chunks that are retired by now, all of them when `over`; counts records
 * that were settled after having been passed over in *n_lost. */
void ls_stream_tidy (LsStream *stream, LsShared *shared, gboolean over, guint64 *n_lost);

G_END_DECLS
