/* SPDX-License-Identifier: MIT */
/* Helpers of the functions that put a trace into words. Only tracer/analysis sees this. */
#pragma once

#include "finding.h"

G_BEGIN_DECLS

/* "A", "A and B", "A, B and C", "A, B, C and 4 more". `names`: char *. Owned by the caller. */
char *ls_text_join (const GPtrArray *names);

/* Appends `part` (taken; NULL and "" are left out) after `separator` where something stands before. */
void ls_text_append (GString *text, const char *separator, char *part);

/* "reads 0", "acquires log.lock": what an event does, without who and where. `with_value`: name the
 * value that is accessed ("reads 0 from database.value"). Owned by the caller. */
char *ls_event_dup_words (const LsTrace *trace, const LsEvent *event, bool with_value);

G_END_DECLS
