/* SPDX-License-Identifier: MIT */
/* The columns of the list of events. */
#include <glib/gi18n-lib.h>
#include <math.h>

#include "names.h"
#include "navigate.h"
#include "table.h"

static LsEvent
get_event (const LsTableSource *source, guint32 row)
{
  LsEvent event;
  ls_trace_get_event (source->trace, row, &event);
  return event;
}

static char *
dup_number (const LsTableSource *source, guint32 row)
{
  return g_strdup_printf ("%u", row + 1);
}

static double
get_number (const LsTableSource *source, guint32 row)
{
  return row;
}

static char *
dup_time (const LsTableSource *source, guint32 row)
{
  return g_strdup_printf ("%.6f", (double) ls_trace_get_ts (source->trace, row) / 1e6);
}

static double
get_time (const LsTableSource *source, guint32 row)
{
  return (double) ls_trace_get_ts (source->trace, row);
}

static char *
dup_thread (const LsTableSource *source, guint32 row)
{
  uint32_t thread = ls_trace_get_event_thread (source->trace, row);
  return g_strdup (ls_trace_get_thread (source->trace, thread)->name);
}

static double
get_thread (const LsTableSource *source, guint32 row)
{
  return ls_trace_get_event_thread (source->trace, row);
}

static char *
dup_kind (const LsTableSource *source, guint32 row)
{
  return g_strdup (ls_event_rows[ls_trace_get_kind (source->trace, row)].name);
}

static double
get_kind (const LsTableSource *source, guint32 row)
{
  return ls_trace_get_kind (source->trace, row);
}

static char *
dup_target (const LsTableSource *source, guint32 row)
{
  LsEvent event = get_event (source, row);
  if (event.object != LS_NONE)
    return g_strdup (ls_trace_get_object (source->trace, event.object)->name);
  if (event.peer != LS_NONE)
    return g_strdup (ls_trace_get_thread (source->trace, event.peer)->name);
  return g_strdup (event.name ? event.name : "");
}

/* Objects, then threads, then the rest. */
static double
get_target (const LsTableSource *source, guint32 row)
{
  LsEvent event = get_event (source, row);
  return event.object != LS_NONE ? event.object : (double) event.peer + LS_NONE;
}

/* "0 → 1", "1", "×3", "EPERM" */
static char *
dup_value (const LsTableSource *source, guint32 row)
{
  LsEvent event = get_event (source, row);
  if (event.err)
    return g_strdup (event.err);
  if (event.val.type != LS_VALUE_NONE) {
    g_autofree char *value = ls_value_dup_text (&event.val);
    if (event.old.type == LS_VALUE_NONE)
      return g_steal_pointer (&value);
    g_autofree char *old = ls_value_dup_text (&event.old);
    return g_strdup_printf ("%s → %s", old, value);
  }
  return event.has_n ? g_strdup_printf ("%" G_GINT64_FORMAT, event.n) : g_strdup ("");
}

static double
get_value (const LsTableSource *source, guint32 row)
{
  LsEvent event = get_event (source, row);
  double number;
  return ls_value_to_double (&event.val, &number) && !isnan (number) ? number : -INFINITY;
}

static char *
dup_place (const LsTableSource *source, guint32 row)
{
  uint32_t place = get_event (source, row).source;
  return place == LS_NONE ? g_strdup ("") : ls_trace_dup_place (source->trace, place);
}

static double
get_place (const LsTableSource *source, guint32 row)
{
  return get_event (source, row).source;
}

static const LsTableColumn columns[] = {
  { N_ ("Event"), 90, true, dup_number, get_number, NULL },
  { N_ ("Time, ms"), 130, true, dup_time, get_time, NULL },
  { N_ ("Thread"), 160, false, dup_thread, get_thread, NULL },
  { N_ ("Does"), 110, false, dup_kind, get_kind, NULL },
  { N_ ("What"), 220, false, dup_target, get_target, NULL },
  { N_ ("Value"), 160, false, dup_value, get_value, NULL },
  { N_ ("Where"), 0, false, dup_place, get_place, NULL },
};

const LsTable ls_table_events = {
  .name = "events",
  .title = N_ ("Events"),
  .empty = N_ ("No event in view"),
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .in_view = true,
  .get_selected = ls_session_get_cursor,
  .pick = ls_navigate_to_event,
};
