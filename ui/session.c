/* SPDX-License-Identifier: MIT */
/* The session as an object: its cursor and selection, and who is told of them. */
#include "navigate.h"
#include "session-private.h"

#define PLAY_MS 450

static GParamSpec *props[LS_SESSION_N_PROPS];
guint ls_session_signals[LS_SESSION_N_SIGNALS];

G_DEFINE_FINAL_TYPE (LsSession, ls_session, G_TYPE_OBJECT)

void
ls_session_notify (LsSession *session, LsSessionProp prop)
{
  g_object_notify_by_pspec (G_OBJECT (session), props[prop]);
}

/* -- Cursor and selection -- */

uint32_t
ls_session_get_cursor (LsSession *session)
{
  return ls_session_get_options (session)->cursor;
}

uint32_t
ls_session_get_event (LsSession *session)
{
  return ls_session_get_options (session)->selected_event;
}

uint32_t
ls_session_get_lane (LsSession *session)
{
  return ls_session_get_options (session)->selected_lane;
}

uint32_t
ls_session_get_finding (LsSession *session)
{
  return ls_session_get_options (session)->selected_finding;
}

/* Sets the four of `new` and tells of those that changed. */
static void
apply_selection (LsSession *session, const LsSceneOptions *new)
{
  LsSceneOptions old = *ls_session_get_options (session);
  ls_scene_set_options (session->scene, new);
  if (old.cursor != new->cursor)
    ls_session_notify (session, LS_SESSION_PROP_CURSOR);
  if (old.selected_event != new->selected_event)
    ls_session_notify (session, LS_SESSION_PROP_EVENT);
  if (old.selected_lane != new->selected_lane)
    ls_session_notify (session, LS_SESSION_PROP_LANE);
  if (old.selected_finding != new->selected_finding)
    ls_session_notify (session, LS_SESSION_PROP_FINDING);
}

static uint32_t
clamp_event (LsSession *session, uint32_t k)
{
  return k < ls_trace_get_n_events (session->trace) ? k : LS_NONE;
}

void
ls_session_set_cursor (LsSession *session, uint32_t cursor)
{
  LsSceneOptions options = *ls_session_get_options (session);
  options.cursor = clamp_event (session, cursor);
  apply_selection (session, &options);
}

void
ls_session_select (LsSession *session, uint32_t lane, uint32_t event)
{
  LsSceneOptions options = *ls_session_get_options (session);
  guint n_lanes;
  ls_scene_get_lanes (session->scene, &n_lanes);
  options.selected_lane = lane < n_lanes ? lane : LS_NONE;
  options.selected_event = clamp_event (session, event);
  if (options.selected_event != LS_NONE)
    options.cursor = options.selected_event;
  apply_selection (session, &options);
}

/* The step where it went wrong: the last one set off, else the last. */
static uint32_t
find_culprit (const LsFinding *finding)
{
  uint32_t event = LS_NONE;
  for (guint i = 0; i < finding->steps->len; i++) {
    const LsStep *step = &g_array_index (finding->steps, LsStep, i);
    if (step->is_culprit || i + 1 == finding->steps->len)
      event = step->event;
    if (step->is_culprit)
      break;
  }
  return event;
}

void
ls_session_select_finding (LsSession *session, uint32_t index)
{
  LsSceneOptions options = *ls_session_get_options (session);
  if (index >= session->findings->len)
    index = LS_NONE;
  options.selected_finding = index;
  if (index != LS_NONE) {
    uint32_t event = find_culprit (g_ptr_array_index (session->findings, index));
    if (event != LS_NONE) {
      guint lane = ls_scene_find_lane_of_event (session->scene, event);
      options.cursor = options.selected_event = event;
      options.selected_lane = lane == G_MAXUINT ? LS_NONE : lane;
    }
  }
  apply_selection (session, &options);
  g_signal_emit (session, ls_session_signals[LS_SESSION_LAYOUT_CHANGED],
                 0); /* the band and the arrows */
  if (index == LS_NONE)
    return;
  ls_session_frame_finding (session, index);
  uint32_t lane = ls_session_get_lane (session);
  if (lane != LS_NONE)
    g_signal_emit (session, ls_session_signals[LS_SESSION_SCROLL_TO_LANE], 0, lane);
}

void
ls_session_scroll_to_lane (LsSession *session, uint32_t lane)
{
  if (lane != LS_NONE)
    g_signal_emit (session, ls_session_signals[LS_SESSION_SCROLL_TO_LANE], 0, lane);
}

void
ls_session_set_span (LsSession *session, const LsSpanSelection *span)
{
  if (!span && !session->has_span)
    return;
  session->has_span = span != NULL;
  if (span)
    session->span = *span;
  ls_session_notify (session, LS_SESSION_PROP_HAS_SPAN);
}

const LsSpanSelection *
ls_session_get_span (LsSession *session)
{
  return session->has_span ? &session->span : NULL;
}

void
ls_session_push_trail (LsSession *session, uint32_t event)
{
  g_array_append_val (session->trail, event);
}

uint32_t
ls_session_pop_trail (LsSession *session)
{
  if (session->trail->len == 0)
    return LS_NONE;
  uint32_t event = g_array_index (session->trail, uint32_t, session->trail->len - 1);
  g_array_set_size (session->trail, session->trail->len - 1);
  return event;
}

/* -- Playing -- */

static gboolean
play_next (gpointer data)
{
  LsSession *session = data;
  uint32_t cursor = ls_session_get_cursor (session);
  uint32_t next = cursor == LS_NONE ? 0 : cursor + 1;
  if (next + 1 >= ls_trace_get_n_events (session->trace)) {
    session->play_source = 0;
    ls_session_notify (session, LS_SESSION_PROP_PLAYING);
  }
  ls_navigate_to_event (session, next);
  return session->play_source ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

void
ls_session_set_playing (LsSession *session, gboolean playing)
{
  if (ls_session_get_playing (session) == !!playing)
    return;
  if (playing)
    session->play_source = g_timeout_add (PLAY_MS, play_next, session);
  else
    g_clear_handle_id (&session->play_source, g_source_remove);
  ls_session_notify (session, LS_SESSION_PROP_PLAYING);
}

gboolean
ls_session_get_playing (LsSession *session)
{
  return session->play_source != 0;
}

void
ls_session_set_source_folder (LsSession *session, const char *folder)
{
  g_free (session->source_folder);
  session->source_folder = g_strdup (folder);
}

const char *
ls_session_get_source_folder (LsSession *session)
{
  return session->source_folder;
}

/* -- The object -- */

LsTrace *
ls_session_get_trace (LsSession *session)
{
  return session->trace;
}

GPtrArray *
ls_session_get_findings (LsSession *session)
{
  return session->findings;
}

LsScene *
ls_session_get_scene (LsSession *session)
{
  return session->scene;
}

static void
get_property (GObject *object, guint prop, GValue *value, GParamSpec *pspec)
{
  LsSession *session = LS_SESSION (object);
  switch ((LsSessionProp) prop) {
  case LS_SESSION_PROP_CURSOR:
    g_value_set_uint (value, ls_session_get_cursor (session));
    break;
  case LS_SESSION_PROP_EVENT:
    g_value_set_uint (value, ls_session_get_event (session));
    break;
  case LS_SESSION_PROP_LANE:
    g_value_set_uint (value, ls_session_get_lane (session));
    break;
  case LS_SESSION_PROP_FINDING:
    g_value_set_uint (value, ls_session_get_finding (session));
    break;
  case LS_SESSION_PROP_ORDER:
    g_value_set_boolean (value, ls_session_get_options (session)->axis == LS_AXIS_ORDER);
    break;
  case LS_SESSION_PROP_FOLD_GAPS:
    g_value_set_boolean (value, ls_session_get_options (session)->fold_gaps);
    break;
  case LS_SESSION_PROP_PLAYING:
    g_value_set_boolean (value, ls_session_get_playing (session));
    break;
  case LS_SESSION_PROP_HAS_SPAN:
    g_value_set_boolean (value, session->has_span);
    break;
  case LS_SESSION_PROP_CAN_GO_BACK:
    g_value_set_boolean (value, session->back->len > 0);
    break;
  case LS_SESSION_PROP_CAN_GO_FORWARD:
    g_value_set_boolean (value, session->forward->len > 0);
    break;
  case LS_SESSION_PROP_0:
  case LS_SESSION_N_PROPS:
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop, pspec);
  }
}

static void
finalize (GObject *object)
{
  LsSession *session = LS_SESSION (object);
  g_clear_handle_id (&session->play_source, g_source_remove);
  g_clear_pointer (&session->scene, ls_scene_free);
  g_clear_pointer (&session->trace, ls_trace_unref);
  g_clear_pointer (&session->findings, g_ptr_array_unref);
  g_clear_pointer (&session->back, g_array_unref);
  g_clear_pointer (&session->forward, g_array_unref);
  g_clear_pointer (&session->trail, g_array_unref);
  g_clear_pointer (&session->source_folder, g_free);
  G_OBJECT_CLASS (ls_session_parent_class)->finalize (object);
}

static GParamSpec *
event_prop (const char *name)
{
  return g_param_spec_uint (name, NULL, NULL, 0, LS_NONE, LS_NONE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static GParamSpec *
flag_prop (const char *name)
{
  return g_param_spec_boolean (name, NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static guint
plain_signal (const char *name)
{
  return g_signal_new (name, LS_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                       0);
}

static void
ls_session_class_init (LsSessionClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  object_class->get_property = get_property;
  object_class->finalize = finalize;

  props[LS_SESSION_PROP_CURSOR] = event_prop ("cursor");
  props[LS_SESSION_PROP_EVENT] = event_prop ("event");
  props[LS_SESSION_PROP_LANE] = event_prop ("lane");
  props[LS_SESSION_PROP_FINDING] = event_prop ("finding");
  props[LS_SESSION_PROP_ORDER] = flag_prop ("order");
  props[LS_SESSION_PROP_FOLD_GAPS] = flag_prop ("fold-gaps");
  props[LS_SESSION_PROP_PLAYING] = flag_prop ("playing");
  props[LS_SESSION_PROP_HAS_SPAN] = flag_prop ("has-span");
  props[LS_SESSION_PROP_CAN_GO_BACK] = flag_prop ("can-go-back");
  props[LS_SESSION_PROP_CAN_GO_FORWARD] = flag_prop ("can-go-forward");
  g_object_class_install_properties (object_class, LS_SESSION_N_PROPS, props);

  ls_session_signals[LS_SESSION_VIEW_CHANGED] = plain_signal ("view-changed");
  ls_session_signals[LS_SESSION_LAYOUT_CHANGED] = plain_signal ("layout-changed");
  ls_session_signals[LS_SESSION_ANIMATE] =
    g_signal_new ("animate", LS_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0,
                  g_signal_accumulator_true_handled, NULL, NULL, G_TYPE_BOOLEAN, 2, G_TYPE_DOUBLE,
                  G_TYPE_DOUBLE);
  ls_session_signals[LS_SESSION_SCROLL_TO_LANE] =
    g_signal_new ("scroll-to-lane", LS_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
ls_session_init (LsSession *session)
{
  session->pointer = -1;
  session->back = g_array_new (FALSE, FALSE, sizeof (LsPlace));
  session->forward = g_array_new (FALSE, FALSE, sizeof (LsPlace));
  session->trail = g_array_new (FALSE, FALSE, sizeof (uint32_t));
}

LsSession *
ls_session_new (LsTrace *trace, GPtrArray *findings)
{
  LsSession *session = g_object_new (LS_TYPE_SESSION, NULL);
  session->trace = ls_trace_ref (trace);
  session->findings = g_ptr_array_ref (findings);
  session->scene = ls_scene_new (trace, findings);
  ls_session_set_view (session, ls_session_get_whole (session));
  return session;
}
