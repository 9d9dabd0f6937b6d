/* SPDX-License-Identifier: MIT */
/**
 * Programs that this one becomes or starts: each is noted in the region before it runs, so that the
 * collector can tell of those that never joined the recording; and those that would not bear this
 * library are spared it.
 *
 * All of it may run in a child of vfork, which shares its parent's memory: nothing but the region is
 * written to.
 */
#include "process.h"
#include "target.h"
#include "wrap.h"

#include <alloca.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>

/* The arguments of a call up to NULL, as a vector on the caller's stack; LIST is left behind them. The
 * first may be NULL itself, though the compiler is told that it is not. */
#define GATHER(ARGV, FIRST, LIST)                           \
  do {                                                      \
    const char *ls_first = (FIRST);                         \
    size_t ls_n = 1;                                        \
    __asm__("" : "+r"(ls_first));                           \
    va_start (LIST, FIRST);                                 \
    while (ls_first && va_arg (LIST, char *))               \
      ls_n++;                                               \
    va_end (LIST);                                          \
    (ARGV) = alloca ((ls_n + 1) * sizeof (char *));         \
    va_start (LIST, FIRST);                                 \
    (ARGV)[0] = (char *) ls_first;                          \
    for (size_t ls_i = 1; ls_first && ls_i <= ls_n; ls_i++) \
      (ARGV)[ls_i] = va_arg (LIST, char *);                 \
  } while (0)

/* Finds the program as ls_target_find() does, and sets ENVP to what it bears. */
#define LOOK(TARGET, FOLDER, NAME, IS_SEARCHED, ENVP)                         \
  do {                                                                        \
    ls_target_find (TARGET, FOLDER, NAME, IS_SEARCHED);                       \
    size_t ls_bytes = ls_target_environment_bytes (TARGET, ENVP);             \
    if (ls_bytes > 0)                                                         \
      (ENVP) = ls_target_write_environment (TARGET, ENVP, alloca (ls_bytes)); \
  } while (0)

/* Notes the program and runs it; we come back only when it cannot be run. */
#define EXEC(FOLDER, NAME, IS_SEARCHED, ENVP, CALL)                                          \
  do {                                                                                       \
    LsTarget ls_target;                                                                      \
    bool ls_noted = ls_on ();                                                                \
    LOOK (&ls_target, FOLDER, NAME, IS_SEARCHED, ENVP);                                      \
    LsExecNote *ls_note =                                                                    \
      ls_noted ? ls_process_note_exec (ls_target.path, ls_outer_pid (), ls_ticks ()) : NULL; \
    int ls_result = CALL;                                                                    \
    if (ls_note)                                                                             \
      atomic_store (&ls_note->failed, 1);                                                    \
    return ls_result;                                                                        \
  } while (0)

LS_EXPORT int
execve (const char *path, char *const argv[], char *const envp[])
{
  EXEC (AT_FDCWD, path, false, envp, LS_CALL_ERRNO (execve, path, argv, envp));
}

LS_EXPORT int
execv (const char *path, char *const argv[])
{
  char *const *envp = environ;
  EXEC (AT_FDCWD, path, false, envp, LS_CALL_ERRNO (execve, path, argv, envp));
}

LS_EXPORT int
execvp (const char *file, char *const argv[])
{
  char *const *envp = environ;
  EXEC (AT_FDCWD, file, true, envp, LS_CALL_ERRNO (execvpe, file, argv, envp));
}

LS_EXPORT int
execvpe (const char *file, char *const argv[], char *const envp[])
{
  EXEC (AT_FDCWD, file, true, envp, LS_CALL_ERRNO (execvpe, file, argv, envp));
}

LS_EXPORT int
fexecve (int fd, char *const argv[], char *const envp[])
{
  EXEC (fd, "", false, envp, LS_CALL_ERRNO (fexecve, fd, argv, envp));
}

LS_EXPORT int
execveat (int folder, const char *path, char *const argv[], char *const envp[], int flags)
{
  EXEC (folder, path, false, envp, LS_CALL_ERRNO (execveat, folder, path, argv, envp, flags));
}

LS_EXPORT int
execl (const char *path, const char *arg, ...)
{
  va_list list;
  char **argv;
  char *const *envp = environ;
  GATHER (argv, arg, list);
  va_end (list);
  EXEC (AT_FDCWD, path, false, envp, LS_CALL_ERRNO (execve, path, argv, envp));
}

LS_EXPORT int
execlp (const char *file, const char *arg, ...)
{
  va_list list;
  char **argv;
  char *const *envp = environ;
  GATHER (argv, arg, list);
  va_end (list);
  EXEC (AT_FDCWD, file, true, envp, LS_CALL_ERRNO (execvpe, file, argv, envp));
}

LS_EXPORT int
execle (const char *path, const char *arg, ...)
{
  va_list list;
  char **argv;
  GATHER (argv, arg, list);
  char *const *envp = va_arg (list, char *const *);
  va_end (list);
  EXEC (AT_FDCWD, path, false, envp, LS_CALL_ERRNO (execve, path, argv, envp));
}

/* The child's id is known only afterwards; the moment before decides what came of it. */
#define SPAWN(PID, FILE, IS_SEARCHED, ENVP, CALL)                              \
  do {                                                                         \
    LsTarget ls_target;                                                        \
    pid_t ls_child = 0;                                                        \
    bool ls_noted = ls_on ();                                                  \
    uint64_t ls_before = ls_noted ? ls_ticks () : 0;                           \
    pid_t *ls_pid_at = (PID) ? (PID) : &ls_child;                              \
    LOOK (&ls_target, AT_FDCWD, FILE, IS_SEARCHED, ENVP);                      \
    int ls_error = CALL;                                                       \
    if (ls_noted && ls_error == 0)                                             \
      ls_process_note_exec (ls_target.path, (uint32_t) *ls_pid_at, ls_before); \
    return ls_error;                                                           \
  } while (0)

LS_EXPORT int
posix_spawn (pid_t *pid,
             const char *path,
             const posix_spawn_file_actions_t *actions,
             const posix_spawnattr_t *attributes,
             char *const argv[],
             char *const envp[])
{
  SPAWN (pid, path, false, envp,
         LS_CALL (posix_spawn, ls_pid_at, path, actions, attributes, argv, envp));
}

LS_EXPORT int
posix_spawnp (pid_t *pid,
              const char *file,
              const posix_spawn_file_actions_t *actions,
              const posix_spawnattr_t *attributes,
              char *const argv[],
              char *const envp[])
{
  SPAWN (pid, file, true, envp,
         LS_CALL (posix_spawnp, ls_pid_at, file, actions, attributes, argv, envp));
}
