/* SPDX-License-Identifier: MIT */
/* The second line of a lane's label. */
#include "text.h"
#include "words.h"

char *
ls_trace_dup_thread_subtitle (const LsTrace *trace, uint32_t thread)
{
  const LsThread *self = ls_trace_get_thread (trace, thread);
  uint32_t n_starts = 0, n_joins = 0;
  for (uint32_t i = 0; i < ls_trace_get_n_threads (trace); i++) {
    const LsThread *other = ls_trace_get_thread (trace, i);
    n_starts += other->parent == thread;
    n_joins += other->join_event != LS_NONE &&
               ls_trace_get_event_thread (trace, other->join_event) == thread;
  }
  g_autoptr (GString) counts = g_string_new (NULL);
  if (n_starts > 0)
    ls_text_append (counts, W_COMMA, g_strdup_printf (W_STARTS, n_starts));
  if (n_joins > 0)
    ls_text_append (counts, W_COMMA, g_strdup_printf (W_JOINS, n_joins));
  GString *text = g_string_new (NULL);
  if (self->os > 0)
    ls_text_append (text, W_DOT, g_strdup_printf (W_OS, self->os));
  ls_text_append (text, W_DOT, g_strdup (counts->str));
  if (self->daemon)
    ls_text_append (text, W_DOT, g_strdup (W_DAEMON));
  else if (self->detached)
    ls_text_append (text, W_DOT, g_strdup (W_DETACHED));
  return g_string_free (text, FALSE);
}

static void
append_lock (GString *text, const LsObject *object)
{
  ls_text_append (text, W_DOT,
                  g_strdup_printf (W_N_HOLDS (object->n_acquires), object->n_acquires));
  if (object->n_contended > 0)
    ls_text_append (text, W_DOT, g_strdup_printf (W_N_CONTENDED, object->n_contended));
}

char *
ls_trace_dup_object_subtitle (const LsTrace *trace, uint32_t index)
{
  const LsObject *object = ls_trace_get_object (trace, index);
  guint flags = ls_object_rows[object->kind].flags;
  GString *text = g_string_new (NULL);
  if (object->kind == LS_OBJECT_VALUE && object->type != LS_VALUE_NONE)
    ls_text_append (text, W_DOT, g_strdup (ls_value_type_name (object->type)));
  else
    ls_text_append (text, W_DOT, g_strdup (_ (ls_object_rows[object->kind].word)));
  if (object->is_gate)
    ls_text_append (text, W_DOT, g_strdup (W_GATE));
  if (object->kind == LS_OBJECT_SEMAPHORE && object->initial >= 0)
    ls_text_append (text, W_DOT, g_strdup_printf (W_INITIAL, object->initial));
  if (object->kind == LS_OBJECT_BARRIER && object->parties > 0)
    ls_text_append (text, W_DOT, g_strdup_printf (W_N_PARTIES, object->parties));
  if (flags & LS_OBJ_VALUE) {
    ls_text_append (text, W_DOT, g_strdup_printf (W_N_READS (object->n_reads), object->n_reads));
    ls_text_append (text, W_DOT, g_strdup_printf (W_N_WRITES (object->n_writes), object->n_writes));
  } else if (flags & LS_OBJ_SIGNAL) {
    uint32_t n = ls_trace_get_object_waits (trace, index).n;
    ls_text_append (text, W_DOT, g_strdup_printf (W_N_WAITS (n), n));
  } else {
    append_lock (text, object);
  }
  if (object->shared)
    ls_text_append (text, W_DOT, g_strdup (W_SHARED));
  return g_string_free (text, FALSE);
}
