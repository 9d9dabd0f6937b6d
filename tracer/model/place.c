/* SPDX-License-Identifier: MIT */
/**
 * Rows of segments to their places in the columns.
 *
 * Where a segment's rows go is settled on one thread, in the file's order; blocks of the columns that
 * are its alone are then written by whichever thread has time. Only the rows before and after those
 * are added at once, since their blocks have rows of the neighbours too.
 */
#include <string.h>

#include "builder.h"

/* -- Room: made by the thread that settles the order -- */

/* Before an array moves: waits until no rows are being placed, and keeps others from beginning. */
static void
stop_placing (LsBuilder *builder)
{
  if (builder->is_moving)
    return;
  builder->is_moving = true;
  pthread_mutex_lock (&builder->mutex);
  while (builder->n_placing > 0)
    pthread_cond_wait (&builder->placed, &builder->mutex);
}

static void
go_on_placing (LsBuilder *builder)
{
  if (builder->is_moving)
    pthread_mutex_unlock (&builder->mutex);
  builder->is_moving = false;
}

/* Whether there is no room for `n_more`; then, for how many it should be made, as far as that can be
 * told from how far the file is read. */
static bool
needs_room (LsBuilder *builder, uint32_t n, uint32_t n_more, uint32_t *capacity)
{
  uint64_t all = (uint64_t) n + n_more;
  if (G_LIKELY (all <= *capacity))
    return false;
  stop_placing (builder);
  uint64_t expected =
    builder->fraction > 0 ? (uint64_t) (n / builder->fraction * 1.01) : (uint64_t) *capacity * 2;
  *capacity = (uint32_t) MIN (MAX (expected, all) + LS_TS_BLOCK, G_MAXUINT32);
  return true;
}

static void
reserve_index (LsBuilder *builder, LsIndexColumn *column, uint32_t old, uint32_t n_indexes)
{
  uint32_t capacity = builder->capacity;
  if (capacity > old && column->wide)
    column->wide = ls_room_renew (column->wide, capacity, sizeof *column->wide);
  else if (capacity > old)
    column->narrow = ls_room_renew (column->narrow, capacity, sizeof *column->narrow);
  if (!column->wide && n_indexes > G_MAXUINT16) {
    stop_placing (builder);
    ls_index_widen (column, builder->columns.n, capacity);
  }
}

static void
reserve_values (LsBuilder *builder, LsValueWords *words, const LsValueWords *more)
{
  if (needs_room (builder, words->n, more->n, &words->capacity))
    words->words = ls_room_renew (words->words, words->capacity, sizeof *words->words);
  if (needs_room (builder, words->n_wide, more->n_wide, &words->wide_capacity)) {
    words->wide = g_renew (uint64_t, words->wide, words->wide_capacity);
    words->wide_types = g_renew (uint8_t, words->wide_types, words->wide_capacity);
  }
}

static void
reserve_rares (LsBuilder *builder, LsRareWords *words, const LsRareWords *more)
{
  if (needs_room (builder, words->n, more->n, &words->capacity))
    words->words = ls_room_renew (words->words, words->capacity, sizeof *words->words);
  if (needs_room (builder, words->n_all, more->n_all, &words->all_capacity))
    words->all = g_renew (LsRare, words->all, words->all_capacity);
}

/* Room for all of the segment. */
static void
reserve (LsBuilder *builder, const LsSegment *segment)
{
  LsColumns *columns = &builder->columns;
  uint32_t old = builder->capacity, n = columns->n;
  if (needs_room (builder, n, segment->rows.n, &builder->capacity)) {
    gsize capacity = builder->capacity;
    columns->ts = ls_room_renew (columns->ts, capacity, sizeof *columns->ts);
    columns->ops = ls_room_renew (columns->ops, capacity, sizeof *columns->ops);
    columns->blocks =
      ls_room_renew (columns->blocks, capacity / LS_TS_BLOCK + 1, sizeof *columns->blocks);
  }
  reserve_index (builder, &columns->threads, old, builder->threads->len);
  reserve_index (builder, &columns->targets, old,
                 MAX (builder->threads->len, builder->objects->len));
  reserve_index (builder, &columns->sources, old, builder->sources->len);
  reserve_values (builder, &columns->vals, &segment->vals);
  reserve_values (builder, &columns->olds, &segment->olds);
  reserve_rares (builder, &columns->rares, &segment->rares);
  go_on_placing (builder);
}

/* -- Rows that are not kept -- */

/* Takes a row out of the tallies again. @rare: its rare entry, if it has one. */
static void
uncount_row (LsBuilder *builder, const LsSegment *segment, uint32_t i, uint32_t rare)
{
  const LsSegmentMap *map = &segment->map;
  const LsRows *rows = &segment->rows;
  uint8_t sort = segment->sorts[LS_OP_KIND (rows->ops[i])];
  uint32_t thread = map->threads[rows->threads[i]], object = LS_NONE, with = LS_NONE;
  if (rows->targets[i] && !(rows->ops[i] & LS_OP_THREAD))
    object = LS_OBJECT_OF_CODE (rows->targets[i]);
  if (rows->ops[i] & LS_OP_RARE)
    with = ls_rare_words_get_with (&segment->rares, rare);
  if (thread != LS_NONE)
    g_array_index (builder->thread_tallies, LsTally, thread).n[sort]--;
  if (object != LS_NONE)
    g_array_index (builder->object_tallies, LsTally, map->objects[object]).n[sort]--;
  if (with != LS_NONE && with != object)
    g_array_index (builder->object_tallies, LsTally, map->objects[with]).n[LS_TALLY_OTHER]--;
}

static void
keep_row (LsRows *rows, uint32_t to, uint32_t from)
{
  rows->ts[to] = rows->ts[from];
  rows->threads[to] = rows->threads[from];
  rows->targets[to] = rows->targets[from];
  rows->sources[to] = rows->sources[from];
  rows->ops[to] = rows->ops[from];
}

/* Keeps the word at the first of these places, if there is one; says whether, by a bit. */
static void
keep_word (uint64_t *bits, uint32_t row, bool has_one, uint32_t *words, uint32_t from, uint32_t *n)
{
  uint64_t bit = (uint64_t) 1 << row % 64;
  bits[row / 64] = has_one ? bits[row / 64] | bit : bits[row / 64] & ~bit;
  if (has_one)
    words[(*n)++] = words[from];
}

/* Leaves the segment no rows of threads that are not kept, and no more rows than are. */
static void
drop_rows (LsBuilder *builder, LsSegment *segment, uint32_t n_max)
{
  LsRows *rows = &segment->rows;
  LsCursor at = { 0 }, kept = { 0 };
  for (; at.row < rows->n; at.row++) {
    LsOp op = rows->ops[at.row];
    if (segment->map.threads[rows->threads[at.row]] != LS_NONE && kept.row < n_max) {
      keep_word (rows->vals, kept.row, op & LS_OP_VAL, segment->vals.words, at.val, &kept.val);
      keep_word (rows->olds, kept.row, op & LS_OP_OLD, segment->olds.words, at.old, &kept.old);
      keep_word (rows->rares, kept.row, op & LS_OP_RARE, segment->rares.words, at.rare, &kept.rare);
      keep_row (rows, kept.row++, at.row);
    } else {
      uncount_row (builder, segment, at.row, at.rare);
    }
    at.val += (op & LS_OP_VAL) != 0;
    at.old += (op & LS_OP_OLD) != 0;
    at.rare += (op & LS_OP_RARE) != 0;
  }
  rows->n = kept.row;
  segment->vals.n = kept.val;
  segment->olds.n = kept.old;
  segment->rares.n = kept.rare;
}

/* -- Rows -- */

/* The bits of n <= 64 rows from this one on. */
static inline uint64_t
get_bits (const uint64_t *bits, uint32_t row, uint32_t n)
{
  uint64_t word = bits[row / 64] >> row % 64;
  if (row % 64)
    word |= bits[row / 64 + 1] << (64 - row % 64);
  return n < 64 ? word & (((uint64_t) 1 << n) - 1) : word;
}

static inline void
map_slots (const LsIndexColumn *column,
           uint32_t k,
           const uint32_t *slots,
           const uint32_t *map,
           uint32_t n)
{
  uint16_t *narrow = column->narrow;
  uint32_t *wide = column->wide;
  for (uint32_t i = 0; narrow && i < n; i++)
    narrow[k + i] = (uint16_t) map[slots[i]];
  for (uint32_t i = 0; !narrow && i < n; i++)
    wide[k + i] = map[slots[i]];
}

/* A block that begins with the row at the cursor. */
static inline LsColumnBlock
begin_block (const LsSegment *segment, const LsCursor *at)
{
  return (LsColumnBlock){ .n_vals = segment->first.val + at->val,
                          .n_olds = segment->first.old + at->old,
                          .n_rares = segment->first.rare + at->rare };
}

/* Writes n rows, all of one block, but for their times. @columns: the builder's, as far as they are
 * written here. */
static inline void
put_rows (const LsColumns *columns,
          const LsSegment *segment,
          LsCursor *at,
          uint32_t n,
          LsColumnBlock *block)
{
  const LsRows *rows = &segment->rows;
  const LsSegmentMap *map = &segment->map;
  uint32_t row = at->row, k = segment->first.row + row;
  uint64_t vals = get_bits (rows->vals, row, n), olds = get_bits (rows->olds, row, n);
  uint64_t rares = get_bits (rows->rares, row, n), kinds = 0;
  memcpy (columns->ops + k, rows->ops + row, n * sizeof (LsOp));
  map_slots (&columns->threads, k, rows->threads + row, map->threads, n);
  map_slots (&columns->targets, k, rows->targets + row, map->targets, n);
  map_slots (&columns->sources, k, rows->sources + row, map->sources, n);
  for (uint32_t i = 0; i < n; i++)
    kinds |= LS_KIND_BIT (LS_OP_KIND (rows->ops[row + i]));
  block->kinds |= kinds;
  block->vals |= vals << k % LS_TS_BLOCK;
  block->olds |= olds << k % LS_TS_BLOCK;
  block->rares |= rares << k % LS_TS_BLOCK;
  at->row += n;
  at->val += ls_count_bits (vals);
  at->old += ls_count_bits (olds);
  at->rare += ls_count_bits (rares);
}

/* Adds as many rows as there are, up to the end of the block, which has rows of other segments too. */
static void
add_rows (LsBuilder *builder, const LsSegment *segment, LsCursor *at)
{
  LsColumns *columns = &builder->columns;
  uint32_t k = segment->first.row + at->row, in_block = k % LS_TS_BLOCK;
  uint32_t n = MIN (segment->rows.n - at->row, LS_TS_BLOCK - in_block);
  LsColumnBlock *block = &columns->blocks[k / LS_TS_BLOCK];
  memcpy (builder->staged + in_block, segment->rows.ts + at->row, n * sizeof *builder->staged);
  if (in_block == 0)
    *block = begin_block (segment, at);
  put_rows (columns, segment, at, n, block);
  if (in_block + n == LS_TS_BLOCK)
    ls_builder_set_times (builder, k - in_block, builder->staged, LS_TS_BLOCK);
}

/* Passes a block of rows. */
static void
pass_rows (const LsRows *rows, LsCursor *at)
{
  at->val += ls_count_bits (get_bits (rows->vals, at->row, LS_TS_BLOCK));
  at->old += ls_count_bits (get_bits (rows->olds, at->row, LS_TS_BLOCK));
  at->rare += ls_count_bits (get_bits (rows->rares, at->row, LS_TS_BLOCK));
  at->row += LS_TS_BLOCK;
}

void
ls_builder_add_rows (LsBuilder *builder, LsSegment *segment, uint32_t n_max)
{
  LsColumns *columns = &builder->columns;
  const LsRows *rows = &segment->rows;
  LsCursor at = { 0 };
  if (n_max < rows->n || builder->threads_full)
    drop_rows (builder, segment, n_max);
  reserve (builder, segment);
  segment->first = (LsCursor){ columns->n, columns->vals.n, columns->olds.n, columns->rares.n };
  columns->n += rows->n;
  ls_value_words_append (&columns->vals, &segment->vals, segment->map.texts);
  ls_value_words_append (&columns->olds, &segment->olds, segment->map.texts);
  ls_rare_words_append (&columns->rares, &segment->rares, segment->map.texts, segment->map.objects);
  segment->n_whole = 0;
  if (rows->n == 0)
    return;
  builder->is_sorted &= segment->is_sorted && rows->ts[0] >= builder->last_ns;
  builder->last_ns = rows->ts[rows->n - 1];

  if (segment->first.row % LS_TS_BLOCK != 0)
    add_rows (builder, segment, &at);
  segment->whole = at;
  segment->n_whole = (rows->n - at.row) / LS_TS_BLOCK * LS_TS_BLOCK;
  while (at.row < segment->whole.row + segment->n_whole)
    pass_rows (rows, &at);
  if (at.row < rows->n)
    add_rows (builder, segment, &at);
}

/* -- Whole blocks, on any thread -- */

void
ls_builder_place (LsBuilder *builder, const LsSegment *segment)
{
  LsCursor at = segment->whole;
  pthread_mutex_lock (&builder->mutex);
  builder->n_placing++;
  pthread_mutex_unlock (&builder->mutex);
  const LsColumns columns = { .blocks = builder->columns.blocks,
                              .ops = builder->columns.ops,
                              .threads = builder->columns.threads,
                              .targets = builder->columns.targets,
                              .sources = builder->columns.sources };
  while (at.row < segment->whole.row + segment->n_whole) {
    uint32_t row = at.row, k = segment->first.row + row;
    LsColumnBlock block = begin_block (segment, &at);
    put_rows (&columns, segment, &at, LS_TS_BLOCK, &block);
    columns.blocks[k / LS_TS_BLOCK] = block;
    ls_builder_set_times (builder, k, segment->rows.ts + row, LS_TS_BLOCK);
  }
  pthread_mutex_lock (&builder->mutex);
  if (--builder->n_placing == 0)
    pthread_cond_broadcast (&builder->placed);
  pthread_mutex_unlock (&builder->mutex);
}
