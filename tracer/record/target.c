/* SPDX-License-Identifier: MIT */
/* Finding and reading programs' files. */
#include "target.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>

#include "loader.h"
#include "process.h"

#define MAX_SCRIPTS 4 /* scripts run by scripts */
#define MAX_SEGMENTS 32
#define MAX_DYNAMIC 64 /* entries that may name a library needed; they come first */

#if defined(__x86_64__)
#  define OWN_MACHINE EM_X86_64
#elif defined(__aarch64__)
#  define OWN_MACHINE EM_AARCH64
#else
#  error "this machine's number in ELF files is not known"
#endif

typedef struct {
  int fd;
  unsigned n_segments;
  ElfW (Phdr) segments[MAX_SEGMENTS];
} File;

/* As many bytes of the text as there are up to `room`, with an end. */
static void
read_text (const File *file, uint64_t offset, char *text, size_t room)
{
  long n = ls_read_file_at (file->fd, text, room - 1, offset);
  text[n > 0 ? n : 0] = '\0';
}

static const ElfW (Phdr) * find_segment (const File *file, uint32_t type)
{
  for (unsigned i = 0; i < file->n_segments; i++)
    if (file->segments[i].p_type == type)
      return &file->segments[i];
  return NULL;
}

/* Where in the file an address is that the program will have. */
static uint64_t
get_offset (const File *file, uint64_t address)
{
  for (unsigned i = 0; i < file->n_segments; i++) {
    const ElfW (Phdr) *segment = &file->segments[i];
    if (segment->p_type == PT_LOAD && address - segment->p_vaddr < segment->p_filesz)
      return segment->p_offset + (address - segment->p_vaddr);
  }
  return UINT64_MAX;
}

/* gcc's AddressSanitizer is a library that refuses to come second. */
static void
find_asan (const File *file, LsTarget *target)
{
  ElfW (Dyn) dynamic[MAX_DYNAMIC];
  const ElfW (Phdr) *segment = find_segment (file, PT_DYNAMIC);
  uint64_t strings = UINT64_MAX;

  if (!segment)
    return;
  long bytes = ls_read_file_at (file->fd, dynamic, sizeof dynamic, segment->p_offset);
  size_t n = bytes > 0 ? (size_t) bytes / sizeof *dynamic : 0;
  for (size_t i = 0; i < n && dynamic[i].d_tag != DT_NULL; i++)
    if (dynamic[i].d_tag == DT_STRTAB)
      strings = get_offset (file, dynamic[i].d_un.d_ptr);
  for (size_t i = 0; i < n && dynamic[i].d_tag == DT_NEEDED && strings != UINT64_MAX; i++) {
    char name[sizeof target->asan];
    read_text (file, strings + dynamic[i].d_un.d_val, name, sizeof name);
    if (strncmp (name, "libasan.so", 10) == 0)
      memcpy (target->asan, name, sizeof name);
  }
}

static void
examine_elf (File *file, const ElfW (Ehdr) * header, LsTarget *target)
{
  char loader[256];

  target->is_foreign =
    header->e_ident[EI_CLASS] != (sizeof (void *) == 8 ? ELFCLASS64 : ELFCLASS32) ||
    header->e_machine != OWN_MACHINE;
  if (target->is_foreign || header->e_phentsize != sizeof *file->segments)
    return;
  size_t n = header->e_phnum < MAX_SEGMENTS ? header->e_phnum : MAX_SEGMENTS;
  long bytes =
    ls_read_file_at (file->fd, file->segments, n * sizeof *file->segments, header->e_phoff);
  file->n_segments = bytes > 0 ? (unsigned) ((size_t) bytes / sizeof *file->segments) : 0;
  const ElfW (Phdr) *segment = find_segment (file, PT_INTERP);
  if (!segment)
    return; /* static: nothing is preloaded, but what it starts may be recorded */
  read_text (file, segment->p_offset, loader, sizeof loader);
  target->is_foreign = !ls_loader_is_glibc (loader);
  if (!target->is_foreign)
    find_asan (file, target);
}

/* Reads the file behind `fd`. True for a script, whose interpreter is to be read instead. */
static bool
examine (int fd, LsTarget *target, char *interpreter, size_t room)
{
  File file = { .fd = fd };
  union {
    ElfW (Ehdr) header;
    char text[256];
  } head = { 0 };
  long n = ls_read_file_at (fd, &head, sizeof head - 1, 0);

  if (n >= (long) sizeof head.header && memcmp (head.text, ELFMAG, SELFMAG) == 0)
    examine_elf (&file, &head.header, target);
  if (n < 3 || head.text[0] != '#' || head.text[1] != '!')
    return false;
  const char *begin = head.text + 2 + strspn (head.text + 2, " \t");
  size_t length = strcspn (begin, " \t\r\n");
  if (length == 0 || length >= room)
    return false;
  memcpy (interpreter, begin, length);
  interpreter[length] = '\0';
  return true;
}

/* Goes on from the folder `path` to `text`; false when it does not fit. */
static bool
join (char *path, const char *text, size_t n)
{
  size_t used = *text == '/' ? 0 : strlen (path);
  bool has_slash = used == 0 || path[used - 1] == '/';

  if (n == 0)
    return true;
  if (n + 2 > PATH_MAX - used)
    return false;
  if (!has_slash)
    path[used++] = '/';
  memcpy (path + used, text, n);
  path[used + n] = '\0';
  return true;
}

static bool
find_in_path (char *path, const char *name)
{
  const char *folders = getenv ("PATH");

  for (const char *at = folders ? folders : "/bin:/usr/bin"; at; at = *at ? at + 1 : NULL) {
    size_t n = strcspn (at, ":");
    ls_get_folder (path, PATH_MAX);
    if (join (path, at, n) && join (path, name, strlen (name)) && ls_is_program (path))
      return true;
    at += n;
  }
  return false;
}

static bool
find_file (char *path, int folder, const char *name, bool is_searched)
{
  if (is_searched && *name && !strchr (name, '/'))
    return find_in_path (path, name);
  path[0] = '\0';
  if (folder >= 0)
    ls_get_open_path (folder, path, PATH_MAX);
  else if (name[0] != '/')
    ls_get_folder (path, PATH_MAX);
  return join (path, name, strlen (name)) && path[0] == '/';
}

void
ls_target_find (LsTarget *target, int folder, const char *name, bool is_searched)
{
  char interpreter[256];
  const char *path = target->path;

  target->is_foreign = false;
  target->asan[0] = '\0';
  if (!name || !find_file (target->path, folder, name, is_searched)) {
    target->path[0] = '\0';
    return;
  }
  for (int i = 0; i < MAX_SCRIPTS; i++) {
    /* A program without a name (memfd_create's) is there by its descriptor alone. */
    long fd = i == 0 && *name == '\0' ? ls_reopen_file (folder)
                                      : ls_open_file (path, O_RDONLY | O_NONBLOCK);
    if (fd < 0)
      return;
    bool is_script = examine ((int) fd, target, interpreter, sizeof interpreter);
    ls_close_file ((int) fd);
    if (!is_script)
      return;
    path = interpreter;
  }
}

/* -- What is preloaded -- */

#define PRELOAD "LD_PRELOAD="
#define PRELOAD_LENGTH (sizeof PRELOAD - 1)
#define SEPARATORS ": "
#define OWN_NAME "liblockstitch.so"

/* An entry of the list at `text`, which it leaves behind; NULL at the end. */
static const char *
next_entry (const char **text, size_t *length)
{
  const char *entry = *text + strspn (*text, SEPARATORS);

  *length = strcspn (entry, SEPARATORS);
  *text = entry + *length;
  return *length > 0 ? entry : NULL;
}

static bool
is_called (const char *entry, size_t length, const char *name)
{
  const char *slash = memrchr (entry, '/', length);
  size_t n_folder = slash ? (size_t) (slash + 1 - entry) : 0, n = strlen (name);

  return length - n_folder >= n && memcmp (entry + n_folder, name, n) == 0;
}

/* Where the environment says what to preload, if that is this library too; NULL: it does not. */
static const char *
find_preload (char *const *environment)
{
  const char *value = NULL, *entry;
  size_t length;

  for (size_t i = 0; environment && environment[i]; i++)
    if (strncmp (environment[i], PRELOAD, PRELOAD_LENGTH) == 0)
      value = environment[i] + PRELOAD_LENGTH;
  for (const char *text = value; text && (entry = next_entry (&text, &length));)
    if (is_called (entry, length, OWN_NAME))
      return value;
  return NULL;
}

/* Whether the list begins with AddressSanitizer's library, and not by the user's doing, who would
 * have to say in which folder it is. */
static bool
begins_with_asan (const char *list, bool *is_ours)
{
  size_t length;
  const char *entry = next_entry (&list, &length);
  bool is_asan = entry && is_called (entry, length, "libasan.so");

  *is_ours = is_asan && !memchr (entry, '/', length);
  return is_asan;
}

/* Writes the list for the target, with an end; `to` has room for the old one and target->asan. */
static void
write_list (const LsTarget *target, const char *list, char *to)
{
  const char *entry;
  size_t length, used = strlen (target->asan);
  bool is_left_out;

  memcpy (to, target->asan, used);
  begins_with_asan (list, &is_left_out);
  while ((entry = next_entry (&list, &length))) {
    if (!is_left_out && !(target->is_foreign && is_called (entry, length, OWN_NAME))) {
      if (used > 0)
        to[used++] = ':';
      memcpy (to + used, entry, length);
      used += length;
    }
    is_left_out = false;
  }
  to[used] = '\0';
}

size_t
ls_target_environment_bytes (const LsTarget *target, char *const *environment)
{
  const char *list = find_preload (environment);
  size_t n = 0;
  bool is_ours;

  if (!list)
    return 0;
  bool is_first = begins_with_asan (list, &is_ours);
  if (!target->is_foreign && (target->asan[0] != '\0' ? is_first : !is_ours))
    return 0;
  while (environment[n])
    n++;
  return (n + 1) * sizeof (char *) + PRELOAD_LENGTH + sizeof target->asan + strlen (list) + 1;
}

char **
ls_target_write_environment (const LsTarget *target, char *const *environment, void *room)
{
  char **out = room;
  size_t n = 0, kept = 0;

  while (environment[n])
    n++;
  char *text = (char *) (out + n + 1);
  memcpy (text, PRELOAD, PRELOAD_LENGTH);
  write_list (target, find_preload (environment), text + PRELOAD_LENGTH);
  bool is_empty = text[PRELOAD_LENGTH] == '\0', is_there = false;
  for (size_t i = 0; i < n; i++) {
    if (strncmp (environment[i], PRELOAD, PRELOAD_LENGTH) != 0)
      out[kept++] = environment[i];
    else if (!is_empty && !is_there)
      out[kept++] = text;
    is_there |= strncmp (environment[i], PRELOAD, PRELOAD_LENGTH) == 0;
  }
  out[kept] = NULL;
  return out;
}
