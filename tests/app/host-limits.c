/* SPDX-License-Identifier: MIT */
/* Hosts that take from themselves what a recorder might want: descriptors, memory, file size, system
 * calls, rights, stack. */
#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#define MAY_NOT 77 /* what the case needs is not allowed here */

static int
lock_some (void)
{
  host_pairs (NULL);
  host_threads (3);
  return 0;
}

static int
lock_and_fork (void)
{
  lock_some ();
  MUST (host_in_child (lock_some) == 0);
  return lock_some ();
}

static void
set_limit (int what, rlim_t value)
{
  struct rlimit limit = { value, value };
  MUST (setrlimit (what, &limit) == 0);
}

static int
no_descriptors (void)
{
  set_limit (RLIMIT_NOFILE, 32);
  while (open ("/dev/null", O_RDONLY) >= 0)
    ;
  MUST (errno == EMFILE);
  lock_and_fork ();
  MUST (open ("/dev/null", O_RDONLY) == -1 && errno == EMFILE);
  return 0;
}

/* A daemon's first act. What it opens then has the lowest numbers. */
static int
close_all (void)
{
  closefrom (0);
  lock_and_fork ();
  MUST (open ("/dev/null", O_RDWR) == 0);
  MUST (open ("/dev/null", O_RDWR) == 1);
  MUST (open ("/dev/null", O_RDWR) == 2);
  host_threads (2);
  MUST (open ("/dev/null", O_RDWR) == 3);
  return lock_and_fork ();
}

/* Nothing of the recorder's is among the program's descriptors. */
static int
list_descriptors (void)
{
  lock_some ();
  for (int fd = 3; fd < 1024; fd++)
    MUST (fcntl (fd, F_GETFD) == -1);
  return 0;
}

static int
small_files (void)
{
  signal (SIGXFSZ, SIG_DFL);
  set_limit (RLIMIT_FSIZE, 0);
  return lock_and_fork ();
}

static int
small_memory (void)
{
  /* What is mapped now is kept; little more is to be had. */
  set_limit (RLIMIT_DATA, 64 << 20);
  lock_some ();
  set_limit (RLIMIT_AS, 64 << 20);
  host_pairs (NULL);
  return 0;
}

static int
lock_memory (void)
{
  if (mlockall (MCL_CURRENT | MCL_FUTURE) != 0)
    return MAY_NOT;
  lock_some ();
  MUST (munlockall () == 0);
  return lock_and_fork ();
}

static int
change_root (void)
{
  if (chroot ("/proc/self/fdinfo") != 0 || chdir ("/") != 0)
    return MAY_NOT;
  return lock_and_fork ();
}

static int
change_user (void)
{
  if (setresgid (65534, 65534, 65534) != 0 || setresuid (65534, 65534, 65534) != 0)
    return MAY_NOT;
  return lock_and_fork ();
}

static int
not_dumpable (void)
{
  MUST (prctl (PR_SET_DUMPABLE, 0) == 0);
  return lock_and_fork ();
}

/* Kills the process at any system call but those that threads and exits need. */
static int
few_system_calls (void)
{
#define ALLOW(name)                                       \
  BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), \
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
  struct sock_filter filter[] = {
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr)),
    ALLOW (futex),
    ALLOW (exit),
    ALLOW (exit_group),
    ALLOW (rt_sigprocmask),
    ALLOW (write),
    ALLOW (sched_yield),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
  };
  struct sock_fprog program = { sizeof filter / sizeof *filter, filter };
  MUST (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
  if (prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
    return MAY_NOT;
  for (int i = 0; i < 20; i++)
    host_pairs (NULL);
  return 0;
}

static pthread_barrier_t all_there;

static void *
wait_and_lock (void *data)
{
  host_pair ();
  pthread_barrier_wait (&all_there);
  host_pair ();
  return NULL;
}

/* Many threads that have begun and do nothing, while one runs. */
static int
idle_threads (void)
{
  enum {
    N = 300
  };
  static pthread_t threads[N];
  MUST (pthread_barrier_init (&all_there, NULL, N + 1) == 0);
  for (int i = 0; i < N; i++)
    MUST (pthread_create (&threads[i], NULL, wait_and_lock, NULL) == 0);
  for (int i = 0; i < 1000; i++)
    host_pairs (NULL);
  pthread_barrier_wait (&all_there);
  for (int i = 0; i < N; i++)
    MUST (pthread_join (threads[i], NULL) == 0);
  return 0;
}

static int
stacks (void)
{
  const size_t sizes[] = { (size_t) PTHREAD_STACK_MIN, 64 << 10, 1 << 20, 512 << 20 };
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    pthread_attr_t attr;
    MUST (pthread_attr_init (&attr) == 0);
    MUST (pthread_attr_setstacksize (&attr, sizes[i]) == 0);
    for (int round = 0; round < 10; round++)
      host_thread (&attr);
    MUST (pthread_attr_destroy (&attr) == 0);
  }
  return 0;
}

/* A program that clears what it inherited. */
static int
environment (void)
{
  lock_some ();
  MUST (clearenv () == 0 && getenv ("PATH") == NULL);
  return lock_and_fork ();
}

const HostCase host_limit_cases[] = {
  { "no-descriptors", no_descriptors },
  { "close-all", close_all },
  { "descriptors", list_descriptors },
  { "small-files", small_files },
  { "small-memory", small_memory },
  { "lock-memory", lock_memory },
  { "chroot", change_root },
  { "user", change_user },
  { "not-dumpable", not_dumpable },
  { "seccomp", few_system_calls },
  { "idle", idle_threads },
  { "stacks", stacks },
  { "environment", environment },
  { NULL, NULL },
};
