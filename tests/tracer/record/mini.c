/* SPDX-License-Identifier: MIT */
#include "mini.h"

#include <errno.h>
#include <linux/futex.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static uint64_t object_address[64];
static uint32_t n_objects;

static void
push_free (LsRegion *region, uint32_t index)
{
  LsChunk *chunk = ls_region_chunk (region, index);
  uint64_t head = atomic_load (&region->free_head);
  do
    atomic_store (&chunk->header.next_free, (uint32_t) head);
  while (!atomic_compare_exchange_weak (&region->free_head, &head,
                                        ((head >> 32) + 1) << 32 | (index + 1)));
  atomic_fetch_add (&region->n_free, 1);
}

void
mini_open (Mini *mini, uint32_t n_chunks)
{
  uint64_t images = 4096;
  uint64_t text = images + LS_MAX_IMAGES * sizeof (LsImage);
  uint64_t chunks = (text + LS_TEXT_BYTES + LS_CHUNK_BYTES - 1) / LS_CHUNK_BYTES * LS_CHUNK_BYTES;
  uint64_t bytes = chunks + n_chunks * LS_CHUNK_BYTES;

  *mini = (Mini){ .fd = memfd_create ("lockstitch-test", MFD_CLOEXEC) };
  if (mini->fd < 0 || ftruncate (mini->fd, (off_t) bytes) != 0)
    abort ();
  LsRegion *region = mmap (NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, mini->fd, 0);
  if (region == MAP_FAILED)
    abort ();
  mini->region = region;
  region->magic = LS_REGION_MAGIC;
  region->version = LS_REGION_VERSION;
  region->bytes = bytes;
  region->images_offset = images;
  region->text_offset = text;
  region->chunks_offset = chunks;
  region->n_chunks = n_chunks;
  region->clock = LS_CLOCK_MONOTONIC;
#if defined(__x86_64__)
  region->clock = LS_CLOCK_TSC;
#endif
  region->recording = 1;
  region->text_used = 1;
  region->n_chunks_ready = n_chunks;
  for (uint32_t i = n_chunks; i-- > 0;)
    push_free (region, i);
  snprintf (mini->path, sizeof mini->path, "/proc/%d/fd/%d", (int) getpid (), mini->fd);
  n_objects = 0;
}

void
mini_close (Mini *mini)
{
  munmap (mini->region, mini->region->bytes);
  close (mini->fd);
  free (mini->records);
  *mini = (Mini){ 0 };
}

pid_t
mini_start (Mini *mini, const char *const *argv)
{
  const char *library = getenv ("LS_TEST_LIBRARY");

  fflush (NULL);
  mini->pid = fork ();
  if (mini->pid == 0) {
    setenv ("LD_PRELOAD", library ? library : "", 1);
    setenv (LS_REGION_ENV, mini->path, 1);
    execv (argv[0], (char *const *) argv);
    _exit (127);
  }
  return mini->pid;
}

/* -- Taking records out -- */

static void
add (Mini *mini, const LsChunkHeader *header, const LsSlot *slot, unsigned n)
{
  if (mini->discards)
    return;
  if (mini->n_records == mini->room) {
    mini->room = mini->room ? mini->room * 2 : 1024;
    mini->records = realloc (mini->records, mini->room * sizeof *mini->records);
    if (!mini->records)
      abort ();
  }
  MiniRecord *record = &mini->records[mini->n_records++];
  *record = (MiniRecord){
    .image = header->image,
    .thread = header->thread,
    .ordinal = header->ordinal,
    .n_slots = n,
    .place = mini->n_records,
  };
  memcpy (record->slot, slot, n * sizeof *slot);
}

/* True when every slot is settled, as LS_CHUNK_RETIRED promises; takes the records if so, or if
 * their writer is gone. */
static bool
take_chunk (Mini *mini, LsChunk *chunk, bool is_over)
{
  for (int pass = is_over; pass < 2; pass++)
    for (uint32_t i = 2; i < LS_CHUNK_SLOTS;) {
      uint16_t mark = atomic_load (&chunk->slot[i].mark);
      unsigned kind = LS_SLOT_KIND (mark), n = LS_SLOT_COUNT (mark);
      if (kind == LS_SLOT_PAD)
        break;
      if (kind == 0 && !is_over)
        return false;
      if (kind == 0) {
        mini->n_unsettled += n != 0;
        i += n ? n : 1;
        continue;
      }
      if (n < 1 || n > LS_SLOT_MAX || i + n > LS_CHUNK_SLOTS)
        abort ();
      if (pass == 1)
        add (mini, &chunk->header, &chunk->slot[i], n);
      i += n;
    }
  return true;
}

static void
recycle_chunks (Mini *mini)
{
  LsRegion *region = mini->region;
  bool any = false;

  for (uint32_t i = 0; i < region->n_chunks; i++) {
    LsChunk *chunk = ls_region_chunk (region, i);
    uint32_t state = atomic_load (&chunk->header.state);
    if ((state != LS_CHUNK_RETIRED || mini->returns_own) && state != LS_CHUNK_KEPT)
      continue;
    if (!take_chunk (mini, chunk, false))
      continue;
    memset (&chunk->slot[2], 0, sizeof *chunk - 2 * sizeof (LsSlot));
    if (state == LS_CHUNK_KEPT &&
        atomic_compare_exchange_strong (&chunk->header.state, &state, LS_CHUNK_EMPTIED)) {
      any = true;
      continue;
    }
    atomic_store (&chunk->header.state, LS_CHUNK_FREE);
    push_free (region, i);
    any = true;
  }
  if (any) {
    atomic_fetch_add (&region->free_given, 1);
    syscall (SYS_futex, &region->free_given, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
  }
}

int
mini_wait (Mini *mini, bool recycle)
{
  struct timespec step = { .tv_nsec = 1000000 }, now;
  int status = 0;

  clock_gettime (CLOCK_MONOTONIC, &now);
  for (time_t until = now.tv_sec + 30; waitpid (mini->pid, &status, WNOHANG) == 0;) {
    clock_gettime (CLOCK_MONOTONIC, &now);
    if (now.tv_sec > until)
      kill (mini->pid, SIGKILL);
    if (recycle)
      recycle_chunks (mini);
    nanosleep (&step, NULL);
  }
  return status;
}

int
mini_discard (Mini *mini)
{
  struct timespec step = { .tv_nsec = 1000000 };
  int status = 0;

  mini->discards = true;
  while (waitpid (mini->pid, &status, WNOHANG) == 0) {
    recycle_chunks (mini);
    nanosleep (&step, NULL);
  }
  return status;
}

static int
by_place (const void *a, const void *b)
{
  const MiniRecord *x = a, *y = b;
  if (x->image != y->image)
    return x->image < y->image ? -1 : 1;
  if (x->thread != y->thread)
    return x->thread < y->thread ? -1 : 1;
  if (x->ordinal != y->ordinal)
    return x->ordinal < y->ordinal ? -1 : 1;
  return x->place < y->place ? -1 : x->place > y->place;
}

void
mini_drain (Mini *mini)
{
  for (uint32_t i = 0; i < mini->region->n_chunks; i++) {
    LsChunk *chunk = ls_region_chunk (mini->region, i);
    uint32_t state = atomic_load (&chunk->header.state);
    if (state != LS_CHUNK_FREE && state != LS_CHUNK_EMPTIED)
      take_chunk (mini, chunk, true);
  }
  if (mini->n_records > 0)
    qsort (mini->records, mini->n_records, sizeof *mini->records, by_place);
}

bool
mini_run (Mini *mini, const char *subject, const char *argument)
{
  const char *argv[] = { subject, argument, NULL };
  mini_start (mini, argv);
  int status = mini_wait (mini, false);
  mini_drain (mini);
  return WIFEXITED (status) && WEXITSTATUS (status) == 0;
}

/* -- As text -- */

static const char *const event_names[] = {
  "",
#define LS_EVENT(ID, NAME, TARGET, FLAGS, VERB) NAME,
#include "kinds.def"
};
static const char *const object_names[] = {
  "unknown",
#define LS_OBJECT(ID, NAME, FLAGS, WORD) NAME,
#include "kinds.def"
};
static const char *const how_names[] = {
  "",
#define LS_HOW(ID, NAME) " " NAME,
#include "kinds.def"
};

/* Whether a record comes from libgcc, which has a once of its own. */
static bool
is_unwinders (Mini *mini, const MiniRecord *record)
{
  const LsImage *image = ls_region_image (mini->region, record->image);
  const char *line = ls_region_text (mini->region, image->modules_text);
  uint64_t site = record->slot[0].site & 0xffffffffffffull;

  for (; *line; line += strcspn (line, "\n") + 1) {
    unsigned long long start = 0, end = 0, bias = 0;
    char path[4096] = "";
    if (sscanf (line, "%llx %llx %llx %*s %4095[^\n]", &start, &end, &bias, path) >= 3 &&
        site >= start && site < end)
      return strstr (path, "libgcc_s") != NULL;
  }
  return false;
}

static unsigned
object_number (uint64_t address)
{
  for (uint32_t i = 0; i < n_objects; i++)
    if (object_address[i] == address)
      return i + 1;
  if (n_objects == sizeof object_address / sizeof *object_address)
    abort ();
  object_address[n_objects++] = address;
  return n_objects;
}

static size_t
describe (const MiniRecord *record, char *out, size_t room)
{
  const LsSlot *slot = &record->slot[0];
  unsigned kind = LS_SLOT_KIND (slot->mark), error = slot->site >> 48;
  size_t n = 0;

#define PUT(...) n += (size_t) snprintf (out + n, room - n, __VA_ARGS__)
  if (kind == LS_SLOT_THREAD) {
    PUT ("thread by %u", (unsigned) slot->target);
  } else if (kind == LS_SLOT_NAME_THREAD) {
    PUT ("name thread %u %.96s", (unsigned) slot->target, (const char *) &record->slot[1]);
  } else if (kind == LS_SLOT_NAME_OBJECT) {
    PUT ("name %s %u %.96s", object_names[slot->object], object_number (slot->target),
         (const char *) &record->slot[1]);
  } else {
    PUT ("%s", kind < LS_EV_N ? event_names[kind] : "?");
    if (slot->object)
      PUT (" %s %u", object_names[slot->object], object_number (slot->target));
    else if (slot->target && kind != LS_EV_COUNT)
      PUT (" %s%u", kind == LS_EV_FORK ? "child " : "",
           kind == LS_EV_FORK ? 0 : (unsigned) slot->target);
  }
  if (kind < LS_EV_N && kind != LS_EV_LOST) {
    PUT ("%s%s", how_names[slot->how & 7], slot->how & 8 ? " shared" : "");
    if (slot->how & 0x80)
      PUT (" n%u", (unsigned) slot->arg);
  }
  if (error)
    PUT (" %s", strerrorname_np ((int) error));
  if (kind == LS_EV_WAIT && record->n_slots == 2)
    PUT (" with %u", object_number (((const LsSlotWith *) &record->slot[1])->with));
  if (kind >= LS_EV_READ && kind <= LS_EV_UPDATE) {
    const LsSlotValue *value = (const LsSlotValue *) &record->slot[1];
    PUT (" type%u size%u %llx", value->type, slot->arg, (unsigned long long) value->val);
    if (value->has_old)
      PUT (" old %llx", (unsigned long long) value->old);
    if (slot->how >> 4 & 7)
      PUT (" order%u", slot->how >> 4 & 7);
  }
  if (kind == LS_EV_BEGIN || kind == LS_EV_END || kind == LS_EV_MARK || kind == LS_EV_COUNT)
    PUT (" %.96s", (const char *) &record->slot[1]);
  if (kind == LS_EV_COUNT)
    PUT (" %lld", (long long) slot->target);
  PUT ("\n");
#undef PUT
  return n;
}

const char *
mini_transcript (Mini *mini, uint32_t image, uint32_t thread)
{
  static char text[1 << 16];
  size_t n = 0;

  text[0] = '\0';
  for (size_t i = 0; i < mini->n_records && n < sizeof text - 512; i++)
    if (mini->records[i].image == image && mini->records[i].thread == thread &&
        LS_SLOT_KIND (mini->records[i].slot[0].mark) != LS_SLOT_STACK &&
        LS_SLOT_KIND (mini->records[i].slot[0].mark) != LS_SLOT_CALLABLE &&
        !is_unwinders (mini, &mini->records[i]))
      n += describe (&mini->records[i], text + n, sizeof text - n);
  return text;
}

size_t
mini_count (const Mini *mini, uint32_t image, unsigned kind)
{
  size_t n = 0;
  for (size_t i = 0; i < mini->n_records; i++)
    n += mini->records[i].image == image && LS_SLOT_KIND (mini->records[i].slot[0].mark) == kind;
  return n;
}

uint32_t
mini_n_images (const Mini *mini)
{
  return atomic_load (&mini->region->n_images);
}
