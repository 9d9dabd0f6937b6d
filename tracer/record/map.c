/* SPDX-License-Identifier: MIT */
/* Puts a recording's region into this process's memory. */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define PAGE 4096u

static bool
region_is_sound (const LsRegion *region, uint64_t bytes)
{
  uint64_t images_end = region->images_offset + (uint64_t) LS_MAX_IMAGES * sizeof (LsImage);
  uint64_t chunks_bytes = (uint64_t) region->n_chunks * LS_CHUNK_BYTES;

  return region->magic == LS_REGION_MAGIC && region->version == LS_REGION_VERSION &&
         region->bytes <= bytes && region->images_offset < bytes && images_end <= bytes &&
         region->text_offset < bytes && LS_TEXT_BYTES <= bytes - region->text_offset &&
         region->chunks_offset < bytes && region->chunks_offset % LS_CHUNK_BYTES == 0 &&
         chunks_bytes <= bytes - region->chunks_offset;
}

/* Maps a file so that its chunks begin where LsThread.word can say. Not accessible at first, or a
 * program that locks its future memory would fill it. */
static void *
map_aligned (int fd, size_t bytes)
{
  char *room = mmap (NULL, bytes + LS_CHUNK_BYTES, PROT_NONE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room == MAP_FAILED)
    return MAP_FAILED;
  size_t before = -(uintptr_t) room % LS_CHUNK_BYTES, pages = (bytes + PAGE - 1) / PAGE * PAGE;
  void *mapped =
    mmap (room + before, bytes, PROT_NONE, MAP_SHARED | MAP_NORESERVE | MAP_FIXED, fd, 0);
  int failed = errno;
  if (mapped == MAP_FAILED) {
    munmap (room, bytes + LS_CHUNK_BYTES);
  } else {
    if (before > 0)
      munmap (room, before);
    if (bytes + LS_CHUNK_BYTES > before + pages)
      munmap (room + before + pages, bytes + LS_CHUNK_BYTES - before - pages);
  }
  errno = failed;
  return mapped;
}

int
ls_map_region (const char *path, LsRegion **region)
{
  struct stat status = { 0 };
  long fd = ls_open_file (path, O_RDWR);

  if (fd < 0)
    return (int) -fd;
  if (fstat ((int) fd, &status) != 0 || (uint64_t) status.st_size < sizeof (LsRegion)) {
    ls_close_file ((int) fd);
    return EINVAL;
  }
  size_t bytes = (size_t) status.st_size;
  void *mapped = map_aligned ((int) fd, bytes);
  int failed = errno;
  ls_close_file ((int) fd);
  if (mapped == MAP_FAILED)
    return failed;
  if (mprotect (mapped, bytes, PROT_READ | PROT_WRITE) != 0 || !region_is_sound (mapped, bytes)) {
    munmap (mapped, bytes);
    return EPROTO;
  }
  /* A core dump of the program is not to hold the recording's two gigabytes. */
  madvise (mapped, bytes, MADV_DONTDUMP);
  *region = mapped;
  return 0;
}
