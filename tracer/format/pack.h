/* SPDX-License-Identifier: MIT */
/**
 * Packs as gzip or Zstandard, in members or frames that each stand alone: a file of them can be read
 * as far as the last one that is whole.
 */
#pragma once

#include "unpack.h"

G_BEGIN_DECLS

/* GZIP or ZSTD by the name's ending, .gz or .zst, else NONE. */
LsPacking ls_packing_from_name (const char *name);

/* The ending: "", ".gz" or ".zst". */
const char *ls_packing_get_suffix (LsPacking packing);

typedef struct _LsPacker LsPacker;

/* @packing: GZIP or ZSTD. A packer is for one thread at a time. */
LsPacker *ls_packer_new (LsPacking packing);
void ls_packer_free (LsPacker *packer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LsPacker, ls_packer_free)

/* Appends a member or frame with these bytes to `out`. */
void ls_packer_add (LsPacker *packer, const char *bytes, gsize n_bytes, GString *out);

/* The offset in the file where its last whole member or frame ends; 0 when there is none. */
gint64 ls_packing_find_end (LsPacking packing, int fd);

G_END_DECLS
