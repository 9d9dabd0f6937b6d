/* SPDX-License-Identifier: MIT */
/**
 * Where a module's calls go is in its table of addresses, which the relocations by symbol name: a
 * place that holds the C library's own function instead of ours, or a function of another copy of the
 * C library, passes us by. One that was not called yet may still hold an address in the module.
 */
#include "bypass.h"

#include <dlfcn.h>
#include <string.h>
#include <sys/auxv.h>

#include "real.h"

#if defined(__x86_64__)
#  define IS_ADDRESS(type) ((type) == R_X86_64_JUMP_SLOT || (type) == R_X86_64_GLOB_DAT)
#elif defined(__aarch64__)
#  define IS_ADDRESS(type) ((type) == R_AARCH64_JUMP_SLOT || (type) == R_AARCH64_GLOB_DAT)
#endif

typedef struct {
  uintptr_t from, to;
  ElfW (Addr) bias;
  const ElfW (Sym) * symbols;
  const char *strings;
} Module;

/* The functions that tell; NULL: it is none of them. */
static void *
find_real (const char *name)
{
#define TELLS(NAME)              \
  if (strcmp (name, #NAME) == 0) \
    return (void *) ls_real.NAME;
  if (strncmp (name, "pthread_", 8) == 0) {
    TELLS (pthread_mutex_lock)
    TELLS (pthread_rwlock_rdlock)
    TELLS (pthread_rwlock_wrlock)
    TELLS (pthread_cond_wait)
    TELLS (pthread_create)
  }
  TELLS (sem_wait)
  TELLS (sem_post)
  TELLS (mtx_lock)
#undef TELLS
  return NULL;
}

/* The C library has put the address in place of the offset, but for what is read-only. */
static const void *
get_pointer (const Module *module, ElfW (Addr) address)
{
  return (const void *) (address >= module->from && address < module->to ? address
                                                                         : address + module->bias);
}

static bool
bypasses (const Module *module, const ElfW (Rela) * relocations, size_t n, bool is_apart)
{
  for (size_t i = 0; i < n; i++) {
    if (!IS_ADDRESS (ELF64_R_TYPE (relocations[i].r_info)))
      continue;
    const char *name =
      module->strings + module->symbols[ELF64_R_SYM (relocations[i].r_info)].st_name;
    uintptr_t real = (uintptr_t) find_real (name);
    if (real == 0)
      continue;
    uintptr_t bound = *(const uintptr_t *) (relocations[i].r_offset + module->bias);
    if (is_apart ? bound != 0 && (bound < module->from || bound >= module->to) : bound == real)
      return true;
  }
  return false;
}

static bool
examine (const ElfW (Dyn) * dynamic, Module *module, bool is_apart)
{
  const ElfW (Rela) *plt = NULL, *rela = NULL;
  size_t plt_bytes = 0, rela_bytes = 0, n_relative = 0;
  bool is_rela = true;

  for (; dynamic && dynamic->d_tag != DT_NULL; dynamic++) {
    switch (dynamic->d_tag) {
    case DT_SYMTAB:
      module->symbols = get_pointer (module, dynamic->d_un.d_ptr);
      break;
    case DT_STRTAB:
      module->strings = get_pointer (module, dynamic->d_un.d_ptr);
      break;
    case DT_JMPREL:
      plt = get_pointer (module, dynamic->d_un.d_ptr);
      break;
    case DT_PLTRELSZ:
      plt_bytes = dynamic->d_un.d_val;
      break;
    case DT_PLTREL:
      is_rela = dynamic->d_un.d_val == DT_RELA;
      break;
    case DT_RELA:
      rela = get_pointer (module, dynamic->d_un.d_ptr);
      break;
    case DT_RELASZ:
      rela_bytes = dynamic->d_un.d_val;
      break;
    case DT_RELACOUNT: /* they come first and name nothing */
      n_relative = dynamic->d_un.d_val;
      break;
    default:
      break;
    }
  }
  if (!module->symbols || !module->strings || !is_rela)
    return false;
  size_t n = rela ? rela_bytes / sizeof *rela : 0;
  return (plt && bypasses (module, plt, plt_bytes / sizeof *plt, is_apart)) ||
         (n > n_relative && bypasses (module, rela + n_relative, n - n_relative, is_apart));
}

bool
ls_bypass_is_deep (const ElfW (Dyn) * dynamic, ElfW (Addr) bias, uintptr_t from, uintptr_t to)
{
  Module module = { .from = from, .to = to, .bias = bias };
  return examine (dynamic, &module, false);
}

/* What the dynamic linker leaves for debuggers, by the program's own headers. */
static const struct r_debug *
find_debug (void)
{
  const ElfW (Phdr) *headers = (const ElfW (Phdr) *) getauxval (AT_PHDR);
  size_t n = getauxval (AT_PHNUM);
  uintptr_t bias = 0;

  for (size_t i = 0; headers && i < n; i++)
    if (headers[i].p_type == PT_PHDR)
      bias = (uintptr_t) headers - headers[i].p_vaddr;
  for (size_t i = 0; headers && i < n; i++) {
    if (headers[i].p_type != PT_DYNAMIC)
      continue;
    for (const ElfW (Dyn) *dynamic = (const ElfW (Dyn) *) (bias + headers[i].p_vaddr);
         dynamic->d_tag != DT_NULL; dynamic++)
      if (dynamic->d_tag == DT_DEBUG)
        return (const struct r_debug *) dynamic->d_un.d_ptr;
  }
  return NULL;
}

/* The C library's own modules call their own functions. */
static bool
is_of_libc (const char *path)
{
  const char *slash = strrchr (path, '/'), *name = slash ? slash + 1 : path;
  return strncmp (name, "libc.so", 7) == 0 || strncmp (name, "ld-", 3) == 0;
}

void
ls_bypass_each_apart (void (*func) (const char *path, void *data), void *data)
{
#ifdef DLFO_STRUCT_HAS_EH_DBASE /* since glibc 2.35, as r_debug_extended */
  const struct r_debug *debug = find_debug ();
  if (!debug || debug->r_version < 2)
    return;
  const struct r_debug_extended *space = (const struct r_debug_extended *) debug;
  while ((space = space->r_next)) {
    for (const struct link_map *map = space->base.r_map; map; map = map->l_next) {
      struct dl_find_object found;
      if (is_of_libc (map->l_name) || _dl_find_object (map->l_ld, &found) != 0)
        continue;
      Module module = { .from = (uintptr_t) found.dlfo_map_start,
                        .to = (uintptr_t) found.dlfo_map_end,
                        .bias = map->l_addr };
      if (examine (map->l_ld, &module, true))
        func (map->l_name, data);
    }
  }
#endif
}
