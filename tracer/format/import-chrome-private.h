/* SPDX-License-Identifier: MIT */
/* What the files of the Chrome importer share. */
#pragma once

#include "chrome-event.h"
#include "chrome-records.h"
#include "chrome-scan.h"

/* A pid or tid of late, and its id: most events have one that was just there. */
#define LS_CHROME_KEPT_BYTES 12
#define LS_CHROME_KEPT 64

typedef struct {
  char text[LS_CHROME_KEPT_BYTES];
  uint32_t n; /* 0: nothing is kept */
  uint32_t process, id;
} LsChromeKept;

typedef struct {
  LsImporter base;
  LsChromeScan scan;
  LsChromeRecords records;
  LsNameIds track_ids, process_ids, id_ids;
  LsChromeKept kept_process, kept_threads[LS_CHROME_KEPT];
  GString *key;          /* scratch */
  uint64_t n_by_ph[256]; /* events of a phase that has no place in a trace */
  uint64_t n_used;
  uint64_t max_records, max_name_bytes; /* what memory has room for, */
  uint64_t n_left_out, full_line;       /* and events that came after that, from this line on */
  /* Of the event. */
  LsChromeEvent event;
  LsChromeField cat; /* empty when it is not said */
  guint64 line, number;
} LsChromeImporter;

void ls_chrome_complain (LsChromeImporter *chrome, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* -- Of the event -- */

static inline const LsChromeField *
ls_chrome_get_field (const LsChromeImporter *chrome, LsChromeKey key)
{
  return &chrome->event.fields[key];
}

/* An empty one when there is no text. */
static inline LsChromeField
ls_chrome_get_text (const LsChromeImporter *chrome, LsChromeKey key, const char *otherwise)
{
  const LsChromeField *field = ls_chrome_get_field (chrome, key);
  return field->kind == LS_CHROME_TEXT
           ? *field
           : (LsChromeField){ .text = otherwise, .n = (uint32_t) strlen (otherwise) };
}

static inline void
ls_chrome_append (GString *key, LsChromeField field)
{
  gsize n = key->len;
  if (field.n == 0)
    return; /* perhaps without a text */
  if (n + field.n < key->allocated_len) {
    memcpy (key->str + n, field.text, field.n);
    key->len = n + field.n;
  } else {
    g_string_append_len (key, field.text, field.n);
  }
}

/* The ids of its process and thread, and of the track of a key that nothing else has: 't' a thread, 'a'
 * what is asynchronous of a category, 'c' counters. 0 after a complaint. */
uint32_t ls_chrome_get_process (LsChromeImporter *chrome);
uint32_t ls_chrome_get_thread (LsChromeImporter *chrome);
uint32_t ls_chrome_get_track (LsChromeImporter *chrome, char sort, LsChromeField name);

/* Makes records of the event. */
void ls_chrome_take_event (LsChromeImporter *chrome);
