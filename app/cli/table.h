/* SPDX-License-Identifier: MIT */
/**
 * A table that is printed for people, or written as JSON or CSV for programs, from one description.
 */
#pragma once

#include <stdio.h>

#include "json-writer.h"

G_BEGIN_DECLS

typedef enum {
  LS_CELL_TEXT,
  LS_CELL_COUNT,  /* uint64_t */
  LS_CELL_NS,     /* int64_t: "1.2 ms" for people, nanoseconds for programs */
  LS_CELL_NUMBER, /* double */
} LsCellKind;

typedef struct {
  LsCellKind kind;
  const char *key;     /* for programs: "wait_max_ns" */
  const char *heading; /* for people; NULL: not shown to them */
  int gives_way;       /* where a line is too long: 1 first; 0: never */
} LsTableColumn;

typedef struct {
  const char *key;   /* for programs: "locks" */
  const char *title; /* for people */
  const LsTableColumn *columns;
  guint n_columns;
  GArray *cells; /* row after row; private */
} LsTable;

void ls_table_init (LsTable *table,
                    const char *key,
                    const char *title,
                    const LsTableColumn *columns,
                    guint n_columns);
void ls_table_clear (LsTable *table);

/* The next cell, in the order of columns, row after row; it must be of its column's kind. */
void ls_table_add_text (LsTable *table, const char *text); /* NULL: empty */
void ls_table_add_count (LsTable *table, uint64_t count);
void ls_table_add_ns (LsTable *table, int64_t ns);
void ls_table_add_number (LsTable *table, double number);
void ls_table_add_nothing (LsTable *table); /* of any kind: empty, null */

guint ls_table_get_n_rows (const LsTable *table);

/* In columns, with a heading; at most `max_rows` rows, then how many more there are. Where a line would
 * be longer than `width` letters (0: as long as it likes) columns give way, which is said, and texts are
 * cut, numbers never. */
void ls_table_print (const LsTable *table, guint max_rows, guint width, FILE *out);

/* As an array of objects under the table's key. */
void ls_table_write_json (const LsTable *table, LsJson *json);

/* RFC 4180, with a header row of the keys. */
void ls_table_write_csv (const LsTable *table, FILE *out);

G_END_DECLS
