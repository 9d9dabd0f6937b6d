/* SPDX-License-Identifier: MIT */
/* What the recording path's slow parts share: this process in the region, and its threads. */
#pragma once

#include "recorder.h"

/* In memory that fork empties: a child finds it zero and knows that it is new. */
typedef struct {
  uint32_t pid;                  /* 0: this process has no image in the recording yet */
  uint32_t image;                /* index + 1 of its LsImage */
  bool is_inner;                 /* in a process namespace that is not the collector's */
  int32_t recording;             /* the ls_recording that the image belongs to */
  _Atomic uint32_t n_threads;    /* LsThreads ever handed out */
  _Atomic uint32_t n_made;       /* chunks that these have made */
  _Atomic uint64_t free_threads; /* stack of unused ones: tag << 32 | (index + 1) */
} LsProcess;

#define LS_MAX_THREADS 65536u /* alive at once */

extern LS_HIDDEN LsProcess *ls_process; /* NULL until something is recorded */
extern LS_HIDDEN LsThread *ls_threads;  /* LS_MAX_THREADS of them */
extern LS_HIDDEN LsRegion *ls_region;   /* NULL until something is recorded */
extern LS_HIDDEN bool ls_exiting;       /* the library's destructors run: wait for nothing */

/* -- process.c -- */

/* Joins the recording whose region the file `path` is: maps it, claims an image. 0 or an errno
 * value. `partial`: the program is under way. Not async-signal-safe. */
int ls_process_attach (const char *path, bool partial);
/* The image of this process, claimed now if it was forked from a recorded one. NULL: none free. */
LsImage *ls_process_image (void);
/* Room for n bytes in the region's arena; 0 (the empty string) when it is full. Async-signal-safe. */
uint32_t ls_process_take_text (size_t n);
/* Notes that process `pid` (as the collector knows it) is about to become `program`, a path, which it
 * did not before `ticks`. NULL: no room. Async-signal-safe, and in a child of vfork. */
LsExecNote *ls_process_note_exec (const char *program, uint32_t pid, uint64_t ticks);
/* True when the collector is gone. */
bool ls_region_is_dead (void);
/* No more events are wanted. */
void ls_process_stop (void);
/* The process exits with `code`; `perhaps`: or a child of vfork does, which has its parent's memory.
 * Makes no system call: the next one that a filter allows may be the exit. Async-signal-safe. */
void ls_process_note_exit (int code, bool perhaps);

/* -- modules.c: not async-signal-safe -- */

/* Writes the list of modules into the region, with exe_text for the program itself. */
void ls_modules_put (LsImage *image);
/* The same if modules came or went. */
void ls_modules_note (void);
/* The same at the end of the program, and if one turns out to bypass the library. */
void ls_modules_note_end (void);

/* -- map.c -- */

/* Maps the region whose file `path` is. 0 or an errno value. Not async-signal-safe. */
int ls_map_region (const char *path, LsRegion **region);

/* -- program.c -- */

/* Whether C++'s locks are called through functions that were not inlined. Not async-signal-safe. */
bool ls_program_calls_through (const char *exe);

/* -- thread.c -- */

/* Prepares thread ends to be seen; from ordinary code. */
void ls_thread_init (void);
/* The calling thread's LsThread, made if it has none for this recording. NULL: none free. With
 * signals blocked. */
LsThread *ls_thread_attach (void);
/* Its logical id in this recording, given now if it has none. */
uint32_t ls_thread_id (LsThread *thread);
/* Whether the calling thread is the process's first, as far as it has recorded anything. */
bool ls_thread_is_main (void);
/* True once the calling thread has written its last event. */
bool ls_thread_has_ended (void);

/* -- chunk.c -- */

/* Lets the calling thread join the recording now, not at its first event. */
void ls_chunk_begin_thread (void);
/* Gives the thread's chunks back to the collector. */
void ls_chunk_retire (LsThread *self);

static inline LsChunkHeader *
ls_chunk_header (const LsThread *self, uint32_t index)
{
  return (LsChunkHeader *) (void *) (self->chunks + (size_t) (index - 1) * LS_CHUNK_BYTES);
}

/* -- supply.c: a chunk is its index + 1, 0 none -- */

/* A chunk that is to be had without waiting. */
uint32_t ls_supply_take (LsThread *self);
/* One for a handler, of those that the others leave. */
uint32_t ls_supply_take_reserved (void);
/* The one that the thread keeps, if it is emptied. */
uint32_t ls_supply_take_kept (LsThread *self);
/* At the thread's end. */
void ls_supply_leave_kept (LsThread *self);
/* Lets the collector look now. */
void ls_supply_ask (void);

/* -- system.c: system calls that the program cannot interpose, that set no errno -- */

uint64_t ls_block_signals (void);
void ls_restore_signals (uint64_t mask);
/* Waits up to `ns` while *word is `value`. */
void ls_futex_wait (_Atomic uint32_t *word, uint32_t value, uint64_t ns);
void ls_futex_wake (_Atomic uint32_t *word);
uint64_t ls_now_ns (void); /* CLOCK_MONOTONIC */
/* Gives shared memory its pages, which the kernel refuses rather than kill. */
int ls_populate (void *memory, size_t bytes);
uint32_t ls_pid (void);
uint32_t ls_tid (void);
/* The same as the collector sees them: in a process namespace of its own a program has others. What
 * tells is /proc, through which both found each other. */
uint32_t ls_outer_pid (void);
uint32_t ls_outer_tid (void);
/* The current folder; empty when it is not to be had in `room` bytes, of which one stays unused. */
void ls_get_folder (char *path, size_t room);
/* The path of what is open as `fd`, like that. */
void ls_get_open_path (int fd, char *path, size_t room);
/* A file that may be run. */
bool ls_is_program (const char *path);
/* Negative errno value, as the kernel gives it. */
long ls_open_file (const char *path, int flags);
long ls_reopen_file (int fd); /* what is open as `fd`, to be read */
long ls_read_file (int fd, void *bytes, size_t n);
long ls_read_file_at (int fd, void *bytes, size_t n, uint64_t offset);
void ls_close_file (int fd);
