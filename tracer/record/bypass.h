/* SPDX-License-Identifier: MIT */
/* Modules whose calls do not come through this library, though it was preloaded: those opened with
 * RTLD_DEEPBIND, and those in a namespace of their own (dlmopen). */
#pragma once

#include <link.h>
#include <stdbool.h>

/* Whether the module, in the program's own namespace, calls the C library's locks directly, as far as
 * it has called them yet. `from` and `to`: where it lies. */
bool ls_bypass_is_deep (const ElfW (Dyn) * dynamic, ElfW (Addr) bias, uintptr_t from, uintptr_t to);

/* Calls `func` for each module in another namespace that uses locks. Within dl_iterate_phdr(), which
 * keeps them from going. */
void ls_bypass_each_apart (void (*func) (const char *path, void *data), void *data);
