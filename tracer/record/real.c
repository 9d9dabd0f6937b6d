/* SPDX-License-Identifier: MIT */
/* Finds the functions that the library stands in front of: the mutex's first, since a lookup that
 * fails allocates, and the program's malloc may lock. */
#include "real.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

LsReal ls_real;

/* Two functions have each of the condition variables' names in glibc for x86-64, and before 2.36
 * dlsym found the older, whose condition variables are laid out otherwise. The newer one has the
 * version 2.3.2, or on a younger architecture its first, 2.17 for aarch64. */
static void *
find (const char *name)
{
  static const char *const versions[] = { "GLIBC_2.3.2", "GLIBC_2.17" };

  if (strncmp (name, "pthread_cond_", strlen ("pthread_cond_")) == 0 &&
      strcmp (name, "pthread_cond_clockwait") != 0) /* younger than both */
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
      void *found = dlvsym (RTLD_NEXT, name, versions[i]);
      if (found)
        return found;
    }
  return dlsym (RTLD_NEXT, name);
}

void
ls_real_resolve (void)
{
/* NOLINTNEXTLINE(bugprone-macro-parentheses) */
#define LS_REAL(RESULT, NAME, ARGS) ls_real.NAME = (RESULT (*) ARGS) find (#NAME);
#include "real.def"
#undef LS_REAL
  /* The program is not to find an error of ours, nor its leak detector the text: the second call
   * frees it. */
  if (!ls_real.__cxa_guard_acquire) {
    (void) dlerror ();
    (void) dlerror ();
  }
}
