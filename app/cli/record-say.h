/* SPDX-License-Identifier: MIT */
/* What `lockstitch record` says at the end, on stderr. */
#pragma once

#include "program-file.h"
#include "record-run.h"

G_BEGIN_DECLS

/* `kind`: what the program's file told before it was started. False: there is no trace at all. */
bool ls_record_say (const char *program, const LsCollectorReport *report, LsProgramKind kind);

G_END_DECLS
