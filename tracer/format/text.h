/* SPDX-License-Identifier: MIT */
/**
 * Numbers and quoted text as JSON, the fast way: what json-writer.c and writer.c share.
 *
 * The put functions write at `p`, which must have room, and return the end; the text ends there,
 * whether or not a NUL follows.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define LS_MAX_UINT_CHARS 20
#define LS_MAX_DOUBLE_CHARS 32
#define LS_NO_CUT G_MAXSIZE

char *ls_put_uint (char *p, uint64_t value);
char *ls_put_int (char *p, int64_t value);
char *ls_put_hex (char *p, uint64_t value); /* lower case, no leading zeros, no "0x" */

/* The shortest text that reads back as the same double, always told from an integer by a '.' or an
 * 'e'; "nan", "inf" and "-inf" in quotes, as JSON has no word for them. */
char *ls_put_double (char *p, double value);

/* Appends `value` in quotes, at most `max_chars` characters of it. Every byte that is no UTF-8
 * becomes U+FFFD. */
void ls_append_quoted (GString *out, const char *value, gsize max_chars);
