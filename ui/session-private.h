/* SPDX-License-Identifier: MIT */
/* What session.c (object, cursor, selection) and session-view.c (view, history, options) share. */
#pragma once

#include "session.h"

typedef struct {
  LsView view;
  LsAxisKind axis;
  bool fold_gaps;
} LsPlace;

struct _LsSession {
  GObject parent_instance;

  LsTrace *trace;
  GPtrArray *findings;
  LsScene *scene;

  LsView target;
  bool on_the_way; /* the view moves to `target`, which stays */
  LsView whole;    /* when has_whole */
  bool has_whole;
  double pointer;
  GArray *back, *forward; /* LsPlace */
  GArray *trail;          /* uint32_t */
  LsSpanSelection span;
  bool has_span;
  guint play_source;
  char *source_folder;
};

typedef enum {
  LS_SESSION_PROP_0,
  LS_SESSION_PROP_CURSOR,
  LS_SESSION_PROP_EVENT,
  LS_SESSION_PROP_LANE,
  LS_SESSION_PROP_FINDING,
  LS_SESSION_PROP_ORDER,
  LS_SESSION_PROP_FOLD_GAPS,
  LS_SESSION_PROP_PLAYING,
  LS_SESSION_PROP_HAS_SPAN,
  LS_SESSION_PROP_CAN_GO_BACK,
  LS_SESSION_PROP_CAN_GO_FORWARD,
  LS_SESSION_N_PROPS
} LsSessionProp;

typedef enum {
  LS_SESSION_VIEW_CHANGED,
  LS_SESSION_LAYOUT_CHANGED,
  LS_SESSION_ANIMATE,
  LS_SESSION_SCROLL_TO_LANE,
  LS_SESSION_N_SIGNALS
} LsSessionSignal;

extern guint ls_session_signals[LS_SESSION_N_SIGNALS];

void ls_session_notify (LsSession *session, LsSessionProp prop);

/* Sets the axis's view so that the finding is framed, and goes there. */
void ls_session_frame_finding (LsSession *session, uint32_t finding);
