/* SPDX-License-Identifier: MIT */
/* The timeline's cache of painted nodes. */
#include "timeline-nodes.h"

#include "shapes.h"

typedef struct {
  GskRenderNode *plot, *label;
} LaneNodes;

struct _LsNodes {
  GskRenderNode *parts[LS_PART_N], *part_labels[LS_PART_N];
  GArray *lanes; /* LaneNodes, by lane */
  GskRenderNode *gaps, *arrows, *cursor;
  bool has_gaps, has_arrows, has_cursor; /* painted, though perhaps nothing */
  int scale;                             /* pixels a unit */
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
    drop (&nodes->gaps);
    drop (&nodes->arrows);
    nodes->has_gaps = false;
    nodes->has_arrows = false;
  }
  if (what & LS_NODES_CURSOR) {
    drop (&nodes->cursor);
    nodes->has_cursor = false;
  }
}

void
ls_nodes_drop_lane (LsNodes *nodes, guint lane)
{
  if (lane < nodes->lanes->len)
    clear_lane (&g_array_index (nodes->lanes, LaneNodes, lane));
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

void
ls_nodes_set_scale (LsNodes *nodes, int scale)
{
  if (nodes->scale != scale)
    ls_nodes_drop (nodes, LS_NODES_ALL);
  nodes->scale = scale;
}

/* A fresh cairo node; its context is to be destroyed after painting. */
static cairo_t *
begin_node (const LsNodes *nodes, GskRenderNode **node, double width_px, double height_px)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, (float) width_px, (float) height_px);
  *node = gsk_cairo_node_new (&bounds);
  cairo_t *cr = gsk_cairo_node_get_draw_context (*node);
  ls_set_target_scale (cr, nodes->scale);
  return cr;
}

GskRenderNode *
ls_nodes_get_part (LsNodes *nodes, const LsScene *scene, LsPart part, double width_px)
{
  if (!nodes->parts[part]) {
    cairo_t *cr =
      begin_node (nodes, &nodes->parts[part], width_px, ls_scene_get_part_height (scene, part));
    ls_paint_part (cr, scene, part);
    cairo_destroy (cr);
  }
  return nodes->parts[part];
}

GskRenderNode *
ls_nodes_get_part_label (LsNodes *nodes, const LsScene *scene, LsPart part, double width_px)
{
  if (!nodes->part_labels[part]) {
    cairo_t *cr = begin_node (nodes, &nodes->part_labels[part], width_px,
                              ls_scene_get_part_height (scene, part));
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
    cairo_t *cr = begin_node (nodes, &of_lane->plot, width_px, lanes[lane].height_px);
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
    cairo_t *cr = begin_node (nodes, &of_lane->label, width_px, lanes[lane].height_px);
    ls_paint_lane_label (cr, scene, lane);
    cairo_destroy (cr);
  }
  return of_lane->label;
}

typedef void (*PaintFunc) (cairo_t *cr, const LsScene *scene, const LsLanesArea *area);

/* A node as large as what `paint` paints: found by painting twice, since composing the whole area
 * costs far more. NULL when it paints nothing. */
static GskRenderNode *
new_tight_node (const LsNodes *nodes,
                const LsScene *scene,
                const LsLanesArea *area,
                PaintFunc paint)
{
  cairo_rectangle_t all = { 0, 0, area->width_px, area->height_px };
  cairo_surface_t *probe = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, &all);
  cairo_t *cr = cairo_create (probe);
  ls_set_target_scale (cr, nodes->scale);
  double x, y, width, height;
  paint (cr, scene, area);
  cairo_destroy (cr);
  cairo_recording_surface_ink_extents (probe, &x, &y, &width, &height);
  cairo_surface_destroy (probe);
  if (width <= 0 || height <= 0)
    return NULL;
  graphene_rect_t bounds =
    GRAPHENE_RECT_INIT ((float) x - 1, (float) y - 1, (float) width + 2, (float) height + 2);
  GskRenderNode *node = gsk_cairo_node_new (&bounds);
  cr = gsk_cairo_node_get_draw_context (node);
  ls_set_target_scale (cr, nodes->scale);
  paint (cr, scene, area);
  cairo_destroy (cr);
  return node;
}

/* From lane to lane, wherever they are scrolled. */
static void
paint_gaps (cairo_t *cr, const LsScene *scene, const LsLanesArea *area)
{
  cairo_rectangle (cr, 0, 0, area->width_px, area->height_px);
  cairo_clip (cr);
  cairo_translate (cr, 0, -area->scroll_px);
  ls_paint_gaps (cr, scene, area->scroll_px + area->height_px);
}

GskRenderNode *
ls_nodes_get_gaps (LsNodes *nodes, const LsScene *scene, const LsLanesArea *area)
{
  if (!nodes->has_gaps)
    nodes->gaps = new_tight_node (nodes, scene, area, paint_gaps);
  nodes->has_gaps = true;
  return nodes->gaps;
}

static void
paint_arrows (cairo_t *cr, const LsScene *scene, const LsLanesArea *area)
{
  ls_paint_arrows (cr, scene, area->scroll_px, area->height_px);
}

GskRenderNode *
ls_nodes_get_arrows (LsNodes *nodes, const LsScene *scene, const LsLanesArea *area)
{
  if (!nodes->has_arrows)
    nodes->arrows = new_tight_node (nodes, scene, area, paint_arrows);
  nodes->has_arrows = true;
  return nodes->arrows;
}

static void
paint_cursor (cairo_t *cr, const LsScene *scene, const LsLanesArea *area)
{
  ls_paint_cursor (cr, scene, area->height_px, -1);
}

GskRenderNode *
ls_nodes_get_cursor (LsNodes *nodes, const LsScene *scene, const LsLanesArea *area)
{
  if (!nodes->has_cursor)
    nodes->cursor = new_tight_node (nodes, scene, area, paint_cursor);
  nodes->has_cursor = true;
  return nodes->cursor;
}
