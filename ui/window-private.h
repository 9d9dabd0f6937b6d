/* SPDX-License-Identifier: MIT */
/* What window.c (pages, loading) and window-actions.c (actions, dialogs) share. */
#pragma once

#include "follower.h"
#include "inspector.h"
#include "lists.h"
#include "loader.h"
#include "timeline.h"
#include "verdict-bar.h"
#include "window.h"

struct _LsWindow {
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  AdwWindowTitle *title;
  GtkWidget *axis_box, *inspector_button;
  GtkToggleButton *time_button, *order_button;
  GtkStack *stack;
  AdwStatusPage *loading, *error;
  GtkProgressBar *progress;
  LsVerdictBar *verdict;
  AdwFlap *flap;
  GtkPaned *paned;
  LsTimeline *timeline;
  LsLists *lists;
  LsInspector *inspector;

  LsSession *session;
  LsLoader *loader;     /* NULL when nothing is being loaded */
  char *path;           /* opened or being loaded */
  goffset size;         /* of the file when loading began */
  LsFollower *follower; /* NULL when no trace is shown */
};

/* -- window-actions.c -- */

void ls_window_init_actions (LsWindow *window);
/* Which actions are on, and the states of those that have one. */
void ls_window_update_actions (LsWindow *window);
