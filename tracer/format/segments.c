/* SPDX-License-Identifier: MIT */
/**
 * Reads a trace on several threads.
 *
 * A worker takes the next block of whole lines off the input, in turn with the others, into a buffer
 * of its own, and parses it while they take theirs. The calling thread puts what came of the blocks
 * together in the file's order, and workers do what is left of that, while it is in their caches. Only so many parts are under way at a time that memory is bounded
 * when the calling thread is the slow one. The locks are pthread's, which TSan knows, not GLib's.
 */
#include "segments.h"

#include <pthread.h>

#include "stretch.h"

/* What costs more to hand to a thread than to read is read at once: small files are. */
#define FIRST_BYTES (256 * 1024)
#define BLOCK_BYTES (512 * 1024)
#define MAX_WORKERS 64

/* What comes of a block. */
typedef struct {
  LsStretch stretch;
  gpointer segment; /* the sink's */
  bool has_begun, is_done, is_last;
  double fraction;
  GError *error; /* instead of all else: the input could not be read */
} Part;

typedef struct {
  const LsSegmentReading *reading;
  pthread_mutex_t
    input_lock; /* held while a block is taken, so parts are numbered in the file's order */
  LsCutter cutter;
  Part *parts; /* a ring */
  guint n_parts;

  pthread_mutex_t lock; /* of what follows and of is_done */
  pthread_cond_t changed;
  GPtrArray *ended; /* segments, to be settled */
  uint64_t n_taken, n_merged;
  bool is_over; /* nothing more is to be taken */

  LsStretch whole; /* the calling thread's: what was merged */
} Pool;

/* reading */

/* Returns: whether there is one to be taken and room for what comes of it. */
static bool
wait_for_room (Pool *pool)
{
  pthread_mutex_lock (&pool->lock);
  while (!pool->is_over && pool->n_taken - pool->n_merged == pool->n_parts)
    pthread_cond_wait (&pool->changed, &pool->lock);
  bool is_over = pool->is_over;
  pthread_mutex_unlock (&pool->lock);
  return !is_over;
}

/* Returns: (nullable) the part that the block is; NULL when nothing is left. */
static Part *
take_part (Pool *pool, char *buffer, LsBlock *block)
{
  Part *part = NULL;

  pthread_mutex_lock (&pool->input_lock);
  if (wait_for_room (pool)) {
    part = &pool->parts[pool->n_taken % pool->n_parts];
    part->is_last = !ls_cutter_next (&pool->cutter, buffer, block, &part->error) || block->is_last;
    part->fraction = block->fraction;
    pthread_mutex_lock (&pool->lock);
    pool->n_taken++;
    pool->is_over = pool->is_over || part->is_last;
    pthread_mutex_unlock (&pool->lock);
  }
  pthread_mutex_unlock (&pool->input_lock);
  return part;
}

/* Settles one segment, if there is one. */
static bool
settle_one (Pool *pool)
{
  const LsSegmentReading *reading = pool->reading;
  gpointer segment = NULL;

  pthread_mutex_lock (&pool->lock);
  if (pool->ended->len > 0)
    segment = g_ptr_array_steal_index_fast (pool->ended, 0);
  pthread_mutex_unlock (&pool->lock);
  if (segment)
    reading->sink->settle (segment, reading->user_data);
  return segment != NULL;
}

/* The account is kept on the stack meanwhile: those of neighbours, which other threads keep, would
 * share its cache lines. */
static void
take_lines (LsStretch *stretch, LsParser *parser, const LsBlock *block, const LsLineSink *sink)
{
  LsReadReport *kept = stretch->report;
  LsReadReport report = *kept;
  LsStretch own = *stretch;

  own.report = &report;
  ls_stretch_take_lines (&own, parser, block, sink);
  *kept = report;
  *stretch = own;
  stretch->report = kept;
}

static void
read_part (Pool *pool, Part *part, LsParser *parser, const LsBlock *block)
{
  const LsSegmentReading *reading = pool->reading;

  if (!part->error && block->n > 0) {
    if (!part->has_begun)
      part->segment = reading->sink->begin (reading->user_data);
    part->has_begun = true;
    LsLineSink sink = { reading->sink->line, part->segment };
    take_lines (&part->stretch, parser, block, &sink);
  }
  pthread_mutex_lock (&pool->lock);
  part->is_done = true;
  pthread_cond_broadcast (&pool->changed);
  pthread_mutex_unlock (&pool->lock);
}

static gpointer
work (gpointer data)
{
  Pool *pool = data;
  g_autoptr (LsParser) parser = ls_parser_new ();
  g_autofree char *buffer = g_malloc (ls_cutter_get_room (&pool->cutter));
  LsBlock block = { 0 };
  Part *part;

  for (;;) {
    while (settle_one (pool))
      ;
    if (!(part = take_part (pool, buffer, &block)))
      return NULL;
    read_part (pool, part, parser, &block);
  }
}

/* merging, on the calling thread */

static Part *
wait_for_part (Pool *pool)
{
  Part *part = &pool->parts[pool->n_merged % pool->n_parts];

  pthread_mutex_lock (&pool->lock);
  while (!part->is_done)
    pthread_cond_wait (&pool->changed, &pool->lock);
  pthread_mutex_unlock (&pool->lock);
  return part;
}

static void
reset_part (Part *part)
{
  LsReadReport *report = part->stretch.report;

  g_clear_error (&part->error);
  ls_read_report_clear (report);
  *part = (Part){ 0 };
  ls_stretch_init (&part->stretch, report);
}

/* Hands the part to the sink and tells of it. @is_last: whether it is the last one. */
static bool
merge_part (Pool *pool, Part *part, bool *is_last, GError **error)
{
  const LsSegmentReading *reading = pool->reading;
  uint64_t first_line = pool->whole.report->n_lines + 1;
  double fraction = part->fraction;

  if (part->error) {
    g_propagate_error (error, g_steal_pointer (&part->error));
    return false;
  }
  *is_last = part->is_last;
  ls_stretch_append (&pool->whole, &part->stretch);
  gpointer segment = part->has_begun ? part->segment : NULL;
  if (segment)
    reading->sink->end (segment, first_line, reading->user_data);
  reset_part (part);
  pthread_mutex_lock (&pool->lock);
  if (segment)
    g_ptr_array_add (pool->ended, segment);
  pool->n_merged++;
  pthread_cond_broadcast (&pool->changed);
  pthread_mutex_unlock (&pool->lock);
  if (reading->progress && fraction >= 0)
    reading->progress (fraction, reading->progress_data);
  return !g_cancellable_set_error_if_cancelled (pool->cutter.input->cancellable, error);
}

static bool
merge_all (Pool *pool, GError **error)
{
  bool is_last = false;

  while (!is_last)
    if (!merge_part (pool, wait_for_part (pool), &is_last, error))
      return false;
  return true;
}

/* The first block on the calling thread, for it tells whether the bytes are a trace at all; the
 * others too when there are no workers. */
static bool
read_here (Pool *pool, bool reads_all, bool *is_last, GError **error)
{
  const LsSegmentReading *reading = pool->reading;
  g_autoptr (LsParser) parser = ls_parser_new ();
  g_autofree char *buffer = g_malloc (ls_cutter_get_room (&pool->cutter));
  bool is_first = pool->n_taken == 0;

  do {
    LsBlock block = { 0 };
    Part *part = take_part (pool, buffer, &block);
    if (is_first && !part->error) {
      part->segment = reading->sink->begin (reading->user_data);
      part->has_begun = true;
      LsLineSink sink = { reading->sink->line, part->segment };
      if (!ls_stretch_take_header (&part->stretch, parser, pool->cutter.input->name, &block, &sink,
                                   error))
        return false;
    }
    is_first = false;
    read_part (pool, part, parser, &block);
    if (!merge_part (pool, part, is_last, error))
      return false;
    settle_one (pool);
  } while (!*is_last && reads_all);
  return true;
}

static bool
read_on_workers (Pool *pool, guint n_workers, GError **error)
{
  GThread *workers[MAX_WORKERS];
  guint n_started = 0;
  bool is_last = false;

  while (n_started < n_workers &&
         (workers[n_started] = g_thread_try_new ("read", work, pool, NULL)) != NULL)
    n_started++;
  bool is_read = n_started > 0 ? merge_all (pool, error) : read_here (pool, true, &is_last, error);
  pthread_mutex_lock (&pool->lock);
  pool->is_over = true;
  pthread_cond_broadcast (&pool->changed);
  pthread_mutex_unlock (&pool->lock);
  while (is_read && settle_one (pool))
    ;
  for (guint i = 0; i < n_started; i++)
    g_thread_join (workers[i]);
  return is_read;
}

static void
clear_parts (Pool *pool)
{
  const LsSegmentReading *reading = pool->reading;

  for (; pool->n_merged < pool->n_taken; pool->n_merged++) {
    Part *part = &pool->parts[pool->n_merged % pool->n_parts];
    if (part->has_begun)
      reading->sink->drop (part->segment, reading->user_data);
    reset_part (part);
  }
  for (guint i = 0; i < pool->ended->len; i++)
    reading->sink->drop (g_ptr_array_index (pool->ended, i), reading->user_data);
  g_ptr_array_unref (pool->ended);
  for (guint i = 0; i < pool->n_parts; i++)
    ls_read_report_free (pool->parts[i].stretch.report);
  g_free (pool->parts);
}

bool
ls_segments_read (const LsSegmentReading *reading, LsInput *input, GError **error)
{
  guint n_workers =
    MIN (reading->n_workers > 0 ? reading->n_workers : g_get_num_processors (), MAX_WORKERS);
  gsize n_block = reading->n_block > 0 ? reading->n_block : BLOCK_BYTES;
  Pool pool = { .reading = reading, .n_parts = 2 * n_workers + 1 };
  bool is_last = false;

  pthread_mutex_init (&pool.input_lock, NULL);
  pthread_mutex_init (&pool.lock, NULL);
  pthread_cond_init (&pool.changed, NULL);
  ls_stretch_init (&pool.whole, reading->report);
  pool.ended = g_ptr_array_new ();
  pool.parts = g_new0 (Part, pool.n_parts);
  for (guint i = 0; i < pool.n_parts; i++)
    ls_stretch_init (&pool.parts[i].stretch, ls_read_report_new ());

  ls_cutter_init (&pool.cutter, input, MIN (n_block, FIRST_BYTES));
  bool is_read = read_here (&pool, false, &is_last, error);
  pool.cutter.n_block = n_block;
  if (is_read && !is_last)
    is_read = n_workers > 1 ? read_on_workers (&pool, n_workers, error)
                            : read_here (&pool, true, &is_last, error);
  if (is_read)
    ls_stretch_end (&pool.whole, ls_input_get_damage (input), ls_input_is_growing (input));

  clear_parts (&pool);
  ls_cutter_clear (&pool.cutter);
  pthread_mutex_destroy (&pool.input_lock);
  pthread_mutex_destroy (&pool.lock);
  pthread_cond_destroy (&pool.changed);
  return is_read;
}

bool
ls_read_file_in_segments (const char *path,
                          const LsSegmentSink *sink,
                          gpointer user_data,
                          guint n_workers,
                          LsReadReport *report,
                          LsProgressFunc progress,
                          gpointer progress_data,
                          GCancellable *cancellable,
                          GError **error)
{
  LsSegmentReading reading = {
    .sink = sink,
    .user_data = user_data,
    .n_workers = n_workers,
    .report = report,
    .progress = progress,
    .progress_data = progress_data,
  };
  LsInput input;

  bool is_read =
    ls_input_open (&input, path, cancellable, error) && ls_segments_read (&reading, &input, error);
  ls_input_close (&input);
  return is_read;
}

bool
ls_read_bytes_in_segments (const char *name,
                           const char *bytes,
                           gsize n_bytes,
                           const LsSegmentSink *sink,
                           gpointer user_data,
                           guint n_workers,
                           LsReadReport *report,
                           GError **error)
{
  LsSegmentReading reading = {
    .sink = sink,
    .user_data = user_data,
    .n_workers = n_workers,
    .report = report,
  };
  LsInput input;

  ls_input_init_bytes (&input, name, bytes, n_bytes);
  bool is_read = ls_segments_read (&reading, &input, error);
  ls_input_close (&input);
  return is_read;
}
