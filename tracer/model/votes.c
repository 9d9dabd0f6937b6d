/* SPDX-License-Identifier: MIT */
/* Who may prevail. */
#include "votes.h"

void
ls_vote_forest_init (LsVoteForest *forest, LsVote *leaves, uint32_t n)
{
  forest->level[0] = leaves;
  forest->n_levels = 1;
  for (uint32_t half = n / 2; half > 0; half /= 2) {
    const LsVote *below = forest->level[forest->n_levels - 1];
    LsVote *nodes = g_new (LsVote, half);
    for (uint32_t i = 0; i < half; i++)
      nodes[i] = ls_vote_merge (below[2 * (gsize) i], below[2 * (gsize) i + 1]);
    forest->level[forest->n_levels++] = nodes;
  }
}

void
ls_vote_forest_clear (LsVoteForest *forest)
{
  for (guint i = 0; i < forest->n_levels; i++)
    g_free (forest->level[i]);
}

LsVote
ls_vote_forest_query (const LsVoteForest *forest, uint32_t begin, uint32_t end)
{
  LsVote vote = LS_VOTE_NONE;
  for (guint level = 0; begin < end; level++) {
    if (begin & 1)
      vote = ls_vote_merge (vote, forest->level[level][begin++]);
    if (end & 1)
      vote = ls_vote_merge (vote, forest->level[level][--end]);
    begin /= 2;
    end /= 2;
  }
  return vote;
}
