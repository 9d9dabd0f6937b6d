/* SPDX-License-Identifier: MIT */
/* What the colours and shapes mean: samples drawn by the painter itself. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LS_TYPE_LEGEND (ls_legend_get_type ())
G_DECLARE_FINAL_TYPE (LsLegend, ls_legend, LS, LEGEND, AdwWindow)

GtkWindow *ls_legend_new (GtkWindow *parent);

G_END_DECLS
