/* SPDX-License-Identifier: MIT */
/* Lives of addresses, running numbers, and the table beneath. */
#include "numbered.h"
#include "objects.h"

static uint32_t
use (LsObjects *objects, LsEventKind event, LsObjectKind kind, uint64_t address)
{
  bool is_new;
  return ls_objects_use (objects, event, kind, address, &is_new);
}

static void
test_lives (void)
{
  LsObjects objects;
  ls_objects_init (&objects);
  /* A static lock has no init. */
  uint32_t first = use (&objects, LS_EV_ACQUIRE, LS_OBJECT_MUTEX, 0x1000);
  g_assert_cmpuint (use (&objects, LS_EV_RELEASE, LS_OBJECT_MUTEX, 0x1000), ==, first);
  /* init begins another; so does what comes after destroy, and a change of kind. */
  uint32_t second = use (&objects, LS_EV_INIT, LS_OBJECT_MUTEX, 0x1000);
  g_assert_cmpuint (second, !=, first);
  g_assert_cmpuint (use (&objects, LS_EV_ACQUIRE, LS_OBJECT_MUTEX, 0x1000), ==, second);
  g_assert_cmpuint (use (&objects, LS_EV_DESTROY, LS_OBJECT_MUTEX, 0x1000), ==, second);
  uint32_t third = use (&objects, LS_EV_ACQUIRE, LS_OBJECT_MUTEX, 0x1000);
  g_assert_cmpuint (third, !=, second);
  uint32_t fourth = use (&objects, LS_EV_WAIT, LS_OBJECT_SEMAPHORE, 0x1000);
  g_assert_cmpuint (fourth, !=, third);
  ls_objects_clear (&objects);
}

static void
test_names_before_use (void)
{
  LsObjects objects;
  ls_objects_init (&objects);
  uint32_t named = ls_objects_name (&objects, LS_OBJECT_LOCK, 0x1000, 0, LS_VALUE_NONE);
  g_assert_cmpuint (use (&objects, LS_EV_INIT, LS_OBJECT_RECURSIVE, 0x1000), ==, named);
  g_assert_cmpuint (ls_objects_get (&objects, named)->kind, ==, LS_OBJECT_RECURSIVE);
  g_assert_cmpuint (ls_objects_name (&objects, LS_OBJECT_LOCK, 0x1000, 0, LS_VALUE_NONE), ==,
                    named);
  ls_objects_clear (&objects);
}

static void
test_values (void)
{
  LsObjects objects;
  ls_objects_init (&objects);
  uint32_t offset;
  bool is_new;
  uint32_t whole = ls_objects_name (&objects, LS_OBJECT_VALUE, 0x1000, 16, LS_VALUE_INT);
  g_assert_cmpuint (ls_objects_access (&objects, 0x1008, 4, LS_VALUE_INT, &offset, &is_new), ==,
                    whole);
  g_assert_cmpuint (offset, ==, 8);
  g_assert_true (is_new);
  g_assert_cmpuint (ls_objects_access (&objects, 0x1000, 4, LS_VALUE_INT, &offset, &is_new), ==,
                    whole);
  g_assert_false (is_new);
  uint32_t other = ls_objects_access (&objects, 0x1010, 4, LS_VALUE_INT, &offset, &is_new);
  g_assert_cmpuint (other, !=, whole);
  /* A wider access makes it larger. */
  g_assert_cmpuint (ls_objects_access (&objects, 0x1010, 8, LS_VALUE_INT, &offset, &is_new), ==,
                    other);
  g_assert_true (is_new);
  g_assert_cmpuint (ls_objects_get (&objects, other)->bytes, ==, 8);
  ls_objects_clear (&objects);
}

/* A guard of a C++ static local variable: a once whose release stores it. */
static void
test_lock_that_is_a_value (void)
{
  LsObjects objects;
  ls_objects_init (&objects);
  uint32_t offset;
  bool is_new;
  uint32_t once = use (&objects, LS_EV_ACQUIRE, LS_OBJECT_ONCE, 0x1000);
  uint32_t value = ls_objects_access (&objects, 0x1000, 1, LS_VALUE_UINT, &offset, &is_new);
  g_assert_cmpuint (value, !=, once);
  g_assert_cmpuint (use (&objects, LS_EV_RELEASE, LS_OBJECT_ONCE, 0x1000), ==, once);
  g_assert_cmpuint (ls_objects_access (&objects, 0x1000, 1, LS_VALUE_UINT, &offset, &is_new), ==,
                    value);
  ls_objects_clear (&objects);
}

static void
test_id_map (void)
{
  LsIdMap id_map;
  ls_id_map_init (&id_map);
  for (uint32_t i = 1; i <= 100000; i++)
    ls_id_map_set (&id_map, (uint64_t) i << 12, i);
  for (uint32_t i = 1; i <= 100000; i++)
    g_assert_cmpuint (ls_id_map_find (&id_map, (uint64_t) i << 12), ==, i);
  g_assert_cmpuint (ls_id_map_find (&id_map, 1), ==, 0);
  ls_id_map_set (&id_map, 4096, 7);
  g_assert_cmpuint (ls_id_map_find (&id_map, 4096), ==, 7);
  ls_id_map_clear (&id_map);
}

static void
note_name (uint32_t id, const char *name, gpointer data)
{
  g_string_append_printf (data, "%u=%s ", id, name);
}

static void
test_numbered (void)
{
  LsNumbered numbered;
  ls_numbered_init (&numbered, '-');
  g_autoptr (GString) names = g_string_new (NULL);
  ls_numbered_add (&numbered, "worker", 3, note_name, names);
  ls_numbered_add (&numbered, "reader", 4, note_name, names);
  ls_numbered_add (&numbered, "worker", 6, note_name, names);
  g_assert_cmpstr (names->str, ==, "3=worker 4=reader 3=worker-1 6=worker-2 ");
  g_string_truncate (names, 0);
  ls_numbered_add (&numbered, "worker", 5, note_name, names);
  ls_numbered_settle (&numbered, note_name, names);
  g_assert_cmpstr (names->str, ==, "5=worker-2 6=worker-3 ");
  ls_numbered_clear (&numbered);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/objects/lives", test_lives);
  g_test_add_func ("/objects/names-before-use", test_names_before_use);
  g_test_add_func ("/objects/values", test_values);
  g_test_add_func ("/objects/lock-that-is-a-value", test_lock_that_is_a_value);
  g_test_add_func ("/objects/id-map", test_id_map);
  g_test_add_func ("/objects/numbered", test_numbered);
  return g_test_run ();
}
