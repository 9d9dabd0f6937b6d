/* SPDX-License-Identifier: MIT */
/* What the reader had to say of a trace's lines. */
#pragma once

#include <adwaita.h>

#include "trace.h"

G_BEGIN_DECLS

#define LS_TYPE_PROBLEMS (ls_problems_get_type ())
G_DECLARE_FINAL_TYPE (LsProblems, ls_problems, LS, PROBLEMS, AdwWindow)

GtkWindow *ls_problems_new (GtkWindow *parent, LsTrace *trace);

G_END_DECLS
