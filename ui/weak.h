/* SPDX-License-Identifier: MIT */
/* A weak reference as the user data of a callback: what waits for something slow must not keep a
 * closed window alive, since GTK disposes of windows with their last reference only. */
#pragma once

#include <glib-object.h>

static inline gpointer
ls_weak_new (gpointer object)
{
  GWeakRef *weak = g_new (GWeakRef, 1);
  g_weak_ref_init (weak, object);
  return weak;
}

/* Frees `weak`. Returns: (owned) the object, or NULL when it is gone. */
static inline gpointer
ls_weak_take (gpointer weak)
{
  gpointer object = g_weak_ref_get (weak);
  g_weak_ref_clear (weak);
  g_free (weak);
  return object;
}
