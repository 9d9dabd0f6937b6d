/* SPDX-License-Identifier: MIT */
/**
 * Asks for a program, runs `lockstitch record` on it and says where the trace is.
 *
 * The viewer never records by itself: what it starts is the command that a terminal would.
 * Signal: "recorded" (path: string), after which the dialog is gone.
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LS_TYPE_RECORD_DIALOG (ls_record_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LsRecordDialog, ls_record_dialog, LS, RECORD_DIALOG, AdwWindow)

GtkWindow *ls_record_dialog_new (GtkWindow *parent);

/* Starts to record that command line, as the button does; in `folder`, NULL: the current one. */
void ls_record_dialog_start (LsRecordDialog *dialog, const char *command, const char *folder);
/* What the form says went wrong; "" when nothing did. */
const char *ls_record_dialog_get_message (LsRecordDialog *dialog);

G_END_DECLS
