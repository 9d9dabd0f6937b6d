/* SPDX-License-Identifier: MIT */
/* Calls whose callers the test knows, since each function counts where it was called from. */
#include <lockstitch.h>

#include "subject.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define TELL(name) lockstitch_count (name, (int64_t) (uintptr_t) __builtin_return_address (0))
#ifdef __clang__
#  define APART __attribute__ ((noinline))
#else
#  define APART __attribute__ ((noinline, noclone))
#endif
#define KEEP_FRAME() __asm__ volatile("" ::: "memory")

static APART void
inner (void)
{
  TELL ("inner");
  pthread_mutex_lock (&lock);
  pthread_mutex_unlock (&lock);
}

static APART void
middle (volatile char *room)
{
  room[0] = 1;
  TELL ("middle");
  inner ();
  KEEP_FRAME ();
}

/* Frames of different sizes, so that the same calls stand elsewhere on the stack. */
static APART void
outer (size_t n)
{
  volatile char *room = __builtin_alloca (n);
  TELL ("outer");
  middle (room);
  KEEP_FRAME ();
}

static void *
run (void *unused)
{
  for (int i = 0; i < 50; i++) {
    outer (8);
    outer (i % 3 ? 4000 : 200);
  }
  return unused;
}

static void
chain (void)
{
  pthread_t thread;
  run (NULL);
  MUST (pthread_create (&thread, NULL, run, NULL) == 0);
  MUST (pthread_join (thread, NULL) == 0);
}

/* Deeper than what is recorded. */
static APART int
dive (int depth)
{
  if (depth == 0)
    inner ();
  else
    dive (depth - 1);
  KEEP_FRAME ();
  return depth;
}

static void
deep (void)
{
  for (int i = 0; i < 5; i++)
    dive (40);
}

int
main (int argc, char **argv)
{
  static const Case cases[] = { { "chain", chain }, { "deep", deep } };
  return run_case (cases, sizeof cases / sizeof *cases, argc, argv);
}
