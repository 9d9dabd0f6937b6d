/* SPDX-License-Identifier: MIT */
/* A thread that waits on the futex. */
#include "wake.h"

#include <errno.h>
#include <glib.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef struct {
  _Atomic uint32_t *wanted;
  int wake_fd;
} Watch;

static gpointer
watch_wanted (gpointer data)
{
  const Watch *watch = data;
  uint32_t seen = atomic_load (watch->wanted);
  for (;;) {
    syscall (SYS_futex, watch->wanted, FUTEX_WAIT, seen, NULL, NULL, 0);
    uint32_t now = atomic_load (watch->wanted);
    if (now == seen)
      continue;
    seen = now;
    uint64_t one = 1;
    if (write (watch->wake_fd, &one, sizeof one) < 0 && errno != EAGAIN)
      return NULL;
  }
}

void
ls_wake_watch (LsRegion *region, int wake_fd)
{
  static Watch watch;
  watch = (Watch){ .wanted = &region->free_wanted, .wake_fd = wake_fd };
  g_thread_unref (g_thread_new ("wanted", watch_wanted, &watch));
}
