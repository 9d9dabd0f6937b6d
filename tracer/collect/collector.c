/* SPDX-License-Identifier: MIT */
/**
 * The loop: look for new images and ended ones, drain, write, give chunks, sleep.
 *
 * It sleeps until a program wants it (the free_wanted futex, which a thread of its own turns into
 * a readable descriptor), a process ends (pidfd), or a moment has passed that grows while nothing
 * happens.
 */
#include "collector-private.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "progress.h"
#include "report.h"
#include "wake.h"

#define MARGIN_TICKS 20000 /* below the clock that was read: clocks of two cores, store buffers */
#define BUSY_SLEEP_MS 4
#define IDLE_SLEEP_MS 64
#define FLUSH_MS 100         /* the file lags behind the program by no more */
#define FLUSH_PACKED_MS 1000 /* what is packed in small pieces takes more room */
#define MOST_THREADS 16
#define THREADS_CHECK_MS 1000
#define LINGER_MS 500        /* after the last image's end: a forked child may not have begun yet */
#define FIRST_IMAGE_MS 10000 /* a program that records itself comes at once */

static volatile sig_atomic_t is_asked_to_end;

static void
ask_to_end (int signal_number)
{
  is_asked_to_end = 1;
}

static void
flush (LsCollector *collector)
{
  for (guint i = 0; i < collector->entries->len; i++) {
    LsEntry *entry = collector->entries->pdata[i];
    if (!entry->is_written)
      ls_traced_image_flush (entry->traced);
  }
  ls_formatter_poll (collector->recording.formatter);
}

static gboolean
is_program_over (const LsCollector *collector)
{
  for (guint i = 0; i < collector->entries->len; i++) {
    const LsEntry *entry = collector->entries->pdata[i];
    if (!entry->is_over)
      return FALSE;
  }
  return collector->entries->len > 0;
}

/* Makes lines of a part of what is there. Returns: true when there is more. */
static gboolean
convert (LsCollector *collector, uint64_t watermark)
{
  gboolean more = FALSE;
  uint64_t n_taken = 0;
  bool is_cut_short = atomic_load (&collector->recording.shared->region->cut_short) != 0;
  for (guint i = 0; i < collector->entries->len; i++) {
    LsEntry *entry = collector->entries->pdata[i];
    if (is_cut_short)
      ls_entry_abandon (entry, collector->drain);
    if (!collector->pace.keeps_last || entry->is_over || entry->is_stopped)
      n_taken += ls_entry_drain (entry, &collector->recording, collector->drain, watermark,
                                 collector->now_ms, &more);
  }
  if (n_taken > 0) {
    collector->last_event_ms = collector->now_ms;
    ls_shared_wake (collector->recording.shared);
  }
  if (!more)
    ls_collector_write_ends (collector);
  return more;
}

static void
store_progress (LsCollector *collector)
{
  LsProgress *progress = &collector->recording.shared->region->progress;
  ls_progress_store (progress, collector->entries, collector->main_was_done);
  ls_pace_store (&collector->pace, progress);
}

static void
flush_now_and_then (LsCollector *collector)
{
  if (collector->now_ms - collector->last_store_ms < FLUSH_MS)
    return;
  collector->last_store_ms = collector->now_ms;
  if (collector->recording.output->packing == LS_PACKING_NONE ||
      collector->now_ms - collector->last_flush_ms >= FLUSH_PACKED_MS) {
    collector->last_flush_ms = collector->now_ms;
    flush (collector);
  }
  store_progress (collector);
}

static void
give_back (GArray *refs, gpointer shared)
{
  ls_shared_give_back (shared, refs);
}

/* The program has ended: what is in the spill has all processors to itself. */
static void
hurry (LsCollector *collector)
{
  ls_pace_end (&collector->pace);
  guint n_processors = g_get_num_processors ();
  if (collector->pace.total_bytes > 1 && n_processors > 1)
    ls_formatter_start (collector->recording.formatter, MIN (n_processors, MOST_THREADS), give_back,
                        collector->recording.shared);
}

/* Returns: true when there is more to do at once. */
static gboolean
step (LsCollector *collector)
{
  LsShared *shared = collector->recording.shared;
  collector->now_ms = g_get_monotonic_time () / 1000;
  collector->is_asked_to_end = is_asked_to_end != 0;
  collector->main_was_done = ls_collector_is_main_done (collector);
  ls_collector_find_images (collector);
  ls_collector_find_ends (collector);
  uint64_t watermark = ls_clock_map_take (collector->recording.clock) - MARGIN_TICKS;
  ls_clock_map_store (collector->recording.clock, shared->region);
  ls_drain_scan (collector->drain);
  ls_shared_top_up (shared, ls_drain_get_n_threads (collector->drain));
  if (is_program_over (collector))
    hurry (collector);
  if (ls_pace_save (&collector->pace, collector->now_ms) > 0)
    collector->last_event_ms = collector->now_ms;
  gboolean more =
    ls_pace_may_convert (&collector->pace, collector->now_ms) && convert (collector, watermark);
  if (collector->now_ms - collector->last_check_ms >= THREADS_CHECK_MS) {
    collector->last_check_ms = collector->now_ms;
    for (guint i = 0; i < collector->entries->len; i++)
      ls_entry_check_threads (collector->entries->pdata[i], collector->drain);
  }
  flush_now_and_then (collector);
  if (collector->recording.output->has_failed)
    atomic_store (&shared->region->recording, 0);
  return more;
}

static void
sleep_until_wanted (LsCollector *collector)
{
  g_autoptr (GArray) fds = g_array_new (FALSE, FALSE, sizeof (struct pollfd));
  struct pollfd fd = { .fd = collector->wake_fd, .events = POLLIN };
  g_array_append_val (fds, fd);
  for (guint i = 0; i < collector->entries->len; i++) {
    const LsEntry *entry = collector->entries->pdata[i];
    fd.fd = entry->pid_fd;
    if (!entry->is_over)
      g_array_append_val (fds, fd);
  }
  fd.fd = collector->options->parent_fd;
  if (fd.fd >= 0 && !collector->parent_is_gone)
    g_array_append_val (fds, fd);
  gint64 idle_ms = collector->now_ms - collector->last_event_ms;
  poll ((struct pollfd *) fds->data, fds->len,
        (int) CLAMP (idle_ms / 4, BUSY_SLEEP_MS, IDLE_SLEEP_MS));
  uint64_t n_wakes;
  while (read (collector->wake_fd, &n_wakes, sizeof n_wakes) > 0)
    ;
}

/* Once the main process is over and its trace written: what `lockstitch record` waits for. */
static void
report_once (LsCollector *collector)
{
  if (collector->has_reported ||
      !(collector->main_was_done || ls_collector_is_time_over (collector)))
    return;
  flush (collector);
  if (!ls_report_end (collector->options->ready_fd, collector->entries,
                      collector->recording.shared->region, ls_collector_get_main_pid (collector),
                      collector->recording.output))
    return;
  collector->has_reported = TRUE;
  store_progress (collector);
  atomic_store (&collector->recording.shared->region->progress.phase, LS_PHASE_DONE);
}

static gboolean
is_recording_over (LsCollector *collector)
{
  for (guint i = 0; i < collector->entries->len; i++) {
    const LsEntry *entry = collector->entries->pdata[i];
    if (!entry->is_written) {
      collector->last_live_ms = collector->now_ms;
      return FALSE;
    }
  }
  gint64 quiet_ms = collector->now_ms - collector->last_live_ms;
  if (is_asked_to_end)
    return TRUE;
  if (!collector->options->is_daemon)
    return (collector->has_reported || collector->parent_is_gone) && quiet_ms >= LINGER_MS;
  return quiet_ms >= (collector->entries->len > 0 ? LINGER_MS : FIRST_IMAGE_MS);
}

static void
set_signals (void)
{
  const int ignored[] = { SIGINT, SIGQUIT, SIGHUP, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE, SIGXFSZ };
  for (guint i = 0; i < G_N_ELEMENTS (ignored); i++)
    signal (ignored[i], SIG_IGN);
  signal (SIGTERM, ask_to_end);
}

static void
keep (const LsJournalEntry *entry, const LsRecord *record, gpointer drain)
{
  ls_drain_keep (drain, entry->image, record);
}

/* What a flight recorder kept counts until its image's lines are begun. */
static void
resume_image (LsCollector *collector, LsEntry *entry, GBytes *journal)
{
  ls_entry_resume (entry, journal, collector->n_written);
  if (ls_journal_each (journal, entry->index, false, NULL, NULL) == 0)
    ls_journal_each (journal, entry->index, true, keep, collector->drain);
}

/* Goes on where another collector was killed. */
static void
take_over (LsCollector *collector, GBytes *journal)
{
  collector->n_written = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  collector->now_ms = g_get_monotonic_time () / 1000;
  ls_collector_find_images (collector);
  for (guint i = 0; i < collector->entries->len; i++)
    resume_image (collector, collector->entries->pdata[i], journal);
  ls_drain_resume (collector->drain, collector->n_written, collector->recording.blocks);
}

int
ls_collector_run (const LsCollectorOptions *options)
{
  static LsCollector collector; /* too large for a stack with its clock map */
  collector.options = options;
  g_autoptr (GError) error = NULL;
  set_signals ();
  g_autoptr (GBytes) journal = NULL;
  if (!(options->take_over[0] < 0
          ? ls_recording_begin (&collector.recording, options, &error)
          : ls_recording_resume (&collector.recording, options, &journal, &error))) {
    g_autofree char *line = g_strdup_printf ("error: %s\n", error->message);
    ls_report_say (options->ready_fd, line);
    return 1;
  }
  LsShared *shared = collector.recording.shared;
  collector.recording.selection = ls_selection_new (options->only, options->ignored);
  collector.drain = ls_drain_new (shared);
  collector.pace = (LsPace){ .shared = shared, .drain = collector.drain };
  if (options->keep_last_bytes > 0)
    ls_pace_keep_last (&collector.pace, options->keep_last_bytes,
                       journal ? NULL : collector.recording.journal);
  collector.entries = g_ptr_array_new_with_free_func (ls_entry_free);
  collector.wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  collector.recording.naming = ls_naming_new (collector.wake_fd);
  if (journal)
    take_over (&collector, journal);
  ls_wake_watch (shared->region, collector.wake_fd);

  g_autofree char *path = g_strdup_printf ("/proc/%d/fd/%d\n", getpid (), shared->fd);
  ls_report_say (options->ready_fd, path);
  collector.last_live_ms = collector.last_event_ms = g_get_monotonic_time () / 1000;
  do {
    if (!step (&collector))
      sleep_until_wanted (&collector);
    report_once (&collector);
  } while (!is_recording_over (&collector));

  g_ptr_array_unref (collector.entries);
  ls_naming_free (collector.recording.naming);
  /* The region stays: the watching thread, which nothing ends but the process, looks at it. */
  ls_drain_free (collector.drain);
  ls_recording_end (&collector.recording);
  ls_selection_free (collector.recording.selection);
  return 0;
}
