/* SPDX-License-Identifier: MIT */
/* Prints what it is to be recorded with: the region's options and its depth of stacks. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "region.h"

int
main (void)
{
  const char *path = getenv (LS_REGION_ENV);
  int fd = path ? open (path, O_RDONLY) : -1;
  const LsRegion *region = mmap (NULL, sizeof (LsRegion), PROT_READ, MAP_SHARED, fd, 0);
  if (region == MAP_FAILED)
    return 1;
  printf ("%u %u\n", region->options, region->stack_depth);
  return 0;
}
