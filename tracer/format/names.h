/* SPDX-License-Identifier: MIT */
/* Names of the kinds of kinds.def, both ways. Any thread. */
#pragma once

#include <stddef.h>

#include "kinds.h"

extern const LsEventRow ls_event_rows[LS_EV_N];
extern const LsObjectRow ls_object_rows[LS_OBJECT_N];

const char *ls_finding_kind_name (LsFindingKind kind);  /* "data-race" */
const char *ls_finding_kind_title (LsFindingKind kind); /* "Data race" */
const char *ls_severity_name (LsSeverity severity);
const char *ls_certainty_name (LsCertainty certainty);  /* "can-happen" */
const char *ls_certainty_words (LsCertainty certainty); /* "can happen" */
const char *ls_how_name (LsHow how);
const char *ls_mode_name (LsMode mode);
const char *ls_order_name (LsOrder order);
const char *ls_value_type_name (LsValueType type);

/* By name of `length` bytes; the NONE (0) member when there is no such kind. */
LsEventKind ls_event_kind_find (const char *name, size_t length);
LsObjectKind ls_object_kind_find (const char *name, size_t length);
LsHow ls_how_find (const char *name, size_t length);
LsMode ls_mode_find (const char *name, size_t length);
LsOrder ls_order_find (const char *name, size_t length);
LsValueType ls_value_type_find (const char *name, size_t length);
