/* SPDX-License-Identifier: MIT */
/* Importers: feeding them, and what they share. */
#include "import-private.h"

#include <string.h>

#include "parse.h"

#define CHUNK_BYTES (128 * 1024)

static const LsImporterClass *const classes[] = {
  [LS_FOREIGN_CHROME] = &ls_chrome_importer_class,
  [LS_FOREIGN_STD] = &ls_std_importer_class,
};

LsImporter *
ls_importer_new (LsForeign form,
                 const char *name,
                 LsLineFunc func,
                 gpointer user_data,
                 LsReadReport *report)
{
  g_return_val_if_fail (form > LS_FOREIGN_NONE && form < G_N_ELEMENTS (classes), NULL);

  LsImporter *importer = g_malloc0 (classes[form]->size);
  importer->class = classes[form];
  importer->name = name;
  importer->func = func;
  importer->user_data = user_data;
  importer->report = report;
  importer->class->init (importer);
  return importer;
}

void
ls_importer_free (LsImporter *importer)
{
  if (!importer)
    return;
  importer->class->clear (importer);
  g_free (importer);
}

void
ls_importer_feed (LsImporter *importer, const char *bytes, gsize n)
{
  importer->class->feed (importer, bytes, n);
}

void
ls_importer_watch (LsImporter *importer,
                   LsProgressFunc progress,
                   gpointer progress_data,
                   GCancellable *cancellable)
{
  importer->progress = progress;
  importer->progress_data = progress_data;
  importer->cancellable = cancellable;
}

bool
ls_importer_look (LsImporter *importer, double fraction)
{
  double share = importer->class->feeding_share;
  if (importer->progress)
    importer->progress (share + (1 - share) * MIN (fraction, 1.0), importer->progress_data);
  return !g_cancellable_is_cancelled (importer->cancellable);
}

bool
ls_importer_finish (LsImporter *importer, GError **error)
{
  if (!importer->class->finish (importer, error))
    return false;
  return !g_cancellable_set_error_if_cancelled (importer->cancellable, error);
}

bool
ls_import_bytes (LsForeign form,
                 const char *name,
                 const char *bytes,
                 gsize n_bytes,
                 LsLineFunc func,
                 gpointer user_data,
                 LsReadReport *report,
                 GError **error)
{
  g_autoptr (LsImporter) importer = ls_importer_new (form, name, func, user_data, report);
  ls_importer_feed (importer, bytes, n_bytes);
  return ls_importer_finish (importer, error);
}

/* -- Files -- */

LsForeign
ls_foreign_find (LsInput *input)
{
  /* What cannot be read is said when it is read on. */
  ls_input_peek (input, LS_SNIFF_BYTES, NULL);
  return ls_sniff_foreign (input->peeked, input->n_peeked);
}

/* Feeds all of it. */
static bool
feed_input (LsImporter *importer,
            LsInput *input,
            LsProgressFunc progress,
            gpointer progress_data,
            GError **error)
{
  g_autofree char *chunk = g_malloc (CHUNK_BYTES);
  gssize n;
  while ((n = ls_input_read (input, chunk, CHUNK_BYTES, error)) > 0) {
    ls_importer_feed (importer, chunk, (gsize) n);
    if (progress && input->size > 0)
      progress (importer->class->feeding_share *
                  MIN (1.0, (double) input->n_read / (double) input->size),
                progress_data);
  }
  const char *damage = n == 0 ? ls_input_get_damage (input) : NULL;
  if (damage)
    ls_importer_add_warning (importer, importer->report->n_lines, "%s", damage);
  return n == 0;
}

bool
ls_import_input (LsForeign form,
                 LsInput *input,
                 LsLineFunc func,
                 gpointer user_data,
                 LsReadReport *report,
                 LsProgressFunc progress,
                 gpointer progress_data,
                 GError **error)
{
  g_autoptr (LsImporter) importer = ls_importer_new (form, input->name, func, user_data, report);
  ls_importer_watch (importer, progress, progress_data, input->cancellable);
  return feed_input (importer, input, progress, progress_data, error) &&
         ls_importer_finish (importer, error);
}

bool
ls_import_file (LsForeign form,
                const char *path,
                LsLineFunc func,
                gpointer user_data,
                LsReadReport *report,
                LsProgressFunc progress,
                gpointer progress_data,
                GCancellable *cancellable,
                GError **error)
{
  LsInput input;
  bool is_good = ls_input_open (&input, path, cancellable, error);
  if (is_good && form == LS_FOREIGN_UNKNOWN)
    form = ls_foreign_find (&input);
  if (is_good)
    is_good =
      form == LS_FOREIGN_NONE
        ? ls_read_input (&input, func, user_data, report, progress, progress_data, error)
        : ls_import_input (form, &input, func, user_data, report, progress, progress_data, error);
  ls_input_close (&input);
  return is_good;
}

/* -- The way out -- */

void
ls_importer_put_header (LsImporter *importer, const LsLineHeader *header)
{
  LsLine line = { .kind = LS_LINE_HEADER, .header = *header };
  line.header.version = LS_FORMAT_VERSION;
  importer->func (&line, importer->user_data);
}

void
ls_importer_put_footer (LsImporter *importer, int64_t end_ns)
{
  LsLineFooter footer = { .end_ns = end_ns, .events = importer->report->n_events };
  importer->func (&(LsLine){ .kind = LS_LINE_FOOTER, .footer = footer }, importer->user_data);
}

void
ls_importer_put_thread (LsImporter *importer, uint32_t id, const char *name, uint32_t os)
{
  LsLineThread thread = { .id = id, .name = name, .os = os };
  importer->func (&(LsLine){ .kind = LS_LINE_THREAD, .thread = thread }, importer->user_data);
}

void
ls_importer_put_object (LsImporter *importer, uint32_t id, LsObjectKind kind, const char *name)
{
  LsLineObject object = { .id = id, .kind = kind, .name = name };
  importer->func (&(LsLine){ .kind = LS_LINE_OBJECT, .object = object }, importer->user_data);
}

void
ls_importer_put_event (LsImporter *importer, const LsLineEvent *event)
{
  importer->report->n_events++;
  importer->func (&(LsLine){ .kind = LS_LINE_EVENT, .event = *event }, importer->user_data);
}

G_GNUC_PRINTF (4, 0)
static void
add_problem (LsImporter *importer,
             uint64_t line,
             bool is_error,
             const char *format,
             va_list arguments)
{
  g_autofree char *reason = g_strdup_vprintf (format, arguments);
  g_autofree char *valid = g_utf8_make_valid (reason, -1);
  ls_read_report_add (importer->report, line, is_error, valid);
}

void
ls_importer_add_error (LsImporter *importer, uint64_t line, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  add_problem (importer, line, true, format, arguments);
  va_end (arguments);
}

void
ls_importer_add_warning (LsImporter *importer, uint64_t line, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  add_problem (importer, line, false, format, arguments);
  va_end (arguments);
}

/* -- The way in -- */

void
ls_importer_split_lines (LsImporter *importer,
                         GString *rest,
                         const char *bytes,
                         gsize n,
                         LsImportLineFunc func)
{
  const char *end = bytes + n;
  while (bytes < end) {
    const char *newline = memchr (bytes, '\n', (gsize) (end - bytes));
    gsize n_line = (gsize) ((newline ? newline : end) - bytes);
    if (newline && rest->len == 0) {
      func (importer, bytes, n_line);
    } else {
      /* Of a line that is too long only as much is kept as tells so. */
      gsize room = LS_MAX_LINE_BYTES + 1 - rest->len;
      g_string_append_len (rest, bytes, (gssize) MIN (n_line, room));
      if (newline) {
        func (importer, rest->str, rest->len);
        g_string_truncate (rest, 0);
      }
    }
    bytes = newline ? newline + 1 : end;
  }
}
