/* SPDX-License-Identifier: MIT */
/* The timeline's one animation: from view to view about the point that both share. */
#include <math.h>

#include "timeline-private.h"

#define ANIMATION_MS 180

/* The view at `t` (0 to 1) of the way: the logarithm of the span goes evenly. */
static LsView
view_on_the_way (LsView from, LsView to, double t)
{
  double from_span = from.end_u - from.begin_u, to_span = to.end_u - to.begin_u;
  double ratio = to_span / from_span;
  if (!(ratio > 0) || fabs (ratio - 1) < 1e-6) {
    double begin = from.begin_u + (to.begin_u - from.begin_u) * t;
    return (LsView){ begin, begin + to_span };
  }
  double span = from_span * pow (ratio, t);
  double fixed = (from.begin_u * to_span - to.begin_u * from_span) / (to_span - from_span);
  double begin = fixed - (fixed - from.begin_u) * (span / from_span);
  return (LsView){ begin, begin + span };
}

static void
on_animation (double t, gpointer data)
{
  LsTimeline *timeline = data;
  if (!timeline->session)
    return;
  LsView view =
    t >= 1 ? timeline->way_end : view_on_the_way (timeline->way_begin, timeline->way_end, t);
  ls_session_set_view_on_the_way (timeline->session, view);
}

void
ls_timeline_stop_animation (LsTimeline *timeline)
{
  if (adw_animation_get_state (timeline->animation) == ADW_ANIMATION_PLAYING)
    adw_animation_pause (timeline->animation);
}

gboolean
ls_timeline_animate (LsSession *session, double begin_u, double end_u, LsTimeline *timeline)
{
  timeline->way_begin = ls_session_get_view (session);
  timeline->way_end = (LsView){ begin_u, end_u };
  adw_animation_reset (timeline->animation);
  adw_animation_play (timeline->animation);
  return TRUE;
}

void
ls_timeline_init_animation (LsTimeline *timeline)
{
  timeline->animation =
    adw_timed_animation_new (GTK_WIDGET (timeline), 0, 1, ANIMATION_MS,
                             adw_callback_animation_target_new (on_animation, timeline, NULL));
  adw_timed_animation_set_easing (ADW_TIMED_ANIMATION (timeline->animation), ADW_EASE_OUT_CUBIC);
}
