/* SPDX-License-Identifier: MIT */
/**
 * Who may prevail: Boyer and Moore's majority vote (1981), which merges.
 *
 * Of two (candidate, surplus) pairs the larger surplus less the smaller stays, and whatever has
 * more than half of the whole survives, in whatever order they are merged. So a forest of such pairs
 * names the only thread that can have 60 %; as it has at most half of the whole and of the surplus, it
 * mostly cannot, and else exact counts must say whether it has.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
  uint32_t thread; /* G_MAXUINT32: none yet */
  uint32_t surplus;
} LsVote;

#define LS_VOTE_NONE ((LsVote){ G_MAXUINT32, 0 })

static inline LsVote
ls_vote_merge (LsVote a, LsVote b)
{
  if (a.thread == b.thread)
    return (LsVote){ a.thread, a.surplus + b.surplus };
  if (a.surplus >= b.surplus)
    return (LsVote){ a.thread, a.surplus - b.surplus };
  return (LsVote){ b.thread, b.surplus - a.surplus };
}

/* Implicit forest: level l + 1 merges each 8 of level l; what is left over at a level's end is found on
 * its own level. */
typedef struct {
  guint n_levels;
  LsVote *level[11];
} LsVoteForest;

/* Takes the `n` leaves, which the forest frees. */
void ls_vote_forest_init (LsVoteForest *forest, LsVote *leaves, uint32_t n);
void ls_vote_forest_clear (LsVoteForest *forest);

/* The merged vote of leaves begin .. end. O(log n). */
LsVote ls_vote_forest_query (const LsVoteForest *forest, uint32_t begin, uint32_t end);
