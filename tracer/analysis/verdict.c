/* SPDX-License-Identifier: MIT */
/* The sentence on a whole trace: what was found, how it ended, what was not seen. */
#include <signal.h>
#include <string.h>

#include "text.h"
#include "words.h"

char *
ls_trace_dup_verdict_head (const LsTrace *trace, GPtrArray *findings, LsSeverity *gravest)
{
  guint n[LS_SEVERITY_N] = { 0 };
  for (guint i = 0; findings && i < findings->len; i++) {
    const LsFinding *finding = g_ptr_array_index (findings, i);
    if (finding->parent == LS_NONE)
      n[finding->severity]++;
  }
  GString *text = g_string_new (NULL);
  if (n[LS_SEVERITY_ERROR] > 0)
    ls_text_append (text, W_COMMA,
                    g_strdup_printf (W_N_ERRORS (n[LS_SEVERITY_ERROR]), n[LS_SEVERITY_ERROR]));
  if (n[LS_SEVERITY_WARNING] > 0)
    ls_text_append (text, W_COMMA,
                    g_strdup_printf (W_N_WARNINGS (n[LS_SEVERITY_WARNING]),
                                     n[LS_SEVERITY_WARNING]));
  if (n[LS_SEVERITY_HINT] > 0)
    ls_text_append (text, W_COMMA,
                    g_strdup_printf (W_N_HINTS (n[LS_SEVERITY_HINT]), n[LS_SEVERITY_HINT]));
  if (text->len == 0)
    g_string_append (text, W_NO_FINDING);
  LsSeverity worst = LS_SEVERITY_N - 1;
  while (worst > LS_SEVERITY_NONE && n[worst] == 0)
    worst--;
  if (gravest)
    *gravest = worst;
  return g_string_free (text, FALSE);
}

/* "busiest lock `queue.lock`, 61 % of all waiting for locks"; NULL when nothing waited for one. */
static char *
dup_busiest (const LsTrace *trace)
{
  const LsTraceInfo *info = ls_trace_get_info (trace);
  double total = 0, most = 0;
  uint32_t busiest = LS_NONE;
  for (uint32_t i = 0; i < ls_trace_get_n_objects (trace); i++) {
    if (!(ls_object_rows[ls_trace_get_object (trace, i)->kind].flags & LS_OBJ_LOCK))
      continue;
    LsObjectMix mix;
    ls_trace_sum_object (trace, i, (LsSpan){ 0, info->end_ns }, &mix);
    double sum = (double) mix.waited_ns;
    total += sum;
    if (sum > most) {
      most = sum;
      busiest = i;
    }
  }
  if (busiest == LS_NONE)
    return NULL;
  return g_strdup_printf (W_BUSIEST_LOCK, ls_trace_get_object (trace, busiest)->name,
                          (unsigned) (100 * most / total + 0.5));
}

/* Whether every thread that was alive at the end waited without a time limit, and the program did
 * not end by itself. Not said of a trace that may lack what came after, or let go. */
static bool
is_hung (const LsTrace *trace, const LsTraceInfo *info)
{
  if (info->end_how == LS_END_EXIT || info->end_how == LS_END_EXEC || info->cut ||
      info->absence_is_no_proof)
    return false;
  uint32_t n_stuck = 0;
  for (uint32_t i = 0; i < ls_trace_get_n_threads (trace); i++) {
    const LsThread *thread = ls_trace_get_thread (trace, i);
    if (thread->first_event == LS_NONE || thread->finish_event != LS_NONE)
      continue;
    LsIntervals states = ls_trace_get_thread_states (trace, i);
    if (states.n == 0)
      return false;
    LsInterval last = ls_intervals_get (states, states.n - 1);
    LsEvent begin;
    ls_trace_get_event (trace, last.begin_event, &begin);
    if ((last.state != LS_STATE_WAIT_LOCK && last.state != LS_STATE_WAIT_SIGNAL) ||
        begin.how == LS_HOW_TIMED)
      return false;
    n_stuck++;
  }
  return n_stuck > 0;
}

static char *
dup_end (const LsTraceInfo *info)
{
  g_autofree char *time = ls_duration_dup_text (info->end_ns);
  switch (info->end_how) {
  case LS_END_EXIT:
    return info->end_code == 0 ? g_strdup (W_ENDED_NORMALLY)
                               : g_strdup_printf (W_ENDED_WITH, info->end_code);
  case LS_END_SIGNAL: {
    const char *name = sigabbrev_np (info->end_code);
    g_autofree char *signal_name = name ? g_strconcat ("SIG", name, NULL) : NULL;
    return signal_name ? g_strdup_printf (W_ENDED_BY, signal_name, time)
                       : g_strdup_printf (W_ENDED_BY_NUMBER, info->end_code, time);
  }
  case LS_END_EXEC:
    return g_strdup (W_ENDED_EXEC);
  case LS_END_UNSEEN:
    break;
  }
  if (info->is_growing)
    return g_strdup_printf (W_STILL_RECORDED, time);
  return info->cut ? g_strdup_printf (W_CUT_OFF, time) : g_strdup (W_END_UNSEEN);
}

static char *
dup_how_it_ended (const LsTrace *trace, const LsTraceInfo *info)
{
  g_autofree char *end = dup_end (info);
  return is_hung (trace, info) ? g_strdup_printf (W_HUNG, end) : g_steal_pointer (&end);
}

static char *
dup_modules (const char *const *names)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  for (gsize i = 0; names[i]; i++)
    g_ptr_array_add (list, (gpointer) names[i]);
  return ls_text_join (list);
}

/* What was not seen. */
static void
append_gaps (GString *text, const LsTraceInfo *info)
{
  if (info->n_lost > 0)
    ls_text_append (text, W_DOT, g_strdup_printf (W_N_LOST (info->n_lost), info->n_lost));
  if (info->partial)
    ls_text_append (text, W_DOT, g_strdup (W_PARTIAL));
  if (info->ignored && info->ignored[0]) {
    g_autofree char *names = dup_modules (info->ignored);
    ls_text_append (text, W_DOT, g_strdup_printf (W_IGNORED, names));
  }
  if (info->blind && info->blind[0]) {
    g_autofree char *names = dup_modules (info->blind);
    ls_text_append (text, W_DOT, g_strdup_printf (W_BLIND, names));
  }
  uint64_t n_unread = info->report ? info->report->n_errors : 0;
  if (n_unread > 0)
    ls_text_append (text, W_DOT, g_strdup_printf (W_N_UNREAD (n_unread), n_unread));
}

char *
ls_trace_dup_verdict_tail (const LsTrace *trace)
{
  const LsTraceInfo *info = ls_trace_get_info (trace);
  uint32_t n_threads = ls_trace_get_n_threads (trace), n_events = ls_trace_get_n_events (trace);
  GString *text = g_string_new (NULL);
  ls_text_append (text, W_DOT, dup_how_it_ended (trace, info));
  ls_text_append (text, W_DOT, g_strdup_printf (W_N_THREADS (n_threads), n_threads));
  ls_text_append (text, W_COMMA, g_strdup_printf (W_N_EVENTS (n_events), n_events));
  if (info->n_lost == 0 && info->end_how != LS_END_UNSEEN)
    ls_text_append (text, W_COMMA, g_strdup (W_NOTHING_LOST));
  append_gaps (text, info);
  return g_string_free (text, FALSE);
}

char *
ls_trace_dup_verdict (const LsTrace *trace, GPtrArray *findings)
{
  LsSeverity gravest;
  g_autofree char *head = ls_trace_dup_verdict_head (trace, findings, &gravest);
  GString *text = g_string_new (head);
  if (gravest == LS_SEVERITY_NONE)
    ls_text_append (text, _ ("; "), dup_busiest (trace));
  ls_text_append (text, W_DOT, ls_trace_dup_verdict_tail (trace));
  return g_string_free (text, FALSE);
}
