/* SPDX-License-Identifier: MIT */
/**
 * Who held a lock most of the time.
 *
 * Boyer and Moore's vote (1981), weighed by time, merges: of two (candidate, surplus) pairs the larger
 * surplus less the smaller stays, and of what they are about, as long as `whole`, the candidate has at
 * most (whole + surplus) / 2 and any other thread at most (whole - surplus) / 2. Of the candidate is
 * also kept what it has in those blocks that were its own: at least. Between the two the 60 % mostly
 * are decided by a few nodes.
 */
#include "holders.h"

#define FEW_HOLDS LS_BLOCK /* in a column: added up one by one */
#define FEW_NODES 16       /* in a column of a picture: looked at one by one */
#define ROUNDING 1e-5      /* of sums of float, and more */

static inline uint64_t
get_length (const LsHoldQuery *query, uint32_t i)
{
  return ls_blocks_get_length (&query->holders->blocks, query->trace, query->holds, i);
}

/* A vote; or of one thread, when it is known, what it has. */
typedef struct {
  uint64_t ns;
  uint32_t number;
} Tally;

G_ALWAYS_INLINE static inline void
add (Tally *tally, uint32_t number, uint64_t ns, bool is_known)
{
  bool is_own = number == tally->number, is_less = ns <= tally->ns;
  if (is_known) {
    tally->ns += is_own ? ns : 0;
    return;
  }
  uint64_t rest = is_less ? tally->ns - ns : ns - tally->ns;
  tally->number = is_less ? tally->number : number; /* or it is the same */
  tally->ns = is_own ? tally->ns + ns : rest;
}

/* -- Making -- */

static inline LsHoldVote
merge (LsHoldVote a, LsHoldVote b)
{
  if (a.number == b.number)
    return (LsHoldVote){ a.number, a.surplus + b.surplus, a.known + b.known };
  LsHoldVote more = a.surplus >= b.surplus ? a : b;
  more.surplus -= a.surplus >= b.surplus ? b.surplus : a.surplus;
  return more;
}

static LsHoldVote
vote_of_block (const LsHoldQuery *query, uint32_t block)
{
  uint32_t begin = block * LS_BLOCK, end = MIN (begin + LS_BLOCK, query->holds->n);
  uint64_t lengths[LS_BLOCK];
  Tally vote = { 0 };
  for (uint32_t i = begin; i < end; i++) {
    lengths[i - begin] = get_length (query, i);
    add (&vote, ls_holders_get_number (query->holders, i), lengths[i - begin], false);
  }
  Tally known = { .number = vote.number };
  for (uint32_t i = begin; i < end; i++)
    add (&known, ls_holders_get_number (query->holders, i), lengths[i - begin], true);
  return (LsHoldVote){ vote.number, (float) vote.ns, (float) known.ns };
}

void
ls_holders_vote (LsHolders *holders, const LsTrace *trace, const LsTrack *holds)
{
  LsHoldQuery query = { .trace = trace, .holds = holds, .holders = holders };
  for (guint level = 0; level < holders->blocks.ladder.n_levels; level++) {
    uint32_t n = ls_ladder_count (&holders->blocks.ladder, level);
    LsHoldVote *votes = holders->votes[level] = g_new (LsHoldVote, n);
    for (uint32_t i = 0; i < n && level == 0; i++)
      votes[i] = vote_of_block (&query, i);
    if (level == 0)
      continue;
    uint32_t n_below = ls_ladder_count (&holders->blocks.ladder, level - 1);
    for (uint32_t i = 0; i < n_below; i++) {
      LsHoldVote vote = holders->votes[level - 1][i];
      uint32_t node = i >> LS_LADDER_BITS;
      votes[node] = i % LS_LADDER_FAN == 0 ? vote : merge (votes[node], vote);
    }
  }
}

/* -- One by one -- */

/* Between two edges: the holds that are open at the first, and whole ones up to `end`. */
typedef struct {
  const LsHoldEdge *from, *to;
  uint32_t end;
  int64_t held;
} Column;

static inline uint64_t
get_rest (const LsHoldQuery *query, uint32_t hold, const LsHoldEdge *edge)
{
  return edge->is_spread ? 0 : (uint64_t) MAX (ls_hold_query_get_rest (query, hold, edge), 0);
}

/* Whole holds: their lengths are what each adds to its block's. */
G_ALWAYS_INLINE static inline void
add_whole (const LsHoldQuery *query,
           uint32_t begin,
           uint32_t end,
           guint number_bytes,
           Tally *tally,
           bool is_known)
{
  const LsHolders *holders = query->holders;
  const uint32_t *lengths = holders->blocks.ns;
  Tally sum = *tally;
  for (uint32_t i = begin; i < end;) {
    uint32_t block_end = MIN (end, (i / LS_BLOCK + 1) * LS_BLOCK);
    uint32_t before = i % LS_BLOCK > 0 ? lengths[i - 1] : 0;
    bool is_told = lengths[block_end - 1] != LS_LENGTH_LONG;
    for (; i < block_end; i++) {
      uint32_t number = ls_unpack_number (holders->numbers, number_bytes, i);
      add (&sum, number, G_LIKELY (is_told) ? lengths[i] - before : get_length (query, i),
           is_known);
      before = lengths[i];
    }
  }
  *tally = sum;
}

/* Of holds that are alone only the last can last past the column. */
G_ALWAYS_INLINE static inline void
add_column (const LsHoldQuery *query, const Column *column, Tally *tally, bool is_known)
{
  const LsHolders *holders = query->holders;
  uint32_t begin = column->from->n_begun, end = column->end;
  LsOpenHolds open = ls_hold_query_find_open (query, column->from);
  for (uint32_t i = open.begin; i < open.end; i++) {
    uint32_t hold = open.list ? open.list[i] : i;
    uint64_t ns = get_rest (query, hold, column->from) - get_rest (query, hold, column->to);
    add (tally, ls_holders_get_number (holders, hold), ns, is_known);
  }
  uint32_t last = holders->is_alone && begin < end ? end - 1 : begin;
  if (holders->number_bytes == 1)
    add_whole (query, begin, last, 1, tally, is_known);
  else
    add_whole (query, begin, last, holders->number_bytes, tally, is_known);
  for (uint32_t i = last; i < end; i++)
    add (tally, ls_holders_get_number (holders, i),
         get_length (query, i) - get_rest (query, i, column->to), is_known);
}

static bool
has_most (const LsHoldQuery *query, const Column *column, uint32_t number)
{
  Tally tally = { .number = number };
  add_column (query, column, &tally, true);
  return ls_is_dominant ((int64_t) tally.ns, column->held);
}

static uint32_t
find_by_walking (const LsHoldQuery *query, const Column *column)
{
  Tally tally = { 0 };
  add_column (query, column, &tally, false);
  /* It has at most (held + surplus) / 2. */
  return tally.ns >= (uint64_t) column->held / 5 && has_most (query, column, tally.number)
           ? query->holders->threads[tally.number]
           : LS_NONE;
}

/* -- By nodes -- */

typedef struct {
  LsHoldVote vote;
  uint64_t whole; /* ns that it is about */
} Ballot;

static inline void
add_node (const LsHolders *holders, guint level, uint32_t node, Ballot *ballot)
{
  const uint64_t *held = &holders->held[level][node];
  ballot->vote = merge (ballot->vote, holders->votes[level][node]);
  ballot->whole += held[1] - held[0];
}

static Ballot
vote_of_blocks (const LsHolders *holders, uint32_t first, uint32_t last)
{
  const LsLadder *ladder = &holders->blocks.ladder;
  Ballot ballot = { 0 };
  for (guint level = 0; first < last; level++) {
    bool is_top = level + 1 == ladder->n_levels;
    for (; first < last && (is_top || first % LS_LADDER_FAN); first++)
      add_node (holders, level, first, &ballot);
    for (; first < last && last % LS_LADDER_FAN && last < ls_ladder_count (ladder, level); last--)
      add_node (holders, level, last - 1, &ballot);
    if (first == last)
      break;
    first >>= LS_LADDER_BITS;
    last = (last + LS_LADDER_FAN - 1) >> LS_LADDER_BITS;
  }
  return ballot;
}

/* The time of a thread in some blocks; those that are its own need not be looked at. */
static int64_t
add_blocks_of (const LsHoldQuery *query, uint32_t number, uint32_t first, uint32_t last)
{
  int64_t sum = 0;
  for (uint32_t block = first; block < last; block++) {
    const LsHoldVote *own = &query->holders->votes[0][block];
    if (own->number == number)
      sum += (int64_t) own->known;
    for (uint32_t i = block * LS_BLOCK; i < (block + 1) * LS_BLOCK && own->number != number; i++)
      sum +=
        ls_holders_get_number (query->holders, i) == number ? (int64_t) get_length (query, i) : 0;
  }
  return sum;
}

/* About the same of many blocks, from the middle between least and most of a few nodes. */
static bool
has_most_about (const LsHolders *holders, uint32_t number, uint32_t first, uint32_t last)
{
  guint level = 0;
  while (((last - first) >> level * LS_LADDER_BITS) > FEW_NODES &&
         level + 1 < holders->blocks.ladder.n_levels)
    level++;
  double of_thread = 0, of_all = 0;
  guint bits = level * LS_LADDER_BITS;
  uint32_t begin = (first + (1u << bits) - 1) >> bits, end = last >> bits;
  for (uint32_t node = begin; node < end; node++) {
    const uint64_t *held = &holders->held[level][node];
    const LsHoldVote *vote = &holders->votes[level][node];
    double whole = (double) (held[1] - held[0]);
    of_all += whole;
    of_thread += vote->number == number ? vote->known / 2 + (whole + vote->surplus) / 4
                                        : (whole - vote->surplus) / 4;
  }
  return of_thread >= 0.6 * of_all;
}

/* Of blocks that are a picture's column. Two threads' surplus says all. */
static bool
has_most_of_blocks (const LsHoldQuery *query,
                    const Column *column,
                    const Ballot *ballot,
                    uint32_t first,
                    uint32_t last)
{
  const LsHolders *holders = query->holders;
  uint32_t number = ballot->vote.number;
  if (holders->n_threads == 2)
    return ((double) ballot->whole + ballot->vote.surplus) / 2 >= 0.6 * (double) column->held;
  if (last - first > FEW_NODES)
    return has_most_about (holders, number, first, last);
  return ls_is_dominant (add_blocks_of (query, number, first, last), column->held);
}

static uint32_t
find_by_nodes (const LsHoldQuery *query, const Column *column, uint64_t length)
{
  const LsHolders *holders = query->holders;
  const LsHoldEdge *from = column->from, *to = column->to;
  uint32_t first = (from->n_begun + LS_BLOCK - 1) / LS_BLOCK, last = column->end / LS_BLOCK;
  Ballot ballot = vote_of_blocks (holders, first, MAX (first, last));
  uint32_t number = ballot.vote.number;
  double needed = 0.6 * (double) column->held, surplus = ballot.vote.surplus;
  double low = needed * (1 - ROUNDING), high = needed * (1 + ROUNDING);
  /* What may be anyone's: holds before and behind the blocks, and those open at the begin. */
  double outside = (double) (length - ballot.whole + from->rest);
  double others = ((double) ballot.whole - surplus) / 2 + outside;
  if (ballot.vote.known - (double) to->rest >= high)
    return holders->threads[number];
  if (others + surplus < low)
    return LS_NONE;
  if (others >= low)
    return find_by_walking (query, column);
  bool is_most = from->is_spread && to->is_spread
                   ? has_most_of_blocks (query, column, &ballot, first, last)
                   : has_most (query, column, number);
  return is_most ? holders->threads[number] : LS_NONE;
}

/* Of holds that are alone: the one that is open, if any is, and the next one, if there is one. */
static uint32_t
find_of_two (const LsHoldQuery *query, const Column *column)
{
  const LsHolders *holders = query->holders;
  uint32_t begin = column->from->n_begun;
  bool is_one = begin == column->end, is_next = column->from->rest == 0;
  uint32_t first = ls_holders_get_number (holders, is_next ? begin : begin - 1);
  uint32_t second = is_one ? first : ls_holders_get_number (holders, begin);
  if (first == second)
    return holders->threads[first];
  int64_t of_first = (int64_t) column->from->rest, of_second = column->held - of_first;
  if (ls_is_dominant (MAX (of_first, of_second), column->held))
    return holders->threads[of_first > of_second ? first : second];
  return LS_NONE;
}

uint32_t
ls_hold_query_find_dominant (const LsHoldQuery *query, const LsHoldEdge *from, const LsHoldEdge *to)
{
  /* Behind the node when nothing else would be left. */
  bool is_all = to->is_spread && from->n_begun == to->n_begun;
  uint64_t length = (is_all ? to->begun_high : to->begun) - from->begun;
  Column column = { from, to, is_all ? to->high : to->n_begun,
                    (int64_t) (length + from->rest - to->rest) };
  if (column.held <= 0)
    return LS_NONE;
  if (query->holders->n_threads == 1)
    return query->holders->threads[0];
  if (query->holders->is_alone && column.end - from->n_begun <= 1)
    return find_of_two (query, &column);
  return column.end - from->n_begun <= FEW_HOLDS ? find_by_walking (query, &column)
                                                 : find_by_nodes (query, &column, length);
}
