/* SPDX-License-Identifier: MIT */
/**
 * The loop: look for new images and ended ones, drain, write, give chunks, sleep.
 *
 * It sleeps until a program wants it (the free_wanted futex, which a thread of its own turns into
 * a readable descriptor), a process ends (pidfd), or a moment has passed that grows while nothing
 * happens.
 */
#include "collector.h"

#include <errno.h>
#include <glib-unix.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "image.h"

#define MARGIN_TICKS 20000 /* below the clock that was read: clocks of two cores, store buffers */
#define MAX_RECORDS 65536  /* of one image before the others have their turn */
#define BUSY_SLEEP_MS 4
#define IDLE_SLEEP_MS 64
#define FLUSH_MS 100 /* the file lags behind the program by no more */
#define THREADS_CHECK_MS 1000
#define LINGER_MS 500        /* after the last image's end: a forked child may not have begun yet */
#define FIRST_IMAGE_MS 10000 /* a program that records itself comes at once */
#define STATUS_WAIT_MS 5000  /* from a main process's end to its status */

typedef struct {
  guint index;
  LsImage *image;
  LsTracedImage *traced;
  int pid_fd;          /* -1: the process was over before it could be watched */
  gboolean is_over;    /* no thread of it runs any more */
  gboolean is_stopped; /* nothing more is wanted of it, though it runs on */
  gboolean is_written;
  gboolean is_closed; /* written, and its chunks taken back */
  LsEndHow how;
  gint64 over_ms;
} Entry;

typedef struct {
  const LsCollectorOptions *options;
  LsRecording recording;
  LsClockMap clock;
  LsOutput output;
  LsDrain *drain;
  GPtrArray *entries; /* Entry, as they were found */
  gboolean is_known[LS_MAX_IMAGES];
  int wake_fd;
  uint64_t n_taken; /* records, to see whether anything happens */
  gint64 now_ms, last_event_ms, last_flush_ms, last_check_ms, last_live_ms;
  gboolean parent_is_gone, has_reported;
  gboolean main_was_done; /* when this step began, so that it saw all of the main process */
} Collector;

static volatile sig_atomic_t is_asked_to_end;

static void
ask_to_end (int signal_number)
{
  is_asked_to_end = 1;
}

static void
free_entry (gpointer data)
{
  Entry *entry = data;
  ls_traced_image_free (entry->traced);
  if (entry->pid_fd >= 0)
    close (entry->pid_fd);
  g_free (entry);
}

/* -- Images -- */

static void
set_over (Collector *collector, Entry *entry, LsEndHow how)
{
  if (how == LS_END_EXEC)
    entry->how = how; /* also when the process had ended by the time both images were found */
  if (entry->is_over)
    return;
  entry->is_over = TRUE;
  entry->over_ms = collector->now_ms;
  if (entry->image->end_ticks == 0)
    entry->image->end_ticks = ls_clock_read (collector->clock.clock);
}

/* The second image of a process is there because the first one's exec succeeded. */
static guint
end_images_before (Collector *collector, guint32 pid)
{
  guint n_before = 0;
  for (guint i = 0; i < collector->entries->len; i++) {
    Entry *entry = collector->entries->pdata[i];
    if (entry->image->pid == pid) {
      n_before++;
      if (!entry->is_written)
        set_over (collector, entry, LS_END_EXEC);
    }
  }
  return n_before;
}

static void
add_image (Collector *collector, guint index)
{
  Entry *entry = g_new0 (Entry, 1);
  entry->index = index;
  entry->image = ls_region_image (collector->recording.shared->region, index);
  guint n_execs = end_images_before (collector, entry->image->pid);
  entry->traced = ls_traced_image_new (&collector->recording, index, n_execs);
  entry->pid_fd = (int) syscall (SYS_pidfd_open, (pid_t) entry->image->pid, 0);
  g_ptr_array_add (collector->entries, entry);
  if (entry->pid_fd < 0)
    set_over (collector, entry, LS_END_UNSEEN);
}

static void
find_images (Collector *collector)
{
  LsRegion *region = collector->recording.shared->region;
  guint n_images = MIN (atomic_load (&region->n_images), LS_MAX_IMAGES);
  for (guint i = 0; i < n_images; i++)
    if (!collector->is_known[i] &&
        atomic_load (&ls_region_image (region, i)->state) == LS_IMAGE_LIVE) {
      collector->is_known[i] = TRUE;
      add_image (collector, i);
    }
}

static gboolean
is_readable (int fd)
{
  struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
  return fd >= 0 && poll (&poll_fd, 1, 0) > 0;
}

static void
find_ends (Collector *collector)
{
  for (guint i = 0; i < collector->entries->len; i++) {
    Entry *entry = collector->entries->pdata[i];
    if (!entry->is_over && is_readable (entry->pid_fd))
      set_over (collector, entry, LS_END_UNSEEN);
    if (is_asked_to_end || atomic_load (&entry->image->api_stopped))
      entry->is_stopped = TRUE;
  }
  if (is_readable (collector->options->parent_fd))
    collector->parent_is_gone = TRUE;
}

static guint32
get_main_pid (Collector *collector)
{
  guint32 pid = atomic_load (&collector->recording.shared->region->main_pid);
  if (pid == 0 && collector->entries->len > 0)
    pid = ((Entry *) collector->entries->pdata[0])->image->pid;
  return pid;
}

static gboolean
is_main_done (Collector *collector)
{
  return atomic_load (&collector->recording.shared->region->main_done) != 0;
}

/* How an image ended, as far as it is known; false while it may yet become known. */
static gboolean
find_status (Collector *collector, Entry *entry, int *code)
{
  *code = 0;
  LsRegion *region = collector->recording.shared->region;
  if (entry->how == LS_END_EXEC || entry->is_stopped || entry->image->pid != region->main_pid ||
      collector->parent_is_gone)
    return TRUE;
  if (!is_main_done (collector))
    return collector->now_ms - entry->over_ms > STATUS_WAIT_MS;
  int status = (int) region->main_status;
  entry->how = WIFSIGNALED (status) ? LS_END_SIGNAL : LS_END_EXIT;
  *code = WIFSIGNALED (status) ? WTERMSIG (status) : WEXITSTATUS (status);
  return TRUE;
}

static void
write_end (Collector *collector, Entry *entry)
{
  int code;
  if (entry->is_written || !find_status (collector, entry, &code))
    return;
  if (entry->image->end_ticks == 0) /* stopped, but running on */
    entry->image->end_ticks = ls_clock_read (collector->clock.clock);
  ls_clock_map_take (&collector->clock);
  guint64 n_late = 0;
  if (entry->is_over) {
    ls_drain_close_image (collector->drain, entry->index, &n_late);
    entry->is_closed = TRUE;
  }
  if (entry->image->pid == get_main_pid (collector) && entry->how != LS_END_EXEC)
    ls_traced_image_claim_main (entry->traced);
  ls_traced_image_finish (entry->traced, entry->how, code, n_late);
  entry->is_written = TRUE;
  atomic_store (&entry->image->written, 1);
  syscall (SYS_futex, &entry->image->written, FUTEX_WAKE, G_MAXINT, NULL, NULL, 0);
}

/* -- Records -- */

typedef struct {
  Collector *collector;
  Entry *entry;
} Taker;

static void
take_record (const LsRecord *record, gpointer data)
{
  const Taker *taker = data;
  taker->collector->n_taken++;
  if (!taker->entry->is_written)
    ls_traced_image_take (record, taker->entry->traced);
}

/* Returns: true when there is more to do at once. */
static gboolean
drain_entry (Collector *collector, Entry *entry, uint64_t watermark)
{
  if (entry->is_closed)
    return FALSE;
  Taker taker = { collector, entry };
  /* What is left of an ended image has no later record to wait for. The end was seen before the
   * scan, so this drain sees all of it. */
  if (ls_drain_image (collector->drain, entry->index, entry->is_over ? G_MAXUINT64 : watermark,
                      collector->now_ms, entry->is_over, MAX_RECORDS, take_record, &taker))
    return TRUE;
  if (entry->is_written && entry->is_over) {
    guint64 n_late = 0;
    ls_drain_close_image (collector->drain, entry->index, &n_late);
    entry->is_closed = TRUE;
  } else if (entry->is_over || entry->is_stopped) {
    write_end (collector, entry);
  }
  return FALSE;
}

static void
check_thread (guint image, uint32_t os_tid, gpointer data)
{
  Entry *entry = ((gpointer *) data)[0];
  GArray *dead = ((gpointer *) data)[1];
  g_autofree char *path = g_strdup_printf ("/proc/%u/task/%u", entry->image->pid, os_tid);
  if (access (path, F_OK) != 0 && errno == ENOENT)
    g_array_append_val (dead, os_tid);
}

/* Threads that ended without the library's knowing (by a raw system call, say). */
static void
check_threads (Collector *collector)
{
  g_autoptr (GArray) dead = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  for (guint i = 0; i < collector->entries->len; i++) {
    Entry *entry = collector->entries->pdata[i];
    if (entry->is_over)
      continue;
    gpointer data[] = { entry, dead };
    g_array_set_size (dead, 0);
    ls_drain_each_thread (collector->drain, entry->index, check_thread, data);
    for (guint k = 0; k < dead->len; k++)
      ls_drain_end_thread (collector->drain, entry->index, g_array_index (dead, uint32_t, k));
  }
}

static gboolean
step (Collector *collector)
{
  LsShared *shared = collector->recording.shared;
  uint64_t n_taken = collector->n_taken;
  collector->now_ms = g_get_monotonic_time () / 1000;
  collector->main_was_done = is_main_done (collector);
  find_images (collector);
  find_ends (collector);
  uint64_t watermark = ls_clock_map_take (&collector->clock) - MARGIN_TICKS;
  ls_drain_scan (collector->drain);
  ls_shared_top_up (shared, ls_drain_get_n_threads (collector->drain));

  gboolean more = FALSE;
  for (guint i = 0; i < collector->entries->len; i++)
    more |= drain_entry (collector, collector->entries->pdata[i], watermark);
  if (collector->n_taken != n_taken) {
    collector->last_event_ms = collector->now_ms;
    ls_shared_wake (shared);
  }
  if (collector->now_ms - collector->last_check_ms >= THREADS_CHECK_MS) {
    collector->last_check_ms = collector->now_ms;
    check_threads (collector);
  }
  if (collector->now_ms - collector->last_flush_ms >= FLUSH_MS) {
    collector->last_flush_ms = collector->now_ms;
    for (guint i = 0; i < collector->entries->len; i++) {
      Entry *entry = collector->entries->pdata[i];
      if (!entry->is_written)
        ls_traced_image_flush (entry->traced, FALSE);
    }
  }
  if (collector->output.has_failed)
    atomic_store (&shared->region->recording, 0);
  return more;
}

/* -- Beginning, waiting, end -- */

/* Turns bumps of free_wanted into a readable descriptor; ends with the process. */
static gpointer
watch_wanted (gpointer data)
{
  Collector *collector = data;
  _Atomic uint32_t *wanted = &collector->recording.shared->region->free_wanted;
  uint32_t seen = atomic_load (wanted);
  for (;;) {
    syscall (SYS_futex, wanted, FUTEX_WAIT, seen, NULL, NULL, 0);
    uint32_t now = atomic_load (wanted);
    if (now == seen)
      continue;
    seen = now;
    uint64_t one = 1;
    if (write (collector->wake_fd, &one, sizeof one) < 0 && errno != EAGAIN)
      return NULL;
  }
}

static void
sleep_until_wanted (Collector *collector)
{
  g_autoptr (GArray) fds = g_array_new (FALSE, FALSE, sizeof (struct pollfd));
  struct pollfd fd = { .fd = collector->wake_fd, .events = POLLIN };
  g_array_append_val (fds, fd);
  for (guint i = 0; i < collector->entries->len; i++) {
    const Entry *entry = collector->entries->pdata[i];
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

static void
say (Collector *collector, const char *line)
{
  int fd = collector->options->ready_fd;
  if (fd >= 0 && write (fd, line, strlen (line)) < 0)
    g_debug ("nobody listens: %s", g_strerror (errno));
}

/* Once the main process is over and its trace written: what `lockstitch record` waits for. */
static void
report_once (Collector *collector)
{
  if (collector->has_reported || !collector->main_was_done)
    return;
  guint32 main_pid = get_main_pid (collector);
  LsTracedSummary best = { 0 };
  for (guint i = 0; i < collector->entries->len; i++) {
    Entry *entry = collector->entries->pdata[i];
    if (entry->image->pid == main_pid && !entry->is_written)
      return;
    if (!entry->is_written)
      ls_traced_image_flush (entry->traced, FALSE);
    LsTracedSummary summary = ls_traced_image_get_summary (entry->traced);
    if (summary.has_main_name)
      best = summary;
  }
  collector->has_reported = TRUE;
  if (collector->output.has_failed) {
    g_autofree char *failure = g_strdup_printf ("error: %s\n", collector->output.failure);
    say (collector, failure);
  }
  g_autofree char *line = g_strdup_printf ("done %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT
                                           " %u %" G_GINT64_FORMAT " %u %s\n",
                                           best.n_events, best.n_lost, best.n_threads, best.span_ns,
                                           collector->output.n_files, best.path ? best.path : "");
  say (collector, line);
}

static gboolean
is_recording_over (Collector *collector)
{
  for (guint i = 0; i < collector->entries->len; i++) {
    const Entry *entry = collector->entries->pdata[i];
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

int
ls_collector_run (const LsCollectorOptions *options)
{
  static Collector collector; /* too large for a stack with its clock map */
  collector.options = options;
  g_autoptr (GError) error = NULL;
  set_signals ();
  if (!ls_output_init (&collector.output, options->output, &error) ||
      !(collector.recording.shared = ls_shared_new (ls_clock_choose (), 0, &error))) {
    g_autofree char *line = g_strdup_printf ("error: %s\n", error->message);
    say (&collector, line);
    return 1;
  }
  LsShared *shared = collector.recording.shared;
  collector.recording.clock = &collector.clock;
  collector.recording.output = &collector.output;
  collector.recording.naming = ls_naming_new ();
  collector.drain = ls_drain_new (shared);
  collector.entries = g_ptr_array_new_with_free_func (free_entry);
  collector.wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  ls_clock_map_init (&collector.clock, (LsClock) shared->region->clock);
  ls_shared_hold (shared);
  ls_shared_top_up (shared, 0);
  g_thread_unref (g_thread_new ("wanted", watch_wanted, &collector));

  g_autofree char *path = g_strdup_printf ("/proc/%d/fd/%d\n", getpid (), shared->fd);
  say (&collector, path);
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
  ls_output_clear (&collector.output);
  return 0;
}
