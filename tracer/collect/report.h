/* SPDX-License-Identifier: MIT */
/* What the collector tells `lockstitch record` through the answer's descriptor; the lines are described
 * in region.h. */
#pragma once

#include "entry.h"

G_BEGIN_DECLS

/* Writes a line, or nothing when nobody listens. */
void ls_report_say (int fd, const char *line);

/* Tells of all images. False, and nothing is told, while the trace of the main process or of one
 * that has ended is not yet written. */
gboolean ls_report_end (int fd,
                        const GPtrArray *entries,
                        LsRegion *region,
                        guint32 main_pid,
                        const LsOutput *output);

G_END_DECLS
