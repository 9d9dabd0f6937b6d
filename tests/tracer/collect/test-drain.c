/* SPDX-License-Identifier: MIT */
/* Draining: order within and across threads, unsettled and abandoned slots, recycling. */
#include <string.h>

#include "drain.h"
#include "fake-thread.h"

#define FAR G_MAXUINT64

typedef struct {
  LsShared *shared;
  LsDrain *drain;
  GString *seen; /* "thread:target " of each record */
  GArray *ticks; /* uint64_t */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  fixture->shared = ls_shared_new (LS_CLOCK_MONOTONIC, 256, &error);
  g_assert_no_error (error);
  ls_shared_top_up (fixture->shared, 0);
  fixture->drain = ls_drain_new (fixture->shared);
  fixture->seen = g_string_new (NULL);
  fixture->ticks = g_array_new (FALSE, FALSE, sizeof (uint64_t));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  ls_drain_free (fixture->drain);
  ls_shared_free (fixture->shared);
  g_string_free (fixture->seen, TRUE);
  g_array_unref (fixture->ticks);
}

static void
note_record (const LsRecord *record, gpointer data)
{
  Fixture *fixture = data;
  g_string_append_printf (fixture->seen, "%u:%u ", record->thread, (guint) record->slot->target);
  g_array_append_val (fixture->ticks, record->ticks);
}

/* What a drain at `now_ms` up to `watermark` gives. */
static const char *
drain (Fixture *fixture, uint64_t watermark, gint64 now_ms, gboolean over)
{
  g_string_truncate (fixture->seen, 0);
  ls_drain_scan (fixture->drain);
  g_assert_false (
    ls_drain_image (fixture->drain, 0, watermark, now_ms, over, G_MAXUINT, note_record, fixture));
  ls_shared_release (fixture->shared);
  return fixture->seen->str;
}

static void
test_merge (Fixture *fixture, gconstpointer data)
{
  FakeThread one = { .shared = fixture->shared, .thread = 1 };
  FakeThread two = { .shared = fixture->shared, .thread = 2 };
  fake_put (&two, LS_EV_ACQUIRE, 15, 5);
  fake_put (&one, LS_EV_ACQUIRE, 10, 1);
  fake_put (&one, LS_EV_RELEASE, 20, 2);
  fake_put (&two, LS_EV_RELEASE, 30, 6);
  g_assert_cmpstr (drain (fixture, 20, 1, FALSE), ==, "1:1 2:5 1:2 ");
  g_assert_cmpstr (drain (fixture, 29, 1, FALSE), ==, "");
  g_assert_cmpstr (drain (fixture, 30, 1, FALSE), ==, "2:6 ");
}

static void
test_inverted_stamps (Fixture *fixture, gconstpointer data)
{
  /* A signal handler's record has a later place and an earlier stamp. */
  FakeThread one = { .shared = fixture->shared, .thread = 1 };
  fake_put (&one, LS_EV_ACQUIRE, 20, 1);
  fake_put (&one, LS_EV_ACQUIRE, 10, 2);
  g_assert_cmpstr (drain (fixture, FAR, 1, FALSE), ==, "1:1 1:2 ");
  g_assert_cmpuint (g_array_index (fixture->ticks, uint64_t, 1), ==, 20);
}

static void
test_many_chunks (Fixture *fixture, gconstpointer data)
{
  /* Records of 1 to 4 slots over many more slots than there are chunks: every chunk is used again. */
  FakeThread one = { .shared = fixture->shared, .thread = 1 };
  guint n_put = 0, n_seen = 0;
  for (guint round = 0; round < 400; round++) {
    for (guint i = 0; i < 1000; i++, n_put++) {
      guint n = 1 + n_put % 4;
      LsSlot *slot = fake_reserve (&one, n);
      memset (slot + 1, 0xaa, (n - 1) * sizeof *slot);
      slot->ticks = slot->target = n_put;
      fake_commit (slot, LS_EV_MARK, n);
    }
    g_array_set_size (fixture->ticks, 0);
    drain (fixture, FAR, 1, FALSE);
    for (guint i = 0; i < fixture->ticks->len; i++, n_seen++)
      g_assert_cmpuint (g_array_index (fixture->ticks, uint64_t, i), ==, n_seen);
    ls_shared_top_up (fixture->shared, 1);
  }
  g_assert_cmpuint (n_seen, ==, n_put);
  g_assert_cmpuint (fixture->shared->n_ready, <, 100);
}

static void
test_unsettled (Fixture *fixture, gconstpointer data)
{
  FakeThread one = { .shared = fixture->shared, .thread = 1 };
  FakeThread two = { .shared = fixture->shared, .thread = 2 };
  fake_put (&one, LS_EV_ACQUIRE, 10, 1);
  LsSlot *slot = fake_reserve (&one, 1);
  slot->ticks = 20;
  slot->target = 2;
  fake_put (&two, LS_EV_ACQUIRE, 15, 5);
  fake_put (&two, LS_EV_RELEASE, 25, 6);
  /* Others wait for the slot at first; they stay behind its thread's last record. */
  g_assert_cmpstr (drain (fixture, 100, 1, FALSE), ==, "1:1 ");
  fake_commit (slot, LS_EV_RELEASE, 1);
  g_assert_cmpstr (drain (fixture, 100, 5, FALSE), ==, "2:5 1:2 2:6 ");
}

static void
test_overtaken (Fixture *fixture, gconstpointer data)
{
  FakeThread one = { .shared = fixture->shared, .thread = 1 };
  FakeThread two = { .shared = fixture->shared, .thread = 2 };
  LsSlot *slot = fake_reserve (&one, 1);
  slot->ticks = 20;
  slot->target = 1;
  fake_put (&two, LS_EV_ACQUIRE, 25, 5);
  g_assert_cmpstr (drain (fixture, 100, 1, FALSE), ==, "");
  g_assert_cmpstr (drain (fixture, 100, 60, FALSE), ==, "2:5 ");
  /* However long it takes: its thread has not gone on, so it may come. */
  g_assert_cmpstr (drain (fixture, 100, 6000, FALSE), ==, "");
  fake_commit (slot, LS_EV_RELEASE, 1);
  g_assert_cmpstr (drain (fixture, 100, 6001, FALSE), ==, "1:1 ");
}

static void
test_abandoned (Fixture *fixture, gconstpointer data)
{
  FakeThread one = { .shared = fixture->shared, .thread = 1 };
  fake_put (&one, LS_EV_ACQUIRE, 10, 1);
  fake_reserve (&one, 3); /* its further slots hold what looks like records */
  LsChunk *chunk = ls_region_chunk (fixture->shared->region, one.chunk - 1);
  memset (&chunk->slot[one.position - 2], 0x01, 2 * sizeof (LsSlot));
  fake_reserve (&one, 1);
  fake_put (&one, LS_EV_ACQUIRE, 30, 2);
  g_assert_cmpstr (drain (fixture, 100, 1, FALSE), ==, "1:1 ");
  g_assert_cmpstr (drain (fixture, 100, 90, FALSE), ==, "");
  g_assert_cmpstr (drain (fixture, 100, 102, FALSE), ==, "1:2 ");
}

static void
test_abandoned_chunk_is_kept (Fixture *fixture, gconstpointer data)
{
  FakeThread one = { .shared = fixture->shared, .thread = 1 };
  LsSlot *late = fake_reserve (&one, 1);
  guint kept = one.chunk - 1;
  fake_put (&one, LS_EV_ACQUIRE, 30, 1);
  fake_retire (&one);
  drain (fixture, 100, 1, FALSE);
  g_assert_cmpstr (drain (fixture, 100, 200, FALSE), ==, "1:1 ");
  drain (fixture, 100, 201, FALSE);
  const LsChunk *chunk = ls_region_chunk (fixture->shared->region, kept);
  g_assert_cmpuint (atomic_load (&chunk->header.state), ==, LS_CHUNK_RETIRED);
  /* It came after all: not shown, but counted. */
  fake_commit (late, LS_EV_RELEASE, 1);
  g_assert_cmpstr (drain (fixture, FAR, 300, TRUE), ==, "");
  guint64 n_lost = 0;
  ls_drain_close_image (fixture->drain, 0, &n_lost);
  g_assert_cmpuint (n_lost, ==, 1);
  g_assert_cmpuint (atomic_load (&chunk->header.state), ==, LS_CHUNK_FREE);
}

static void
test_killed (Fixture *fixture, gconstpointer data)
{
  /* SIGKILL amid a record: all committed ones are there, at once. */
  FakeThread one = { .shared = fixture->shared, .thread = 1 };
  FakeThread two = { .shared = fixture->shared, .thread = 2 };
  fake_put (&one, LS_EV_ACQUIRE, 10, 1);
  fake_reserve (&one, 2);
  fake_put (&two, LS_EV_ACQUIRE, 12, 5);
  fake_reserve (&two, 1);
  fake_put (&two, LS_EV_RELEASE, 14, 6);
  g_assert_cmpstr (drain (fixture, FAR, 1, TRUE), ==, "1:1 2:5 2:6 ");
  guint64 n_lost = 0;
  ls_drain_close_image (fixture->drain, 0, &n_lost);
  g_assert_cmpuint (n_lost, ==, 0);
  ls_drain_scan (fixture->drain);
  g_assert_cmpuint (fixture->shared->n_free, ==, fixture->shared->n_ready);
  g_assert_cmpuint (ls_drain_get_n_threads (fixture->drain), ==, 0);
}

static bool
is_the_one (uint32_t os_tid, gpointer data)
{
  return os_tid == *(const uint32_t *) data;
}

static void
test_thread_gone (Fixture *fixture, gconstpointer data)
{
  FakeThread one = { .shared = fixture->shared, .thread = 1 };
  fake_put (&one, LS_EV_ACQUIRE, 10, 1);
  g_assert_cmpstr (drain (fixture, FAR, 1, FALSE), ==, "1:1 ");
  g_assert_cmpuint (ls_drain_get_n_threads (fixture->drain), ==, 1);
  uint32_t gone = 1001;
  ls_drain_end_threads (fixture->drain, 0, is_the_one, &gone);
  drain (fixture, FAR, 2, FALSE);
  drain (fixture, FAR, 3, FALSE);
  g_assert_cmpuint (ls_drain_get_n_threads (fixture->drain), ==, 0);
  g_assert_cmpuint (fixture->shared->n_free, ==, fixture->shared->n_ready);
}

static void
test_kept_chunks (Fixture *fixture, gconstpointer data)
{
  /* A chunk that its thread keeps comes back to it, and goes on the list when the image has ended. */
  FakeThread one = { .shared = fixture->shared, .thread = 1 };
  fake_put (&one, LS_EV_ACQUIRE, 10, 1);
  LsChunkHeader *header = &ls_region_chunk (fixture->shared->region, one.chunk - 1)->header;
  fake_retire (&one);
  atomic_store (&header->state, LS_CHUNK_KEPT);
  fake_put (&one, LS_EV_RELEASE, 20, 1);
  g_assert_cmpstr (drain (fixture, FAR, 1, FALSE), ==, "1:1 1:1 ");
  ls_shared_release (fixture->shared);
  g_assert_cmpuint (atomic_load (&header->state), ==, LS_CHUNK_EMPTIED);
  g_assert_cmpuint (header->thread, ==, 1);
  /* It is nobody's while it waits for its thread. */
  g_assert_cmpstr (drain (fixture, FAR, 2, FALSE), ==, "");
  fake_retire (&one);
  drain (fixture, FAR, 3, TRUE);
  guint64 n_lost = 0;
  ls_drain_close_image (fixture->drain, 0, &n_lost);
  g_assert_cmpuint (atomic_load (&header->state), ==, LS_CHUNK_FREE);
  g_assert_cmpuint (n_lost, ==, 0);
  ls_drain_scan (fixture->drain);
  g_assert_cmpuint (fixture->shared->n_free, ==, fixture->shared->n_ready);
}

static void
test_later_chunk_first (Fixture *fixture, gconstpointer data)
{
  /* The scan may find the second chunk before the first: it waits for its turn. */
  FakeThread one = { .shared = fixture->shared, .thread = 1, .next_ordinal = 1 };
  fake_put (&one, LS_EV_RELEASE, 20, 2);
  g_assert_cmpstr (drain (fixture, FAR, 1, FALSE), ==, "");
  FakeThread first = { .shared = fixture->shared, .thread = 1 };
  fake_put (&first, LS_EV_ACQUIRE, 10, 1);
  fake_retire (&first);
  g_assert_cmpstr (drain (fixture, FAR, 2, FALSE), ==, "1:1 1:2 ");
}

static void
test_garbage (Fixture *fixture, gconstpointer data)
{
  /* A program that writes over the region gets nonsense, and no more than that. */
  FakeThread one = { .shared = fixture->shared, .thread = 1 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  for (guint i = 0; i < 20; i++) {
    fake_put (&one, LS_EV_ACQUIRE, 1, 1);
    guint8 *bytes = (guint8 *) ls_region_chunk (fixture->shared->region, one.chunk - 1);
    for (gsize k = sizeof (LsChunkHeader); k < LS_CHUNK_BYTES; k++)
      bytes[k] = (guint8) g_rand_int (rand);
    fake_retire (&one);
  }
  drain (fixture, FAR, 1, TRUE);
  g_assert_cmpuint (fixture->shared->n_free, <=, fixture->shared->n_ready);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/drain/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("merge", test_merge);
  ADD ("inverted-stamps", test_inverted_stamps);
  ADD ("many-chunks", test_many_chunks);
  ADD ("unsettled", test_unsettled);
  ADD ("overtaken", test_overtaken);
  ADD ("abandoned", test_abandoned);
  ADD ("abandoned-chunk-is-kept", test_abandoned_chunk_is_kept);
  ADD ("killed", test_killed);
  ADD ("thread-gone", test_thread_gone);
  ADD ("kept-chunks", test_kept_chunks);
  ADD ("later-chunk-first", test_later_chunk_first);
  ADD ("garbage", test_garbage);
  return g_test_run ();
}
