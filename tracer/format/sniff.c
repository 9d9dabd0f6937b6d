/* SPDX-License-Identifier: MIT */
/* What bytes that are no trace look like, told by magic numbers and the first line. */
#include "sniff.h"

#include <stdbool.h>
#include <string.h>

#include "std-line.h"

static const struct {
  const char *magic;
  gsize n;
  const char *what;
} magics[] = {
  { "\x1f\x8b", 2, "a gzip-compressed file (unpack it first: gunzip)" },
  { "\x28\xb5\x2f\xfd", 4, "a Zstandard-compressed file (unpack it first: unzstd)" },
  { "\xfd"
    "7zXZ",
    5, "an xz-compressed file (unpack it first: unxz)" },
  { "BZh", 3, "a bzip2-compressed file (unpack it first: bunzip2)" },
  { "PK\x03\x04", 4, "a ZIP archive" },
  { "\x7f"
    "ELF",
    4, "a program or library (ELF); record it with: lockstitch record" },
  { "PERFILE2", 8, "a recording of perf" },
  { "\xff\xfe", 2, "text in UTF-16, not UTF-8" },
  { "\xfe\xff", 2, "text in UTF-16, not UTF-8" },
  { "\x89PNG", 4, "a PNG picture" },
  { "%PDF", 4, "a PDF document" },
  { "SQLite format 3", 15, "an SQLite database" },
  { "#!", 2, "a script" },
};

gsize
ls_sniff_mark (const char *bytes, gsize n)
{
  static const char mark[] = "\xef\xbb\xbf";
  return n >= 3 && memcmp (bytes, mark, 3) == 0 ? 3 : 0;
}

static bool
contains (const char *bytes, gsize n, const char *text)
{
  return memmem (bytes, n, text, strlen (text)) != NULL;
}

static bool
is_binary (const char *bytes, gsize n)
{
  gsize n_control = 0;

  for (gsize i = 0; i < n; i++) {
    guchar c = (guchar) bytes[i];
    if (c == 0)
      return true;
    n_control += c < 0x20 && !g_ascii_isspace (c);
  }
  return n_control > n / 16;
}

/* Whether the first line is one of the STD format of race detectors: "T1|acq(L1)|12". */
static bool
is_std_log (const char *bytes, gsize n)
{
  const char *line_end = memchr (bytes, '\n', n);
  LsStdLine line;

  return ls_std_line_parse (&line, bytes, line_end ? (gsize) (line_end - bytes) : n) == NULL;
}

/* Text that begins with a bracket. */
static bool
is_chrome (const char *bytes, gsize n)
{
  return contains (bytes, n, "\"traceEvents\"") ||
         (contains (bytes, n, "\"ph\"") &&
          (contains (bytes, n, "\"ts\"") || contains (bytes, n, "\"pid\"")));
}

static const char *
sniff_json (const char *bytes, gsize n)
{
  if (is_chrome (bytes, n))
    return "a Chrome trace (JSON); import it with: lockstitch convert";
  if (contains (bytes, n, "\"lockstitch\""))
    return "a Lockstitch trace whose header is cut off or damaged";
  if (bytes[0] == '{' && contains (bytes, n, "\"ev\"") && contains (bytes, n, "\"tid\""))
    return "lines of a Lockstitch trace without its header";
  return "some other JSON";
}

const char *
ls_sniff (const char *bytes, gsize n)
{
  if (!bytes)
    return "an empty file";
  for (gsize i = 0; i < G_N_ELEMENTS (magics); i++)
    if (n >= magics[i].n && memcmp (bytes, magics[i].magic, magics[i].n) == 0)
      return magics[i].what;
  if (is_binary (bytes, n))
    return "binary data";
  while (n > 0 && g_ascii_isspace (*bytes)) {
    bytes++;
    n--;
  }
  if (n == 0)
    return "an empty file";
  if (*bytes == '{' || *bytes == '[')
    return sniff_json (bytes, n);
  if (is_std_log (bytes, n))
    return "an STD log of a race detector; import it with: lockstitch convert";
  return g_utf8_validate_len (bytes, n, NULL) ? "plain text" : "text that is not UTF-8";
}

LsForeign
ls_sniff_foreign (const char *bytes, gsize n)
{
  gsize n_mark = ls_sniff_mark (bytes, n);
  bytes += n_mark;
  n -= n_mark;
  if (n == 0 || is_binary (bytes, n))
    return LS_FOREIGN_NONE;
  if (is_std_log (bytes, n))
    return LS_FOREIGN_STD;
  for (; n > 0 && g_ascii_isspace (*bytes); n--)
    bytes++;
  bool is_json = n > 0 && (*bytes == '{' || *bytes == '[');
  return is_json && !contains (bytes, MIN (n, 16), "\"lockstitch\"") && is_chrome (bytes, n)
           ? LS_FOREIGN_CHROME
           : LS_FOREIGN_NONE;
}
