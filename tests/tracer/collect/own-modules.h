/* SPDX-License-Identifier: MIT */
/* The list of this program's own modules, as the traced program gives it. */
#pragma once

#include <glib.h>
#include <link.h>

static inline int
own_modules_append (struct dl_phdr_info *info, size_t size, void *data)
{
  guint64 start = G_MAXUINT64, end = 0;
  for (int i = 0; i < info->dlpi_phnum; i++)
    if (info->dlpi_phdr[i].p_type == PT_LOAD) {
      guint64 from = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
      start = MIN (start, from);
      end = MAX (end, from + info->dlpi_phdr[i].p_memsz);
    }
  g_autofree char *own = g_file_read_link ("/proc/self/exe", NULL);
  const char *path = *info->dlpi_name ? info->dlpi_name : own;
  if (start < end)
    g_string_append_printf (data,
                            "%" G_GINT64_MODIFIER "x %" G_GINT64_MODIFIER "x %" G_GINT64_MODIFIER
                            "x - %s\n",
                            start, end, (guint64) info->dlpi_addr, path);
  return 0;
}

static inline char *
own_modules_dup_text (void)
{
  GString *text = g_string_new (NULL);
  dl_iterate_phdr (own_modules_append, text);
  return g_string_free (text, FALSE);
}
