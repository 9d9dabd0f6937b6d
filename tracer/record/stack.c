/* SPDX-License-Identifier: MIT */
/**
 * Walks the stack by the program's unwind tables, which every module has, while frame pointers most
 * do without.
 *
 * The unwinder is a copy of libgcc's under names of our own. The one that the program shares may
 * take a lock (through our own pthread_mutex_lock, even) when code registered its tables at run time,
 * and two of them do not mix: the program's unwinds our frames when it cancels a thread. Tables are
 * found through _dl_find_object (glibc 2.35), which takes no lock.
 *
 * It needs a microsecond or two a frame, and stacks come again and again: what it found is kept,
 * with the places on the stack that the return addresses were read from. When they still hold those
 * addresses the stack is the same. They are read again only on a thread's own stack, which stays
 * mapped while the thread lives.
 */
#include "stack.h"

#include <string.h>
#define _Unwind_Backtrace ls_own__Unwind_Backtrace
#define _Unwind_GetCFA ls_own__Unwind_GetCFA
#define _Unwind_GetIPInfo ls_own__Unwind_GetIPInfo
#define _Unwind_GetRegionStart ls_own__Unwind_GetRegionStart
#include <unwind.h>

#include "process.h"
#include "thread.h"

/* Calls from one function stand at one place of the stack, whichever of its lines they are from: so
 * many of them are kept side by side. */
#define N_WAYS 8
#define N_SETS_BITS 8
#define MAX_RETURNS (LS_STACK_MAX + 8) /* the library's own frames included */

unsigned ls_stack_depth;

typedef struct {
  uintptr_t at; /* on the stack */
  uint64_t pc;
} Return;

typedef struct {
  _Atomic uint32_t busy;
  unsigned n;
  uint64_t owner; /* LsThread.identity */
  Return returns[MAX_RETURNS];
  LsStack stack;
} Walk;

typedef struct {
  Walk ways[N_WAYS];
  _Atomic uint32_t next; /* the way to be given up next */
} WalkSet;

static WalkSet sets[1 << N_SETS_BITS];

/* Where the library lies. */
extern const char __ehdr_start[] __attribute__ ((visibility ("hidden")));
extern const char _end[] __attribute__ ((visibility ("hidden")));

bool
ls_stack_is_own (uint64_t pc)
{
  return pc >= (uintptr_t) __ehdr_start && pc < (uintptr_t) _end;
}

/* The unwinder calls it each time, for what may as well be done twice. */
int ls_own_pthread_once (int *once, void (*run) (void));

int
ls_own_pthread_once (int *once, void (*run) (void))
{
  if (!__atomic_load_n (once, __ATOMIC_ACQUIRE)) {
    run ();
    __atomic_store_n (once, 1, __ATOMIC_RELEASE);
  }
  return 0;
}

typedef struct {
  Walk *walk;
  uintptr_t begin; /* of the frames that matter */
  unsigned depth;
  bool is_exact; /* every return address is where it is expected */
} Walker;

static _Unwind_Reason_Code
take_frame (struct _Unwind_Context *context, void *data)
{
  Walker *walker = data;
  Walk *walk = walker->walk;
  LsStack *stack = &walk->stack;
  int is_interrupted = 0;
  uint64_t pc = _Unwind_GetIPInfo (context, &is_interrupted);
  uintptr_t at = _Unwind_GetCFA (context) - sizeof (void *);

  if (pc == 0)
    return _URC_END_OF_STACK;
  if (at < walker->begin) /* of the walk itself */
    return _URC_NO_REASON;
  if (ls_stack_is_own (pc) && stack->site != 0 &&
      ls_thread_is_start_function (_Unwind_GetRegionStart (context)))
    return _URC_END_OF_STACK; /* below is what begins a thread */
  if (walk->n == MAX_RETURNS) {
    walker->is_exact = false;
    return _URC_END_OF_STACK;
  }
  if (is_interrupted || *(const uint64_t *) at != pc)
    walker->is_exact = false;
  walk->returns[walk->n++] = (Return){ at, pc };
  if (ls_stack_is_own (pc))
    return _URC_NO_REASON;
  if (stack->site == 0)
    stack->site = pc;
  else
    stack->callers[stack->n++] = pc;
  return stack->n == walker->depth ? _URC_END_OF_STACK : _URC_NO_REASON;
}

/* The stack is the one that was walked then. */
static bool
is_same (const Walk *walk, uint64_t owner)
{
  if (walk->n == 0 || walk->owner != owner)
    return false;
  for (unsigned i = 0; i < walk->n; i++)
    if (*(const uint64_t *) walk->returns[i].at != walk->returns[i].pc)
      return false;
  return true;
}

static __attribute__ ((noinline)) void
walk_anew (Walk *walk, uintptr_t begin, unsigned depth, bool *is_exact)
{
  Walker walker = { .walk = walk, .begin = begin, .depth = depth, .is_exact = true };

  walk->n = 0;
  walk->stack.site = 0;
  walk->stack.n = 0;
  _Unwind_Backtrace (take_frame, &walker);
  *is_exact = walker.is_exact;
}

/* The walk that found this stack before, which is then busy; NULL: there is none. */
static Walk *
find_walk (WalkSet *set, uintptr_t begin, uint64_t owner)
{
  for (unsigned i = 0; i < N_WAYS; i++) {
    Walk *walk = &set->ways[i];
    /* Its place is read at a venture, so that others' walks are not written to. */
    if (*(volatile uintptr_t *) &walk->returns[0].at != begin ||
        atomic_exchange_explicit (&walk->busy, 1, memory_order_acquire))
      continue;
    if (walk->returns[0].at == begin && is_same (walk, owner))
      return walk;
    atomic_store_explicit (&walk->busy, 0, memory_order_release);
  }
  return NULL;
}

/* Walks, and keeps what it found in the place of another. */
static __attribute__ ((noinline)) void
walk_and_keep (LsStack *stack, WalkSet *set, uintptr_t begin, unsigned depth, uint64_t owner)
{
  Walk walk;
  bool is_exact;
  unsigned way = atomic_fetch_add_explicit (&set->next, 1, memory_order_relaxed) % N_WAYS;
  Walk *kept = &set->ways[way];

  walk_anew (&walk, begin, depth, &is_exact);
  *stack = walk.stack;
  if (!is_exact || atomic_exchange_explicit (&kept->busy, 1, memory_order_acquire))
    return;
  kept->n = walk.n;
  kept->owner = owner;
  memcpy (kept->returns, walk.returns, walk.n * sizeof walk.returns[0]);
  kept->stack = walk.stack;
  atomic_store_explicit (&kept->busy, 0, memory_order_release);
}

__attribute__ ((noinline)) void
ls_stack_walk (LsStack *stack, unsigned depth)
{
  LsThread *self = ls_self;
  uintptr_t begin = (uintptr_t) __builtin_dwarf_cfa () - sizeof (void *);
  uint64_t owner = atomic_load_explicit (&self->identity, memory_order_relaxed);
  bool is_exact;

  if (begin - self->stack_from >= self->stack_bytes) { /* not on the thread's own stack */
    Walk walk;
    walk_anew (&walk, begin, depth, &is_exact);
    *stack = walk.stack;
    return;
  }
  uint64_t place = *(const uint64_t *) begin ^ (uint64_t) begin << 8 ^ owner;
  WalkSet *set = &sets[place * UINT64_C (0x9e3779b97f4a7c15) >> (64 - N_SETS_BITS)];
  Walk *walk = find_walk (set, begin, owner);
  if (!walk) {
    walk_and_keep (stack, set, begin, depth, owner);
    return;
  }
  *stack = walk->stack;
  atomic_store_explicit (&walk->busy, 0, memory_order_release);
}

#define OWN_BYTES ((size_t) 48 << 10) /* less than any stack has that is not asked to be small */
#define OWN_MAIN_BYTES ((size_t) 4 << 20) /* what lies below the main thread's stack is far away */

extern void *__libc_stack_end __attribute__ ((weak)); /* where the main thread's begins */

size_t
ls_stack_own_bytes (const pthread_attr_t *attr)
{
  size_t bytes = 2 * OWN_BYTES;
  if (attr && pthread_attr_getstacksize (attr, &bytes) != 0)
    return 0;
  return bytes >= OWN_BYTES + OWN_BYTES / 2 ? OWN_BYTES : 0;
}

void
ls_stack_begin_thread (LsThread *self)
{
  if (self->stack_bytes != 0 || !&__libc_stack_end)
    return;
  self->stack_from = (uintptr_t) __libc_stack_end - OWN_MAIN_BYTES;
  self->stack_bytes = OWN_MAIN_BYTES;
}

static uint64_t through_from, through_bytes;

void
ls_stack_set_through (uint64_t from, uint64_t to)
{
  through_from = from;
  through_bytes = to - from;
}

bool
ls_stack_is_through (uint64_t pc)
{
  return pc - through_from < through_bytes;
}

void
ls_stack_write (LsSlot *slot, const LsStack *stack)
{
  unsigned n_slots = ls_stack_slots (stack);

  slot->ticks = 0; /* that of the record before; the next one's own may be stamped already */
  slot->target = 0;
  slot->site = stack->site;
  memset (slot + 1, 0, (n_slots - 1) * sizeof *slot);
  memcpy (slot + 1, stack->callers, stack->n * sizeof stack->callers[0]);
  ls_commit (slot, (LsTail){ .kind = LS_SLOT_STACK, .slots = (uint8_t) n_slots });
}

void
ls_stack_put_through (uint64_t site)
{
  LsStack stack;

  if (ls_stack_depth > 0 || !ls_stack_is_through (site) ||
      (ls_region->options & LS_OPTION_NO_STACKS))
    return;
  ls_stack_walk (&stack, LS_STACK_THROUGH);
  LsSlot *slot = stack.n ? ls_slot (ls_stack_slots (&stack)) : NULL;
  if (slot)
    ls_stack_write (slot, &stack);
}

void
ls_stack_init (unsigned depth)
{
  LsStack first;

  ls_stack_walk (&first, 1); /* what the unwinder sets up once */
  ls_stack_depth = depth < LS_STACK_MAX ? depth : LS_STACK_MAX;
}
