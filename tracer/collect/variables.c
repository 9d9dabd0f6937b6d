/* SPDX-License-Identifier: MIT */
/**
 * The variables of a module, sorted by address, and the way from a variable's type to the member
 * or element at an offset.
 *
 * The way ends where names begin with an underscore and a second one or a capital: those are the
 * insides of the library's own types (pthread_mutex_t, std::mutex), which no program names.
 */
#include "variables.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdbool.h>
#include <string.h>

#define MAX_DEPTH 32 /* of scopes and of types in one another: DWARF is input like any other */

typedef struct {
  guint64 address, bytes;
  Dwarf_Die die; /* tells the type */
  char *name;
} Variable;

struct _LsVariables {
  GArray *list; /* Variable, by address */
  LsDemangleFunc demangle;
  gpointer user_data;
};

static void
clear_variable (gpointer data)
{
  g_free (((Variable *) data)->name);
}

/* DW_AT_type of a DIE, through its declaration if need be, without qualifiers and typedefs. */
static bool
find_type (Dwarf_Die *die, Dwarf_Die *type)
{
  Dwarf_Attribute attribute;
  Dwarf_Die found;
  if (!dwarf_attr_integrate (die, DW_AT_type, &attribute) ||
      !dwarf_formref_die (&attribute, &found))
    return false;
  return dwarf_peel_type (&found, type) == 0;
}

/* 0 when the size is not known. */
static guint64
type_bytes (Dwarf_Die *type)
{
  Dwarf_Word bytes = 0;
  return dwarf_aggregate_size (type, &bytes) == 0 ? bytes : 0;
}

static bool
has_fixed_address (Dwarf_Die *die, guint64 *address)
{
  Dwarf_Attribute attribute;
  Dwarf_Op *ops;
  size_t n_ops;
  if (!dwarf_attr (die, DW_AT_location, &attribute) ||
      dwarf_getlocation (&attribute, &ops, &n_ops) != 0 || n_ops != 1)
    return false; /* a local, in registers, or thread-local */
  if (ops[0].atom == DW_OP_addr) {
    *address = ops[0].number;
    return true;
  }
  Dwarf_Attribute indexed;
  if ((ops[0].atom == DW_OP_addrx || ops[0].atom == DW_OP_GNU_addr_index) &&
      dwarf_getlocation_attr (&attribute, ops, &indexed) == 0)
    return dwarf_formaddr (&indexed, address) == 0;
  return false;
}

static void
add_variable (LsVariables *variables, Dwarf_Die *die)
{
  Variable variable = { .die = *die };
  if (!has_fixed_address (die, &variable.address))
    return;
  Dwarf_Attribute attribute;
  /* C++: with its namespaces and classes. */
  const char *linkage =
    dwarf_formstring (dwarf_attr_integrate (die, DW_AT_linkage_name, &attribute));
  const char *name = dwarf_formstring (dwarf_attr_integrate (die, DW_AT_name, &attribute));
  if (!name)
    return;
  Dwarf_Die type;
  if (find_type (die, &type))
    variable.bytes = type_bytes (&type);
  variable.bytes = MAX (variable.bytes, 1);
  variable.name = linkage ? variables->demangle (linkage, variables->user_data) : g_strdup (name);
  g_array_append_val (variables->list, variable);
}

static void
walk_scope (LsVariables *variables, Dwarf_Die *parent, int depth)
{
  Dwarf_Die die;
  if (depth > MAX_DEPTH || dwarf_child (parent, &die) != 0)
    return;
  do {
    switch (dwarf_tag (&die)) {
    case DW_TAG_variable:
      add_variable (variables, &die);
      break;
    case DW_TAG_namespace:
    case DW_TAG_subprogram: /* its static variables */
    case DW_TAG_lexical_block:
      walk_scope (variables, &die, depth + 1);
      break;
    default:
      break;
    }
  } while (dwarf_siblingof (&die, &die) == 0);
}

static gint
compare_variables (gconstpointer a, gconstpointer b)
{
  const Variable *left = a, *right = b;
  return left->address < right->address ? -1 : left->address > right->address;
}

LsVariables *
ls_variables_new (Dwfl_Module *module, LsDemangleFunc demangle, gpointer user_data)
{
  Dwarf_Addr bias;
  if (!dwfl_module_getdwarf (module, &bias))
    return NULL;
  LsVariables *variables = g_new0 (LsVariables, 1);
  variables->demangle = demangle;
  variables->user_data = user_data;
  variables->list = g_array_new (FALSE, FALSE, sizeof (Variable));
  g_array_set_clear_func (variables->list, clear_variable);
  for (Dwarf_Die *unit = NULL; (unit = dwfl_module_nextcu (module, unit, &bias));)
    walk_scope (variables, unit, 0);
  g_array_sort (variables->list, compare_variables);
  return variables;
}

void
ls_variables_free (LsVariables *variables)
{
  if (!variables)
    return;
  g_array_unref (variables->list);
  g_free (variables);
}

static bool
is_library_inside (const char *name)
{
  return name[0] == '_' && (name[1] == '_' || g_ascii_isupper (name[1]));
}

/* Number of elements along an array's dimension; 0 when not said. */
static guint64
dimension_count (Dwarf_Die *dimension)
{
  Dwarf_Attribute attribute;
  Dwarf_Word count;
  if (dwarf_formudata (dwarf_attr_integrate (dimension, DW_AT_count, &attribute), &count) == 0)
    return count;
  if (dwarf_formudata (dwarf_attr_integrate (dimension, DW_AT_upper_bound, &attribute), &count) ==
      0)
    return count + 1;
  return 0;
}

/* Appends "[1][3]" for the element at *offset; leaves the offset in the element and its type. */
static bool
enter_array (Dwarf_Die *array, Dwarf_Die *element, guint64 *offset, GString *path)
{
  guint64 bytes = find_type (array, element) ? type_bytes (element) : 0;
  if (bytes == 0)
    return false;
  guint64 index = *offset / bytes;
  *offset %= bytes;

  guint64 counts[8];
  guint n_counts = 0;
  Dwarf_Die dimension;
  if (dwarf_child (array, &dimension) != 0)
    return false;
  do {
    if (dwarf_tag (&dimension) == DW_TAG_subrange_type && n_counts < G_N_ELEMENTS (counts))
      counts[n_counts++] = dimension_count (&dimension);
  } while (dwarf_siblingof (&dimension, &dimension) == 0);
  for (guint i = 0; i < n_counts; i++) {
    guint64 inner = 1;
    for (guint k = i + 1; k < n_counts; k++)
      inner *= MAX (counts[k], 1);
    g_string_append_printf (path, "[%" G_GUINT64_FORMAT "]", index / inner);
    index %= inner;
  }
  return true;
}

/* Appends ".member" for the member of a class, struct or union at *offset. */
static bool
enter_member (Dwarf_Die *aggregate, Dwarf_Die *member_type, guint64 *offset, GString *path)
{
  Dwarf_Die die;
  if (dwarf_child (aggregate, &die) != 0)
    return false;
  do {
    int tag = dwarf_tag (&die);
    if (tag != DW_TAG_member && tag != DW_TAG_inheritance)
      continue;
    Dwarf_Attribute attribute;
    Dwarf_Word begin = 0; /* a union's members do not say where they are */
    if (dwarf_attr (&die, DW_AT_data_member_location, &attribute) &&
        dwarf_formudata (&attribute, &begin) != 0)
      continue;
    if (dwarf_attr (&die, DW_AT_external, &attribute) || !find_type (&die, member_type))
      continue; /* a static member is no part of it */
    if (*offset < begin || *offset - begin >= type_bytes (member_type))
      continue;
    const char *name = dwarf_diename (&die);
    if (name && is_library_inside (name))
      return false;
    *offset -= begin;
    if (name)
      g_string_append_printf (path, ".%s", name);
    return true;
  } while (dwarf_siblingof (&die, &die) == 0);
  return false;
}

static void
append_path (Dwarf_Die *variable, guint64 offset, GString *path)
{
  Dwarf_Die type, inner;
  bool entered = find_type (variable, &type);
  for (int depth = 0; entered && depth < MAX_DEPTH; depth++) {
    switch (dwarf_tag (&type)) {
    case DW_TAG_array_type:
      entered = enter_array (&type, &inner, &offset, path);
      break;
    case DW_TAG_structure_type:
    case DW_TAG_class_type:
    case DW_TAG_union_type:
      entered = enter_member (&type, &inner, &offset, path);
      break;
    default:
      entered = false;
    }
    if (entered)
      type = inner;
  }
  if (offset > 0)
    g_string_append_printf (path, "+%" G_GUINT64_FORMAT, offset);
}

char *
ls_variables_find (LsVariables *variables, guint64 address)
{
  guint low = 0, high = variables->list->len; /* the last variable that begins at or below */
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (g_array_index (variables->list, Variable, middle).address <= address)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == 0)
    return NULL;
  Variable *variable = &g_array_index (variables->list, Variable, low - 1);
  if (address - variable->address >= variable->bytes)
    return NULL;
  GString *path = g_string_new (variable->name);
  append_path (&variable->die, address - variable->address, path);
  return g_string_free (path, FALSE);
}
