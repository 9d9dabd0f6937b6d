/* SPDX-License-Identifier: MIT */
/* Which programs liblockstitch can live in, by the dynamic linker that they name. */
#pragma once

#include <stdbool.h>
#include <string.h>

/* True when `path`, a program's PT_INTERP, is a dynamic linker of glibc's, as on every architecture
 * and in every folder its name tells. */
static inline bool
ls_loader_is_glibc (const char *path)
{
  const char *slash = strrchr (path, '/');
  const char *name = slash ? slash + 1 : path;

  return strncmp (name, "ld-linux", 8) == 0 || strncmp (name, "ld-2.", 5) == 0 ||
         strncmp (name, "ld.so", 5) == 0 || strncmp (name, "ld64.so", 7) == 0;
}
