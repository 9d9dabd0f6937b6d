/* SPDX-License-Identifier: MIT */
/**
 * Whether the program's C++ was built without optimisation: its std::mutex then locks through
 * functions of the standard library's that were not inlined, so that the caller of pthread_mutex_lock
 * says nothing, and who called that has to be recorded too.
 *
 * Such a function is in the executable's symbol table, whose names are looked through once.
 */
#include "process.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>

#define MAX_NAMES_BYTES (64u << 20) /* larger programs are not looked through */

static bool
read_at (int fd, void *bytes, size_t n, uint64_t offset)
{
  return ls_read_file_at (fd, bytes, n, offset) == (long) n;
}

/* The section with the names of the symbol table. */
static bool
find_names (int fd, ElfW (Shdr) * names)
{
  ElfW (Ehdr) header;
  ElfW (Shdr) section;

  if (!read_at (fd, &header, sizeof header, 0) || memcmp (header.e_ident, ELFMAG, SELFMAG) != 0 ||
      header.e_shentsize != sizeof section)
    return false;
  for (unsigned i = 0; i < header.e_shnum; i++) {
    if (!read_at (fd, &section, sizeof section, header.e_shoff + i * sizeof section))
      return false;
    if (section.sh_type == SHT_SYMTAB)
      return section.sh_link < header.e_shnum &&
             read_at (fd, names, sizeof *names, header.e_shoff + section.sh_link * sizeof section);
  }
  return false;
}

/* Whether some name begins so. */
static bool
names_begin (int fd, const ElfW (Shdr) * names, const char *text)
{
  static char bytes[1 << 16];
  size_t n_text = strlen (text);

  if (names->sh_size > MAX_NAMES_BYTES)
    return false;
  for (uint64_t done = 0; done + n_text < names->sh_size; done += sizeof bytes - n_text) {
    uint64_t left = names->sh_size - done;
    size_t n = left < sizeof bytes ? (size_t) left : sizeof bytes;
    if (!read_at (fd, bytes, n, names->sh_offset + done))
      return false;
    for (const char *at = bytes; (at = memchr (at, '\0', (size_t) (bytes + n - at)));) {
      if ((size_t) (bytes + n - ++at) < n_text)
        break;
      if (memcmp (at, text, n_text) == 0)
        return true;
    }
  }
  return false;
}

bool
ls_program_calls_through (const char *exe)
{
  ElfW (Shdr) names;
  long fd = ls_open_file (exe, O_RDONLY);

  if (fd < 0)
    return false;
  bool found =
    find_names ((int) fd, &names) && names_begin ((int) fd, &names, "_ZL20__gthread_mutex_lock");
  ls_close_file ((int) fd);
  return found;
}
