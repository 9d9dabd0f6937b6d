/* SPDX-License-Identifier: MIT */
/* What a window without a trace shows: open, record, recent traces, samples. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LS_TYPE_START_PAGE (ls_start_page_get_type ())
/* Signal: "open" (path: string). */
G_DECLARE_FINAL_TYPE (LsStartPage, ls_start_page, LS, START_PAGE, AdwBin)

G_END_DECLS
