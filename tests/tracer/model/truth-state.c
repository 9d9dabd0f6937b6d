/* SPDX-License-Identifier: MIT */
/* State after an event and causes, by walking over all events before it. */
#include "truth.h"

/* Walks over the events 0 .. k as event. */
#define EACH_EVENT(trace, k, event)                                                          \
  for (uint32_t k_ = 0; (k) != LS_NONE && k_ <= (k) && k_ < ls_trace_get_n_events (trace) && \
                        (ls_trace_get_event (trace, k_, &(event)), true);                    \
       k_++)

static bool
ends_wait (const LsEvent *event)
{
  return ls_event_rows[event->ev].flags & LS_EV_ENDS_WAIT;
}

/* The last wait or sleep of the thread that is not over after event k; LS_NONE. */
static uint32_t
find_wait (const LsTrace *trace, uint32_t thread, uint32_t k, LsEvent *wait)
{
  uint32_t found = LS_NONE;
  LsEvent event;
  EACH_EVENT (trace, k, event)
  {
    if (event.thread != thread)
      continue;
    if (event.ev == LS_EV_WAIT || event.ev == LS_EV_SLEEP) {
      found = k_;
      *wait = event;
    } else if (event.ev == LS_EV_FINISH ||
               (found != LS_NONE && ends_wait (&event) && event.object == wait->object)) {
      found = LS_NONE;
    }
  }
  return found;
}

static bool
has_event (const LsTrace *trace, uint32_t thread, uint32_t k)
{
  LsEvent event;
  EACH_EVENT (trace, k, event)
  {
    if (event.thread == thread)
      return true;
  }
  return false;
}

static LsStateKind
expect_state (const LsTrace *trace, const LsEvent *wait)
{
  if (wait->ev == LS_EV_SLEEP)
    return LS_STATE_SLEEP;
  LsObjectKind kind = ls_trace_get_object (trace, wait->object)->kind;
  return kind == LS_OBJECT_COND || kind == LS_OBJECT_EVENT || kind == LS_OBJECT_BARRIER
           ? LS_STATE_WAIT_SIGNAL
           : LS_STATE_WAIT_LOCK;
}

/* What the thread has of the object: acquires less releases, a gate's by whoever releases. */
static int64_t
count_held (const LsTrace *trace, uint32_t thread, uint32_t object, uint32_t k)
{
  bool is_gate = ls_trace_get_object (trace, object)->kind == LS_OBJECT_LOCK;
  int64_t held = 0;
  LsEvent event;
  EACH_EVENT (trace, k, event)
  {
    if (event.object != object)
      continue;
    if (event.ev == LS_EV_ACQUIRE && event.thread == thread)
      held++;
    else if (event.ev == LS_EV_RELEASE && is_gate)
      held = 0;
    else if (event.ev == LS_EV_RELEASE && event.thread == thread)
      held--;
  }
  return held;
}

/* Holds of the object in a list: a recursive one counts once. */
static int64_t
count_listed (const GArray *holds, uint32_t thread, uint32_t object)
{
  int64_t n = 0;
  for (guint i = 0; i < holds->len; i++) {
    const LsInterval *hold = &g_array_index (holds, LsInterval, i);
    n += hold->thread == thread && hold->object == object;
    if (i > 0)
      g_assert_cmpuint (g_array_index (holds, LsInterval, i - 1).begin_event, <, hold->begin_event);
  }
  return n;
}

static void
check_held (const LsTrace *trace, uint32_t thread, uint32_t object, uint32_t k, const GArray *holds)
{
  int64_t held = count_held (trace, thread, object, k);
  if (ls_trace_get_object (trace, object)->kind == LS_OBJECT_RECURSIVE)
    held = MIN (held, 1);
  g_assert_cmpint (count_listed (holds, thread, object), ==, held);
}

void
truth_check_thread_state (const LsTrace *trace,
                          uint32_t thread,
                          uint32_t k,
                          const LsThreadState *state)
{
  if (!has_event (trace, thread, k)) {
    g_assert_cmpint (state->life, ==, LS_LIFE_NOT_STARTED);
    g_assert_null (state->interval);
    return;
  }
  g_assert_cmpint (state->life, ==, LS_LIFE_ALIVE);
  LsEvent wait;
  uint32_t begin = find_wait (trace, thread, k, &wait);
  if (begin == LS_NONE) {
    g_assert_cmpint (state->interval->state, ==, LS_STATE_NOT_WAITING);
  } else {
    g_assert_cmpint (state->interval->state, ==, expect_state (trace, &wait));
    g_assert_cmpuint (state->interval->begin_event, ==, begin);
    g_assert_cmpuint (state->interval->object, ==, wait.object);
    g_assert_cmpint (state->interval->mode, ==, wait.mode);
  }
  g_assert_true (state->interval->begin_event <= k && state->interval->end_event > k);
  for (uint32_t i = 0; i < ls_trace_get_n_objects (trace); i++)
    check_held (trace, thread, i, k, state->holds);
}

void
truth_check_lock_state (const LsTrace *trace, uint32_t object, uint32_t k, const LsLockState *state)
{
  int64_t all = 0, units = ls_trace_get_object (trace, object)->initial;
  guint n_waiters = 0;
  for (uint32_t i = 0; i < ls_trace_get_n_threads (trace); i++) {
    check_held (trace, i, object, k, state->holders);
    all += count_held (trace, i, object, k);
    LsEvent wait;
    uint32_t begin = find_wait (trace, i, k, &wait);
    if (begin == LS_NONE || wait.object != object)
      continue;
    n_waiters++;
    g_assert_cmpint (count_listed (state->waiters, i, object), ==, 1);
  }
  g_assert_cmpuint (state->waiters->len, ==, n_waiters);
  g_assert_cmpint (state->count, ==, units < 0 ? -1 : units - all);
}

void
truth_check_value (const LsTrace *trace, uint32_t object, uint32_t k)
{
  LsEvent event, last = { 0 };
  uint32_t access = LS_NONE;
  EACH_EVENT (trace, k, event)
  {
    if (event.object == object && event.val.type) {
      last = event;
      access = k_;
    }
  }
  LsValue value;
  uint32_t found = LS_NONE;
  g_assert_cmpint (ls_trace_get_value (trace, object, k, &value, &found), ==, access != LS_NONE);
  g_assert_cmpuint (found, ==, access);
  if (access != LS_NONE)
    g_assert_true (ls_value_equal (&value, &last.val));
}

uint32_t
truth_count_alive (const LsTrace *trace, uint32_t k)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < ls_trace_get_n_threads (trace); i++)
    n += has_event (trace, i, k);
  return n;
}

/* -- Causes -- */

/* The last event before k of one of three kinds that is done to the object. */
static uint32_t
find_last (const LsTrace *trace,
           uint32_t object,
           uint32_t k,
           LsEventKind a,
           LsEventKind b,
           LsEventKind c)
{
  while (k-- > 0) {
    LsEventKind kind = ls_trace_get_kind (trace, k);
    if (ls_trace_get_event_object (trace, k) == object && (kind == a || kind == b || kind == c))
      return k;
  }
  return LS_NONE;
}

/* Whether release k gave back a shared hold: by this thread's last acquire. */
static bool
is_shared_release (const LsTrace *trace, uint32_t object, uint32_t k)
{
  uint32_t thread = ls_trace_get_event_thread (trace, k);
  LsEvent event;
  while (k-- > 0) {
    ls_trace_get_event (trace, k, &event);
    if (event.thread == thread && event.object == object && event.ev == LS_EV_ACQUIRE)
      return event.mode == LS_MODE_SHARED;
  }
  return false;
}

/* The other wait of the round; two make one. */
static uint32_t
find_arrival (const LsTrace *trace, uint32_t barrier, uint32_t wait, uint32_t k)
{
  uint32_t place = 0, found = LS_NONE, n = 0;
  LsEvent event;
  for (uint32_t i = 0; i < wait; i++)
    place +=
      ls_trace_get_kind (trace, i) == LS_EV_WAIT && ls_trace_get_event_object (trace, i) == barrier;
  EACH_EVENT (trace, k, event)
  {
    if (event.ev == LS_EV_WAIT && event.object == barrier && n++ == (place | 1))
      found = k_;
  }
  return found;
}

uint32_t
truth_find_cause (const LsTrace *trace, uint32_t k)
{
  LsEvent event, wait, send;
  ls_trace_get_event (trace, k, &event);
  uint32_t cause = LS_NONE;
  if (event.ev == LS_EV_ACQUIRE) {
    cause = find_last (trace, event.object, k, LS_EV_RELEASE, 0, 0);
    while (cause != LS_NONE && event.mode == LS_MODE_SHARED &&
           is_shared_release (trace, event.object, cause))
      cause = find_last (trace, event.object, cause, LS_EV_RELEASE, 0, 0);
  } else if (event.ev == LS_EV_WAKE && event.object != LS_NONE) {
    uint32_t begin = find_wait (trace, event.thread, k - 1, &wait);
    LsObjectKind kind = ls_trace_get_object (trace, event.object)->kind;
    cause = kind == LS_OBJECT_BARRIER
              ? find_arrival (trace, event.object, begin, k)
              : find_last (trace, event.object, k, LS_EV_SIGNAL, LS_EV_BROADCAST, LS_EV_SET);
    if (kind == LS_OBJECT_COND && cause != LS_NONE && cause < begin)
      cause = LS_NONE;
  } else if (event.ev == LS_EV_RECV) {
    for (uint32_t i = 0; i < k; i++) {
      ls_trace_get_event (trace, i, &send);
      if (send.ev == LS_EV_SEND && send.n == event.n)
        cause = i;
    }
  }
  return cause != LS_NONE && ls_trace_get_event_thread (trace, cause) != event.thread ? cause
                                                                                      : LS_NONE;
}
