/* SPDX-License-Identifier: MIT */
/**
 * Writes trace lines, with the exact key order and no white space of the trace format.
 *
 * The reader's direct path knows these shapes: change both or neither.
 */
#pragma once

#include <glib.h>

#include "line.h"

G_BEGIN_DECLS

/* Appends the line and its '\n' to `out`. Strings that are not UTF-8 get U+FFFD for each bad
 * byte; values and names are cut at 64 characters where the format says so. */
void ls_write_line (GString *out, const LsLine *line);

/* The event path of ls_write_line(), which needs no LsLine around it. */
void ls_write_event (GString *out, const LsLineEvent *event);

G_END_DECLS
