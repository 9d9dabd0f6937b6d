/* SPDX-License-Identifier: MIT */
/**
 * How recording begins and ends by itself.
 *
 * The constructor runs after those of the libraries that the program needs, which may lock and
 * create threads; then the first wrapped call comes here earlier. The destructor runs after the
 * program's own exit handlers; nothing depends on it, since a program may also be killed.
 */
#include "launch.h"
#include "process.h"
#include "real.h"
#include "thread.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

bool ls_ready;

extern char **environ;

int
ls_init (void)
{
  static _Atomic bool begun;
  static LS_TLS bool resolving;
  int saved = errno;

  /* Looking a name up may allocate, and a malloc of the program's own (jemalloc's) locks. */
  if (resolving)
    return 0;
  /* Twice does no harm, so nobody waits for another thread's doing it. */
  resolving = true;
  ls_real_resolve ();
  resolving = false;
  if (atomic_exchange (&begun, true))
    return ls_recording;
  ls_ready = true;
  /* A set-user-id program reads no environment. */
  const char *region = getauxval (AT_SECURE) ? NULL : getenv (LS_REGION_ENV);
  if (region && *region)
    (void) ls_process_attach (region, false);
  errno = saved;
  return ls_recording;
}

/* Asked for before the program's own handlers are, so it comes after them. */
static void
on_exit_with (int code, void *unused)
{
  (void) unused;
  ls_process_note_exit (code, false);
}

static __attribute__ ((constructor)) void
on_load (void)
{
  on_exit (on_exit_with, NULL);
  if (!ls_on ())
    ls_launch_from_environment ();
}

static __attribute__ ((destructor)) void
on_exit_or_unload (void)
{
  ls_exiting = true;
  if (!ls_recording)
    return;
  ls_modules_note_end ();
  /* Other threads go on until the process is gone; the main thread's last event is now. */
  if (ls_thread_is_main ())
    ls_thread_end ();
}
