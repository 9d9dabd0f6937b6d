/* SPDX-License-Identifier: MIT */
/* Which compile unit the code at an address is from. Part of symbols. */
#pragma once

#include <elfutils/libdwfl.h>
#include <glib.h>

G_BEGIN_DECLS

typedef struct _LsUnits LsUnits;

/* Reads nothing yet. */
LsUnits *ls_units_new (Dwfl_Module *module);
void ls_units_free (LsUnits *units);

/* The unit whose code is at `address`, counted as libdwfl does; NULL: none. *bias is that of
 * libdwfl's addresses to DWARF's. */
Dwarf_Die *ls_units_find (LsUnits *units, Dwarf_Addr address, Dwarf_Addr *bias);

G_END_DECLS
