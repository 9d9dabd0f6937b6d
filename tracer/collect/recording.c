/* SPDX-License-Identifier: MIT */
/* Beginning a recording and taking one over. */
#include "recording.h"

#include <fcntl.h>
#include <unistd.h>

static gboolean
open_output (LsRecording *recording, const LsCollectorOptions *options, GError **error)
{
  recording->output = g_new0 (LsOutput, 1);
  recording->clock = g_new0 (LsClockMap, 1);
  recording->journal = g_new0 (LsJournal, 1);
  if (!ls_output_init (recording->output, options->output, error))
    return FALSE;
  recording->formatter = ls_formatter_new (recording->output->packing, ls_traced_image_write);
  return TRUE;
}

gboolean
ls_recording_begin (LsRecording *recording, const LsCollectorOptions *options, GError **error)
{
  if (!open_output (recording, options, error) ||
      !(recording->shared = ls_shared_new (ls_clock_choose (), 0, error)))
    return FALSE;
  LsShared *shared = recording->shared;
  shared->spill = g_new0 (LsSpill, 1);
  ls_spill_init (shared->spill, recording->output->path);
  if (recording->output->packing != LS_PACKING_NONE)
    shared->spill->line_bytes = LS_SPILL_PACKED_LINE_BYTES;
  ls_journal_init (recording->journal, recording->output->path);
  if (options->buffer_bytes > 0)
    shared->n_common = (guint) CLAMP (options->buffer_bytes / LS_CHUNK_BYTES, 16, LS_MAX_CHUNKS);
  LsRegion *region = shared->region;
  region->options = options->region_options;
  region->stack_depth = options->stack_depth;
  region->spill_fd = (uint32_t) MAX (shared->spill->fd, 0);
  region->journal_fd = (uint32_t) MAX (recording->journal->fd, 0);
  ls_clock_map_init (recording->clock, (LsClock) region->clock);
  ls_clock_map_store (recording->clock, region);
  ls_shared_hold (shared);
  ls_shared_top_up (shared, 0);
  return TRUE;
}

/* What the starter has open under this number. */
static int
open_of_parent (int fd)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/fd/%d", getppid (), fd);
  return fd < 0 ? -1 : open (path, O_RDWR | O_CLOEXEC);
}

gboolean
ls_recording_resume (LsRecording *recording,
                     const LsCollectorOptions *options,
                     GBytes **journal,
                     GError **error)
{
  if (!open_output (recording, options, error) ||
      !(recording->shared = ls_shared_open (open_of_parent (options->take_over[0]), error)))
    return FALSE;
  if (recording->output->in_place) {
    g_set_error (error, LS_COLLECT_ERROR, LS_COLLECT_ERROR_OUTPUT, "%s: cannot be gone on with",
                 recording->output->path);
    return FALSE;
  }
  LsShared *shared = recording->shared;
  LsRegion *region = shared->region;
  atomic_store (&region->recording, 0); /* programs find that out by themselves, but late */
  shared->spill = g_new0 (LsSpill, 1);
  recording->blocks = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  ls_spill_reopen (shared->spill, open_of_parent (options->take_over[1]), recording->blocks);
  *journal = ls_journal_reopen (recording->journal, open_of_parent (options->take_over[2]));
  ls_clock_map_resume (recording->clock, region);
  return TRUE;
}

void
ls_recording_end (LsRecording *recording)
{
  ls_formatter_free (recording->formatter);
  ls_spill_clear (recording->shared->spill);
  g_clear_pointer (&recording->blocks, g_array_unref);
  ls_journal_clear (recording->journal);
  ls_output_clear (recording->output);
}
