/* SPDX-License-Identifier: MIT */
/* Choosing the clock and converting its ticks. */
#include "clock.h"

#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#if defined(__x86_64__) || defined(__i386__)
#  define HAVE_TSC 1
#  include <cpuid.h>
#  include <x86intrin.h>
#endif

#define N_PROBES 8      /* readings for one pair; the one least disturbed counts */
#define MAX_READ_NS 200 /* a dearer TSC is trapped by a hypervisor */

static int64_t
monotonic_ns (void)
{
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * INT64_C (1000000000) + now.tv_nsec;
}

uint64_t
ls_clock_read (LsClock clock)
{
#ifdef HAVE_TSC
  if (clock == LS_CLOCK_TSC)
    return __rdtsc ();
#endif
  return (uint64_t) monotonic_ns ();
}

#ifdef HAVE_TSC
static gboolean
kernel_trusts_tsc (void)
{
  g_autofree char *source = NULL;
  if (!g_file_get_contents ("/sys/devices/system/clocksource/clocksource0/current_clocksource",
                            &source, NULL, NULL))
    return FALSE;
  g_strstrip (source);
  return strcmp (source, "tsc") == 0 || strcmp (source, "kvm-clock") == 0;
}

static gboolean
tsc_is_invariant (void)
{
  unsigned eax, ebx, ecx, edx;
  return __get_cpuid (0x80000007, &eax, &ebx, &ecx, &edx) && (edx & 1u << 8);
}

static gboolean
tsc_is_cheap (void)
{
  int mode = 0;
  if (prctl (PR_GET_TSC, &mode) == 0 && mode != PR_TSC_ENABLE)
    return FALSE;
  int64_t best = G_MAXINT64;
  for (int round = 0; round < 5; round++) {
    int64_t begin = monotonic_ns ();
    for (int i = 0; i < 100; i++)
      (void) __rdtsc ();
    best = MIN (best, monotonic_ns () - begin);
  }
  return best < 100 * MAX_READ_NS;
}
#endif

LsClock
ls_clock_choose (void)
{
#ifdef HAVE_TSC
  if (tsc_is_invariant () && kernel_trusts_tsc () && tsc_is_cheap ())
    return LS_CLOCK_TSC;
#endif
  return LS_CLOCK_MONOTONIC;
}

void
ls_clock_map_init (LsClockMap *map, LsClock clock)
{
  map->clock = clock;
  map->n_pairs = 0;
  map->slope = 0;
  ls_clock_map_take (map);
}

/* Of the older half at most every second pair stays, so that what stays is spread evenly. */
static void
thin_out (LsClockMap *map)
{
  guint n_old = map->n_pairs / 2, n = 1;
  uint64_t least = (map->pairs[n_old - 1].ticks - map->pairs[0].ticks) / (n_old / 2);
  for (guint i = 1; i < map->n_pairs; i++)
    if (i >= n_old || map->pairs[i].ticks - map->pairs[n - 1].ticks > least)
      map->pairs[n++] = map->pairs[i];
  map->n_pairs = n;
  map->slope = 0;
}

void
ls_clock_map_add (LsClockMap *map, uint64_t ticks, int64_t ns)
{
  if (map->n_pairs > 0) {
    const LsClockPair *last = &map->pairs[map->n_pairs - 1];
    if (ticks <= last->ticks || ns <= last->ns)
      return;
  }
  if (map->n_pairs == LS_CLOCK_PAIRS)
    thin_out (map);
  map->pairs[map->n_pairs++] = (LsClockPair){ .ticks = ticks, .ns = ns };
}

uint64_t
ls_clock_map_take (LsClockMap *map)
{
  uint64_t best_ticks = 0, best_width = G_MAXUINT64;
  int64_t best_ns = 0;
  for (int i = 0; i < N_PROBES; i++) {
    uint64_t before = ls_clock_read (map->clock);
    int64_t ns = monotonic_ns ();
    uint64_t after = ls_clock_read (map->clock);
    if (after - before < best_width) {
      best_width = after - before;
      best_ticks = map->clock == LS_CLOCK_MONOTONIC ? (uint64_t) ns : before + best_width / 2;
      best_ns = ns;
    }
  }
  ls_clock_map_add (map, best_ticks, best_ns);
  return best_ticks;
}

/* The piece that begins at or below `ticks`, the outermost ones going on beyond their ends. */
static void
find_piece (LsClockMap *map, uint64_t ticks)
{
  guint i = map->slope > 0 ? map->piece : map->n_pairs - 2;
  while (i > 0 && ticks < map->pairs[i].ticks)
    i--;
  while (i + 2 < map->n_pairs && ticks >= map->pairs[i + 1].ticks)
    i++;
  if (i == map->piece && map->slope > 0)
    return;
  const LsClockPair *from = &map->pairs[i], *to = from + 1;
  map->piece = i;
  map->slope = (double) (to->ns - from->ns) / (double) (to->ticks - from->ticks);
}

int64_t
ls_clock_map_to_ns (LsClockMap *map, uint64_t ticks)
{
  if (map->clock == LS_CLOCK_MONOTONIC)
    return (int64_t) MIN (ticks, (uint64_t) G_MAXINT64);
  if (map->n_pairs < 2)
    return map->pairs[0].ns;
  find_piece (map, ticks);
  const LsClockPair *from = &map->pairs[map->piece], *to = from + 1;
  if (ticks < from->ticks)
    return from->ns - (int64_t) ((double) (from->ticks - ticks) * map->slope);
  int64_t ns = from->ns + (int64_t) ((double) (ticks - from->ticks) * map->slope);
  /* Rounding must not carry a piece past the beginning of the next one. */
  return ticks <= to->ticks ? MIN (ns, to->ns) : MAX (ns, to->ns);
}

void
ls_clock_map_resume (LsClockMap *map, const LsRegion *region)
{
  guint which = atomic_load (&region->last_pair) & 1;
  map->clock = (LsClock) region->clock;
  map->n_pairs = 0;
  map->slope = 0;
  ls_clock_map_add (map, region->first_ticks, region->first_ns);
  ls_clock_map_add (map, region->last_ticks[which], region->last_ns[which]);
  ls_clock_map_take (map);
}

void
ls_clock_map_store (const LsClockMap *map, LsRegion *region)
{
  const LsClockPair *last = &map->pairs[map->n_pairs - 1];
  if (region->first_ticks == 0) {
    region->first_ticks = map->pairs[0].ticks;
    region->first_ns = map->pairs[0].ns;
  }
  guint which = !(atomic_load (&region->last_pair) & 1);
  region->last_ticks[which] = last->ticks;
  region->last_ns[which] = last->ns;
  atomic_store (&region->last_pair, which);
}
