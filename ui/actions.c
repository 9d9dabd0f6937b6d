/* SPDX-License-Identifier: MIT */
/* The table of actions.def: its rows, its keys, what each does to a session, its help. */
#include "actions.h"

#include <glib/gi18n-lib.h>

#include "navigate.h"

/* The table's words, for as long as it is included. */
#define NEEDS_TRACE LS_ACTION_NEEDS_TRACE
#define TOGGLES LS_ACTION_TOGGLES
#define NONE 0

const LsActionRow ls_action_rows[LS_ACTION_N] = {
#define LS_ACTION(ID, NAME, GROUP, TITLE, KEYS, POSITION, ACCELS, FLAGS) \
  [LS_ACTION_##ID] = { NAME, LS_GROUP_##GROUP, TITLE, KEYS, LS_KEY_##POSITION, ACCELS, FLAGS },
#include "actions.def"
};

#undef NEEDS_TRACE
#undef TOGGLES
#undef NONE

static const char *const group_titles[LS_GROUP_N] = {
#define LS_GROUP(ID, TITLE) [LS_GROUP_##ID] = TITLE,
#include "actions.def"
};

/* Linux key codes (input-event-codes.h) + 8, on X11 and Wayland alike, and how US keyboards label
 * them. */
static const struct {
  guint keycode;
  GdkModifierType modifiers;
  const char *accel;
} positions[LS_KEY_N] = {
  [LS_KEY_W] = { 25, 0, "w" },
  [LS_KEY_A] = { 38, 0, "a" },
  [LS_KEY_S] = { 39, 0, "s" },
  [LS_KEY_D] = { 40, 0, "d" },
  [LS_KEY_SHIFT_W] = { 25, GDK_SHIFT_MASK, "<Shift>w" },
  [LS_KEY_SHIFT_S] = { 39, GDK_SHIFT_MASK, "<Shift>s" },
  [LS_KEY_LEFT_BRACKET] = { 34, 0, "bracketleft" },
  [LS_KEY_RIGHT_BRACKET] = { 35, 0, "bracketright" },
};

#define MODIFIERS (GDK_SHIFT_MASK | GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)

/* Shift belongs to symbols such as "?" or "+" on many layouts: there it does not count. */
static bool
shift_counts (guint keyval)
{
  guint32 c = gdk_keyval_to_unicode (keyval);
  return c == 0 || c == ' ' || g_unichar_isalpha (c);
}

static bool
key_matches (const char *keys, guint keyval, GdkModifierType modifiers)
{
  g_auto (GStrv) list = g_strsplit (keys, " ", -1);
  for (char **key = list; *key; key++) {
    guint wanted;
    GdkModifierType wanted_modifiers;
    if (**key == '\0' || !gtk_accelerator_parse (*key, &wanted, &wanted_modifiers))
      continue;
    GdkModifierType counting = shift_counts (wanted) ? modifiers : modifiers & ~GDK_SHIFT_MASK;
    if (gdk_keyval_to_lower (keyval) == wanted && counting == wanted_modifiers)
      return true;
  }
  return false;
}

LsAction
ls_action_find_for_key (guint keyval, guint keycode, GdkModifierType state)
{
  GdkModifierType modifiers = state & MODIFIERS;
  for (int i = 0; i < LS_ACTION_N; i++) {
    LsKeyPosition position = ls_action_rows[i].position;
    if (position != LS_KEY_NONE && positions[position].keycode == keycode &&
        positions[position].modifiers == modifiers)
      return (LsAction) i;
  }
  for (int i = 0; i < LS_ACTION_N; i++)
    if (key_matches (ls_action_rows[i].keys, keyval, modifiers))
      return (LsAction) i;
  return LS_ACTION_N;
}

static void
zoom (LsSession *session, int by)
{
  ls_navigate_zoom (session, by > 0 ? 1.5 : 1 / 1.5);
}

static void
pan (LsSession *session, int by)
{
  ls_navigate_pan (session, by * 0.25);
}

static void
fit (LsSession *session, int whole)
{
  if (whole)
    ls_navigate_fit_all (session);
  else
    ls_navigate_fit_selection (session);
}

static void
walk_views (LsSession *session, int by)
{
  if (by > 0)
    ls_session_go_forward (session);
  else
    ls_session_go_back (session);
}

static void
walk_causes (LsSession *session, int by)
{
  if (by > 0)
    ls_navigate_to_cause (session);
  else
    ls_navigate_from_cause (session);
}

static void
play (LsSession *session, int by)
{
  ls_session_set_playing (session, !ls_session_get_playing (session));
}

static void
toggle_order (LsSession *session, int by)
{
  ls_session_set_order (session, ls_session_get_options (session)->axis != LS_AXIS_ORDER);
}

static void
toggle_fold_gaps (LsSession *session, int by)
{
  ls_session_set_fold_gaps (session, !ls_session_get_options (session)->fold_gaps);
}

static void
toggle_selected_lane (LsSession *session, int by)
{
  uint32_t lane = ls_session_get_lane (session);
  if (lane != LS_NONE)
    ls_navigate_toggle_lane (session, lane);
}

static void
clear (LsSession *session, int by)
{
  ls_navigate_clear (session);
}

/* What an action does to a session; rows without function are the window's own. */
static const struct {
  void (*run) (LsSession *session, int by);
  int by;
} deeds[LS_ACTION_N] = {
  [LS_ACTION_ZOOM_IN] = { zoom, +1 },
  [LS_ACTION_ZOOM_OUT] = { zoom, -1 },
  [LS_ACTION_PAN_LEFT] = { pan, -1 },
  [LS_ACTION_PAN_RIGHT] = { pan, +1 },
  [LS_ACTION_FIT_SELECTION] = { fit, 0 },
  [LS_ACTION_FIT_ALL] = { fit, 1 },
  [LS_ACTION_FIRST_EVENT] = { ls_navigate_to_end, -1 },
  [LS_ACTION_LAST_EVENT] = { ls_navigate_to_end, +1 },
  [LS_ACTION_VIEW_BACK] = { walk_views, -1 },
  [LS_ACTION_VIEW_FORWARD] = { walk_views, +1 },
  [LS_ACTION_TALLER] = { ls_navigate_lane_height, +1 },
  [LS_ACTION_LOWER] = { ls_navigate_lane_height, -1 },
  [LS_ACTION_NEXT_EVENT] = { ls_navigate_step, +1 },
  [LS_ACTION_PREVIOUS_EVENT] = { ls_navigate_step, -1 },
  [LS_ACTION_NEXT_IN_LANE] = { ls_navigate_step_in_lane, +1 },
  [LS_ACTION_PREVIOUS_IN_LANE] = { ls_navigate_step_in_lane, -1 },
  [LS_ACTION_PLAY] = { play, 0 },
  [LS_ACTION_NEXT_LANE] = { ls_navigate_lane, +1 },
  [LS_ACTION_PREVIOUS_LANE] = { ls_navigate_lane, -1 },
  [LS_ACTION_CAUSE] = { walk_causes, +1 },
  [LS_ACTION_CAUSE_BACK] = { walk_causes, -1 },
  [LS_ACTION_NEXT_FINDING] = { ls_navigate_finding, +1 },
  [LS_ACTION_PREVIOUS_FINDING] = { ls_navigate_finding, -1 },
  [LS_ACTION_ORDER] = { toggle_order, 0 },
  [LS_ACTION_FOLD_GAPS] = { toggle_fold_gaps, 0 },
  [LS_ACTION_OPEN_LANE] = { toggle_selected_lane, 0 },
  [LS_ACTION_CLEAR] = { clear, 0 },
};

bool
ls_action_perform (LsAction action, LsSession *session)
{
  if (action >= LS_ACTION_N || !deeds[action].run)
    return false;
  deeds[action].run (session, deeds[action].by);
  return true;
}

char **
ls_action_dup_accels (LsAction action)
{
  const char *accels = ls_action_rows[action].accels;
  return *accels ? g_strsplit (accels, " ", -1) : g_new0 (char *, 1);
}

/* All keys of a row, as GtkShortcutsShortcut:accelerator wants them. */
static char *
dup_all_keys (const LsActionRow *row)
{
  g_autoptr (GString) keys = g_string_new (NULL);
  if (row->position != LS_KEY_NONE)
    g_string_append (keys, positions[row->position].accel);
  const char *const more[] = { row->keys, row->accels };
  for (guint i = 0; i < G_N_ELEMENTS (more); i++) {
    g_auto (GStrv) list = g_strsplit (more[i], " ", -1);
    for (char **key = list; *key; key++)
      if (**key && !g_str_has_prefix (*key, "KP_"))
        g_string_append_printf (keys, "%s%s", keys->len > 0 ? " " : "", *key);
  }
  return g_string_free (g_steal_pointer (&keys), FALSE);
}

static void
append_shortcut (GString *ui, const LsActionRow *row)
{
  g_autofree char *keys = dup_all_keys (row);
  g_autofree char *text =
    g_markup_printf_escaped ("<child><object class='GtkShortcutsShortcut'>"
                             "<property name='accelerator'>%s</property>"
                             "<property name='title'>%s</property></object></child>",
                             keys, _ (row->title));
  g_string_append (ui, text);
}

char *
ls_actions_dup_shortcuts_ui (void)
{
  GString *ui = g_string_new ("<interface><object class='GtkShortcutsWindow' id='shortcuts'>"
                              "<property name='modal'>1</property>"
                              "<child><object class='GtkShortcutsSection'>"
                              "<property name='section-name'>timeline</property>"
                              "<property name='max-height'>14</property>");
  for (int group = 0; group < LS_GROUP_N; group++) {
    g_autofree char *title = g_markup_printf_escaped ("<child><object class='GtkShortcutsGroup'>"
                                                      "<property name='title'>%s</property>",
                                                      _ (group_titles[group]));
    g_string_append (ui, title);
    for (int i = 0; i < LS_ACTION_N; i++)
      if (ls_action_rows[i].group == (LsActionGroup) group)
        append_shortcut (ui, &ls_action_rows[i]);
    g_string_append (ui, "</object></child>");
  }
  g_string_append (ui, "</object></child></object></interface>");
  return g_string_free (ui, FALSE);
}
