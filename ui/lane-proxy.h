/* SPDX-License-Identifier: MIT */
/* An empty widget that stands for a painted lane or event, so that screen readers find it. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LS_TYPE_LANE_PROXY (ls_lane_proxy_get_type ())
G_DECLARE_FINAL_TYPE (LsLaneProxy, ls_lane_proxy, LS, LANE_PROXY, GtkWidget)

GtkWidget *ls_lane_proxy_new (void);

/* What it says; tells assistive technology only when it is new. */
void ls_lane_proxy_set_text (LsLaneProxy *proxy, const char *text);
const char *ls_lane_proxy_get_text (LsLaneProxy *proxy);

G_END_DECLS
