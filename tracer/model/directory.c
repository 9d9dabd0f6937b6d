/* SPDX-License-Identifier: MIT */
/* Where to look in an ascending list. */
#include "directory.h"

#define KEYS_A_CELL 16

void
ls_directory_init (LsDirectory *directory, uint32_t n, uint64_t last)
{
  uint32_t n_cells = n / KEYS_A_CELL + 1;
  *directory = (LsDirectory){ 0 };
  while (last >> directory->shift >= n_cells)
    directory->shift++;
  /* The cells that there are, and while they are filled, how many are. */
  directory->first = g_new (uint32_t, (last >> directory->shift) + 2);
}

void
ls_directory_add (LsDirectory *directory, uint32_t i, uint64_t key)
{
  while (directory->n_cells <= key >> directory->shift)
    directory->first[directory->n_cells++] = i;
}

void
ls_directory_seal (LsDirectory *directory, uint32_t n)
{
  directory->first[directory->n_cells] = n;
}

void
ls_directory_clear (LsDirectory *directory)
{
  g_clear_pointer (&directory->first, g_free);
}
