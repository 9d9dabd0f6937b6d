/* SPDX-License-Identifier: MIT */
/* A fixture of tests that read whole traces: what came of it. */
#pragma once

#include "reader.h"

#define HEADER "{\"lockstitch\":1}\n"
#define START "{\"ts\":1,\"tid\":1,\"ev\":\"start\"}\n"
#define FINISH "{\"ts\":2,\"tid\":1,\"ev\":\"finish\"}\n"
#define FOOTER "{\"end\":2,\"events\":2,\"lost\":0,\"exit\":0}\n"

typedef struct {
  GString *seen; /* a letter a line */
  LsReadReport *report;
  GError *error;
} Reading;

void reading_set_up (Reading *reading, gconstpointer data);
void reading_tear_down (Reading *reading, gconstpointer data);
void reading_start_over (Reading *reading);

/* The LsLineFunc that notes what came; `user_data` is the Reading. */
void reading_note_line (const LsLine *line, gpointer user_data);

bool reading_read_bytes (Reading *reading, const char *bytes, gsize n);
bool reading_read_file (Reading *reading, const char *path);

/* The problems as people read them, a line each, "E" or "W" before it. */
char *reading_dup_problems (const Reading *reading);

#define READING_ADD(name, func) \
  g_test_add (name, Reading, NULL, reading_set_up, func, reading_tear_down)
