/* SPDX-License-Identifier: MIT */
/* gzip by zlib, as GLib's converter loses what it made just before it met damage; Zstandard by libzstd. */
#include "unpack.h"

#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#define GZIP_WINDOW (MAX_WBITS + 16)

/* Of what zstd makes in one step nothing is known when it ends in damage: so steps are small, and
 * always the same. */
#define STEP_BYTES (16 * 1024)

struct _LsUnpacker {
  z_stream gzip;      /* unless there is */
  ZSTD_DStream *zstd; /* which refuses windows over 128 MiB */
  gsize n_wanted;     /* by zstd for its next step */
  char *made;         /* by zstd, and not all taken yet */
  gsize n_made, n_taken;
  bool is_between; /* members or frames */
  bool has_ended;  /* a member or frame */
  bool is_cut_off;
  char *damage;
};

/* Whether the `n` bytes agree with a magic number as far as they go. */
static LsPacking
compare (const char *bytes, gsize n, const char *magic, gsize n_magic, LsPacking packing)
{
  if (memcmp (bytes, magic, MIN (n, n_magic)) != 0)
    return LS_PACKING_NONE;
  return n < n_magic ? LS_PACKING_UNKNOWN : packing;
}

LsPacking
ls_packing_find (const char *bytes, gsize n)
{
  if (n == 0)
    return LS_PACKING_UNKNOWN;
  if (bytes[0] == '\x1f')
    return compare (bytes, n, "\x1f\x8b", 2, LS_PACKING_GZIP);
  if (bytes[0] == '\x28')
    return compare (bytes, n, "\x28\xb5\x2f\xfd", 4, LS_PACKING_ZSTD);
  /* A frame to be skipped, with which parallel compressors begin. */
  if ((bytes[0] & 0xf0) == 0x50)
    return compare (bytes + 1, n - 1, "\x2a\x4d\x18", 3, LS_PACKING_ZSTD);
  return LS_PACKING_NONE;
}

static void
set_damage (LsUnpacker *unpacker, const char *what)
{
  if (!unpacker->damage)
    unpacker->damage = g_strdup_printf ("the compressed file %s", what);
}

LsUnpacker *
ls_unpacker_new (LsPacking packing)
{
  LsUnpacker *unpacker = g_new0 (LsUnpacker, 1);

  unpacker->is_between = true;
  if (packing == LS_PACKING_ZSTD) {
    unpacker->zstd = ZSTD_createDStream ();
    unpacker->n_wanted = ZSTD_initDStream (unpacker->zstd);
    unpacker->made = g_malloc (STEP_BYTES);
  } else if (inflateInit2 (&unpacker->gzip, GZIP_WINDOW) != Z_OK) {
    set_damage (unpacker, "cannot be unpacked: there is no memory for it");
  }
  return unpacker;
}

void
ls_unpacker_free (LsUnpacker *unpacker)
{
  if (!unpacker)
    return;
  if (unpacker->zstd)
    ZSTD_freeDStream (unpacker->zstd);
  else
    inflateEnd (&unpacker->gzip);
  g_free (unpacker->made);
  g_free (unpacker->damage);
  g_free (unpacker);
}

static bool
is_all_zeros (const char *bytes, gsize n)
{
  return n == 0 || (bytes[0] == 0 && memcmp (bytes, bytes + 1, n - 1) == 0);
}

/* @is_magic: there is no magic number where a member or frame could begin. */
static void
meet_damage (LsUnpacker *unpacker, bool is_magic)
{
  set_damage (unpacker, is_magic && unpacker->has_ended
                          ? "is followed by something else, which is left out"
                          : "is damaged here");
}

static void
run_gzip (LsUnpacker *unpacker, const char *in, gsize *n_in, char *out, gsize *n_out)
{
  z_stream *gzip = &unpacker->gzip;

  /* What fills a tape's block up. */
  if (unpacker->is_between && is_all_zeros (in, *n_in)) {
    *n_out = 0;
    return;
  }
  gzip->next_in = (Bytef *) in;
  gzip->avail_in = (uInt) MIN (*n_in, G_MAXINT);
  gzip->next_out = (Bytef *) out;
  gzip->avail_out = (uInt) MIN (*n_out, G_MAXINT);
  int outcome = inflate (gzip, Z_NO_FLUSH);
  *n_in = (gsize) ((const char *) gzip->next_in - in);
  *n_out = (gsize) ((char *) gzip->next_out - out);
  unpacker->is_between = outcome == Z_STREAM_END;
  if (unpacker->is_between) {
    unpacker->has_ended = true;
    inflateReset (gzip);
  } else if (outcome != Z_OK && outcome != Z_BUF_ERROR) {
    meet_damage (unpacker, gzip->total_in <= 2);
  }
}

static void
step_zstd (LsUnpacker *unpacker, const char *in, gsize *n_in)
{
  ZSTD_inBuffer from = { in, MIN (*n_in, unpacker->n_wanted), 0 };
  ZSTD_outBuffer to = { unpacker->made, STEP_BYTES, 0 };
  size_t left = ZSTD_decompressStream (unpacker->zstd, &to, &from);

  *n_in = from.pos;
  unpacker->n_made = to.pos;
  unpacker->n_taken = 0;
  unpacker->is_between = left == 0;
  unpacker->n_wanted = left;
  if (left == 0) {
    unpacker->has_ended = true;
    unpacker->n_wanted = ZSTD_initDStream (unpacker->zstd);
  } else if (ZSTD_getErrorCode (left) == ZSTD_error_frameParameter_windowTooLarge) {
    set_damage (unpacker, "needs more than 128 MiB to be unpacked (zstd --long); unpack it first");
  } else if (ZSTD_isError (left)) {
    meet_damage (unpacker, ZSTD_getErrorCode (left) == ZSTD_error_prefix_unknown);
  }
}

static void
run_zstd (LsUnpacker *unpacker, const char *in, gsize *n_in, char *out, gsize *n_out)
{
  if (unpacker->n_taken < unpacker->n_made)
    *n_in = 0;
  else
    step_zstd (unpacker, in, n_in);
  *n_out = MIN (*n_out, unpacker->n_made - unpacker->n_taken);
  memcpy (out, unpacker->made + unpacker->n_taken, *n_out);
  unpacker->n_taken += *n_out;
}

bool
ls_unpacker_is_between (const LsUnpacker *unpacker)
{
  return unpacker->is_between && unpacker->n_taken == unpacker->n_made;
}

void
ls_unpacker_run (LsUnpacker *unpacker, const char *in, gsize *n_in, char *out, gsize *n_out)
{
  bool is_waiting = ls_unpacker_is_between (unpacker);

  /* In the middle of a member, what was taken before may make more. */
  if (unpacker->damage || *n_out == 0 || (is_waiting && *n_in == 0))
    *n_in = *n_out = 0;
  else if (unpacker->zstd)
    run_zstd (unpacker, in, n_in, out, n_out);
  else
    run_gzip (unpacker, in, n_in, out, n_out);
}

const char *
ls_unpacker_get_damage (const LsUnpacker *unpacker)
{
  return unpacker->damage;
}

void
ls_unpacker_end (LsUnpacker *unpacker)
{
  unpacker->is_cut_off = !unpacker->is_between && !unpacker->damage;
  if (unpacker->is_cut_off)
    set_damage (unpacker, "is cut off");
}

bool
ls_unpacker_is_cut_off (const LsUnpacker *unpacker)
{
  return unpacker->is_cut_off;
}
