/* SPDX-License-Identifier: MIT */
/**
 * std::thread puts what it is to run into an object of type
 * std::thread::_State_impl<std::thread::_Invoker<std::tuple<WHAT, ARGUMENTS...>>>, whose first word
 * tells the type: it points into the vtable, which has a symbol. A lambda or a class says itself what
 * it is; which function a pointer means is in one of the further words.
 */
#include "callable.h"

#include <stdbool.h>
#include <string.h>

#include "demangle.h"
#include "slot.h"

#define STATE "vtable for std::thread::_State_impl<"
#define INVOKER "std::thread::_Invoker<std::tuple<"
#define VTABLE_HEAD (2 * sizeof (void *)) /* before the functions */

/* The first of the template arguments at `text`. Owned. */
static char *
dup_first_argument (const char *text)
{
  int depth = 0;
  const char *end = text;
  for (; *end && (depth > 0 || (*end != ',' && *end != '>')); end++)
    depth += (strchr ("<({[", *end) != NULL) - (strchr (">)}]", *end) != NULL);
  const char *begin = text + strspn (text, " ");
  return g_strchomp (g_strndup (begin, (gsize) (end - begin)));
}

/* "(int, char)" of "void (*)(int, char)" or "f(int, char) const": what brackets are last; NULL: none. */
static char *
dup_parameters (const char *text)
{
  const char *end = strrchr (text, ')');
  int depth = 0;
  for (const char *at = end; at && at >= text; at--) {
    depth += (*at == ')') - (*at == '(');
    if (depth == 0)
      return g_strndup (at, (gsize) (end + 1 - at));
  }
  return NULL;
}

/* Whether a symbol is a function that such a pointer points to: `of` is a class with "::", or empty. */
static bool
is_pointed_to (const char *symbol, const char *of, const char *parameters)
{
  g_autofree char *whole = ls_demangle_whole (symbol);
  if (!whole) /* C's have no parameters in their names */
    return *of == '\0' && !g_str_has_prefix (symbol, "_Z");
  if (g_str_has_prefix (symbol, "_ZT") || g_str_has_prefix (symbol, "_ZG"))
    return false; /* a vtable or the like */
  g_autofree char *own = dup_parameters (whole);
  const char *class = *of ? strstr (whole, of) : whole;
  return g_strcmp0 (own, parameters) == 0 && class && (class == whole || class[-1] == ' ');
}

/* The one function among the words that the pointer's type allows; NULL when there is none or another
 * one too. Owned. */
static char *
find_function (LsSymbols *symbols,
               LsModules *modules,
               const uint64_t *words,
               const char *of,
               const char *type)
{
  g_autofree char *parameters = dup_parameters (type);
  const char *found = NULL;
  for (guint i = 1; i < LS_CALLABLE_WORDS && parameters; i++) {
    uint64_t offset = 1;
    const char *symbol = ls_symbols_find_symbol (symbols, modules, words[i], &offset);
    if (!symbol || offset != 0 || !is_pointed_to (symbol, of, parameters))
      continue;
    if (found && strcmp (found, symbol) != 0)
      return NULL;
    found = symbol;
  }
  return found ? ls_demangle (found, LS_NAME_FUNCTION) : NULL;
}

/* "Pool::" of "void (Pool::*)(int)"; NULL: it points to no member. Owned. */
static char *
dup_class (const char *type)
{
  const char *end = strstr (type, "::*)(");
  if (!end)
    return NULL;
  int depth = 0;
  const char *begin = end;
  for (; begin > type && (depth > 0 || begin[-1] != '('); begin--)
    depth += (strchr (")>", begin[-1]) != NULL) - (strchr ("(<", begin[-1]) != NULL);
  return g_strndup (begin, (gsize) (end + 2 - begin));
}

/* What is of the library's own: a std::function, a std::bind. */
static bool
is_library (const char *type)
{
  return g_str_has_prefix (type, "std::") || g_str_has_prefix (type, "__");
}

/* Where it says that it is a lambda, after the function that it is in: "{lambda(char)#2}", or clang's
 * "$_1". NULL: it is none. */
static const char *
find_lambda (const char *type)
{
  const char *lambda = strstr (type, "{lambda(");
  return lambda ? lambda : strstr (type, "$_");
}

/* "run()::{lambda}" of "run(int)::{lambda(char)#2}". Owned. */
static char *
dup_lambda (const char *type)
{
  const char *lambda = find_lambda (type), *inside = lambda - type > 2 ? lambda - 2 : NULL;
  g_autofree char *function = inside ? g_strndup (type, (gsize) (inside - type)) : g_strdup ("");
  g_autofree char *name = ls_demangle_tidy (function, LS_NAME_FUNCTION);
  return *name ? g_strconcat (name, "()::{lambda}", NULL) : g_strdup ("{lambda}");
}

static void
tell_type (const char *type, LsCallable *callable)
{
  if (find_lambda (type)) {
    callable->name = dup_lambda (type);
    callable->word = "lambda";
  } else if (is_library (type)) {
    callable->word = "thread";
  } else {
    callable->name = ls_demangle_tidy (type, LS_NAME_VARIABLE);
  }
}

/* A member of the library's that runs what std::async was given, which is elsewhere. */
static void
tell_async (const char *type, LsCallable *callable)
{
  const char *inner = strstr (type, INVOKER);
  g_autofree char *what = inner ? dup_first_argument (inner + strlen (INVOKER)) : NULL;
  callable->name = what && find_lambda (what) ? dup_lambda (what) : g_strdup ("async");
  callable->word = "async";
}

void
ls_callable_find (LsSymbols *symbols,
                  LsModules *modules,
                  const uint64_t *words,
                  LsCallable *callable)
{
  uint64_t offset = 0;
  *callable = (LsCallable){ .word = "thread" };
  const char *symbol = ls_symbols_find_symbol (symbols, modules, words[0], &offset);
  g_autofree char *whole = symbol && offset == VTABLE_HEAD ? ls_demangle_whole (symbol) : NULL;
  const char *invoker = whole && g_str_has_prefix (whole, STATE) ? strstr (whole, INVOKER) : NULL;
  if (!invoker)
    return;
  g_autofree char *type = dup_first_argument (invoker + strlen (INVOKER));
  g_autofree char *class = dup_class (type);
  callable->word = NULL;
  if (class && strstr (class, "_Async_state_impl<"))
    tell_async (type, callable);
  else if (class || strstr (type, "(*)("))
    callable->name = find_function (symbols, modules, words, class ? class : "", type);
  else
    tell_type (type, callable);
  if (!callable->name && !callable->word)
    callable->word = "thread";
}
