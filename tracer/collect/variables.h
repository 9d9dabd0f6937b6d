/* SPDX-License-Identifier: MIT */
/* Names of a module's variables and what lies inside them, from DWARF. Part of symbols. */
#pragma once

#include <elfutils/libdwfl.h>
#include <glib.h>

G_BEGIN_DECLS

typedef struct _LsVariables LsVariables;

/* Reads all variables at fixed addresses; costly for large programs. NULL without DWARF. */
LsVariables *ls_variables_new (Dwfl_Module *module);
void ls_variables_free (LsVariables *variables);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LsVariables, ls_variables_free)

/* "shards[3].mutex" for an address as DWARF counts them; NULL: in no variable. Owned. */
char *ls_variables_find (LsVariables *variables, guint64 address);

G_END_DECLS
