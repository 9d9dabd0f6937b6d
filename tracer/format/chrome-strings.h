/* SPDX-License-Identifier: MIT */
/* Where strings of JSON end, as many bytes at once as the machine can look at. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#  include <emmintrin.h>
#endif

static inline bool
ls_chrome_is_special (char c)
{
  return c == '"' || c == '\\' || (guchar) c < 0x20;
}

#ifdef __SSE2__
/* Which of 16 bytes are special, a bit each. */
static inline unsigned
ls_chrome_find_specials (const char *at)
{
  __m128i bytes = _mm_loadu_si128 ((const __m128i *) (gconstpointer) at);
  __m128i quotes = _mm_cmpeq_epi8 (bytes, _mm_set1_epi8 ('"'));
  __m128i backslashes = _mm_cmpeq_epi8 (bytes, _mm_set1_epi8 ('\\'));
  __m128i controls = _mm_cmpeq_epi8 (_mm_min_epu8 (bytes, _mm_set1_epi8 (0x1f)), bytes);
  return (unsigned) _mm_movemask_epi8 (_mm_or_si128 (_mm_or_si128 (quotes, backslashes), controls));
}
#  define LS_CHROME_STEP 16
#else
/* Which of 8 bytes are special, in the highest bit of each; what comes after the first may be wrong, and
 * bytes from 0x80 on may count as some. */
static inline uint64_t
ls_chrome_find_specials (const char *at)
{
  const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
  uint64_t bytes;
  memcpy (&bytes, at, sizeof bytes);
  uint64_t quotes = bytes ^ (ones * '"'), backslashes = bytes ^ (ones * '\\');
  return ((bytes - ones * 0x20) | (quotes - ones) | (backslashes - ones)) & highs;
}
#  define LS_CHROME_STEP 8
#endif

/* Up to a quote, a backslash or what stands in no string. */
static inline const char *
ls_chrome_find_special (const char *at, const char *end)
{
  for (; end - at >= LS_CHROME_STEP; at += LS_CHROME_STEP) {
#ifdef __SSE2__
    unsigned specials = ls_chrome_find_specials (at);
    if (specials)
      return at + __builtin_ctz (specials);
#else
    if (ls_chrome_find_specials (at))
      break;
#endif
  }
  while (at < end && !ls_chrome_is_special (*at))
    at++;
  return at;
}
