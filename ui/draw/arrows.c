/* SPDX-License-Identifier: MIT */
/* Which arrows are in view: from what let something happen to what it let happen. */
#include "scene-private.h"

#include "names.h"

#define MAX_ARROWS 30   /* more in view: only those of the selection */
#define MAX_EVENTS 4000 /* looked at a frame */

static void
add_cause (const LsScene *scene, LsFrame *frame, uint32_t k, bool is_chosen)
{
  LsEventKind kind = ls_trace_get_kind (scene->trace, k);
  if (kind != LS_EV_START && kind != LS_EV_JOIN && kind != LS_EV_ACQUIRE && kind != LS_EV_WAKE &&
      kind != LS_EV_RECV)
    return;
  for (guint i = 0; is_chosen && i < frame->arrows->len; i++)
    if (g_array_index (frame->arrows, LsArrow, i).to == k) {
      g_array_index (frame->arrows, LsArrow, i).is_chosen = true;
      return;
    }
  uint32_t thread = ls_trace_get_event_thread (scene->trace, k);
  if (kind == LS_EV_ACQUIRE && !is_chosen) { /* only where it let a waiter in */
    uint32_t previous = ls_trace_find_previous_of_thread (scene->trace, thread, k);
    if (previous == LS_NONE || ls_trace_get_kind (scene->trace, previous) != LS_EV_WAIT)
      return;
  }
  uint32_t cause = ls_trace_find_cause (scene->trace, k);
  if (cause == LS_NONE || ls_trace_get_event_thread (scene->trace, cause) == thread)
    return;
  LsArrow arrow = { cause, k, kind == LS_EV_ACQUIRE ? LS_ARROW_WAIT : LS_ARROW_PLAIN, is_chosen };
  g_array_append_val (frame->arrows, arrow);
}

/* Of a race the two accesses; of a deadlock and a lost update the lanes say it themselves. */
static void
add_finding (const LsScene *scene, LsFrame *frame, const LsFinding *finding)
{
  if (!finding || finding->kind != LS_FINDING_DATA_RACE)
    return;
  const LsStep *last = NULL;
  for (guint i = 0; i < finding->steps->len; i++) {
    const LsStep *step = &g_array_index (finding->steps, LsStep, i);
    LsEventKind kind = ls_trace_get_kind (scene->trace, step->event);
    if (!(ls_event_rows[kind].flags & (LS_EV_READS | LS_EV_WRITES)))
      continue;
    if (last && last->thread != step->thread) {
      LsArrow arrow = { last->event, step->event, LS_ARROW_RACE, true };
      g_array_append_val (frame->arrows, arrow);
    }
    last = step;
  }
}

static void
add_chosen (const LsScene *scene, LsFrame *frame)
{
  uint32_t n = ls_trace_get_n_events (scene->trace);
  uint32_t selected = scene->options.selected_event;
  if (selected < n) {
    add_cause (scene, frame, selected, true);
    /* What it let happen in turn: the first few later events that name it as their cause. */
    for (uint32_t k = selected + 1; k < n && k < selected + 256; k++)
      if (ls_trace_find_cause (scene->trace, k) == selected)
        add_cause (scene, frame, k, true);
  }
}

void
ls_frame_find_arrows (const LsScene *scene, LsFrame *frame)
{
  if (!frame->arrows)
    frame->arrows = g_array_new (FALSE, TRUE, sizeof (LsArrow));
  g_array_set_size (frame->arrows, 0);
  if (frame->end_event - frame->begin_event <= MAX_EVENTS) {
    for (uint32_t k = frame->begin_event; k < frame->end_event; k++)
      add_cause (scene, frame, k, false);
    if (frame->arrows->len > MAX_ARROWS)
      g_array_set_size (frame->arrows, 0);
  }
  add_chosen (scene, frame);
  add_finding (scene, frame, ls_scene_get_selected_finding (scene));
}
