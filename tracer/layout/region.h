/* SPDX-License-Identifier: MIT */
/**
 * The memory that a recording's programs and their collector share.
 *
 *   LsRegion | images | text arena | chunk 0 | chunk 1 | ...          one sparse memfd
 *
 * The collector makes the memfd, fills in the header, fallocates the first chunks and puts them
 * on the free list. A traced program finds it through the environment (LS_REGION_ENV names a file
 * that it opens, maps whole and closes again), claims an image, and for each thread takes chunks
 * off the free list. It writes slots into a chunk until it is full, marks it LS_CHUNK_RETIRED and
 * takes another. A thread has two chunks of its own, which it may make itself: the one it writes to, and the one before it if
 * no other is KEPT; that one it takes again as soon as the collector has EMPTIED it, so a thread
 * that writes little never waits, whatever the others take from the list, and one that writes much
 * waits for the collector alone. A thread that ends makes its kept chunk RETIRED or puts its emptied
 * one on the list; of an image that ended without, the collector does. The collector reads behind the writer in every chunk in use, and puts a retired
 * chunk whose every slot is settled back on the free list, zeroed.
 *
 * The collector is started as `lockstitch-collector --output FILE [--daemon] --ready-fd N` and
 * writes one line to descriptor N: the value for LS_REGION_ENV, or "error: MESSAGE". Without
 * --daemon more lines follow once the main process has ended and its trace is written, the last of them
 * "done EVENTS LOST THREADS NS FILES FILE", FILE empty when there is none. Before it come: a line
 * "file<TAB>PID<TAB>EVENTS<TAB>THREADS<TAB>ended|runs<TAB>PROGRAM<TAB>FILE" for each file,
 * "unseen<TAB>TIMES<TAB>PID<TAB>PROGRAM<TAB>WHY" for each program that ran without the library, "error:
 * MESSAGE" when the trace could not be written to its end, "blind MODULES" when some modules' locks
 * could not be seen, "deep MODULES" and "apart MODULES" when that is by RTLD_DEEPBIND or dlmopen.
 *
 * A collector that dies by whatever signal leaves the region, its spill and its journal to another
 * one, started with --take-over: the program records no more, and what was recorded is written.
 *
 * All integers are native: both sides run on one machine. Everything both sides write is atomic.
 */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

#include "slot.h"

#define LS_REGION_MAGIC 0x6c6f636b73746974ull /* "lockstit" */
#define LS_REGION_VERSION 1
#define LS_REGION_ENV "LOCKSTITCH_REGION" /* /proc/PID/fd/N of the collector */

#define LS_CHUNK_SLOTS 2048 /* 64 KiB, of which two slots are the header */
#define LS_CHUNK_BYTES (LS_CHUNK_SLOTS * sizeof (LsSlot))
#define LS_MAX_IMAGES 4096
#define LS_MAX_CHUNKS 32768 /* 2 GiB of address space; memory only when touched */
#define LS_TEXT_BYTES (16u << 20)

typedef enum {
  LS_CHUNK_FREE,
  LS_CHUNK_OWNED,    /* its thread may reserve more slots */
  LS_CHUNK_RETIRED,  /* full, or its thread has ended: no further slot will be reserved */
  LS_CHUNK_KEPT,     /* retired, and its thread's own: it is to come back to it, not to the list */
  LS_CHUNK_EMPTYING, /* the collector is at it */
  LS_CHUNK_EMPTIED, /* so it did: settled, zeroed, with its header as it was; its thread takes it */
} LsChunkState;

/* Where the writer is, the slots' marks say; a retired chunk's walk reaches LS_CHUNK_SLOTS or an
 * LS_SLOT_PAD. */
typedef struct {
  _Atomic uint32_t state; /* LsChunkState */
  uint32_t image;         /* index of the LsImage whose thread writes here */
  uint32_t thread;        /* logical id, 1 = main */
  uint32_t ordinal;       /* 0, 1, 2 ... among this thread's chunks: program order */
  uint32_t os_tid;
  _Atomic uint32_t next_free; /* free list link: chunk index + 1, 0 = end */
  /* 1 + the events of this thread in the chunks before this one; 0: nothing of the chunk was taken yet.
   * Set by the collector alone: one that takes over from it, and counts the thread's events in the
   * trace, knows by it how many of the chunk's are there. */
  _Atomic uint64_t events_before;
  uint32_t unused[8];
} LsChunkHeader;

_Static_assert(sizeof (LsChunkHeader) == 2 * sizeof (LsSlot), "a chunk header fills two slots");

typedef union {
  LsChunkHeader header;
  LsSlot slot[LS_CHUNK_SLOTS]; /* from index 2 */
} LsChunk;

/* One image: what runs in one process between two execs. */
typedef enum {
  LS_IMAGE_UNUSED,
  LS_IMAGE_CLAIMED, /* being filled in */
  LS_IMAGE_LIVE,
} LsImageState;

/* Where an image's trace is, beside NAME.trace.jsonl. */
typedef enum {
  LS_IMAGE_FILE_NONE, /* nothing was written */
  LS_IMAGE_FILE_OWN,  /* NAME.PID[-K].trace.jsonl */
  LS_IMAGE_FILE_MAIN, /* NAME.trace.jsonl */
} LsImageFile;

typedef struct {
  _Atomic uint32_t state;
  uint32_t pid;          /* as the collector sees it */
  uint32_t parent_image; /* index + 1 of the image this one was forked from, 0 = none */
  uint32_t partial;      /* began mid-way: forked child, or started by API call */
  uint64_t start_ticks;
  uint64_t end_ticks;           /* when its end was seen, by whoever saw it; 0 = not yet */
  _Atomic uint32_t next_thread; /* next logical thread id to give out; starts at 2 */
  _Atomic uint32_t n_modules;   /* entries of modules that are filled in */
  _Atomic uint64_t dropped;     /* events that no chunk could take, beside `lost` records */
  _Atomic uint32_t api_stopped; /* the program asked to stop */
  uint32_t program_text;        /* arena offset of the argv, NUL-separated, two NULs at the end */
  uint32_t exe_text;            /* arena offset of the executable's path */
  uint32_t modules_text;        /* arena offset of the newest module list, see LsModulesNote */
  _Atomic uint32_t written;     /* futex: 1 once the collector has written its footer and closed
                                      its file; a stopping program bumps free_wanted and waits */
  uint32_t file;                /* LsImageFile; of the collector's, for one that takes over */
  int64_t start_ns;             /* CLOCK_MONOTONIC, what its trace calls 0; the same */
  _Atomic uint32_t modules;     /* arena offset of the newest LsModulesNote; 0: there is none */
  _Atomic uint32_t exit_code;   /* 1 + what the program said as it exited; 0: it has not */
  uint64_t exit_ticks; /* if not 0, a thread that recorded later shows that it did not exit */
  uint32_t unused[2];
} LsImage;

/* The modules that an image has had since a moment, in the text arena. The text: a line "START END BIAS
 * ID PATH" (hex, hex, hex, the build id in hex or "-") for each, before it "deep PATH" when it calls the
 * C library past liblockstitch; "apart PATH" for one in a namespace of its own (dlmopen). */
typedef struct {
  uint64_t ticks;
  uint32_t before; /* arena offset of the note before this one; 0: there is none */
  uint32_t text;   /* arena offset */
} LsModulesNote;

/* What was asked for, in LsRegion.options; filled in before any program can see it. */
enum {
  LS_OPTION_DROP = 1 << 0,        /* --when-full=drop: nobody waits for a chunk */
  LS_OPTION_NO_SLEEP = 1 << 1,    /* --no-sleep: no sleep and no yield, nor the wakes after them */
  LS_OPTION_NO_CHILDREN = 1 << 2, /* --children=ignore: only the main process and what it execs */
  LS_OPTION_NO_STACKS = 1 << 3, /* --stacks=0: no callers, not even where the place says nothing */
};

/* A program that a process is about to become, in the text arena; should no image of it follow, it was
 * one that the library cannot live in. */
typedef struct {
  uint64_t ticks;  /* it was not that program yet */
  uint32_t before; /* arena offset of the note before this one; 0: there is none */
  uint32_t pid;
  _Atomic uint32_t failed; /* it could not be run */
  char program[];          /* its file; NUL-terminated */
} LsExecNote;

typedef enum {
  LS_CLOCK_TSC = 1,       /* rdtsc */
  LS_CLOCK_MONOTONIC = 2, /* clock_gettime (CLOCK_MONOTONIC), nanoseconds */
} LsClock;

typedef enum {
  LS_PHASE_RECORDING,  /* the program runs */
  LS_PHASE_CONVERTING, /* it has ended; what was saved is being written as lines */
  LS_PHASE_DONE,       /* the main process's trace is written; the answer line has the last word */
} LsPhase;

/* How far the recording is, all its images together: the collector stores it some ten times a
 * second and at each change of phase, anybody may read it at any time. Each member is right by
 * itself; two of them need not be of one moment. */
typedef struct {
  _Atomic uint32_t phase;         /* LsPhase */
  _Atomic uint32_t n_threads;     /* seen so far */
  _Atomic uint64_t n_events;      /* taken from the program: written, or in the spill */
  _Atomic uint64_t n_lost;        /* dropped so far */
  _Atomic uint64_t trace_bytes;   /* written to the traces' files */
  _Atomic uint64_t spilled_bytes; /* in the spill now, not converted yet */
  /* While converting: done of total, in bytes of the spill; total 0: there was nothing in it. */
  _Atomic uint64_t converted_bytes;
  _Atomic uint64_t to_convert_bytes;
} LsProgress;

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): groups have cache lines of their own */
typedef struct {
  uint64_t magic;
  uint32_t version;
  uint32_t clock;         /* LsClock */
  uint64_t bytes;         /* of the whole mapping */
  uint64_t images_offset; /* bytes from the start */
  uint64_t text_offset;
  uint64_t chunks_offset;
  uint32_t n_chunks;          /* room for so many */
  uint32_t options;           /* LS_OPTION_ */
  uint32_t stack_depth;       /* --stacks: callers to record with each event, 0 .. LS_STACK_MAX */
  _Atomic uint32_t recording; /* 1 while events are wanted */
  _Atomic uint32_t text_used; /* bytes of the arena taken; offset 0 is the empty string */
  _Atomic uint32_t n_images;  /* claimed so far */
  _Atomic uint32_t execs;     /* arena offset of the newest LsExecNote; 0: there is none */

  /* Chunks: the free list is a stack, head = tag << 32 | (chunk index + 1). */
  _Alignas(64) _Atomic uint64_t free_head;
  /* Chunks that have memory, or are about to get it: those to scan. Whoever counts it up, the
   * collector or a thread that finds the list empty and makes one of its own two, gives the next one
   * its memory. */
  _Atomic uint32_t n_chunks_ready;
  /* So many are on the free list, all but. Whoever takes one and leaves fewer than free_low, and
   * finds free_asked 0, sets that and bumps free_wanted: more are given before somebody waits. */
  _Atomic int32_t n_free;
  _Atomic int32_t free_low;
  _Atomic uint32_t free_asked;
  /* The last so many on the list are for signal handlers that come while their thread waits for one. */
  int32_t free_kept;
  _Alignas(64) _Atomic uint32_t free_wanted; /* futex: whoever wants the collector to look now (a
                                                 thread short of chunks, a program that stops or
                                                 ends, `lockstitch record`) bumps it and wakes */
  _Atomic uint32_t free_given; /* futex: the collector bumps it after freeing chunks */

  /* The collector's life: a robust futex; the kernel sets FUTEX_OWNER_DIED when it is gone. */
  _Alignas(64) _Atomic uint32_t collector_futex;
  uint32_t collector_pid;

  /* From `lockstitch record` to the collector. A program that records itself leaves them 0: its
   * main process is then the first image's. */
  _Alignas(64) _Atomic uint32_t main_pid; /* the program's process id once started */
  _Atomic uint32_t main_done; /* 1 when main_status holds its wait status; bump free_wanted */
  uint32_t main_status;
  /* 1: the program is over and nobody wants to wait for the rest of its trace; bump free_wanted. What is
   * not written by then is counted as lost. */
  _Atomic uint32_t cut_short;

  _Alignas(64) LsProgress progress; /* from the collector to whoever watches */

  /* For a collector that takes over when this one has died: the descriptors that it has its spill and
   * its journal under (0: there are none), which `lockstitch record` opens too and so keeps, and
   * pairs of ticks and CLOCK_MONOTONIC nanoseconds: the first, and by turns the latest. */
  uint32_t spill_fd, journal_fd;
  uint64_t first_ticks;
  int64_t first_ns;
  uint64_t last_ticks[2];
  int64_t last_ns[2];
  _Atomic uint32_t last_pair; /* which one is whole */
} LsRegion;

static inline LsImage *
ls_region_image (LsRegion *region, uint32_t index)
{
  return (LsImage *) ((char *) region + region->images_offset) + index;
}

static inline char *
ls_region_text (LsRegion *region, uint32_t offset)
{
  return (char *) region + region->text_offset + offset;
}

static inline LsChunk *
ls_region_chunk (LsRegion *region, uint32_t index)
{
  return (LsChunk *) ((char *) region + region->chunks_offset) + index;
}
