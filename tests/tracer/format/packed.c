/* SPDX-License-Identifier: MIT */
/* Bytes packed for tests. */
#include "packed.h"

#include <gio/gio.h>
#include <zstd.h>

void
packed_append_gzip (GString *out, const char *bytes, gsize n)
{
  g_autoptr (GZlibCompressor) zlib = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6);
  g_autoptr (GError) error = NULL;
  GConverterResult result;

  do {
    char buffer[4096];
    gsize n_in, n_out;
    result = g_converter_convert (G_CONVERTER (zlib), bytes, n, buffer, sizeof buffer,
                                  G_CONVERTER_INPUT_AT_END, &n_in, &n_out, &error);
    g_assert_no_error (error);
    g_string_append_len (out, buffer, (gssize) n_out);
    bytes += n_in;
    n -= n_in;
  } while (result != G_CONVERTER_FINISHED);
}

void
packed_append_zstd (GString *out, const char *bytes, gsize n)
{
  ZSTD_CCtx *zstd = ZSTD_createCCtx ();
  gsize room = ZSTD_compressBound (n);
  gsize n_before = out->len;

  ZSTD_CCtx_setParameter (zstd, ZSTD_c_checksumFlag, 1);
  g_string_set_size (out, n_before + room);
  gsize n_packed = ZSTD_compress2 (zstd, out->str + n_before, room, bytes, n);
  g_assert_false (ZSTD_isError (n_packed));
  g_string_set_size (out, n_before + n_packed);
  ZSTD_freeCCtx (zstd);
}

void
packed_append_skip (GString *out, guint32 n)
{
  guint32 size = GUINT32_TO_LE (n);

  g_string_append_len (out, "\x53\x2a\x4d\x18", 4);
  g_string_append_len (out, (const char *) &size, 4);
  for (guint32 i = 0; i < n; i++)
    g_string_append_c (out, 's');
}
