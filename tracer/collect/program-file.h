/* SPDX-License-Identifier: MIT */
/* What of a program file decides whether liblockstitch can be preloaded into it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  LS_PROGRAM_RECORDABLE,  /* as far as the file tells */
  LS_PROGRAM_STATIC,      /* no dynamic linker that could preload */
  LS_PROGRAM_PRIVILEGED,  /* set-user-id, set-group-id or with capabilities */
  LS_PROGRAM_OTHER_CLASS, /* of another word size or machine than this library */
  LS_PROGRAM_OTHER_LIBC,  /* whose dynamic linker would refuse to start it with this library */
  LS_PROGRAM_GO,          /* static, and its locks are its own anyway */
  LS_PROGRAM_TSAN,        /* has ThreadSanitizer's own runtime, which preloading would crash */
} LsProgramKind;

typedef struct {
  LsProgramKind kind;
  char *asan; /* name of the AddressSanitizer library that must be preloaded first; NULL: none */
} LsProgramFile;

/* Looks at the program file, or at the interpreter of a script. Never fails: what cannot be read is
 * taken for recordable. Clear with ls_program_file_clear(). */
void ls_program_file_examine (const char *path, LsProgramFile *program);
void ls_program_file_clear (LsProgramFile *program);

/* One sentence and a line of advice for a program that cannot be recorded; NULL if it can. */
const char *ls_program_file_explain (LsProgramKind kind);

G_END_DECLS
