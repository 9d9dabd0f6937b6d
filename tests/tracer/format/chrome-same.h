/* SPDX-License-Identifier: MIT */
/* Both ways to a Chrome event beside each other, for tests. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Reads the event at `at`, a '{', directly. Returns: whether that took it; then json-c must take as
 * much to the same effect. Anything else ends the test. */
bool chrome_same (const char *at, const char *end);
