/* SPDX-License-Identifier: MIT */
/* The state at the cursor: the threads that matter most first, a few of many. */
#include "state-panel.h"

#include <glib/gi18n-lib.h>

#include "swatch.h"

#define MAX_THREADS 12
#define MAX_OBJECTS 8
/* Of more than these, only the first are looked at: a step must stay quick. */
#define MAX_LOOKED_AT 20000

typedef struct {
  GtkWidget *swatch, *name, *text;
} Row;

struct _LsStatePanel {
  GtkBox parent_instance;
  LsSession *session;
  GtkWidget *title, *grid, *more, *objects, *more_objects;
  GArray *rows; /* Row */
  guint update_source;
};

G_DEFINE_FINAL_TYPE (LsStatePanel, ls_state_panel, GTK_TYPE_BOX)

/* -- Which threads first -- */

typedef struct {
  uint32_t index; /* thread or object */
  int rank;       /* greater: nearer to the top */
  int64_t waiting_ns;
  bool is_waiting;
} Candidate;

static int
compare_candidates (gconstpointer a, gconstpointer b)
{
  const Candidate *x = a, *y = b;
  if (x->rank != y->rank)
    return y->rank - x->rank;
  if (x->waiting_ns != y->waiting_ns)
    return x->waiting_ns < y->waiting_ns ? 1 : -1;
  return (x->index > y->index) - (x->index < y->index);
}

/* The selected finding; NULL: none. */
static const LsFinding *
get_finding (LsSession *session)
{
  uint32_t index = ls_session_get_finding (session);
  return index == LS_NONE ? NULL : g_ptr_array_index (ls_session_get_findings (session), index);
}

static bool
has_index (const GArray *indexes, uint32_t wanted)
{
  for (guint i = 0; i < indexes->len; i++)
    if (g_array_index (indexes, uint32_t, i) == wanted)
      return true;
  return false;
}

/* Selection, finding, waiting, holding, the rest; false when it is not alive. */
static bool
judge (LsSession *session, uint32_t thread, uint32_t selected, Candidate *candidate)
{
  LsTrace *trace = ls_session_get_trace (session);
  uint32_t cursor = ls_session_get_cursor (session);
  const LsFinding *finding = get_finding (session);
  LsThreadState state;
  ls_thread_state_init (&state);
  ls_trace_get_thread_state (trace, thread, cursor, &state);
  *candidate = (Candidate){ .index = thread };
  const LsInterval *interval = state.interval;
  candidate->is_waiting = interval && interval->state >= LS_STATE_WAIT_LOCK;
  if (candidate->is_waiting && cursor != LS_NONE)
    candidate->waiting_ns =
      ls_trace_get_ts (trace, cursor) - ls_trace_get_ts (trace, interval->begin_event);
  candidate->rank = thread == selected                                ? 4
                    : finding && has_index (finding->threads, thread) ? 3
                    : candidate->is_waiting                           ? 2
                    : state.holds->len > 0                            ? 1
                                                                      : 0;
  bool is_shown = state.life == LS_LIFE_ALIVE || candidate->rank >= 3;
  ls_thread_state_clear (&state);
  return is_shown;
}

static uint32_t
get_selected_thread (LsSession *session)
{
  guint n;
  const LsLane *lanes = ls_scene_get_lanes (ls_session_get_scene (session), &n);
  uint32_t lane = ls_session_get_lane (session), event = ls_session_get_event (session);
  if (event != LS_NONE)
    return ls_trace_get_event_thread (ls_session_get_trace (session), event);
  return lane < n && lanes[lane].kind == LS_LANE_THREAD ? lanes[lane].index : LS_NONE;
}

/* All threads while they are few, in their own order; else the ones that matter. */
static GArray *
choose_threads (LsSession *session, guint *n_left, guint *n_left_waiting)
{
  LsTrace *trace = ls_session_get_trace (session);
  uint32_t n = ls_trace_get_n_threads (trace), selected = get_selected_thread (session);
  GArray *chosen = g_array_new (FALSE, FALSE, sizeof (Candidate));
  *n_left = *n_left_waiting = 0;
  for (uint32_t thread = 0; thread < MIN (n, MAX_LOOKED_AT); thread++) {
    Candidate candidate;
    if (judge (session, thread, selected, &candidate) || n <= MAX_THREADS)
      g_array_append_val (chosen, candidate);
  }
  if (chosen->len <= MAX_THREADS)
    return chosen;
  g_array_sort (chosen, compare_candidates);
  for (guint i = MAX_THREADS; i < chosen->len; i++)
    *n_left_waiting += g_array_index (chosen, Candidate, i).is_waiting;
  *n_left = chosen->len - MAX_THREADS;
  g_array_set_size (chosen, MAX_THREADS);
  return chosen;
}

/* -- Showing -- */

static GtkWidget *
new_label (const char *class)
{
  GtkWidget *label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 26); /* else it asks for one line's room */
  if (class)
    gtk_widget_add_css_class (label, class);
  return label;
}

static Row *
get_row (LsStatePanel *panel, guint index)
{
  while (panel->rows->len <= index) {
    int y = (int) panel->rows->len;
    Row row = { ls_swatch_new (), new_label ("strong"), new_label (NULL) };
    gtk_widget_set_valign (row.swatch, GTK_ALIGN_START);
    gtk_widget_set_margin_top (row.swatch, 2);
    gtk_label_set_max_width_chars (GTK_LABEL (row.name), 16);
    gtk_label_set_ellipsize (GTK_LABEL (row.name), PANGO_ELLIPSIZE_MIDDLE);
    gtk_label_set_wrap (GTK_LABEL (row.name), FALSE);
    gtk_widget_set_hexpand (row.text, TRUE);
    gtk_grid_attach (GTK_GRID (panel->grid), row.swatch, 0, y, 1, 1);
    gtk_grid_attach (GTK_GRID (panel->grid), row.name, 1, y, 1, 1);
    gtk_grid_attach (GTK_GRID (panel->grid), row.text, 2, y, 1, 1);
    g_array_append_val (panel->rows, row);
  }
  return &g_array_index (panel->rows, Row, index);
}

static void
show_row (Row *row, bool visible)
{
  gtk_widget_set_visible (row->swatch, visible);
  gtk_widget_set_visible (row->name, visible);
  gtk_widget_set_visible (row->text, visible);
}

static void
show_threads (LsStatePanel *panel)
{
  LsTrace *trace = ls_session_get_trace (panel->session);
  LsScene *scene = ls_session_get_scene (panel->session);
  uint32_t cursor = ls_session_get_cursor (panel->session);
  guint n_left, n_left_waiting, i;
  g_autoptr (GArray) threads = choose_threads (panel->session, &n_left, &n_left_waiting);
  for (i = 0; i < threads->len; i++) {
    uint32_t thread = g_array_index (threads, Candidate, i).index;
    Row *row = get_row (panel, i);
    char letter = 0;
    LsColor color = ls_scene_get_thread_color (scene, thread, &letter);
    g_autofree char *text = ls_trace_dup_thread_state_text (trace, thread, cursor);
    ls_swatch_set_color (LS_SWATCH (row->swatch), color, letter);
    gtk_label_set_text (GTK_LABEL (row->name), ls_trace_get_thread (trace, thread)->name);
    gtk_label_set_text (GTK_LABEL (row->text), text);
    show_row (row, true);
  }
  for (; i < panel->rows->len; i++)
    show_row (&g_array_index (panel->rows, Row, i), false);
  g_autofree char *more = NULL;
  if (n_left_waiting > 0)
    more = g_strdup_printf (_ ("%u more waiting, %u more not waiting"), n_left_waiting,
                            n_left - n_left_waiting);
  else
    more = g_strdup_printf (_ ("%u more not waiting"), n_left);
  gtk_label_set_text (GTK_LABEL (panel->more), more);
  gtk_widget_set_visible (panel->more, n_left > 0);
}

/* -- Locks and values -- */

typedef enum {
  RANK_NONE, /* a value that nobody has seen yet */
  RANK_FREE,
  RANK_VALUE,
  RANK_HELD,
  RANK_WAITED_FOR,
  RANK_IN_FINDING,
  RANK_SELECTED,
} ObjectRank;

static uint32_t
get_selected_object (LsSession *session)
{
  guint n;
  const LsLane *lanes = ls_scene_get_lanes (ls_session_get_scene (session), &n);
  uint32_t lane = ls_session_get_lane (session), event = ls_session_get_event (session);
  if (event != LS_NONE)
    return ls_trace_get_event_object (ls_session_get_trace (session), event);
  bool is_object =
    lane < n && (lanes[lane].kind == LS_LANE_OBJECT || lanes[lane].kind == LS_LANE_VALUE);
  return is_object ? lanes[lane].index : LS_NONE;
}

static ObjectRank
rank_object (LsSession *session, uint32_t object, uint32_t selected)
{
  LsTrace *trace = ls_session_get_trace (session);
  uint32_t cursor = ls_session_get_cursor (session);
  const LsFinding *finding = get_finding (session);
  LsValue value;
  bool is_value = ls_trace_get_object (trace, object)->kind == LS_OBJECT_VALUE;
  if (is_value && !ls_trace_get_value (trace, object, cursor, &value, NULL))
    return RANK_NONE;
  if (object == selected)
    return RANK_SELECTED;
  if (finding && has_index (finding->objects, object))
    return RANK_IN_FINDING;
  if (is_value)
    return RANK_VALUE;
  LsLockState state;
  ls_lock_state_init (&state);
  ls_trace_get_lock_state (trace, object, cursor, &state);
  ObjectRank rank = state.waiters->len > 0   ? RANK_WAITED_FOR
                    : state.holders->len > 0 ? RANK_HELD
                                             : RANK_FREE;
  ls_lock_state_clear (&state);
  return rank;
}

/* What matters first; of many what is free is only counted. */
static GArray *
choose_objects (LsSession *session, guint *n_free)
{
  GArray *chosen = g_array_new (FALSE, FALSE, sizeof (Candidate));
  uint32_t n = MIN (ls_trace_get_n_objects (ls_session_get_trace (session)), MAX_LOOKED_AT);
  uint32_t selected = get_selected_object (session);
  *n_free = 0;
  for (uint32_t i = 0; i < n; i++) {
    Candidate candidate = { .index = i, .rank = (int) rank_object (session, i, selected) };
    if (candidate.rank == RANK_FREE && n > MAX_OBJECTS)
      (*n_free)++;
    else if (candidate.rank != RANK_NONE)
      g_array_append_val (chosen, candidate);
  }
  g_array_sort (chosen, compare_candidates);
  return chosen;
}

static void
show_objects (LsStatePanel *panel)
{
  LsTrace *trace = ls_session_get_trace (panel->session);
  uint32_t cursor = ls_session_get_cursor (panel->session);
  guint n_free;
  g_autoptr (GArray) chosen = choose_objects (panel->session, &n_free);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < MIN (chosen->len, MAX_OBJECTS); i++) {
    g_autofree char *state =
      ls_trace_dup_object_state_text (trace, g_array_index (chosen, Candidate, i).index, cursor);
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", state);
  }
  gtk_label_set_text (GTK_LABEL (panel->objects), text->str);
  gtk_widget_set_visible (panel->objects, text->len > 0);
  g_autoptr (GString) more = g_string_new (NULL);
  if (chosen->len > MAX_OBJECTS)
    g_string_append_printf (more, _ ("%u more"), chosen->len - MAX_OBJECTS);
  if (n_free > 0)
    g_string_append_printf (more, ngettext ("%s%u is free", "%s%u are free", n_free),
                            more->len > 0 ? ", " : "", n_free);
  gtk_label_set_text (GTK_LABEL (panel->more_objects), more->str);
  gtk_widget_set_visible (panel->more_objects, more->len > 0);
}

static gboolean
update (gpointer data)
{
  LsStatePanel *panel = data;
  panel->update_source = 0;
  if (!panel->session)
    return G_SOURCE_REMOVE;
  LsTrace *trace = ls_session_get_trace (panel->session);
  uint32_t cursor = ls_session_get_cursor (panel->session);
  g_autofree char *title = NULL;
  if (cursor == LS_NONE) {
    title = g_strdup (_ ("State before the first event"));
  } else {
    g_autofree char *ns = ls_duration_dup_text (ls_trace_get_ts (trace, cursor));
    g_autoptr (GString) time = g_string_new (ns);
    g_string_replace (time, " ", "\u00a0", 0); /* the unit stays with its number */
    title = g_strdup_printf (_ ("State after event %u of %u · %s"), cursor + 1,
                             ls_trace_get_n_events (trace), time->str);
  }
  gtk_label_set_text (GTK_LABEL (panel->title), title);
  show_threads (panel);
  show_objects (panel);
  return G_SOURCE_REMOVE;
}

static void
queue_update (LsStatePanel *panel)
{
  /* After the frame that shows the step. */
  if (panel->update_source == 0)
    panel->update_source = g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, update, panel, NULL);
}

void
ls_state_panel_set_session (LsStatePanel *panel, LsSession *session)
{
  if (panel->session == session)
    return;
  if (panel->session)
    g_signal_handlers_disconnect_by_data (panel->session, panel);
  g_set_object (&panel->session, session);
  if (!session)
    return;
  const char *const signals[] = { "notify::cursor", "notify::lane", "notify::finding",
                                  "layout-changed" };
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    g_signal_connect_object (session, signals[i], G_CALLBACK (queue_update), panel,
                             G_CONNECT_SWAPPED);
  queue_update (panel);
}

static void
dispose (GObject *object)
{
  LsStatePanel *panel = LS_STATE_PANEL (object);
  ls_state_panel_set_session (panel, NULL);
  g_clear_handle_id (&panel->update_source, g_source_remove);
  g_clear_pointer (&panel->rows, g_array_unref);
  G_OBJECT_CLASS (ls_state_panel_parent_class)->dispose (object);
}

static void
ls_state_panel_class_init (LsStatePanelClass *class)
{
  G_OBJECT_CLASS (class)->dispose = dispose;
}

static void
ls_state_panel_init (LsStatePanel *panel)
{
  GtkBox *box = GTK_BOX (panel);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (panel), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (box, 6);
  panel->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  panel->title = new_label ("heading");
  panel->grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (panel->grid), 8);
  gtk_grid_set_row_spacing (GTK_GRID (panel->grid), 6);
  panel->more = new_label ("dim-label");
  panel->objects = new_label ("monospace");
  panel->more_objects = new_label ("dim-label");
  gtk_box_append (box, panel->title);
  gtk_box_append (box, panel->grid);
  gtk_box_append (box, panel->more);
  gtk_box_append (box, panel->objects);
  gtk_box_append (box, panel->more_objects);
}
