/* SPDX-License-Identifier: MIT */
/* gzip by zlib, Zstandard by libzstd. */
#include "pack.h"

#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#define GZIP_WINDOW (MAX_WBITS + 16)
#define GZIP_MEMORY 9
#define READ_BYTES (256 * 1024)

struct _LsPacker {
  z_stream gzip;   /* unless there is */
  ZSTD_CCtx *zstd; /* at its fastest level: traces repeat themselves a lot */
};

LsPacking
ls_packing_from_name (const char *name)
{
  for (LsPacking packing = LS_PACKING_GZIP; packing <= LS_PACKING_ZSTD; packing++)
    if (g_str_has_suffix (name, ls_packing_get_suffix (packing)))
      return packing;
  return LS_PACKING_NONE;
}

const char *
ls_packing_get_suffix (LsPacking packing)
{
  return packing == LS_PACKING_GZIP ? ".gz" : packing == LS_PACKING_ZSTD ? ".zst" : "";
}

LsPacker *
ls_packer_new (LsPacking packing)
{
  LsPacker *packer = g_new0 (LsPacker, 1);
  if (packing == LS_PACKING_ZSTD) {
    packer->zstd = ZSTD_createCCtx ();
    if (!packer->zstd)
      g_error ("no memory for packing");
    ZSTD_CCtx_setParameter (packer->zstd, ZSTD_c_compressionLevel, 1);
    ZSTD_CCtx_setParameter (packer->zstd, ZSTD_c_checksumFlag, 1);
  } else if (deflateInit2 (&packer->gzip, Z_BEST_SPEED, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
                           Z_DEFAULT_STRATEGY) != Z_OK) {
    g_error ("no memory for packing");
  }
  return packer;
}

void
ls_packer_free (LsPacker *packer)
{
  if (!packer)
    return;
  if (packer->zstd)
    ZSTD_freeCCtx (packer->zstd);
  else
    deflateEnd (&packer->gzip);
  g_free (packer);
}

/* Room for so many bytes more behind what is in `out`. */
static char *
reserve (GString *out, gsize n_bytes)
{
  gsize len = out->len;
  g_string_set_size (out, len + n_bytes);
  out->len = len;
  return out->str + len;
}

static gsize
add_gzip (LsPacker *packer, const char *bytes, gsize n_bytes, GString *out)
{
  z_stream *gzip = &packer->gzip;
  deflateReset (gzip);
  gsize bound = deflateBound (gzip, n_bytes);
  gzip->next_in = (Bytef *) bytes;
  gzip->avail_in = (uInt) n_bytes;
  gzip->next_out = (Bytef *) reserve (out, bound);
  gzip->avail_out = (uInt) bound;
  deflate (gzip, Z_FINISH);
  return gzip->total_out;
}

static gsize
add_zstd (LsPacker *packer, const char *bytes, gsize n_bytes, GString *out)
{
  gsize bound = ZSTD_compressBound (n_bytes);
  gsize n = ZSTD_compress2 (packer->zstd, reserve (out, bound), bound, bytes, n_bytes);
  if (ZSTD_isError (n))
    g_error ("zstd: %s", ZSTD_getErrorName (n));
  return n;
}

void
ls_packer_add (LsPacker *packer, const char *bytes, gsize n_bytes, GString *out)
{
  g_return_if_fail (n_bytes <= G_MAXINT / 2);
  gsize n =
    packer->zstd ? add_zstd (packer, bytes, n_bytes, out) : add_gzip (packer, bytes, n_bytes, out);
  out->len += n;
  out->str[out->len] = '\0';
}

/* -- Reading -- */

typedef struct {
  LsUnpacker *unpacker;
  char *in, *out;
  gint64 n_taken; /* of the file */
  gint64 end;
} Search;

/* Goes through bytes of the file; false when they are damaged. */
static bool
search (Search *state, gsize n_bytes)
{
  for (gsize at = 0;;) {
    gsize n_in = n_bytes - at, n_out = READ_BYTES;
    ls_unpacker_run (state->unpacker, state->in + at, &n_in, state->out, &n_out);
    at += n_in;
    state->n_taken += (gint64) n_in;
    if (ls_unpacker_is_between (state->unpacker))
      state->end = state->n_taken;
    if (ls_unpacker_get_damage (state->unpacker))
      return false;
    if (n_in == 0 && n_out == 0)
      return true;
  }
}

gint64
ls_packing_find_end (LsPacking packing, int fd)
{
  Search state = { .unpacker = ls_unpacker_new (packing),
                   .in = g_malloc (READ_BYTES),
                   .out = g_malloc (READ_BYTES) };
  ssize_t n;
  while ((n = pread (fd, state.in, READ_BYTES, state.n_taken)) > 0 && search (&state, (gsize) n))
    ;
  ls_unpacker_free (state.unpacker);
  g_free (state.in);
  g_free (state.out);
  return state.end;
}
