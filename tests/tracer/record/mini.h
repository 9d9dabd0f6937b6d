/* SPDX-License-Identifier: MIT */
/* A collector for tests: a region in this process, in which a program is recorded, and what the
 * program wrote as text. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "region.h"

typedef struct {
  LsRegion *region;
  int fd;
  char path[64]; /* of fd, for other processes */
  /* Records taken out of chunks, in the order of their taking: of each thread in program order. */
  struct MiniRecord *records;
  size_t n_records, room;
  uint64_t n_unsettled; /* slots that were passed over when their process had ended */
  bool discards;        /* records are not kept */
  bool returns_own;     /* only chunks that threads keep are emptied */
  pid_t pid;            /* of the last program */
} Mini;

typedef struct MiniRecord {
  uint32_t image, thread, ordinal, n_slots;
  size_t place; /* in the order of taking */
  LsSlot slot[LS_SLOT_MAX];
} MiniRecord;

/* With so many chunks free at first. Ends the test when the machine does not have the memory. */
void mini_open (Mini *mini, uint32_t n_chunks);
void mini_close (Mini *mini);

/* Runs a program with the library preloaded; argv[0] is its path. */
pid_t mini_start (Mini *mini, const char *const *argv);
/* Waits up to 30 s, and kills it then. Its wait status. Meanwhile chunks that are retired and
 * settled go back on the free list, when `recycle`. */
int mini_wait (Mini *mini, bool recycle);
/* The same for as long as it runs, recycling chunks but keeping no records. */
int mini_discard (Mini *mini);
/* Takes what is left in the chunks; the programs have ended. Sorts the records. */
void mini_drain (Mini *mini);
/* Start, wait and drain of the test's subject with one argument; true when it exited with 0. */
bool mini_run (Mini *mini, const char *subject, const char *argument);

/* What a thread recorded, one event a line: "acquire mutex 1 try EBUSY". Objects are numbered as
 * they appear, over all the threads asked for so far since mini_open. Stacks and callables are left
 * out, and what gcc's unwinder does the first time that a thread is cancelled. Static memory. */
const char *mini_transcript (Mini *mini, uint32_t image, uint32_t thread);
/* How many events of a kind an image's threads recorded. */
size_t mini_count (const Mini *mini, uint32_t image, unsigned kind);
uint32_t mini_n_images (const Mini *mini);
