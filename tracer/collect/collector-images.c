/* SPDX-License-Identifier: MIT */
/* The images of a recording as they come and go. */
#include <poll.h>

#include "collector-private.h"

#define STATUS_WAIT_MS 5000 /* from a main process's end to its status */

/* The second image of a process is there because the first one's exec succeeded. */
static guint
end_images_before (LsCollector *collector, guint32 pid)
{
  guint n_before = 0;
  for (guint i = 0; i < collector->entries->len; i++) {
    LsEntry *entry = collector->entries->pdata[i];
    if (entry->image->pid != pid)
      continue;
    n_before++;
    if (!entry->is_written)
      ls_entry_set_over (entry, &collector->recording, LS_END_EXEC, collector->now_ms);
  }
  return n_before;
}

void
ls_collector_find_images (LsCollector *collector)
{
  LsRegion *region = collector->recording.shared->region;
  guint n_images = MIN (atomic_load (&region->n_images), LS_MAX_IMAGES);
  for (guint i = 0; i < n_images; i++) {
    LsImage *image = ls_region_image (region, i);
    if (collector->is_known[i] || atomic_load (&image->state) != LS_IMAGE_LIVE)
      continue;
    collector->is_known[i] = TRUE;
    if (collector->entries->len == 0)
      collector->first_image_ms = collector->now_ms;
    guint n_execs = end_images_before (collector, image->pid);
    g_ptr_array_add (collector->entries,
                     ls_entry_new (&collector->recording, i, n_execs, collector->now_ms));
  }
}

static gboolean
is_readable (int fd)
{
  struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
  return fd >= 0 && poll (&poll_fd, 1, 0) > 0;
}

gboolean
ls_collector_is_time_over (LsCollector *collector)
{
  gint64 duration_ms = collector->options->duration_ns / 1000000 + 1; /* of whole milliseconds */
  if (collector->options->duration_ns == 0 || collector->entries->len == 0 ||
      collector->now_ms - collector->first_image_ms < duration_ms)
    return FALSE;
  atomic_store (&collector->recording.shared->region->recording, 0);
  return TRUE;
}

void
ls_collector_find_ends (LsCollector *collector)
{
  gboolean is_stopped = collector->is_asked_to_end || ls_collector_is_time_over (collector);
  for (guint i = 0; i < collector->entries->len; i++) {
    LsEntry *entry = collector->entries->pdata[i];
    if (!entry->is_over && ls_entry_has_ended (entry))
      ls_entry_set_over (entry, &collector->recording, LS_END_UNSEEN, collector->now_ms);
    if (is_stopped || atomic_load (&entry->image->api_stopped))
      ls_entry_set_stopped (entry, &collector->recording, collector->now_ms);
  }
  if (is_readable (collector->options->parent_fd))
    collector->parent_is_gone = TRUE;
}

guint32
ls_collector_get_main_pid (LsCollector *collector)
{
  guint32 pid = atomic_load (&collector->recording.shared->region->main_pid);
  if (pid == 0 && collector->entries->len > 0)
    pid = ((LsEntry *) collector->entries->pdata[0])->image->pid;
  return pid;
}

gboolean
ls_collector_is_main_done (LsCollector *collector)
{
  return atomic_load (&collector->recording.shared->region->main_done) != 0;
}

/* How an image ended, as far as it is known; false while it may yet become known. */
static gboolean
find_status (LsCollector *collector, LsEntry *entry)
{
  LsRegion *region = collector->recording.shared->region;
  if (entry->how == LS_END_EXEC || entry->is_stopped)
    return TRUE;
  if (entry->image->pid != region->main_pid || collector->parent_is_gone)
    return ls_entry_find_status (entry, collector->now_ms);
  if (!ls_collector_is_main_done (collector))
    return collector->now_ms - entry->end_ms > STATUS_WAIT_MS;
  ls_entry_set_status (entry, (int) region->main_status);
  return TRUE;
}

void
ls_collector_write_ends (LsCollector *collector)
{
  for (guint i = 0; i < collector->entries->len; i++) {
    LsEntry *entry = collector->entries->pdata[i];
    if (entry->is_written || !(entry->is_over || entry->is_stopped) ||
        !find_status (collector, entry))
      continue;
    if (entry->image->pid == ls_collector_get_main_pid (collector) &&
        (entry->how != LS_END_EXEC || entry->is_lost))
      ls_traced_image_claim_main (entry->traced);
    ls_entry_write_end (entry, &collector->recording, collector->drain, collector->now_ms);
  }
}
