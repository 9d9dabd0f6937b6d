/* SPDX-License-Identifier: MIT */
/* From slots to the lines of a trace, byte for byte. */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "drain.h"
#include "fake-thread.h"
#include "image.h"

#define START 1000

typedef struct {
  char *folder, *path;
  LsShared *shared;
  LsDrain *drain;
  LsClockMap clock;
  LsOutput output;
  LsRecording recording;
  LsTracedImage *traced;
  FakeThread one, two;
} Fixture;

static uint32_t
put_text (LsRegion *region, const char *text, gsize n_bytes)
{
  uint32_t offset = atomic_fetch_add (&region->text_used, (uint32_t) n_bytes);
  memcpy (ls_region_text (region, offset), text, n_bytes);
  return offset;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("lockstitch-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "x.trace.jsonl", NULL);
  g_assert_true (ls_output_init (&fixture->output, fixture->path, NULL));
  LsShared *shared = fixture->shared = ls_shared_new (LS_CLOCK_MONOTONIC, 64, NULL);
  ls_shared_top_up (shared, 0);
  fixture->drain = ls_drain_new (shared);
  ls_clock_map_init (&fixture->clock, LS_CLOCK_MONOTONIC);
  fixture->recording =
    (LsRecording){ .shared = shared,
                   .clock = &fixture->clock,
                   .naming = ls_naming_new (-1),
                   .output = &fixture->output,
                   .formatter = ls_formatter_new (LS_PACKING_NONE, ls_traced_image_write) };
  LsImage *image = ls_region_image (shared->region, 0);
  image->pid = 4121;
  image->start_ticks = START;
  image->program_text = put_text (shared->region, "./prog\0a b\0", 12);
  LsModulesNote note = { .ticks = START };
  note.text = put_text (shared->region, "1000 9000 1000 - /nowhere/prog\n", 32);
  put_text (shared->region, "aligned", -atomic_load (&shared->region->text_used) % 8);
  image->modules = put_text (shared->region, (const char *) &note, sizeof note);
  fixture->traced = ls_traced_image_new (&fixture->recording, 0, 0);
  fixture->one = (FakeThread){ .shared = shared, .thread = 1 };
  fixture->two = (FakeThread){ .shared = shared, .thread = 2 };
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  ls_traced_image_free (fixture->traced);
  ls_formatter_free (fixture->recording.formatter);
  ls_naming_free (fixture->recording.naming);
  ls_drain_free (fixture->drain);
  ls_shared_free (fixture->shared);
  ls_output_clear (&fixture->output);
  g_remove (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->path);
  g_free (fixture->folder);
}

/* Ends the image; gives the trace's lines. */
static char *
finish (Fixture *fixture, LsEndHow how, int code)
{
  ls_drain_scan (fixture->drain);
  ls_drain_image (fixture->drain, 0, G_MAXUINT64, 1, TRUE, G_MAXUINT, ls_traced_image_take,
                  fixture->traced);
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  while (!ls_traced_image_is_named (fixture->traced)) {
    g_assert_cmpint (g_get_monotonic_time (), <, deadline);
    g_usleep (500);
  }
  ls_traced_image_claim_main (fixture->traced);
  ls_region_image (fixture->shared->region, 0)->end_ticks = START + 500;
  ls_traced_image_finish (fixture->traced, how, code, 0);
  char *text = NULL;
  g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
  return text;
}

static void
assert_line (const char *trace, const char *line)
{
  g_autofree char *ended = g_strconcat ("\n", line, "\n", NULL);
  g_autofree char *whole = g_strconcat ("\n", trace, NULL);
  if (!strstr (whole, ended))
    g_error ("no line %s in\n%s", line, trace);
}

/* A record whose first slot is given but for its ticks, and whose others are `more`. */
static void
put_slot (FakeThread *thread, guint kind, uint64_t ticks, LsSlot slot, const void *more)
{
  guint n = more ? 2 : 1;
  LsSlot *place = fake_reserve (thread, n);
  memcpy (place, &slot, offsetof (LsSlot, mark));
  place->ticks = START + ticks;
  if (more)
    memcpy (place + 1, more, sizeof *place);
  fake_commit (place, kind, n);
}

static void
test_locks (Fixture *fixture, gconstpointer data)
{
  FakeThread *one = &fixture->one, *two = &fixture->two;
  const LsSlot mutex = { .target = 0x5000, .object = LS_OBJECT_MUTEX };
  put_slot (one, LS_EV_CREATE, 5, (LsSlot){ .target = 2, .site = 0x1234 }, NULL);
  put_slot (two, LS_SLOT_THREAD, 6, (LsSlot){ .target = 1, .arg = 4122 }, NULL);
  put_slot (one, LS_EV_ACQUIRE, 10, mutex, NULL);
  put_slot (two, LS_EV_FAIL, 11,
            (LsSlot){ .target = 0x5000,
                      .object = LS_OBJECT_MUTEX,
                      .how = LS_SLOT_HOW (LS_HOW_TRY, 0, 0, 0),
                      .site = LS_SLOT_SITE (0, EBUSY) },
            NULL);
  put_slot (one, LS_EV_WAIT, 12, (LsSlot){ .target = 0x6000, .object = LS_OBJECT_COND },
            &(LsSlotWith){ .with = 0x5000, .with_object = LS_OBJECT_MUTEX });
  put_slot (two, LS_EV_ACQUIRE, 13,
            (LsSlot){ .target = 0x7000,
                      .object = LS_OBJECT_RWLOCK,
                      .how = LS_SLOT_HOW (0, 1, 0, 0) },
            NULL);
  put_slot (one, LS_EV_INIT, 14,
            (LsSlot){ .target = 0x8000, .object = LS_OBJECT_SEMAPHORE, .arg = 3 }, NULL);
  put_slot (one, LS_EV_INIT, 15,
            (LsSlot){ .target = 0x8100, .object = LS_OBJECT_BARRIER, .arg = 4 }, NULL);
  put_slot (one, LS_EV_RELEASE, 16,
            (LsSlot){ .target = 0x8000,
                      .object = LS_OBJECT_SEMAPHORE,
                      .arg = 2,
                      .how = LS_SLOT_HOW (0, 0, 0, 1) },
            NULL);
  put_slot (one, LS_EV_WAIT, 17, (LsSlot){ .target = 2 }, NULL);
  g_autofree char *trace = finish (fixture, LS_END_SIGNAL, 9);
  g_assert_nonnull (
    strstr (trace,
            "\"pid\":4121,\"program\":[\"./prog\",\"a b\"],\"recorder\":\"" LS_VERSION "\"}\n"));
  assert_line (trace, "{\"ts\":5,\"tid\":1,\"ev\":\"create\",\"thread\":2,\"src\":1}");
  assert_line (trace, "{\"source\":1,\"func\":\"prog+0x233\"}");
  assert_line (trace, "{\"thread\":1,\"name\":\"main\",\"os\":1001}");
  assert_line (trace, "{\"thread\":2,\"os\":4122}");
  assert_line (trace, "{\"ts\":10,\"tid\":1,\"ev\":\"acquire\",\"obj\":1}");
  assert_line (trace,
               "{\"ts\":11,\"tid\":2,\"ev\":\"fail\",\"obj\":1,\"how\":\"try\",\"err\":\"EBUSY\"}");
  assert_line (trace, "{\"ts\":12,\"tid\":1,\"ev\":\"wait\",\"obj\":2,\"with\":1}");
  assert_line (trace, "{\"ts\":13,\"tid\":2,\"ev\":\"acquire\",\"obj\":3,\"mode\":\"shared\"}");
  assert_line (trace, "{\"ts\":14,\"tid\":1,\"ev\":\"init\",\"obj\":4}");
  assert_line (trace, "{\"ts\":16,\"tid\":1,\"ev\":\"release\",\"obj\":4,\"n\":2}");
  assert_line (trace, "{\"ts\":17,\"tid\":1,\"ev\":\"wait\",\"thread\":2}");
  assert_line (trace,
               "{\"object\":1,\"kind\":\"mutex\",\"name\":\"prog+0x4000\",\"addr\":\"0x5000\"}");
  assert_line (trace,
               "{\"object\":4,\"kind\":\"semaphore\",\"name\":\"prog+0x7000\",\"addr\":\"0x8000\","
               "\"initial\":3}");
  assert_line (trace,
               "{\"object\":5,\"kind\":\"barrier\",\"name\":\"prog+0x7100\",\"addr\":\"0x8100\","
               "\"parties\":4}");
  assert_line (trace, "{\"end\":500,\"events\":9,\"lost\":0,\"signal\":9}");
}

static void
put_access (Fixture *fixture,
            LsEventKind kind,
            uint64_t ticks,
            LsValueType type,
            guint bytes,
            uint64_t val,
            const uint64_t *old)
{
  LsSlotValue value = { .val = val, .type = (uint8_t) type, .has_val = 1 };
  if (old) {
    value.old = *old;
    value.has_old = 1;
  }
  put_slot (&fixture->one, kind, ticks,
            (LsSlot){ .target = 0xa000 + 16 * ticks, .arg = bytes, .object = LS_OBJECT_VALUE },
            &value);
}

static void
test_values (Fixture *fixture, gconstpointer data)
{
  double half = 0.5;
  uint64_t bits, minus_two = (uint64_t) -2;
  memcpy (&bits, &half, sizeof bits);
  put_access (fixture, LS_EV_WRITE, 1, LS_VALUE_INT, 4, 0xffffffff, &minus_two);
  put_access (fixture, LS_EV_READ, 2, LS_VALUE_UINT, 8, G_MAXUINT64, NULL);
  put_access (fixture, LS_EV_READ, 3, LS_VALUE_FLOAT, 8, bits, NULL);
  put_access (fixture, LS_EV_READ, 4, LS_VALUE_POINTER, 8, 0xdead, NULL);
  put_access (fixture, LS_EV_READ, 5, LS_VALUE_UINT, 1, 0x1ff, NULL);
  /* A part of a value that the program named. */
  LsSlot *name = fake_reserve (&fixture->one, 2);
  name->target = 0xb000;
  name->object = LS_OBJECT_VALUE;
  name->arg = 16;
  name->how = LS_VALUE_INT;
  strcpy ((char *) (name + 1), "account");
  fake_commit (name, LS_SLOT_NAME_OBJECT, 2);
  put_slot (&fixture->one, LS_EV_UPDATE, 7,
            (LsSlot){ .target = 0xb004,
                      .arg = 4,
                      .object = LS_OBJECT_VALUE,
                      .how = LS_SLOT_HOW (0, 0, LS_ORDER_ACQ_REL, 0) },
            &(LsSlotValue){ .val = 8, .old = 7, .type = LS_VALUE_INT, .has_val = 1, .has_old = 1 });
  g_autofree char *trace = finish (fixture, LS_END_EXIT, 0);
  assert_line (trace, "{\"ts\":1,\"tid\":1,\"ev\":\"write\",\"obj\":1,\"val\":-1,\"old\":-2}");
  assert_line (trace,
               "{\"ts\":2,\"tid\":1,\"ev\":\"read\",\"obj\":2,\"val\":18446744073709551615}");
  assert_line (trace, "{\"ts\":3,\"tid\":1,\"ev\":\"read\",\"obj\":3,\"val\":0.5}");
  assert_line (trace, "{\"ts\":4,\"tid\":1,\"ev\":\"read\",\"obj\":4,\"val\":\"0xdead\"}");
  assert_line (trace, "{\"ts\":5,\"tid\":1,\"ev\":\"read\",\"obj\":5,\"val\":255}");
  assert_line (trace,
               "{\"ts\":7,\"tid\":1,\"ev\":\"update\",\"obj\":6,\"val\":8,\"old\":7,\"off\":4,"
               "\"size\":4,\"order\":\"acq_rel\"}");
  assert_line (trace, "{\"object\":6,\"kind\":\"value\",\"name\":\"account\",\"addr\":\"0xb000\","
                      "\"type\":\"int\",\"size\":16}");
  assert_line (trace, "{\"end\":500,\"events\":6,\"lost\":0,\"exit\":0}");
}

static void
test_texts (Fixture *fixture, gconstpointer data)
{
  FakeThread *one = &fixture->one;
  const char *longest = "0123456789012345678901234567890123456789012345678901234567890123456789"
                        "01234567890123456789012345";
  fake_put_text (one, LS_SLOT_NAME_THREAD, START + 1, 0, "boss");
  fake_put_text (one, LS_SLOT_NAME_THREAD, START + 1, 2, "hand");
  fake_put_text (one, LS_EV_BEGIN, START + 2, 0, "task \"1\"");
  fake_put_text (one, LS_EV_MARK, START + 3, 0, longest);
  fake_put_text (one, LS_EV_COUNT, START + 4, (uint64_t) -5, "queue");
  put_slot (one, LS_EV_SEND, 5, (LsSlot){ .target = 77 }, NULL);
  put_slot (one, LS_EV_LOST, 6, (LsSlot){ .target = 12 }, NULL);
  put_slot (one, LS_EV_FORK, 7, (LsSlot){ .target = 4200 }, NULL);
  put_slot (one, LS_EV_FINISH, 8, (LsSlot){ .how = LS_SLOT_HOW (LS_HOW_EXIT, 0, 0, 0) }, NULL);
  ls_region_image (fixture->shared->region, 0)->dropped = 3;
  g_autofree char *trace = finish (fixture, LS_END_UNSEEN, 0);
  g_autofree char *mark =
    g_strdup_printf ("{\"ts\":3,\"tid\":1,\"ev\":\"mark\",\"name\":\"%s\"}", longest);
  assert_line (trace, "{\"thread\":1,\"name\":\"boss\",\"os\":1001}");
  assert_line (trace, "{\"thread\":2,\"name\":\"hand\"}");
  assert_line (trace, "{\"ts\":2,\"tid\":1,\"ev\":\"begin\",\"name\":\"task \\\"1\\\"\"}");
  assert_line (trace, mark);
  assert_line (trace, "{\"ts\":4,\"tid\":1,\"ev\":\"count\",\"val\":-5,\"name\":\"queue\"}");
  assert_line (trace, "{\"ts\":5,\"tid\":1,\"ev\":\"send\",\"n\":77}");
  assert_line (trace, "{\"ts\":6,\"tid\":1,\"ev\":\"lost\",\"n\":12}");
  assert_line (trace, "{\"ts\":7,\"tid\":1,\"ev\":\"fork\",\"val\":4200}");
  assert_line (trace, "{\"ts\":8,\"tid\":1,\"ev\":\"finish\",\"how\":\"exit\"}");
  assert_line (trace, "{\"end\":500,\"events\":7,\"lost\":15}");
}

static void
test_garbage (Fixture *fixture, gconstpointer data)
{
  /* Whatever is in the slots, lines come out, and nothing else happens. */
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  for (guint i = 0; i < 20000; i++) {
    LsSlot slots[LS_SLOT_MAX];
    for (guint k = 0; k < sizeof slots; k++)
      ((guint8 *) slots)[k] = (guint8) g_rand_int (rand);
    guint n = 1 + i % LS_SLOT_MAX;
    guint kind = i % 5 == 0 ? LS_SLOT_NAME_OBJECT + i % 3 : 1 + i % (LS_EV_N - 1);
    LsSlot *place = fake_reserve (&fixture->one, n);
    uint16_t length = atomic_load (&place->mark);
    memcpy (place, slots, n * sizeof *slots);
    atomic_store (&place->mark, length);
    place->object %= LS_OBJECT_N + 2;
    place->target &= i % 2 ? 0xfff : G_MAXUINT64;
    fake_commit (place, kind, n);
    if (i % 1000 == 0) {
      ls_drain_scan (fixture->drain);
      ls_drain_image (fixture->drain, 0, G_MAXUINT64, 1, FALSE, G_MAXUINT, ls_traced_image_take,
                      fixture->traced);
    }
  }
  g_autofree char *trace = finish (fixture, LS_END_UNSEEN, 0);
  g_assert_true (g_str_has_suffix (trace, "}\n"));
  g_assert_true (g_utf8_validate (trace, -1, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/image/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("locks", test_locks);
  ADD ("values", test_values);
  ADD ("texts", test_texts);
  ADD ("garbage", test_garbage);
  return g_test_run ();
}
