/* SPDX-License-Identifier: MIT */
/* Beside the timeline: the selected finding or else the selection, the state, the source. */
#pragma once

#include <adwaita.h>

#include "session.h"

G_BEGIN_DECLS

#define LS_TYPE_INSPECTOR (ls_inspector_get_type ())
G_DECLARE_FINAL_TYPE (LsInspector, ls_inspector, LS, INSPECTOR, AdwBin)

void ls_inspector_set_session (LsInspector *inspector, LsSession *session);
/* Brings the source into sight. */
void ls_inspector_show_source (LsInspector *inspector);

G_END_DECLS
