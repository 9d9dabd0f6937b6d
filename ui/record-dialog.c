/* SPDX-License-Identifier: MIT */
/* Recording from the app: a form, a subprocess and its output. */
#include "record-dialog.h"

#include <glib/gi18n-lib.h>
#include <signal.h>

#include "weak.h"

#define MAX_OUTPUT_CHARS 200000

struct _LsRecordDialog {
  AdwWindow parent_instance;
  GtkStack *stack;
  GtkEditable *command, *folder;
  GtkWidget *message, *record, *running;
  GtkTextView *output;

  GSubprocess *process;
  GCancellable *reading;
  char *path;      /* of the trace */
  bool is_reading; /* its output has not ended */
  bool was_asked_to_end;
};

G_DEFINE_FINAL_TYPE (LsRecordDialog, ls_record_dialog, ADW_TYPE_WINDOW)

static guint recorded_signal;

static void
show_message (LsRecordDialog *dialog, const char *message)
{
  gtk_label_set_text (GTK_LABEL (dialog->message), message ? message : "");
  gtk_widget_set_visible (dialog->message, message != NULL);
  gtk_stack_set_visible_child_name (dialog->stack, "form");
}

const char *
ls_record_dialog_get_message (LsRecordDialog *dialog)
{
  return gtk_label_get_text (GTK_LABEL (dialog->message));
}

/* -- The program's output -- */

static void
append_output (LsRecordDialog *dialog, const char *bytes, gsize n)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (dialog->output);
  g_autofree char *text = g_utf8_make_valid (bytes, (gssize) n);
  GtkTextIter begin, end;
  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_insert (buffer, &end, text, -1);
  int excess = gtk_text_buffer_get_char_count (buffer) - MAX_OUTPUT_CHARS;
  if (excess > 0) {
    gtk_text_buffer_get_start_iter (buffer, &begin);
    gtk_text_buffer_get_iter_at_offset (buffer, &end, excess);
    gtk_text_buffer_delete (buffer, &begin, &end);
  }
  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_place_cursor (buffer, &end);
  gtk_text_view_scroll_mark_onscreen (dialog->output, gtk_text_buffer_get_insert (buffer));
}

/* What the program said last, for the message when there is no trace. */
static char *
dup_last_line (LsRecordDialog *dialog)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (dialog->output);
  GtkTextIter begin, end;
  gtk_text_buffer_get_bounds (buffer, &begin, &end);
  g_autofree char *text = g_strchomp (gtk_text_buffer_get_text (buffer, &begin, &end, FALSE));
  const char *line = strrchr (text, '\n');
  return g_strdup (line ? line + 1 : text);
}

/* There is no trace: once all output is read, its last line says why. */
static void
tell_failure (LsRecordDialog *dialog)
{
  if (dialog->process || dialog->is_reading)
    return;
  g_autofree char *line = dup_last_line (dialog);
  show_message (dialog, *line ? line : _ ("Nothing was recorded."));
}

static void on_read (GObject *object, GAsyncResult *result, gpointer data);

static void
read_on (LsRecordDialog *dialog, GInputStream *stream)
{
  dialog->is_reading = true;
  g_input_stream_read_bytes_async (stream, 4096, G_PRIORITY_DEFAULT, dialog->reading, on_read,
                                   ls_weak_new (dialog));
}

static void
on_read (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (LsRecordDialog) dialog = ls_weak_take (data);
  g_autoptr (GBytes) bytes =
    g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, NULL);
  if (!dialog)
    return; /* closed meanwhile */
  dialog->is_reading = false;
  if (bytes && g_bytes_get_size (bytes) > 0) {
    append_output (dialog, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    read_on (dialog, G_INPUT_STREAM (object));
  } else {
    tell_failure (dialog);
  }
}

/* -- The subprocess -- */

static void
on_ended (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (LsRecordDialog) dialog = ls_weak_take (data);
  g_subprocess_wait_finish (G_SUBPROCESS (object), result, NULL);
  if (!dialog)
    return; /* closed meanwhile */
  g_clear_object (&dialog->process);
  if (!g_file_test (dialog->path, G_FILE_TEST_IS_REGULAR)) {
    tell_failure (dialog);
    return;
  }
  g_autofree char *path = g_strdup (dialog->path);
  g_signal_emit (dialog, recorded_signal, 0, path);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* "~/.local/share/lockstitch/recordings/sort-20260131-120000.trace.jsonl"; NULL with `error`. */
static char *
dup_trace_path (const char *program, GError **error)
{
  g_autofree char *folder =
    g_build_filename (g_get_user_data_dir (), "lockstitch", "recordings", NULL);
  g_autofree char *name = g_path_get_basename (program);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%d-%H%M%S");
  g_autofree char *file = g_strdup_printf ("%s-%s.trace.jsonl", name, time);
  if (g_mkdir_with_parents (folder, 0700) != 0) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, _ ("%s cannot be made"), folder);
    return NULL;
  }
  return g_build_filename (folder, file, NULL);
}

static char *
dup_recorder (void)
{
  char *found = g_find_program_in_path ("lockstitch");
  return found ? found : g_build_filename (LS_BINDIR, "lockstitch", NULL);
}

static GSubprocess *
start_process (LsRecordDialog *dialog, char **program, const char *folder, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autofree char *recorder = dup_recorder ();
  g_autoptr (GStrvBuilder) argv = g_strv_builder_new ();
  const char *const own[] = { recorder, "record", "-o", dialog->path, "--", NULL };
  g_strv_builder_addv (argv, (const char **) own);
  g_strv_builder_addv (argv, (const char **) program);
  g_auto (GStrv) arguments = g_strv_builder_end (argv);
  if (folder && *folder)
    g_subprocess_launcher_set_cwd (launcher, folder);
  return g_subprocess_launcher_spawnv (launcher, (const char *const *) arguments, error);
}

void
ls_record_dialog_start (LsRecordDialog *dialog, const char *command, const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) program = NULL;
  g_return_if_fail (!dialog->process);
  if (g_shell_parse_argv (command, NULL, &program, &error)) {
    g_free (dialog->path);
    dialog->path = dup_trace_path (program[0], &error);
  }
  if (!error)
    dialog->process = start_process (dialog, program, folder, &error);
  if (error) {
    show_message (dialog, error->message);
    return;
  }
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (dialog->output), "", 0);
  g_autofree char *running = g_strdup_printf (_ ("Recording %s"), command);
  gtk_label_set_text (GTK_LABEL (dialog->running), running);
  gtk_stack_set_visible_child_name (dialog->stack, "running");
  dialog->was_asked_to_end = false;
  read_on (dialog, g_subprocess_get_stdout_pipe (dialog->process));
  g_subprocess_wait_async (dialog->process, NULL, on_ended, ls_weak_new (dialog));
}

/* -- The form -- */

static void
on_changed (LsRecordDialog *dialog)
{
  g_autofree char *command = g_strstrip (g_strdup (gtk_editable_get_text (dialog->command)));
  gtk_widget_set_sensitive (dialog->record, *command != '\0');
}

static void
on_record (LsRecordDialog *dialog)
{
  if (gtk_widget_get_sensitive (dialog->record) && !dialog->process && !dialog->is_reading)
    ls_record_dialog_start (dialog, gtk_editable_get_text (dialog->command),
                            gtk_editable_get_text (dialog->folder));
}

static void
on_stop (LsRecordDialog *dialog)
{
  if (!dialog->process)
    return;
  g_subprocess_send_signal (dialog->process, dialog->was_asked_to_end ? SIGKILL : SIGTERM);
  dialog->was_asked_to_end = true;
}

static void
on_chosen (GtkNativeDialog *chooser, int response, LsRecordDialog *dialog)
{
  g_autoptr (GFile) file =
    response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser)) : NULL;
  const char *path = file ? g_file_peek_path (file) : NULL;
  bool is_folder = gtk_file_chooser_get_action (GTK_FILE_CHOOSER (chooser)) ==
                   GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER;
  if (path && is_folder) {
    gtk_editable_set_text (dialog->folder, path);
  } else if (path) {
    g_autofree char *quoted = strpbrk (path, " \t'\"\\") ? g_shell_quote (path) : g_strdup (path);
    gtk_editable_set_text (dialog->command, quoted);
  }
  g_object_unref (chooser);
}

static void
choose (LsRecordDialog *dialog, const char *title, GtkFileChooserAction action)
{
  GtkFileChooserNative *chooser =
    gtk_file_chooser_native_new (title, GTK_WINDOW (dialog), action, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (on_chosen), dialog, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
on_choose_program (LsRecordDialog *dialog)
{
  choose (dialog, _ ("Program to Record"), GTK_FILE_CHOOSER_ACTION_OPEN);
}

static void
on_choose_folder (LsRecordDialog *dialog)
{
  choose (dialog, _ ("Folder to Run It In"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER);
}

/* -- The object -- */

static void
dispose (GObject *object)
{
  LsRecordDialog *dialog = LS_RECORD_DIALOG (object);
  g_cancellable_cancel (dialog->reading);
  if (dialog->process)
    g_subprocess_send_signal (dialog->process, SIGTERM);
  g_clear_object (&dialog->process);
  G_OBJECT_CLASS (ls_record_dialog_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  LsRecordDialog *dialog = LS_RECORD_DIALOG (object);
  g_clear_object (&dialog->reading);
  g_free (dialog->path);
  G_OBJECT_CLASS (ls_record_dialog_parent_class)->finalize (object);
}

static void
ls_record_dialog_class_init (LsRecordDialogClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = dispose;
  G_OBJECT_CLASS (class)->finalize = finalize;
  recorded_signal = g_signal_new ("recorded", LS_TYPE_RECORD_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/lockstitch/ui/record-dialog.ui");
#define BIND(NAME) gtk_widget_class_bind_template_child (widget_class, LsRecordDialog, NAME)
  BIND (stack);
  BIND (command);
  BIND (folder);
  BIND (message);
  BIND (record);
  BIND (running);
  BIND (output);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_record);
  gtk_widget_class_bind_template_callback (widget_class, on_stop);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_program);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_folder);
}

static void
ls_record_dialog_init (LsRecordDialog *dialog)
{
  gtk_widget_init_template (GTK_WIDGET (dialog));
  dialog->reading = g_cancellable_new ();
  g_autofree char *folder = g_get_current_dir ();
  gtk_editable_set_text (dialog->folder, folder);
}

GtkWindow *
ls_record_dialog_new (GtkWindow *parent)
{
  return g_object_new (LS_TYPE_RECORD_DIALOG, "transient-for", parent, NULL);
}
