/* SPDX-License-Identifier: MIT */
/* The program that `lockstitch record` runs: its process, and the signals that are meant for it. */
#pragma once

#include <glib.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "region.h"

G_BEGIN_DECLS

typedef struct {
  const char *path;          /* its file */
  char **argv;               /* argv[0] as the program shall see it */
  const char *library;       /* preloaded; NULL: the program would not bear it */
  const char *preload_first; /* before it, or NULL */
  bool output_to_stderr;     /* its standard output is our standard error */
} LsProgramPlan;

typedef struct {
  pid_t pid;
  bool has_ended;
  int status;    /* its wait status */
  int signal_fd; /* readable when ls_program_take_signal() has something to do */
} LsProgram;

/* Starts it; its pid is in the region before it runs. From then on the signals that people send are
 * blocked here and come through signal_fd. Returns 0, or the errno value of an exec that failed. */
int ls_program_start (LsProgram *program,
                      const LsProgramPlan *plan,
                      LsRegion *region,
                      const char *region_path);

/* Takes one signal. Those of other processes go on to the program, those of the terminal reach it
 * anyway; when the program is stopped, we stop with it, as a shell's job does, calling `before_stop`
 * first. Returns the signal's number, 0 when there was none. */
int ls_program_take_signal (LsProgram *program, void (*before_stop) (gpointer), gpointer data);

/* Back to the signals as they were before it. */
void ls_program_clear (LsProgram *program);

G_END_DECLS
