/* SPDX-License-Identifier: MIT */
/* Names in this program itself, and in modules that tell less. */
#include <dlfcn.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "naming.h"
#include "own-modules.h"
#include "symbols.h"

typedef struct {
  int count;
  pthread_mutex_t mutex;
  union {
    int plain;
    float real;
  };
} Shard;

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static Shard shards[5];
static struct {
  Shard *next;
  struct {
    pthread_cond_t ready;
    int grid[3][4];
  } queue;
} pool;

static LsModules *modules;
static LsSymbols *symbols;

static void
reload_modules (void)
{
  g_autofree char *own = own_modules_dup_text ();
  g_autofree char *text = g_strconcat ("nonsense\n12 zz\n", own, NULL);
  g_clear_pointer (&modules, ls_modules_unref);
  modules = ls_modules_new (text, 0);
}

static void
check_variable (const volatile void *address, const char *expected)
{
  g_autofree char *name = ls_symbols_find_variable (symbols, modules, (uintptr_t) address);
  g_assert_cmpstr (name, ==, expected);
}

static void
test_variables (void)
{
  static int calls;
  check_variable (&log_lock, "log_lock");
  check_variable (&shards[3].mutex, "shards[3].mutex");
  check_variable (&shards[4].count, "shards[4].count");
  check_variable (&shards[1].plain, "shards[1].plain");
  check_variable (&pool.queue.ready, "pool.queue.ready");
  check_variable (&pool.queue.grid[2][1], "pool.queue.grid[2][1]");
  check_variable ((char *) &pool.queue.grid[2][1] + 1, "pool.queue.grid[2][1]+1");
  check_variable (&calls, "test_variables()::calls");
}

static void
test_nowhere (void)
{
  int local = 0;
  g_autofree int *heap = g_new0 (int, 1);
  check_variable (&local, NULL);
  check_variable (heap, NULL);
  g_assert_null (ls_symbols_find_frames (symbols, modules, (uintptr_t) heap));
  g_assert_null (ls_symbols_find_frames (symbols, modules, 0));
}

static uint64_t inlined_pc;

static inline __attribute__ ((always_inline)) int
inner (void)
{
  inlined_pc = ({
    void *here;
    __asm__ volatile("" ::: "memory");
  here_label:
    here = &&here_label;
    (uint64_t) (uintptr_t) here;
  });
  return 0;
}

static __attribute__ ((noinline)) void *
outer (int *line)
{
  inner ();
  *line = __LINE__ + 1;
  return __builtin_extract_return_addr (__builtin_return_address (0));
}

static void
test_frames (void)
{
  int line;
  void *site = outer (&line);
  const int call_line = __LINE__ - 1;
  g_autoptr (GPtrArray) frames =
    ls_symbols_find_frames (symbols, modules, (uint64_t) (uintptr_t) site - 1);
  g_assert_nonnull (frames);
  g_autoptr (GPtrArray) again =
    ls_symbols_find_frames (symbols, modules, (uint64_t) (uintptr_t) site - 1);
  g_assert_true (again == frames); /* looked up once */
  const LsFrame *frame = frames->pdata[0];
  g_assert_cmpstr (frame->function, ==, "test_frames");
  g_assert_true (g_str_has_suffix (frame->file, "/test-symbols.c"));
  g_assert_true (g_path_is_absolute (frame->file));
  g_assert_cmpuint (frame->line, ==, call_line);
}

static void
test_inlined (void)
{
  int line;
  outer (&line);
  g_autoptr (GPtrArray) frames = ls_symbols_find_frames (symbols, modules, inlined_pc);
  g_assert_nonnull (frames);
  g_assert_cmpuint (frames->len, ==, 2);
  const LsFrame *first = frames->pdata[0], *second = frames->pdata[1];
  g_assert_cmpstr (first->function, ==, "inner");
  g_assert_cmpstr (second->function, ==, "outer");
  g_assert_cmpuint (second->line, ==, line - 2);
}

static void
test_without_dwarf (gconstpointer data)
{
  const char *path = data;
  void *module = dlopen (path, RTLD_NOW);
  g_assert_nonnull (module);
  reload_modules ();
  int *table = dlsym (module, "nameless_table");
  void *function = dlsym (module, "nameless_call");
  check_variable (&table[0], "nameless_table");
  check_variable (&table[3], "nameless_table+12");
  g_autoptr (GPtrArray) frames =
    ls_symbols_find_frames (symbols, modules, (uintptr_t) function + 1);
  const LsFrame *frame = frames->pdata[0];
  g_assert_cmpstr (frame->function, ==, "nameless_call");
  g_assert_null (frame->file);
  /* What no symbol covers: the ELF header. */
  Dl_info info;
  g_assert_cmpint (dladdr (function, &info), !=, 0);
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *expected = g_strconcat (base, "+0x4", NULL);
  check_variable ((char *) info.dli_fbase + 4, expected);
  dlclose (module);
}

static void
test_missing_file (void)
{
  g_autoptr (LsModules) gone = ls_modules_new ("1000 2000 1000 - /nowhere/prog\n", 0);
  g_autofree char *name = ls_symbols_find_variable (symbols, gone, 0x1800);
  g_assert_cmpstr (name, ==, "prog+0x800");
  g_autoptr (GPtrArray) frames = ls_symbols_find_frames (symbols, gone, 0x1900);
  const LsFrame *frame = frames->pdata[0];
  g_assert_cmpstr (frame->function, ==, "prog+0x900");
  g_assert_false (frame->has_symbol);
}

static void
test_queue (void)
{
  g_autoptr (LsNaming) naming = ls_naming_new (-1);
  LsNamingQueue *queue = ls_naming_queue_new (naming);
  ls_naming_ask (queue, LS_ASK_OBJECT, 1, (uintptr_t) &log_lock); /* no modules yet */
  g_autofree char *text = own_modules_dup_text ();
  g_autoptr (LsModules) own = ls_modules_new (text, 0);
  ls_naming_queue_set_modules (queue, own);
  ls_naming_ask (queue, LS_ASK_OBJECT, 2, (uintptr_t) &log_lock);
  ls_naming_ask (queue, LS_ASK_SITE, 3, (uintptr_t) test_queue + 1);
  for (uint32_t id = 1; id <= 3; id++) {
    g_autoptr (LsAsk) ask = ls_naming_take (queue, 60 * G_USEC_PER_SEC);
    g_assert_nonnull (ask);
    g_assert_cmpuint (ask->id, ==, id);
    g_assert_cmpstr (ask->name, ==, id == 2 ? "log_lock" : NULL);
    g_assert_true ((ask->frames != NULL) == (id == 3));
  }
  g_assert_null (ls_naming_take (queue, 60 * G_USEC_PER_SEC)); /* nothing is out: at once */
  ls_naming_ask (queue, LS_ASK_OBJECT, 4, 0);
  ls_naming_queue_free (queue);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  symbols = ls_symbols_new ();
  reload_modules ();
  g_test_add_func ("/symbols/variables", test_variables);
  g_test_add_func ("/symbols/nowhere", test_nowhere);
  g_test_add_func ("/symbols/frames", test_frames);
  g_test_add_func ("/symbols/inlined", test_inlined);
  g_test_add_data_func ("/symbols/no-debug", g_getenv ("LS_TEST_NO_DEBUG"), test_without_dwarf);
  g_test_add_data_func ("/symbols/stripped", g_getenv ("LS_TEST_STRIPPED"), test_without_dwarf);
  g_test_add_func ("/symbols/missing-file", test_missing_file);
  g_test_add_func ("/symbols/queue", test_queue);
  int result = g_test_run ();
  ls_symbols_free (symbols);
  ls_modules_unref (modules);
  return result;
}
