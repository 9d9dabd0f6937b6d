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

/* Makes records of the event. */
void ls_chrome_take_event (LsChromeImporter *chrome);
