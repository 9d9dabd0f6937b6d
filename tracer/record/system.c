/* SPDX-License-Identifier: MIT */
/* The few system calls that recording needs, through syscall(): the program may define functions
 * called open or read, and libc's are cancellation points. Each keeps errno. */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define KERNEL_SIGSET_BYTES 8
#define LINK_ROOM 32

static long
call (long number, long a, long b, long c, long d)
{
  int saved = errno;
  long result = syscall (number, a, b, c, d, 0L, 0L);
  if (result == -1)
    result = -errno;
  errno = saved;
  return result;
}

/* Every signal, glibc's own two included, which sigfillset leaves out. */
uint64_t
ls_block_signals (void)
{
  uint64_t all = ~(uint64_t) 0, old = 0;
  call (SYS_rt_sigprocmask, SIG_SETMASK, (long) &all, (long) &old, KERNEL_SIGSET_BYTES);
  return old;
}

void
ls_restore_signals (uint64_t mask)
{
  call (SYS_rt_sigprocmask, SIG_SETMASK, (long) &mask, 0, KERNEL_SIGSET_BYTES);
}

void
ls_futex_wait (_Atomic uint32_t *word, uint32_t value, uint64_t ns)
{
  struct timespec limit = { .tv_sec = (time_t) (ns / 1000000000u),
                            .tv_nsec = (long) (ns % 1000000000u) };
  call (SYS_futex, (long) word, FUTEX_WAIT, (long) value, (long) &limit);
}

void
ls_futex_wake (_Atomic uint32_t *word)
{
  call (SYS_futex, (long) word, FUTEX_WAKE, INT_MAX, 0);
}

int
ls_populate (void *memory, size_t bytes)
{
#ifndef MADV_POPULATE_WRITE
#  define MADV_POPULATE_WRITE 23 /* since Linux 5.14 */
#endif
  return (int) call (SYS_madvise, (long) memory, (long) bytes, MADV_POPULATE_WRITE, 0);
}

uint64_t
ls_now_ns (void)
{
  struct timespec now = { 0 };
  clock_gettime (CLOCK_MONOTONIC, &now);
  return (uint64_t) now.tv_sec * 1000000000u + (uint64_t) now.tv_nsec;
}

uint32_t
ls_pid (void)
{
  return (uint32_t) call (SYS_getpid, 0, 0, 0, 0);
}

uint32_t
ls_tid (void)
{
  return (uint32_t) call (SYS_gettid, 0, 0, 0, 0);
}

/* "/proc/self/fd/FD" */
static void
write_open_link (char *link, int fd)
{
  char digits[12];
  size_t n = 0, used = strlen (strcpy (link, "/proc/self/fd/"));

  do
    digits[n++] = (char) ('0' + fd % 10);
  while ((fd /= 10) > 0);
  while (n > 0)
    link[used++] = digits[--n];
  link[used] = '\0';
}

/* The number that ends what the link at `path` leads to; 0: there is none. */
static uint32_t
read_number (const char *path)
{
  char text[64];
  uint32_t number = 0;
  long n = call (SYS_readlinkat, AT_FDCWD, (long) path, (long) text, sizeof text);
  for (long i = 0; i < n; i++)
    number = text[i] >= '0' && text[i] <= '9' ? number * 10 + (uint32_t) (text[i] - '0') : 0;
  return number;
}

uint32_t
ls_outer_pid (void)
{
  uint32_t pid = read_number ("/proc/self");
  return pid ? pid : ls_pid ();
}

void
ls_get_folder (char *path, size_t room)
{
  if (call (SYS_getcwd, (long) path, (long) room - 1, 0, 0) <= 0 || path[0] != '/')
    path[0] = '\0';
}

void
ls_get_open_path (int fd, char *path, size_t room)
{
  char link[LINK_ROOM];

  write_open_link (link, fd);
  long n = call (SYS_readlinkat, AT_FDCWD, (long) link, (long) path, (long) room - 1);
  path[n > 0 ? n : 0] = '\0';
}

bool
ls_is_program (const char *path)
{
  struct stat status;
  return call (SYS_newfstatat, AT_FDCWD, (long) path, (long) &status, 0) == 0 &&
         S_ISREG (status.st_mode) && call (SYS_faccessat, AT_FDCWD, (long) path, X_OK, 0) == 0;
}

uint32_t
ls_outer_tid (void)
{
  uint32_t tid = read_number ("/proc/thread-self");
  return tid ? tid : ls_tid ();
}

long
ls_open_file (const char *path, int flags)
{
  return call (SYS_openat, AT_FDCWD, (long) path, flags | O_CLOEXEC, 0);
}

long
ls_reopen_file (int fd)
{
  char link[LINK_ROOM];

  write_open_link (link, fd);
  return ls_open_file (link, O_RDONLY | O_NONBLOCK);
}

long
ls_read_file (int fd, void *bytes, size_t n)
{
  long got;
  do
    got = call (SYS_read, fd, (long) bytes, (long) n, 0);
  while (got == -EINTR);
  return got;
}

long
ls_read_file_at (int fd, void *bytes, size_t n, uint64_t offset)
{
  return call (SYS_pread64, fd, (long) bytes, (long) n, (long) offset);
}

void
ls_close_file (int fd)
{
  call (SYS_close, fd, 0, 0, 0);
}
