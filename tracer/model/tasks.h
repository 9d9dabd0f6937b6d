/* SPDX-License-Identifier: MIT */
/* Work in pieces, on several threads. Only tracer/model sees this. */
#pragma once

#include <glib.h>

/* Calls func (piece, data) once for each piece below n_pieces, on at most `n_workers` threads, the
 * calling one among them; returns when all are done. What a piece writes no other may touch: so what
 * comes of it is the same however many there are. */
typedef void (*LsTaskFunc) (guint piece, gpointer data);
void ls_tasks_run (guint n_workers, LsTaskFunc func, guint n_pieces, gpointer data);
