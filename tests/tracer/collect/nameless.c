/* SPDX-License-Identifier: MIT */
/* A module built without debug information, and once more without symbols; see test-symbols.c. */

int nameless_table[8];
void *nameless_call (void);

void *
nameless_call (void)
{
  return __builtin_return_address (0);
}
