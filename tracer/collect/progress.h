/* SPDX-License-Identifier: MIT */
/** What the collector tells whoever watches the recording; see LsProgress in region.h. */
#pragma once

#include "image.h"

G_BEGIN_DECLS

/* Stores the numbers of all `entries` (LsEntry), the main process having ended or not. */
void ls_progress_store (LsProgress *progress, const GPtrArray *entries, gboolean is_main_over);

G_END_DECLS
