/* SPDX-License-Identifier: MIT */
/* Sources and their callers. */
#include "sources.h"

#include <string.h>

#include "line.h"
#include "writer.h"

#define N_RECENT 4096
#define SITE_MASK 0xffffffffffffull

typedef struct {
  uint64_t site;
  uint64_t caller;
} CallKey;

struct _LsSourceStack {
  uint64_t site; /* where its record's function was called */
  guint n;       /* of callers */
  uint64_t callers[LS_STACK_MAX];
  uint32_t source; /* of callers[0], once known */
  bool is_next;    /* for the record to come */
};

/* What a source says. */
typedef struct {
  uint32_t caller;   /* as it was recorded */
  uint32_t in;       /* as it is declared */
  GPtrArray *frames; /* a reference; NULL: not answered, or nothing is known */
  guint frame;       /* which of them it is */
  bool is_blank;     /* nothing that helps, nor do its callers */
} Place;

static guint
hash_call (gconstpointer data)
{
  const CallKey *key = data;
  return (guint) ((key->site ^ key->caller << 20) * UINT64_C (0x9e3779b97f4a7c15) >> 32);
}

static gboolean
equal_calls (gconstpointer a, gconstpointer b)
{
  const CallKey *left = a, *right = b;
  return left->site == right->site && left->caller == right->caller;
}

static void
clear_place (gpointer data)
{
  Place *place = data;
  g_clear_pointer (&place->frames, g_ptr_array_unref);
}

void
ls_sources_init (LsSources *sources, GString *lines, LsNamingQueue *queue)
{
  sources->lines = lines;
  sources->queue = queue;
  ls_id_map_init (&sources->by_site);
  sources->by_call = g_hash_table_new_full (hash_call, equal_calls, g_free, NULL);
  sources->inlined = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sources->pending = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  sources->recent = g_ptr_array_new_with_free_func (g_free);
  sources->places = g_array_new (FALSE, TRUE, sizeof (Place));
  g_array_set_clear_func (sources->places, clear_place);
}

void
ls_sources_clear (LsSources *sources)
{
  ls_id_map_clear (&sources->by_site);
  g_hash_table_unref (sources->by_call);
  g_hash_table_unref (sources->inlined);
  g_hash_table_unref (sources->pending);
  g_ptr_array_unref (sources->recent);
  g_array_unref (sources->places);
}

static Place *
get_place (const LsSources *sources, uint32_t id)
{
  return &g_array_index (sources->places, Place, id - 1);
}

static uint32_t
add_place (LsSources *sources, uint32_t caller)
{
  const Place place = { .caller = caller };
  g_array_append_val (sources->places, place);
  return sources->places->len;
}

/* -- Ids -- */

static uint32_t
ask (LsSources *sources, uint64_t site, uint32_t caller)
{
  uint32_t id = add_place (sources, caller);
  ls_naming_ask (sources->queue, LS_ASK_SITE, id, site);
  return id;
}

static uint32_t
get_in (LsSources *sources, uint64_t site, uint32_t caller)
{
  uint32_t id;
  if (caller == 0) {
    id = ls_id_map_find (&sources->by_site, site);
    if (id == 0) {
      id = ask (sources, site, 0);
      ls_id_map_set (&sources->by_site, site, id);
    }
    return id;
  }
  const CallKey key = { .site = site, .caller = caller };
  id = GPOINTER_TO_UINT (g_hash_table_lookup (sources->by_call, &key));
  if (id == 0) {
    id = ask (sources, site, caller);
    g_hash_table_insert (sources->by_call, g_memdup2 (&key, sizeof key), GUINT_TO_POINTER (id));
  }
  return id;
}

typedef struct {
  uint64_t from, to;
} Range;

static gboolean
is_in_range (gpointer key, gpointer value, gpointer data)
{
  const CallKey *call = key;
  const Range *range = data;
  return call->site >= range->from && call->site < range->to;
}

void
ls_sources_forget (LsSources *sources, uint64_t from, uint64_t to)
{
  Range range = { from, to };
  ls_id_map_remove (&sources->by_site, from, to);
  g_hash_table_foreach_remove (sources->by_call, is_in_range, &range);
  g_ptr_array_set_size (sources->recent, 0);
}

/* -- Stacks -- */

void
ls_sources_expect (LsSources *sources, const LsRecord *record)
{
  LsSourceStack *stack = g_hash_table_lookup (sources->pending, GUINT_TO_POINTER (record->thread));
  if (!stack) {
    stack = g_new0 (LsSourceStack, 1);
    g_hash_table_insert (sources->pending, GUINT_TO_POINTER (record->thread), stack);
  }
  guint n_words = (record->slot_count - 1) * (guint) (sizeof (LsSlot) / sizeof (uint64_t));
  memset (stack->callers, 0, sizeof stack->callers);
  memcpy (stack->callers, record->slot + 1, n_words * sizeof (uint64_t));
  for (stack->n = 0; stack->n < n_words && stack->callers[stack->n] != 0; stack->n++)
    stack->callers[stack->n] &= SITE_MASK;
  stack->site = record->slot->site & SITE_MASK;
  stack->is_next = true;
}

/* Source of the innermost caller. */
static uint32_t
intern_stack (LsSources *sources, const LsSourceStack *stack)
{
  if (sources->recent->len == 0)
    g_ptr_array_set_size (sources->recent, N_RECENT);
  uint64_t hash = 0;
  for (guint i = 0; i < stack->n; i++)
    hash = (hash ^ stack->callers[i]) * UINT64_C (0x9e3779b97f4a7c15);
  LsSourceStack *known = sources->recent->pdata[hash >> 32 & (N_RECENT - 1)];
  if (known && known->n == stack->n &&
      memcmp (known->callers, stack->callers, sizeof stack->callers) == 0)
    return known->source;
  uint32_t source = 0;
  for (guint i = stack->n; i-- > 0;)
    source = get_in (sources, stack->callers[i], source);
  if (!known)
    known = sources->recent->pdata[hash >> 32 & (N_RECENT - 1)] = g_new (LsSourceStack, 1);
  *known = *stack;
  known->source = source;
  return source;
}

bool
ls_sources_is_told (const LsSources *sources, uint32_t thread)
{
  if (g_hash_table_size (sources->pending) == 0)
    return false;
  const LsSourceStack *stack = g_hash_table_lookup (sources->pending, GUINT_TO_POINTER (thread));
  return stack && stack->n > 0;
}

void
ls_sources_enter (LsSources *sources, const LsRecord *record)
{
  sources->current = NULL;
  if (g_hash_table_size (sources->pending) == 0)
    return;
  LsSourceStack *stack = g_hash_table_lookup (sources->pending, GUINT_TO_POINTER (record->thread));
  if (!stack || stack->n == 0)
    return;
  /* A call that makes several records may tell its callers once. When the record that they were told
   * for was abandoned, the next one has another site. */
  if (!stack->is_next && (record->slot->site & SITE_MASK) != stack->site) {
    stack->n = 0;
    return;
  }
  stack->is_next = false;
  sources->current = stack;
}

/* The callers of a site that a library called back for stand further out. */
static void
cut_to (LsSourceStack *stack, uint64_t site)
{
  guint at = 0;
  while (at < stack->n && stack->callers[at] != site)
    at++;
  if (at == stack->n)
    return;
  stack->n -= at + 1;
  memmove (stack->callers, stack->callers + at + 1, stack->n * sizeof stack->callers[0]);
  memset (stack->callers + stack->n, 0, (LS_STACK_MAX - stack->n) * sizeof stack->callers[0]);
  stack->site = site;
}

uint32_t
ls_sources_get (LsSources *sources, uint64_t site)
{
  site &= SITE_MASK;
  if (site == 0)
    return 0;
  LsSourceStack *stack = sources->current;
  if (stack && stack->site != site)
    cut_to (stack, site);
  return get_in (sources, site, stack && stack->site == site ? intern_stack (sources, stack) : 0);
}

/* -- Answers -- */

/* Whether it is code of the library's that is compiled into the program: std::mutex and its like. */
static bool
is_library_header (const LsFrame *frame)
{
  return frame->file &&
         (g_str_has_prefix (frame->file, "/usr/include/") ||
          strstr (frame->file, "/include/c++/") || g_str_has_prefix (frame->file, "/usr/lib/") ||
          g_str_has_prefix (frame->file, "/rustc/"));
}

static const LsFrame *
get_frame (const Place *place)
{
  return place->frames->pdata[place->frame];
}

static void
declare (LsSources *sources, uint32_t id, const LsFrame *frame, uint32_t in)
{
  LsLine line = { .kind = LS_LINE_SOURCE,
                  .source = { .id = id,
                              .func = frame->function,
                              .file = frame->file,
                              .line = frame->line,
                              .in = in } };
  ls_write_line (sources->lines, &line);
}

static void
set_place (LsSources *sources, uint32_t id, GPtrArray *frames, guint frame, uint32_t in)
{
  Place *place = get_place (sources, id);
  g_clear_pointer (&place->frames, g_ptr_array_unref);
  place->frames = g_ptr_array_ref (frames);
  place->frame = frame;
  place->in = in;
  declare (sources, id, get_frame (place), in);
}

/* The source of a frame that others are inlined into; frames of one place share it. */
static uint32_t
intern_inlined (LsSources *sources, GPtrArray *frames, guint index, uint32_t in)
{
  const LsFrame *frame = frames->pdata[index];
  g_autofree char *key = g_strdup_printf ("%s\n%s\n%u\n%u", frame->function ? frame->function : "",
                                          frame->file ? frame->file : "", frame->line, in);
  uint32_t id = GPOINTER_TO_UINT (g_hash_table_lookup (sources->inlined, key));
  if (id == 0) {
    id = add_place (sources, 0);
    g_hash_table_insert (sources->inlined, g_steal_pointer (&key), GUINT_TO_POINTER (id));
    set_place (sources, id, frames, index, in);
  }
  return id;
}

static void
declare_address (LsSources *sources, uint32_t id, uint64_t site)
{
  g_autofree char *address = g_strdup_printf ("0x%" G_GINT64_MODIFIER "x", site - 1);
  declare (sources, id, &(LsFrame){ .function = address }, get_place (sources, id)->caller);
}

void
ls_sources_answer (LsSources *sources, const LsAsk *answer)
{
  GPtrArray *frames = answer->frames;
  uint32_t caller = get_place (sources, answer->id)->caller;
  if (!frames) {
    declare_address (sources, answer->id, answer->address);
    return;
  }
  const LsFrame *outermost = frames->pdata[frames->len - 1];
  const Place *of_caller = caller ? get_place (sources, caller) : NULL;
  if (of_caller && (of_caller->is_blank || g_strcmp0 (outermost->function, "main") == 0)) {
    caller = 0; /* what calls main() is the C library's, as what begins a thread may be */
    of_caller = NULL;
  }
  guint own = 0;
  while (own < frames->len && is_library_header (frames->pdata[own]))
    own++;
  if (own == frames->len && of_caller && of_caller->frames) {
    /* A library's function that was not inlined: the place is who called it. */
    g_autoptr (GPtrArray) shared = g_ptr_array_ref (of_caller->frames);
    set_place (sources, answer->id, shared, of_caller->frame, of_caller->in);
    return;
  }
  own = own == frames->len ? 0 : own;
  uint32_t in = caller;
  for (guint i = frames->len; i-- > own + 1;)
    if (!is_library_header (frames->pdata[i]))
      in = intern_inlined (sources, frames, i, in);
  set_place (sources, answer->id, frames, own, in);
  Place *place = get_place (sources, answer->id);
  const LsFrame *frame = get_frame (place);
  place->is_blank = in == 0 && (is_library_header (frame) || (!frame->file && !frame->has_symbol));
}

/* Code of the program's own of which nothing is known: who called it is another matter. */
static bool
is_dark (const LsFrame *frame)
{
  return !frame->has_symbol && !g_str_has_prefix (frame->function, "libstdc++.so");
}

const LsFrame *
ls_sources_find_frame (const LsSources *sources, uint32_t id)
{
  const LsFrame *first = NULL;
  while (id != 0 && get_place (sources, id)->frames) {
    const Place *place = get_place (sources, id);
    const LsFrame *frame = get_frame (place);
    if (frame->file)
      return frame;
    first = first ? first : frame;
    if (is_dark (frame))
      break;
    id = place->in;
  }
  return first;
}
