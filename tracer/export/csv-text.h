/* SPDX-License-Identifier: MIT */
/**
 * A name in a table: quoted as RFC 4180 says, where it has to be.
 *
 * Spreadsheets take a field that begins with one of = + - @, a tab or a carriage return for a formula,
 * and a trace may come from anybody: such a text gets an apostrophe before it, and so does one that
 * begins with an apostrophe. Who takes one apostrophe off each text that has one has what the trace says.
 */
#pragma once

#include <glib.h>

/* Appends the text as a field, without what separates it from others. */
void ls_csv_append_text (GString *out, const char *text);
