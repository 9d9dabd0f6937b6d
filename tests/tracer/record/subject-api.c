/* SPDX-License-Identifier: MIT */
/* lockstitch.h from C, with and without LOCKSTITCH_DISABLE: both do the same to the program. */
#include "subject.h"

#include "lockstitch.h"

enum color {
  RED = -1,
  GREEN = 3
};

static void
accesses (void)
{
  bool b = true;
  char c = 'x';
  signed char sc = -1;
  unsigned char uc = 255;
  short s = -2;
  unsigned short us = 65535;
  int i = -3;
  unsigned u = 4000000000u;
  long l = -4;
  unsigned long long ull = 1ull << 63;
  float f = 1.5f;
  double d = -0.5;
  void *p = &p;
  const int constant = 7;
  volatile int v = 8;
  enum color color = GREEN;

  MUST (LOCKSTITCH_READ (b));
  MUST (LOCKSTITCH_READ (c) == 'x');
  MUST (LOCKSTITCH_READ (sc) == -1);
  MUST (LOCKSTITCH_READ (uc) == 255);
  MUST (LOCKSTITCH_READ (s) == -2);
  MUST (LOCKSTITCH_READ (us) == 65535);
  MUST (LOCKSTITCH_READ (i) == -3);
  MUST (LOCKSTITCH_READ (u) == 4000000000u);
  MUST (LOCKSTITCH_READ (l) == -4);
  MUST (LOCKSTITCH_READ (ull) == 1ull << 63);
  MUST (LOCKSTITCH_READ (f) == 1.5f);
  MUST (LOCKSTITCH_READ (d) == -0.5);
  MUST (LOCKSTITCH_READ (p) == &p);
  MUST (LOCKSTITCH_READ (constant) == 7);
  MUST (LOCKSTITCH_READ (v) == 8);
  MUST (LOCKSTITCH_READ (color) == GREEN);
}

static struct {
  int count;
  double sum;
  int *at;
} stats;

static void
changes (void)
{
  int array[4] = { 0 };

  LOCKSTITCH_VALUE (stats.count);
  MUST (LOCKSTITCH_WRITE (stats.count, 5) == 5 && stats.count == 5);
  LOCKSTITCH_WRITE (stats.count, stats.count + 1.75);
  MUST (stats.count == 6);
  LOCKSTITCH_STORE (stats.count, 9, LOCKSTITCH_RELEASE);
  MUST (LOCKSTITCH_LOAD (stats.count, LOCKSTITCH_ACQUIRE) == 9);
  MUST (LOCKSTITCH_ADD (stats.count, -2, LOCKSTITCH_RELAXED) == 9 && stats.count == 7);
  MUST (LOCKSTITCH_ADD (stats.sum, 0.5, LOCKSTITCH_SEQ_CST) == 0 && stats.sum == 0.5);
  LOCKSTITCH_STORE (stats.at, array, LOCKSTITCH_SEQ_CST);
  MUST (LOCKSTITCH_ADD (stats.at, 2, LOCKSTITCH_ACQ_REL) == array && stats.at == array + 2);
  int n = 0;
  MUST (LOCKSTITCH_READ (array[0]) == 0);
  LOCKSTITCH_WRITE (array[1], ++n);
  MUST (n == 1 && array[1] == 1);
}

static void
names (void)
{
  static int lock, value;

  lockstitch_name_thread ("first");
  lockstitch_name_lock (&lock, "the lock");
  lockstitch_name_value (&value, sizeof value, LOCKSTITCH_INT, "");
  lockstitch_begin ("task");
  lockstitch_mark (NULL);
  lockstitch_count ("queued", -3);
  lockstitch_end ("task");
  /* 95 bytes are kept, and no half characters. */
  lockstitch_mark ("0123456789012345678901234567890123456789012345678901234567890123456789012345678"
                   "901234567890123456789");
  lockstitch_mark ("0123456789012345678901234567890123456789012345678901234567890123456789012345678"
                   "901234567890123\xc3\xa4\xc3\xb6");
  lockstitch_wait (&lock);
  lockstitch_acquire (&lock);
  lockstitch_release (&lock);
  lockstitch_send (41);
  lockstitch_recv (42);
}

static void
bare (void)
{
  MUST (!LOCKSTITCH_ON ());
  accesses ();
  changes ();
  names ();
  lockstitch_stop ();
}

#ifndef LOCKSTITCH_DISABLE
/* Only the collector itself can be asked to start one; see the command's tests for that. */
static void
no_collector (void)
{
  MUST (setenv ("LOCKSTITCH_COLLECTOR", "/nowhere/to/be/found", 1) == 0);
  errno = 77;
  MUST (lockstitch_start ("x.trace.jsonl") != 0 && errno == 77);
  MUST (lockstitch_start (NULL) == EINVAL);
  bare ();
}
#endif

int
main (int argc, char **argv)
{
  static const Case cases[] = {
    { "accesses", accesses },         { "changes", changes }, { "names", names }, { "bare", bare },
#ifndef LOCKSTITCH_DISABLE
    { "no-collector", no_collector },
#endif
  };
  return run_case (cases, sizeof cases / sizeof *cases, argc, argv);
}
