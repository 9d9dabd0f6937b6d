/* SPDX-License-Identifier: MIT */
/* A lesson's recording, and what the checks of it ask. */
#pragma once

#include <glib.h>

#include "finding.h"

typedef struct {
  const char *lesson;
  LsTrace *trace;
  GPtrArray *findings; /* LsFinding */
  const char *output;  /* what the program printed; NULL of a sample */
  int exit_status;     /* of `lockstitch record` */
} Golden;

typedef struct {
  const char *name;
  void (*check) (const Golden *golden);
  bool (*is_taught) (const Golden *golden); /* whether the threads came in the order that the lesson
                                               is about, which no program can force; NULL: any */
  int exit_status;                          /* of `lockstitch record`; 0: exits with 0 */
} Lesson;

/* The lessons, each file's ended by a row without a name. */
extern const Lesson lessons_of_threads[];
extern const Lesson lessons_of_pools[];
extern const Lesson lessons_of_races[];
extern const Lesson lessons_of_waiting[];
extern const Lesson lessons_of_locks[];

/* Index of the thread or object of that name, which must be there. */
uint32_t golden_get_thread (const Golden *golden, const char *name);
uint32_t golden_get_object (const Golden *golden, const char *name);

/* The thread's n-th event (from 0) of that kind; LS_NONE when there are not as many. */
uint32_t golden_find_event (const Golden *golden, uint32_t thread, LsEventKind kind, uint32_t n);
/* The same of an object's events. */
uint32_t
golden_find_object_event (const Golden *golden, uint32_t object, LsEventKind kind, uint32_t n);
uint32_t golden_count_object_events (const Golden *golden, uint32_t object, LsEventKind kind);

/* The thread's first wait for the object, or for the thread `peer`; NULL when there is none. */
const LsInterval *golden_find_wait (const Golden *golden, uint32_t thread, uint32_t object);
const LsInterval *golden_find_join (const Golden *golden, uint32_t thread, uint32_t peer);

/* The last interval of the thread's life. */
const LsInterval *golden_get_last_state (const Golden *golden, uint32_t thread);

/* The program printed the text. */
void golden_assert_printed (const Golden *golden, const char *text);

LsEvent golden_get_event (const Golden *golden, uint32_t k);

/* The finding of that kind; NULL when there is none. */
const LsFinding *golden_find_finding (const Golden *golden, LsFindingKind kind);
/* Nothing wrong was found; a hint on what is slow is nothing wrong. */
void golden_assert_no_finding (const Golden *golden);
