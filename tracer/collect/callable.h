/* SPDX-License-Identifier: MIT */
/* What a C++ thread runs, by the object that libstdc++ was given for it. */
#pragma once

#include "symbols.h"

G_BEGIN_DECLS

typedef struct {
  char *name;       /* "Pool::run" or "main()::{lambda}"; NULL: not known */
  const char *word; /* "lambda", "async": it is better told by where the thread was created; NULL:
                       the name says it. A constant */
} LsCallable;

/* `words`: the first LS_CALLABLE_WORDS of the object, 0 where it is known to end. Clear the name. */
void ls_callable_find (LsSymbols *symbols,
                       LsModules *modules,
                       const uint64_t *words,
                       LsCallable *callable);

G_END_DECLS
