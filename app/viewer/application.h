/* SPDX-License-Identifier: MIT */
/* The desktop app as a GApplication: files to open, windows, what belongs to no window. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LS_APPLICATION_ID "io.github.lockstitch.Lockstitch"

#define LS_TYPE_APPLICATION (ls_application_get_type ())
G_DECLARE_FINAL_TYPE (LsApplication, ls_application, LS, APPLICATION, AdwApplication)

LsApplication *ls_application_new (void);

G_END_DECLS
