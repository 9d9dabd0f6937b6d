/* SPDX-License-Identifier: MIT */
/* Lengths of time: total, longest, percentile. */
#include "durations.h"

void
ls_lengths_init (LsLengths *lengths)
{
  *lengths = (LsLengths){ g_array_new (FALSE, FALSE, sizeof (int64_t)), 0, LS_NONE };
}

void
ls_lengths_clear (LsLengths *lengths)
{
  g_clear_pointer (&lengths->ns, g_array_unref);
}

void
ls_lengths_add (LsLengths *lengths, const LsTrace *trace, const LsInterval *interval, LsSpan span)
{
  LsSpan whole = ls_interval_get_span (trace, interval);
  int64_t begin = MAX (whole.begin_ns, span.begin_ns), end = MIN (whole.end_ns, span.end_ns);
  /* One of no length is an interval all the same where it lies inside. */
  if (end < begin || whole.begin_ns >= span.end_ns ||
      (whole.end_ns <= span.begin_ns && whole.begin_ns < span.begin_ns))
    return;
  int64_t ns = end - begin;
  g_array_append_val (lengths->ns, ns);
  if (lengths->max_event == LS_NONE || ns > lengths->max_ns) {
    lengths->max_ns = ns;
    lengths->max_event = interval->begin_event;
  }
}

/* The k-th smallest (Hoare 1961). The pivot's place is drawn, so that no input is a bad one. */
static int64_t
select_nth (int64_t *ns, guint n, guint k)
{
  gsize low = 0, high = n - 1;
  uint64_t draw = 0x9e3779b97f4a7c15u;
  while (low < high) {
    draw = draw * 6364136223846793005u + 1442695040888963407u;
    int64_t pivot = ns[low + (draw >> 33) % (high - low)]; /* never the last: both sides shrink */
    gsize i = low, j = high;
    for (;; i++, j--) {
      while (ns[i] < pivot)
        i++;
      while (ns[j] > pivot)
        j--;
      if (i >= j)
        break;
      int64_t other = ns[i];
      ns[i] = ns[j];
      ns[j] = other;
    }
    if (k <= j)
      high = j;
    else
      low = j + 1;
  }
  return ns[k];
}

LsDurations
ls_lengths_sum_up (LsLengths *lengths, const LsTrace *trace)
{
  guint n = lengths->ns->len;
  int64_t *ns = (int64_t *) (gpointer) lengths->ns->data;
  LsDurations sum = { .n = n, .max_ns = lengths->max_ns, .max_source = LS_NONE };
  for (guint i = 0; i < n; i++)
    sum.total_ns += ns[i];
  if (n > 0) {
    LsEvent event;
    ls_trace_get_event (trace, lengths->max_event, &event);
    sum.max_source = event.source;
    sum.p99_ns = select_nth (ns, n, (guint) (((uint64_t) n * 99 + 99) / 100 - 1));
  }
  g_array_set_size (lengths->ns, 0);
  lengths->max_ns = 0;
  lengths->max_event = LS_NONE;
  return sum;
}
