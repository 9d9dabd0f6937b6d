/* SPDX-License-Identifier: MIT */
/* What the files of ui/draw know of a scene beyond scene.h. */
#pragma once

#include "scene.h"
#include "text.h"

G_BEGIN_DECLS

/* Where the parts of a thread's lane are, from the lane's top. */
typedef struct {
  bool has_labels; /* room for words over the bar */
  double label_y;  /* their middle */
  double bar_y, bar_height;
  double holds_y, row_height; /* rows of holds, then of regions */
  guint n_hold_rows, n_region_rows;
  double height;
} LsThreadBox;

typedef struct {
  char *name;      /* "request-*" */
  GArray *threads; /* uint32_t */
  float *profile;  /* its states over the whole trace, when first needed */
} LsFamily;

/* A pin in the row under the ruler. */
typedef struct {
  uint32_t finding;
  guint n;       /* findings at this place, this one the gravest */
  double x0, x1; /* its pill, or its dot */
  bool has_label;
} LsPin;

/* A finding's step in a lane: a red tick where the lane is a strip. */
typedef struct {
  guint lane;
  double x;
} LsFindingMark;

typedef enum {
  LS_ARROW_PLAIN, /* create → start, finish → join, signal → wake, send → recv */
  LS_ARROW_WAIT,  /* release → the waiter it let in */
  LS_ARROW_RACE,
} LsArrowKind;

typedef struct {
  uint32_t from, to; /* events */
  LsArrowKind kind;
  bool is_chosen; /* of the selection: drawn in full however long */
} LsArrow;

enum {
  LS_DENSE_BARS = 1 << 0, /* the lane's bars are strips */
  LS_DENSE_HOLDS = 1 << 1,
  LS_DENSE_EVENTS = 1 << 2, /* no single accesses and marks */
};

/* What follows from the view alone, made when it is first needed after the view changed. */
typedef struct {
  double begin_u, end_u, width_px, scroll_px, seen_px;
  bool is_valid;
  uint32_t begin_event, end_event;
  LsSpan span;
  int64_t *times; /* at each whole px of the plot, 0 .. n_times - 1; NULL: ask the axis */
  guint n_times;
  guint8 *dense; /* by lane */
  guint n_lanes;
  double label_min_px; /* bars narrower have no label */
  struct {
    double column_px;
    LsGrid grid;
  } grids[4]; /* see ls_paint_get_grid() */
  guint next_grid;
  GArray *pins;   /* LsPin */
  GArray *arrows; /* LsArrow */
  GArray *marks;  /* LsFindingMark */
} LsFrame;

struct _LsScene {
  LsTrace *trace;
  GPtrArray *findings;
  LsSceneOptions options;
  double width_px, height_px;
  double scroll_px, seen_px; /* seen_px < 0: all lanes */
  LsAxis *axis;
  const LsPalette *palette;
  LsText *text;
  double text_scale;

  GArray *lanes;                                               /* LsLane */
  uint32_t *lane_of_thread, *lane_of_object, *lane_of_counter; /* LS_NONE */
  GArray *families;                                            /* LsFamily */
  uint32_t *family_of;                                         /* by thread, LS_NONE */
  guint8 *colors;                                              /* by thread */
  char *letters;
  bool *has_bracket;   /* by thread: of a lost update, below its holds */
  uint32_t most_alive; /* threads at once */

  LsFrame *frame;
  cairo_surface_t *overview; /* rows of the whole trace, at overview_width */
  int overview_width;
  GHashTable *tags; /* object -> char *, when first needed */
  guint32 *pixels;  /* scratch of strips */
  gsize n_pixels;
};

/* colors.c */
void ls_scene_choose_colors (LsScene *scene);
/* families.c */
void ls_scene_group_families (LsScene *scene);
void ls_family_clear (gpointer family);
/* lanes.c */
void ls_scene_lay_out_lanes (LsScene *scene);
void ls_lane_clear (gpointer lane);
void ls_scene_get_thread_box (const LsScene *scene, const LsLane *lane, LsThreadBox *box);
/* frame.c */
const LsFrame *ls_scene_get_frame (const LsScene *scene);
void ls_frame_free (LsFrame *frame);
/* columns.c */
void ls_frame_clear_grids (LsFrame *frame);
/* pins.c */
void ls_frame_place_pins (const LsScene *scene, LsFrame *frame);
/* arrows.c */
void ls_frame_find_arrows (const LsScene *scene, LsFrame *frame);

/* paint-overlay.c: in whose lane a lost update has its bracket. */
bool
ls_finding_get_bracket_thread (const LsTrace *trace, const LsFinding *finding, uint32_t *thread);

/* The selected finding; NULL. */
const LsFinding *ls_scene_get_selected_finding (const LsScene *scene);

static inline const LsLane *
ls_scene_lane (const LsScene *scene, guint lane)
{
  return &g_array_index (scene->lanes, LsLane, lane);
}

static inline LsColor
ls_scene_thread_color (const LsScene *scene, uint32_t thread)
{
  return scene->palette->thread[scene->colors[thread]];
}

G_END_DECLS
