/* SPDX-License-Identifier: MIT */
/**
 * Which modules the program has, and where: what its addresses mean.
 *
 * An address may mean another module's code once one is unloaded, so the lists say since when they
 * hold. Their texts are the same again and again where modules come and go, and are shared then.
 */
#include <errno.h>
#include <limits.h>
#include <link.h>
#include <string.h>

#include "bypass.h"
#include "process.h"
#include "stack.h"

static _Atomic uint64_t modules_seen; /* dl_iterate_phdr's count of additions and removals */
static _Atomic uint32_t n_bypassing;  /* as listed last */

/* Lists of before, to be found again. */
#define N_KNOWN 16
static struct {
  uint64_t hash;
  uint32_t text, bytes;
} known[N_KNOWN];
static _Atomic uint32_t n_known;
static _Atomic bool is_listing;

typedef struct {
  char *out; /* NULL while counting */
  size_t used;
  size_t room;
  uint64_t hash;
  const char *exe;
  uint32_t n, n_bypassing;
  uint64_t seen;
} List;

static void
put_bytes (List *list, const char *bytes, size_t n)
{
  if (list->out && list->used + n <= list->room)
    memcpy (list->out + list->used, bytes, n);
  list->used += n;
  for (size_t i = 0; i < n; i++)
    list->hash = (list->hash ^ (unsigned char) bytes[i]) * UINT64_C (0x100000001b3); /* FNV-1a */
}

static void
put_hex (List *list, uint64_t number)
{
  char digits[17];
  size_t at = sizeof digits;

  digits[--at] = ' ';
  do {
    digits[--at] = "0123456789abcdef"[number & 15];
    number >>= 4;
  } while (number);
  put_bytes (list, digits + at, sizeof digits - at);
}

/* An absolute one: the program may change its folder. */
static void
put_path (List *list, const char *path)
{
  char folder[PATH_MAX];

  if (*path && *path != '/' && strchr (path, '/')) { /* else it is the kernel's own: linux-vdso */
    ls_get_folder (folder, sizeof folder);
    put_bytes (list, folder, strlen (folder));
    put_bytes (list, "/", 1);
  }
  put_bytes (list, path, strcspn (path, "\n"));
  put_bytes (list, "\n", 1);
}

/* The build id in hex; "-" when there is none. */
static void
put_id (List *list, const struct dl_phdr_info *info)
{
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW (Phdr) *segment = &info->dlpi_phdr[i];
    const char *at = (const char *) (info->dlpi_addr + segment->p_vaddr);
    size_t left = segment->p_type == PT_NOTE ? segment->p_memsz : 0;
    while (left >= sizeof (ElfW (Nhdr))) {
      const ElfW (Nhdr) *note = (const ElfW (Nhdr) *) (const void *) at;
      size_t align = segment->p_align == 8 ? 7 : 3, n_name = (note->n_namesz + 3u) & ~3u;
      size_t n = (sizeof *note + n_name + note->n_descsz + align) & ~align;
      if (n > left)
        break;
      if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 &&
          memcmp (note + 1, "GNU", 4) == 0) {
        const unsigned char *id = (const unsigned char *) (note + 1) + n_name;
        for (size_t k = 0; k < note->n_descsz; k++)
          put_bytes (list,
                     (char[]){ "0123456789abcdef"[id[k] >> 4], "0123456789abcdef"[id[k] & 15] }, 2);
        put_bytes (list, " ", 1);
        return;
      }
      at += n;
      left -= n;
    }
  }
  put_bytes (list, "- ", 2);
}

static const ElfW (Dyn) * find_dynamic (const struct dl_phdr_info *info)
{
  for (int i = 0; i < info->dlpi_phnum; i++)
    if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
      return (const ElfW (Dyn) *) (info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
  return NULL;
}

static void
put_apart (const char *path, void *data)
{
  List *list = data;

  list->n_bypassing++;
  put_bytes (list, "apart ", 6);
  put_path (list, path);
}

static int
list_module (struct dl_phdr_info *info, size_t size, void *data)
{
  List *list = data;
  uint64_t start = UINT64_MAX, end = 0;

  if (list->n == 0)
    ls_bypass_each_apart (put_apart, list);
  list->seen = info->dlpi_adds + info->dlpi_subs;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW (Phdr) *segment = &info->dlpi_phdr[i];
    if (segment->p_type != PT_LOAD)
      continue;
    uint64_t from = info->dlpi_addr + segment->p_vaddr;
    start = from < start ? from : start;
    end = from + segment->p_memsz > end ? from + segment->p_memsz : end;
  }
  if (start >= end)
    return 0;
  /* The first is the program itself, without a name. */
  const char *path = info->dlpi_name && *info->dlpi_name ? info->dlpi_name
                     : list->n == 0                      ? list->exe
                                                         : "";
  if (strstr (path, "/libstdc++.so"))
    ls_stack_set_through (start, end);
  if (list->n++ > 0 && !ls_stack_is_own (start) &&
      ls_bypass_is_deep (find_dynamic (info), info->dlpi_addr, start, end)) {
    list->n_bypassing++;
    put_bytes (list, "deep ", 5);
    put_path (list, path);
  }
  put_hex (list, start);
  put_hex (list, end);
  put_hex (list, info->dlpi_addr);
  put_id (list, info);
  put_path (list, path);
  return 0;
}

static int
count_changes (struct dl_phdr_info *info, size_t size, void *data)
{
  *(uint64_t *) data = info->dlpi_adds + info->dlpi_subs;
  return 1;
}

static uint32_t
find_text (const List *list)
{
  for (uint32_t i = 0; i < N_KNOWN; i++)
    if (known[i].hash == list->hash && known[i].bytes == list->used && known[i].text)
      return known[i].text;
  return 0;
}

/* The text of the list that was counted; 0: there is no room. */
static uint32_t
write_text (List *list)
{
  uint32_t offset = ls_process_take_text (list->used + 1);
  if (!offset)
    return 0;
  List again = { .exe = list->exe, .out = ls_region_text (ls_region, offset), .room = list->used };
  dl_iterate_phdr (list_module, &again);
  /* Should it have grown in between, it is not whole; another one follows. */
  again.out[again.used <= list->used ? again.used : 0] = '\0';
  uint32_t place = atomic_fetch_add (&n_known, 1) % N_KNOWN;
  known[place].text = 0;
  known[place].hash = again.hash;
  known[place].bytes = (uint32_t) again.used;
  known[place].text = again.used == list->used ? offset : 0;
  return offset;
}

static void
note_text (LsImage *image, uint32_t text)
{
  uint32_t offset = ls_process_take_text (sizeof (LsModulesNote) + _Alignof(LsModulesNote));
  image->modules_text = text;
  if (!offset)
    return;
  offset =
    (offset + _Alignof(LsModulesNote) - 1) / _Alignof(LsModulesNote) * _Alignof(LsModulesNote);
  LsModulesNote *note = (LsModulesNote *) (void *) ls_region_text (ls_region, offset);
  *note =
    (LsModulesNote){ .ticks = ls_ticks (), .text = text, .before = atomic_load (&image->modules) };
  atomic_store_explicit (&image->modules, offset, memory_order_release);
}

void
ls_modules_put (LsImage *image)
{
  /* Who comes second has nothing to say that the first, or a later call, does not. */
  if (atomic_exchange (&is_listing, true))
    return;
  List list = { .exe = ls_region_text (ls_region, image->exe_text) };
  dl_iterate_phdr (list_module, &list);
  uint32_t text = find_text (&list);
  text = text ? text : write_text (&list);
  if (text) {
    atomic_store (&n_bypassing, list.n_bypassing);
    note_text (image, text);
    atomic_store_explicit (&image->n_modules, list.n, memory_order_release);
    atomic_store (&modules_seen, list.seen);
  }
  atomic_store (&is_listing, false);
}

void
ls_modules_note (void)
{
  uint64_t seen = 0;
  int saved = errno;

  if (!ls_recording)
    return;
  dl_iterate_phdr (count_changes, &seen);
  LsImage *image = seen != atomic_load (&modules_seen) ? ls_process_image () : NULL;
  if (image)
    ls_modules_put (image);
  errno = saved;
}

void
ls_modules_note_end (void)
{
  int saved = errno;
  LsImage *image = ls_recording ? ls_process_image () : NULL;

  if (image) {
    List list = { .exe = ls_region_text (ls_region, image->exe_text) };
    dl_iterate_phdr (list_module, &list);
    if (list.seen != atomic_load (&modules_seen) || list.n_bypassing != atomic_load (&n_bypassing))
      ls_modules_put (image);
  }
  errno = saved;
}
