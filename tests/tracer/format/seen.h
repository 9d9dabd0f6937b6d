/* SPDX-License-Identifier: MIT */
/* All that is told of a trace, as text, so that two ways of reading it can be compared. */
#pragma once

#include "input.h"
#include "reader.h"

/* What one reading told: every line with its number, and the report or error. */
GString *seen_in_order (const char *bytes, gsize n);

/* The same of ls_segments_read(), cut into blocks of about `n_block` bytes. */
GString *seen_in_segments (LsInput *input, gsize n_block, guint n_workers);

/* Fails with both texts where they first differ. */
void seen_compare (const GString *one, const GString *other, const char *what);
