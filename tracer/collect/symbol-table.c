/* SPDX-License-Identifier: MIT */
/* Symbols sorted by address; the last one at or before an address is the first to be asked. */
#include "symbol-table.h"

#include <stdbool.h>

/* Symbols lie within one another (a label inside a function, an alias of a part): so many are asked
 * before an address counts as one between symbols. */
#define MAX_NESTED 32

typedef struct {
  uint64_t address, size;
  const char *name;
  uint32_t index; /* in the file */
  uint32_t rank;  /* of the same address the higher is preferred */
} Symbol;

struct _LsSymbolTable {
  GArray *symbols; /* Symbol */
};

static bool
is_wanted (const GElf_Sym *symbol, const char *name)
{
  switch (GELF_ST_TYPE (symbol->st_info)) {
  case STT_FUNC:
  case STT_OBJECT:
  case STT_COMMON:
  case STT_NOTYPE:
  case STT_GNU_IFUNC:
    return name && *name && symbol->st_shndx != SHN_UNDEF && symbol->st_shndx != SHN_ABS;
  default:
    return false;
  }
}

static uint32_t
get_rank (const GElf_Sym *symbol)
{
  unsigned binding = GELF_ST_BIND (symbol->st_info);
  unsigned rank = binding == STB_GLOBAL ? 2 : binding == STB_WEAK ? 1 : 0;
  return rank + (symbol->st_size > 0 ? 4 : 0);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const Symbol *one = a, *other = b;
  if (one->address != other->address)
    return one->address < other->address ? -1 : 1;
  if (one->rank != other->rank)
    return one->rank < other->rank ? -1 : 1;
  return one->index > other->index ? -1 : one->index < other->index;
}

LsSymbolTable *
ls_symbol_table_new (Dwfl_Module *module)
{
  LsSymbolTable *table = g_new0 (LsSymbolTable, 1);
  table->symbols = g_array_new (FALSE, FALSE, sizeof (Symbol));
  int n = dwfl_module_getsymtab (module);
  for (int i = 1; i < n; i++) {
    GElf_Sym symbol;
    GElf_Addr address;
    const char *name = dwfl_module_getsym_info (module, i, &symbol, &address, NULL, NULL, NULL);
    if (!is_wanted (&symbol, name))
      continue;
    Symbol each = { address, symbol.st_size, name, (uint32_t) i, get_rank (&symbol) };
    g_array_append_val (table->symbols, each);
  }
  g_array_sort (table->symbols, compare);
  return table;
}

void
ls_symbol_table_free (LsSymbolTable *table)
{
  if (!table)
    return;
  g_array_free (table->symbols, TRUE);
  g_free (table);
}

const char *
ls_symbol_table_find (const LsSymbolTable *table, uint64_t address, uint64_t *offset)
{
  guint low = 0, high = table->symbols->len; /* the first that lies behind the address */
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (g_array_index (table->symbols, Symbol, middle).address <= address)
      low = middle + 1;
    else
      high = middle;
  }
  const Symbol *found = NULL;
  for (guint i = low; i > 0 && low - i < MAX_NESTED && !found; i--) {
    const Symbol *symbol = &g_array_index (table->symbols, Symbol, i - 1);
    if (address - symbol->address < symbol->size)
      found = symbol;
  }
  /* One without a size (written in assembler) reaches to the next symbol. */
  if (!found && low > 0 && g_array_index (table->symbols, Symbol, low - 1).size == 0)
    found = &g_array_index (table->symbols, Symbol, low - 1);
  if (!found)
    return NULL;
  *offset = address - found->address;
  return found->name;
}
