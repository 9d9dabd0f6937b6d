/* SPDX-License-Identifier: MIT */
/* C++ and Rust names as people write them. Part of symbols. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  LS_NAME_FUNCTION, /* "Pool::run" for Pool::run(int) const */
  LS_NAME_VARIABLE, /* "Pool::run()::guard" for Pool::run(int)::guard */
} LsNameOf;

/* A symbol's name: plain ones as they are. Owned. Any thread. */
char *ls_demangle (const char *symbol, LsNameOf what);

/* All that a C++ symbol says, types of parameters too; NULL: it is none, or the demangler is missing.
 * Owned. Any thread. */
char *ls_demangle_whole (const char *symbol);

/* A symbol's name for text that a demangler has written: without types of parameters and results, unnamed
 * namespaces, and the versions that libraries put into theirs. Owned. */
char *ls_demangle_tidy (const char *text, LsNameOf what);

G_END_DECLS
