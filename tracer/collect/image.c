/* SPDX-License-Identifier: MIT */
/**
 * From records to lines.
 *
 * Ids are given out here, at once; their declarations follow when names are found, which for a
 * site or an object is soon after its first use. Lines gather in a buffer and are written whole.
 */
#include "image-private.h"

#include <string.h>
#include <time.h>

#include "event.h"
#include "writer.h"

#define BUFFER_BYTES (1024 * 1024)

static char *
dup_wall_time (int64_t start_ns)
{
  struct timespec mono, real;
  clock_gettime (CLOCK_MONOTONIC, &mono);
  clock_gettime (CLOCK_REALTIME, &real);
  int64_t age_ns = mono.tv_sec * INT64_C (1000000000) + mono.tv_nsec - start_ns;
  int64_t wall_s = real.tv_sec - MAX (age_ns, 0) / INT64_C (1000000000);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (wall_s);
  return time ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : NULL;
}

/* The argv in the arena: strings one after another, an empty one at the end. The program may write
 * anything there, so nothing is read past the arena. */
static GStrv
dup_program (LsRegion *region, uint32_t offset)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  while (offset > 0 && offset < LS_TEXT_BYTES - 1) {
    const char *arg = ls_region_text (region, offset);
    gsize length = strnlen (arg, LS_TEXT_BYTES - 1 - offset);
    if (length == 0)
      break;
    g_autofree char *copy = g_strndup (arg, length);
    g_strv_builder_add (builder, copy);
    offset += length + 1;
  }
  return g_strv_builder_end (builder);
}

static void
write_header (LsTracedImage *traced)
{
  g_autofree char *wall = dup_wall_time (traced->start_ns);
  traced->program = dup_program (traced->recording->shared->region, traced->image->program_text);
  LsLine line = { .kind = LS_LINE_HEADER,
                  .header = { .version = 1,
                              .wall = wall,
                              .pid = traced->image->pid,
                              .recorder = LS_VERSION,
                              .program =
                                traced->program[0] ? (const char *const *) traced->program : NULL,
                              .partial = traced->image->partial != 0 } };
  const LsSelection *selection = traced->recording->selection;
  if (selection)
    line.header.ignored = ls_selection_get_ignored (selection);
  ls_write_line (traced->lines.text, &line);
}

LsTracedImage *
ls_traced_image_new (const LsRecording *recording, guint index, guint n_execs)
{
  LsTracedImage *traced = g_new0 (LsTracedImage, 1);
  traced->recording = recording;
  traced->image = ls_region_image (recording->shared->region, index);
  traced->index = index;
  traced->n_execs = n_execs;
  traced->start_ns = traced->image->start_ns; /* another collector has set it */
  if (traced->start_ns == 0)
    traced->start_ns = ls_clock_map_to_ns (recording->clock, traced->image->start_ticks);
  ls_lines_init (&traced->lines);
  traced->repeats = ls_repeats_new ();
  ls_output_file_init (&traced->file);
  ls_blind_init (&traced->blind);
  traced->image->start_ns = traced->start_ns;
  traced->names = ls_image_names_new (recording->naming, recording->selection, traced->lines.text);
  write_header (traced);
  return traced;
}

/* What only the writing needed goes with its end: a recording may have thousands of images. */
void
ls_traced_image_release (LsTracedImage *traced)
{
  if (!traced->names)
    return;
  traced->n_threads = ls_image_names_get_n_threads (traced->names);
  g_clear_pointer (&traced->names, ls_image_names_free);
  ls_traced_image_clear_modules (traced);
  g_hash_table_remove_all (traced->blind.asked);
  ls_formatter_finish (traced->recording->formatter);
  ls_lines_clear (&traced->lines);
  g_clear_pointer (&traced->repeats, ls_repeats_free);
  ls_output_file_close (&traced->file);
}

void
ls_traced_image_free (LsTracedImage *traced)
{
  ls_traced_image_release (traced);
  ls_output_file_clear (&traced->file);
  g_strfreev (traced->program);
  ls_blind_clear (&traced->blind);
  g_free (traced);
}

/* -- Records -- */

/* Since the trace's start. */
static int64_t
get_ns (const LsTracedImage *traced, uint64_t ticks)
{
  return ls_clock_map_to_ns (traced->recording->clock, ticks) - traced->start_ns;
}

static void
take_event (LsTracedImage *traced, const LsRecord *record)
{
  char text[LS_SLOT_TEXT_MAX + 1];
  LsLineEvent event;
  if (!ls_event_from_record (traced->names, record, text, &event))
    return;
  int64_t ns = get_ns (traced, record->ticks);
  event.ts_ns = ls_image_names_thread (traced->names, record, MAX (ns, 0));
  traced->last_ns = MAX (traced->last_ns, event.ts_ns);
  if (event.ev == LS_EV_LOST)
    traced->n_lost += (uint64_t) event.n;
  if (event.ev == LS_EV_CREATE && !event.err)
    ls_image_names_created (traced->names, event.thread, event.src);
  if (event.ev == LS_EV_DETACH && !event.err)
    ls_image_names_detached (traced->names, event.thread);
  ls_lines_add (&traced->lines, &event);
  traced->n_events++;
  if (event.ev != LS_EV_START && event.ev != LS_EV_FINISH && event.ev != LS_EV_FORK)
    traced->n_shown++;
  if (event.tid != 1 || (event.ev == LS_EV_CREATE && !event.err))
    ls_traced_image_claim_main (traced);
}

void
ls_traced_image_write (gpointer data, const char *bytes, gsize n_bytes)
{
  LsTracedImage *traced = data;
  ls_output_write (traced->recording->output, &traced->file, traced->image->pid, traced->n_execs,
                   bytes, n_bytes);
  if (traced->file.path)
    traced->image->file = traced->file.has_main_name ? LS_IMAGE_FILE_MAIN : LS_IMAGE_FILE_OWN;
}

static void
write_lines (LsTracedImage *traced)
{
  ls_journal_flush (traced->recording->journal);
  ls_formatter_take (traced->recording->formatter, &traced->lines, traced);
}

/* Says which modules' locks cannot be seen, all of them again when there are more. */
static void
say_blind (LsTracedImage *traced, bool is_last)
{
  if (!ls_blind_take (&traced->blind, is_last))
    return;
  LsLine line = { .kind = LS_LINE_HEADER,
                  .header = { .version = 1, .blind = ls_blind_get (&traced->blind) } };
  ls_write_line (traced->lines.text, &line);
}

static void
take_record (LsTracedImage *traced, const LsRecord *record)
{
  const LsSlot *slot = record->slot;
  char text[LS_SLOT_TEXT_MAX + 1];
  if (record->kind == LS_SLOT_STACK) {
    ls_image_names_expect_stack (traced->names, record);
    return;
  }
  ls_image_names_enter (traced->names, record);
  switch (record->kind) {
  case LS_SLOT_NAME_OBJECT:
    ls_image_names_name_object (traced->names, (LsObjectKind) slot->object, slot->target, slot->arg,
                                (LsValueType) (slot->how & 7), slot->site,
                                ls_record_read_text (record, text));
    break;
  case LS_SLOT_NAME_THREAD:
    ls_image_names_name_thread (traced->names,
                                slot->target ? (uint32_t) slot->target : record->thread,
                                ls_record_read_text (record, text));
    break;
  case LS_SLOT_CALLABLE: {
    uint64_t words[LS_CALLABLE_WORDS];
    memcpy (words, slot + 1, sizeof words);
    ls_image_names_callable (traced->names, (uint32_t) slot->target, words);
    break;
  }
  case LS_SLOT_THREAD:
    ls_image_names_thread (traced->names, record, 0);
    ls_image_names_started (traced->names, record->thread, slot->arg, slot->site);
    break;
  default:
    take_event (traced, record);
  }
}

void
ls_traced_image_apply (LsTracedImage *traced, const LsRecord *record)
{
  ls_traced_image_enter_modules (traced, record->ticks);
  guint n_known = ls_image_names_get_n_known (traced->names);
  guint n_sources = ls_image_names_get_n_sources (traced->names);
  uint64_t n_events = traced->n_events;
  take_record (traced, record);
  ls_traced_image_note (traced, record, n_events, n_sources,
                        ls_image_names_get_n_known (traced->names) != n_known);
}

/* Takes a record as it was taken before; false when that is not known. */
static bool
take_again (LsTracedImage *traced, const LsRecord *record)
{
  const LsPlainEvent *known = ls_repeats_find (traced->repeats, record);
  if (!known || traced->stack_count > 0 || !ls_image_names_is_usual (traced->names, record))
    return false;
  LsPlainEvent event = *known;
  int64_t ns = get_ns (traced, record->ticks);
  event.ts_ns = ls_image_names_thread (traced->names, record, MAX (ns, 0));
  event.tid = record->thread;
  ls_lines_add_plain (&traced->lines, event);
  traced->last_ns = MAX (traced->last_ns, event.ts_ns);
  traced->n_events++;
  traced->n_shown++;
  return true;
}

/* Takes a record, and keeps what it became if it may come again. */
static void
take_and_keep (LsTracedImage *traced, const LsRecord *record)
{
  bool may_repeat = !traced->recording->selection && ls_repeats_may (record);
  if (may_repeat && take_again (traced, record))
    return;
  guint n_known = ls_image_names_get_n_known (traced->names), n_lines = traced->lines.events->len;
  bool is_usual = ls_image_names_is_usual (traced->names, record);
  ls_traced_image_apply (traced, record);
  bool is_new = ls_image_names_get_n_known (traced->names) != n_known;
  if (may_repeat && is_usual && !is_new && traced->lines.events->len > n_lines)
    ls_repeats_keep (traced->repeats, record,
                     &g_array_index (traced->lines.events, LsPlainEvent, n_lines));
  else if (is_new || record->kind == LS_EV_INIT || record->kind == LS_EV_DESTROY ||
           (record->kind > LS_SLOT_PAD && record->kind != LS_SLOT_STACK))
    ls_repeats_forget (traced->repeats);
}

void
ls_traced_image_take (const LsRecord *record, gpointer data)
{
  LsTracedImage *traced = data;
  if (traced->recording->output->has_failed)
    return; /* the program is told to stop; what it still records is passed over */
  ls_traced_image_update_modules (traced);
  take_and_keep (traced, record);
  if (ls_lines_get_size (&traced->lines) >= BUFFER_BYTES && traced->n_shown > 0)
    write_lines (traced);
}

void
ls_traced_image_recall (const LsRecord *record, gpointer data)
{
  LsTracedImage *traced = data;
  const LsSlot *slot = record->slot;
  if (record->kind > LS_SLOT_PAD)
    ls_traced_image_take (record, traced);
  else if (record->kind == LS_EV_DETACH)
    ls_image_names_detached (traced->names, (uint32_t) slot->target);
  else if (record->kind == LS_EV_INIT && slot->object > LS_OBJECT_UNKNOWN &&
           slot->object < LS_OBJECT_N)
    ls_image_names_use (traced->names, LS_EV_INIT, (LsObjectKind) slot->object, slot->target,
                        slot->site, slot->arg);
}

void
ls_traced_image_set_partial (LsTracedImage *traced)
{
  LsLine line = { .kind = LS_LINE_HEADER, .header = { .version = 1, .partial = true } };
  ls_write_line (traced->lines.text, &line);
}

/* Is there anything to write at all? */
static bool
is_wanted (const LsTracedImage *traced)
{
  return traced->n_shown > 0 || traced->file.has_main_name;
}

void
ls_traced_image_save (LsTracedImage *traced)
{
  ls_journal_flush (traced->recording->journal);
  if (traced->lines.text && ls_lines_get_size (&traced->lines) > 0 && is_wanted (traced))
    write_lines (traced);
}

void
ls_traced_image_flush (LsTracedImage *traced)
{
  ls_image_names_take (traced->names);
  say_blind (traced, false);
  ls_traced_image_save (traced);
}

void
ls_traced_image_claim_main (LsTracedImage *traced)
{
  if (!traced->recording->output->is_taken)
    ls_output_claim (traced->recording->output, &traced->file);
}

bool
ls_traced_image_is_named (LsTracedImage *traced)
{
  ls_traced_image_update_modules (traced); /* the program's last word about them */
  return ls_image_names_take (traced->names) || !is_wanted (traced);
}

static uint64_t
count_lost (const LsTracedImage *traced)
{
  return traced->n_lost + atomic_load (&traced->image->dropped);
}

bool
ls_traced_image_has_after (const LsTracedImage *traced, uint64_t ticks)
{
  return ticks > 0 && traced->last_ns > get_ns (traced, ticks);
}

void
ls_traced_image_finish (LsTracedImage *traced, LsEndHow how, int code, uint64_t n_late)
{
  if (!is_wanted (traced)) {
    ls_traced_image_release (traced);
    return;
  }
  ls_image_names_finish (traced->names);
  say_blind (traced, true);
  traced->n_lost += n_late;
  int64_t end_ns = get_ns (traced, traced->image->end_ticks);
  LsLine line = { .kind = LS_LINE_FOOTER,
                  .footer = { .end_ns = MAX (end_ns, traced->last_ns),
                              .events = traced->n_events,
                              .lost = count_lost (traced),
                              .how = how,
                              .code = code } };
  ls_write_line (traced->lines.text, &line);
  traced->last_ns = line.footer.end_ns;
  write_lines (traced);
  ls_traced_image_release (traced);
}

LsTracedSummary
ls_traced_image_get_summary (const LsTracedImage *traced)
{
  return (LsTracedSummary){
    .n_events = traced->n_events,
    .n_lost = count_lost (traced),
    .bytes = (uint64_t) traced->file.bytes,
    .n_threads = traced->names ? ls_image_names_get_n_threads (traced->names) : traced->n_threads,
    .span_ns = traced->last_ns,
    .path = traced->file.path,
    .program = traced->program[0] ? traced->program[0] : "",
    .has_main_name = traced->file.has_main_name,
    .blind = ls_blind_get (&traced->blind),
  };
}
