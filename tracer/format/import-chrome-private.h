/* SPDX-License-Identifier: MIT */
/* What the files of the Chrome importer share. */
#pragma once

#include "chrome-records.h"
#include "chrome-scan.h"

struct json_object;
struct json_tokener;

typedef struct {
  LsImporter base;
  LsChromeScan scan;
  LsChromeRecords records;
  LsNameIds track_ids, process_ids, id_ids;
  struct json_tokener *tokener;
  GString *key;          /* scratch */
  uint64_t n_by_ph[256]; /* events of a phase that has no place in a trace */
  uint64_t n_used;
  /* Of the event. */
  struct json_object *event;
  const char *ph, *cat;
  guint64 line, number;
} LsChromeImporter;

void ls_chrome_complain (LsChromeImporter *chrome, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Takes the event, an object with a phase. */
void ls_chrome_take_phase (LsChromeImporter *chrome);
