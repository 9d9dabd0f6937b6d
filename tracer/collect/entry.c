/* SPDX-License-Identifier: MIT */
/* Images and their processes. */
#include "entry.h"

#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "execs.h"

#define MAX_RECORDS \
  8192 /* of one image before others, and chunks that run short, have their turn */
#define NAMES_WAIT_MS \
  30000 /* huge programs take long to read; then what has no name goes without */

LsEntry *
ls_entry_new (const LsRecording *recording, guint index, guint n_execs, gint64 now_ms)
{
  LsEntry *entry = g_new0 (LsEntry, 1);
  entry->index = index;
  entry->image = ls_region_image (recording->shared->region, index);
  entry->traced = ls_traced_image_new (recording, index, n_execs);
  entry->pid_fd = (int) syscall (SYS_pidfd_open, (pid_t) entry->image->pid, 0);
  return entry;
}

void
ls_entry_resume (LsEntry *entry, GBytes *journal, GHashTable *n_written)
{
  bool is_whole = ls_traced_image_resume (entry->traced, journal, n_written);
  entry->is_written = is_whole || atomic_load (&entry->image->written) != 0;
  entry->is_stopped = entry->is_written && !ls_entry_has_ended (entry);
  if (entry->is_written)
    ls_traced_image_release (entry->traced);
}

void
ls_entry_free (gpointer data)
{
  LsEntry *entry = data;
  ls_traced_image_free (entry->traced);
  if (entry->pid_fd >= 0)
    close (entry->pid_fd);
  g_free (entry);
}

static void
set_end (LsEntry *entry, const LsRecording *recording, gint64 now_ms)
{
  entry->end_ms = now_ms;
  if (entry->image->end_ticks == 0) /* else the next image of its process has set it */
    entry->image->end_ticks = ls_clock_read (recording->clock->clock);
}

void
ls_entry_set_over (LsEntry *entry, const LsRecording *recording, LsEndHow how, gint64 now_ms)
{
  if (how == LS_END_EXEC)
    entry->how = how; /* also when the process had ended by the time both images were found */
  if (entry->is_over)
    return;
  uint64_t ticks;
  if (how == LS_END_UNSEEN && !entry->is_stopped &&
      ls_execs_find_next (recording->shared->region, entry->image, &ticks)) {
    entry->how = LS_END_EXEC;
    entry->is_lost = TRUE;
    entry->image->end_ticks = ticks;
  }
  entry->is_over = TRUE;
  if (!entry->is_stopped)
    set_end (entry, recording, now_ms);
}

void
ls_entry_set_stopped (LsEntry *entry, const LsRecording *recording, gint64 now_ms)
{
  if (entry->is_stopped || entry->is_over)
    return;
  entry->is_stopped = TRUE;
  set_end (entry, recording, now_ms);
}

gboolean
ls_entry_has_ended (const LsEntry *entry)
{
  struct pollfd poll_fd = { .fd = entry->pid_fd, .events = POLLIN };
  if (entry->pid_fd >= 0)
    return poll (&poll_fd, 1, 0) > 0;
  return kill ((pid_t) entry->image->pid, 0) != 0 && errno == ESRCH;
}

#define REAP_WAIT_MS 250 /* from a process's end to its parent's taking notice */

/* As of Linux 6.15; C libraries' headers do not have it yet. */
struct pidfd_info {
  uint64_t mask, cgroup;
  uint32_t pid, thread_group, parent, ids[8];
  int32_t status;
};
#define PIDFD_GET_INFO _IOWR (0xFF, 11, struct pidfd_info)
#define PIDFD_INFO_EXIT (1u << 3)

void
ls_entry_set_status (LsEntry *entry, int status)
{
  entry->how = WIFSIGNALED (status) ? LS_END_SIGNAL : LS_END_EXIT;
  entry->code = WIFSIGNALED (status) ? WTERMSIG (status) : WEXITSTATUS (status);
}

gboolean
ls_entry_find_status (LsEntry *entry, gint64 now_ms)
{
  struct pidfd_info info = { .mask = PIDFD_INFO_EXIT };
  if (entry->pid_fd < 0 || ioctl (entry->pid_fd, PIDFD_GET_INFO, &info) != 0)
    return TRUE;
  if (!(info.mask & PIDFD_INFO_EXIT))
    return now_ms - entry->end_ms >= REAP_WAIT_MS;
  ls_entry_set_status (entry, info.status);
  return TRUE;
}

/* What the program said as it exited, if it did. */
static void
believe_program (LsEntry *entry)
{
  uint32_t exit_code = atomic_load (&entry->image->exit_code);
  if (entry->how == LS_END_UNSEEN && !entry->is_stopped && exit_code &&
      !ls_traced_image_has_after (entry->traced, entry->image->exit_ticks))
    ls_entry_set_status (entry, W_EXITCODE ((int) exit_code - 1, 0));
}

typedef struct {
  LsEntry *entry;
  uint64_t n_taken;
} Taker;

static void
take_record (const LsRecord *record, gpointer data)
{
  Taker *taker = data;
  taker->n_taken++;
  if (!taker->entry->is_written)
    ls_traced_image_take (record, taker->entry->traced);
}

static void
close_chunks (LsEntry *entry, LsDrain *drain, uint64_t *n_late)
{
  if (!entry->is_over || entry->is_closed)
    return;
  ls_drain_close_image (drain, entry->index, n_late);
  entry->is_closed = TRUE;
}

uint64_t
ls_entry_drain (LsEntry *entry,
                const LsRecording *recording,
                LsDrain *drain,
                uint64_t watermark,
                gint64 now_ms,
                gboolean *more)
{
  Taker taker = { .entry = entry };
  if (entry->is_closed)
    return 0;
  if (!entry->is_written &&
      ls_drain_recall (drain, entry->index, ls_traced_image_recall, entry->traced))
    ls_traced_image_set_partial (entry->traced);
  /* What is left of an ended image has no later record to wait for. */
  bool is_cut = ls_drain_image (drain, entry->index, entry->is_over ? G_MAXUINT64 : watermark,
                                now_ms, entry->is_over, MAX_RECORDS, take_record, &taker);
  if (recording->shared->left->len > 0) {
    ls_traced_image_save (entry->traced);
    if (!ls_formatter_hold (recording->formatter, recording->shared->left))
      ls_shared_release (recording->shared);
  }
  uint64_t n_late = 0;
  if (is_cut)
    *more = TRUE;
  else if (entry->is_written)
    close_chunks (entry, drain, &n_late); /* it had been stopped, and its process ended since */
  return taker.n_taken;
}

void
ls_entry_abandon (LsEntry *entry, LsDrain *drain)
{
  if (!entry->is_written && entry->is_over)
    ls_drain_abandon (drain, entry->index, ls_traced_image_take, entry->traced);
}

static bool
is_gone (uint32_t os_tid, gpointer data)
{
  const LsEntry *entry = data;
  char path[64];
  snprintf (path, sizeof path, "/proc/%u/task/%u", entry->image->pid, os_tid);
  return access (path, F_OK) != 0 && errno == ENOENT;
}

void
ls_entry_check_threads (LsEntry *entry, LsDrain *drain)
{
  if (!entry->is_over)
    ls_drain_end_threads (drain, entry->index, is_gone, entry);
}

gboolean
ls_entry_write_end (LsEntry *entry, const LsRecording *recording, LsDrain *drain, gint64 now_ms)
{
  if (!ls_traced_image_is_named (entry->traced) && now_ms - entry->end_ms < NAMES_WAIT_MS)
    return FALSE;
  ls_clock_map_take (recording->clock);
  ls_formatter_finish (recording->formatter);
  uint64_t n_late = 0;
  close_chunks (entry, drain, &n_late);
  believe_program (entry);
  ls_traced_image_finish (entry->traced, entry->how, entry->code, n_late);
  entry->is_written = TRUE;
  if (entry->is_over && entry->pid_fd >= 0) {
    close (entry->pid_fd);
    entry->pid_fd = -1;
  }
  atomic_store (&entry->image->written, 1);
  syscall (SYS_futex, &entry->image->written, FUTEX_WAKE, G_MAXINT, NULL, NULL, 0);
  return TRUE;
}
