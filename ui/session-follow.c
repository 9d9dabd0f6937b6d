/* SPDX-License-Identifier: MIT */
/* A session of a trace that has grown: what the user saw and chose before stays. */
#include <math.h>

#include "session-private.h"

static uint32_t
find_same_finding (LsSession *session, const LsFinding *old)
{
  if (old->steps->len == 0)
    return LS_NONE;
  uint32_t first = g_array_index (old->steps, LsStep, 0).event;
  for (guint i = 0; i < session->findings->len; i++) {
    const LsFinding *finding = g_ptr_array_index (session->findings, i);
    if (finding->kind == old->kind && finding->steps->len > 0 &&
        g_array_index (finding->steps, LsStep, 0).event == first)
      return i;
  }
  return LS_NONE;
}

static uint32_t
find_same_lane (LsSession *session, LsSession *before, uint32_t lane)
{
  guint n;
  const LsLane *lanes = ls_scene_get_lanes (before->scene, &n);
  if (lane >= n)
    return LS_NONE;
  guint found = ls_scene_find_lane (session->scene, lanes[lane].kind, lanes[lane].index);
  return found == G_MAXUINT ? LS_NONE : found;
}

/* Events keep their numbers but for stragglers; lanes and findings may have others. */
static void
take_options (LsSession *session, LsSession *before)
{
  LsSceneOptions options = *ls_session_get_options (before);
  uint32_t lane = options.selected_lane, finding = options.selected_finding;
  uint32_t n_events = ls_trace_get_n_events (session->trace);
  options.selected_lane = options.selected_finding = LS_NONE;
  if (options.cursor != LS_NONE && options.cursor >= n_events)
    options.cursor = LS_NONE;
  if (options.selected_event != LS_NONE && options.selected_event >= n_events)
    options.selected_event = LS_NONE;
  ls_scene_set_options (session->scene, &options);
  options.selected_lane = find_same_lane (session, before, lane);
  if (finding < before->findings->len)
    options.selected_finding =
      find_same_finding (session, g_ptr_array_index (before->findings, finding));
  ls_scene_set_options (session->scene, &options);
}

static bool
is_near (double a, double b, double span)
{
  return fabs (a - b) <= span / 1000;
}

/* Who saw the whole sees the whole; who saw the end sees the end; others stay where they are. */
static LsView
choose_view (LsSession *session, LsSession *before)
{
  LsView view = ls_session_get_target (before), was = ls_session_get_whole (before);
  LsView whole = ls_session_get_whole (session);
  double span = view.end_u - view.begin_u;
  if (!is_near (view.end_u, was.end_u, span))
    return view;
  if (is_near (view.begin_u, was.begin_u, span))
    return whole;
  return (LsView){ whole.end_u - span, whole.end_u };
}

LsSession *
ls_session_new_after (LsSession *before, LsTrace *trace, GPtrArray *findings)
{
  LsSession *session = ls_session_new (trace, findings);
  take_options (session, before);
  ls_scene_set_size (session->scene, ls_scene_get_width (before->scene), 0);
  session->has_whole = false;
  ls_session_set_view (session, choose_view (session, before));
  ls_session_set_source_folder (session, before->source_folder);
  g_array_append_vals (session->back, before->back->data, before->back->len);
  g_array_append_vals (session->forward, before->forward->data, before->forward->len);
  g_array_append_vals (session->trail, before->trail->data, before->trail->len);
  if (before->has_span)
    ls_session_set_span (session, &before->span);
  return session;
}
