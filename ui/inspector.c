/* SPDX-License-Identifier: MIT */
/* The inspector: puts the session's selection into words. */
#include "inspector.h"

#include <glib/gi18n-lib.h>

#include "ladder.h"
#include "names.h"
#include "source-panel.h"
#include "state-panel.h"

#define MAX_SPAN_THREADS 12

struct _LsInspector {
  AdwBin parent_instance;
  LsSession *session;

  GtkWidget *scrolled;
  GtkWidget *finding_box, *title, *severity, *certainty, *count, *sentence, *why, *remedy, *caveat;
  LsLadder *ladder;
  GtkWidget *selection_box, *selection_title, *selection_text, *cause, *cause_text;
  LsStatePanel *state;
  LsSourcePanel *source;
};

G_DEFINE_FINAL_TYPE (LsInspector, ls_inspector, ADW_TYPE_BIN)

static void
set_text (GtkWidget *label, const char *text)
{
  gtk_label_set_text (GTK_LABEL (label), text ? text : "");
  gtk_widget_set_visible (label, text && *text);
}

static void
show_finding (LsInspector *inspector, const LsFinding *finding)
{
  static const char *const classes[LS_SEVERITY_N] = {
    [LS_SEVERITY_NONE] = "chip",
    [LS_SEVERITY_HINT] = "chip-hint",
    [LS_SEVERITY_WARNING] = "chip-warning",
    [LS_SEVERITY_ERROR] = "chip-error",
  };
  g_autofree char *count =
    finding->count > 1 ? g_strdup_printf (_ ("%u times"), finding->count) : NULL;
  const char *severity_classes[] = { "chip", classes[finding->severity], NULL };
  set_text (inspector->title, finding->title);
  set_text (inspector->severity, ls_severity_name (finding->severity));
  gtk_widget_set_css_classes (inspector->severity, severity_classes);
  set_text (inspector->certainty, ls_certainty_words (finding->certainty));
  set_text (inspector->count, count);
  set_text (inspector->sentence, finding->sentence);
  set_text (inspector->why, finding->why);
  set_text (inspector->remedy, finding->remedy);
  set_text (inspector->caveat, finding->caveat);
}

/* What the threads did within the span: "main  not waiting 12 ms, waiting 80 ms". */
static char *
dup_span_text (LsTrace *trace, const LsSpanSelection *span)
{
  GString *text = g_string_new (NULL);
  guint n_shown = 0, n_left = 0;
  for (uint32_t thread = 0; thread < ls_trace_get_n_threads (trace); thread++) {
    LsMix mix;
    ls_trace_sum_thread (trace, thread, span->time, &mix);
    int64_t waiting = mix.ns[LS_STATE_WAIT_LOCK] + mix.ns[LS_STATE_WAIT_SIGNAL];
    if (mix.ns[LS_STATE_NOT_WAITING] + waiting + mix.ns[LS_STATE_SLEEP] == 0)
      continue;
    if (n_shown == MAX_SPAN_THREADS) {
      n_left++;
      continue;
    }
    g_autofree char *not_waiting = ls_duration_dup_text (mix.ns[LS_STATE_NOT_WAITING]);
    g_autofree char *waits = ls_duration_dup_text (waiting);
    g_autofree char *asleep = ls_duration_dup_text (mix.ns[LS_STATE_SLEEP]);
    g_string_append_printf (text, _ ("%s%s: not waiting %s, waiting %s, asleep %s"),
                            n_shown++ > 0 ? "\n" : "", ls_trace_get_thread (trace, thread)->name,
                            not_waiting, waits, asleep);
  }
  if (n_left > 0)
    g_string_append_printf (text, ngettext ("\n%u more thread", "\n%u more threads", n_left),
                            n_left);
  return g_string_free (text, FALSE);
}

static void
show_event (LsInspector *inspector, LsTrace *trace, uint32_t event)
{
  g_autofree char *title =
    g_strdup_printf (_ ("Event %u of %u"), event + 1, ls_trace_get_n_events (trace));
  g_autofree char *text = ls_trace_dup_event_text (trace, event);
  set_text (inspector->selection_title, title);
  set_text (inspector->selection_text, text);
  uint32_t cause = ls_trace_find_cause (trace, event);
  gtk_widget_set_visible (inspector->cause, cause != LS_NONE);
  if (cause == LS_NONE)
    return;
  g_autofree char *cause_event = ls_trace_dup_event_text (trace, cause);
  g_autofree char *cause_text = g_strdup_printf (_ ("Let by: %s"), cause_event);
  gtk_label_set_text (GTK_LABEL (inspector->cause_text), cause_text);
}

/* What is selected where no finding is: a span, an event, a lane. */
static void
show_selection (LsInspector *inspector)
{
  LsTrace *trace = ls_session_get_trace (inspector->session);
  const LsSpanSelection *span = ls_session_get_span (inspector->session);
  uint32_t event = ls_session_get_event (inspector->session);
  uint32_t selected = ls_session_get_lane (inspector->session);
  guint n;
  const LsLane *lanes = ls_scene_get_lanes (ls_session_get_scene (inspector->session), &n);
  gtk_widget_set_visible (inspector->cause, FALSE);
  if (span) {
    g_autofree char *duration = ls_duration_dup_text (span->time.end_ns - span->time.begin_ns);
    guint n_events = span->end_event - span->begin_event;
    g_autofree char *title =
      g_strdup_printf (ngettext ("%s, %u event", "%s, %u events", n_events), duration, n_events);
    g_autofree char *text = dup_span_text (trace, span);
    set_text (inspector->selection_title, title);
    set_text (inspector->selection_text, text);
  } else if (event != LS_NONE) {
    show_event (inspector, trace, event);
  } else if (selected < n) {
    set_text (inspector->selection_title, lanes[selected].name);
    set_text (inspector->selection_text, lanes[selected].subtitle);
  } else {
    set_text (inspector->selection_title, _ ("Nothing selected"));
    set_text (inspector->selection_text,
              ls_session_get_findings (inspector->session)->len > 0
                ? _ ("N shows the next finding, a click selects an event or a wait, → steps.")
                : _ ("A click selects an event or a wait, → steps from event to event."));
  }
}

static void
update (LsInspector *inspector)
{
  if (!inspector->session)
    return;
  uint32_t index = ls_session_get_finding (inspector->session);
  bool has_span = ls_session_get_span (inspector->session) != NULL;
  bool has_finding = index != LS_NONE && !has_span;
  gtk_widget_set_visible (inspector->finding_box, has_finding);
  gtk_widget_set_visible (inspector->selection_box, !has_finding);
  if (has_finding)
    show_finding (inspector,
                  g_ptr_array_index (ls_session_get_findings (inspector->session), index));
  else
    show_selection (inspector);
}

static void
on_finding (LsInspector *inspector)
{
  GtkAdjustment *scroll =
    gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (inspector->scrolled));
  gtk_adjustment_set_value (scroll, 0);
  update (inspector);
}

static void
on_step (GtkButton *button, LsInspector *inspector)
{
  ls_ladder_step (inspector->ladder, +1);
}

void
ls_inspector_show_source (LsInspector *inspector)
{
  GtkAdjustment *scroll =
    gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (inspector->scrolled));
  gtk_adjustment_set_value (scroll, gtk_adjustment_get_upper (scroll));
}

void
ls_inspector_set_session (LsInspector *inspector, LsSession *session)
{
  if (inspector->session == session)
    return;
  if (inspector->session)
    g_signal_handlers_disconnect_by_data (inspector->session, inspector);
  g_set_object (&inspector->session, session);
  ls_ladder_set_session (inspector->ladder, session);
  ls_state_panel_set_session (inspector->state, session);
  ls_source_panel_set_session (inspector->source, session);
  if (!session)
    return;
  const char *const signals[] = { "notify::event", "notify::lane", "notify::has-span" };
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    g_signal_connect_object (session, signals[i], G_CALLBACK (update), inspector,
                             G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::finding", G_CALLBACK (on_finding), inspector,
                           G_CONNECT_SWAPPED);
  update (inspector);
}

static void
dispose (GObject *object)
{
  LsInspector *inspector = LS_INSPECTOR (object);
  if (inspector->session) {
    g_signal_handlers_disconnect_by_data (inspector->session, inspector);
    g_clear_object (&inspector->session);
  }
  G_OBJECT_CLASS (ls_inspector_parent_class)->dispose (object);
}

static void
ls_inspector_class_init (LsInspectorClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = dispose;
  g_type_ensure (LS_TYPE_LADDER);
  g_type_ensure (LS_TYPE_STATE_PANEL);
  g_type_ensure (LS_TYPE_SOURCE_PANEL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/lockstitch/ui/inspector.ui");
#define BIND(NAME) gtk_widget_class_bind_template_child (widget_class, LsInspector, NAME)
  BIND (scrolled);
  BIND (finding_box);
  BIND (title);
  BIND (severity);
  BIND (certainty);
  BIND (count);
  BIND (sentence);
  BIND (ladder);
  BIND (why);
  BIND (remedy);
  BIND (caveat);
  BIND (selection_box);
  BIND (selection_title);
  BIND (selection_text);
  BIND (cause);
  BIND (cause_text);
  BIND (state);
  BIND (source);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_step);
}

static void
ls_inspector_init (LsInspector *inspector)
{
  gtk_widget_init_template (GTK_WIDGET (inspector));
}
