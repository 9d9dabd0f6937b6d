/* SPDX-License-Identifier: MIT */
/* Languages and libraries whose locks go past the C library's, so that no wrapper sees them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The runtime that the file is or holds: "Go", "Rust", "Java", "OpenMP" ...; NULL: none that is
 * known. Told by the file's name, or by what is in it, which is read and may take some milliseconds:
 * remembered from then on. Any thread may ask. A file that cannot be read has none. */
const char *ls_runtime_find (const char *path);

/* As a trace's `blind` names it: "libgomp", "server (Go)". Owned. */
char *ls_runtime_dup_name (const char *path, const char *runtime);

G_END_DECLS
