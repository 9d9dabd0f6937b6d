/* SPDX-License-Identifier: MIT */
/* What options of several commands have as their argument. */
#pragma once

#include <stdbool.h>

#include "trace.h"

G_BEGIN_DECLS

/* "12ms", "1.5s", "2m", "40us", "900" (ns). */
bool ls_argument_parse_time (const char *text, int64_t *ns);

/* "A..B"; either may be left out: the trace's start, `end_ns`. False unless A < B. */
bool ls_argument_parse_span (const char *text, int64_t end_ns, LsSpan *span);

/* "65536", "64K", "1.5M", "2G", "2GiB": bytes, units of 1024. */
bool ls_argument_parse_size (const char *text, uint64_t *bytes);

/* What a trace says is data: its text without control characters and the like, for a terminal. Owned
 * by the caller. */
char *ls_text_dup_plain (const char *text);

G_END_DECLS
