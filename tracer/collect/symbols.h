/* SPDX-License-Identifier: MIT */
/**
 * Names of code and data addresses of a recorded program, from its files' DWARF and symbol tables.
 *
 * What was read of a file is kept, so that many images of one program cost little more than one.
 * A file that is not the one that the program runs, having been replaced since, tells nothing. An
 * LsSymbols belongs to one thread.
 */
#pragma once

#include "modules.h"

G_BEGIN_DECLS

typedef struct {
  char *function; /* never NULL in the outermost frame: "prog+0x1234" where there is no symbol */
  gboolean has_symbol; /* `function` is a name */
  char *file;          /* NULL: not known; absolute where DWARF tells the folder */
  uint32_t line;       /* 0: not known */
} LsFrame;

typedef struct _LsSymbols LsSymbols;

LsSymbols *ls_symbols_new (void);
void ls_symbols_free (LsSymbols *symbols);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LsSymbols, ls_symbols_free)

/* The function at `pc`, and those it was inlined into, the innermost first. Give the return address
 * less one for a call. Never empty; NULL when no module has the address. A reference: what is in it
 * is shared with whoever asked for the same place, and never changes. */
GPtrArray *ls_symbols_find_frames (LsSymbols *symbols, LsModules *modules, uint64_t pc);

/* The variable at `address` with the path inside it: "queue.lock", "shards[3].mutex"; "table+24"
 * by symbol, "prog+0x4040" with neither. NULL when no module has the address. Owned. */
char *ls_symbols_find_variable (LsSymbols *symbols, LsModules *modules, uint64_t address);

/* The symbol as the file has it that the address lies in, and the way into it; NULL: none. Borrowed, as
 * long as `symbols` is there. */
const char *
ls_symbols_find_symbol (LsSymbols *symbols, LsModules *modules, uint64_t address, uint64_t *offset);

G_END_DECLS
