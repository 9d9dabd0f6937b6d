/* SPDX-License-Identifier: MIT */
/* What a collector that takes over needs of an image's ids. */
#include "image-names-private.h"

guint
ls_image_names_get_n_known (const LsImageNames *names)
{
  return ls_image_names_get_n_sources (names) + names->n_introduced + names->threads.threads->len;
}

guint
ls_image_names_get_n_sources (const LsImageNames *names)
{
  return names->sources.places->len;
}

void
ls_image_names_set_n_sources (LsImageNames *names, guint n_sources)
{
  /* The ids between are of places that another collector came to by itself. */
  if (n_sources > names->sources.places->len)
    g_array_set_size (names->sources.places, n_sources);
}

void
ls_image_names_resume_thread (LsImageNames *names, uint32_t id, int64_t last_ns)
{
  LsThreadName *thread = ls_thread_names_get (&names->threads, id);
  thread->last_ns = MAX (thread->last_ns, last_ns);
}
