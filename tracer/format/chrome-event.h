/* SPDX-License-Identifier: MIT */
/* What the keys of one Chrome event say. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct json_object;

/* A string, or a number as its text; NULL for anything else and when it is absent. */
const char *ls_chrome_get_text (struct json_object *event, const char *key);

/* Microseconds with a fraction, also in a string, exactly. Returns: 1, 0 when absent, -1 when it is no
 * number or does not fit. */
int ls_chrome_get_ns (struct json_object *event, const char *key, int64_t *ns);
