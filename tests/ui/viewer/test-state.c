/* SPDX-License-Identifier: MIT */
/* The state at the cursor: what matters first, and no page of what is free. */
#include "await.h"
#include "state-panel.h"

#define N_LOCKS 40

/* Thread 1 takes lock 30, thread 2 waits for it; all locks were used once; value 41 is written. */
static LsTrace *
new_trace (void)
{
  g_autoptr (GString) text = g_string_new ("{\"lockstitch\":1,\"unit\":\"ns\"}\n");
  for (guint i = 1; i <= N_LOCKS; i++)
    g_string_append_printf (text,
                            "{\"object\":%u,\"kind\":\"mutex\",\"name\":\"lock-%u\"}\n"
                            "{\"ts\":%u,\"tid\":1,\"ev\":\"acquire\",\"obj\":%u}\n"
                            "{\"ts\":%u,\"tid\":1,\"ev\":\"release\",\"obj\":%u}\n",
                            i, i, 10 * i, i, 10 * i + 5, i);
  g_string_append (text, "{\"object\":41,\"kind\":\"value\",\"name\":\"sum\"}\n"
                         "{\"ts\":1000,\"tid\":1,\"ev\":\"write\",\"obj\":41,\"val\":7}\n"
                         "{\"ts\":1001,\"tid\":1,\"ev\":\"acquire\",\"obj\":30}\n"
                         "{\"ts\":1002,\"tid\":2,\"ev\":\"wait\",\"obj\":30}\n"
                         "{\"ts\":2000,\"tid\":1,\"ev\":\"release\",\"obj\":30}\n");
  g_autoptr (GError) error = NULL;
  LsTrace *trace = ls_trace_open_bytes ("state", text->str, text->len, &error);
  g_assert_no_error (error);
  return trace;
}

/* The texts of all labels that are shown below the widget, a line each. */
static void
collect_text (GtkWidget *widget, GString *text)
{
  if (!gtk_widget_get_visible (widget))
    return;
  if (GTK_IS_LABEL (widget))
    g_string_append_printf (text, "%s\n", gtk_label_get_text (GTK_LABEL (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    collect_text (child, text);
}

static char *
dup_text (LsStatePanel *panel)
{
  GString *text = g_string_new (NULL);
  settle ();
  collect_text (GTK_WIDGET (panel), text);
  return g_string_free (text, FALSE);
}

static void
test_order (void)
{
  g_autoptr (LsTrace) trace = new_trace ();
  g_autoptr (GPtrArray) findings = g_ptr_array_new ();
  g_autoptr (LsSession) session = ls_session_new (trace, findings);
  LsStatePanel *panel = g_object_ref_sink (g_object_new (LS_TYPE_STATE_PANEL, NULL));
  ls_state_panel_set_session (panel, session);
  ls_session_set_cursor (session, ls_trace_get_n_events (trace) - 2);
  g_autofree char *text = dup_text (panel);
  const char *waited_for = strstr (text, "lock-30 is held by");
  const char *value = strstr (text, "sum = 7");
  g_assert_nonnull (waited_for);
  g_assert_true (value > waited_for);
  g_assert_nonnull (strstr (text, "39 are free"));
  g_assert_null (strstr (text, "lock-1 is free"));

  /* What is selected comes first, free or not. */
  guint lane = ls_scene_find_lane (ls_session_get_scene (session), LS_LANE_VALUE, N_LOCKS);
  g_assert_cmpuint (lane, !=, G_MAXUINT);
  ls_session_select (session, lane, LS_NONE);
  g_free (text);
  text = dup_text (panel);
  g_assert_true (strstr (text, "sum = 7") < strstr (text, "lock-30 is held by"));
  g_object_unref (panel);
}

int
main (int argc, char **argv)
{
  init_tests (&argc, &argv);
  g_test_add_func ("/state/order", test_order);
  return g_test_run ();
}
