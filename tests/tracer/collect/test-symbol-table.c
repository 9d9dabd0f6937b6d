/* SPDX-License-Identifier: MIT */
/* The symbol table beside libdwfl's own search, in this very program and in GLib. */
#include <glib.h>
#include <string.h>

#include "symbol-table.h"

typedef struct {
  Dwfl *dwfl;
  Dwfl_Module *module;
} Opened;

static const Dwfl_Callbacks callbacks = {
  .find_elf = dwfl_build_id_find_elf,
  .find_debuginfo = dwfl_standard_find_debuginfo,
  .section_address = dwfl_offline_section_address,
};

static Opened
open_file (const char *path)
{
  Opened opened = { .dwfl = dwfl_begin (&callbacks) };
  dwfl_report_begin (opened.dwfl);
  opened.module = dwfl_report_offline (opened.dwfl, path, path, -1);
  dwfl_report_end (opened.dwfl, NULL, NULL);
  g_assert_nonnull (opened.module);
  return opened;
}

/* What libdwfl says of the address: the start of the symbol with a size that holds it, or 0. */
static uint64_t
ask_libdwfl (Dwfl_Module *module, uint64_t address)
{
  GElf_Sym symbol;
  GElf_Off into;
  const char *name = dwfl_module_addrinfo (module, address, &into, &symbol, NULL, NULL, NULL);
  return name && into < symbol.st_size ? address - into : 0;
}

static void
compare_at (Dwfl_Module *module, const LsSymbolTable *table, uint64_t address)
{
  uint64_t offset = 0, wanted = ask_libdwfl (module, address);
  const char *name = ls_symbol_table_find (table, address, &offset);
  if (wanted != 0) {
    g_assert_nonnull (name);
    g_assert_cmphex (address - offset, ==, wanted);
  }
}

static void
test_as_libdwfl (gconstpointer path)
{
  Opened opened = open_file (path);
  LsSymbolTable *table = ls_symbol_table_new (opened.module);
  int n = dwfl_module_getsymtab (opened.module), n_seen = 0;
  int step = MAX (n / 300, 1); /* libdwfl's search is slow: that is why there is a table */
  for (int i = 1; i < n; i += step) {
    GElf_Sym symbol;
    GElf_Addr address;
    const char *name =
      dwfl_module_getsym_info (opened.module, i, &symbol, &address, NULL, NULL, NULL);
    if (!name || GELF_ST_TYPE (symbol.st_info) != STT_FUNC || symbol.st_shndx == SHN_UNDEF)
      continue;
    n_seen++;
    compare_at (opened.module, table, address);
    compare_at (opened.module, table, address + symbol.st_size / 2);
    compare_at (opened.module, table, address + symbol.st_size);
    if (symbol.st_size > 0)
      compare_at (opened.module, table, address + symbol.st_size - 1);
  }
  g_assert_cmpint (n_seen, >, 0);
  uint64_t offset;
  g_assert_null (ls_symbol_table_find (table, 0, &offset));
  ls_symbol_table_free (table);
  dwfl_end (opened.dwfl);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/symbol-table/program", "/proc/self/exe", test_as_libdwfl);
  /* Any address of GLib's finds the library's file. */
  g_autofree char *maps = NULL;
  g_assert_true (g_file_get_contents ("/proc/self/maps", &maps, NULL, NULL));
  const char *name = strstr (maps, "/libglib-2.0.so");
  if (name) {
    const char *start = name;
    while (start > maps && start[-1] != ' ')
      start--;
    g_autofree char *path = g_strndup (start, strcspn (start, "\n"));
    g_test_add_data_func ("/symbol-table/library", path, test_as_libdwfl);
    return g_test_run ();
  }
  return g_test_run ();
}
