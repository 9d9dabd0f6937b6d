/* SPDX-License-Identifier: MIT */
/**
 * Who held a lock most of the time.
 *
 * The thread with 60 % of a column is named bit by bit (Cormode and Muthukrishnan, 2003): of its
 * number in the lane, each bit is that of 60 % of the time, so that sums for each bit, which unlike
 * votes can be subtracted, leave one candidate, and mostly tell whether it has as much.
 */
#include "holders.h"

#define FEW_HOLDS 64 /* in a column: added up one by one */

static inline uint64_t
get_length (const LsHoldQuery *query, uint32_t i)
{
  return ls_block_lengths_get (&query->holders->lengths, query->trace, query->holds, i);
}

typedef void (*AddFunc) (int64_t *sums, guint n, uint32_t number, int64_t ns);

static void
add_to_number (int64_t *sums, guint n, uint32_t number, int64_t ns)
{
  (void) n;
  sums[number] += ns;
}

static void
add_to_bits (int64_t *sums, guint n, uint32_t number, int64_t ns)
{
  for (guint bit = 0; bit < n; bit++)
    sums[bit] += number >> bit & 1 ? ns : 0;
}

/* What open holds add to or take from the sums of whole ones: at the column's begin their rest is
 * added, at its end it is taken away. Leaves those of the begin listed. */
static void
add_rests (const LsHoldQuery *query,
           const LsHoldEdge *from,
           const LsHoldEdge *to,
           AddFunc add,
           int64_t *sums,
           guint n)
{
  for (int end = 1; end >= 0; end--) {
    const LsHoldEdge *edge = end ? to : from;
    ls_hold_query_collect_open (query, edge);
    for (guint i = 0; i < query->open->len; i++) {
      uint32_t hold = g_array_index (query->open, uint32_t, i);
      int64_t rest = MAX (ls_hold_query_get_rest (query, hold, edge), 0);
      add (sums, n, ls_holders_get_number (query->holders, hold), end ? -rest : rest);
    }
  }
}

/* The most that a thread has, and whose number it is. */
typedef struct {
  int64_t ns;
  uint32_t number;
} Most;

static inline Most
add_hold (int64_t *sums, Most most, uint32_t number, int64_t ns)
{
  int64_t sum = sums[number] += ns;
  return sum > most.ns ? (Most){ sum, number } : most;
}

/* Those of a column, whose lengths are what each adds to its block's. */
static inline Most
add_holds (const LsHoldQuery *query, uint32_t begin, uint32_t end, Most most)
{
  const LsHolders *holders = query->holders;
  const uint32_t *lengths = holders->lengths.ns;
  uint32_t before = begin % LS_BLOCK > 0 ? lengths[begin - 1] : 0;
  for (uint32_t i = begin; i < end; i++) {
    int64_t ns = lengths[i] - (i % LS_BLOCK > 0 ? before : 0);
    before = lengths[i];
    if (G_UNLIKELY (before == LS_LENGTH_LONG))
      ns = (int64_t) get_length (query, i);
    most = add_hold (query->by_number, most, ls_holders_get_number (holders, i), ns);
  }
  return most;
}

/* Adds up each thread's time and looks who has most: what is less than nothing, the rests of holds at
 * the column's end, comes first. */
static uint32_t
add_up (const LsHoldQuery *query, const LsHoldEdge *from, const LsHoldEdge *to, int64_t held)
{
  const LsHolders *holders = query->holders;
  int64_t *sums = query->by_number;
  add_rests (query, from, to, add_to_number, sums, 0);
  const uint32_t *open = (const uint32_t *) query->open->data;
  Most most = add_holds (query, from->n_begun, to->n_begun, (Most){ 0 });
  for (guint i = 0; i < query->open->len; i++)
    most = add_hold (sums, most, ls_holders_get_number (holders, open[i]), 0);
  for (guint i = 0; i < query->open->len; i++)
    sums[ls_holders_get_number (holders, open[i])] = 0;
  for (uint32_t i = from->n_begun; i < to->n_begun; i++)
    sums[ls_holders_get_number (holders, i)] = 0;
  return ls_is_dominant (most.ns, held) ? holders->threads[most.number] : LS_NONE;
}

typedef enum {
  NOBODY,
  SOMEBODY,
  PERHAPS
} Verdict;

/* What the shares of the bits say, each of which may be more or less than that by so much. */
static Verdict
judge (const int64_t *bits, guint n, int64_t held, int64_t more, int64_t less, uint32_t *number)
{
  int64_t others = 0; /* at most: time of threads that differ from the candidate in some bit */
  *number = 0;
  for (guint bit = 0; bit < n; bit++) {
    int64_t most = CLAMP (bits[bit] + more, 0, held), least = CLAMP (bits[bit] - less, 0, held);
    if (!ls_is_dominant (most, held) && !ls_is_dominant (held - least, held))
      return NOBODY;
    bool is_set = most - held / 2 > held / 2 - least;
    *number |= (uint32_t) is_set << bit;
    others += is_set ? held - least : most;
  }
  return ls_is_dominant (held - others, held) ? SOMEBODY : PERHAPS;
}

/* The shares of the column's holds exactly, out of those of whole blocks. */
static void
add_partials (const LsHoldQuery *query,
              const LsHoldEdge *from,
              const LsHoldEdge *to,
              int64_t *bits,
              guint n)
{
  for (uint32_t i = from->n_begun / LS_BLOCK * LS_BLOCK; i < from->n_begun; i++)
    add_to_bits (bits, n, ls_holders_get_number (query->holders, i),
                 -(int64_t) get_length (query, i));
  for (uint32_t i = to->n_begun / LS_BLOCK * LS_BLOCK; i < to->n_begun; i++)
    add_to_bits (bits, n, ls_holders_get_number (query->holders, i),
                 (int64_t) get_length (query, i));
  add_rests (query, from, to, add_to_bits, bits, n);
}

static void
add_if_same (int64_t *sum, guint wanted, uint32_t number, int64_t ns)
{
  *sum += number == wanted ? ns : 0;
}

static int64_t
get_time_of (const LsHoldQuery *query,
             const LsHoldEdge *from,
             const LsHoldEdge *to,
             uint32_t number)
{
  int64_t sum = 0;
  for (uint32_t i = from->n_begun; i < to->n_begun; i++)
    sum +=
      ls_holders_get_number (query->holders, i) == number ? (int64_t) get_length (query, i) : 0;
  add_rests (query, from, to, add_if_same, &sum, number);
  return sum;
}

uint32_t
ls_hold_query_find_dominant (const LsHoldQuery *query,
                             const LsHoldEdge *from,
                             const LsHoldEdge *to,
                             int64_t held)
{
  const LsHolders *holders = query->holders;
  if (held <= 0)
    return LS_NONE;
  if (holders->n_threads == 1)
    return holders->threads[0];
  if (to->n_begun - from->n_begun <= FEW_HOLDS)
    return add_up (query, from, to, held);
  int64_t bits[LS_MAX_SHARES];
  guint n = holders->n_bits;
  const uint64_t *before = ls_holders_get_row (holders, from->n_begun / LS_BLOCK) + LS_ROW_BITS;
  const uint64_t *after = ls_holders_get_row (holders, to->n_begun / LS_BLOCK) + LS_ROW_BITS;
  for (guint bit = 0; bit < n; bit++)
    bits[bit] = (int64_t) (after[bit] - before[bit]);
  uint32_t number;
  Verdict verdict = judge (bits, n, held, (int64_t) (to->partial + from->rest),
                           (int64_t) (from->partial + to->rest), &number);
  if (verdict == PERHAPS) {
    add_partials (query, from, to, bits, n);
    verdict = judge (bits, n, held, 0, 0, &number);
  }
  if (verdict == PERHAPS)
    verdict =
      number < holders->n_threads && ls_is_dominant (get_time_of (query, from, to, number), held)
        ? SOMEBODY
        : NOBODY;
  return verdict == SOMEBODY ? holders->threads[number] : LS_NONE;
}
