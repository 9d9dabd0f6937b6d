/* SPDX-License-Identifier: MIT */
/**
 * What the collector's work costs: lines made of records, and chunks saved to the spill.
 *
 *   bench-collect [ROUNDS]
 *
 * Two threads' lock and unlock records, as fast as they can be made up, go through the drain into a
 * trace, and through the spill. Told is the processor time of the collector's side alone, so that a
 * busy machine hardly shows.
 */
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "drain.h"
#include "fake-thread.h"
#include "image.h"

#define N_CHUNKS 256 /* of each round */
#define N_SITES 16

typedef struct {
  LsShared *shared;
  LsSpill spill;
  LsDrain *drain;
  FakeThread threads[2];
  uint64_t ticks;
} Bench;

static double
cpu_s (void)
{
  struct timespec now;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

static void
put (Bench *bench, FakeThread *thread, LsEventKind kind)
{
  LsSlot *slot = fake_reserve (thread, 1);
  slot->ticks = bench->ticks += 20;
  slot->target = 0x55d0c8a2b040 + thread->thread * 64;
  slot->site = 0x55d0c8a01000 + bench->ticks / 20 % N_SITES * 4;
  slot->object = LS_OBJECT_MUTEX;
  fake_commit (slot, kind, 1);
}

/* Fills the round's chunks; returns the number of records. */
static guint
fill (Bench *bench)
{
  guint n = 0;
  ls_drain_scan (bench->drain);
  for (guint k = 0; k < 2; k++)
    bench->threads[k].shared = bench->shared;
  while (bench->threads[0].next_ordinal + bench->threads[1].next_ordinal < N_CHUNKS) {
    if (n % 1024 == 0) {
      ls_drain_scan (bench->drain);
      ls_shared_top_up (bench->shared, 2);
    }
    for (guint k = 0; k < 2; k++, n += 2) {
      put (bench, &bench->threads[k], LS_EV_ACQUIRE);
      put (bench, &bench->threads[k], LS_EV_RELEASE);
    }
  }
  for (guint k = 0; k < 2; k++) {
    fake_retire (&bench->threads[k]);
    bench->threads[k].next_ordinal = 0;
  }
  ls_drain_scan (bench->drain);
  return n;
}

static void
begin (Bench *bench, const char *path)
{
  *bench = (Bench){ .ticks = 1000 };
  bench->shared = ls_shared_new (LS_CLOCK_MONOTONIC, 2 * N_CHUNKS, NULL);
  if (!bench->shared)
    exit (1);
  ls_spill_init (&bench->spill, path);
  bench->shared->spill = &bench->spill;
  ls_shared_top_up (bench->shared, 2);
  bench->drain = ls_drain_new (bench->shared);
  for (guint k = 0; k < 2; k++)
    bench->threads[k] = (FakeThread){ .shared = bench->shared, .thread = k + 1 };
}

static void
end (Bench *bench)
{
  ls_drain_free (bench->drain);
  ls_spill_clear (&bench->spill);
  ls_shared_free (bench->shared);
}

static void
measure_lines (const char *path)
{
  Bench bench;
  begin (&bench, path);
  LsClockMap clock;
  LsOutput output;
  ls_output_init (&output, path, NULL);
  ls_clock_map_init (&clock, LS_CLOCK_MONOTONIC);
  LsRecording recording = { .shared = bench.shared,
                            .clock = &clock,
                            .naming = ls_naming_new (-1),
                            .output = &output,
                            .formatter =
                              ls_formatter_new (LS_PACKING_NONE, ls_traced_image_write) };
  ls_region_image (bench.shared->region, 0)->start_ticks = 1000;
  LsTracedImage *traced = ls_traced_image_new (&recording, 0, 0);
  guint n = fill (&bench);
  double before = cpu_s ();
  ls_drain_image (bench.drain, 0, G_MAXUINT64, 1, TRUE, G_MAXUINT, ls_traced_image_take, traced);
  ls_traced_image_save (traced);
  double s = cpu_s () - before;
  guint64 n_bytes = ls_traced_image_get_summary (traced).bytes;
  printf ("lines %.2f M events/s, %.0f ns and %.1f bytes an event\n", n / s / 1e6, s * 1e9 / n,
          (double) n_bytes / n);
  ls_traced_image_free (traced);
  ls_formatter_free (recording.formatter);
  ls_naming_free (recording.naming);
  ls_output_clear (&output);
  g_remove (path);
  end (&bench);
}

static void
count_record (const LsRecord *record, gpointer data)
{
  guint *n = data;
  (*n)++;
}

static void
measure_spill (const char *path)
{
  Bench bench;
  begin (&bench, path);
  for (guint round = 0; round < 2; round++) {
    guint n_events = fill (&bench), n_back = 0;
    double before = cpu_s ();
    guint n = ls_drain_spill (bench.drain);
    double s = cpu_s () - before;
    printf ("spill %s %.2f GB/s of slots, %.1f ns an event\n",
            round == 0 ? "growing" : "used again", (double) n * LS_CHUNK_BYTES / s / 1e9,
            s * 1e9 / n_events);
    before = cpu_s ();
    ls_drain_image (bench.drain, 0, G_MAXUINT64, 1, TRUE, G_MAXUINT, count_record, &n_back);
    s = cpu_s () - before;
    printf ("back from it %.1f ns an event\n", s * 1e9 / n_back);
    guint64 n_late = 0;
    ls_drain_close_image (bench.drain, 0, &n_late);
  }
  end (&bench);
}

/* What packing costs, and what it leaves. */
static void
measure_packing (void)
{
  Bench bench;
  static guint8 bytes[LS_COMPACT_ROOM];
  static LsSlot slots[LS_CHUNK_SLOTS + LS_SLOT_MAX];
  double pack_s = 0, expand_s = 0;
  guint64 n_events = 0, n_bytes = 0;
  begin (&bench, "/tmp/x");
  fill (&bench);
  for (guint i = 0; i < N_CHUNKS - 2; i++) {
    LsCompacted packed;
    const LsChunk *chunk = ls_region_chunk (bench.shared->region, i);
    double before = cpu_s ();
    ls_compact (chunk, 2, bytes, &packed);
    double between = cpu_s ();
    ls_expand (bytes, packed.n_bytes, slots, packed.end);
    expand_s += cpu_s () - between;
    pack_s += between - before;
    n_events += packed.n_events;
    n_bytes += packed.n_bytes;
  }
  printf ("packing %.1f ns, unpacking %.1f ns, %.2f bytes an event\n",
          pack_s * 1e9 / (double) n_events, expand_s * 1e9 / (double) n_events,
          (double) n_bytes / (double) n_events);
  end (&bench);
}

int
main (int argc, char **argv)
{
  int n_rounds = argc > 1 ? atoi (argv[1]) : 3;
  g_autofree char *folder = g_dir_make_tmp ("lockstitch-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "x.trace.jsonl", NULL);
  for (int round = 0; round < n_rounds; round++) {
    measure_lines (path);
    measure_spill (path);
    measure_packing ();
  }
  g_rmdir (folder);
  return 0;
}
