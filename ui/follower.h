/* SPDX-License-Identifier: MIT */
/**
 * Follows a trace that is still being written: opens it anew, off the main thread, when its file has
 * changed, until it has its footer. The file may also be emptied and written anew, or another be put
 * in its place.
 *
 * Opening takes a time that is linear in the whole, of which reading is a third, the steps after it a
 * third and looking for findings the rest: reading only what is new would save that third at most. It
 * never takes more than a fifth of the time: after a load it rests four times as long.
 *
 * Signals: "followed" (LsTrace *, GPtrArray * of LsFinding *), on the main thread: what the file holds
 * by now; both borrowed.
 */
#pragma once

#include <gio/gio.h>

#include "finding.h"

G_BEGIN_DECLS

#define LS_TYPE_FOLLOWER (ls_follower_get_type ())
G_DECLARE_FINAL_TYPE (LsFollower, ls_follower, LS, FOLLOWER, GObject)

/* `trace` is what was read of the file at `path`, which had `size` bytes before it was read. A trace
 * with a footer is not followed. */
LsFollower *ls_follower_new (const char *path, goffset size, LsTrace *trace);

/* Stops for good; no signal comes after it. */
void ls_follower_stop (LsFollower *follower);

/* Has the file grown, and no footer yet? */
gboolean ls_follower_is_growing (LsFollower *follower);

G_END_DECLS
