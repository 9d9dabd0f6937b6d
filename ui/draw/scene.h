/* SPDX-License-Identifier: MIT */
/**
 * What is drawn where: the lanes of a trace, laid out for a view. No GTK.
 *
 *   +------------------------------------------------+
 *   | Overview                                       |  LS_PART_OVERVIEW
 *   | Interleaving strip, fan lines                  |  LS_PART_STRIP (not in Order)
 *   | ruler, pins                                    |  LS_PART_RULER
 *   +----------+-------------------------------------+
 *   | labels   | lanes, scrolled by scroll_px         |  one LsLane each
 *   +----------+-------------------------------------+
 *
 * A scene borrows the trace and the findings and keeps them alive. It is used from one thread.
 */
#pragma once

#include "axis.h"
#include "finding.h"
#include "palette.h"

G_BEGIN_DECLS

typedef enum {
  LS_LANE_SECTION, /* heading: Threads, Locks and signals, Values, Counters */
  LS_LANE_THREAD,  /* index: thread */
  LS_LANE_FAMILY,  /* index: family; threads of one kind as a silhouette */
  LS_LANE_OBJECT,  /* index: lock, cond, barrier, semaphore, once */
  LS_LANE_VALUE,   /* index: object */
  LS_LANE_ACTIVE,  /* the "active threads" counter */
  LS_LANE_COUNTER, /* index: counter */
  LS_LANE_FOLDED,  /* "... 309 uncontended locks folded"; index: LsSection */
} LsLaneKind;

typedef enum {
  LS_SECTION_THREADS,
  LS_SECTION_LOCKS,
  LS_SECTION_VALUES,
  LS_SECTION_COUNTERS,
  LS_SECTION_N
} LsSection;

/* How much room a lane has: a thread's are 44 px and up (labels, holds), 22 px, 6 px (bars only). */
typedef enum {
  LS_LANE_SMALL,
  LS_LANE_MEDIUM,
  LS_LANE_LARGE,
} LsLaneSize;

typedef struct {
  LsLaneKind kind;
  LsSection section;
  LsLaneSize size;
  uint32_t index;
  double y_px, height_px; /* from the top of the lanes, before scrolling */
  guint color;            /* thread lanes: 0 .. 5 */
  char letter;            /* thread lanes: 0, or 'A' on from the seventh thread */
  char *name;             /* label, first line */
  char *subtitle;         /* second line, or NULL */
} LsLane;

typedef struct _LsScene LsScene;

/* What the user chose to see. Zeroed is the default. */
typedef struct {
  bool dark, high_contrast;
  LsAxisKind axis;
  bool fold_gaps;
  bool no_strip, no_overview; /* leave these parts out */
  double text_scale;          /* 0: 1 */
  double label_width_px;      /* 0: 204 */
  double lane_height_px;      /* of a thread lane; 0: 44, 22 or 6 chosen by count */
  bool section_closed[LS_SECTION_N];
  bool show_uncontended; /* unfold uncontended locks of a big trace */
  bool unfold_families;
  double side_px;            /* room left free at the right, for the page's panel */
  uint32_t selected_finding; /* index in findings; LS_NONE */
  uint32_t selected_event;   /* LS_NONE */
  uint32_t selected_lane;    /* lane index; LS_NONE */
  uint32_t cursor;           /* event position; LS_NONE: before the first */
} LsSceneOptions;

void ls_scene_options_init (LsSceneOptions *options);

LsScene *ls_scene_new (LsTrace *trace, GPtrArray *findings);
void ls_scene_free (LsScene *scene);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LsScene, ls_scene_free)

/* Lays the scene out anew where the options ask for it; the view's u is kept over a change of the
 * axis as the events in view. O(lanes) unless the axis changes. */
void ls_scene_set_options (LsScene *scene, const LsSceneOptions *options);
const LsSceneOptions *ls_scene_get_options (const LsScene *scene);
/* The whole picture's size, label column included: sets the axis's width. */
void ls_scene_set_size (LsScene *scene, double width_px, double height_px);
/* Which lanes are seen; the budget of bars and labels a frame is shared among these. Without a call:
 * all. */
void ls_scene_set_scroll (LsScene *scene, double scroll_px, double height_px);
double ls_scene_get_width (const LsScene *scene);
double ls_scene_get_label_width (const LsScene *scene);
double ls_scene_get_plot_width (const LsScene *scene);

LsTrace *ls_scene_get_trace (const LsScene *scene); /* borrowed */
LsAxis *ls_scene_get_axis (const LsScene *scene);   /* borrowed; set its view here */
const LsPalette *ls_scene_get_palette (const LsScene *scene);

/* Lanes from top to bottom. */
const LsLane *ls_scene_get_lanes (const LsScene *scene, guint *n);
double ls_scene_get_lanes_height (const LsScene *scene); /* of all lanes: the scroll's range */
guint ls_scene_find_lane_at (const LsScene *scene, double y_px); /* G_MAXUINT: none */
guint ls_scene_find_lane (const LsScene *scene, LsLaneKind kind, uint32_t index);
/* The lane where event k is drawn first: its thread's. */
guint ls_scene_find_lane_of_event (const LsScene *scene, uint32_t k);

/* A family's threads and its name ("request-*"). Borrowed. */
guint ls_scene_get_n_families (const LsScene *scene);
const uint32_t *
ls_scene_get_family (const LsScene *scene, guint family, guint *n, const char **name);

/* Colour and letter of a thread, in lanes, strips and ladders alike. */
LsColor ls_scene_get_thread_color (const LsScene *scene, uint32_t thread, char *letter);

/* Sets the axis's view so that a finding's steps fill 40 % of the width; if two are then under
 * 24 px apart folds idle gaps, and if they still are, changes to Order (in the options). */
void ls_scene_frame_finding (LsScene *scene, uint32_t finding);

/* -- What is under the pointer -- */

typedef enum {
  LS_HIT_NOTHING,
  LS_HIT_EVENT,    /* an access, mark, ... : event */
  LS_HIT_INTERVAL, /* a bar: interval, event = its begin */
  LS_HIT_LANE,     /* empty room of a lane */
  LS_HIT_LABEL,    /* a lane's name */
  LS_HIT_PIN,      /* a finding's pin in the ruler part: finding */
} LsHitKind;

typedef struct {
  LsHitKind kind;
  guint lane;
  uint32_t event;
  LsInterval interval;
  uint32_t finding;
} LsHit;

/* x from the left edge of the plot, y from the top of the lanes, scrolling taken off. Binary search:
 * costs nothing that grows with the trace. */
void ls_scene_hit_lane (const LsScene *scene, double x_px, double y_px, LsHit *hit);
/* y from the top of the ruler part. */
void ls_scene_hit_ruler (const LsScene *scene, double x_px, double y_px, LsHit *hit);

/* A tooltip's text for a hit, Pango markup; NULL for nothing. Owned by the caller. */
char *ls_scene_dup_tooltip (const LsScene *scene, const LsHit *hit);

G_END_DECLS
