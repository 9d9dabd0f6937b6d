/* SPDX-License-Identifier: MIT */
/* Reading the program's ELF headers. */
#include "program-file.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "loader.h"
#include "runtime.h"

#define MAX_SCRIPTS 4 /* scripts run by scripts */

#if defined(__x86_64__)
#  define OWN_MACHINE EM_X86_64
#elif defined(__aarch64__)
#  define OWN_MACHINE EM_AARCH64
#else
#  define OWN_MACHINE EM_NONE
#endif

static void
examine_needed (Elf *elf, Elf_Data *data, size_t strings, size_t n_entries, LsProgramFile *program)
{
  for (size_t i = 0; i < n_entries; i++) {
    GElf_Dyn dynamic;
    if (!gelf_getdyn (data, (int) i, &dynamic) || dynamic.d_tag != DT_NEEDED)
      continue;
    const char *name = elf_strptr (elf, strings, dynamic.d_un.d_val);
    if (!name)
      continue;
    if (g_str_has_prefix (name, "libtsan.so"))
      program->kind = LS_PROGRAM_TSAN;
    if (g_str_has_prefix (name, "libasan.so") && !program->asan)
      program->asan = g_strdup (name);
  }
}

/* clang links its runtime into the program and exports it. */
static void
examine_symbols (Elf *elf, Elf_Data *data, size_t strings, size_t n_entries, LsProgramFile *program)
{
  for (size_t i = 0; i < n_entries; i++) {
    GElf_Sym symbol;
    if (!gelf_getsym (data, (int) i, &symbol) || symbol.st_shndx == SHN_UNDEF)
      continue;
    const char *name = elf_strptr (elf, strings, symbol.st_name);
    if (name && strcmp (name, "__tsan_init") == 0)
      program->kind = LS_PROGRAM_TSAN;
  }
}

static void
examine_sections (Elf *elf, LsProgramFile *program)
{
  for (Elf_Scn *section = NULL; (section = elf_nextscn (elf, section));) {
    GElf_Shdr header;
    if (!gelf_getshdr (section, &header) || header.sh_entsize == 0)
      continue;
    if (header.sh_type != SHT_DYNAMIC && header.sh_type != SHT_DYNSYM)
      continue;
    Elf_Data *data = elf_getdata (section, NULL);
    size_t n_entries = header.sh_size / header.sh_entsize;
    if (data && header.sh_type == SHT_DYNAMIC)
      examine_needed (elf, data, header.sh_link, n_entries, program);
    else if (data)
      examine_symbols (elf, data, header.sh_link, n_entries, program);
  }
}

/* The dynamic linker that the program names; NULL: none, it is static. Owned. */
static char *
dup_linker (Elf *elf)
{
  size_t n_headers = 0;
  if (elf_getphdrnum (elf, &n_headers) != 0)
    return g_strdup ("");
  for (size_t i = 0; i < n_headers; i++) {
    GElf_Phdr header;
    if (!gelf_getphdr (elf, (int) i, &header) || header.p_type != PT_INTERP)
      continue;
    Elf_Data *data =
      elf_getdata_rawchunk (elf, (int64_t) header.p_offset, header.p_filesz, ELF_T_BYTE);
    return data ? g_strndup (data->d_buf, data->d_size) : g_strdup ("");
  }
  return NULL;
}

static void
examine_elf (int fd, LsProgramFile *program)
{
  elf_version (EV_CURRENT);
  Elf *elf = elf_begin (fd, ELF_C_READ, NULL);
  GElf_Ehdr header;
  if (elf && elf_kind (elf) == ELF_K_ELF && gelf_getehdr (elf, &header)) {
    g_autofree char *linker = dup_linker (elf);
    if (gelf_getclass (elf) != (sizeof (void *) == 8 ? ELFCLASS64 : ELFCLASS32) ||
        (OWN_MACHINE != EM_NONE && header.e_machine != OWN_MACHINE))
      program->kind = LS_PROGRAM_OTHER_CLASS;
    else if (!linker)
      program->kind = LS_PROGRAM_STATIC;
    else if (!ls_loader_is_glibc (linker))
      program->kind = LS_PROGRAM_OTHER_LIBC;
    else
      examine_sections (elf, program);
  }
  elf_end (elf);
}

/* The interpreter that a script's first line names, and what env would find; NULL for anything
 * else. */
static char *
dup_interpreter (int fd)
{
  char head[256];
  ssize_t n = pread (fd, head, sizeof head - 1, 0);
  if (n < 3 || head[0] != '#' || head[1] != '!')
    return NULL;
  head[n] = '\0';
  head[2 + strcspn (head + 2, "\r\n")] = '\0';
  g_auto (GStrv) words = g_strsplit_set (head + 2, " \t", -1);
  const char *path = NULL;
  for (char **word = words; *word; word++) {
    bool is_env = path && g_str_has_suffix (path, "/env");
    if (!**word || (is_env && **word == '-') || (path && !is_env))
      continue;
    if (is_env)
      return g_find_program_in_path (*word);
    path = *word;
  }
  return path && g_path_is_absolute (path) ? g_strdup (path) : NULL;
}

/* Root's running a set-user-id program of root's changes nothing. */
static bool
changes_rights (const struct stat *info)
{
  return ((info->st_mode & S_ISUID) && info->st_uid != geteuid ()) ||
         ((info->st_mode & S_ISGID) && info->st_gid != getegid ());
}

void
ls_program_file_examine (const char *path, LsProgramFile *program)
{
  *program = (LsProgramFile){ .kind = LS_PROGRAM_RECORDABLE };
  g_autofree char *file = g_strdup (path);
  for (int i = 0; file && i < MAX_SCRIPTS; i++) {
    int fd = open (file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
      return;
    g_autofree char *interpreter = dup_interpreter (fd);
    struct stat info;
    if (!interpreter) {
      examine_elf (fd, program);
      if (program->kind == LS_PROGRAM_STATIC && g_strcmp0 (ls_runtime_find (file), "Go") == 0)
        program->kind = LS_PROGRAM_GO;
      if (fstat (fd, &info) == 0 && changes_rights (&info))
        program->kind = LS_PROGRAM_PRIVILEGED;
      else if (fgetxattr (fd, "security.capability", NULL, 0) > 0 && geteuid () != 0)
        program->kind = LS_PROGRAM_PRIVILEGED;
    }
    close (fd);
    g_free (file);
    file = g_steal_pointer (&interpreter);
  }
}

void
ls_program_file_clear (LsProgramFile *program)
{
  g_clear_pointer (&program->asan, g_free);
}

const char *
ls_program_file_explain (LsProgramKind kind)
{
  switch (kind) {
  case LS_PROGRAM_STATIC:
    return "it is linked statically, so nothing can be preloaded into it; link it dynamically";
  case LS_PROGRAM_PRIVILEGED:
    return "it runs with another user's rights, so nothing is preloaded into it; record a copy "
           "without them";
  case LS_PROGRAM_OTHER_CLASS:
    return "it is built for another machine or word size than liblockstitch; build it for this one";
  case LS_PROGRAM_OTHER_LIBC:
    return "it is built with another C library than liblockstitch's (musl, say); build it with glibc";
  case LS_PROGRAM_GO:
    return "it is a Go program, which is linked statically and has threads and locks of its own, "
           "past the C library; Go's own tools show them (go tool trace)";
  case LS_PROGRAM_TSAN:
    return "it has ThreadSanitizer's runtime, which does not bear being recorded; build it without "
           "-fsanitize=thread, or link it with -fno-sanitize=thread and liblockstitch";
  default:
    return NULL;
  }
}
