/* SPDX-License-Identifier: MIT */
/* Packed chunks: whatever is in them comes back as it was, and what repeats takes few bytes. */
#include <string.h>

#include "compact.h"

#define N_ROUNDS 400

static LsChunk chunk;
static guint8 bytes[LS_COMPACT_ROOM];
static LsSlot slots[LS_CHUNK_SLOTS + LS_SLOT_MAX];

/* Packs the chunk, unpacks it and compares; returns the number of bytes. */
static guint
check_round_trip (uint32_t position)
{
  LsCompacted packed;
  g_assert_true (ls_compact (&chunk, position, bytes, &packed));
  g_assert_cmpuint (packed.n_bytes, <=, sizeof bytes);
  g_assert_cmpuint (packed.end, <=, LS_CHUNK_SLOTS);
  /* Of exactly that size on the heap, so that reading past the end is seen. */
  g_autofree guint8 *copy = g_memdup2 (bytes, packed.n_bytes);
  memset (slots, 0xa5, sizeof slots);
  g_assert_true (ls_expand (copy, packed.n_bytes, slots, packed.end));
  g_assert_cmpmem (&slots[2], (packed.end - 2) * sizeof (LsSlot), &chunk.slot[2],
                   (packed.end - 2) * sizeof (LsSlot));
  /* Too few bytes are noticed. */
  if (packed.n_bytes > 0)
    g_assert_false (ls_expand (copy, packed.n_bytes - 1, slots, packed.end));
  return packed.n_bytes;
}

static void
put (uint32_t *at, uint64_t ticks, uint64_t target, uint64_t site, guint kind, guint n)
{
  LsSlot *slot = &chunk.slot[*at];
  slot->ticks = ticks;
  slot->target = target;
  slot->site = site;
  slot->object = LS_OBJECT_MUTEX;
  atomic_store (&slot->mark, LS_SLOT_MARK (kind, n));
  *at += n;
}

static void
end (uint32_t at)
{
  if (at < LS_CHUNK_SLOTS)
    atomic_store (&chunk.slot[at].mark, LS_SLOT_MARK (LS_SLOT_PAD, 1));
}

static void
test_pairs (void)
{
  memset (&chunk, 0, sizeof chunk);
  uint64_t ticks = 123456789;
  for (uint32_t at = 2; at < LS_CHUNK_SLOTS;) {
    put (&at, ticks += 150, 0x55d0c8a2b040, 0x55d0c8a01234, LS_EV_ACQUIRE, 1);
    put (&at, ticks += 90, 0x55d0c8a2b040, 0x55d0c8a01284, LS_EV_RELEASE, 1);
  }
  g_assert_cmpuint (check_round_trip (2), <, 2046 * 2 + 200);
}

/* A thousand locks, each taken at one place and released at another. */
static void
test_many_locks (void)
{
  memset (&chunk, 0, sizeof chunk);
  uint64_t ticks = 0;
  for (uint32_t at = 2, i = 0; at < LS_CHUNK_SLOTS; i++) {
    uint64_t lock = 0x55d0c8a2b040 + i * 2654435761u % 1000 * 40;
    put (&at, ticks += 1500, lock, 0x55d0c8a01234, LS_EV_ACQUIRE, 1);
    put (&at, ticks += 90, lock, 0x55d0c8a01284, LS_EV_RELEASE, 1);
  }
  g_assert_cmpuint (check_round_trip (2), <, 2046 * 6);
}

/* A counter's updates: the value is each time one more. */
static void
test_values (void)
{
  memset (&chunk, 0, sizeof chunk);
  uint64_t ticks = 0;
  for (uint32_t at = 2, i = 0; at < LS_CHUNK_SLOTS; i++) {
    LsSlotValue value = { .val = i + 1,
                          .old = i,
                          .type = LS_VALUE_INT,
                          .has_val = 1,
                          .has_old = 1 };
    memcpy (&chunk.slot[at + 1], &value, sizeof value);
    put (&at, ticks += 70, 0x55d0c8a2b040, 0x55d0c8a01234, LS_EV_WRITE, 2);
  }
  g_assert_cmpuint (check_round_trip (2), <, 1023 * 6 + 200);
}

static void
test_time (void)
{
  static const uint64_t gaps[] = {
    0,
    1,
    (1 << 13) - 1,
    1 << 13,
    (1 << 29) - 1,
    1 << 29,
    UINT64_C (1) << 40,
    (uint64_t) -5,
    G_MAXUINT64,
  };
  memset (&chunk, 0, sizeof chunk);
  uint64_t ticks = 1 << 20;
  uint32_t at = 2;
  for (guint n = 1; n <= 4; n++)
    for (guint i = 0; i < G_N_ELEMENTS (gaps); i++) {
      memset (&chunk.slot[at + 1], (int) i, (n - 1) * sizeof (LsSlot));
      put (&at, ticks += gaps[i], 1, 2, LS_EV_MARK, n);
    }
  end (at);
  check_round_trip (2);
}

static void
test_unsettled (void)
{
  LsCompacted packed;
  memset (&chunk, 0, sizeof chunk);
  uint32_t at = 2;
  put (&at, 1, 1, 1, LS_EV_MARK, 1);
  atomic_store (&chunk.slot[3].mark, LS_SLOT_MARK (0, 1));
  end (4);
  g_assert_false (ls_compact (&chunk, 2, bytes, &packed));
  g_assert_false (ls_compact (&chunk, 3, bytes, &packed));
  check_round_trip (4); /* it was passed over */
}

static void
test_empty (void)
{
  memset (&chunk, 0, sizeof chunk);
  end (2);
  g_assert_cmpuint (check_round_trip (2), ==, 0);
}

/* Words of few values and of many, so that all forms of records come. */
static uint64_t
make_word (GRand *rand, guint variety)
{
  uint64_t whole = (uint64_t) g_rand_int (rand) << 32 | g_rand_int (rand);
  switch (g_rand_int_range (rand, 0, 8)) {
  case 0:
    return whole;
  case 1:
    return whole >> g_rand_int_range (rand, 0, 64);
  default:
    return 0x7f0000001000 + whole % variety * 8;
  }
}

static void
test_random (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  for (guint round = 0; round < N_ROUNDS; round++) {
    guint variety = 1u << g_rand_int_range (rand, 0, 12);
    guint n_odd = round % 4 == 0 ? 3 : 0;
    memset (&chunk, 0, sizeof chunk);
    uint32_t at = 2, stop = (uint32_t) g_rand_int_range (rand, 2, LS_CHUNK_SLOTS + 1);
    uint64_t ticks = 0;
    while (at < stop) {
      guint n = g_rand_int_range (rand, 0, 4) ? 1 : (guint) g_rand_int_range (rand, 1, 5);
      if (at + n > LS_CHUNK_SLOTS)
        break;
      for (guint i = 0; i < n * 4; i++)
        ((uint64_t *) (void *) &chunk.slot[at])[i] = make_word (rand, variety);
      ticks += make_word (rand, 1 << 14) & 0xffff;
      guint kind = (guint) g_rand_int_range (rand, 1, LS_EV_N + (gint) n_odd * 60);
      put (&at, ticks, chunk.slot[at].target, chunk.slot[at].site,
           kind == LS_SLOT_PAD ? LS_EV_MARK : kind, n_odd ? n + (guint) kind % 5 : n);
      at = MIN (at, LS_CHUNK_SLOTS);
    }
    end (at);
    check_round_trip (LS_CHUNK_SLOTS);
  }
}

/* Bytes that make no sense make no slots beyond the end. */
static void
test_garbage (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (8);
  for (guint round = 0; round < N_ROUNDS; round++) {
    gsize n = (gsize) g_rand_int_range (rand, 0, 4000);
    g_autofree guint8 *garbage = g_malloc (n);
    for (gsize i = 0; i < n; i++)
      garbage[i] = (guint8) g_rand_int (rand);
    uint32_t last = (uint32_t) g_rand_int_range (rand, 2, LS_CHUNK_SLOTS + 1);
    memset (slots, 0xa5, sizeof slots);
    ls_expand (garbage, n, slots, last);
    for (gsize i = 0; i < (LS_CHUNK_SLOTS + LS_SLOT_MAX - last) * sizeof (LsSlot); i++)
      g_assert_cmpuint (((guint8 *) &slots[last])[i], ==, 0xa5);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/compact/pairs", test_pairs);
  g_test_add_func ("/compact/many-locks", test_many_locks);
  g_test_add_func ("/compact/values", test_values);
  g_test_add_func ("/compact/time", test_time);
  g_test_add_func ("/compact/unsettled", test_unsettled);
  g_test_add_func ("/compact/empty", test_empty);
  g_test_add_func ("/compact/random", test_random);
  g_test_add_func ("/compact/garbage", test_garbage);
  return g_test_run ();
}
