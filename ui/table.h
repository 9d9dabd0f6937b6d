/* SPDX-License-Identifier: MIT */
/* What the lists below the timeline show: their columns, as plain functions of trace and row. */
#pragma once

#include "session.h"

G_BEGIN_DECLS

typedef struct {
  LsTrace *trace;
  GPtrArray *findings;
} LsTableSource;

typedef struct {
  const char *title; /* to be translated */
  int width_px;      /* at least; the last column takes the rest */
  bool is_number;    /* set to the right, in figures of one width */
  char *(*dup_text) (const LsTableSource *source, guint32 row);
  /* What to sort by; NULL: the text. Any thread. */
  double (*get_key) (const LsTableSource *source, guint32 row);
  /* Style class of the cell; may be NULL. */
  const char *(*get_class) (const LsTableSource *source, guint32 row);
} LsTableColumn;

typedef struct {
  const char *name;  /* "findings" */
  const char *title; /* to be translated */
  const char *empty; /* said when there is no row; to be translated */
  const LsTableColumn *columns;
  guint n_columns;
  bool in_view; /* rows are events: those in view unless all are asked for */
  /* All rows, in their own order. Owned by the caller: guint32. NULL: 0 .. number of events. */
  GArray *(*dup_rows) (const LsTableSource *source);
  /* The row that the session has selected, LS_NONE; and selecting one. */
  guint32 (*get_selected) (LsSession *session);
  void (*pick) (LsSession *session, guint32 row);
} LsTable;

extern const LsTable ls_table_findings, ls_table_events, ls_table_threads, ls_table_locks,
  ls_table_values;

G_END_DECLS
