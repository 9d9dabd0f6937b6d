/* SPDX-License-Identifier: MIT */
/* Names of DWARF's entries with the namespaces, classes and functions that they stand in. */
#pragma once

#include <elfutils/libdw.h>
#include <glib.h>

#include "demangle.h"

G_BEGIN_DECLS

/* A function's or variable's name by itself: "Pool::run" by its linkage name, else "run". NULL: it
 * has none. *is_whole: nothing has to be put before it. Owned. */
char *ls_die_dup_name (Dwarf_Die *die, LsNameOf what, gboolean *is_whole);

/* "Pool::run", also where there is no linkage name: looks for what the function stands in, which
 * costs a walk through its compile unit. NULL: no name. Owned. */
char *ls_die_dup_function (Dwarf_Die *die);

/* The unit that tells, where it only points to a file that was split off; else as it is. */
Dwarf_Die ls_die_find_whole_unit (const Dwarf_Die *unit);

/* Scopes from the innermost, as a walk through them puts them one into another. */
typedef struct _LsScope LsScope;
struct _LsScope {
  const LsScope *parent; /* NULL: the compile unit's own */
  Dwarf_Die *die;
};

/* "queue_lock", "pool::queue_lock", "Pool::run()::guard". NULL: no name. Owned. */
char *ls_die_dup_variable (Dwarf_Die *die, const LsScope *scope);

G_END_DECLS
