/* SPDX-License-Identifier: MIT */
/** Everything that a recording's images share, from the region to the journal. */
#pragma once

#include "collector.h"
#include "image.h"

G_BEGIN_DECLS

/* Makes it all; the program may come. */
gboolean
ls_recording_begin (LsRecording *recording, const LsCollectorOptions *options, GError **error);

/* Takes it over from a collector that died; *journal gets its journal's entries. */
gboolean ls_recording_resume (LsRecording *recording,
                              const LsCollectorOptions *options,
                              GBytes **journal,
                              GError **error);

/* All but the region, which some thread may still look at. */
void ls_recording_end (LsRecording *recording);

G_END_DECLS
