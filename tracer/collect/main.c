/* SPDX-License-Identifier: MIT */
/* lockstitch-collector: becomes a stranger to whoever started it, then collects. */
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "collector.h"
#include "slot.h"

/* Leaves nothing of the starter's but the descriptor for the answer. */
static int
close_inherited (int ready_fd)
{
  int null_fd = open ("/dev/null", O_RDWR | O_CLOEXEC);
  for (int fd = 0; fd <= 2; fd++)
    if (fd != ready_fd && null_fd >= 0)
      dup2 (null_fd, fd);
  int kept = -1;
  if (ready_fd >= 0) {
    kept = fcntl (ready_fd, F_DUPFD_CLOEXEC, 3);
    /* It is moved to 3, so that one range covers the rest. */
    if (kept != 3 && kept >= 0)
      kept = dup3 (kept, 3, O_CLOEXEC);
  }
  syscall (SYS_close_range, kept == 3 ? 4u : 3u, ~0u, 0u);
  return kept;
}

static void
clean_environment (void)
{
  unsetenv ("LD_PRELOAD");
  unsetenv ("DEBUGINFOD_URLS"); /* no recording waits for the network */
  g_auto (GStrv) names = g_listenv ();
  for (char **name = names; *name; name++)
    if (g_str_has_prefix (*name, "LOCKSTITCH_"))
      unsetenv (*name);
}

/* Every process of the program that lives and every trace that is being written needs one. */
static void
raise_descriptor_limit (void)
{
  struct rlimit limit;
  if (getrlimit (RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit (RLIMIT_NOFILE, &limit);
  }
}

/* A child of init's in a session of its own: the program never reaps it. */
static gboolean
become_daemon (void)
{
  for (int round = 0; round < 2; round++) {
    pid_t pid = fork ();
    if (pid < 0)
      return FALSE;
    if (pid > 0)
      _exit (0);
    if (round == 0)
      setsid ();
  }
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autofree char *output = NULL;
  gboolean is_daemon = FALSE;
  int ready_fd = -1, region_options = 0, stack_depth = 0;
  gint64 keep_last_bytes = 0, buffer_bytes = 0, duration_ns = 0;
  g_autofree char *take_over = NULL;
  g_auto (GStrv) only = NULL;
  g_auto (GStrv) ignored = NULL;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Where the trace goes", "FILE" },
    { "daemon", 0, 0, G_OPTION_ARG_NONE, &is_daemon, "Detach from the starter", NULL },
    { "ready-fd", 0, 0, G_OPTION_ARG_INT, &ready_fd, "Descriptor for the answer", "N" },
    { "take-over", 0, 0, G_OPTION_ARG_STRING, &take_over,
      "The starter's descriptors of what a collector left that died", "REGION,SPILL,JOURNAL" },
    { "options", 0, 0, G_OPTION_ARG_INT, &region_options, "The region's options", "BITS" },
    { "stack-depth", 0, 0, G_OPTION_ARG_INT, &stack_depth, "Callers of each event", "N" },
    { "keep-last", 0, 0, G_OPTION_ARG_INT64, &keep_last_bytes, "Records to keep", "BYTES" },
    { "buffer-size", 0, 0, G_OPTION_ARG_INT64, &buffer_bytes, "Records to buffer", "BYTES" },
    { "duration-ns", 0, 0, G_OPTION_ARG_INT64, &duration_ns, "How long to record", "NS" },
    { "only", 0, 0, G_OPTION_ARG_STRING_ARRAY, &only, "Objects to keep", "PATTERN" },
    { "ignore", 0, 0, G_OPTION_ARG_STRING_ARRAY, &ignored, "Objects to leave out", "PATTERN" },
    { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (context,
                                "Part of Lockstitch; `lockstitch record` and programs that record "
                                "themselves start it.");
  g_autoptr (GError) error = NULL;
  if (!g_option_context_parse (context, &argc, &argv, &error) || !output || argc > 1) {
    g_printerr ("lockstitch-collector: %s\n", error ? error->message : "--output FILE is needed");
    return 2;
  }

  g_autofree char *path = g_canonicalize_filename (output, NULL);
  LsCollectorOptions options = { .output = path,
                                 .is_daemon = is_daemon,
                                 .take_over = { -1, -1, -1 },
                                 .parent_fd = -1,
                                 .region_options = (guint) region_options,
                                 .stack_depth = (guint) CLAMP (stack_depth, 0, LS_STACK_MAX),
                                 .keep_last_bytes = (guint64) MAX (keep_last_bytes, 0),
                                 .buffer_bytes = (guint64) MAX (buffer_bytes, 0),
                                 .duration_ns = MAX (duration_ns, 0),
                                 .only = only,
                                 .ignored = ignored };
  if (take_over && sscanf (take_over, "%d,%d,%d", &options.take_over[0], &options.take_over[1],
                           &options.take_over[2]) != 3)
    return 2;
  pid_t parent = getppid ();
  options.ready_fd = close_inherited (ready_fd);
  clean_environment ();
  raise_descriptor_limit ();
  if (is_daemon) {
    if (!become_daemon ())
      return 1;
  } else {
    setsid ();
    options.parent_fd = (int) syscall (SYS_pidfd_open, parent, 0);
  }
  if (chdir ("/") != 0)
    return 1;
  return ls_collector_run (&options);
}
