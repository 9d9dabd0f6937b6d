/* SPDX-License-Identifier: MIT */
/* The threads of this process: which LsThread and which logical id each has, and how one ends. */
#include "process.h"
#include "stack.h"
#include "thread.h"

#include <errno.h>
#include <limits.h>

static LsThread unattached; /* what a thread has before its first event: belongs to no recording */
static LsThread ended;      /* ... and after its last */

LS_TLS LsThread *ls_self = &unattached;

static pthread_key_t end_key;
static bool has_end_key;

/* glibc keeps so many keys' values in the thread itself; for others it allocates. */
#define SMALL_KEYS 32

/* -- Which are in use -- */

static LsThread *
pop_free_thread (void)
{
  uint64_t head = atomic_load_explicit (&ls_process->free_threads, memory_order_acquire);

  while ((uint32_t) head != 0) {
    LsThread *first = &ls_threads[(uint32_t) head - 1];
    uint64_t next =
      ((head >> 32) + 1) << 32 | atomic_load_explicit (&first->next_free, memory_order_relaxed);
    if (atomic_compare_exchange_weak (&ls_process->free_threads, &head, next))
      return first;
  }
  return NULL;
}

static LsThread *
new_thread (void)
{
  LsThread *thread = pop_free_thread ();
  if (!thread) {
    uint32_t index = atomic_load (&ls_process->n_threads);
    do {
      if (index >= LS_MAX_THREADS)
        return NULL;
    } while (!atomic_compare_exchange_weak (&ls_process->n_threads, &index, index + 1));
    thread = &ls_threads[index];
  }
  /* Nobody else looks at it while its refs are 0. */
  *thread = (LsThread){ 0 }; /* NOLINT(clang-analyzer-core.NullDereference): ls_threads is not */
  return thread;
}

/* The references in `mask` are given up; the last one frees it. */
static void
drop (LsThread *thread, uint32_t mask)
{
  uint32_t before = atomic_fetch_and (&thread->refs, ~mask);
  if (before == 0 || (before & ~mask) != 0)
    return;
  uint32_t index = (uint32_t) (thread - ls_threads);
  uint64_t head = atomic_load (&ls_process->free_threads), next;
  do {
    atomic_store_explicit (&thread->next_free, (uint32_t) head, memory_order_relaxed);
    next = ((head >> 32) + 1) << 32 | (index + 1);
  } while (!atomic_compare_exchange_weak (&ls_process->free_threads, &head, next));
}

/* The one whose pthread_t this is now; a pthread_t is used again once it was joined or, detached,
 * has ended. */
static LsThread *
find (pthread_t self, uint32_t mask)
{
  if (!ls_process)
    return NULL;
#if defined(__GLIBC__) && (defined(__x86_64__) || defined(__aarch64__))
  /* glibc's pthread_t is the thread's thread pointer, at a fixed distance from its ls_self. */
  ptrdiff_t distance = (char *) &ls_self - (char *) __builtin_thread_pointer ();
  LsThread *own = *(LsThread *volatile *) ((char *) self + distance);
  if (own >= ls_threads && own < ls_threads + LS_MAX_THREADS && own->self == self &&
      (atomic_load (&own->refs) & mask))
    return own;
#endif
  uint32_t n = atomic_load (&ls_process->n_threads);
  for (uint32_t i = 0; i < n; i++) {
    LsThread *thread = &ls_threads[i];
    if ((atomic_load (&thread->refs) & mask) && thread->self == self)
      return thread;
  }
  return NULL;
}

/* A thread that was not seen to be created: by the recording's late start, or inside a library. */
static LsThread *
adopt (pthread_t self, uint32_t refs)
{
  LsThread *thread = new_thread ();
  if (!thread)
    return NULL;
  thread->self = self;
  atomic_store (&thread->refs, refs);
  return thread;
}

/* -- Identity -- */

uint32_t
ls_thread_id (LsThread *thread)
{
  uint64_t recording = (uint64_t) (uint32_t) ls_process->recording << 32;
  uint64_t identity = atomic_load (&thread->identity);

  if ((identity & ~(uint64_t) UINT32_MAX) == recording)
    return (uint32_t) identity;
  LsImage *image = ls_process_image ();
  if (!image)
    return 0;
  uint32_t id = thread->os_tid == image->pid ? 1 : atomic_fetch_add (&image->next_thread, 1);
  if (atomic_compare_exchange_strong (&thread->identity, &identity, recording | id))
    return id;
  return (uint32_t) identity;
}

bool
ls_thread_is_main (void)
{
  return atomic_load (&ls_self->identity) ==
         ((uint64_t) (uint32_t) ls_process->recording << 32 | 1);
}

LsThread *
ls_thread_of (pthread_t other)
{
  LsThread *thread = find (other, LS_REF_KNOWN);
  return thread ? thread : adopt (other, LS_REF_JOINABLE);
}

uint32_t
ls_thread_id_of (pthread_t other)
{
  LsThread *thread = ls_thread_of (other);
  return thread ? ls_thread_id (thread) : 0;
}

LsThread *
ls_thread_attach (void)
{
  LsThread *thread = ls_self;
  pthread_t self = pthread_self ();

  if (!ls_process_image ())
    return NULL;
  /* Emptied by a fork, or never there: look whether another thread knows this one. */
  if (thread == &unattached || !(atomic_load (&thread->refs) & LS_REF_LIVE))
    thread = find (self, LS_REF_KNOWN | LS_REF_JOINING);
  if (!thread)
    thread = adopt (self, LS_REF_JOINABLE);
  if (!thread)
    return NULL;
  atomic_fetch_or (&thread->refs, LS_REF_LIVE);
  thread->os_tid = ls_process->is_inner ? ls_outer_tid () : ls_tid ();
  thread->chunk = thread->kept = 0;
  thread->word = thread->deep_word = 0;
  ls_stack_begin_thread (thread);
  thread->lost = 0;
  thread->stalled_ns = 0;
  thread->ordinal = 0;
  thread->n_made = thread->begun = 0;
  thread->chunks = (char *) ls_region_chunk (ls_region, 0);
  (void) ls_thread_id (thread);
  atomic_signal_fence (memory_order_seq_cst);
  thread->recording = ls_process->recording;
  thread->quick = ls_clock_tsc ? thread->recording : -1;
  ls_self = thread;
  /* This may be a signal handler: no allocation. */
  if (has_end_key && end_key < SMALL_KEYS)
    pthread_setspecific (end_key, thread);
  return thread;
}

/* -- Creation -- */

/* The creator wants the pthread_t in a variable of its own before it goes on, and the new thread
 * wants it there before its function starts; either may be late, and the variable may be gone once
 * both have gone on. So whoever comes first writes it and the other waits for that; glibc has put
 * it into `self` by then. */
enum {
  HANDOFF_OPEN,
  HANDOFF_WRITING,
  HANDOFF_AWAITED,
  HANDOFF_DONE
};

static void
hand_over (LsThread *thread)
{
  uint32_t state = HANDOFF_OPEN;

  if (atomic_compare_exchange_strong (&thread->handoff, &state, HANDOFF_WRITING)) {
    *thread->out = thread->self;
    if (atomic_exchange (&thread->handoff, HANDOFF_DONE) == HANDOFF_AWAITED)
      ls_futex_wake (&thread->handoff);
    return;
  }
  while ((state = atomic_load (&thread->handoff)) != HANDOFF_DONE) {
    if (state == HANDOFF_WRITING &&
        !atomic_compare_exchange_strong (&thread->handoff, &state, HANDOFF_AWAITED))
      continue;
    ls_futex_wait (&thread->handoff, HANDOFF_AWAITED, 100000000u);
  }
}

LsThread *
ls_thread_new (pthread_t *out, void *start, void *arg, bool detached)
{
  if (ls_self->recording != ls_recording)
    ls_chunk_begin_thread ();
  LsThread *creator = ls_self;
  LsThread *thread = ls_process && ls_process_image () ? new_thread () : NULL;
  if (!thread)
    return NULL;
  thread->out = out;
  thread->start = start;
  thread->arg = arg;
  thread->creator = creator->recording == ls_process->recording ? ls_thread_id (creator) : 0;
  (void) ls_thread_id (thread);
  atomic_store (&thread->refs,
                LS_REF_CREATOR | LS_REF_LIVE | (detached ? 0 : (uint32_t) LS_REF_JOINABLE));
  return thread;
}

void
ls_thread_created (LsThread *thread, bool is_running)
{
  if (is_running)
    hand_over (thread);
  drop (thread, is_running ? LS_REF_CREATOR : LS_REF_CREATOR | LS_REF_LIVE | LS_REF_JOINABLE);
}

void
ls_thread_begin (LsThread *thread)
{
  thread->self = pthread_self ();
  hand_over (thread);
  ls_self = thread;
  thread->stack_from = (uintptr_t) __builtin_frame_address (0) - thread->stack_bytes;
  if (has_end_key)
    pthread_setspecific (end_key, thread);
  if (ls_recording)
    ls_chunk_begin_thread ();
}

void
ls_thread_join (LsThread *thread)
{
  uint32_t refs = atomic_load (&thread->refs);
  while ((refs & LS_REF_JOINABLE) &&
         !atomic_compare_exchange_weak (&thread->refs, &refs,
                                        (refs & ~(uint32_t) LS_REF_JOINABLE) | LS_REF_JOINING))
    ;
}

void
ls_thread_joined (LsThread *thread, bool is_gone)
{
  uint32_t refs = atomic_load (&thread->refs);

  if (is_gone) {
    drop (thread, LS_REF_LIVE | LS_REF_JOINING);
    return;
  }
  while ((refs & LS_REF_JOINING) &&
         !atomic_compare_exchange_weak (&thread->refs, &refs,
                                        (refs & ~(uint32_t) LS_REF_JOINING) | LS_REF_JOINABLE))
    ;
}

void
ls_thread_detach (LsThread *thread)
{
  drop (thread, LS_REF_JOINABLE);
}

/* -- The end -- */

void
ls_thread_set_how (LsHow how)
{
  LsThread *self = ls_self;
  if (self != &unattached && self != &ended && self->how == LS_HOW_NONE)
    self->how = (uint8_t) how;
}

bool
ls_thread_has_ended (void)
{
  return ls_self == &ended;
}

void
ls_thread_end (void)
{
  LsThread *self = ls_self;

  if (self == &ended || self == &unattached)
    return;
  uint64_t mask = ls_block_signals (); /* a handler records before the finish, or nothing */
  if (self->recording == ls_recording && ls_recording) {
    ls_put ((LsTail){ .kind = LS_EV_FINISH, .how = LS_SLOT_HOW (self->how, 0, 0, 0) }, NULL, 0);
    LsImage *image = ls_process_image ();
    if (self->lost && image)
      atomic_fetch_add (&image->dropped, self->lost);
  }
  ls_self = &ended;
  ls_chunk_retire (self);
  self->recording = self->quick = 0;
  drop (self, LS_REF_LIVE);
  ls_restore_signals (mask);
}

/* Thread-specific data is destroyed in rounds; the program's destructors may still lock things, so
 * the thread ends for us in the last round. */
static void
on_end (void *data)
{
  LsThread *self = ls_self;
  if (self == &unattached || self == &ended)
    return;
  if (++self->rounds < PTHREAD_DESTRUCTOR_ITERATIONS && pthread_setspecific (end_key, self) == 0)
    return;
  ls_thread_end ();
}

void
ls_thread_init (void)
{
  if (has_end_key)
    return;
  ended.recording = ended.quick = -1;
  if (pthread_key_create (&end_key, on_end) != 0)
    return;
  has_end_key = true;
}
