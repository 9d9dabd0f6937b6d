/* SPDX-License-Identifier: MIT */
/**
 * Unpacks gzip (all members of a file) and Zstandard (all frames) piece by piece, into as much room as
 * it is given: what is packed ever so well takes no more memory.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum {
  LS_PACKING_NONE,
  LS_PACKING_UNKNOWN, /* too few bytes to tell */
  LS_PACKING_GZIP,
  LS_PACKING_ZSTD,
} LsPacking;

/* How the file is packed whose first bytes are these. */
LsPacking ls_packing_find (const char *bytes, gsize n);

typedef struct _LsUnpacker LsUnpacker;

/* @packing: GZIP or ZSTD. */
LsUnpacker *ls_unpacker_new (LsPacking packing);
void ls_unpacker_free (LsUnpacker *unpacker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LsUnpacker, ls_unpacker_free)

/**
 * Unpacks from `in` to `out`.
 *
 * @n_in, @n_out: how much there is, and how much was taken and made. Both 0 when more is needed, or
 * the file cannot be unpacked any further: see ls_unpacker_get_damage().
 */
void ls_unpacker_run (LsUnpacker *unpacker, const char *in, gsize *n_in, char *out, gsize *n_out);

/* Why there is nothing more; NULL: nothing is wrong. A sentence without the file. */
const char *ls_unpacker_get_damage (const LsUnpacker *unpacker);

/* Has all been unpacked of a member or frame, and nothing taken of the next? */
bool ls_unpacker_is_between (const LsUnpacker *unpacker);

/* Whether all that is wrong is that there should be more. */
bool ls_unpacker_is_cut_off (const LsUnpacker *unpacker);

/* Says that nothing follows, which is damage unless a member or frame has just ended. */
void ls_unpacker_end (LsUnpacker *unpacker);
