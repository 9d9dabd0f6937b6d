/* SPDX-License-Identifier: MIT */
/* The room that a process has. */
#include "memory.h"

#include <glib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* What the kernel would give out without taking it from others: "MemAvailable:  1234 kB". */
static uint64_t
get_available (void)
{
  uint64_t all = (uint64_t) sysconf (_SC_PHYS_PAGES) * (uint64_t) sysconf (_SC_PAGESIZE);
  g_autofree char *text = NULL;
  if (!g_file_get_contents ("/proc/meminfo", &text, NULL, NULL))
    return all;
  const char *at = strstr (text, "MemAvailable:");
  return at ? MIN (all, 1024 * g_ascii_strtoull (at + strlen ("MemAvailable:"), NULL, 10)) : all;
}

/* "max", or no such file: no bound. */
static uint64_t
read_bound (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "memory.max", NULL), *text = NULL;
  if (!g_file_get_contents (path, &text, NULL, NULL) || !g_ascii_isdigit (text[0]))
    return G_MAXUINT64;
  return g_ascii_strtoull (text, NULL, 10);
}

/* Of the control group (version 2) and those around it. */
static uint64_t
get_group_bound (void)
{
  g_autofree char *text = NULL;
  uint64_t bound = read_bound ("/sys/fs/cgroup");
  if (!g_file_get_contents ("/proc/self/cgroup", &text, NULL, NULL) ||
      !g_str_has_prefix (text, "0::/"))
    return bound;
  text[strcspn (text, "\n")] = '\0';
  for (char *group = text + strlen ("0::"), *slash; (slash = strrchr (group, '/')); *slash = '\0') {
    g_autofree char *folder = g_strdup_printf ("/sys/fs/cgroup%s", group);
    bound = MIN (bound, read_bound (folder));
  }
  return bound;
}

uint64_t
ls_memory_get_room (void)
{
  struct rlimit limit;
  uint64_t room = MIN (get_available (), get_group_bound ());
  if (getrlimit (RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
    room = MIN (room, limit.rlim_cur);
  return room;
}
