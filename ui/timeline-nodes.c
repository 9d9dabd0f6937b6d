/* SPDX-License-Identifier: MIT */
/* The timeline's cache of painted nodes. */
#include "timeline-nodes.h"

typedef struct {
  GskRenderNode *plot, *label;
} LaneNodes;

struct _LsNodes {
  GskRenderNode *parts[LS_PART_N], *part_labels[LS_PART_N];
  GArray *lanes; /* LaneNodes, by lane */
  GskRenderNode *ground, *band, *arrows, *cursor;
};

static void
drop (GskRenderNode **node)
{
  g_clear_pointer (node, gsk_render_node_unref);
}

static void
clear_lane (gpointer data)
{
  LaneNodes *lane = data;
  drop (&lane->plot);
  drop (&lane->label);
}

LsNodes *
ls_nodes_new (void)
{
  LsNodes *nodes = g_new0 (LsNodes, 1);
  nodes->lanes = g_array_new (FALSE, TRUE, sizeof (LaneNodes));
  g_array_set_clear_func (nodes->lanes, clear_lane);
  return nodes;
}

void
ls_nodes_free (LsNodes *nodes)
{
  ls_nodes_drop (nodes, LS_NODES_ALL);
  g_array_unref (nodes->lanes);
  g_free (nodes);
}

void
ls_nodes_drop (LsNodes *nodes, LsNodesSet what)
{
  for (int part = 0; part < LS_PART_N; part++) {
    if (what & LS_NODES_PARTS)
      drop (&nodes->parts[part]);
    if (what & LS_NODES_LABELS)
      drop (&nodes->part_labels[part]);
  }
  for (guint i = 0; i < nodes->lanes->len; i++) {
    LaneNodes *lane = &g_array_index (nodes->lanes, LaneNodes, i);
    if (what & LS_NODES_PLOTS)
      drop (&lane->plot);
    if (what & LS_NODES_LABELS)
      drop (&lane->label);
  }
  if (what & LS_NODES_ACROSS) {
    drop (&nodes->ground);
    drop (&nodes->band);
    drop (&nodes->arrows);
  }
  if (what & LS_NODES_CURSOR)
    drop (&nodes->cursor);
}

void
ls_nodes_drop_label (LsNodes *nodes, guint lane)
{
  if (lane < nodes->lanes->len)
    drop (&g_array_index (nodes->lanes, LaneNodes, lane).label);
}

static LaneNodes *
get_lane_nodes (LsNodes *nodes, const LsScene *scene, guint lane)
{
  if (lane >= nodes->lanes->len) {
    guint n;
    ls_scene_get_lanes (scene, &n);
    g_array_set_size (nodes->lanes, MAX (n, lane + 1));
  }
  return &g_array_index (nodes->lanes, LaneNodes, lane);
}

/* A fresh cairo node; its context is to be destroyed after painting. */
static cairo_t *
begin_node (GskRenderNode **node, double width_px, double height_px)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, (float) width_px, (float) height_px);
  *node = gsk_cairo_node_new (&bounds);
  return gsk_cairo_node_get_draw_context (*node);
}

GskRenderNode *
ls_nodes_get_part (LsNodes *nodes, const LsScene *scene, LsPart part, double width_px)
{
  if (!nodes->parts[part]) {
    cairo_t *cr =
      begin_node (&nodes->parts[part], width_px, ls_scene_get_part_height (scene, part));
    ls_paint_part (cr, scene, part);
    cairo_destroy (cr);
  }
  return nodes->parts[part];
}

GskRenderNode *
ls_nodes_get_part_label (LsNodes *nodes, const LsScene *scene, LsPart part, double width_px)
{
  if (!nodes->part_labels[part]) {
    cairo_t *cr =
      begin_node (&nodes->part_labels[part], width_px, ls_scene_get_part_height (scene, part));
    ls_paint_part_label (cr, scene, part);
    cairo_destroy (cr);
  }
  return nodes->part_labels[part];
}

GskRenderNode *
ls_nodes_get_lane (LsNodes *nodes, const LsScene *scene, guint lane, double width_px)
{
  LaneNodes *of_lane = get_lane_nodes (nodes, scene, lane);
  if (!of_lane->plot) {
    guint n;
    const LsLane *lanes = ls_scene_get_lanes (scene, &n);
    cairo_t *cr = begin_node (&of_lane->plot, width_px, lanes[lane].height_px);
    ls_paint_lane (cr, scene, lane);
    cairo_destroy (cr);
  }
  return of_lane->plot;
}

GskRenderNode *
ls_nodes_get_lane_label (LsNodes *nodes, const LsScene *scene, guint lane, double width_px)
{
  LaneNodes *of_lane = get_lane_nodes (nodes, scene, lane);
  if (!of_lane->label) {
    guint n;
    const LsLane *lanes = ls_scene_get_lanes (scene, &n);
    cairo_t *cr = begin_node (&of_lane->label, width_px, lanes[lane].height_px);
    ls_paint_lane_label (cr, scene, lane);
    cairo_destroy (cr);
  }
  return of_lane->label;
}

GskRenderNode *
ls_nodes_get_ground (LsNodes *nodes, const LsScene *scene, const LsLanesArea *area)
{
  if (!nodes->ground) {
    cairo_t *cr = begin_node (&nodes->ground, area->width_px, area->height_px);
    ls_paint_ground (cr, scene, area->height_px);
    cairo_destroy (cr);
  }
  return nodes->ground;
}

GskRenderNode *
ls_nodes_get_band (LsNodes *nodes, const LsScene *scene, const LsLanesArea *area)
{
  if (!nodes->band) {
    cairo_t *cr = begin_node (&nodes->band, area->width_px, area->height_px);
    ls_paint_band (cr, scene, area->height_px);
    cairo_destroy (cr);
  }
  return nodes->band;
}

GskRenderNode *
ls_nodes_get_arrows (LsNodes *nodes, const LsScene *scene, const LsLanesArea *area)
{
  if (!nodes->arrows) {
    cairo_t *cr = begin_node (&nodes->arrows, area->width_px, area->height_px);
    ls_paint_arrows (cr, scene, area->scroll_px, area->height_px);
    cairo_destroy (cr);
  }
  return nodes->arrows;
}

GskRenderNode *
ls_nodes_get_cursor (LsNodes *nodes, const LsScene *scene, const LsLanesArea *area)
{
  if (!nodes->cursor) {
    cairo_t *cr = begin_node (&nodes->cursor, area->width_px, area->height_px);
    ls_paint_cursor (cr, scene, area->height_px, area->hover_x_px);
    cairo_destroy (cr);
  }
  return nodes->cursor;
}
