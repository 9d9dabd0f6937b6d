/* SPDX-License-Identifier: MIT */
/* An image and its process, as the collector's loop deals with them: from the image's claim to its
 * trace's footer. */
#pragma once

#include "image.h"

G_BEGIN_DECLS

typedef struct {
  guint index;
  LsImage *image;
  LsTracedImage *traced;
  int pid_fd;          /* -1: it could not be had; then its pid is asked for */
  gboolean is_over;    /* no thread of it runs any more */
  gboolean is_stopped; /* nothing more is wanted of it, though it runs on */
  gboolean is_written;
  gboolean is_closed; /* written, and its chunks taken back */
  gboolean is_lost;   /* its process went on as a program without the library */
  LsEndHow how;
  int code;
  gint64 end_ms; /* when its end, or stop, was seen */
} LsEntry;

/* `n_execs`: images that its process had before. */
LsEntry *ls_entry_new (const LsRecording *recording, guint index, guint n_execs, gint64 now_ms);
void ls_entry_free (gpointer entry);

/* Of an image that another collector found: see ls_traced_image_resume(). */
void ls_entry_resume (LsEntry *entry, GBytes *journal, GHashTable *n_written);

/* The image ended, or is to end (LS_END_UNSEEN). */
void ls_entry_set_over (LsEntry *entry, const LsRecording *recording, LsEndHow how, gint64 now_ms);
void ls_entry_set_stopped (LsEntry *entry, const LsRecording *recording, gint64 now_ms);

/* Has its process ended? */
gboolean ls_entry_has_ended (const LsEntry *entry);

/* How the process ended, as wait() says it. */
void ls_entry_set_status (LsEntry *entry, int status);
/* Of a process that is nobody's main one: how it ended, if the kernel tells (from 6.15 on, once its
 * parent has taken the status). False while that may yet become known. */
gboolean ls_entry_find_status (LsEntry *entry, gint64 now_ms);

/* Takes the records up to the watermark, all when the image is over, whose end must have been seen
 * before the drain's scan. Returns: how many; *more says that there are others already. */
uint64_t ls_entry_drain (LsEntry *entry,
                         const LsRecording *recording,
                         LsDrain *drain,
                         uint64_t watermark,
                         gint64 now_ms,
                         gboolean *more);

/* Takes of what is left only how much it is. */
void ls_entry_abandon (LsEntry *entry, LsDrain *drain);

/* Looks for threads that ended without the library's knowing (by a raw system call, say). */
void ls_entry_check_threads (LsEntry *entry, LsDrain *drain);

/* Of an image that is over or stopped, and drained: writes the rest when its names are found. Returns:
 * false when it must be asked again. */
gboolean
ls_entry_write_end (LsEntry *entry, const LsRecording *recording, LsDrain *drain, gint64 now_ms);

G_END_DECLS
