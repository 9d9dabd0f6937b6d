/* SPDX-License-Identifier: MIT */
/**
 * The program, which must not notice us, and whoever started us, who should not notice that the
 * program is another process than `lockstitch record`.
 *
 * Both are in the terminal's foreground group, so that Ctrl-C and Ctrl-Z reach both. We take no
 * notice but through the program: we end when it ends and stop when it stops.
 */
#include "record-program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

static const int taken[] = { SIGINT,  SIGQUIT, SIGHUP,  SIGTERM, SIGUSR1, SIGUSR2,
                             SIGALRM, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGCHLD };

static sigset_t saved_mask;

static void
exec_program (const LsProgramPlan *plan, const char *preload, const char *region_path)
{
  if (preload)
    setenv ("LD_PRELOAD", preload, 1);
  setenv (LS_REGION_ENV, region_path, 1);
  execv (plan->path, plan->argv);
  if (errno == ENOEXEC) { /* a script without "#!": as the shells do */
    g_autoptr (GPtrArray) shell = g_ptr_array_new ();
    g_ptr_array_add (shell, (char *) "/bin/sh");
    g_ptr_array_add (shell, (char *) plan->path);
    for (char **arg = plan->argv + 1; plan->argv[0] && *arg; arg++)
      g_ptr_array_add (shell, *arg);
    g_ptr_array_add (shell, NULL);
    execv ("/bin/sh", (char **) shell->pdata);
  }
}

static void
become_program (const LsProgramPlan *plan,
                const char *preload,
                LsRegion *region,
                const char *region_path,
                int failure_fd)
{
  sigprocmask (SIG_SETMASK, &saved_mask, NULL);
  atomic_store (&region->main_pid, (uint32_t) getpid ());
  if (!plan->output_to_stderr || dup2 (STDERR_FILENO, STDOUT_FILENO) >= 0)
    exec_program (plan, preload, region_path);
  int error = errno;
  ssize_t n = write (failure_fd, &error, sizeof error);
  _exit (n < 0 ? 126 : 127);
}

/* Whether AddressSanitizer's library, which refuses to come second, is what the user preloads first. */
static bool
is_asan_first (const char *users)
{
  g_auto (GStrv) entries = g_strsplit_set (users, ": ", 2);
  g_autofree char *name = g_path_get_basename (entries[0] ? entries[0] : "");
  return g_str_has_prefix (name, "libasan.so");
}

/* Ours, then what the user preloads; first what must come before anything. */
static char *
dup_preload (const char *library, const char *preload_first)
{
  const char *users = g_getenv ("LD_PRELOAD");
  if (users && is_asan_first (users))
    return g_strconcat (users, ":", library, NULL);
  return g_strconcat (preload_first ? preload_first : "", preload_first ? ":" : "", library,
                      users && *users ? ":" : "", users && *users ? users : "", NULL);
}

int
ls_program_start (LsProgram *program,
                  const LsProgramPlan *plan,
                  LsRegion *region,
                  const char *region_path)
{
  *program = (LsProgram){ .signal_fd = -1 };
  int fds[2];
  if (pipe2 (fds, O_CLOEXEC) != 0)
    return errno;
  g_autofree char *preload =
    plan->library ? dup_preload (plan->library, plan->preload_first) : NULL;
  /* A signal may wait until the program can have it. Those that we were told to ignore, by nohup,
   * say, are not waiting, and the program ignores them too. */
  sigset_t mask;
  sigemptyset (&mask);
  for (guint i = 0; i < G_N_ELEMENTS (taken); i++)
    sigaddset (&mask, taken[i]);
  signal (SIGCHLD, SIG_DFL); /* or its end would be lost to us */
  sigprocmask (SIG_BLOCK, &mask, &saved_mask);
  program->signal_fd = signalfd (-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
  program->pid = program->signal_fd >= 0 ? fork () : -1;
  if (program->pid == 0)
    become_program (plan, preload, region, region_path, fds[1]);
  int error = program->pid < 0 ? errno : 0;
  close (fds[1]);
  /* A signal that came before the exec goes to the program, not to our copy of it. */
  if (program->pid > 0 && read (fds[0], &error, sizeof error) != sizeof error)
    error = 0;
  close (fds[0]);
  if (error != 0) {
    if (program->pid > 0)
      waitpid (program->pid, NULL, 0);
    ls_program_clear (program);
  }
  return error;
}

static bool
has_terminal (void)
{
  int fd = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (fd >= 0)
    close (fd);
  return fd >= 0;
}

/* What has become of the program since. */
static void
wait_for_change (LsProgram *program, void (*before_stop) (gpointer), gpointer data)
{
  int status;
  if (program->has_ended || waitpid (program->pid, &status, WNOHANG | WUNTRACED) != program->pid)
    return;
  if (!WIFSTOPPED (status)) {
    program->has_ended = true;
    program->status = status;
  } else if (has_terminal ()) { /* without one there is no shell that would let us go on */
    before_stop (data);
    raise (SIGSTOP);
    kill (program->pid, SIGCONT); /* whoever woke us alone meant the program */
  }
}

int
ls_program_take_signal (LsProgram *program, void (*before_stop) (gpointer), gpointer data)
{
  struct signalfd_siginfo info;
  if (read (program->signal_fd, &info, sizeof info) != sizeof info)
    return 0;
  int number = (int) info.ssi_signo;
  if (number == SIGCHLD)
    wait_for_change (program, before_stop, data);
  else if (info.ssi_code <= 0 && !program->has_ended)
    kill (program->pid, number);
  return number;
}

void
ls_program_clear (LsProgram *program)
{
  if (program->signal_fd >= 0)
    close (program->signal_fd);
  program->signal_fd = -1;
  sigprocmask (SIG_SETMASK, &saved_mask, NULL);
}
