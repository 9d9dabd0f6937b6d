/* SPDX-License-Identifier: MIT */
/**
 * The one line on the terminal that tells how a recording goes.
 *
 * While the program runs, the terminal is the program's. So by default the line is there only while
 * the program's output goes elsewhere, and never while the program has the terminal in a mode of
 * its own or we are in the background. Once it has ended, the line tells how far the writing is.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "region.h"

G_BEGIN_DECLS

typedef enum {
  LS_STATUS_AUTO,
  LS_STATUS_ALWAYS, /* also when the program writes to the same terminal */
  LS_STATUS_NEVER,
} LsStatusWhen;

typedef struct {
  const LsRegion *region;           /* borrowed */
  gint64 start_us, due_us;          /* of the recording; of the next drawing */
  bool is_allowed, is_wanted_early; /* at all; already while the program runs */
  bool is_shown, has_ended;
} LsStatus;

/* Nothing is shown unless standard error is a terminal. */
void ls_status_init (LsStatus *status, LsStatusWhen when, const LsRegion *region);

/* Draws the line if it is time to. Returns: milliseconds until it should be called again, -1: it
 * need not be. */
int ls_status_update (LsStatus *status, bool program_has_ended);

/* Takes the line away; the next update draws it again. */
void ls_status_hide (LsStatus *status);

G_END_DECLS
