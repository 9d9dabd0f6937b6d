/* SPDX-License-Identifier: MIT */
/* The table of actions: every key means one thing, and the shortcuts window tells of all of them. */
#include "actions.h"

#include <string.h>

#include "await.h"

static void
assert_key (guint keyval, guint keycode, GdkModifierType state, LsAction action)
{
  g_assert_cmpint (ls_action_find_for_key (keyval, keycode, state), ==, action);
}

static void
test_keys (void)
{
  /* By place: what AZERTY has where the US layout has W. */
  assert_key (GDK_KEY_z, 25, 0, LS_ACTION_ZOOM_IN);
  assert_key (GDK_KEY_W, 25, GDK_SHIFT_MASK, LS_ACTION_TALLER);
  assert_key (GDK_KEY_bracketright, 35, 0, LS_ACTION_CAUSE);
  /* By symbol. */
  assert_key (GDK_KEY_n, 57, 0, LS_ACTION_NEXT_FINDING);
  assert_key (GDK_KEY_N, 57, GDK_SHIFT_MASK, LS_ACTION_PREVIOUS_FINDING);
  assert_key (GDK_KEY_n, 57, GDK_LOCK_MASK, LS_ACTION_NEXT_FINDING);
  assert_key (GDK_KEY_plus, 21, GDK_SHIFT_MASK, LS_ACTION_ZOOM_IN);
  assert_key (GDK_KEY_question, 61, GDK_SHIFT_MASK, LS_ACTION_SHORTCUTS);
  assert_key (GDK_KEY_Right, 114, 0, LS_ACTION_NEXT_EVENT);
  assert_key (GDK_KEY_Right, 114, GDK_SHIFT_MASK, LS_ACTION_PAN_RIGHT);
  assert_key (GDK_KEY_space, 65, 0, LS_ACTION_PLAY);
  assert_key (GDK_KEY_Escape, 9, 0, LS_ACTION_CLEAR);
  /* With Ctrl they are the application's, or nobody's. */
  assert_key (GDK_KEY_n, 57, GDK_CONTROL_MASK, LS_ACTION_N);
  assert_key (GDK_KEY_w, 25, GDK_CONTROL_MASK, LS_ACTION_N);
  assert_key (GDK_KEY_F9, 75, 0, LS_ACTION_N);
}

/* Accelerators hold everywhere, so none may be a letter that an entry wants. */
static void
test_accels_have_modifiers (void)
{
  for (int i = 0; i < LS_ACTION_N; i++) {
    g_auto (GStrv) accels = ls_action_dup_accels ((LsAction) i);
    for (char **accel = accels; *accel; accel++) {
      guint keyval;
      GdkModifierType modifiers;
      g_assert_true (gtk_accelerator_parse (*accel, &keyval, &modifiers));
      bool is_function_key = keyval >= GDK_KEY_F1 && keyval <= GDK_KEY_F12;
      g_assert_true ((modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK)) || is_function_key);
    }
  }
}

/* Each key of the table parses, and leads to its own row: no key is given twice. */
static void
test_keys_are_unique (void)
{
  for (int i = 0; i < LS_ACTION_N; i++) {
    g_auto (GStrv) keys = g_strsplit (ls_action_rows[i].keys, " ", -1);
    for (char **key = keys; *key; key++) {
      guint keyval;
      GdkModifierType modifiers;
      if (!**key)
        continue;
      g_assert_true (gtk_accelerator_parse (*key, &keyval, &modifiers));
      assert_key (keyval, 0, modifiers, (LsAction) i);
    }
  }
}

static void
test_names_are_unique (void)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  for (int i = 0; i < LS_ACTION_N; i++) {
    g_assert_true (g_action_name_is_valid (ls_action_rows[i].name));
    g_assert_true (g_hash_table_add (names, (gpointer) ls_action_rows[i].name));
    bool has_key = *ls_action_rows[i].keys || *ls_action_rows[i].accels ||
                   ls_action_rows[i].position != LS_KEY_NONE;
    g_assert_true (has_key);
  }
}

static guint
count (const char *text, const char *word)
{
  guint n = 0;
  for (const char *at = text; (at = strstr (at, word)); at += strlen (word))
    n++;
  return n;
}

static void
test_shortcuts_window (void)
{
  g_autofree char *ui = ls_actions_dup_shortcuts_ui ();
  g_assert_cmpuint (count (ui, "GtkShortcutsShortcut"), ==, LS_ACTION_N);
  g_assert_cmpuint (count (ui, "GtkShortcutsGroup"), ==, LS_GROUP_N);
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_string (ui, -1);
  GtkWindow *window = GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts"));
  g_assert_true (GTK_IS_SHORTCUTS_WINDOW (window));
  gtk_window_present (window);
  settle ();
  gtk_window_destroy (window);
}

/* Every action of the table is one of the window's, off without a trace where it needs one. */
static void
test_window_has_actions (void)
{
  LsWindow *window = new_window (NULL);
  for (int i = 0; i < LS_ACTION_N; i++) {
    GAction *action = g_action_map_lookup_action (G_ACTION_MAP (window), ls_action_rows[i].name);
    g_assert_nonnull (action);
    g_assert_true (g_action_get_enabled (action) ==
                   !(ls_action_rows[i].flags & LS_ACTION_NEEDS_TRACE));
    g_assert_true ((g_action_get_state_type (action) != NULL) ==
                   ((ls_action_rows[i].flags & LS_ACTION_TOGGLES) != 0));
  }
  end_window (window);
}

int
main (int argc, char **argv)
{
  init_tests (&argc, &argv);
  g_test_add_func ("/actions/keys", test_keys);
  g_test_add_func ("/actions/accels-have-modifiers", test_accels_have_modifiers);
  g_test_add_func ("/actions/keys-are-unique", test_keys_are_unique);
  g_test_add_func ("/actions/names-are-unique", test_names_are_unique);
  g_test_add_func ("/actions/shortcuts-window", test_shortcuts_window);
  g_test_add_func ("/actions/window-has-actions", test_window_has_actions);
  return g_test_run ();
}
