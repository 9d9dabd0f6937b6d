/* SPDX-License-Identifier: MIT */
/* Batches of lines, and the threads that work on them. */
#include "formatter.h"

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
  GPtrArray *threads;
  GQueue *given; /* Batch, in order, until it is written; the owner's thread's alone */
  GQueue *spare; /* Batch; the same */
  GMutex mutex;
  GCond is_there, is_made;
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

static gpointer
work (gpointer data)
{
  LsFormatter *formatter = data;
  Tools tools;
  init_tools (&tools, formatter->packing);
  g_mutex_lock (&formatter->mutex);
  for (;;) {
    Batch *batch = g_queue_pop_head (formatter->waiting);
    if (batch) {
      g_mutex_unlock (&formatter->mutex);
      make (batch, &tools);
      g_mutex_lock (&formatter->mutex);
      batch->is_made = true;
      g_cond_signal (&formatter->is_made);
    } else if (formatter->is_over) {
      break;
    } else {
      g_cond_wait (&formatter->is_there, &formatter->mutex);
    }
  }
  g_mutex_unlock (&formatter->mutex);
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
  formatter->threads = g_ptr_array_new ();
  formatter->given = g_queue_new ();
  formatter->spare = g_queue_new ();
  formatter->waiting = g_queue_new ();
  g_mutex_init (&formatter->mutex);
  g_cond_init (&formatter->is_there);
  g_cond_init (&formatter->is_made);
  return formatter;
}

void
ls_formatter_free (LsFormatter *formatter)
{
  if (!formatter)
    return;
  ls_formatter_finish (formatter);
  g_mutex_lock (&formatter->mutex);
  formatter->is_over = true;
  g_cond_broadcast (&formatter->is_there);
  g_mutex_unlock (&formatter->mutex);
  for (guint i = 0; i < formatter->threads->len; i++)
    g_thread_join (formatter->threads->pdata[i]);
  g_ptr_array_unref (formatter->threads);
  clear_tools (&formatter->own);
  g_queue_free (formatter->given);
  g_queue_free (formatter->waiting);
  g_queue_free_full (formatter->spare, free_batch);
  g_mutex_clear (&formatter->mutex);
  g_cond_clear (&formatter->is_there);
  g_cond_clear (&formatter->is_made);
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
  for (guint i = formatter->threads->len; i < n_threads; i++)
    g_ptr_array_add (formatter->threads, g_thread_new ("lines", work, formatter));
}

/* Writes the first batch that is given; false when it is not made, or there is none. */
static bool
write_first (LsFormatter *formatter, bool waits)
{
  Batch *batch = g_queue_peek_head (formatter->given);
  if (!batch)
    return false;
  g_mutex_lock (&formatter->mutex);
  while (waits && !batch->is_made)
    g_cond_wait (&formatter->is_made, &formatter->mutex);
  bool is_made = batch->is_made;
  g_mutex_unlock (&formatter->mutex);
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
  if (formatter->threads->len == 0) {
    make (batch, &formatter->own);
    batch->is_made = true;
  } else {
    g_mutex_lock (&formatter->mutex);
    g_queue_push_tail (formatter->waiting, batch);
    g_cond_signal (&formatter->is_there);
    g_mutex_unlock (&formatter->mutex);
  }
  ls_formatter_poll (formatter);
  while (formatter->given->length > BATCHES_PER_THREAD * formatter->threads->len)
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
