/* SPDX-License-Identifier: MIT */
/* Lists of modules. */
#include "modules.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct _LsModules {
  gatomicrefcount ref_count;
  GArray *list;    /* LsModule */
  LsModules *next; /* a reference; atomic */
};

static void
clear_module (gpointer data)
{
  LsModule *module = data;
  g_free (module->path);
  g_free (module->id);
}

LsModules *
ls_modules_new (const char *text, gint64 noted_us)
{
  LsModules *modules = g_new0 (LsModules, 1);
  g_atomic_ref_count_init (&modules->ref_count);
  modules->list = g_array_new (FALSE, FALSE, sizeof (LsModule));
  g_array_set_clear_func (modules->list, clear_module);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line; line++) {
    LsModule module = { .noted_us = noted_us };
    int id = 0, id_end = 0, path = 0;
    if (sscanf (*line, "%" SCNx64 " %" SCNx64 " %" SCNx64 " %n%*s%n %n", &module.start, &module.end,
                &module.bias, &id, &id_end, &path) < 3 ||
        path == 0 || (*line)[path] == '\0')
      continue;
    module.id = (*line)[id] == '-' ? NULL : g_strndup (*line + id, (gsize) (id_end - id));
    module.path = g_strdup (*line + path);
    g_array_append_val (modules->list, module);
  }
  return modules;
}

LsModules *
ls_modules_ref (LsModules *modules)
{
  g_atomic_ref_count_inc (&modules->ref_count);
  return modules;
}

void
ls_modules_unref (LsModules *modules)
{
  while (modules && g_atomic_ref_count_dec (&modules->ref_count)) {
    LsModules *next = modules->next;
    g_array_unref (modules->list);
    g_free (modules);
    modules = next;
  }
}

void
ls_modules_set_next (LsModules *modules, LsModules *next)
{
  g_atomic_pointer_set (&modules->next, ls_modules_ref (next));
}

static const LsModule *
find_here (const LsModules *modules, uint64_t address)
{
  for (guint i = 0; i < modules->list->len; i++) {
    const LsModule *module = &g_array_index (modules->list, LsModule, i);
    if (address >= module->start && address < module->end)
      return module;
  }
  return NULL;
}

const LsModule *
ls_modules_find (const LsModules *modules, uint64_t address)
{
  const LsModule *module = find_here (modules, address);
  const LsModules *next = g_atomic_pointer_get ((LsModules **) &modules->next);
  return module || !next ? module : find_here (next, address);
}

void
ls_modules_each_gone (const LsModules *modules,
                      const LsModules *later,
                      void (*func) (const LsModule *module, gpointer data),
                      gpointer data)
{
  for (guint i = 0; i < modules->list->len; i++) {
    const LsModule *module = &g_array_index (modules->list, LsModule, i);
    const LsModule *same = find_here (later, module->start);
    if (!same || same->start != module->start || strcmp (same->path, module->path) != 0 ||
        g_strcmp0 (same->id, module->id) != 0)
      func (module, data);
  }
}
