/* SPDX-License-Identifier: MIT */
/* Names of functions and variables. */
#include "die-names.h"

#include <dwarf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MAX_HOPS 8 /* from a concrete entry to what declares it: DWARF is input like any other */

char *
ls_die_dup_name (Dwarf_Die *die, LsNameOf what, gboolean *is_whole)
{
  Dwarf_Attribute attribute;
  const char *linkage =
    dwarf_formstring (dwarf_attr_integrate (die, DW_AT_linkage_name, &attribute));
  *is_whole = linkage && g_str_has_prefix (linkage, "_Z");
  if (*is_whole)
    return ls_demangle (linkage, what);
  return g_strdup (dwarf_formstring (dwarf_attr_integrate (die, DW_AT_name, &attribute)));
}

Dwarf_Die
ls_die_find_whole_unit (const Dwarf_Die *unit)
{
  Dwarf_Die split = { 0 };
  uint8_t type = 0;
  if (dwarf_cu_info (unit->cu, NULL, &type, NULL, &split, NULL, NULL, NULL) == 0 &&
      type == DW_UT_skeleton && split.addr)
    return split;
  return *unit;
}

/* The entry that stands where the program's text has it, for an inlined or out-of-line one. */
static Dwarf_Die
find_declaration (const Dwarf_Die *die)
{
  static const unsigned ways[] = { DW_AT_abstract_origin, DW_AT_specification };
  Dwarf_Die found = *die;
  for (int hop = 0; hop < MAX_HOPS; hop++) {
    bool moved = false;
    for (guint i = 0; i < G_N_ELEMENTS (ways) && !moved; i++) {
      Dwarf_Attribute attribute;
      Dwarf_Die next;
      if (dwarf_attr (&found, ways[i], &attribute) && dwarf_formref_die (&attribute, &next)) {
        found = next;
        moved = true;
      }
    }
    if (!moved)
      break;
  }
  return found;
}

static bool
is_named_scope (int tag)
{
  return tag == DW_TAG_namespace || tag == DW_TAG_class_type || tag == DW_TAG_structure_type ||
         tag == DW_TAG_union_type;
}

static bool
is_c (Dwarf_Die *unit)
{
  int language = dwarf_srclang (unit);
  return language == DW_LANG_C || language == DW_LANG_C89 || language == DW_LANG_C99 ||
         language == DW_LANG_C11;
}

/* Puts "scope::" before the name; a function is the last that is put. */
static bool
prepend_scope (GString *name, Dwarf_Die *scope)
{
  int tag = dwarf_tag (scope);
  if (is_named_scope (tag)) {
    const char *scope_name = dwarf_diename (scope);
    if (!scope_name && strcmp (name->str, "operator()") == 0) {
      g_string_assign (name, "{lambda}");
    } else if (scope_name) { /* else it is unnamed */
      g_string_prepend (name, "::");
      g_string_prepend (name, scope_name);
    }
    return true;
  }
  if (tag != DW_TAG_subprogram)
    return true;
  gboolean is_whole;
  g_autofree char *function = ls_die_dup_name (scope, LS_NAME_FUNCTION, &is_whole);
  if (function) {
    g_string_prepend (name, "()::");
    g_string_prepend (name, function);
  }
  return !is_whole;
}

char *
ls_die_dup_function (Dwarf_Die *die)
{
  gboolean is_whole;
  g_autofree char *own = ls_die_dup_name (die, LS_NAME_FUNCTION, &is_whole);
  Dwarf_Die unit;
  if (!own || is_whole || !dwarf_diecu (die, &unit, NULL, NULL) || is_c (&unit))
    return g_steal_pointer (&own);
  Dwarf_Die declaration = find_declaration (die), *scopes = NULL;
  int n_scopes = dwarf_getscopes_die (&declaration, &scopes);
  GString *name = g_string_new (own);
  for (int i = 1; i < n_scopes && prepend_scope (name, &scopes[i]); i++)
    ;
  free (scopes);
  return g_string_free (name, FALSE);
}

char *
ls_die_dup_variable (Dwarf_Die *die, const LsScope *scope)
{
  gboolean is_whole;
  g_autofree char *own = ls_die_dup_name (die, LS_NAME_VARIABLE, &is_whole);
  if (!own || is_whole)
    return g_steal_pointer (&own);
  GString *name = g_string_new (own);
  for (; scope && prepend_scope (name, scope->die); scope = scope->parent)
    ;
  return g_string_free (name, FALSE);
}
