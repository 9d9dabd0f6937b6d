/* SPDX-License-Identifier: MIT */
/* libstdc++ has the demangler; programs whose names are mangled have it loaded, but this process need
 * not depend on it. */
#include "demangle.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef char *(*DemangleFunc) (const char *name, char *buffer, size_t *length, int *status);

static gpointer
find_demangler (gpointer unused)
{
  void *library = dlopen ("libstdc++.so.6", RTLD_LAZY | RTLD_LOCAL);
  return library ? dlsym (library, "__cxa_demangle") : NULL;
}

/* What a name can do without, wherever it stands. */
static const char *const noise[] = { "(anonymous namespace)::", "__cxx11::", "__1::",
                                     "[abi:cxx11]" };

static gsize
noise_length (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (noise); i++)
    if (g_str_has_prefix (text, noise[i]))
      return strlen (noise[i]);
  return 0;
}

/* The end of what begins with a bracket: behind its closing one, or NULL. */
static const char *
skip_brackets (const char *text)
{
  int depth = 0;
  for (; *text; text++) {
    depth += (*text == '(') - (*text == ')');
    if (depth == 0)
      return text + 1;
  }
  return NULL;
}

static bool
is_operator (const char *text, const char *begin)
{
  return g_str_has_prefix (text, "operator") && !g_ascii_isalnum (text[8]) && text[8] != '_' &&
         (text == begin || text[-1] == ':' || text[-1] == ' ');
}

/* Copies "operator()", "operator<< <char>", "operator bool": all up to the parameters. */
static const char *
copy_operator (const char *text, GString *out)
{
  gsize n = g_str_has_prefix (text, "operator()") ? 10 : 8;
  n += strcspn (text + n, "(");
  g_string_append_len (out, text, (gssize) n);
  return text + n;
}

static const char *
skip_function_qualifiers (const char *text)
{
  static const char *const words[] = { " const", " volatile", " &&", " &", " noexcept" };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_has_prefix (text, words[i]))
      return skip_function_qualifiers (text + strlen (words[i]));
  return text;
}

/* Rust's names end in a hash: "pool::run::h0123456789abcdef". */
static void
cut_hash (GString *name)
{
  if (name->len < 19)
    return;
  const char *end = name->str + name->len - 19;
  if (g_str_has_prefix (end, "::h") && strspn (end + 3, "0123456789abcdef") == 16)
    g_string_truncate (name, name->len - 19);
}

char *
ls_demangle_tidy (const char *text, LsNameOf what)
{
  const char *special = strstr (text, " for "); /* "guard variable for f()::x" */
  GString *out = g_string_new (NULL);
  int depth = 0; /* in template arguments and lambdas */
  const char *p = text;
  if (special && special - text < 20 && !memchr (text, '(', (gsize) (special - text))) {
    p = special + strlen (" for ");
    g_string_append_len (out, text, p - text);
  }
  const gsize n_kept = out->len;
  while (*p) {
    gsize n_noise = noise_length (p);
    if (n_noise > 0) {
      p += n_noise;
      continue;
    }
    if (depth == 0 && is_operator (p, text)) {
      p = copy_operator (p, out);
      if (*p != '(')
        break;
    }
    if (depth == 0 && *p == '(') {
      const char *behind = skip_brackets (p);
      behind = behind ? skip_function_qualifiers (behind) : NULL;
      if (!behind || !g_str_has_prefix (behind, "::"))
        break;
      g_string_append (out, "()");
      p = behind;
      continue;
    }
    if (depth == 0 && *p == ' ') /* what came before was the result's type */
      g_string_truncate (out, n_kept);
    else
      g_string_append_c (out, *p);
    depth += (*p == '<' || *p == '{') - (*p == '>' || *p == '}');
    p++;
  }
  cut_hash (out);
  if (g_str_has_suffix (out->str, "}::operator()")) /* a lambda's */
    g_string_truncate (out, out->len - strlen ("::operator()"));
  if (depth != 0 || out->len == n_kept || (what == LS_NAME_VARIABLE && *p != '\0'))
    g_string_assign (out, text); /* not understood: better too much than too little */
  return g_string_free (out, FALSE);
}

char *
ls_demangle_whole (const char *symbol)
{
  static GOnce once = G_ONCE_INIT;
  if (!g_str_has_prefix (symbol, "_Z"))
    return NULL;
  DemangleFunc demangle = (DemangleFunc) g_once (&once, find_demangler, NULL);
  int status = -1;
  char *plain = demangle ? demangle (symbol, NULL, NULL, &status) : NULL;
  char *copy = plain && status == 0 ? g_strdup (plain) : NULL;
  free (plain); /* malloc's: it is libstdc++'s */
  return copy;
}

char *
ls_demangle (const char *symbol, LsNameOf what)
{
  g_autofree char *plain = ls_demangle_whole (symbol);
  return plain ? ls_demangle_tidy (plain, what) : g_strdup (symbol);
}
