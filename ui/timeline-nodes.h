/* SPDX-License-Identifier: MIT */
/**
 * What the timeline shows, painted: render nodes kept until what they show changes.
 *
 * One cairo node per lane, part and layer, so that a frame repaints only what is new: moving the
 * pointer costs one line, a step of the cursor the parts above the lanes.
 */
#pragma once

#include <gtk/gtk.h>

#include "paint.h"

G_BEGIN_DECLS

typedef enum {
  LS_NODES_PARTS = 1 << 0,  /* overview, strip, ruler */
  LS_NODES_PLOTS = 1 << 1,  /* the lanes' plots */
  LS_NODES_LABELS = 1 << 2, /* all names */
  LS_NODES_ACROSS = 1 << 3, /* zigzags and arrows */
  LS_NODES_CURSOR = 1 << 4,
  LS_NODES_ALL = (1 << 5) - 1,
} LsNodesSet;

typedef struct _LsNodes LsNodes;

LsNodes *ls_nodes_new (void);
void ls_nodes_free (LsNodes *nodes);

/* Pixels a unit: those painted for another number are forgotten. */
void ls_nodes_set_scale (LsNodes *nodes, int scale);

/* Forgets those nodes: they are painted anew when next asked for. */
void ls_nodes_drop (LsNodes *nodes, LsNodesSet what);
/* Plot and label of one lane; G_MAXUINT: none. */
void ls_nodes_drop_lane (LsNodes *nodes, guint lane);

/* Borrowed until dropped. The origin is the part's own; width and height clip it. A lane's plot has no
 * ground: the cairo renderer composes each cairo node from a picture of its own, and what is a plain
 * rectangle under all lanes is far cheaper as a colour node. */
GskRenderNode *
ls_nodes_get_part (LsNodes *nodes, const LsScene *scene, LsPart part, double width_px);
GskRenderNode *
ls_nodes_get_part_label (LsNodes *nodes, const LsScene *scene, LsPart part, double width_px);
GskRenderNode *
ls_nodes_get_lane (LsNodes *nodes, const LsScene *scene, guint lane, double width_px);
GskRenderNode *
ls_nodes_get_lane_label (LsNodes *nodes, const LsScene *scene, guint lane, double width_px);

/* The area of the lanes. */
typedef struct {
  double width_px, height_px;
  double scroll_px;
} LsLanesArea;

/* Only as large as what is painted, NULL when that is nothing: the zigzags of folded gaps under the
 * lanes, and what is over them. */
GskRenderNode *ls_nodes_get_gaps (LsNodes *nodes, const LsScene *scene, const LsLanesArea *area);
GskRenderNode *ls_nodes_get_arrows (LsNodes *nodes, const LsScene *scene, const LsLanesArea *area);
GskRenderNode *ls_nodes_get_cursor (LsNodes *nodes, const LsScene *scene, const LsLanesArea *area);

G_END_DECLS
