/* SPDX-License-Identifier: MIT */
/**
 * Rows of segments to their places in the columns.
 *
 * Where a segment's rows go is settled on one thread, in the file's order; blocks of the columns that
 * are its alone are then written by whichever thread has time. Only the rows before and after those
 * are added at once, since their blocks have rows of the neighbours too.
 */
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
  if (needs_room (builder, n, segment->n, &builder->capacity)) {
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

/* Takes a row out of the tallies again. */
static void
uncount_row (LsBuilder *builder, const LsSegment *segment, const LsRow *row, uint32_t rare)
{
  const LsSegmentMap *map = &segment->map;
  uint8_t sort = segment->sorts[LS_OP_KIND (row->op)];
  uint32_t thread = map->threads[row->thread];
  uint32_t object = row->op & LS_OP_THREAD ? LS_NONE : row->target, with = LS_NONE;
  if (row->op & LS_OP_RARE)
    with = ls_rare_words_get_with (&segment->rares, rare);
  if (thread != LS_NONE)
    g_array_index (builder->thread_tallies, LsTally, thread).n[sort]--;
  if (object != LS_NONE)
    g_array_index (builder->object_tallies, LsTally, map->objects[object]).n[sort]--;
  if (with != LS_NONE && with != object)
    g_array_index (builder->object_tallies, LsTally, map->objects[with]).n[LS_TALLY_OTHER]--;
}

/* Keeps word `at` of so many, if it is kept. */
static void
keep_word (uint32_t *words, uint32_t at, uint32_t *n, bool keep)
{
  if (keep)
    words[(*n)++] = words[at];
}

/* Leaves the segment no rows of threads that are not kept, and no more rows than are. */
static void
drop_rows (LsBuilder *builder, LsSegment *segment, uint32_t n_max)
{
  LsCursor at = { 0 }, kept = { 0 };
  for (; at.row < segment->n; ls_cursor_pass (&at, segment->rows[at.row].op)) {
    LsRow row = segment->rows[at.row];
    bool keep = segment->map.threads[row.thread] != LS_NONE && kept.row < n_max;
    if (!keep)
      uncount_row (builder, segment, &row, at.rare);
    if (row.op & LS_OP_VAL)
      keep_word (segment->vals.words, at.val, &kept.val, keep);
    if (row.op & LS_OP_OLD)
      keep_word (segment->olds.words, at.old, &kept.old, keep);
    if (row.op & LS_OP_RARE)
      keep_word (segment->rares.words, at.rare, &kept.rare, keep);
    if (keep)
      segment->rows[kept.row++] = row;
  }
  segment->n = kept.row;
  segment->vals.n = kept.val;
  segment->olds.n = kept.old;
  segment->rares.n = kept.rare;
}

/* -- Rows -- */

static inline void
set_row (const LsColumns *columns, uint32_t k, const LsRow *row, const LsSegmentMap *map)
{
  const uint32_t *targets = row->op & LS_OP_THREAD ? map->threads : map->objects;
  columns->ops[k] = row->op;
  ls_index_set (&columns->threads, k, map->threads[row->thread]);
  ls_index_set (&columns->targets, k, row->target == LS_NONE ? LS_NONE : targets[row->target]);
  ls_index_set (&columns->sources, k, row->source == LS_NONE ? LS_NONE : map->sources[row->source]);
}

static inline void
note_in_block (LsColumnBlock *block, uint32_t k, LsOp op)
{
  unsigned at = k % LS_TS_BLOCK;
  block->kinds |= LS_KIND_BIT (LS_OP_KIND (op));
  block->vals |= (uint64_t) !!(op & LS_OP_VAL) << at;
  block->olds |= (uint64_t) !!(op & LS_OP_OLD) << at;
  block->rares |= (uint64_t) !!(op & LS_OP_RARE) << at;
}

/* A block that begins with the row at the cursor. */
static inline LsColumnBlock
begin_block (const LsSegment *segment, const LsCursor *at)
{
  return (LsColumnBlock){ .n_vals = segment->first.val + at->val,
                          .n_olds = segment->first.old + at->old,
                          .n_rares = segment->first.rare + at->rare };
}

/* Adds the next row, whose block has rows of other segments too. */
static void
add_row (LsBuilder *builder, const LsSegment *segment, LsCursor *at)
{
  LsColumns *columns = &builder->columns;
  const LsRow *row = &segment->rows[at->row];
  uint32_t k = segment->first.row + at->row;
  LsColumnBlock *block = &columns->blocks[k / LS_TS_BLOCK];
  if (k % LS_TS_BLOCK == 0)
    *block = begin_block (segment, at);
  note_in_block (block, k, row->op);
  set_row (columns, k, row, &segment->map);
  builder->staged[k % LS_TS_BLOCK] = row->ts_ns;
  if (k % LS_TS_BLOCK == LS_TS_BLOCK - 1)
    ls_builder_set_times (builder, k + 1 - LS_TS_BLOCK, builder->staged, LS_TS_BLOCK);
  ls_cursor_pass (at, row->op);
}

void
ls_builder_add_rows (LsBuilder *builder, LsSegment *segment, uint32_t n_max)
{
  LsColumns *columns = &builder->columns;
  LsCursor at = { 0 };
  if (n_max < segment->n || builder->threads_full)
    drop_rows (builder, segment, n_max);
  reserve (builder, segment);
  segment->first = (LsCursor){ columns->n, columns->vals.n, columns->olds.n, columns->rares.n };
  columns->n += segment->n;
  ls_value_words_append (&columns->vals, &segment->vals, segment->map.texts);
  ls_value_words_append (&columns->olds, &segment->olds, segment->map.texts);
  ls_rare_words_append (&columns->rares, &segment->rares, segment->map.texts, segment->map.objects);
  if (segment->n == 0)
    return;
  builder->is_sorted &= segment->is_sorted && segment->rows[0].ts_ns >= builder->last_ns;
  builder->last_ns = segment->rows[segment->n - 1].ts_ns;

  while (at.row < segment->n && (segment->first.row + at.row) % LS_TS_BLOCK != 0)
    add_row (builder, segment, &at);
  segment->whole = at;
  segment->n_whole = (segment->n - at.row) / LS_TS_BLOCK * LS_TS_BLOCK;
  for (uint32_t i = 0; i < segment->n_whole; i++)
    ls_cursor_pass (&at, segment->rows[at.row].op);
  while (at.row < segment->n)
    add_row (builder, segment, &at);
}

/* -- Whole blocks, on any thread -- */

/* @columns: the builder's, as far as they are written here. */
static void
place_block (LsBuilder *builder, const LsColumns *columns, const LsSegment *segment, LsCursor *at)
{
  LsColumnBlock block = begin_block (segment, at);
  uint32_t k = segment->first.row + at->row;
  const LsRow *rows = segment->rows + at->row;
  int64_t ts[LS_TS_BLOCK];
  for (uint32_t i = 0; i < LS_TS_BLOCK; i++) {
    ts[i] = rows[i].ts_ns;
    note_in_block (&block, i, rows[i].op);
    set_row (columns, k + i, &rows[i], &segment->map);
  }
  at->row += LS_TS_BLOCK;
  at->val += ls_count_bits (block.vals);
  at->old += ls_count_bits (block.olds);
  at->rare += ls_count_bits (block.rares);
  columns->blocks[k / LS_TS_BLOCK] = block;
  ls_builder_set_times (builder, k, ts, LS_TS_BLOCK);
}

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
  while (at.row < segment->whole.row + segment->n_whole)
    place_block (builder, &columns, segment, &at);
  pthread_mutex_lock (&builder->mutex);
  if (--builder->n_placing == 0)
    pthread_cond_broadcast (&builder->placed);
  pthread_mutex_unlock (&builder->mutex);
}
