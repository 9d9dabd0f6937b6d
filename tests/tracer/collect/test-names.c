/* SPDX-License-Identifier: MIT */
/* Names in modules of C++, in every way that debug information comes; and names by themselves. */
#include <dlfcn.h>
#include <string.h>

#include "demangle.h"
#include "own-modules.h"
#include "symbols.h"

static const char *const variables[] = {
  "bank::ledger",
  "bank::accounts[2].lock",
  "bank::accounts[1].base_lock",
  "bank::Registry::shared",
  "bank::registry.own",
  "hidden",
  "Holder<int>::one",
  "shards[2]",
  "odd.lock",
  "odd.cells[1][2].gate",
  "once_lock()::guard[1]",
};

typedef void *(*AddressFunc) (const char *what);

static AddressFunc
load (const char *path, LsModules **modules)
{
  void *module = dlopen (path, RTLD_NOW | RTLD_LOCAL);
  if (!module)
    g_error ("%s", dlerror ());
  g_autofree char *text = own_modules_dup_text ();
  *modules = ls_modules_new (text, 0);
  return (AddressFunc) dlsym (module, "named_address");
}

/* With debug information, wherever it is and however it is written. */
static void
test_module (gconstpointer data)
{
  g_autoptr (LsModules) modules = NULL;
  AddressFunc get_address = load (data, &modules);
  g_autoptr (LsSymbols) symbols = ls_symbols_new ();
  for (guint i = 0; i < G_N_ELEMENTS (variables); i++) {
    if (strstr (data, "clang") && strchr (variables[i], '('))
      continue; /* clang 14 describes the variable in a function without a name */
    uint64_t address = (uintptr_t) get_address (variables[i]);
    g_autofree char *name = ls_symbols_find_variable (symbols, modules, address);
    g_assert_cmpstr (name, ==, variables[i]);
  }
  uint64_t site = (uintptr_t) get_address ("site");
  g_autoptr (GPtrArray) frames = ls_symbols_find_frames (symbols, modules, site - 1);
  g_assert_nonnull (frames);
  g_assert_cmpuint (frames->len, >=, 2);
  const LsFrame *first = frames->pdata[0], *second = frames->pdata[1];
  g_assert_cmpstr (first->function, ==, "inner");
  g_assert_true (g_str_has_suffix (first->file, "/named.cpp"));
  g_assert_cmpstr (second->function, ==, "outer<int>");
  g_assert_cmpuint (second->line, >, first->line);
}

/* Without it, by the symbols that are left, also those that are packed up for such a case. */
static void
test_symbols_only (gconstpointer data)
{
  g_autoptr (LsModules) modules = NULL;
  AddressFunc get_address = load (data, &modules);
  g_autoptr (LsSymbols) symbols = ls_symbols_new ();
  uint64_t site = (uintptr_t) get_address ("site");
  g_autoptr (GPtrArray) frames = ls_symbols_find_frames (symbols, modules, site - 1);
  const LsFrame *first = frames->pdata[0];
  g_assert_cmpstr (first->function, ==, "outer<int>");
  g_assert_null (first->file);
  g_autofree char *name =
    ls_symbols_find_variable (symbols, modules, (uintptr_t) get_address ("bank::ledger"));
  g_assert_cmpstr (name, ==, "bank::ledger");
}

static void
test_demangle (void)
{
  static const struct {
    const char *text, *name;
    LsNameOf what;
  } cases[] = {
    { "main", "main", LS_NAME_FUNCTION },
    { "Pool::run(int) const", "Pool::run", LS_NAME_FUNCTION },
    { "void use<std::mutex>(std::mutex&)", "use<std::mutex>", LS_NAME_FUNCTION },
    { "Fn::operator()(int) const", "Fn::operator()", LS_NAME_FUNCTION },
    { "std::ostream& operator<< <char>(std::ostream&, char)", "operator<< <char>",
      LS_NAME_FUNCTION },
    { "Count::operator bool() const", "Count::operator bool", LS_NAME_FUNCTION },
    { "operators::run()", "operators::run", LS_NAME_FUNCTION },
    { "main::{lambda(int)#1}::operator()(int) const", "main::{lambda(int)#1}", LS_NAME_FUNCTION },
    { "(anonymous namespace)::Pool::run()", "Pool::run", LS_NAME_FUNCTION },
    { "std::__cxx11::basic_string<char>::size() const", "std::basic_string<char>::size",
      LS_NAME_FUNCTION },
    { "std::__1::mutex::lock()", "std::mutex::lock", LS_NAME_FUNCTION },
    { "Cells<&(Cells<0>::get())>::all(int)", "Cells<&(Cells<0>::get())>::all", LS_NAME_FUNCTION },
    { "work(int) [clone .part.0]", "work", LS_NAME_FUNCTION },
    { "pool::run::h0123456789abcdef", "pool::run", LS_NAME_FUNCTION },
    { "Pool::run(int, char) const::guard", "Pool::run()::guard", LS_NAME_VARIABLE },
    { "int f<int>(int)::guard", "f<int>()::guard", LS_NAME_VARIABLE },
    { "(anonymous namespace)::lock", "lock", LS_NAME_VARIABLE },
    { "guard variable for f(int)::pool", "guard variable for f()::pool", LS_NAME_VARIABLE },
    /* Not understood, and so as it is. */
    { "void (*find<int>(int))(char)", "void (*find<int>(int))(char)", LS_NAME_FUNCTION },
    { "odd<", "odd<", LS_NAME_FUNCTION },
    { "(((", "(((", LS_NAME_VARIABLE },
    { "", "", LS_NAME_FUNCTION },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *name = ls_demangle_tidy (cases[i].text, cases[i].what);
    g_assert_cmpstr (name, ==, cases[i].name);
  }
  g_autofree char *whole = ls_demangle ("_ZN4Pool3runEi", LS_NAME_FUNCTION);
  g_assert_cmpstr (whole, ==, "Pool::run");
  g_autofree char *broken = ls_demangle ("_ZN4Poo", LS_NAME_FUNCTION);
  g_assert_cmpstr (broken, ==, "_ZN4Poo");
}

/* Adds a test for each of the modules in an environment variable: "kind=path:kind=path". */
static void
add_modules (const char *variable, GTestDataFunc func)
{
  const char *text = g_getenv (variable);
  g_auto (GStrv) list = g_strsplit (text ? text : "", ":", -1);
  for (char **entry = list; *entry; entry++) {
    char *path = strchr (*entry, '=');
    if (!path)
      continue;
    *path++ = '\0';
    g_autofree char *name = g_strconcat ("/names/", *entry, NULL);
    g_test_add_data_func_full (name, g_strdup (path), func, g_free);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/names/demangle", test_demangle);
  add_modules ("LS_TEST_NAMED", test_module);
  add_modules ("LS_TEST_SYMBOLS_ONLY", test_symbols_only);
  return g_test_run ();
}
