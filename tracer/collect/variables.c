/* SPDX-License-Identifier: MIT */
/**
 * The variables of a module, sorted by address, and the way from a variable's type to the member
 * or element at an offset.
 *
 * Names that begin with an underscore and a second one or a capital are left out: those are the
 * insides of the library's own types (pthread_mutex_t, std::mutex), which no program names. What
 * such types hold of the program's own is told: the third of a std::array is "shards[2]".
 */
#include "variables.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdbool.h>
#include <string.h>

#include "die-names.h"

#define MAX_DEPTH 32 /* of scopes and of types in one another: DWARF is input like any other */

typedef struct {
  guint64 address, bytes;
  Dwarf_Die die; /* tells the type */
  char *name;
} Variable;

struct _LsVariables {
  GArray *list; /* Variable, by address */
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
add_variable (LsVariables *variables, Dwarf_Die *die, const LsScope *scope)
{
  Variable variable = { .die = *die };
  if (!has_fixed_address (die, &variable.address))
    return;
  variable.name = ls_die_dup_variable (die, scope);
  if (!variable.name)
    return;
  Dwarf_Die type;
  if (find_type (die, &type))
    variable.bytes = type_bytes (&type);
  variable.bytes = MAX (variable.bytes, 1);
  g_array_append_val (variables->list, variable);
}

static void
walk_scope (LsVariables *variables, Dwarf_Die *parent, const LsScope *outer, int depth)
{
  Dwarf_Die die;
  const LsScope scope = { .parent = outer, .die = parent };
  if (depth > MAX_DEPTH || dwarf_child (parent, &die) != 0)
    return;
  do {
    switch (dwarf_tag (&die)) {
    case DW_TAG_variable:
      add_variable (variables, &die, &scope);
      break;
    case DW_TAG_namespace:
    case DW_TAG_subprogram: /* its static variables */
    case DW_TAG_lexical_block:
      walk_scope (variables, &die, &scope, depth + 1);
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
ls_variables_new (Dwfl_Module *module)
{
  Dwarf_Addr bias;
  if (!dwfl_module_getdwarf (module, &bias))
    return NULL;
  LsVariables *variables = g_new0 (LsVariables, 1);
  variables->list = g_array_new (FALSE, FALSE, sizeof (Variable));
  g_array_set_clear_func (variables->list, clear_variable);
  for (Dwarf_Die *unit = NULL; (unit = dwfl_module_nextcu (module, unit, &bias));) {
    Dwarf_Die whole = ls_die_find_whole_unit (unit);
    walk_scope (variables, &whole, NULL, 0);
  }
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

/* The way into a variable. */
typedef struct {
  Dwarf_Die type;  /* what is at the place reached */
  guint64 offset;  /* of the address in it */
  GString *path;   /* as told so far */
  guint64 told;    /* offset at the last place that was told */
  bool is_library; /* a type of the library's own: what is in it is told only if it is not */
} Way;

static void
tell (Way *way)
{
  way->told = way->offset;
  way->is_library = false;
}

static bool
is_aggregate (Dwarf_Die *type)
{
  int tag = dwarf_tag (type);
  return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type ||
         tag == DW_TAG_array_type;
}

/* "[1][3]" for the element at the offset. */
static bool
enter_array (Way *way)
{
  Dwarf_Die element, dimension;
  guint64 bytes = find_type (&way->type, &element) ? type_bytes (&element) : 0;
  if (bytes == 0 || dwarf_child (&way->type, &dimension) != 0)
    return false;
  guint64 index = way->offset / bytes;
  way->offset %= bytes;

  guint64 counts[8];
  guint n_counts = 0;
  do {
    if (dwarf_tag (&dimension) == DW_TAG_subrange_type && n_counts < G_N_ELEMENTS (counts))
      counts[n_counts++] = dimension_count (&dimension);
  } while (dwarf_siblingof (&dimension, &dimension) == 0);
  way->type = element;
  if (way->is_library && !is_aggregate (&element))
    return true; /* bytes and words of the library's own */
  for (guint i = 0; i < n_counts; i++) {
    guint64 inner = 1;
    for (guint k = i + 1; k < n_counts; k++)
      inner *= MAX (counts[k], 1);
    g_string_append_printf (way->path, "[%" G_GUINT64_FORMAT "]", index / inner);
    index %= inner;
  }
  tell (way);
  return true;
}

/* ".member" for the member of a class, struct or union at the offset. */
static bool
enter_member (Way *way)
{
  Dwarf_Die die, type;
  if (dwarf_child (&way->type, &die) != 0)
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
    if (dwarf_attr (&die, DW_AT_external, &attribute) || !find_type (&die, &type))
      continue; /* a static member is no part of it */
    if (way->offset < begin || way->offset - begin >= type_bytes (&type))
      continue;
    const char *name = dwarf_diename (&die);
    way->type = type;
    way->offset -= begin;
    if (name && is_library_inside (name)) {
      way->is_library = true;
    } else {
      if (name)
        g_string_append_printf (way->path, ".%s", name);
      tell (way);
    }
    return true;
  } while (dwarf_siblingof (&die, &die) == 0);
  return false;
}

static void
append_path (Dwarf_Die *variable, guint64 offset, GString *path)
{
  Way way = { .offset = offset, .path = path, .told = offset };
  bool entered = find_type (variable, &way.type);
  for (int depth = 0; entered && depth < MAX_DEPTH; depth++) {
    int tag = dwarf_tag (&way.type);
    entered = tag == DW_TAG_array_type ? enter_array (&way)
                                       : is_aggregate (&way.type) && enter_member (&way);
  }
  if (way.told > 0)
    g_string_append_printf (path, "+%" G_GUINT64_FORMAT, way.told);
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
