/* SPDX-License-Identifier: MIT */
/* What bytes that are no trace look like. */
#pragma once

#include <glib.h>

/* "a gzip-compressed file", ... of the first `n` bytes of a file; a constant string. */
const char *ls_sniff (const char *bytes, gsize n);
