/* SPDX-License-Identifier: MIT */
/* Bytes packed for tests. */
#pragma once

#include <glib.h>

/* Appends a gzip member, or a Zstandard frame, of the bytes. */
void packed_append_gzip (GString *out, const char *bytes, gsize n);
void packed_append_zstd (GString *out, const char *bytes, gsize n);

/* A frame that is to be skipped. */
void packed_append_skip (GString *out, guint32 n);
