/* SPDX-License-Identifier: MIT */
/* Folding of idle gaps in the Time axis: which, and how much of each. */
#pragma once

#include "axis.h"
#include "gaps.h"

G_BEGIN_DECLS

#define LS_MAX_FOLDS 20 /* of gaps over 5 % of the view no more fit in it */

/* A view of which the gaps are asked. All borrowed; `shown` may be NULL. */
typedef struct {
  LsTrace *trace;
  const guint8 *shown;
  const LsGapIndex *gaps;
  double begin_u, end_u, width_px;
} LsFolding;

/* What is cut out of the view, in order, at most LS_MAX_FOLDS; *fold_px: how wide each then is. */
guint ls_folding_find_cuts (const LsFolding *folding, LsSpan *cuts, double *fold_px);

G_END_DECLS
