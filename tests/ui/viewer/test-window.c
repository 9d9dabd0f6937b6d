/* SPDX-License-Identifier: MIT */
/* The window as a whole: opens, shows, refuses, cancels, and leaves nothing behind. */
#include <glib/gstdio.h>
#include <string.h>

#include "await.h"
#include "lists.h"
#include "navigate.h"
#include "palette.h"
#include "verdict-bar.h"
#include "window-private.h"

#define SAMPLE SAMPLES "/mockup.trace.jsonl"

static char *
write_file (const char *name, const char *bytes, gssize n)
{
  char *path = g_build_filename (g_get_tmp_dir (), name, NULL);
  g_assert_true (g_file_set_contents (path, bytes, n, NULL));
  return path;
}

static void
test_start_page (void)
{
  LsWindow *window = new_window (NULL);
  g_assert_cmpstr (ls_window_get_page (window), ==, "start");
  g_assert_null (ls_window_get_session (window));
  end_window (window);
}

static void
test_open_sample (void)
{
  LsWindow *window = new_window (SAMPLE);
  g_assert_cmpstr (ls_window_get_page (window), ==, "trace");
  LsSession *session = ls_window_get_session (window);
  g_assert_cmpuint (ls_trace_get_n_events (ls_session_get_trace (session)), ==, 30);
  g_autofree char *verdict = ls_verdict_bar_dup_text (window->verdict);
  g_assert_nonnull (strstr (verdict, "error"));
  g_assert_nonnull (strstr (verdict, "30 events"));
  g_assert_cmpuint (ls_lists_get_n_rows (window->lists, "findings"), ==,
                    ls_session_get_findings (session)->len);
  g_assert_cmpuint (ls_lists_get_n_rows (window->lists, "events"), ==, 30);
  g_assert_cmpuint (ls_lists_get_n_rows (window->lists, "threads"), ==, 3);
  g_assert_cmpuint (ls_lists_get_n_rows (window->lists, "locks"), ==, 1);
  g_assert_cmpuint (ls_lists_get_n_rows (window->lists, "values"), ==, 1);
  g_assert_cmpstr (adw_window_title_get_title (window->title), ==, "mockup.trace.jsonl");
  g_assert_true (
    g_str_has_prefix (adw_window_title_get_subtitle (window->title), "./race_condition · "));
  end_window (window);
}

static gboolean
has_ended (gpointer data)
{
  LsWindow *window = data;
  return !ls_trace_get_info (ls_session_get_trace (window->session))->cut;
}

static gboolean
has_more (gpointer data)
{
  LsWindow *window = data;
  return ls_trace_get_n_events (ls_session_get_trace (window->session)) > 12;
}

static void
append_lines (const char *path, char **lines, guint first, guint n)
{
  FILE *file = fopen (path, "a");
  g_assert_nonnull (file);
  for (guint i = first; i < first + n && lines[i]; i++)
    fprintf (file, "%s\n", lines[i]);
  g_assert_cmpint (fclose (file), ==, 0);
}

/* A trace that is still being written grows in the window; cursor and view stay, until its footer. */
static void
check_followed (gboolean order)
{
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (SAMPLE, &text, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n_before = 0, n_events = 0, n_lines = g_strv_length (lines) - 1;
  for (; n_events < 12; n_before++)
    n_events += strstr (lines[n_before], "\"ev\"") != NULL;
  g_autofree char *path = write_file ("growing.trace.jsonl", "", 0);
  append_lines (path, lines, 0, n_before);

  LsWindow *window = new_window (path);
  g_assert_cmpuint (ls_trace_get_n_events (ls_session_get_trace (window->session)), ==, 12);
  if (order)
    ls_session_set_order (window->session, TRUE);
  ls_session_set_cursor (window->session, 7);
  append_lines (path, lines, n_before, n_lines - n_before - 1);
  g_assert_true (await (has_more, window));
  g_assert_true (ls_follower_is_growing (window->follower));
  g_assert_nonnull (strstr (adw_window_title_get_subtitle (window->title), "still being recorded"));
  append_lines (path, lines, n_lines - 1, 1);
  g_assert_true (await (has_ended, window));
  settle ();

  LsSession *session = ls_window_get_session (window);
  g_assert_cmpuint (ls_trace_get_n_events (ls_session_get_trace (session)), ==, 30);
  g_assert_cmpuint (ls_lists_get_n_rows (window->lists, "events"), ==, 30);
  g_assert_cmpint (ls_session_get_options (session)->axis, ==,
                   order ? LS_AXIS_ORDER : LS_AXIS_TIME);
  LsView view = ls_session_get_view (session), whole = ls_session_get_whole (session);
  g_assert_cmpuint (ls_session_get_cursor (session), ==, 7);
  g_assert_cmpfloat (view.begin_u, ==, whole.begin_u);
  g_assert_cmpfloat (view.end_u, ==, whole.end_u);
  g_assert_false (ls_follower_is_growing (window->follower));
  g_assert_null (strstr (adw_window_title_get_subtitle (window->title), "still being recorded"));
  end_window (window);
  g_unlink (path);
}

static void
test_followed (void)
{
  check_followed (FALSE);
  check_followed (TRUE);
}

static guint
count_pixels (const guint32 *pixels, int n, LsColor color)
{
  guint found = 0;
  guint32 wanted = 0xff000000u | (guint32) (color.r * 255 + 0.5) << 16 |
                   (guint32) (color.g * 255 + 0.5) << 8 | (guint32) (color.b * 255 + 0.5);
  for (int i = 0; i < n; i++)
    found += pixels[i] == wanted;
  return found;
}

/* The finding's red and the ground are there, light and dark. */
static void
test_picture (void)
{
  LsWindow *window = new_window (SAMPLE);
  for (int dark = 0; dark < 2; dark++) {
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                        dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                             : ADW_COLOR_SCHEME_FORCE_LIGHT);
    settle ();
    int width, height;
    g_autofree guint32 *pixels = dup_pixels (window, &width, &height);
    const LsPalette *palette = ls_palette_get (dark, false);
    g_assert_cmpuint (count_pixels (pixels, width * height, palette->ground), >, 20000);
    g_assert_cmpuint (count_pixels (pixels, width * height, palette->finding), >, 100);
    guint threads = 0;
    for (int i = 0; i < LS_N_THREAD_COLORS; i++)
      threads += count_pixels (pixels, width * height, palette->thread[i]) > 500;
    g_assert_cmpuint (threads, >=, 3);
  }
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_DEFAULT);
  end_window (window);
}

static void
activate (LsWindow *window, const char *name)
{
  g_action_group_activate_action (G_ACTION_GROUP (window), name, NULL);
  settle ();
}

static gboolean
has_finding (gpointer session)
{
  return ls_session_get_finding (session) != LS_NONE;
}

static void
test_actions (void)
{
  LsWindow *window = new_window (SAMPLE);
  LsSession *session = ls_window_get_session (window);
  g_assert_true (await (has_finding, session)); /* the gravest, without a key */
  g_assert_cmpuint (ls_session_get_finding (session), ==, 0);
  activate (window, "next-finding");
  g_assert_cmpuint (ls_session_get_finding (session), ==, 1);
  activate (window, "previous-finding");
  g_assert_cmpuint (ls_session_get_finding (session), ==, 0);
  ls_session_set_order (session, FALSE); /* framing may have chosen Order */
  activate (window, "order");
  g_assert_true (gtk_toggle_button_get_active (window->order_button));
  g_assert_cmpint (ls_session_get_options (session)->axis, ==, LS_AXIS_ORDER);
  gtk_toggle_button_set_active (window->time_button, TRUE);
  settle ();
  g_assert_cmpint (ls_session_get_options (session)->axis, ==, LS_AXIS_TIME);
  activate (window, "first-event");
  g_assert_cmpuint (ls_session_get_cursor (session), ==, 0);
  activate (window, "next-event");
  g_assert_cmpuint (ls_session_get_cursor (session), ==, 1);
  bool revealed = adw_flap_get_reveal_flap (window->flap);
  activate (window, "inspector");
  g_assert_true (adw_flap_get_reveal_flap (window->flap) != revealed);
  activate (window, "source");
  g_assert_true (adw_flap_get_reveal_flap (window->flap));
  activate (window, "legend");
  activate (window, "copy-finding");
  end_window (window);
}

static void
test_refuse (void)
{
  char random[4096];
  for (guint i = 0; i < sizeof random; i++)
    random[i] = (char) (i * 2654435761u >> 13);
  const struct {
    const char *name, *bytes;
    gssize n;
  } files[] = {
    { "garbage.trace.jsonl", random, sizeof random },
    { "empty.trace.jsonl", "", 0 },
    { "markup.trace.jsonl", "<b>&amp;</b>\n", -1 },
    { "future.trace.jsonl", "{\"lockstitch\":999,\"unit\":\"ns\"}\n", -1 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *path = write_file (files[i].name, files[i].bytes, files[i].n);
    LsWindow *window = new_window (path);
    g_assert_cmpstr (ls_window_get_page (window), ==, "error");
    g_assert_nonnull (strstr (ls_window_get_error (window), files[i].name));
    g_assert_null (ls_window_get_session (window));
    end_window (window);
    g_unlink (path);
  }
  LsWindow *window = new_window ("/nowhere/at.all");
  g_assert_cmpstr (ls_window_get_page (window), ==, "error");
  ls_window_open (window, SAMPLE); /* the same window opens the next */
  end_window (window);
}

/* Lines that cannot be read are told of, the rest is shown. */
static void
test_problems (void)
{
  g_autofree char *good = NULL;
  g_assert_true (g_file_get_contents (SAMPLE, &good, NULL, NULL));
  g_autofree char *bad = g_strconcat (good, "this is no line\n", NULL);
  g_autofree char *path = write_file ("bad-line.trace.jsonl", bad, -1);
  LsWindow *window = new_window (path);
  g_assert_cmpstr (ls_window_get_page (window), ==, "trace");
  activate (window, "problems");
  end_window (window);
  g_unlink (path);
}

static gboolean
is_idle (gpointer window)
{
  return LS_WINDOW (window)->loader == NULL;
}

static char *
write_large_trace (void)
{
  GString *lines = g_string_new ("{\"lockstitch\":1,\"unit\":\"ns\"}\n{\"thread\":1}\n"
                                 "{\"object\":1,\"kind\":\"mutex\"}\n");
  for (int i = 0; i < 400000; i++)
    g_string_append_printf (lines, "{\"ts\":%d,\"tid\":1,\"ev\":\"%s\",\"obj\":1}\n", i,
                            i % 2 ? "release" : "acquire");
  char *path = write_file ("large.trace.jsonl", lines->str, (gssize) lines->len);
  g_string_free (lines, TRUE);
  return path;
}

static void
test_cancel (void)
{
  g_autofree char *path = write_large_trace ();
  LsWindow *window = new_window (NULL);
  ls_window_open (window, path);
  g_assert_cmpstr (ls_window_get_page (window), ==, "loading");
  ls_window_cancel (window);
  g_assert_true (await (is_idle, window));
  g_assert_cmpstr (ls_window_get_page (window), ==, "start");
  g_assert_null (ls_window_get_session (window));

  /* Closing the window while it loads ends the load too. */
  ls_window_open (window, path);
  end_window (window);
  g_unlink (path);
}

/* A second file goes to a window of its own. */
static void
test_second_window (void)
{
  LsWindow *window = new_window (SAMPLE);
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (window));
  ls_window_open (window, SAMPLE);
  GList *windows = gtk_application_get_windows (application);
  g_assert_cmpuint (g_list_length (windows), ==, 2);
  LsWindow *other = windows->data == (gpointer) window ? windows->next->data : windows->data;
  g_assert_true (await (is_idle, other));
  g_assert_cmpstr (ls_window_get_page (other), ==, "trace");
  end_window (other);
  g_assert_cmpstr (ls_window_get_page (window), ==, "trace");
  end_window (window);
}

int
main (int argc, char **argv)
{
  init_tests (&argc, &argv);
  g_set_application_name ("Lockstitch test");
  g_test_add_func ("/window/start-page", test_start_page);
  g_test_add_func ("/window/open-sample", test_open_sample);
  g_test_add_func ("/window/followed", test_followed);
  g_test_add_func ("/window/picture", test_picture);
  g_test_add_func ("/window/actions", test_actions);
  g_test_add_func ("/window/refuse", test_refuse);
  g_test_add_func ("/window/problems", test_problems);
  g_test_add_func ("/window/cancel", test_cancel);
  g_test_add_func ("/window/second-window", test_second_window);
  return g_test_run ();
}
