/* SPDX-License-Identifier: MIT */
/**
 * How threads, locks and values are spelled in an STD log.
 *
 * There a name is all that tells two of them apart, and what stands in a name may not end it.
 */
#pragma once

#include "trace.h"

typedef struct {
  char **threads;  /* by index */
  char **objects;  /* by index; NULL of what has no place there */
  bool has_places; /* sources are written by their line, which is all they say; else by id */
} LsStdNames;

void ls_std_names_init (LsStdNames *names, const LsTrace *trace);
void ls_std_names_clear (LsStdNames *names, const LsTrace *trace);

/* Appends the name without what would end it. */
void ls_std_append_clean (GString *out, const char *name);

/* Whether the object is one that an STD log can say: an owned lock, or a value. */
bool ls_std_can_say (const LsObject *object);
