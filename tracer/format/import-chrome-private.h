/* SPDX-License-Identifier: MIT */
/* What the files of the Chrome importer share. */
#pragma once

#include "chrome-event.h"
#include "chrome-records.h"
#include "chrome-scan.h"

typedef struct {
  LsImporter base;
  LsChromeScan scan;
  LsChromeRecords records;
  LsNameIds track_ids, process_ids, id_ids;
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
