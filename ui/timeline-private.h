/* SPDX-License-Identifier: MIT */
/* What the files of the timeline share: timeline.c (object, layout) and
 * timeline-*.c. */
#pragma once

#include <adwaita.h>

#include "timeline-nodes.h"
#include "timeline.h"

typedef enum {
  LS_DRAG_NONE,
  LS_DRAG_PENDING, /* pressed in the plot, not moved yet: a click so far */
  LS_DRAG_SPAN,
  LS_DRAG_ZOOM, /* a span that is zoomed to when let go */
  LS_DRAG_PAN,
  LS_DRAG_WINDOW,       /* the overview's window */
  LS_DRAG_WINDOW_BEGIN, /* its edges */
  LS_DRAG_WINDOW_END,
  LS_DRAG_LABELS, /* the width of the names */
} LsDrag;

struct _LsTimeline {
  GtkWidget parent_instance;

  LsSession *session;
  LsNodes *nodes;
  GtkAdjustment *scroll;
  GtkWidget *scrollbar;
  AdwAnimation *animation;
  LsView way_begin, way_end; /* of the animation */

  uint32_t shown_event, shown_lane; /* selected, as last painted */
  double pointer_x, pointer_y;      /* in the widget; x < 0: elsewhere */
  double hover_x;                   /* in the plot; < 0: none */
  GtkWidget *card;                  /* the tooltip: a label */
  GdkRectangle card_avoids;         /* what the card may not cover */

  LsDrag drag;
  double drag_x, drag_y; /* where it began */
  LsView drag_view;
  double drag_scroll;
  double drag_label_width;
  double span_begin_x, span_end_x; /* in the plot, while dragging a span */

  double pan_x, pan_y; /* of a touchpad's gesture, to lock an axis */
  bool drag_zooms;     /* Ctrl was down when it began */

  GPtrArray *proxies; /* LsLaneProxy, one a visible lane */
  GtkWidget *event_proxy;
  guint proxy_source;
};

/* -- timeline.c -- */

/* The parts of the widget, from top to bottom, and the point's place in it. */
typedef enum {
  LS_REGION_OVERVIEW = LS_PART_OVERVIEW,
  LS_REGION_STRIP = LS_PART_STRIP,
  LS_REGION_RULER = LS_PART_RULER,
  LS_REGION_LANES,
  LS_REGION_NONE,
} LsRegion;

typedef struct {
  LsRegion region;
  bool in_labels;
  double x, y; /* from the left edge of plot or labels; from the top of the region */
} LsSpot;

LsScene *ls_timeline_get_scene (LsTimeline *timeline); /* NULL without session */
double ls_timeline_get_label_width (LsTimeline *timeline);
double ls_timeline_get_plot_width (LsTimeline *timeline);
/* y of the lanes, and the height left for them. */
double ls_timeline_get_lanes_y (LsTimeline *timeline);
double ls_timeline_get_lanes_height (LsTimeline *timeline);
double ls_timeline_get_scroll (LsTimeline *timeline);
void ls_timeline_scroll_by (LsTimeline *timeline, double by_px);
LsSpot ls_timeline_locate (LsTimeline *timeline, double x, double y);
/* Paints `what` anew in the next frame. */
void ls_timeline_redraw (LsTimeline *timeline, LsNodesSet what);

/* -- timeline-animation.c -- */
void ls_timeline_init_animation (LsTimeline *timeline);
void ls_timeline_stop_animation (LsTimeline *timeline);
/* The session's "animate". */
gboolean
ls_timeline_animate (LsSession *session, double begin_u, double end_u, LsTimeline *timeline);

/* -- timeline-paint.c -- */
void ls_timeline_snapshot (GtkWidget *widget, GtkSnapshot *snapshot);

/* -- timeline-input.c -- */
void ls_timeline_init_input (LsTimeline *timeline);

/* -- timeline-scroll.c -- */
void ls_timeline_init_scroll (LsTimeline *timeline);

/* -- timeline-hover.c -- */
void ls_timeline_init_hover (LsTimeline *timeline);
void ls_timeline_update_hover (LsTimeline *timeline);
void ls_timeline_allocate_card (LsTimeline *timeline, int width, int height);

/* -- timeline-lanes.c: children for assistive technology -- */
void ls_timeline_init_proxies (LsTimeline *timeline);
void ls_timeline_clear_proxies (LsTimeline *timeline);
void ls_timeline_allocate_proxies (LsTimeline *timeline);
/* Their words, soon. */
void ls_timeline_queue_proxies (LsTimeline *timeline);
