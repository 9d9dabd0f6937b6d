/* SPDX-License-Identifier: MIT */
/**
 * STD logs of race detectors as traces.
 *
 * Their events have an order and no times: each gets a microsecond of its own. Nothing is kept but
 * names and who holds what, so that a log of any size passes through.
 */
#include <string.h>

#include "import-private.h"
#include "parse.h"
#include "std-line.h"

#define EVENT_NS 1000

typedef struct {
  bool has_letter;      /* how its name was said: with the T that counts for nothing, */
  bool is_said;         /* and whether in the first column, which is how it is spelled */
  bool regains;         /* it waits, and gets the lock back when it goes on */
  uint32_t cond, mutex; /* what it waits on; 0: it does not */
} Thread;

typedef struct {
  uint32_t owner; /* thread id, 0: free */
  uint32_t depth;
  bool is_recursive;
} Lock;

typedef struct {
  LsImporter base;
  GString *rest; /* the start of a line that is not whole yet */
  GString *word; /* scratch */
  LsNameIds thread_ids, object_ids, source_ids;
  GArray *threads; /* Thread at id - 1 */
  GArray *locks;   /* Lock at object id - 1 */
  bool has_header;
  uint32_t src; /* of the line */
} Std;

static uint64_t
get_line (const Std *std)
{
  return std->base.report->n_lines;
}

/* -- Ids -- */

static void
say_thread (Std *std, uint32_t id, LsStdPiece name)
{
  g_autofree char *valid = g_utf8_make_valid (name.text, (gssize) name.n);
  ls_importer_put_thread (&std->base, id, valid, 0);
}

static uint32_t
get_thread (Std *std, LsStdPiece name, bool is_actor)
{
  bool is_new;
  LsStdPiece key = ls_std_thread_key (name);
  bool has_letter = key.n < name.n;
  uint32_t id = ls_name_ids_get (&std->thread_ids, key.text, key.n, &is_new);
  if (id == 0)
    return 0;
  if (is_new)
    g_array_set_size (std->threads, id);
  Thread *thread = &g_array_index (std->threads, Thread, id - 1);
  if (is_new || (is_actor && !thread->is_said && thread->has_letter != has_letter)) {
    say_thread (std, id, name);
    thread->has_letter = has_letter;
  }
  thread->is_said = thread->is_said || is_actor;
  return id;
}

/* Locks, conds and values may have the same name. */
static uint32_t
get_object (Std *std, LsObjectKind kind, LsStdPiece name)
{
  bool is_new;
  g_string_truncate (std->word, 0);
  g_string_append_c (std->word, (char) ('a' + kind));
  g_string_append_len (std->word, name.text, (gssize) name.n);
  uint32_t id = ls_name_ids_get (&std->object_ids, std->word->str, std->word->len, &is_new);
  if (is_new && id > 0) {
    const char *valid = g_ptr_array_index (std->object_ids.names, id - 1);
    ls_importer_put_object (&std->base, id, kind, valid + 1);
    g_array_set_size (std->locks, id);
  }
  return id;
}

/* "12" is line 12 of nobody knows which file; "file.c:12" says it; anything else is a name. */
static void
put_source (Std *std, uint32_t id, const char *location)
{
  LsLineSource source = { .id = id };
  const char *colon = strrchr (location, ':');
  const char *digits = colon && colon > location ? colon + 1 : location;
  guint64 line;
  g_autofree char *file = NULL;
  if (g_ascii_string_to_unsigned (digits, 10, 1, G_MAXUINT32, &line, NULL)) {
    source.line = (uint32_t) line;
    if (digits != location)
      source.file = file = g_strndup (location, (gsize) (colon - location));
  } else {
    source.func = location;
  }
  LsLine out = { .kind = LS_LINE_SOURCE, .source = source };
  std->base.func (&out, std->base.user_data);
}

static uint32_t
get_source (Std *std, LsStdPiece location)
{
  bool is_new;
  if (location.n == 0 || (location.n == 1 && location.text[0] == '0'))
    return 0;
  uint32_t id = ls_name_ids_get (&std->source_ids, location.text, location.n, &is_new);
  if (is_new && id > 0)
    put_source (std, id, g_ptr_array_index (std->source_ids.names, id - 1));
  return id;
}

/* -- Events -- */

static void
put (Std *std, LsLineEvent event)
{
  event.ts_ns = (int64_t) std->base.report->n_events * EVENT_NS;
  event.src = std->src;
  ls_importer_put_event (&std->base, &event);
}

/* Ends the wait on a monitor, if the thread is in one; a log that shows how the lock is asked for
 * again does so next. */
static void
end_wait (Std *std, uint32_t tid, bool shows_lock)
{
  Thread *thread = &g_array_index (std->threads, Thread, tid - 1);
  if (thread->cond == 0)
    return;
  put (std, (LsLineEvent){ .tid = tid, .ev = LS_EV_WAKE, .obj = thread->cond });
  if (thread->regains && !shows_lock) {
    g_array_index (std->locks, Lock, thread->mutex - 1).owner = tid;
    g_array_index (std->locks, Lock, thread->mutex - 1).depth = 1;
    put (std, (LsLineEvent){ .tid = tid, .ev = LS_EV_ACQUIRE, .obj = thread->mutex });
  }
  thread->cond = thread->mutex = 0;
}

/* A wait, if it has to. */
static void
request (Std *std, uint32_t tid, uint32_t obj)
{
  const Lock *lock = &g_array_index (std->locks, Lock, obj - 1);
  if (lock->owner != 0 && lock->owner != tid)
    put (std, (LsLineEvent){ .tid = tid, .ev = LS_EV_WAIT, .obj = obj });
}

static void
acquire (Std *std, uint32_t tid, uint32_t obj)
{
  Lock *lock = &g_array_index (std->locks, Lock, obj - 1);
  if (lock->owner == tid && !lock->is_recursive) {
    const char *name = g_ptr_array_index (std->object_ids.names, obj - 1);
    lock->is_recursive = true;
    ls_importer_put_object (&std->base, obj, LS_OBJECT_RECURSIVE, name + 1);
  }
  lock->depth = lock->owner == tid ? lock->depth + 1 : 1;
  lock->owner = tid;
  put (std, (LsLineEvent){ .tid = tid, .ev = LS_EV_ACQUIRE, .obj = obj });
}

static void
release (Std *std, uint32_t tid, uint32_t obj)
{
  Lock *lock = &g_array_index (std->locks, Lock, obj - 1);
  if (lock->depth > 0 && --lock->depth == 0)
    lock->owner = 0;
  put (std, (LsLineEvent){ .tid = tid, .ev = LS_EV_RELEASE, .obj = obj });
}

/* Most logs release the lock on a line before; in others the wait stands for that too. */
static void
wait_for_monitor (Std *std, uint32_t tid, uint32_t mutex, uint32_t cond)
{
  bool holds = g_array_index (std->locks, Lock, mutex - 1).owner == tid;
  if (holds)
    release (std, tid, mutex);
  Thread *thread = &g_array_index (std->threads, Thread, tid - 1);
  thread->cond = cond;
  thread->mutex = mutex;
  thread->regains = holds;
  put (std, (LsLineEvent){ .tid = tid, .ev = LS_EV_WAIT, .obj = cond, .with = mutex });
}

/* Tools do not look at these operands: an end is that of the last begin, whatever it says. */
static void
put_region (Std *std, uint32_t tid, const LsStdLine *line)
{
  g_autofree char *name = g_utf8_make_valid (line->operand.text, (gssize) line->operand.n);
  if (line->operation == LS_STD_END)
    put (std, (LsLineEvent){ .tid = tid, .ev = LS_EV_END });
  else
    put (std,
         (LsLineEvent){ .tid = tid, .ev = LS_EV_BEGIN, .name = name[0] ? name : "transaction" });
}

/* The event of an operation on another thread, a value or nothing. */
static bool
put_simple (Std *std, uint32_t tid, const LsStdLine *line)
{
  static const LsEventKind kinds[] = {
    [LS_STD_READ] = LS_EV_READ, [LS_STD_WRITE] = LS_EV_WRITE, [LS_STD_FORK] = LS_EV_CREATE,
    [LS_STD_JOIN] = LS_EV_JOIN, [LS_STD_DUMMY] = LS_EV_YIELD,
  };
  LsLineEvent event = { .tid = tid, .ev = kinds[line->operation] };
  switch (line->operation) {
  case LS_STD_READ:
  case LS_STD_WRITE:
    event.obj = get_object (std, LS_OBJECT_VALUE, line->operand);
    if (event.obj == 0)
      return false;
    break;
  case LS_STD_FORK:
  case LS_STD_JOIN:
    event.thread = get_thread (std, line->operand, false);
    if (event.thread == 0)
      return false;
    break;
  case LS_STD_BEGIN:
  case LS_STD_END:
    put_region (std, tid, line);
    return true;
  default:
    break;
  }
  put (std, event);
  return true;
}

/* The event of an operation on a lock or its monitor. */
static bool
put_locking (Std *std, uint32_t tid, const LsStdLine *line)
{
  bool is_notify = line->operation == LS_STD_NOTIFY || line->operation == LS_STD_NOTIFY_ALL;
  bool is_monitor = is_notify || line->operation == LS_STD_WAIT;
  uint32_t cond = is_monitor ? get_object (std, LS_OBJECT_COND, line->operand) : 0;
  uint32_t mutex = is_notify ? 0 : get_object (std, LS_OBJECT_MUTEX, line->operand);
  if ((is_monitor && cond == 0) || (!is_notify && mutex == 0))
    return false;
  switch (line->operation) {
  case LS_STD_ACQUIRE:
    acquire (std, tid, mutex);
    break;
  case LS_STD_RELEASE:
    release (std, tid, mutex);
    break;
  case LS_STD_REQUEST:
    request (std, tid, mutex);
    break;
  case LS_STD_WAIT:
    wait_for_monitor (std, tid, mutex, cond);
    break;
  default:
    put (std, (LsLineEvent){
                .tid = tid,
                .ev = line->operation == LS_STD_NOTIFY ? LS_EV_SIGNAL : LS_EV_BROADCAST,
                .obj = cond,
              });
    break;
  }
  return true;
}

static void
put_line (Std *std, const LsStdLine *line)
{
  uint32_t tid = get_thread (std, line->thread, true);
  bool is_lock_back = line->operation == LS_STD_REQUEST || line->operation == LS_STD_ACQUIRE;
  bool is_put = tid > 0;
  if (is_put) {
    std->src = get_source (std, line->location);
    end_wait (std, tid, is_lock_back);
    switch (line->operation) {
    case LS_STD_ACQUIRE:
    case LS_STD_RELEASE:
    case LS_STD_REQUEST:
    case LS_STD_WAIT:
    case LS_STD_NOTIFY:
    case LS_STD_NOTIFY_ALL:
      is_put = put_locking (std, tid, line);
      break;
    default:
      is_put = put_simple (std, tid, line);
      break;
    }
  }
  if (!is_put)
    ls_importer_add_error (&std->base, get_line (std),
                           "more threads or names than a trace can have");
}

/* -- Lines -- */

static void
take_line (LsImporter *importer, const char *bytes, gsize n)
{
  Std *std = (Std *) importer;
  std->base.report->n_lines++;
  if (n > LS_MAX_LINE_BYTES) {
    ls_importer_add_error (&std->base, get_line (std), "the line is longer than 1 MiB");
    return;
  }
  gsize n_mark = get_line (std) == 1 ? ls_sniff_mark (bytes, n) : 0;
  bytes += n_mark;
  n -= n_mark;
  while (n > 0 && g_ascii_isspace (bytes[n - 1]))
    n--;
  if (n == 0)
    return;
  LsStdLine line;
  const char *wrong = ls_std_line_parse (&line, bytes, n);
  if (wrong) {
    ls_importer_add_error (&std->base, get_line (std), "%s%s%.*s", wrong,
                           line.word.n > 0 ? ": " : "", (int) MIN (line.word.n, 64),
                           line.word.text);
    return;
  }
  if (!std->has_header)
    ls_importer_put_header (&std->base, &(LsLineHeader){ .recorder = "STD log" });
  std->has_header = true;
  put_line (std, &line);
}

static void
feed (LsImporter *importer, const char *bytes, gsize n)
{
  ls_importer_split_lines (importer, ((Std *) importer)->rest, bytes, n, take_line);
}

static bool
finish (LsImporter *importer, GError **error)
{
  Std *std = (Std *) importer;
  if (std->rest->len > 0)
    take_line (importer, std->rest->str, std->rest->len);
  if (!std->has_header) {
    g_set_error (error, LS_FORMAT_ERROR, LS_FORMAT_ERROR_NOT_A_TRACE,
                 "%s:1: not an STD log: no line is like THREAD|OPERATION(OPERAND)|LOCATION",
                 importer->name);
    return false;
  }
  ls_importer_put_footer (importer, (int64_t) importer->report->n_events * EVENT_NS);
  return true;
}

static void
init (LsImporter *importer)
{
  Std *std = (Std *) importer;
  std->rest = g_string_new (NULL);
  std->word = g_string_new (NULL);
  ls_name_ids_init (&std->thread_ids, LS_MAX_THREAD);
  ls_name_ids_init (&std->object_ids, G_MAXUINT32 - 1);
  ls_name_ids_init (&std->source_ids, G_MAXUINT32 - 1);
  std->threads = g_array_new (FALSE, TRUE, sizeof (Thread));
  std->locks = g_array_new (FALSE, TRUE, sizeof (Lock));
}

static void
clear (LsImporter *importer)
{
  Std *std = (Std *) importer;
  g_string_free (std->rest, TRUE);
  g_string_free (std->word, TRUE);
  ls_name_ids_clear (&std->thread_ids);
  ls_name_ids_clear (&std->object_ids);
  ls_name_ids_clear (&std->source_ids);
  g_array_unref (std->threads);
  g_array_unref (std->locks);
}

const LsImporterClass ls_std_importer_class = {
  .size = sizeof (Std),
  .init = init,
  .clear = clear,
  .feed = feed,
  .finish = finish,
  .feeding_share = 1,
};
