/* SPDX-License-Identifier: MIT */
/**
 * Bytes eight at a time, and numbers: for direct.c, which says what may be read.
 *
 * A word has the first byte lowest, on every machine. Each take_...() returns where it stopped, NULL
 * when the number is not one that the writer writes.
 */
#pragma once

#include <glib.h>
#include <string.h>

#include "parser-private.h"

#define MAX_DIGITS 18 /* of an integer that surely fits an int64_t */
#define MAX_EXACT 15  /* digits that a double holds exactly */

/* words */

#define EACH(byte) (UINT64_C (0x0101010101010101) * (byte))
#define HIGH_BITS EACH (0x80)

static inline uint64_t
load (const char *at)
{
  uint64_t word;
  memcpy (&word, at, sizeof word);
  return GUINT64_FROM_LE (word);
}

/* Marks the high bit of the lowest byte below `limit` (to 128); those above it may be marked wrongly. */
static inline uint64_t
mark_below (uint64_t word, uint64_t limit)
{
  return (word - EACH (limit)) & ~word & HIGH_BITS;
}

static inline uint64_t
mark_equal (uint64_t word, uint64_t byte)
{
  return mark_below (word ^ EACH (byte), 1);
}

/* How many bytes come before the first marked one; there must be one. */
static inline unsigned
count_before (uint64_t marks)
{
  return (unsigned) __builtin_ctzll (marks) / 8;
}

#define TAKE(at, literal) \
  (memcmp (at, "" literal, sizeof (literal) - 1) == 0 ? at + sizeof (literal) - 1 : NULL)

/* numbers */

static inline unsigned
get_digit (const char *at)
{
  return (unsigned char) (*at - '0');
}

/* The number that eight digits' values make, if all bytes are digits: pairs, fours and all eight are
 * put together at once. */
static inline bool
fold (uint64_t digits, uint64_t *number)
{
  if (((digits + EACH (0x76)) | digits) & HIGH_BITS)
    return false;
  digits = (digits * 10 + (digits >> 8)) & UINT64_C (0x00ff00ff00ff00ff);
  digits = (digits * 100 + (digits >> 16)) & UINT64_C (0x0000ffff0000ffff);
  *number = (digits * 10000 + (digits >> 32)) & 0xffffffff;
  return true;
}

/* Digits, after those that `number` holds already. A loop, though it branches on every one: as the
 * same numbers have as many digits most of the time, what follows need not wait for their end. */
static inline const char *
take_digits (const char *at, uint64_t *number)
{
  uint64_t n = *number;

  for (unsigned digit; (digit = get_digit (at)) < 10; at++)
    n = n * 10 + digit;
  *number = n;
  return at;
}

/* Digits without a leading zero, at most MAX_DIGITS of them. */
static inline const char *
take_uint (const char *at, uint64_t *number)
{
  const char *from = at;

  *number = 0;
  at = take_digits (at, number);
  return at > from && at - from <= MAX_DIGITS && (*from != '0' || at - from == 1) ? at : NULL;
}

/* A time. Mostly it has as many digits as the one before it, and the same ones before its last eight. */
static inline const char *
take_time (LsTimes *times, const char *at, uint64_t *number)
{
  unsigned n = times->n;
  uint64_t digits = (load (at) ^ EACH ('0')) << times->shift, low;

  if (G_LIKELY (digits == times->digits && fold (load (at + n - 8) ^ EACH ('0'), &low) &&
                get_digit (at + n) >= 10)) {
    *number = times->high + low;
    return at + n;
  }
  return ls_times_take (times, at, number);
}

/* A number from 1 on, of one or two digits mostly. */
static inline const char *
take_from_1 (const char *at, uint64_t max, uint32_t *number)
{
  unsigned first = get_digit (at), second = get_digit (at + 1);

  *number = first;
  if (G_UNLIKELY (first - 1 >= 9))
    return NULL;
  if (second >= 10)
    return at + 1;
  *number = first * 10 + second;
  if (G_LIKELY (get_digit (at + 2) >= 10))
    return at + 2;
  uint64_t n = *number;
  const char *end = take_digits (at + 2, &n);
  *number = (uint32_t) n;
  return n <= max && end - at <= MAX_DIGITS ? end : NULL;
}

static inline const char *
take_limited (const char *at, uint64_t max, uint32_t *number)
{
  uint64_t n = 0;

  at = take_uint (at, &n);
  *number = (uint32_t) n;
  return n <= max ? at : NULL;
}

static inline const char *
take_id (const char *at, uint32_t *id)
{
  return take_from_1 (at, G_MAXUINT32, id);
}

static inline const char *
take_thread (const char *at, uint32_t *id)
{
  return take_from_1 (at, LS_MAX_THREAD, id);
}

/* What follows an integer part that is a float's. Exact when the digits and the power of ten are
 * both exact doubles (Clinger 1990): the one division then rounds as strtod() does. */
static inline const char *
take_fraction (const char *at, uint64_t integer, bool negative, double *number)
{
  static const double powers[] = { 1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
  const char *from = at;
  uint64_t digits = integer;

  for (; (guchar) (*at - '0') < 10 && at - from < MAX_EXACT; at++) {
    if (digits >= 100000000000000)
      return NULL;
    digits = digits * 10 + (uint64_t) (*at - '0');
  }
  if (at == from || digits >= 1000000000000000)
    return NULL;
  *number = (double) digits / powers[at - from];
  if (negative)
    *number = -*number;
  return at;
}

static inline const char *
take_number (const char *at, LsValue *value)
{
  bool negative = *at == '-';
  uint64_t integer = 0;

  at = take_uint (at + negative, &integer);
  if (at && *at == '.') {
    value->type = LS_VALUE_FLOAT;
    return take_fraction (at + 1, integer, negative, &value->f);
  }
  value->type = LS_VALUE_INT;
  value->i = (int64_t) (negative ? 0 - integer : integer);
  return at;
}
