/* SPDX-License-Identifier: MIT */
/* From a record to a trace's event. Part of image. */
#pragma once

#include <stdbool.h>

#include "image-names.h"
#include "line.h"

G_BEGIN_DECLS

/* The text in a record's further slots, ended with a NUL in `buffer`. */
const char *ls_record_read_text (const LsRecord *record, char buffer[LS_SLOT_TEXT_MAX + 1]);

/* Fills in all of the event but its ts; false when it is about an object that is left out. Its ids are given out as they are met; its name is in
 * `text`. */
bool ls_event_from_record (LsImageNames *names,
                           const LsRecord *record,
                           char text[LS_SLOT_TEXT_MAX + 1],
                           LsLineEvent *event);

G_END_DECLS
