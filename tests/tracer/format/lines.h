/* SPDX-License-Identifier: MIT */
/* Trace lines for tests: compared field by field, and made at random. */
#pragma once

#include <glib.h>

#include "line.h"

/* Whether both say the same; NaN equals NaN, and 0.0 is not -0.0. */
bool lines_equal (const LsLine *a, const LsLine *b);

/* A random line of a random kind that is valid to read. Its strings live in `strings`, which frees
 * them. Text is short, without the words and forms that a reader takes for numbers. */
void lines_make (GRand *rand, GPtrArray *strings, LsLine *line);
