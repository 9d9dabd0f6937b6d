/* SPDX-License-Identifier: MIT */
/* Stands for a lane: a GtkAccessible of one's own comes only with GTK 4.10. */
#include "lane-proxy.h"

struct _LsLaneProxy {
  GtkWidget parent_instance;
  char *text;
};

G_DEFINE_FINAL_TYPE (LsLaneProxy, ls_lane_proxy, GTK_TYPE_WIDGET)

void
ls_lane_proxy_set_text (LsLaneProxy *proxy, const char *text)
{
  if (g_strcmp0 (proxy->text, text) == 0)
    return;
  g_free (proxy->text);
  proxy->text = g_strdup (text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (proxy), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  text ? text : "", -1);
}

const char *
ls_lane_proxy_get_text (LsLaneProxy *proxy)
{
  return proxy->text;
}

static void
finalize (GObject *object)
{
  g_free (LS_LANE_PROXY (object)->text);
  G_OBJECT_CLASS (ls_lane_proxy_parent_class)->finalize (object);
}

static void
ls_lane_proxy_class_init (LsLaneProxyClass *class)
{
  G_OBJECT_CLASS (class)->finalize = finalize;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_LIST_ITEM);
}

static void
ls_lane_proxy_init (LsLaneProxy *proxy)
{
  gtk_widget_set_can_target (GTK_WIDGET (proxy), FALSE);
}

GtkWidget *
ls_lane_proxy_new (void)
{
  return g_object_new (LS_TYPE_LANE_PROXY, NULL);
}
