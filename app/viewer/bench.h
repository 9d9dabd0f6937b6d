/* SPDX-License-Identifier: MIT */
/* Measures frames: opens a trace, zooms and pans by script, prints what the frames cost. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Once the application runs, `path` is shown at 1920 x 1080 and the figures go to stdout: one line
 * a scene, "zoom-in median 3.1 ms p99 6.0 ms max 7.2 ms of 120 frames". Then the program ends. */
void ls_bench_prepare (GtkApplication *application, const char *path);

G_END_DECLS
