/* SPDX-License-Identifier: MIT */
/**
 * Starts a collector for this process alone.
 *
 * The collector must be a stranger to the program, which may wait for any child and count its
 * SIGCHLDs. So it is a grandchild, and the child between is forked without an exit signal and never
 * execs (which would give it one): only a wait that asks for such children (__WCLONE) sees it.
 * posix_spawn and vfork cannot do that.
 */
#include "launch.h"

#include "launch-options.h"
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define READY_FD 3
#define READY_WITHIN_NS 10000000000u

extern char **environ;

static bool is_ours;
static _Atomic bool is_launching;

/* The program's environment without what would make the collector record itself, in memory of its
 * own; NULL when there is none. */
static char **
copy_environment (size_t *bytes)
{
  size_t n = 0, kept = 0;

  while (environ && environ[n])
    n++;
  *bytes = (n + 1) * sizeof (char *);
  char **copy = mmap (NULL, *bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (copy == MAP_FAILED)
    return NULL;
  for (size_t i = 0; i < n; i++)
    if (strncmp (environ[i], "LD_PRELOAD=", 11) != 0 &&
        strncmp (environ[i], "LOCKSTITCH_", 11) != 0)
      copy[kept++] = environ[i];
  copy[kept] = NULL;
  return copy;
}

/* In the child: becomes the collector, which says on READY_FD how it went. */
static void
become_collector (const char *const *argv, char **envp, int ready)
{
  /* Out of the way first: a program without standard streams has its pipe there. */
  ready = fcntl (ready, F_DUPFD, READY_FD + 1);
  int null = open ("/dev/null", O_RDWR);

  for (int fd = 0; fd <= 2 && null >= 0; fd++)
    dup2 (null, fd);
  dup2 (ready, READY_FD);
#ifdef SYS_close_range
  if (syscall (SYS_close_range, READY_FD + 1, ~0u, 0) != 0)
#endif
    for (int fd = READY_FD + 1; fd < 1024; fd++)
      close (fd);
  /* What the program ignores stays ignored over exec. */
  for (int number = 1; number < 32; number++)
    if (number != SIGKILL && number != SIGSTOP)
      signal (number, SIG_DFL);
  ls_restore_signals (0);
  execve (argv[0], (char *const *) argv, envp);
}

static const char *
collector_path (void)
{
  const char *path = secure_getenv ("LOCKSTITCH_COLLECTOR");
  return path && *path ? path : LS_COLLECTOR_PATH;
}

/* Reads the collector's first line into `line`. 0 or an errno value. */
static int
read_ready (int fd, char *line, size_t room)
{
  uint64_t until = ls_now_ns () + READY_WITHIN_NS, now;
  size_t n = 0;

  while ((now = ls_now_ns ()) < until) {
    struct pollfd ready = { .fd = fd, .events = POLLIN };
    if (poll (&ready, 1, (int) ((until - now) / 1000000u) + 1) <= 0)
      continue;
    long got = ls_read_file (fd, line + n, room - 1 - n);
    if (got <= 0)
      return n ? EIO : ENOENT; /* it could not be run */
    n += (size_t) got;
    line[n] = '\0';
    char *end = strchr (line, '\n');
    if (end) {
      *end = '\0';
      return strncmp (line, "error:", 6) == 0 ? EIO : 0;
    }
    if (n == room - 1)
      return EPROTO;
  }
  return ETIMEDOUT;
}

/* A fork without an exit signal, and without the program's handlers for it. */
static long
fork_silently (void)
{
  return syscall (SYS_clone, 0L, 0L, 0L, 0L, 0L);
}

/* Starts the collector with the write end of a pipe to say how it went; closes that. */
static int
spawn (const char *path, int ready, char **envp)
{
  LsLaunchOptions options;
  const char *argv[6 + LS_MAX_LAUNCH_OPTIONS + 1] = { collector_path (), "--output",   path,
                                                      "--daemon",        "--ready-fd", "3" };
  ls_launch_options_read (&options);
  for (unsigned i = 0; i < options.n; i++)
    argv[6 + i] = options.text[i];
  uint64_t mask = ls_block_signals ();
  long child = fork_silently ();

  if (child == 0) {
    if (fork_silently () == 0)
      become_collector (argv, envp, ready);
    _exit (0);
  }
  int failed = child < 0 ? errno : 0;
  while (child > 0 && waitpid ((pid_t) child, NULL, __WCLONE) < 0 && errno == EINTR)
    ;
  ls_restore_signals (mask);
  close (ready);
  return failed;
}

/* Starts a collector and gives the line that it said. */
static int
start_collector (const char *path, char *line, size_t room)
{
  int pipe_fd[2];
  size_t bytes;
  char **envp = copy_environment (&bytes);

  if (!envp)
    return ENOMEM;
  int error = pipe2 (pipe_fd, O_CLOEXEC) == 0 ? 0 : errno;
  if (!error) {
    error = spawn (path, pipe_fd[1], envp);
    if (!error)
      error = read_ready (pipe_fd[0], line, room);
    close (pipe_fd[0]);
  }
  munmap (envp, bytes);
  return error;
}

static int
launch (const char *path, bool partial, char *line, size_t room)
{
  if (atomic_exchange (&is_launching, true))
    return EALREADY;
  int saved = errno, cancelling;
  pthread_setcancelstate (PTHREAD_CANCEL_DISABLE, &cancelling);
  int error = start_collector (path, line, room);
  if (!error) {
    is_ours = true;
    error = ls_process_attach (line, partial);
  }
  pthread_setcancelstate (cancelling, NULL);
  errno = saved;
  atomic_store (&is_launching, false);
  return error;
}

int
ls_launch (const char *path)
{
  char line[512];
  return launch (path, true, line, sizeof line);
}

void
ls_launch_from_environment (void)
{
  const char *path = secure_getenv ("LOCKSTITCH_TRACE");
  char line[512];

  /* A program that a recorded one started, but could not join: its trace is not this one's file. */
  if (!path || !*path || getenv (LS_REGION_ENV))
    return;
  /* What this program starts joins its recording, rather than to begin one into the same file. */
  if (launch (path, false, line, sizeof line) == 0)
    setenv (LS_REGION_ENV, line, 1);
}

bool
ls_launch_is_ours (void)
{
  return is_ours;
}
