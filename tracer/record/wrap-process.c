/* SPDX-License-Identifier: MIT */
/* Functions about the process that say something of its threads, or that must know of recording. */
#include "process.h"
#include "text.h"
#include "wrap.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Names the calling thread, among much else. */
LS_EXPORT int
prctl (int option, ...)
{
  va_list list;

  va_start (list, option);
  unsigned long a = va_arg (list, unsigned long), b = va_arg (list, unsigned long);
  unsigned long c = va_arg (list, unsigned long), d = va_arg (list, unsigned long);
  va_end (list);
  bool on = ls_on ();
  int result = LS_CALL_ERRNO (prctl, option, a, b, c, d);
  if (on && option == PR_SET_NAME && result == 0) {
    char name[LS_SLOT_TEXT_MAX] = { 0 };
    strncpy (name, (const char *) a, 15); /* the kernel keeps no more */
    ls_put_text ((LsTail){ .kind = LS_SLOT_NAME_THREAD }, 0, 0, name);
  }
  return result;
}

LS_EXPORT pid_t
fork (void)
{
  bool on = ls_on ();
  pid_t child = LS_CALL_ERRNO (fork);
  if (on && child > 0)
    ls_put_at (0, (LsTail){ .kind = LS_EV_FORK }, (uint64_t) child, LS_SITE ());
  return child;
}

LS_EXPORT void
_exit (int code)
{
  ls_process_note_exit (code, true);
  if (ls_real._exit)
    ls_real._exit (code);
  for (;;) /* before anything was looked up */
    syscall (SYS_exit_group, code);
}

LS_EXPORT void
_Exit (int code)
{
  _exit (code);
}

LS_EXPORT void
quick_exit (int code)
{
  ls_process_note_exit (code, false);
  if (ls_real.quick_exit)
    ls_real.quick_exit (code);
  __builtin_unreachable (); /* every C library has it */
}

/* Locking all memory at once would fill the whole of the region, which is two gigabytes of mostly
 * nothing; so under recording memory is locked as it is touched. */
LS_EXPORT int
mlockall (int flags)
{
  if (ls_on () && flags != 0)
    flags |= MCL_ONFAULT;
  return LS_CALL_ERRNO (mlockall, flags);
}

/* What its code's addresses mean is told while they mean it. Not dlopen(), which looks at who calls
 * it. */
LS_EXPORT int
dlclose (void *handle)
{
  bool on = ls_on ();
  if (on)
    ls_modules_note ();
  if (!ls_real.dlclose)
    return -1; /* every C library has it */
  int result = ls_real.dlclose (handle);
  if (on)
    ls_modules_note ();
  return result;
}
