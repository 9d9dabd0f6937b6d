/* SPDX-License-Identifier: MIT */
/* The session's view: what is in sight, where to return to, and how it is drawn. */
#include "session-private.h"

#include <math.h>

#define MAX_HISTORY 100
#define MIN_SPAN_NS 40.0
#define MIN_SPAN_COLUMNS 4.0

/* -- View -- */

LsView
ls_session_get_view (LsSession *session)
{
  LsView view;
  double width_px;
  ls_axis_get_view (ls_scene_get_axis (session->scene), &view.begin_u, &view.end_u, &width_px);
  return view;
}

LsView
ls_session_get_target (LsSession *session)
{
  return session->target;
}

static double
get_axis_width (LsSession *session)
{
  return ls_scene_get_plot_width (session->scene);
}

/* What `change` makes of `from`; the axis itself, which knows of folded gaps, is asked. */
static LsView
try_on_axis (LsSession *session,
             LsView from,
             void (*change) (LsAxis *axis, double a, double b),
             double a,
             double b)
{
  LsAxis *axis = ls_scene_get_axis (session->scene);
  double width_px = get_axis_width (session);
  LsView now = ls_session_get_view (session), then;
  ls_axis_set_view (axis, from.begin_u, from.end_u, width_px);
  change (axis, a, b);
  ls_axis_get_view (axis, &then.begin_u, &then.end_u, NULL);
  ls_axis_set_view (axis, now.begin_u, now.end_u, width_px);
  return then;
}

static void
show_all (LsAxis *axis, double a, double b)
{
  ls_axis_show_all (axis);
}

static void
pan (LsAxis *axis, double dx_px, double unused)
{
  ls_axis_pan (axis, dx_px);
}

static void
zoom (LsAxis *axis, double factor, double anchor_x_px)
{
  ls_axis_zoom (axis, 1 / factor, anchor_x_px);
}

LsView
ls_session_get_whole (LsSession *session)
{
  if (!session->has_whole)
    session->whole = try_on_axis (session, ls_session_get_view (session), show_all, 0, 0);
  session->has_whole = true;
  return session->whole;
}

LsView
ls_session_find_panned (LsSession *session, LsView from, double share)
{
  return try_on_axis (session, from, pan, share * get_axis_width (session), 0);
}

LsView
ls_session_find_zoomed (LsSession *session, LsView from, double factor, double anchor)
{
  return try_on_axis (session, from, zoom, factor, anchor * get_axis_width (session));
}

void
ls_session_get_events_in_view (LsSession *session, uint32_t *begin, uint32_t *end)
{
  ls_axis_get_events (ls_scene_get_axis (session->scene), begin, end);
}

static LsView
clamp_view (LsSession *session, LsView view)
{
  LsView whole = ls_session_get_whole (session);
  double whole_span = whole.end_u - whole.begin_u;
  double least =
    ls_session_get_options (session)->axis == LS_AXIS_ORDER ? MIN_SPAN_COLUMNS : MIN_SPAN_NS;
  if (!isfinite (view.begin_u) || !isfinite (view.end_u) || view.end_u <= view.begin_u)
    return whole;
  double span = CLAMP (view.end_u - view.begin_u, MIN (least, whole_span), whole_span);
  if (span == whole_span)
    return whole; /* to the last bit */
  double middle = (view.begin_u + view.end_u) / 2;
  double begin = CLAMP (middle - span / 2, whole.begin_u, whole.end_u - span);
  return (LsView){ begin, begin + span };
}

static bool
view_equal (LsView a, LsView b)
{
  return a.begin_u == b.begin_u && a.end_u == b.end_u;
}

static void
apply_view (LsSession *session, LsView view)
{
  ls_axis_set_view (ls_scene_get_axis (session->scene), view.begin_u, view.end_u,
                    get_axis_width (session));
  g_signal_emit (session, ls_session_signals[LS_SESSION_VIEW_CHANGED], 0);
}

void
ls_session_set_view (LsSession *session, LsView view)
{
  view = clamp_view (session, view);
  if (!session->on_the_way)
    session->target = view;
  if (!view_equal (view, ls_session_get_view (session)))
    apply_view (session, view);
}

void
ls_session_go_to_view (LsSession *session, LsView view)
{
  view = clamp_view (session, view);
  session->target = view;
  gboolean is_animated = FALSE;
  session->on_the_way = true;
  g_signal_emit (session, ls_session_signals[LS_SESSION_ANIMATE], 0, view.begin_u, view.end_u,
                 &is_animated);
  session->on_the_way = false;
  if (!is_animated)
    ls_session_set_view (session, view);
}

/* Called by the animation: keeps the target. */
void
ls_session_set_view_on_the_way (LsSession *session, LsView view)
{
  session->on_the_way = true;
  ls_session_set_view (session, view);
  session->on_the_way = false;
}

static LsPlace
get_place (LsSession *session)
{
  const LsSceneOptions *options = ls_session_get_options (session);
  return (LsPlace){ session->target, options->axis, options->fold_gaps };
}

static void
remember (LsSession *session)
{
  LsPlace place = get_place (session);
  if (session->back->len == MAX_HISTORY)
    g_array_remove_index (session->back, 0);
  g_array_append_val (session->back, place);
  g_array_set_size (session->forward, 0);
  ls_session_notify (session, LS_SESSION_PROP_CAN_GO_BACK);
  ls_session_notify (session, LS_SESSION_PROP_CAN_GO_FORWARD);
}

void
ls_session_jump_to_view (LsSession *session, LsView view)
{
  if (view_equal (clamp_view (session, view), session->target))
    return;
  remember (session);
  ls_session_go_to_view (session, view);
}

static void
go_to_place (LsSession *session, GArray *from, GArray *to)
{
  if (from->len == 0)
    return;
  LsPlace here = get_place (session);
  LsPlace place = g_array_index (from, LsPlace, from->len - 1);
  g_array_set_size (from, from->len - 1);
  g_array_append_val (to, here);
  LsSceneOptions options = *ls_session_get_options (session);
  bool same_axis = options.axis == place.axis && options.fold_gaps == place.fold_gaps;
  options.axis = place.axis;
  options.fold_gaps = place.fold_gaps;
  ls_session_set_options (session, &options);
  if (same_axis)
    ls_session_go_to_view (session, place.view);
  else
    ls_session_set_view (session, place.view);
  ls_session_notify (session, LS_SESSION_PROP_CAN_GO_BACK);
  ls_session_notify (session, LS_SESSION_PROP_CAN_GO_FORWARD);
}

void
ls_session_go_back (LsSession *session)
{
  go_to_place (session, session->back, session->forward);
}

void
ls_session_go_forward (LsSession *session)
{
  go_to_place (session, session->forward, session->back);
}

void
ls_session_set_size (LsSession *session, double width_px, double height_px)
{
  bool is_whole = view_equal (ls_session_get_view (session), ls_session_get_whole (session));
  ls_scene_set_size (session->scene, width_px, height_px);
  session->has_whole = false;
  if (is_whole) /* its margin is in pixels */
    session->target = ls_session_get_whole (session);
  apply_view (session, is_whole ? session->target : ls_session_get_view (session));
}

void
ls_session_set_pointer (LsSession *session, double fraction)
{
  session->pointer = fraction;
}

double
ls_session_get_pointer (LsSession *session)
{
  return session->pointer;
}

/* -- Options -- */

const LsSceneOptions *
ls_session_get_options (LsSession *session)
{
  return ls_scene_get_options (session->scene);
}

/* The lane that was `lane` before the layout changed. */
static uint32_t
find_lane_again (LsSession *session, LsLaneKind kind, uint32_t index)
{
  guint lane = ls_scene_find_lane (session->scene, kind, index);
  return lane == G_MAXUINT ? LS_NONE : lane;
}

void
ls_session_set_options (LsSession *session, const LsSceneOptions *options)
{
  LsSceneOptions old = *ls_session_get_options (session);
  LsSceneOptions new = *options;
  bool is_whole = view_equal (ls_session_get_view (session), ls_session_get_whole (session));
  LsLaneKind kind = LS_LANE_SECTION;
  uint32_t index = 0;
  if (old.selected_lane != LS_NONE) {
    guint n;
    const LsLane *lanes = ls_scene_get_lanes (session->scene, &n);
    if (old.selected_lane < n) {
      kind = lanes[old.selected_lane].kind;
      index = lanes[old.selected_lane].index;
    }
  }
  new.selected_finding = old.selected_finding;
  new.selected_event = old.selected_event;
  new.selected_lane = old.selected_lane;
  new.cursor = old.cursor;
  ls_scene_set_options (session->scene, &new);
  if (old.selected_lane != LS_NONE) {
    new.selected_lane = find_lane_again (session, kind, index);
    if (new.selected_lane != old.selected_lane)
      ls_scene_set_options (session->scene, &new);
  }
  session->has_whole = false;
  bool axis_changed = old.axis != new.axis || old.fold_gaps != new.fold_gaps;
  apply_view (session, is_whole ? ls_session_get_whole (session)
                                : clamp_view (session, ls_session_get_view (session)));
  if (axis_changed || is_whole)
    session->target = ls_session_get_view (session);
  g_signal_emit (session, ls_session_signals[LS_SESSION_LAYOUT_CHANGED], 0);
  if (old.axis != new.axis)
    ls_session_notify (session, LS_SESSION_PROP_ORDER);
  if (old.fold_gaps != new.fold_gaps)
    ls_session_notify (session, LS_SESSION_PROP_FOLD_GAPS);
  if (old.selected_lane != new.selected_lane)
    ls_session_notify (session, LS_SESSION_PROP_LANE);
}

void
ls_session_set_order (LsSession *session, gboolean order)
{
  LsSceneOptions options = *ls_session_get_options (session);
  LsAxisKind axis = order ? LS_AXIS_ORDER : LS_AXIS_TIME;
  if (axis == options.axis)
    return;
  remember (session);
  options.axis = axis;
  ls_session_set_options (session, &options);
}

void
ls_session_set_fold_gaps (LsSession *session, gboolean fold_gaps)
{
  LsSceneOptions options = *ls_session_get_options (session);
  if (options.fold_gaps == !!fold_gaps)
    return;
  remember (session);
  options.fold_gaps = fold_gaps;
  ls_session_set_options (session, &options);
}

void
ls_session_set_style (LsSession *session, gboolean dark, gboolean high_contrast)
{
  LsSceneOptions options = *ls_session_get_options (session);
  if (options.dark == !!dark && options.high_contrast == !!high_contrast)
    return;
  options.dark = dark;
  options.high_contrast = high_contrast;
  ls_session_set_options (session, &options);
}

/* Frames the finding and goes there: animated when the axis stays as it is. */
void
ls_session_frame_finding (LsSession *session, uint32_t finding)
{
  LsView before = ls_session_get_view (session);
  LsSceneOptions old = *ls_session_get_options (session);
  remember (session);
  ls_scene_frame_finding (session->scene, finding);
  const LsSceneOptions *new = ls_session_get_options (session);
  LsView after = ls_session_get_view (session);
  if (old.axis == new->axis && old.fold_gaps == new->fold_gaps) {
    ls_axis_set_view (ls_scene_get_axis (session->scene), before.begin_u, before.end_u,
                      get_axis_width (session));
    ls_session_go_to_view (session, after);
    return;
  }
  session->target = after = clamp_view (session, after);
  apply_view (session, after);
  g_signal_emit (session, ls_session_signals[LS_SESSION_LAYOUT_CHANGED], 0);
  if (old.axis != new->axis)
    ls_session_notify (session, LS_SESSION_PROP_ORDER);
  if (old.fold_gaps != new->fold_gaps)
    ls_session_notify (session, LS_SESSION_PROP_FOLD_GAPS);
}
