/* SPDX-License-Identifier: MIT */
/* From variables of the environment to the collector's options. */
#include "launch-options.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "region.h"

#define MIN_BYTES ((uint64_t) 1 << 20)
#define MAX_BYTES ((uint64_t) 1 << 50)

/* Adds "NAMEnumber". */
static void
add (LsLaunchOptions *options, const char *name, uint64_t number)
{
  char digits[21], *text = options->text[options->n++];
  size_t at = sizeof digits - 1;

  digits[at] = '\0';
  do
    digits[--at] = (char) ('0' + number % 10);
  while (number /= 10);
  strcpy (text, name);
  strcat (text, digits + at);
}

/* A number up to `most`, which `end` follows. */
static bool
read_number (const char *text, uint64_t most, uint64_t *number, const char **end)
{
  *number = 0;
  for (*end = text; **end >= '0' && **end <= '9'; (*end)++) {
    *number = *number * 10 + (uint64_t) (**end - '0');
    if (*number > most)
      return false;
  }
  return *end != text;
}

/* "64M" */
static bool
read_size (const char *text, uint64_t *bytes)
{
  const char *end;

  if (!read_number (text, MAX_BYTES, bytes, &end))
    return false;
  unsigned shift = *end == 'K' || *end == 'k'   ? 10
                   : *end == 'M' || *end == 'm' ? 20
                   : *end == 'G' || *end == 'g' ? 30
                                                : 0;
  if (*bytes > MAX_BYTES >> shift)
    return false;
  *bytes <<= shift;
  return end[shift != 0] == '\0' && *bytes >= MIN_BYTES;
}

void
ls_launch_options_read (LsLaunchOptions *options)
{
  const char *size = secure_getenv ("LOCKSTITCH_BUFFER_SIZE"), *end;
  const char *kept = secure_getenv ("LOCKSTITCH_KEEP_LAST");
  const char *stacks = secure_getenv ("LOCKSTITCH_STACKS");
  const char *full = secure_getenv ("LOCKSTITCH_WHEN_FULL");
  uint64_t number, bits = 0;

  options->n = 0;
  if (size && read_size (size, &number))
    add (options, "--buffer-size=", number);
  if (kept && read_size (kept, &number))
    add (options, "--keep-last=", number);
  if (stacks && read_number (stacks, LS_STACK_MAX, &number, &end) && *end == '\0') {
    add (options, "--stack-depth=", number);
    bits |= number == 0 ? LS_OPTION_NO_STACKS : 0;
  }
  if (full && strcmp (full, "drop") == 0)
    bits |= LS_OPTION_DROP;
  if (bits)
    add (options, "--options=", bits);
}
