/* SPDX-License-Identifier: MIT */
/* Program files opened with libdwfl, each once and at an address of libdwfl's own choosing: a
 * recorded address is first brought back to what the file says, by the module's bias. */
#include "symbols.h"

#include <dwarf.h>
#include <inttypes.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "die-names.h"
#include "symbol-table.h"
#include "units.h"
#include "variables.h"

#define FILE_CLOCK_US 10000 /* files' times lag behind the clock by up to a tick of the kernel's */

typedef struct {
  Dwfl *dwfl;
  Dwfl_Module *module; /* NULL: the file cannot be used */
  uint64_t bias;       /* of libdwfl's addresses to the file's */
  LsUnits *units;
  LsSymbolTable *table; /* NULL: not read yet */
  bool has_variables;
  LsVariables *variables; /* NULL: not read, or there are none */
  GHashTable *frames;     /* address in the file -> GPtrArray, as found before */
} File;

struct _LsSymbols {
  GHashTable *files; /* path, and what tells it from another of that path -> File */
};

static void
free_file (gpointer data)
{
  File *file = data;
  ls_variables_free (file->variables);
  ls_units_free (file->units);
  ls_symbol_table_free (file->table);
  g_clear_pointer (&file->frames, g_hash_table_unref);
  if (file->dwfl)
    dwfl_end (file->dwfl);
  g_free (file);
}

LsSymbols *
ls_symbols_new (void)
{
  LsSymbols *symbols = g_new0 (LsSymbols, 1);
  symbols->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_file);
  return symbols;
}

void
ls_symbols_free (LsSymbols *symbols)
{
  if (!symbols)
    return;
  g_hash_table_unref (symbols->files);
  g_free (symbols);
}

/* Whether the file is the one that is in memory: by its build id, else by not having been written
 * since. */
static bool
is_genuine (File *file, const LsModule *module)
{
  const unsigned char *bits;
  GElf_Addr address;
  int n = module->id ? dwfl_module_build_id (file->module, &bits, &address) : 0;
  if (n > 0) {
    g_autoptr (GString) id = g_string_new (NULL);
    for (int i = 0; i < n; i++)
      g_string_append_printf (id, "%02x", bits[i]);
    return strcmp (id->str, module->id) == 0;
  }
  struct stat info;
  if (module->id || module->noted_us == 0 || stat (module->path, &info) != 0)
    return !module->id;
  gint64 changed_us = info.st_ctim.tv_sec * G_USEC_PER_SEC + info.st_ctim.tv_nsec / 1000;
  return changed_us + FILE_CLOCK_US <= module->noted_us;
}

static File *
open_file (const LsModule *module)
{
  static const Dwfl_Callbacks callbacks = {
    .find_elf = dwfl_build_id_find_elf,
    .find_debuginfo = dwfl_standard_find_debuginfo,
    .section_address = dwfl_offline_section_address,
  };
  File *file = g_new0 (File, 1);
  file->dwfl = dwfl_begin (&callbacks);
  if (!file->dwfl)
    return file;
  dwfl_report_begin (file->dwfl);
  file->module = dwfl_report_offline (file->dwfl, module->path, module->path, -1);
  dwfl_report_end (file->dwfl, NULL, NULL);
  GElf_Addr bias = 0;
  if (file->module && dwfl_module_getelf (file->module, &bias) && is_genuine (file, module))
    file->bias = bias;
  else
    file->module = NULL;
  if (file->module)
    file->units = ls_units_new (file->module);
  return file;
}

static File *
get_file (LsSymbols *symbols, const LsModule *module)
{
  g_autofree char *own =
    module->id ? NULL : g_strdup_printf ("%" G_GINT64_FORMAT, module->noted_us);
  g_autofree char *key = g_strconcat (module->path, "\n", module->id ? module->id : own, NULL);
  File *file = g_hash_table_lookup (symbols->files, key);
  if (!file) {
    file = open_file (module);
    g_hash_table_insert (symbols->files, g_steal_pointer (&key), file);
  }
  return file;
}

static char *
dup_module_offset (const LsModule *module, uint64_t address)
{
  g_autofree char *name = g_path_get_basename (module->path);
  return g_strdup_printf ("%s+0x%" PRIx64, name, address - module->bias);
}

/* The symbol that holds the address; *offset is the way into it. */
static const char *
find_symbol (File *file, uint64_t address, uint64_t *offset)
{
  if (!file->table)
    file->table = ls_symbol_table_new (file->module);
  return ls_symbol_table_find (file->table, address, offset);
}

static char *
dup_symbol (File *file, uint64_t address, LsNameOf what, uint64_t *offset)
{
  const char *name = find_symbol (file, address, offset);
  return name ? ls_demangle (name, what) : NULL;
}

static void
free_frame (gpointer data)
{
  LsFrame *frame = data;
  g_free (frame->function);
  g_free (frame->file);
  g_free (frame);
}

static char *
dup_source_path (const char *folder, const char *path)
{
  if (!path)
    return NULL;
  if (g_path_is_absolute (path))
    return g_canonicalize_filename (path, NULL);
  if (folder && g_path_is_absolute (folder))
    return g_canonicalize_filename (path, folder);
  return folder ? g_build_filename (folder, path, NULL) : g_strdup (path);
}

/* Where an inlined call stands: DW_AT_call_file and DW_AT_call_line. */
static void
read_call_site (Dwarf_Die *inlined, Dwarf_Die *unit, const char *folder, LsFrame *caller)
{
  Dwarf_Attribute attribute;
  Dwarf_Word file_number, line;
  Dwarf_Files *files;
  size_t n_files;
  if (dwarf_formudata (dwarf_attr (inlined, DW_AT_call_line, &attribute), &line) == 0)
    caller->line = (uint32_t) line;
  if (dwarf_formudata (dwarf_attr (inlined, DW_AT_call_file, &attribute), &file_number) == 0 &&
      dwarf_getsrcfiles (unit, &files, &n_files) == 0 && file_number < n_files)
    caller->file = dup_source_path (folder, dwarf_filesrc (files, file_number, NULL, NULL));
}

static LsFrame *
add_frame (GPtrArray *frames)
{
  LsFrame *frame = g_new0 (LsFrame, 1);
  g_ptr_array_add (frames, frame);
  return frame;
}

static void
read_line (LsFrame *frame, Dwarf_Die *unit, Dwarf_Addr address, const char *folder)
{
  Dwarf_Line *line = dwarf_getsrc_die (unit, address);
  int number = 0;
  if (!line)
    return;
  frame->file = dup_source_path (folder, dwarf_linesrc (line, NULL, NULL));
  if (dwarf_lineno (line, &number) == 0)
    frame->line = (uint32_t) MAX (number, 0);
}

/* Function names by the scopes around the address, from the innermost; files and lines are those
 * of the line table for the first, and of the call's place for the others. */
static void
add_dwarf_frames (File *file, uint64_t address, GPtrArray *frames)
{
  Dwarf_Addr bias;
  LsFrame *frame = add_frame (frames);
  Dwarf_Die *unit = ls_units_find (file->units, address, &bias);
  Dwarf_Attribute attribute;
  if (!unit)
    return;
  const char *folder = dwarf_formstring (dwarf_attr (unit, DW_AT_comp_dir, &attribute));
  read_line (frame, unit, address - bias, folder);
  /* dwarf_getscopes() goes on from an inlined body to where that was defined; the chain of those it
   * was inlined into is that of the innermost DIE itself. */
  Dwarf_Die *innermost = NULL, *scopes = NULL, whole = ls_die_find_whole_unit (unit);
  int n_scopes = dwarf_getscopes (&whole, address - bias, &innermost);
  if (n_scopes > 0)
    n_scopes = dwarf_getscopes_die (&innermost[0], &scopes);
  free (innermost);
  for (int i = 0; i < n_scopes; i++) {
    int tag = dwarf_tag (&scopes[i]);
    if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram)
      continue;
    frame->function = ls_die_dup_function (&scopes[i]);
    if (tag == DW_TAG_subprogram)
      break;
    frame = add_frame (frames);
    read_call_site (&scopes[i], &whole, folder, frame);
  }
  free (scopes);
}

static GPtrArray *
find_new_frames (File *file, const LsModule *module, uint64_t pc)
{
  GPtrArray *frames = g_ptr_array_new_with_free_func (free_frame);
  if (file->module)
    add_dwarf_frames (file, pc - module->bias + file->bias, frames);
  else
    add_frame (frames);
  LsFrame *outermost = frames->pdata[frames->len - 1];
  if (!outermost->function && file->module) {
    uint64_t offset;
    outermost->function =
      dup_symbol (file, pc - module->bias + file->bias, LS_NAME_FUNCTION, &offset);
  }
  for (guint i = 0; i < frames->len; i++)
    ((LsFrame *) frames->pdata[i])->has_symbol = ((LsFrame *) frames->pdata[i])->function != NULL;
  if (!outermost->function)
    outermost->function = dup_module_offset (module, pc);
  return frames;
}

/* Thousands of locks are initialised, thousands of threads begin, at one place: each is looked up
 * once. */
GPtrArray *
ls_symbols_find_frames (LsSymbols *symbols, LsModules *modules, uint64_t pc)
{
  const LsModule *module = ls_modules_find (modules, pc);
  if (!module)
    return NULL;
  File *file = get_file (symbols, module);
  if (!file->frames)
    file->frames = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                          (GDestroyNotify) g_ptr_array_unref);
  uint64_t address = pc - module->bias;
  GPtrArray *frames = g_hash_table_lookup (file->frames, &address);
  if (!frames) {
    frames = find_new_frames (file, module, pc);
    g_hash_table_insert (file->frames, g_memdup2 (&address, sizeof address), frames);
  }
  return g_ptr_array_ref (frames);
}

char *
ls_symbols_find_variable (LsSymbols *symbols, LsModules *modules, uint64_t address)
{
  const LsModule *module = ls_modules_find (modules, address);
  if (!module)
    return NULL;
  File *file = get_file (symbols, module);
  if (!file->module)
    return dup_module_offset (module, address);
  if (!file->has_variables) {
    file->has_variables = true;
    file->variables = ls_variables_new (file->module);
  }
  char *name = file->variables ? ls_variables_find (file->variables, address - module->bias) : NULL;
  if (name)
    return name;
  uint64_t offset = 0;
  g_autofree char *symbol =
    dup_symbol (file, address - module->bias + file->bias, LS_NAME_VARIABLE, &offset);
  if (!symbol)
    return dup_module_offset (module, address);
  return offset > 0 ? g_strdup_printf ("%s+%" PRIu64, symbol, offset) : g_steal_pointer (&symbol);
}

const char *
ls_symbols_find_symbol (LsSymbols *symbols, LsModules *modules, uint64_t address, uint64_t *offset)
{
  const LsModule *module = ls_modules_find (modules, address);
  File *file = module ? get_file (symbols, module) : NULL;
  return file && file->module ? find_symbol (file, address - module->bias + file->bias, offset)
                              : NULL;
}
