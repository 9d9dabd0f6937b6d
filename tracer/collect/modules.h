/* SPDX-License-Identifier: MIT */
/**
 * Which files' code lies where in a program, since some moment.
 *
 * The program lists its modules some time after one is loaded, and before one is unloaded. So what is
 * in no module of a list is looked for in the next list, once that is known: it was loaded meanwhile.
 * Immutable but for that; may be passed between threads.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct {
  uint64_t start, end, bias;
  char *id; /* build id in hex; NULL: none */
  char *path;
  gint64 noted_us; /* wall clock: the file was as it is in memory then; 0: not known */
} LsModule;

typedef struct _LsModules LsModules;

/* Parses the lines of a LsModulesNote; those that are no module are left out. */
LsModules *ls_modules_new (const char *text, gint64 noted_us);
LsModules *ls_modules_ref (LsModules *modules);
void ls_modules_unref (LsModules *modules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LsModules, ls_modules_unref)

/* The list after this one; takes a reference. Once. */
void ls_modules_set_next (LsModules *modules, LsModules *next);

/* The module that has the address; NULL: none has. Borrowed. */
const LsModule *ls_modules_find (const LsModules *modules, uint64_t address);

/* Calls `func` for each module that is not in the list `later` at the same place. */
void ls_modules_each_gone (const LsModules *modules,
                           const LsModules *later,
                           void (*func) (const LsModule *module, gpointer data),
                           gpointer data);

G_END_DECLS
