/* SPDX-License-Identifier: MIT */
/* Knowing runtimes by their files' names, Go and Rust by what their compilers leave in a file. */
#include "runtime.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define MAX_SEARCHED_BYTES (64u << 20) /* of a file's constants */

/* Libraries that are such a runtime, by the beginning of their names. */
static const struct {
  const char *file, *runtime;
} libraries[] = {
  { "libgomp.so", "OpenMP" },  { "libomp.so", "OpenMP" },    { "libiomp5.so", "OpenMP" },
  { "libtbb.so", "TBB" },      { "libgo.so", "Go" },         { "libjvm.so", "Java" },
  { "libcoreclr.so", ".NET" }, { "libglib-2.0.so", "GLib" }, { "libQt5Core.so", "Qt" },
  { "libQt6Core.so", "Qt" },   { "libstd-", "Rust" },
};

static const char *
find_by_name (const char *path)
{
  const char *slash = strrchr (path, '/');
  const char *file = slash ? slash + 1 : path;
  for (guint i = 0; i < G_N_ELEMENTS (libraries); i++)
    if (g_str_has_prefix (file, libraries[i].file))
      return libraries[i].runtime;
  return NULL;
}

static bool
holds (Elf_Scn *section, const char *words)
{
  Elf_Data *data = elf_rawdata (section, NULL);
  return data && data->d_buf &&
         memmem (data->d_buf, MIN (data->d_size, MAX_SEARCHED_BYTES), words, strlen (words));
}

static const char *
find_in_elf (Elf *elf)
{
  size_t names;
  if (elf_getshdrstrndx (elf, &names) != 0)
    return NULL;
  Elf_Scn *comment = NULL, *constants = NULL;
  for (Elf_Scn *section = NULL; (section = elf_nextscn (elf, section));) {
    GElf_Shdr header;
    const char *name =
      gelf_getshdr (section, &header) ? elf_strptr (elf, names, header.sh_name) : NULL;
    if (!name || header.sh_type == SHT_NOBITS)
      continue;
    if (strcmp (name, ".go.buildinfo") == 0 || strcmp (name, ".note.go.buildid") == 0)
      return "Go";
    if (strcmp (name, ".comment") == 0)
      comment = section;
    else if (strcmp (name, ".rodata") == 0)
      constants = section;
  }
  if (comment && !holds (comment, "rustc "))
    return NULL;
  /* Distributions take the comment away, but places to panic at stay; and without those of the
   * standard library there are none of its locks. */
  return constants && holds (constants, "library/std/src/") ? "Rust" : NULL;
}

static const char *
find_in_file (const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    return NULL;
  elf_version (EV_CURRENT);
  Elf *elf = elf_begin (fd, ELF_C_READ, NULL);
  const char *runtime = elf && elf_kind (elf) == ELF_K_ELF ? find_in_elf (elf) : NULL;
  elf_end (elf);
  close (fd);
  return runtime;
}

const char *
ls_runtime_find (const char *path)
{
  static GMutex lock;
  static GHashTable *known; /* path -> runtime or "" */
  const char *runtime = find_by_name (path);
  if (runtime)
    return runtime;
  g_mutex_lock (&lock);
  if (!known)
    known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  runtime = g_hash_table_lookup (known, path);
  if (!runtime) {
    runtime = find_in_file (path);
    g_hash_table_insert (known, g_strdup (path), (gpointer) (runtime ? runtime : ""));
  }
  g_mutex_unlock (&lock);
  return runtime && *runtime ? runtime : NULL;
}

char *
ls_runtime_dup_name (const char *path, const char *runtime)
{
  g_autofree char *file = g_path_get_basename (path);
  char *suffix = strstr (file, ".so");
  if (!suffix)
    return g_strdup_printf ("%s (%s)", file, runtime);
  *suffix = '\0';
  return find_by_name (path) ? g_strdup (file) : g_strdup_printf ("%s (%s)", file, runtime);
}
