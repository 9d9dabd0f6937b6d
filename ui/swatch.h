/* SPDX-License-Identifier: MIT */
/* A dot in a thread's colour, with its letter from the seventh thread on. */
#pragma once

#include <gtk/gtk.h>

#include "palette.h"

G_BEGIN_DECLS

#define LS_TYPE_SWATCH (ls_swatch_get_type ())
G_DECLARE_FINAL_TYPE (LsSwatch, ls_swatch, LS, SWATCH, GtkWidget)

GtkWidget *ls_swatch_new (void);
void ls_swatch_set_color (LsSwatch *swatch, LsColor color, char letter);

G_END_DECLS
