/* SPDX-License-Identifier: MIT */
/* Moving about in a session: what the keys do, without a widget. Each does nothing at its end. */
#pragma once

#include "session.h"

G_BEGIN_DECLS

/* > 1 zooms in, at the pointer, else at the cursor if in view, else in the middle. */
void ls_navigate_zoom (LsSession *session, double factor);
/* By a share of the width in view, + to the right. */
void ls_navigate_pan (LsSession *session, double share);
/* The selected span, event, finding or lane's life; the whole when it is shown already. */
void ls_navigate_fit_selection (LsSession *session);
void ls_navigate_fit_all (LsSession *session);

/* The cursor by one event of any thread, or of the selected lane; `by` is +1 or -1. */
void ls_navigate_step (LsSession *session, int by);
void ls_navigate_step_in_lane (LsSession *session, int by);
/* The first (-1) or last (+1) event. */
void ls_navigate_to_end (LsSession *session, int by);
/* Cursor and selection to event k of the trace, brought into view. */
void ls_navigate_to_event (LsSession *session, uint32_t k);

void ls_navigate_lane (LsSession *session, int by);
void ls_navigate_finding (LsSession *session, int by);

/* To the event that let the selection happen, or that holds what it waits for; and back again. */
void ls_navigate_to_cause (LsSession *session);
void ls_navigate_from_cause (LsSession *session);

/* Thread lanes one size up (+1) or down (-1) of 6, 22, 44 px. */
void ls_navigate_lane_height (LsSession *session, int by);
/* Folds or unfolds: section heading, folded locks, family. */
void ls_navigate_toggle_lane (LsSession *session, guint lane);
/* Takes back one level: playing, span, event, finding, lane. */
void ls_navigate_clear (LsSession *session);

/* Pans just so far that event k is in view. */
void ls_navigate_reveal (LsSession *session, uint32_t k);

G_END_DECLS
