/* SPDX-License-Identifier: MIT */
/* What each kind of record says, as slot.h lays it down, in the words of a trace's event. */
#include "event.h"

#include <string.h>

#include "names.h"

/* The text in a record's further slots. */
const char *
ls_record_read_text (const LsRecord *record, char buffer[LS_SLOT_TEXT_MAX + 1])
{
  gsize n_bytes = (record->slot_count - 1) * sizeof (LsSlot);
  memcpy (buffer, record->slot + 1, n_bytes);
  buffer[n_bytes] = '\0';
  return buffer;
}

static uint64_t
cut_bits (uint64_t bits, uint32_t bytes)
{
  return bytes >= 8 || bytes == 0 ? bits : bits & ((UINT64_C (1) << 8 * bytes) - 1);
}

static LsValue
make_value (LsValueType type, uint64_t bits, uint32_t bytes)
{
  LsValue value = { .type = type };
  switch (type) {
  case LS_VALUE_INT: {
    int unused = bytes >= 8 || bytes == 0 ? 0 : (int) (64 - 8 * bytes);
    value.i = (int64_t) (bits << unused) >> unused;
    break;
  }
  case LS_VALUE_FLOAT:
    memcpy (&value.f, &bits, sizeof value.f);
    break;
  case LS_VALUE_UINT:
  case LS_VALUE_POINTER:
    value.u = cut_bits (bits, bytes);
    break;
  default:
    value.type = LS_VALUE_NONE;
  }
  return value;
}

static bool
fill_access (LsImageNames *names, const LsRecord *record, LsLineEvent *event)
{
  const LsSlot *slot = record->slot;
  LsSlotValue value = { 0 };
  if (record->slot_count > 1)
    memcpy (&value, slot + 1, sizeof value);
  uint32_t bytes = MAX (slot->arg, 1), whole;
  event->obj = ls_image_names_access (names, slot->target + value.off, bytes,
                                      (LsValueType) value.type, slot->site, &event->off, &whole);
  event->size = bytes;
  event->has_part = event->off != 0 || bytes != whole;
  event->has_n = false;
  if (value.has_val)
    event->val = make_value ((LsValueType) value.type, value.val, bytes);
  if (value.has_old)
    event->old = make_value ((LsValueType) value.type, value.old, bytes);
  return event->obj != 0;
}

/* What the event is about, by its row in kinds.def. False: an object that is left out. */
static bool
fill_target (LsImageNames *names, const LsRecord *record, LsLineEvent *event)
{
  const LsSlot *slot = record->slot;
  switch (ls_event_rows[event->ev].target) {
  case LS_TARGET_THREAD:
    event->thread = (uint32_t) slot->target;
    break;
  case LS_TARGET_EITHER:
    if (slot->object == LS_OBJECT_UNKNOWN) {
      event->thread = (uint32_t) slot->target;
      break;
    }
    /* fall through */
  case LS_TARGET_OBJECT:
  case LS_TARGET_OBJECT_OPT:
    if (slot->object > LS_OBJECT_UNKNOWN && slot->object < LS_OBJECT_N) {
      int64_t initial = event->ev == LS_EV_INIT ? (int64_t) slot->arg : -1;
      event->obj = ls_image_names_use (names, event->ev, (LsObjectKind) slot->object, slot->target,
                                       slot->site, initial);
      return event->obj != 0;
    }
    break;
  default:
    break;
  }
  return true;
}

/* The rest of what a kind of event says; see slot.h. */
static void
fill_details (LsImageNames *names,
              const LsRecord *record,
              char text[LS_SLOT_TEXT_MAX + 1],
              LsLineEvent *event)
{
  const LsSlot *slot = record->slot;
  switch (event->ev) {
  case LS_EV_WAIT:
    if (record->slot_count > 1) {
      LsSlotWith with;
      memcpy (&with, slot + 1, sizeof with);
      if (with.with_object > LS_OBJECT_UNKNOWN && with.with_object < LS_OBJECT_N)
        event->with = ls_image_names_use (names, LS_EV_WAIT, (LsObjectKind) with.with_object,
                                          with.with, slot->site, -1);
    }
    break;
  case LS_EV_COUNT:
  case LS_EV_FORK:
    event->val = (LsValue){ .type = LS_VALUE_INT, .i = (int64_t) slot->target };
    break;
  case LS_EV_SEND:
  case LS_EV_RECV:
  case LS_EV_LOST:
  case LS_EV_STALL:
    event->has_n = true;
    event->n = (int64_t) MIN (slot->target, (uint64_t) G_MAXINT64);
    break;
  case LS_EV_INIT:
    event->has_n = false; /* the count is the object's */
    break;
  default:
    break;
  }
  if (event->ev == LS_EV_BEGIN || event->ev == LS_EV_END || event->ev == LS_EV_MARK ||
      event->ev == LS_EV_COUNT)
    event->name = ls_record_read_text (record, text);
}

bool
ls_event_from_record (LsImageNames *names,
                      const LsRecord *record,
                      char text[LS_SLOT_TEXT_MAX + 1],
                      LsLineEvent *event)
{
  const LsSlot *slot = record->slot;
  guint how = slot->how & 7, order = slot->how >> 4 & 7;
  *event = (LsLineEvent){
    .tid = record->thread,
    .ev = (LsEventKind) record->kind,
    .how = how < LS_HOW_N ? (LsHow) how : LS_HOW_NONE,
    .mode = slot->how & 8 ? LS_MODE_SHARED : LS_MODE_NONE,
    .order = order < LS_ORDER_N ? (LsOrder) order : LS_ORDER_NONE,
    .has_n = slot->how >> 7,
    .n = slot->arg,
    .src = ls_image_names_site (names, slot->site & 0xffffffffffffull),
  };
  int err = (int) (slot->site >> 48);
  if (err != 0)
    event->err = strerrorname_np (err);
  bool is_access = ls_event_rows[event->ev].flags & (LS_EV_READS | LS_EV_WRITES);
  if (is_access ? !fill_access (names, record, event) : !fill_target (names, record, event))
    return false;
  fill_details (names, record, text, event);
  if (event->ev == LS_EV_START && event->src == 0)
    event->src = ls_image_names_start_site (names, record->thread);
  return true;
}
