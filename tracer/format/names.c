/* SPDX-License-Identifier: MIT */
/* Names of the kinds, out of kinds.def. */
#include "names.h"

#include <stdbool.h>
#include <string.h>

#define NONE LS_TARGET_NONE
#define OBJECT LS_TARGET_OBJECT
#define OBJECT_OPT LS_TARGET_OBJECT_OPT
#define THREAD LS_TARGET_THREAD
#define EITHER LS_TARGET_EITHER
const LsEventRow ls_event_rows[LS_EV_N] = {
  { "", "", 0, 0 },
#define LS_EVENT(ID, NAME, TARGET, FLAGS, VERB) { NAME, VERB, TARGET, FLAGS },
#include "kinds.def"
};
#undef NONE
#undef OBJECT
#undef OBJECT_OPT
#undef THREAD
#undef EITHER

const LsObjectRow ls_object_rows[LS_OBJECT_N] = {
  { "", "lock", 0 },
#define LS_OBJECT(ID, NAME, FLAGS, WORD) { NAME, WORD, FLAGS },
#include "kinds.def"
};

static const char *const finding_names[] = {
  "",
#define LS_FINDING(ID, NAME, TITLE) NAME,
#include "kinds.def"
};
static const char *const finding_titles[] = {
  "",
#define LS_FINDING(ID, NAME, TITLE) TITLE,
#include "kinds.def"
};
static const char *const severity_names[] = {
  "",
#define LS_SEVERITY(ID, NAME) NAME,
#include "kinds.def"
};
static const char *const certainty_names[] = {
  "",
#define LS_CERTAINTY(ID, NAME, WORDS) NAME,
#include "kinds.def"
};
static const char *const certainty_words[] = {
  "",
#define LS_CERTAINTY(ID, NAME, WORDS) WORDS,
#include "kinds.def"
};
static const char *const how_names[] = {
  "",
#define LS_HOW(ID, NAME) NAME,
#include "kinds.def"
};
static const char *const mode_names[] = {
  "",
#define LS_MODE(ID, NAME) NAME,
#include "kinds.def"
};
static const char *const order_names[] = {
  "",
#define LS_ORDER(ID, NAME) NAME,
#include "kinds.def"
};
static const char *const value_type_names[] = {
  "",
#define LS_VALUE(ID, NAME) NAME,
#include "kinds.def"
};

static bool
is_name (const char *candidate, const char *name, size_t length)
{
  return strlen (candidate) == length && memcmp (candidate, name, length) == 0;
}

static int
find_name (const char *const *names, int n_names, const char *name, size_t length)
{
  for (int i = 1; i < n_names; i++)
    if (is_name (names[i], name, length))
      return i;
  return 0;
}

#define N_ELEMENTS(array) ((int) (sizeof (array) / sizeof ((array)[0])))
#define LOOK_UP(array, index) ((unsigned) (index) < N_ELEMENTS (array) + 0u ? (array)[index] : "")
#define FIND(array) find_name (array, N_ELEMENTS (array), name, length)

const char *
ls_finding_kind_name (LsFindingKind kind)
{
  return LOOK_UP (finding_names, kind);
}

const char *
ls_finding_kind_title (LsFindingKind kind)
{
  return LOOK_UP (finding_titles, kind);
}

const char *
ls_severity_name (LsSeverity severity)
{
  return LOOK_UP (severity_names, severity);
}

const char *
ls_certainty_name (LsCertainty certainty)
{
  return LOOK_UP (certainty_names, certainty);
}

const char *
ls_certainty_words (LsCertainty certainty)
{
  return LOOK_UP (certainty_words, certainty);
}

const char *
ls_how_name (LsHow how)
{
  return LOOK_UP (how_names, how);
}

const char *
ls_mode_name (LsMode mode)
{
  return LOOK_UP (mode_names, mode);
}

const char *
ls_order_name (LsOrder order)
{
  return LOOK_UP (order_names, order);
}

const char *
ls_value_type_name (LsValueType type)
{
  return LOOK_UP (value_type_names, type);
}

LsEventKind
ls_event_kind_find (const char *name, size_t length)
{
  for (int i = 1; i < LS_EV_N; i++)
    if (is_name (ls_event_rows[i].name, name, length))
      return (LsEventKind) i;
  return LS_EV_NONE;
}

LsObjectKind
ls_object_kind_find (const char *name, size_t length)
{
  for (int i = 1; i < LS_OBJECT_N; i++)
    if (is_name (ls_object_rows[i].name, name, length))
      return (LsObjectKind) i;
  return LS_OBJECT_UNKNOWN;
}

LsHow
ls_how_find (const char *name, size_t length)
{
  return (LsHow) FIND (how_names);
}

LsMode
ls_mode_find (const char *name, size_t length)
{
  return (LsMode) FIND (mode_names);
}

LsOrder
ls_order_find (const char *name, size_t length)
{
  return (LsOrder) FIND (order_names);
}

LsValueType
ls_value_type_find (const char *name, size_t length)
{
  return (LsValueType) FIND (value_type_names);
}
