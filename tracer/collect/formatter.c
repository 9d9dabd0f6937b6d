/* SPDX-License-Identifier: MIT */
/* Batches of lines, and the threads that work on them. */
#include "formatter.h"

#include <pthread.h>

#define BATCHES_PER_THREAD 3

typedef struct {
  LsLines lines;
  GString *made; /* what goes to the file */
  gpointer owner;
  GArray *held; /* NULL: nothing */
  bool is_made;
} Batch;

/* What a thread needs to work. */
typedef struct {
  LsPacker *packer; /* NULL: nothing is packed */
  GString *text;    /* that is being packed */
} Tools;

struct _LsFormatter {
  LsPacking packing;
  LsFormatterWrite write;
  LsFormatterDone done;
  gpointer user_data;
  Tools own; /* of the owner's thread */
  pthread_t *threads;
  guint n_threads;
  GQueue *given; /* Batch, in order, until it is written; the owner's thread's alone */
  GQueue *spare; /* Batch; the same */
  pthread_mutex_t mutex;
  pthread_cond_t is_there, is_made;
  GQueue *waiting; /* Batch that no thread has taken yet; under the mutex, as is is_made */
  bool is_over;    /* the same */
};

static void
init_tools (Tools *tools, LsPacking packing)
{
  *tools = (Tools){ .text = g_string_new (NULL) };
  if (packing != LS_PACKING_NONE)
    tools->packer = ls_packer_new (packing);
}

static void
clear_tools (Tools *tools)
{
  ls_packer_free (tools->packer);
  g_string_free (tools->text, TRUE);
}

static void
make (Batch *batch, Tools *tools)
{
  GString *text = tools->packer ? tools->text : batch->made;
  ls_lines_make (&batch->lines, text);
  if (tools->packer && text->len > 0) {
    ls_packer_add (tools->packer, text->str, text->len, batch->made);
    g_string_truncate (text, 0);
  }
}

static void *
work (void *data)
{
  LsFormatter *formatter = data;
  Tools tools;
  init_tools (&tools, formatter->packing);
  pthread_mutex_lock (&formatter->mutex);
  for (;;) {
    Batch *batch = g_queue_pop_head (formatter->waiting);
    if (batch) {
      pthread_mutex_unlock (&formatter->mutex);
      make (batch, &tools);
      pthread_mutex_lock (&formatter->mutex);
      batch->is_made = true;
      pthread_cond_signal (&formatter->is_made);
    } else if (formatter->is_over) {
      break;
    } else {
      pthread_cond_wait (&formatter->is_there, &formatter->mutex);
    }
  }
  pthread_mutex_unlock (&formatter->mutex);
  clear_tools (&tools);
  return NULL;
}

static Batch *
new_batch (LsFormatter *formatter)
{
  Batch *batch = g_queue_pop_head (formatter->spare);
  if (!batch) {
    batch = g_new0 (Batch, 1);
    ls_lines_init (&batch->lines);
    batch->made = g_string_new (NULL);
  }
  return batch;
}

static void
free_batch (gpointer data)
{
  Batch *batch = data;
  ls_lines_clear (&batch->lines);
  g_string_free (batch->made, TRUE);
  g_free (batch);
}

LsFormatter *
ls_formatter_new (LsPacking packing, LsFormatterWrite write)
{
  LsFormatter *formatter = g_new0 (LsFormatter, 1);
  formatter->packing = packing;
  formatter->write = write;
  init_tools (&formatter->own, packing);
  formatter->given = g_queue_new ();
  formatter->spare = g_queue_new ();
  formatter->waiting = g_queue_new ();
  pthread_mutex_init (&formatter->mutex, NULL);
  pthread_cond_init (&formatter->is_there, NULL);
  pthread_cond_init (&formatter->is_made, NULL);
  return formatter;
}

void
ls_formatter_free (LsFormatter *formatter)
{
  if (!formatter)
    return;
  ls_formatter_finish (formatter);
  pthread_mutex_lock (&formatter->mutex);
  formatter->is_over = true;
  pthread_cond_broadcast (&formatter->is_there);
  pthread_mutex_unlock (&formatter->mutex);
  for (guint i = 0; i < formatter->n_threads; i++)
    pthread_join (formatter->threads[i], NULL);
  g_free (formatter->threads);
  clear_tools (&formatter->own);
  g_queue_free (formatter->given);
  g_queue_free (formatter->waiting);
  g_queue_free_full (formatter->spare, free_batch);
  pthread_mutex_destroy (&formatter->mutex);
  pthread_cond_destroy (&formatter->is_there);
  pthread_cond_destroy (&formatter->is_made);
  g_free (formatter);
}

void
ls_formatter_start (LsFormatter *formatter,
                    guint n_threads,
                    LsFormatterDone done,
                    gpointer user_data)
{
  formatter->done = done;
  formatter->user_data = user_data;
  if (formatter->n_threads > 0)
    return;
  formatter->threads = g_new (pthread_t, n_threads);
  /* As many as can be had; when that is none, lines are made at once. */
  while (formatter->n_threads < n_threads &&
         pthread_create (&formatter->threads[formatter->n_threads], NULL, work, formatter) == 0)
    formatter->n_threads++;
}

/* Writes the first batch that is given; false when it is not made, or there is none. */
static bool
write_first (LsFormatter *formatter, bool waits)
{
  Batch *batch = g_queue_peek_head (formatter->given);
  if (!batch)
    return false;
  pthread_mutex_lock (&formatter->mutex);
  while (waits && !batch->is_made)
    pthread_cond_wait (&formatter->is_made, &formatter->mutex);
  bool is_made = batch->is_made;
  pthread_mutex_unlock (&formatter->mutex);
  if (!is_made)
    return false;
  g_queue_pop_head (formatter->given);
  formatter->write (batch->owner, batch->made->str, batch->made->len);
  if (batch->held) {
    formatter->done (batch->held, formatter->user_data);
    g_clear_pointer (&batch->held, g_array_unref);
  }
  batch->is_made = false;
  g_string_truncate (batch->made, 0);
  ls_lines_truncate (&batch->lines, 0);
  g_queue_push_head (formatter->spare, batch);
  return true;
}

void
ls_formatter_take (LsFormatter *formatter, LsLines *lines, gpointer owner)
{
  Batch *batch = new_batch (formatter);
  batch->owner = owner;
  ls_lines_move (lines, &batch->lines);
  g_queue_push_tail (formatter->given, batch);
  if (formatter->n_threads == 0) {
    make (batch, &formatter->own);
    batch->is_made = true;
  } else {
    pthread_mutex_lock (&formatter->mutex);
    g_queue_push_tail (formatter->waiting, batch);
    pthread_cond_signal (&formatter->is_there);
    pthread_mutex_unlock (&formatter->mutex);
  }
  ls_formatter_poll (formatter);
  while (formatter->given->length > BATCHES_PER_THREAD * formatter->n_threads)
    write_first (formatter, true);
}

bool
ls_formatter_hold (LsFormatter *formatter, GArray *held)
{
  Batch *last = g_queue_peek_tail (formatter->given);
  if (!last)
    return false;
  if (!last->held)
    last->held = g_array_new (FALSE, FALSE, g_array_get_element_size (held));
  if (held->len > 0)
    g_array_append_vals (last->held, held->data, held->len);
  g_array_set_size (held, 0);
  return true;
}

void
ls_formatter_poll (LsFormatter *formatter)
{
  while (write_first (formatter, false))
    ;
}

void
ls_formatter_finish (LsFormatter *formatter)
{
  while (write_first (formatter, true))
    ;
}
