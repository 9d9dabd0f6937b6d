/* SPDX-License-Identifier: MIT */
/* The two ways to a Chrome event: the direct one knows the shapes of tools, and agrees with json-c. */
#include <string.h>

#include "chrome-same.h"

#define N_RANDOM 100000

/* As Lockstitch, Chrome, Perfetto's converters, LLVM and Python's viztracer write them. */
static const char *const usual[] = {
  "{\"ph\":\"X\",\"cat\":\"lockstitch.hold\",\"name\":\"main\",\"pid\":2,\"tid\":7,\"ts\":1.250,"
  "\"dur\":0.000,\"args\":{\"thread\":1,\"place\":\"a.c:3\"}}",
  "{\"args\":{\"data\":{\"url\":\"https:\\/\\/example.org\\u0026\",\"frames\":[1,[],{}]},"
  "\"src_func\":\"Run\"},\"cat\":\"toplevel,v8\",\"dur\":12,\"name\":\"a \\\"b\\\"\",\"ph\":\"X\","
  "\"pid\":7,\"tdur\":3,\"tid\":9,\"ts\":1700000000000000,\"tts\":-5}",
  "{ \"name\" : \"n\" , \"ph\" : \"b\",\n\t\"id2\" : { \"local\" : \"0x1f\" }, \"ts\" : 0.5 }",
  "{\"pid\":1,\"tid\":1,\"ts\":1,\"ph\":\"M\",\"cat\":\"\",\"name\":\"thread_name\","
  "\"args\":{\"name\":\"Stra\xc3\x9f\x65\"}}",
  "{\"ph\":\"C\",\"name\":\"heap\",\"ts\":\"3.25\",\"pid\":\"p\",\"args\":{\"a\":-1,\"b\":2.50}}",
  "{\"ph\":\"s\",\"id\":12,\"bind_id\":\"0x2\",\"flow_in\":true,\"flow_out\":false,\"s\":null}",
};

static void
test_usual (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (usual); i++)
    g_assert_true (chrome_same (usual[i], usual[i] + strlen (usual[i])));
}

static void
test_cut (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (usual); i++)
    for (gsize n = 1; n < strlen (usual[i]); n++) {
      g_autofree char *copy = g_memdup2 (usual[i], n);
      g_assert_false (chrome_same (copy, copy + n));
    }
}

/* Pieces of events that are right, wrong, or right for json-c alone. */
static const char *const keys[] = {
  "\"ph\"", "\"cat\"",        "\"name\"",    "\"pid\"",     "\"tid\"",  "\"ts\"",       "\"dur\"",
  "\"id\"", "\"bind_id\"",    "\"flow_in\"", "\"id2\"",     "\"args\"", "\"flow_out\"", "\"tts\"",
  "\"\"",   "\"n\\u0061me\"", "'ph'",        "\"na\\nme\"", "\"ph",
};
static const char *const values[] = {
  "\"X\"",
  "\"\"",
  "\"a b\"",
  "\"\\\"\\\\\\n\"",
  "\"\\u00e9\"",
  "\"\\u0000\"",
  "\"\\q\"",
  "\"\xff\"",
  "0",
  "1",
  "-0",
  "-7",
  "007",
  "1.5",
  "1.",
  ".5",
  "-0.0",
  "0.000",
  "1e3",
  "2E-400",
  "123456789012345678",
  "9223372036854775808",
  "99999999999999999999",
  "1.00000000000000000000001",
  "true",
  "false",
  "null",
  "True",
  "NaN",
  "-Infinity",
  "[]",
  "[1,{\"a\":[]}]",
  "[1,]",
  "{}",
  "{\"local\":\"1\"}",
  "{\"global\":2}",
  "{\"local\":1,\"global\":2}",
  "{\"a\":1,\"a\":2}",
  "{\"a\":\"1\",\"b\":{\"c\":\"}\"}}",
  "{\"started\":true,\"finished\":0}",
  "{\"name\":\"x\\ty\"}",
  "'x'",
  "\"\n\"",
  "\"",
  "{\"a\":1,}",
  "/**/1",
};
static const char *const spaces[] = { "", "", "", "", " ", "\n", "\t\r\n ", "\v", "/* */" };

#define PICK(array) array[g_random_int_range (0, G_N_ELEMENTS (array))]

static void
test_random (void)
{
  guint n_taken = 0;
  g_random_set_seed (1);
  for (guint i = 0; i < N_RANDOM; i++) {
    g_autoptr (GString) text = g_string_new ("{");
    for (int n = g_random_int_range (0, 6); n >= 0; n--) {
      g_string_append_printf (text, "%s%s%s:%s%s%s", PICK (spaces), PICK (keys), PICK (spaces),
                              PICK (spaces), PICK (values), PICK (spaces));
      g_string_append_c (text, n > 0 ? ',' : '}');
    }
    g_autofree char *copy = g_memdup2 (text->str, text->len);
    n_taken += chrome_same (copy, copy + text->len);
  }
  g_assert_cmpuint (n_taken, >, N_RANDOM / 50);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chrome-event/usual", test_usual);
  g_test_add_func ("/chrome-event/cut", test_cut);
  g_test_add_func ("/chrome-event/random", test_random);
  return g_test_run ();
}
