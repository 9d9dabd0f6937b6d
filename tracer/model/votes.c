/* SPDX-License-Identifier: MIT */
/* Who may prevail. */
#include "votes.h"

#define FAN 8

void
ls_vote_forest_init (LsVoteForest *forest, LsVote *leaves, uint32_t n)
{
  forest->level[0] = leaves;
  forest->n_levels = 1;
  for (n /= FAN; n > 0; n /= FAN) {
    const LsVote *below = forest->level[forest->n_levels - 1];
    LsVote *nodes = g_new (LsVote, n);
    for (uint32_t i = 0; i < n; i++) {
      nodes[i] = below[(gsize) i * FAN];
      for (guint j = 1; j < FAN; j++)
        nodes[i] = ls_vote_merge (nodes[i], below[(gsize) i * FAN + j]);
    }
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
    bool is_top = level + 1 == forest->n_levels;
    for (; begin < end && (is_top || begin % FAN); begin++)
      vote = ls_vote_merge (vote, forest->level[level][begin]);
    for (; begin < end && end % FAN; end--)
      vote = ls_vote_merge (vote, forest->level[level][end - 1]);
    begin /= FAN;
    end /= FAN;
  }
  return vote;
}
