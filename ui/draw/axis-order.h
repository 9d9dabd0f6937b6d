/* SPDX-License-Identifier: MIT */
/* The columns of the Order axis: which event stands in which. */
#pragma once

#include "axis.h"

G_BEGIN_DECLS

typedef struct _LsColumns LsColumns;

LsColumns *ls_columns_new (LsTrace *trace, const guint8 *shown, GPtrArray *findings);
void ls_columns_free (LsColumns *columns);

double ls_columns_get_n (const LsColumns *columns);
const LsAxisRun *ls_columns_find_run (const LsColumns *columns, double u, guint *n);
double ls_columns_u_of_event (const LsColumns *columns, uint32_t k);
/* The event whose column this is; LS_NONE when there is no column. */
uint32_t ls_columns_event_of_u (const LsColumns *columns, double u);
double ls_columns_u_of_time (const LsColumns *columns, int64_t ts_ns);
int64_t ls_columns_time_of_u (const LsColumns *columns, double u);

G_END_DECLS
