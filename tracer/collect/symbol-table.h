/* SPDX-License-Identifier: MIT */
/** A file's symbols by address, to be searched in logarithmic time: libdwfl's own search walks over all
 * of them each time, which is minutes for the sites of a large program without debug information. */
#pragma once

#include <elfutils/libdwfl.h>
#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct _LsSymbolTable LsSymbolTable;

/* The functions and variables of `module`, whose names the table borrows: the module outlives it. */
LsSymbolTable *ls_symbol_table_new (Dwfl_Module *module);
void ls_symbol_table_free (LsSymbolTable *table);

/* The symbol that holds `address`, libdwfl's; *offset is the way into it. NULL when none does. Of
 * several the innermost, of those at one place a global one. Borrowed. */
const char *ls_symbol_table_find (const LsSymbolTable *table, uint64_t address, uint64_t *offset);

G_END_DECLS
