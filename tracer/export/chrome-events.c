/* SPDX-License-Identifier: MIT */
/* What has no length: arrows between threads, counters and values, marks, findings. */
#include "chrome-private.h"

#include "finding.h"
#include "state.h"

/* -- Arrows -- */

static const char *
get_flow_name (LsEventKind ev)
{
  switch (ev) {
  case LS_EV_START:
    return "create";
  case LS_EV_JOIN:
    return "join";
  case LS_EV_ACQUIRE:
    return "hand-over";
  case LS_EV_RECV:
    return "send";
  default:
    return "wake";
  }
}

static void
put_flow_end (LsChrome *chrome, const char *ph, const char *name, uint64_t id, const LsEvent *event)
{
  LsJson *json = &chrome->json;
  ls_chrome_begin (chrome, ph, "flow", name, LS_CHROME_PROGRAM,
                   ls_trace_get_thread (chrome->export->trace, event->thread)->id);
  ls_json_uint (json, "id", id);
  ls_json_us (json, "ts", event->ts_ns);
  if (ph[0] == 'f')
    ls_json_string (json, "bp", "e");
  ls_chrome_end (chrome);
}

/* From what let event k happen, when that was another thread's doing. */
static void
put_flow (LsChrome *chrome, uint32_t k, const LsEvent *event)
{
  const LsTrace *trace = chrome->export->trace;
  uint32_t cause = ls_trace_find_cause (trace, k);
  if (cause == LS_NONE || cause < chrome->begin)
    return;
  LsEvent from;
  ls_trace_get_event (trace, cause, &from);
  if (from.thread == event->thread || !ls_export_has_thread (chrome->export, from.thread))
    return;
  const char *name = get_flow_name (event->ev);
  put_flow_end (chrome, "s", name, k + 1ull, &from);
  put_flow_end (chrome, "f", name, k + 1ull, event);
}

/* -- Counters -- */

typedef struct {
  bool is_known;
  double number; /* the last one that went out */
} Last;

static bool
is_number (const LsValue *value)
{
  double number;
  return value->type != LS_VALUE_POINTER && ls_value_to_double (value, &number) &&
         number - number == 0;
}

/* A value each time that an access tells another. */
static void
put_value (LsChrome *chrome, Last *last, const LsEvent *event)
{
  double number;
  if (event->has_part || !is_number (&event->val))
    return;
  ls_value_to_double (&event->val, &number);
  if (last->is_known && last->number == number)
    return;
  *last = (Last){ true, number };
  ls_chrome_count (chrome, LS_CHROME_VALUE, chrome->object_names[event->object], 0, event->ts_ns,
                   &event->val);
}

static void
put_units (LsChrome *chrome, uint32_t k, const LsEvent *event)
{
  LsLockState state;
  ls_lock_state_init (&state);
  ls_trace_get_lock_state (chrome->export->trace, event->object, k, &state);
  LsValue units = { .type = LS_VALUE_INT, .i = state.count };
  g_autofree char *name = g_strdup_printf ("units of %s", chrome->object_names[event->object]);
  if (state.count >= 0)
    ls_chrome_count (chrome, LS_CHROME_VALUE, name, 0, event->ts_ns, &units);
  ls_lock_state_clear (&state);
}

/* -- Marks -- */

static void
put_mark (LsChrome *chrome, const char *cat, const char *name, const LsEvent *event)
{
  LsJson *json = &chrome->json;
  ls_chrome_begin (chrome, "i", cat, name, LS_CHROME_PROGRAM,
                   ls_trace_get_thread (chrome->export->trace, event->thread)->id);
  ls_json_us (json, "ts", event->ts_ns);
  ls_json_string (json, "s", "t");
}

static void
put_event (LsChrome *chrome, Last *last, uint32_t k, const LsEvent *event)
{
  const LsTrace *trace = chrome->export->trace;
  const LsObject *object =
    event->object == LS_NONE ? NULL : ls_trace_get_object (trace, event->object);
  switch (event->ev) {
  case LS_EV_START:
  case LS_EV_JOIN:
  case LS_EV_WAKE:
  case LS_EV_RECV:
    put_flow (chrome, k, event);
    break;
  case LS_EV_ACQUIRE:
    put_flow (chrome, k, event);
    if (object->kind == LS_OBJECT_SEMAPHORE)
      put_units (chrome, k, event);
    break;
  case LS_EV_RELEASE:
    if (object->kind == LS_OBJECT_SEMAPHORE)
      put_units (chrome, k, event);
    break;
  case LS_EV_MARK:
  case LS_EV_LOST:
    put_mark (chrome, event->ev == LS_EV_MARK ? LS_CHROME_MARK : LS_CHROME_FINDING,
              event->name ? event->name : "events lost", event);
    ls_chrome_end (chrome);
    break;
  case LS_EV_COUNT:
    if (is_number (&event->val))
      ls_chrome_count (chrome, LS_CHROME_COUNT, event->name,
                       ls_trace_get_thread (trace, event->thread)->id, event->ts_ns, &event->val);
    else
      ls_export_leave_out (chrome->export, event);
    break;
  default:
    if (object && object->kind == LS_OBJECT_VALUE)
      put_value (chrome, &last[event->object], event);
    break;
  }
}

bool
ls_chrome_put_events (LsChrome *chrome, GError **error)
{
  const LsTrace *trace = chrome->export->trace;
  g_autofree Last *last = g_new0 (Last, ls_trace_get_n_objects (trace) + 1);
  for (uint32_t k = chrome->begin; k < chrome->end; k++) {
    LsEvent event;
    ls_trace_get_event (trace, k, &event);
    if (ls_export_has_thread (chrome->export, event.thread))
      put_event (chrome, last, k, &event);
    if (!ls_export_step (chrome->export, k, error))
      return false;
  }
  return true;
}

/* -- Findings -- */

static void
put_step (LsChrome *chrome, const LsFinding *finding, guint n)
{
  const LsStep *step = &g_array_index (finding->steps, LsStep, n);
  LsJson *json = &chrome->json;
  LsEvent event;
  if (step->event < chrome->begin || step->event >= chrome->end ||
      !ls_export_has_thread (chrome->export, step->thread))
    return;
  ls_trace_get_event (chrome->export->trace, step->event, &event);
  g_autofree char *name =
    g_strdup_printf ("%s, step %u of %u", finding->title, n + 1, finding->steps->len);
  put_mark (chrome, LS_CHROME_FINDING, name, &event);
  ls_json_begin_object (json, "args");
  ls_json_string (json, "step", step->text);
  ls_json_string (json, "sentence", finding->sentence);
  ls_json_string (json, "certainty", ls_certainty_words (finding->certainty));
  ls_chrome_put_place (chrome, step->source);
  ls_json_end_object (json);
  ls_chrome_end (chrome);
}

bool
ls_chrome_put_findings (LsChrome *chrome, GError **error)
{
  const GPtrArray *findings = chrome->export->findings;
  for (guint i = 0; findings && i < findings->len; i++) {
    const LsFinding *finding = g_ptr_array_index (findings, i);
    for (guint n = 0; n < finding->steps->len; n++)
      put_step (chrome, finding, n);
    if (!ls_export_step (chrome->export, i, error))
      return false;
  }
  return true;
}
