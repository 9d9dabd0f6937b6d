/* SPDX-License-Identifier: MIT */
/* Traces and scenes that the tests of the drawing share. */
#pragma once

#include "paint.h"

G_BEGIN_DECLS

/* A trace of these lines (without header); fails the test when it does not open. */
LsTrace *test_open (const char *lines);
/* data/samples/NAME.trace.jsonl */
LsTrace *test_open_sample (const char *name);
/* Random events of all kinds, as random as the reader lets through: locks taken twice, waits that
 * never end, threads without start, equal stamps, gaps of a second. */
LsTrace *test_open_random (GRand *rand, guint n_events, guint n_threads, guint n_objects);
/* A finding of these events (ending with LS_NONE), each a step. */
LsFinding *test_finding_of (LsTrace *trace, LsFindingKind kind, const uint32_t *events);
/* The lost update of the mock-up's trace, and its data race as a child. */
GPtrArray *test_findings_of_mockup (LsTrace *trace);
/* A new scene with these findings (may be NULL), this wide. */
LsScene *test_scene (LsTrace *trace, GPtrArray *findings, double width);

/* The lanes of a scene on an image, with ground; labels too when `labels`. */
cairo_surface_t *test_paint (LsScene *scene, bool labels);
/* The pixel at x, y, without alpha. */
guint32 test_pixel (cairo_surface_t *surface, int x, int y);
/* Whether the pixel is about this colour. */
bool test_is_color (guint32 pixel, LsColor color);

G_END_DECLS
