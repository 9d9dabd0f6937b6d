/* SPDX-License-Identifier: MIT */
/* Records that carry a text. */
#pragma once

#include <string.h>

#include "recorder.h"

/* Writes a record with up to LS_SLOT_TEXT_MAX bytes of `text`, cut between characters. */
static inline void
ls_put_text (LsTail tail, uint64_t target, uint64_t site, const char *text)
{
  size_t n = text ? strnlen (text, LS_SLOT_TEXT_MAX) : 0;
  if (n == LS_SLOT_TEXT_MAX) {
    n--; /* 95 bytes are kept; more, and a character may end beyond */
    while (n > 0 && ((unsigned char) text[n] & 0xc0) == 0x80)
      n--;
  }
  tail.slots = (uint8_t) (1 + (n + sizeof (LsSlot) - 1) / sizeof (LsSlot));
  if (tail.slots == 1)
    tail.slots = 2; /* an empty text is a text */
  LsSlot *slot = ls_slot (tail.slots);
  if (!slot)
    return;
  slot->ticks = ls_ticks ();
  slot->target = target;
  slot->site = site;
  char *bytes = (char *) (slot + 1);
  size_t room = (size_t) (tail.slots - 1) * sizeof (LsSlot);
  memcpy (bytes, text ? text : "", n);
  memset (bytes + n, 0, room - n);
  ls_commit (slot, tail);
}
