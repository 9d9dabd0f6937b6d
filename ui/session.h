/* SPDX-License-Identifier: MIT */
/**
 * One opened trace as a window shows it: what is in view, where the cursor is, what is selected.
 *
 * All widgets of a window watch one session and speak to each other through it alone. It owns the
 * scene, so that timeline, ladder and lists agree on lanes and colours. Main thread only.
 *
 * Properties (notify on change): "cursor", "event", "lane", "finding" (guint, LS_NONE for none),
 * "order", "fold-gaps", "playing", "has-span", "can-go-back", "can-go-forward" (gboolean).
 * Signals:
 *   view-changed ()             other u, or another width, is in view
 *   layout-changed ()           lanes, options or colours changed: everything is to be drawn anew
 *   animate (begin, end: double) -> gboolean  a widget that moves the view there itself says TRUE
 *   scroll-to-lane (lane: guint)  that lane ought to be seen
 */
#pragma once

#include <glib-object.h>

#include "scene.h"

G_BEGIN_DECLS

#define LS_TYPE_SESSION (ls_session_get_type ())
G_DECLARE_FINAL_TYPE (LsSession, ls_session, LS, SESSION, GObject)

/* Part of the axis, in its u: see axis.h. */
typedef struct {
  double begin_u, end_u;
} LsView;

/* `findings`: LsFinding *, as ls_trace_compute_findings() gives them. Both are kept alive. */
LsSession *ls_session_new (LsTrace *trace, GPtrArray *findings);

/* The same of a trace that has grown since `before`: view, cursor, selection and options stay. Who saw
 * the whole, or its end, sees that again. */
LsSession *ls_session_new_after (LsSession *before, LsTrace *trace, GPtrArray *findings);

LsTrace *ls_session_get_trace (LsSession *session);                /* borrowed */
GPtrArray *ls_session_get_findings (LsSession *session);           /* borrowed */
LsScene *ls_session_get_scene (LsSession *session);                /* borrowed */
const LsSceneOptions *ls_session_get_options (LsSession *session); /* borrowed, until changed */

/* -- What is in view -- */

LsView ls_session_get_view (LsSession *session);
/* Where an animation is going; the view when there is none. */
LsView ls_session_get_target (LsSession *session);
/* Shows `view`, clamped to the trace, at once. */
void ls_session_set_view (LsSession *session, LsView view);
/* Goes there: animated where a widget does that, else at once. */
void ls_session_go_to_view (LsSession *session, LsView view);
/* For the animation: shows `view` and leaves the target as it is. */
void ls_session_set_view_on_the_way (LsSession *session, LsView view);
/* As ls_session_go_to_view(), and the place left is one that ls_session_go_back() returns to. */
void ls_session_jump_to_view (LsSession *session, LsView view);
/* The whole trace with a little room at both ends. */
LsView ls_session_get_whole (LsSession *session);
/* `from` moved by a share of the width, + to later; or zoomed (> 1: closer) about the point at that
 * share of the width. Folded gaps are reckoned with. Nothing changes. */
LsView ls_session_find_panned (LsSession *session, LsView from, double share);
LsView ls_session_find_zoomed (LsSession *session, LsView from, double factor, double anchor);
/* Events that can be seen: begin <= k < end. */
void ls_session_get_events_in_view (LsSession *session, uint32_t *begin, uint32_t *end);
/* The room of the timeline; called by the widget that draws. */
void ls_session_set_size (LsSession *session, double width_px, double height_px);
/* Share of the plot's width at which the pointer is; negative: it is not over the plot. */
void ls_session_set_pointer (LsSession *session, double fraction);
double ls_session_get_pointer (LsSession *session);

void ls_session_go_back (LsSession *session);
void ls_session_go_forward (LsSession *session);

/* -- How it is drawn -- */

/* Changes options through one call: copy ls_session_get_options(), alter, set. Selection and cursor
 * have their own setters and are left as they are. */
void ls_session_set_options (LsSession *session, const LsSceneOptions *options);
void ls_session_set_order (LsSession *session, gboolean order);
void ls_session_set_fold_gaps (LsSession *session, gboolean fold_gaps);
void ls_session_set_style (LsSession *session, gboolean dark, gboolean high_contrast);

/* -- Cursor and selection -- */

void ls_session_set_cursor (LsSession *session, uint32_t cursor);
uint32_t ls_session_get_cursor (LsSession *session);
/* Selects lane and event, either LS_NONE; an event takes the cursor with it. */
void ls_session_select (LsSession *session, uint32_t lane, uint32_t event);
uint32_t ls_session_get_event (LsSession *session);
uint32_t ls_session_get_lane (LsSession *session);
/* Selects and frames a finding; its culprit step takes the cursor. LS_NONE: none. */
void ls_session_select_finding (LsSession *session, uint32_t finding);
uint32_t ls_session_get_finding (LsSession *session);
/* Asks the timeline to show that lane. */
void ls_session_scroll_to_lane (LsSession *session, uint32_t lane);

/* The span dragged over, as times and as events (begin <= k < end). */
typedef struct {
  LsSpan time;
  uint32_t begin_event, end_event;
} LsSpanSelection;

void ls_session_set_span (LsSession *session, const LsSpanSelection *span); /* NULL: none */
const LsSpanSelection *ls_session_get_span (LsSession *session);            /* NULL: none */

/* The way taken by ls_navigate_to_cause(): events to return to, the last first out; LS_NONE when
 * there is none. */
void ls_session_push_trail (LsSession *session, uint32_t event);
uint32_t ls_session_pop_trail (LsSession *session);

/* Steps once after another until the last event. */
void ls_session_set_playing (LsSession *session, gboolean playing);
gboolean ls_session_get_playing (LsSession *session);

/* Where the source files are, if the user said so; borrowed, NULL. */
void ls_session_set_source_folder (LsSession *session, const char *folder);
const char *ls_session_get_source_folder (LsSession *session);

G_END_DECLS
