/* SPDX-License-Identifier: MIT */
/* This process in the recording: maps the region, claims an image and tells what program it is. */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lockstitch.h"
#include "stack.h"

LS_EXPORT int lockstitch_recording;
int ls_recording;
bool ls_clock_tsc;
bool ls_exiting;
LsRegion *ls_region;
LsProcess *ls_process;
LsThread *ls_threads;

static int n_recordings;

#define PAGE 4096u
#define WIPED_BYTES (PAGE + (size_t) LS_MAX_THREADS * sizeof (LsThread))

/* -- Text: copied into the region's arena, which only grows. -- */

uint32_t
ls_process_take_text (size_t n)
{
  uint32_t used = atomic_load (&ls_region->text_used), offset;
  do {
    offset = used ? used : 1;
    if (n > LS_TEXT_BYTES || offset > LS_TEXT_BYTES - n)
      return 0;
  } while (!atomic_compare_exchange_weak (&ls_region->text_used, &used, offset + (uint32_t) n));
  return offset;
}

static uint32_t
put_text (const char *text, size_t n)
{
  uint32_t offset = ls_process_take_text (n + 2);
  if (offset) {
    memcpy (ls_region_text (ls_region, offset), text, n);
    memset (ls_region_text (ls_region, offset) + n, 0, 2);
  }
  return offset;
}

LsExecNote *
ls_process_note_exec (const char *program, uint32_t pid, uint64_t ticks)
{
  if (!ls_region || !*program || !atomic_load (&ls_region->recording))
    return NULL;
  size_t n = strlen (program);
  uint32_t offset = ls_process_take_text (sizeof (LsExecNote) + n + 1 + _Alignof(LsExecNote));
  if (!offset)
    return NULL;
  offset = (offset + _Alignof(LsExecNote) - 1) / _Alignof(LsExecNote) * _Alignof(LsExecNote);
  LsExecNote *note = (LsExecNote *) ls_region_text (ls_region, offset);
  note->ticks = ticks;
  note->pid = pid;
  atomic_store (&note->failed, 0);
  memcpy (note->program, program, n + 1);
  uint32_t newest = atomic_load (&ls_region->execs);
  do
    note->before = newest;
  while (!atomic_compare_exchange_weak (&ls_region->execs, &newest, offset));
  return note;
}

static uint32_t
put_command_line (void)
{
  char text[4096];
  size_t n = 0;
  long fd = ls_open_file ("/proc/self/cmdline", O_RDONLY);

  if (fd < 0)
    return 0;
  for (long got; n < sizeof text; n += (size_t) got) {
    got = ls_read_file ((int) fd, text + n, sizeof text - n);
    if (got <= 0)
      break;
  }
  ls_close_file ((int) fd);
  /* It ends in a NUL already; put_text's first one would make an empty argument. */
  while (n > 0 && text[n - 1] == '\0')
    n--;
  return put_text (text, n);
}

/* -- The image -- */

/* A claimed image, its common fields filled in; NULL when all are taken. */
static LsImage *
claim_image (uint32_t parent_image)
{
  uint32_t index = atomic_fetch_add (&ls_region->n_images, 1);
  if (index >= LS_MAX_IMAGES) {
    atomic_store (&ls_region->n_images, LS_MAX_IMAGES);
    return NULL;
  }
  LsImage *image = ls_region_image (ls_region, index);
  atomic_store (&image->state, LS_IMAGE_CLAIMED);
  image->pid = ls_outer_pid ();
  image->start_ticks = ls_ticks ();
  image->parent_image = parent_image;
  atomic_store (&image->next_thread, 2);
  /* What ran in this process before has ended by our being here. */
  for (uint32_t i = 0; i < index; i++) {
    LsImage *other = ls_region_image (ls_region, i);
    if (atomic_load (&other->state) == LS_IMAGE_LIVE && other->pid == image->pid &&
        other->end_ticks == 0)
      other->end_ticks = image->start_ticks;
  }
  ls_process->pid = ls_pid ();
  ls_process->is_inner = ls_process->pid != image->pid;
  ls_process->image = index + 1;
  ls_process->recording = ls_recording;
  return image;
}

static LsImage *
claim_forked_image (uint32_t parent_image)
{
  LsImage *image = claim_image (parent_image);
  if (!image)
    return NULL;
  const LsImage *parent = ls_region_image (ls_region, parent_image - 1);
  image->partial = 1;
  image->program_text = parent->program_text;
  image->exe_text = parent->exe_text;
  image->modules_text = parent->modules_text;
  atomic_store (&image->modules, atomic_load (&parent->modules));
  atomic_store (&image->n_modules, atomic_load (&parent->n_modules));
  atomic_store_explicit (&image->state, LS_IMAGE_LIVE, memory_order_release);
  return image;
}

/* Without its children only the process that began the recording is recorded, whatever it execs. */
static bool
is_wanted (const LsRegion *region)
{
  if (!(region->options & LS_OPTION_NO_CHILDREN))
    return true;
  uint32_t main_pid = atomic_load (&region->main_pid);
  if (main_pid == 0 && atomic_load (&region->n_images) > 0)
    main_pid = ((LsImage *) ((char *) region + region->images_offset))->pid;
  return main_pid == 0 || main_pid == ls_outer_pid ();
}

static uint32_t own_image; /* survives fork, unlike ls_process->image: the parent's, then */

LsImage *
ls_process_image (void)
{
  if (!ls_process->image && ls_recording) {
    if (!own_image || !is_wanted (ls_region) || !claim_forked_image (own_image)) {
      ls_process_stop ();
      return NULL;
    }
    own_image = ls_process->image;
  }
  return ls_process->image ? ls_region_image (ls_region, ls_process->image - 1) : NULL;
}

bool
ls_region_is_dead (void)
{
  uint32_t futex = atomic_load_explicit (&ls_region->collector_futex, memory_order_relaxed);
  return (futex & FUTEX_OWNER_DIED) != 0;
}

void
ls_process_stop (void)
{
  ls_recording = 0;
  lockstitch_recording = 0;
}

/* Who waits for it may be no one who would tell the collector. */
void
ls_process_note_exit (int code, bool perhaps)
{
  if (!ls_recording || !ls_process || !ls_process->image)
    return;
  LsImage *image = ls_region_image (ls_region, ls_process->image - 1);
  image->exit_ticks = perhaps ? ls_ticks () : 0;
  atomic_store (&image->exit_code, 1 + ((uint32_t) code & 0xff));
}

/* -- Joining -- */

/* Memory that is zero in a child, however it was forked. */
static int
map_wiped (void)
{
  if (ls_process)
    return 0;
  void *mapped = mmap (NULL, WIPED_BYTES, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED)
    return errno;
  if (madvise (mapped, WIPED_BYTES, MADV_WIPEONFORK) != 0) {
    int failed = errno;
    munmap (mapped, WIPED_BYTES);
    return failed;
  }
  ls_process = mapped;
  ls_threads = (LsThread *) ((char *) mapped + PAGE);
  return 0;
}

/* rdtsc may be forbidden to this process, and then kills it. */
static bool
clock_works (uint32_t clock)
{
#if defined(__x86_64__)
  int allowed = 0;
  if (clock == LS_CLOCK_TSC)
    return prctl (PR_GET_TSC, &allowed) != 0 || allowed == PR_TSC_ENABLE;
#endif
  return clock == LS_CLOCK_MONOTONIC;
}

static void
describe_program (LsImage *image, bool partial)
{
  char exe[PATH_MAX];
  ssize_t n = readlink ("/proc/self/exe", exe, sizeof exe - 1);

  exe[n > 0 ? n : 0] = '\0';
  image->partial = partial;
  image->program_text = put_command_line ();
  image->exe_text = put_text (exe, strlen (exe));
  ls_modules_put (image);
  if (ls_region->stack_depth == 0 && !(ls_region->options & LS_OPTION_NO_STACKS) &&
      ls_program_calls_through (exe))
    ls_stack_depth = LS_STACK_THROUGH;
}

int
ls_process_attach (const char *path, bool partial)
{
  LsRegion *region = NULL;
  int error = map_wiped ();
  if (!error)
    error = ls_map_region (path, &region);
  if (error || !region)
    return error;
  if (!clock_works (region->clock) || !atomic_load (&region->recording) || !is_wanted (region)) {
    munmap (region, region->bytes);
    return ENOTSUP;
  }
  /* An earlier recording's region stays mapped, since a thread may be about to write into it, but
   * keeps no memory once its collector is gone. */
  if (ls_region && ls_region_is_dead ())
    madvise (ls_region, ls_region->bytes, MADV_REMOVE);
  ls_region = region;
  ls_clock_tsc = region->clock == LS_CLOCK_TSC;
  ls_thread_init ();
  ls_stack_init (region->stack_depth);
  LsImage *image = claim_image (0);
  if (!image)
    return ENOSPC;
  describe_program (image, partial);
  int number = ++n_recordings;
  ls_process->recording = number;
  own_image = ls_process->image;
  atomic_store_explicit (&image->state, LS_IMAGE_LIVE, memory_order_release);
  __atomic_store_n (&ls_recording, number, __ATOMIC_RELEASE);
  __atomic_store_n (&lockstitch_recording, number, __ATOMIC_RELEASE);
  ls_chunk_begin_thread ();
  return 0;
}
