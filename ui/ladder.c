/* SPDX-License-Identifier: MIT */
/* The ladder as a widget around ls_paint_ladder(). */
#include "ladder.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "navigate.h"
#include "paint.h"

#define MIN_WIDTH_PX 260

struct _LsLadder {
  GtkWidget parent_instance;
  LsSession *session;
};

G_DEFINE_FINAL_TYPE (LsLadder, ls_ladder, GTK_TYPE_WIDGET)

static const LsFinding *
get_finding (LsLadder *ladder)
{
  uint32_t index = ladder->session ? ls_session_get_finding (ladder->session) : LS_NONE;
  return index == LS_NONE ? NULL
                          : g_ptr_array_index (ls_session_get_findings (ladder->session), index);
}

static void
measure (GtkWidget *widget,
         GtkOrientation orientation,
         int for_size,
         int *minimum,
         int *natural,
         int *minimum_baseline,
         int *natural_baseline)
{
  LsLadder *ladder = LS_LADDER (widget);
  *minimum_baseline = *natural_baseline = -1;
  *minimum = *natural = MIN_WIDTH_PX;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural =
      get_finding (ladder)
        ? (int) ceil (ls_scene_get_ladder_height (ls_session_get_scene (ladder->session),
                                                  ls_session_get_finding (ladder->session)))
        : 0;
}

/* The step that the cursor is at; -1: none. */
static int
find_step_at_cursor (LsLadder *ladder, const LsFinding *finding)
{
  for (guint i = 0; i < finding->steps->len; i++)
    if (g_array_index (finding->steps, LsStep, i).event == ls_session_get_cursor (ladder->session))
      return (int) i;
  return -1;
}

static void
snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LsLadder *ladder = LS_LADDER (widget);
  if (!get_finding (ladder))
    return;
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  cairo_t *cr =
    gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  ls_paint_ladder (cr, ls_session_get_scene (ladder->session),
                   ls_session_get_finding (ladder->session), width);
  cairo_destroy (cr);
}

static void
go_to_step (LsLadder *ladder, const LsFinding *finding, int step)
{
  if (step >= 0 && step < (int) finding->steps->len)
    ls_navigate_to_event (ladder->session, g_array_index (finding->steps, LsStep, step).event);
}

void
ls_ladder_step (LsLadder *ladder, int by)
{
  const LsFinding *finding = get_finding (ladder);
  if (!finding || finding->steps->len == 0)
    return;
  int n = (int) finding->steps->len, at = find_step_at_cursor (ladder, finding);
  go_to_step (ladder, finding, at < 0 ? (by > 0 ? 0 : n - 1) : (at + by + n) % n);
}

static void
on_pressed (GtkGestureClick *click, int n_press, double x, double y, LsLadder *ladder)
{
  const LsFinding *finding = get_finding (ladder);
  gtk_widget_grab_focus (GTK_WIDGET (ladder));
  if (finding)
    go_to_step (ladder, finding,
                ls_scene_find_ladder_step (ls_session_get_scene (ladder->session),
                                           ls_session_get_finding (ladder->session), y));
}

static void
on_motion (GtkEventControllerMotion *motion, double x, double y, LsLadder *ladder)
{
  int step = -1;
  if (get_finding (ladder))
    step = ls_scene_find_ladder_step (ls_session_get_scene (ladder->session),
                                      ls_session_get_finding (ladder->session), y);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (ladder), step >= 0 ? "pointer" : NULL);
}

static gboolean
on_key (GtkEventControllerKey *key,
        guint keyval,
        guint code,
        GdkModifierType state,
        LsLadder *ladder)
{
  if (keyval != GDK_KEY_Down && keyval != GDK_KEY_Up)
    return FALSE;
  ls_ladder_step (ladder, keyval == GDK_KEY_Down ? +1 : -1);
  return TRUE;
}

/* What a screen reader says of the ladder: its steps, one after another. */
static void
update_text (LsLadder *ladder)
{
  const LsFinding *finding = get_finding (ladder);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; finding && i < finding->steps->len; i++) {
    const LsStep *step = &g_array_index (finding->steps, LsStep, i);
    g_autofree char *event =
      ls_trace_dup_event_text (ls_session_get_trace (ladder->session), step->event);
    g_string_append_printf (text, "%u. %s\n", i + 1, event);
  }
  gtk_accessible_update_property (GTK_ACCESSIBLE (ladder), GTK_ACCESSIBLE_PROPERTY_LABEL, text->str,
                                  -1);
}

static void
on_finding (LsLadder *ladder)
{
  update_text (ladder);
  gtk_widget_queue_resize (GTK_WIDGET (ladder));
}

void
ls_ladder_set_session (LsLadder *ladder, LsSession *session)
{
  if (ladder->session == session)
    return;
  if (ladder->session)
    g_signal_handlers_disconnect_by_data (ladder->session, ladder);
  g_set_object (&ladder->session, session);
  if (session) {
    g_signal_connect_object (session, "notify::finding", G_CALLBACK (on_finding), ladder,
                             G_CONNECT_SWAPPED);
    g_signal_connect_object (session, "notify::cursor", G_CALLBACK (gtk_widget_queue_draw), ladder,
                             G_CONNECT_SWAPPED);
    g_signal_connect_object (session, "layout-changed", G_CALLBACK (gtk_widget_queue_draw), ladder,
                             G_CONNECT_SWAPPED);
  }
  on_finding (ladder);
}

static void
dispose (GObject *object)
{
  LsLadder *ladder = LS_LADDER (object);
  if (ladder->session)
    g_signal_handlers_disconnect_by_data (ladder->session, ladder);
  g_clear_object (&ladder->session);
  G_OBJECT_CLASS (ls_ladder_parent_class)->dispose (object);
}

static void
ls_ladder_class_init (LsLadderClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = dispose;
  widget_class->measure = measure;
  widget_class->snapshot = snapshot;
  gtk_widget_class_set_css_name (widget_class, "ladder");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST);
}

static void
ls_ladder_init (LsLadder *ladder)
{
  GtkWidget *widget = GTK_WIDGET (ladder);
  gtk_widget_set_focusable (widget, TRUE);
  GtkGesture *click = gtk_gesture_click_new ();
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), ladder);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  GtkEventController *motion = gtk_event_controller_motion_new ();
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), ladder);
  gtk_widget_add_controller (widget, motion);
  GtkEventController *key = gtk_event_controller_key_new ();
  g_signal_connect (key, "key-pressed", G_CALLBACK (on_key), ladder);
  gtk_widget_add_controller (widget, key);
}
