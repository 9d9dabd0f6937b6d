/* SPDX-License-Identifier: MIT */
/* The style sheet: its shapes from style.css, its colours from ui/draw's palette. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* For the default display; follows dark and high contrast. Once a program. */
void ls_style_init (void);

G_END_DECLS
