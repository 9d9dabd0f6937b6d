/* SPDX-License-Identifier: MIT */
/* The table of actions.def: which key means what, and the shortcuts window that tells it. */
#pragma once

#include <gtk/gtk.h>

#include "session.h"

G_BEGIN_DECLS

typedef enum {
#define LS_GROUP(ID, TITLE) LS_GROUP_##ID,
#include "actions.def"
  LS_GROUP_N
} LsActionGroup;

typedef enum {
#define LS_ACTION(ID, NAME, GROUP, TITLE, KEYS, POSITION, ACCELS, FLAGS) LS_ACTION_##ID,
#include "actions.def"
  LS_ACTION_N
} LsAction;

typedef enum {
  LS_ACTION_FLAG_NONE = 0,
  LS_ACTION_NEEDS_TRACE = 1 << 0,
  LS_ACTION_TOGGLES = 1 << 1,
} LsActionFlags;

/* A place on the keyboard, named after what the US layout has there. */
typedef enum {
  LS_KEY_NONE,
  LS_KEY_W,
  LS_KEY_A,
  LS_KEY_S,
  LS_KEY_D,
  LS_KEY_SHIFT_W,
  LS_KEY_SHIFT_S,
  LS_KEY_LEFT_BRACKET,
  LS_KEY_RIGHT_BRACKET,
  LS_KEY_N
} LsKeyPosition;

typedef struct {
  const char *name; /* of the action in the group "win" */
  LsActionGroup group;
  const char *title; /* to be translated */
  const char *keys;
  LsKeyPosition position;
  const char *accels;
  LsActionFlags flags;
} LsActionRow;

extern const LsActionRow ls_action_rows[LS_ACTION_N];

/* What a key pressed on the timeline means; LS_ACTION_N: nothing. */
LsAction ls_action_find_for_key (guint keyval, guint keycode, GdkModifierType state);

/* Does what the row says to the session; false for actions of the window itself. */
bool ls_action_perform (LsAction action, LsSession *session);

/* The accelerators of a row, NULL-terminated. Owned by the caller (g_strfreev). */
char **ls_action_dup_accels (LsAction action);

/* The shortcuts window as GtkBuilder XML; its object is "shortcuts". Owned by the caller. */
char *ls_actions_dup_shortcuts_ui (void);

G_END_DECLS
