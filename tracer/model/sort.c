/* SPDX-License-Identifier: MIT */
/**
 * Events in the order of time, ties in line order.
 *
 * The collector writes sorted but for stragglers. What stands out of order makes stretches, outside
 * of which every event is in its place: only those are sorted, so that a trace costs what is
 * unsorted in it. Within a stretch the stragglers alone are sorted and then merged with the rest; an
 * event ahead of its time would make stragglers of all that follow: it is taken out instead, when the
 * event after it fits those before.
 */
#include "builder.h"

typedef struct {
  uint32_t begin, end;
  int64_t max_ns; /* the latest time in it */
} Stretch;

static uint32_t
find_later (const LsColumns *columns, uint32_t low, uint32_t high, int64_t ts_ns)
{
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (ls_columns_get_ts (columns, middle) <= ts_ns)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static inline bool
is_given_up (const LsBuilder *builder, uint32_t k)
{
  return G_UNLIKELY (k % LS_EVENTS_BETWEEN_CHECKS == 0) &&
         g_cancellable_is_cancelled (builder->cancellable);
}

/* The stretches out of order: every event before one is at most as late as all of it and after it. */
static GArray *
find_stretches (const LsBuilder *builder)
{
  const LsColumns *columns = &builder->columns;
  GArray *stretches = g_array_new (FALSE, FALSE, sizeof (Stretch));
  int64_t max_ns = G_MININT64;
  for (uint32_t k = 0; k < columns->n && !is_given_up (builder, k); k++) {
    int64_t ts = ls_columns_get_ts (columns, k);
    if (G_LIKELY (ts >= max_ns)) {
      max_ns = ts;
      continue;
    }
    Stretch stretch = { k, k + 1, max_ns };
    while (stretches->len > 0) {
      const Stretch *last = &g_array_index (stretches, Stretch, stretches->len - 1);
      if (last->max_ns <= ts)
        break;
      stretch.begin = last->begin;
      g_array_set_size (stretches, stretches->len - 1);
    }
    uint32_t low =
      stretches->len > 0 ? g_array_index (stretches, Stretch, stretches->len - 1).end : 0;
    stretch.begin = find_later (columns, low, stretch.begin, ts);
    g_array_append_val (stretches, stretch);
  }
  return stretches;
}

typedef struct {
  int64_t ts;
  uint32_t k;
} Stamp;

static bool
is_before (const Stamp *a, const Stamp *b)
{
  return a->ts < b->ts || (a->ts == b->ts && a->k < b->k);
}

static int
compare_stamps (const void *a, const void *b)
{
  return is_before (a, b) ? -1 : 1;
}

/* Sorts the stamps, which stand in the order of the file. */
static void
sort_stamps (Stamp *stamps, uint32_t n)
{
  g_autofree Stamp *rest = g_new (Stamp, n);
  g_autofree Stamp *stragglers = g_new (Stamp, n);
  uint32_t n_rest = 0, n_stragglers = 0;
  for (uint32_t k = 0; k < n; k++) {
    if (n_rest > 0 && stamps[k].ts < rest[n_rest - 1].ts &&
        (n_rest == 1 || stamps[k].ts >= rest[n_rest - 2].ts))
      stragglers[n_stragglers++] = rest[--n_rest];
    if (n_rest == 0 || stamps[k].ts >= rest[n_rest - 1].ts)
      rest[n_rest++] = stamps[k];
    else
      stragglers[n_stragglers++] = stamps[k];
  }
  qsort (stragglers, n_stragglers, sizeof *stragglers, compare_stamps);
  uint32_t i = 0, j = 0;
  for (uint32_t k = 0; k < n; k++)
    if (j == n_stragglers || (i < n_rest && is_before (&rest[i], &stragglers[j])))
      stamps[k] = rest[i++];
    else
      stamps[k] = stragglers[j++];
}

/* -- Moving what a stretch has -- */

typedef struct {
  LsColumns *columns;
  uint32_t begin, n;
  const Stamp *stamps;
  gpointer scratch; /* n of the largest entries */
} Mover;

#define MOVE(mover, type, array)                                                                \
  do {                                                                                          \
    type *move_to = (array), *move_copy = (mover)->scratch;                                     \
    memcpy (move_copy, move_to + (mover)->begin, (mover)->n * sizeof (type));                   \
    for (uint32_t move_i = 0; move_i < (mover)->n; move_i++)                                    \
      move_to[(mover)->begin + move_i] = move_copy[(mover)->stamps[move_i].k - (mover)->begin]; \
  } while (0)

static void
move_index (const Mover *mover, LsIndexColumn *column)
{
  if (column->narrow)
    MOVE (mover, uint16_t, column->narrow);
  else
    MOVE (mover, uint32_t, column->wide);
}

/* Words of sparse entries, in which events of an op with the bit `which` have one each; the ops are
 * still as they were. */
static void
move_words (const Mover *mover, uint32_t *words, uint32_t rank, LsOp which)
{
  const LsOp *ops = mover->columns->ops + mover->begin;
  g_autofree uint32_t *place = g_new (uint32_t, mover->n);
  uint32_t n = 0;
  for (uint32_t i = 0; i < mover->n; i++) {
    place[i] = n;
    n += (ops[i] & which) != 0;
  }
  uint32_t *copy = mover->scratch;
  if (n > 0)
    memcpy (copy, words + rank, n * sizeof *copy);
  n = 0;
  for (uint32_t i = 0; i < mover->n; i++) {
    uint32_t from = mover->stamps[i].k - mover->begin;
    if (ops[from] & which)
      words[rank + n++] = copy[place[from]];
  }
}

/* Times and the blocks' bits of whole blocks, out of the sorted stamps and ops. */
static void
write_blocks (LsBuilder *builder, const Mover *mover)
{
  LsColumns *columns = &builder->columns;
  uint32_t first = mover->begin / LS_TS_BLOCK, last = (mover->begin + mover->n - 1) / LS_TS_BLOCK;
  for (uint32_t at = first; at <= last; at++) {
    LsColumnBlock *block = &columns->blocks[at];
    int64_t ts[LS_TS_BLOCK];
    uint32_t begin = at * LS_TS_BLOCK, n = MIN (columns->n - begin, LS_TS_BLOCK);
    block->kinds = block->vals = block->olds = block->rares = 0;
    for (uint32_t i = 0; i < n; i++) {
      uint32_t k = begin + i;
      bool is_moved = k >= mover->begin && k - mover->begin < mover->n;
      ts[i] = is_moved ? mover->stamps[k - mover->begin].ts : ls_columns_get_ts (columns, k);
      LsOp op = columns->ops[k];
      block->kinds |= LS_KIND_BIT (LS_OP_KIND (op));
      block->vals |= (uint64_t) !!(op & LS_OP_VAL) << i;
      block->olds |= (uint64_t) !!(op & LS_OP_OLD) << i;
      block->rares |= (uint64_t) !!(op & LS_OP_RARE) << i;
    }
    if (at < last) {
      LsColumnBlock *next = block + 1;
      next->n_vals = block->n_vals + ls_count_bits (block->vals);
      next->n_olds = block->n_olds + ls_count_bits (block->olds);
      next->n_rares = block->n_rares + ls_count_bits (block->rares);
    }
    ls_builder_set_times (builder, begin, ts, n);
  }
}

static void
sort_stretch (LsBuilder *builder, const Stretch *stretch, LsLines *lines)
{
  LsColumns *columns = &builder->columns;
  uint32_t begin = stretch->begin, n = stretch->end - stretch->begin;
  g_autofree Stamp *stamps = g_new (Stamp, n);
  for (uint32_t i = 0; i < n; i++)
    stamps[i] = (Stamp){ ls_columns_get_ts (columns, begin + i), begin + i };
  sort_stamps (stamps, n);

  g_autofree uint32_t *scratch = g_new (uint32_t, n);
  Mover mover = { columns, begin, n, stamps, scratch };
  const LsColumnBlock *block = &columns->blocks[begin / LS_TS_BLOCK];
  move_words (&mover, columns->vals.words, ls_block_rank (block->vals, block->n_vals, begin),
              LS_OP_VAL);
  move_words (&mover, columns->olds.words, ls_block_rank (block->olds, block->n_olds, begin),
              LS_OP_OLD);
  move_words (&mover, columns->rares.words, ls_block_rank (block->rares, block->n_rares, begin),
              LS_OP_RARE);
  MOVE (&mover, LsOp, columns->ops);
  move_index (&mover, &columns->threads);
  move_index (&mover, &columns->targets);
  move_index (&mover, &columns->sources);
  write_blocks (builder, &mover);

  LsMove move = { begin, begin + n, g_new (uint32_t, n) };
  for (uint32_t i = 0; i < n; i++)
    move.original[i] = stamps[i].k;
  g_array_append_val (lines->moves, move);
}

void
ls_builder_sort (LsBuilder *builder, LsLines *lines)
{
  g_autoptr (GArray) stretches = find_stretches (builder);
  lines->moves = g_array_new (FALSE, FALSE, sizeof (LsMove));
  for (guint i = 0; i < stretches->len && !is_given_up (builder, 0); i++)
    sort_stretch (builder, &g_array_index (stretches, Stretch, i), lines);
}
