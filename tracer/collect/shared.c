/* SPDX-License-Identifier: MIT */
/* The region's memory and its free list. */
#include "shared.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define RESERVE_CHUNKS 64 /* kept free: 4 MiB, some milliseconds of two busy threads */
#define CALM_STEPS 64     /* it gets less by one part of so many where more was not asked for */
#define COMMON_CHUNKS \
  1024 /* 64 MiB, unless told; beyond them each thread may have two of its own */
#define MOST_RESERVE 512
#define KEPT_CHUNKS 4 /* for handlers: of the 16 and more that --buffer-size leaves */
#define TEXT_STEP (1u << 20)

G_DEFINE_QUARK (ls - collect - error, ls_collect_error)

static gsize
round_up (gsize bytes, gsize step)
{
  return (bytes + step - 1) / step * step;
}

LsShared *
ls_shared_new (LsClock clock, guint n_chunks, GError **error)
{
  if (n_chunks == 0 || n_chunks > LS_MAX_CHUNKS)
    n_chunks = LS_MAX_CHUNKS;
  gsize images = round_up (sizeof (LsRegion), 4096);
  gsize text = round_up (images + LS_MAX_IMAGES * sizeof (LsImage), 4096);
  gsize chunks = round_up (text + LS_TEXT_BYTES, LS_CHUNK_BYTES);
  gsize bytes = chunks + (gsize) n_chunks * LS_CHUNK_BYTES;

  int fd = memfd_create ("lockstitch", MFD_CLOEXEC);
  void *memory = MAP_FAILED;
  if (fd >= 0 && ftruncate (fd, (off_t) bytes) == 0 &&
      fallocate (fd, 0, 0, (off_t) (text + TEXT_STEP)) == 0)
    memory = mmap (NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
  if (memory == MAP_FAILED) {
    int failed = errno;
    g_set_error (error, LS_COLLECT_ERROR, LS_COLLECT_ERROR_REGION,
                 "the memory shared with the program cannot be made: %s%s", g_strerror (failed),
                 failed == EFBIG ? "; a limit on the size of files (ulimit -f) holds for it too"
                                 : "");
    if (fd >= 0)
      close (fd);
    return NULL;
  }

  LsShared *shared = g_new0 (LsShared, 1);
  shared->fd = fd;
  shared->region = memory;
  shared->text_ready = TEXT_STEP;
  shared->attached = g_new0 (bool, n_chunks);
  shared->left = g_array_new (FALSE, FALSE, sizeof (LsChunkRef));
  shared->n_common = COMMON_CHUNKS;
  LsRegion *region = memory;
  region->magic = LS_REGION_MAGIC;
  region->version = LS_REGION_VERSION;
  region->clock = clock;
  region->bytes = bytes;
  region->images_offset = images;
  region->text_offset = text;
  region->chunks_offset = chunks;
  region->n_chunks = n_chunks;
  region->free_kept = KEPT_CHUNKS;
  region->collector_pid = (uint32_t) getpid ();
  atomic_store (&region->text_used, 1); /* offset 0 is the empty string */
  atomic_store (&region->recording, 1);
  return shared;
}

LsShared *
ls_shared_open (int fd, GError **error)
{
  struct stat info;
  void *memory = MAP_FAILED;
  if (fd >= 0 && fstat (fd, &info) == 0 && info.st_size > (off_t) sizeof (LsRegion))
    memory = mmap (NULL, (gsize) info.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  LsRegion *region = memory;
  if (memory == MAP_FAILED || region->magic != LS_REGION_MAGIC ||
      region->version != LS_REGION_VERSION || region->bytes != (guint64) info.st_size) {
    g_set_error (error, LS_COLLECT_ERROR, LS_COLLECT_ERROR_REGION,
                 "there is no recording to take over");
    return NULL;
  }
  LsShared *shared = g_new0 (LsShared, 1);
  shared->fd = fd;
  shared->region = region;
  shared->n_ready = MIN (atomic_load (&region->n_chunks_ready), region->n_chunks);
  shared->text_ready = LS_TEXT_BYTES; /* nothing will be added */
  shared->attached = g_new0 (bool, region->n_chunks);
  shared->left = g_array_new (FALSE, FALSE, sizeof (LsChunkRef));
  shared->n_common = shared->n_ready;
  return shared;
}

void
ls_shared_free (LsShared *shared)
{
  if (!shared)
    return;
  munmap (shared->region, shared->region->bytes);
  close (shared->fd);
  g_free (shared->attached);
  g_array_unref (shared->left);
  g_free (shared);
}

void
ls_shared_hold (LsShared *shared)
{
  /* glibc's own list of robust mutexes, which this process has none of, is replaced. */
  static struct robust_list node;
  static struct robust_list_head head;
  LsRegion *region = shared->region;
  node.next = &head.list;
  head.list.next = &node;
  head.futex_offset = (char *) &region->collector_futex - (char *) &node;
  head.list_op_pending = NULL;
  region->collector_pid = (uint32_t) getpid ();
  atomic_store (&region->collector_futex, (uint32_t) syscall (SYS_gettid));
  syscall (SYS_set_robust_list, &head, sizeof head);
}

static void
push_free (LsShared *shared, guint index)
{
  LsRegion *region = shared->region;
  LsChunkHeader *header = &ls_region_chunk (region, index)->header;
  uint64_t head = atomic_load (&region->free_head), next;
  do {
    atomic_store_explicit (&header->next_free, (uint32_t) head, memory_order_relaxed);
    next = ((head >> 32) + 1) << 32 | (index + 1);
  } while (!atomic_compare_exchange_weak (&region->free_head, &head, next));
  atomic_fetch_add (&region->n_free, 1);
  shared->n_free++;
}

static gboolean
give_chunk (LsShared *shared)
{
  LsRegion *region = shared->region;
  uint32_t index = atomic_load (&region->n_chunks_ready);
  do {
    if (index >= region->n_chunks)
      return FALSE;
  } while (!atomic_compare_exchange_weak (&region->n_chunks_ready, &index, index + 1));
  off_t offset = (off_t) (region->chunks_offset + (guint64) index * LS_CHUNK_BYTES);
  if (fallocate (shared->fd, 0, offset, LS_CHUNK_BYTES) != 0) {
    /* No memory: the program waits for what is drained. */
    uint32_t next = index + 1;
    atomic_compare_exchange_strong (&region->n_chunks_ready, &next, index);
    return FALSE;
  }
  shared->n_ready = MAX (shared->n_ready, index + 1);
  push_free (shared, index);
  return TRUE;
}

static guint
count_allowed (const LsShared *shared, guint n_threads)
{
  return MIN (shared->region->n_chunks, shared->n_common + 2 * n_threads);
}

bool
ls_shared_is_short (const LsShared *shared, guint n_threads)
{
  if (shared->n_ready - MIN (shared->n_free, shared->n_ready) > 2 * n_threads + LS_SHARED_BEHIND)
    return true;
  /* Half of them: what is written while the collector sleeps or is kept from a processor. */
  return shared->n_ready >= count_allowed (shared, n_threads) &&
         shared->n_free < shared->n_ready / 2;
}

void
ls_shared_top_up (LsShared *shared, guint n_threads)
{
  LsRegion *region = shared->region;
  guint allowed = count_allowed (shared, n_threads);
  /* Many threads may all come at once: who asked for more may go on asking. */
  if (atomic_exchange (&region->free_asked, 0))
    shared->reserve = MIN (2 * shared->reserve, MOST_RESERVE);
  else
    shared->reserve -= shared->reserve / CALM_STEPS;
  guint reserve = shared->reserve = MAX (MAX (RESERVE_CHUNKS, n_threads / 4), shared->reserve);
  atomic_store (&region->free_low, (int32_t) reserve / 2);
  gboolean given = FALSE;
  while (shared->n_free < reserve && shared->n_ready < allowed && give_chunk (shared))
    given = TRUE;
  if (given)
    ls_shared_wake (shared);

  while (shared->text_ready < LS_TEXT_BYTES &&
         atomic_load (&region->text_used) + TEXT_STEP / 2 > shared->text_ready) {
    if (fallocate (shared->fd, 0, (off_t) (region->text_offset + shared->text_ready), TEXT_STEP) !=
        0)
      break;
    shared->text_ready += TEXT_STEP;
  }
}

/* The end of a settled chunk's records. */
static uint32_t
find_end (const LsChunk *chunk)
{
  uint32_t at = 2;
  while (at < LS_CHUNK_SLOTS) {
    uint16_t mark = atomic_load_explicit (&chunk->slot[at].mark, memory_order_acquire);
    if (LS_SLOT_KIND (mark) == LS_SLOT_PAD)
      break;
    at += MAX (LS_SLOT_COUNT (mark), 1);
  }
  return at;
}

static void
give_back (LsShared *shared, guint index)
{
  LsChunkHeader *header = &ls_region_chunk (shared->region, index)->header;
  header->image = header->thread = header->ordinal = header->os_tid = 0;
  atomic_store (&header->state, LS_CHUNK_FREE);
  push_free (shared, index);
}

void
ls_shared_recycle_to (LsShared *shared, guint index, uint32_t end)
{
  LsChunk *chunk = ls_region_chunk (shared->region, index);
  uint32_t state = LS_CHUNK_KEPT;
  /* First: who takes over must not take the rest of it for what was in it. */
  bool is_kept = atomic_compare_exchange_strong (&chunk->header.state, &state, LS_CHUNK_EMPTYING);
  if (!is_kept)
    atomic_store (&chunk->header.state, LS_CHUNK_FREE);
  /* Pages that a short-lived thread did not reach are left alone: to touch them all costs more than
   * all else that is done for such a thread. */
  end = MIN (end + 1, LS_CHUNK_SLOTS);
  memset (&chunk->slot[2], 0, (end - 2) * sizeof (LsSlot));
  /* The list link is atomic for a slow popper's sake: it may still read this chunk's. */
  atomic_store (&chunk->header.events_before, 0);
  shared->attached[index] = false; /* before it can be taken again */
  if (is_kept)
    atomic_store (&chunk->header.state, LS_CHUNK_EMPTIED);
  else
    give_back (shared, index);
}

void
ls_shared_recycle (LsShared *shared, guint index)
{
  ls_shared_recycle_to (shared, index, find_end (ls_region_chunk (shared->region, index)));
}

void
ls_shared_reclaim (LsShared *shared, guint image)
{
  for (guint i = 0; i < shared->n_ready; i++) {
    const LsChunkHeader *header = &ls_region_chunk (shared->region, i)->header;
    if (atomic_load (&header->state) == LS_CHUNK_EMPTIED && header->image == image)
      give_back (shared, i);
  }
}

void
ls_shared_leave (LsShared *shared, LsChunkRef ref)
{
  g_array_append_val (shared->left, ref);
}

void
ls_shared_give_back (LsShared *shared, const GArray *refs)
{
  for (guint i = 0; i < refs->len; i++) {
    LsChunkRef ref = g_array_index (refs, LsChunkRef, i);
    if (ref & LS_IN_SPILL)
      ls_spill_drop (shared->spill, ref & ~LS_IN_SPILL);
    else
      ls_shared_recycle (shared, ref);
  }
}

void
ls_shared_release (LsShared *shared)
{
  ls_shared_give_back (shared, shared->left);
  g_array_set_size (shared->left, 0);
}

void
ls_shared_wake (LsShared *shared)
{
  _Atomic uint32_t *given = &shared->region->free_given;
  atomic_fetch_add (given, 1);
  syscall (SYS_futex, given, FUTEX_WAKE, G_MAXINT, NULL, NULL, 0);
}
