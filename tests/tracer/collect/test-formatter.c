/* SPDX-License-Identifier: MIT */
/* Lines made later, and by several threads, are those that would be made at once, in the same order. */
#include <string.h>

#include "formatter.h"
#include "writer.h"

#define N_BATCHES 300
#define N_EVENTS 200

typedef struct {
  GString *expected, *written;
  guint n_held, n_back;
} Result;

static void
write_bytes (gpointer owner, const char *bytes, gsize n_bytes)
{
  Result *result = owner;
  g_string_append_len (result->written, bytes, (gssize) n_bytes);
}

static void
give_back (GArray *held, gpointer data)
{
  Result *result = data;
  for (guint i = 0; i < held->len; i++)
    g_assert_cmpuint (g_array_index (held, uint32_t, i), ==, result->n_back++);
}

static LsLineEvent
make_event (guint number)
{
  LsLineEvent event = { .ts_ns = number * INT64_C (1000003),
                        .tid = 1 + number % 3,
                        .obj = number % 5,
                        .src = number % 7,
                        .ev = LS_EV_ACQUIRE };
  switch (number % 11) {
  case 0:
    event.has_n = true;
    event.n = number % 2 ? number : INT64_C (1) << 40;
    break;
  case 1:
    event.mode = LS_MODE_SHARED;
    event.how = LS_HOW_TRY;
    break;
  case 2:
    event.ev = LS_EV_WRITE;
    event.val = (LsValue){ .type = LS_VALUE_INT, .i = -(int) number };
    event.order = LS_ORDER_RELEASE;
    break;
  case 3:
    event.ev = LS_EV_MARK;
    event.name = "a mark";
    break;
  case 4:
    event.ev = LS_EV_WAIT;
    event.with = 4;
    event.thread = number % 2;
    break;
  case 5:
    event.ev = LS_EV_FAIL;
    event.err = "EBUSY";
    break;
  default:
    break;
  }
  return event;
}

static void
add_batch (LsLines *lines, guint number, GString *expected)
{
  for (guint i = 0; i < number % N_EVENTS; i++) {
    LsLineEvent event = make_event (number * N_EVENTS + i);
    if (i % 13 == 7) {
      LsLine line = { .kind = LS_LINE_THREAD, .thread = { .id = i, .name = "thread" } };
      ls_write_line (lines->text, &line);
      ls_write_line (expected, &line);
    }
    ls_lines_add (lines, &event);
    ls_write_event (expected, &event);
  }
}

static void
run (guint n_threads, LsPacking packing)
{
  Result result = { .expected = g_string_new (NULL), .written = g_string_new (NULL) };
  LsFormatter *formatter = ls_formatter_new (packing, write_bytes);
  LsLines lines;
  ls_lines_init (&lines);
  if (n_threads > 0)
    ls_formatter_start (formatter, n_threads, give_back, &result);
  g_autoptr (GArray) held = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  for (guint i = 0; i < N_BATCHES; i++) {
    add_batch (&lines, i, result.expected);
    ls_formatter_take (formatter, &lines, &result);
    g_assert_cmpuint (ls_lines_get_size (&lines), ==, 0);
    for (guint k = 0; k < i % 4; k++, result.n_held++)
      g_array_append_val (held, result.n_held);
    if (!ls_formatter_hold (formatter, held)) {
      give_back (held, &result);
      g_array_set_size (held, 0);
    }
    g_assert_cmpuint (held->len, ==, 0);
  }
  ls_formatter_finish (formatter);
  g_assert_cmpuint (result.n_back, ==, result.n_held);
  if (packing == LS_PACKING_NONE)
    g_assert_cmpmem (result.written->str, result.written->len, result.expected->str,
                     result.expected->len);
  else
    g_assert_true (ls_packing_find (result.written->str, result.written->len) == packing);
  ls_lines_clear (&lines);
  ls_formatter_free (formatter);
  g_string_free (result.expected, TRUE);
  g_string_free (result.written, TRUE);
}

static void
test_at_once (void)
{
  run (0, LS_PACKING_NONE);
}

static void
test_threads (void)
{
  run (1, LS_PACKING_NONE);
  run (4, LS_PACKING_NONE);
}

static void
test_packed (void)
{
  run (0, LS_PACKING_ZSTD);
  run (3, LS_PACKING_GZIP);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/formatter/at-once", test_at_once);
  g_test_add_func ("/formatter/threads", test_threads);
  g_test_add_func ("/formatter/packed", test_packed);
  return g_test_run ();
}
