/* SPDX-License-Identifier: MIT */
/* Values: what accesses tell of them, what atomics order, and how values read and compare. */
#include "inline.h"

#define OPEN(lines) g_autoptr (LsTrace) trace = inline_open (lines)

static void
test_values (void)
{
  OPEN ("{'object':1,'kind':'value','size':8}\n"
        "{'ts':1,'tid':1,'ev':'write','obj':1,'val':5,'old':4}\n"
        "{'ts':2,'tid':1,'ev':'write','obj':1,'val':9,'off':4,'size':4}\n"
        "{'ts':3,'tid':1,'ev':'read','obj':1}\n"
        "{'ts':4,'tid':1,'ev':'destroy','obj':1}\n"
        "{'ts':5,'tid':1,'ev':'write','obj':1,'val':'0xffffffffffffffffff'}\n"
        "{'ts':6,'tid':2,'ev':'update','obj':2,'val':1.5,'old':'nan'}\n");
  LsValue value;
  LsEvent event;
  uint32_t access;
  g_assert_true (ls_trace_get_value (trace, 0, 2, &value, &access));
  g_assert_cmpuint (access, ==, 0); /* a part does not tell the whole */
  g_assert_cmpint (value.i, ==, 5);
  g_assert_false (ls_trace_get_value (trace, 0, 3, &value, &access));
  g_assert_true (ls_trace_get_value (trace, 0, 4, &value, &access));
  ls_trace_get_event (trace, 0, &event);
  g_assert_cmpint (event.old.i, ==, 4);
  ls_trace_get_event (trace, 1, &event);
  g_assert_true (event.has_part);
  g_assert_cmpuint (event.off, ==, 4);
  ls_trace_get_event (trace, 5, &event);
  g_assert_cmpfloat (event.val.f, ==, 1.5);
  const LsObject *undeclared = ls_trace_get_object (trace, 1);
  g_assert_cmpint (undeclared->kind, ==, LS_OBJECT_VALUE);
  g_assert_cmpstr (undeclared->name, ==, "value 2");
  g_assert_cmpuint (undeclared->n_reads, ==, 1);
  g_assert_cmpuint (undeclared->n_writes, ==, 1);
  g_assert_cmpuint (ls_trace_get_object (trace, 0)->n_writes, ==, 3);
}

/* Which store a load saw is told by the place in the modification order. */
static void
test_atomics (void)
{
  OPEN ("{'object':1,'kind':'value'}\n"
        "{'ts':1,'tid':1,'ev':'store','obj':1,'val':1,'order':'release','n':1}\n"
        "{'ts':2,'tid':2,'ev':'update','obj':1,'val':2,'old':1,'order':'relaxed','n':2}\n"
        "{'ts':3,'tid':3,'ev':'load','obj':1,'val':2,'order':'acquire','n':2}\n"
        "{'ts':4,'tid':2,'ev':'store','obj':1,'val':3,'order':'relaxed','n':3}\n"
        "{'ts':5,'tid':3,'ev':'load','obj':1,'val':3,'order':'acquire','n':3}\n"
        "{'ts':6,'tid':3,'ev':'load','obj':1,'val':3,'order':'relaxed','n':1}\n"
        "{'ts':7,'tid':3,'ev':'load','obj':1,'val':3,'order':'seq_cst'}\n");
  g_assert_true (ls_trace_is_ordered_directly (trace, 0, 2)); /* the update carries it on */
  g_assert_false (ls_trace_is_ordered_directly (trace, 1, 2));
  g_assert_false (ls_trace_is_ordered_directly (trace, 0, 4)); /* another's store ended it */
  g_assert_false (ls_trace_is_ordered_directly (trace, 0, 5));
  g_assert_true (ls_trace_is_ordered_directly (trace, 0, 6)); /* no place: every releasing store */
}

static void
test_values_as_text (void)
{
  const struct {
    LsValue value;
    const char *text;
  } rows[] = {
    { { .type = LS_VALUE_INT, .i = INT64_MIN }, "-9223372036854775808" },
    { { .type = LS_VALUE_UINT, .u = UINT64_MAX }, "18446744073709551615" },
    { { .type = LS_VALUE_POINTER, .u = 0x7f10 }, "0x7f10" },
    { { .type = LS_VALUE_FLOAT, .f = 0.1 }, "0.1" },
    { { .type = LS_VALUE_FLOAT, .f = 1234567.25 }, "1234567.25" },
    { { .type = LS_VALUE_FLOAT, .f = -1.0 / 0.0 }, "-inf" },
    { { .type = LS_VALUE_TEXT, .text = "abc" }, "abc" },
    { { .type = LS_VALUE_NONE }, "" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text = ls_value_dup_text (&rows[i].value);
    g_assert_cmpstr (text, ==, rows[i].text);
    for (guint j = 0; j < G_N_ELEMENTS (rows); j++)
      g_assert_cmpint (ls_value_equal (&rows[i].value, &rows[j].value), ==, i == j);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/values/values", test_values);
  g_test_add_func ("/model/values/atomics", test_atomics);
  g_test_add_func ("/model/values/values-as-text", test_values_as_text);
  return g_test_run ();
}
