/* SPDX-License-Identifier: MIT */
/* An event in words: for tooltips, screen readers and the steps of findings. */
#include "text.h"
#include "words.h"

static const char *
name_of_object (const LsTrace *trace, const LsEvent *event)
{
  return event->object == LS_NONE ? "" : ls_trace_get_object (trace, event->object)->name;
}

static const char *
verb_of (const LsEvent *event)
{
  return ls_event_rows[event->ev].verb;
}

/* "updates database.value from 0 to 1"; as a step "updates 0 to 1". */
static char *
dup_update (const LsEvent *event, const char *name, bool with_value)
{
  g_autofree char *val = ls_value_dup_text (&event->val);
  g_autofree char *old = ls_value_dup_text (&event->old);
  bool has_old = event->old.type != LS_VALUE_NONE, has_val = event->val.type != LS_VALUE_NONE;
  if (with_value && has_old && has_val)
    return g_strdup_printf (W_UPDATES_FROM_TO, name, old, val);
  if (with_value)
    return has_val ? g_strdup_printf (W_UPDATES_TO, name, val)
                   : g_strdup_printf (W_VERB_WHAT, verb_of (event), name);
  if (has_old && has_val)
    return g_strdup_printf (W_UPDATES_STEP, old, val);
  return has_val ? g_strdup_printf (W_VERB_WHAT, verb_of (event), val) : g_strdup (verb_of (event));
}

static char *
dup_access (const LsEvent *event, const char *name, bool with_value)
{
  if (event->ev == LS_EV_UPDATE)
    return dup_update (event, name, with_value);
  bool writes = ls_event_rows[event->ev].flags & LS_EV_WRITES;
  g_autofree char *val = ls_value_dup_text (&event->val);
  /* "stores to" is the verb of the bare event; with a value it is "stores 1 to x". */
  const char *verb = event->ev == LS_EV_STORE ? _ ("stores") : verb_of (event);
  if (event->val.type == LS_VALUE_NONE) {
    if (!with_value)
      return g_strdup (verb);
    return event->ev == LS_EV_WRITE ? g_strdup_printf (W_WRITES_TO, name)
                                    : g_strdup_printf (W_VERB_WHAT, verb_of (event), name);
  }
  if (!with_value)
    return g_strdup_printf (W_VERB_WHAT, verb, val);
  return writes ? g_strdup_printf (W_VERB_VALUE_TO, verb, val, name)
                : g_strdup_printf (W_VERB_VALUE_FROM, verb, val, name);
}

/* Events whose target is a thread. */
static char *
dup_of_thread (const LsTrace *trace, const LsEvent *event)
{
  const char *name = ls_trace_get_thread (trace, event->peer)->name;
  switch ((int) event->ev) {
  case LS_EV_WAIT:
    return g_strdup_printf (W_WAITS_TO_FINISH, name);
  case LS_EV_FAIL:
    return g_strdup_printf (W_NOT_FINISHED, name);
  case LS_EV_TIMEOUT:
    return g_strdup_printf (W_GIVES_UP_ON, name);
  default:
    return g_strdup_printf (W_VERB_WHAT, verb_of (event), name);
  }
}

/* Events without a target. */
static char *
dup_alone (const LsEvent *event)
{
  switch ((int) event->ev) {
  case LS_EV_WAKE:
    return g_strdup (W_WAKES);
  case LS_EV_LOST:
    return g_strdup_printf (W_LOSES (event->n), event->n);
  case LS_EV_STALL: {
    g_autofree char *time = ls_duration_dup_text (event->n);
    return g_strdup_printf (W_STALLED, time);
  }
  case LS_EV_FORK: {
    g_autofree char *val = ls_value_dup_text (&event->val);
    return event->val.type == LS_VALUE_NONE ? g_strdup (verb_of (event))
                                            : g_strdup_printf (W_FORKS, val);
  }
  case LS_EV_SEND:
  case LS_EV_RECV:
    return g_strdup_printf (W_NUMBERED, verb_of (event), event->n);
  case LS_EV_COUNT: {
    g_autofree char *val = ls_value_dup_text (&event->val);
    return g_strdup_printf (W_COUNTS, event->name ? event->name : "", val);
  }
  case LS_EV_MARK:
    return g_strdup_printf (W_MARKS, event->name ? event->name : "");
  case LS_EV_BEGIN:
  case LS_EV_END:
    return g_strdup_printf (W_VERB_WHAT, verb_of (event), event->name ? event->name : "");
  default:
    return g_strdup (verb_of (event));
  }
}

static char *
dup_bare (const LsTrace *trace, const LsEvent *event, bool with_value)
{
  if (event->peer != LS_NONE)
    return dup_of_thread (trace, event);
  if (event->object == LS_NONE)
    return dup_alone (event);
  const char *name = name_of_object (trace, event);
  if (ls_event_rows[event->ev].flags & (LS_EV_READS | LS_EV_WRITES))
    return dup_access (event, name, with_value);
  if (event->ev == LS_EV_FAIL &&
      ls_trace_get_object (trace, event->object)->kind == LS_OBJECT_EVENT)
    return g_strdup_printf (W_FINDS_UNSET, name);
  g_autofree char *words = g_strdup_printf (W_VERB_WHAT, verb_of (event), name);
  return event->mode == LS_MODE_SHARED ? g_strdup_printf (W_SHARED_MODE, words)
                                       : g_steal_pointer (&words);
}

char *
ls_event_dup_words (const LsTrace *trace, const LsEvent *event, bool with_value)
{
  g_autofree char *bare = dup_bare (trace, event, with_value);
  g_autofree char *ordered = event->order == LS_ORDER_NONE
                               ? g_strdup (bare)
                               : g_strdup_printf (W_VERB_ORDER, bare, ls_order_name (event->order));
  return event->err ? g_strdup_printf (W_VERB_ERROR, ordered, event->err)
                    : g_steal_pointer (&ordered);
}

char *
ls_trace_dup_event_text (const LsTrace *trace, uint32_t k)
{
  LsEvent event;
  if (k >= ls_trace_get_n_events (trace))
    return g_strdup ("");
  ls_trace_get_event (trace, k, &event);
  g_autofree char *what = ls_event_dup_words (trace, &event, true);
  g_autofree char *who =
    g_strdup_printf (W_EVENT, ls_trace_get_thread (trace, event.thread)->name, what);
  g_autofree char *place = ls_trace_dup_place (trace, event.source);
  g_autofree char *where = place[0] ? g_strdup_printf (W_EVENT_PLACE, who, place) : g_strdup (who);
  return g_strdup_printf (W_EVENT_OF, where, k + 1, ls_trace_get_n_events (trace));
}
