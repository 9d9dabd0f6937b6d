/* SPDX-License-Identifier: MIT */
/* Which lanes there are, in which order, and how high each is. */
#include "scene-private.h"

#include <math.h>

#include "names.h"

#define SECTION_PX 26
#define MAX_LOCKS_UNFOLDED 12 /* beyond, uncontended ones share a line */
#define MAX_VALUES_UNFOLDED 16
#define MAX_LARGE 12
#define MAX_MEDIUM 60
#define MAX_HOLD_ROWS 3
#define MAX_REGION_ROWS 3

void
ls_lane_clear (gpointer data)
{
  LsLane *lane = data;
  g_free (lane->name);
  g_free (lane->subtitle);
}

static LsLaneSize
choose_size (const LsScene *scene, guint n)
{
  double wanted = scene->options.lane_height_px;
  if (wanted > 0)
    return wanted >= 33 ? LS_LANE_LARGE : wanted >= 14 ? LS_LANE_MEDIUM : LS_LANE_SMALL;
  return n <= MAX_LARGE ? LS_LANE_LARGE : n <= MAX_MEDIUM ? LS_LANE_MEDIUM : LS_LANE_SMALL;
}

static bool
has_marks (const LsScene *scene, uint32_t thread)
{
  /* Any access or mark among the first events tells; a thread of locks alone needs no room for it. */
  uint32_t n;
  const uint32_t *events = ls_trace_get_thread_events (scene->trace, thread, &n);
  for (uint32_t i = 0; i < MIN (n, 4096); i++) {
    LsEventKind kind = ls_trace_get_kind (scene->trace, events[i]);
    if (ls_event_rows[kind].flags & (LS_EV_READS | LS_EV_WRITES))
      return true;
    if (kind == LS_EV_MARK || kind == LS_EV_SEND || kind == LS_EV_RECV || kind == LS_EV_FORK ||
        kind == LS_EV_LOST || kind == LS_EV_STALL || kind == LS_EV_FAIL || kind == LS_EV_CANCEL)
      return true;
  }
  return false;
}

void
ls_scene_get_thread_box (const LsScene *scene, const LsLane *lane, LsThreadBox *box)
{
  double scale = scene->text_scale;
  *box = (LsThreadBox){ 0 };
  if (lane->size == LS_LANE_SMALL) {
    box->bar_y = 1;
    box->bar_height = 4;
    box->height = 6;
    return;
  }
  if (lane->size == LS_LANE_MEDIUM) {
    box->bar_y = 3;
    box->bar_height = 16;
    box->height = 22;
    return;
  }
  bool is_order = scene->options.axis == LS_AXIS_ORDER;
  uint32_t n_holds = ls_trace_get_n_hold_rows (scene->trace, lane->index);
  uint32_t n_regions = ls_trace_get_n_region_rows (scene->trace, lane->index);
  box->n_hold_rows = MIN (n_holds, MAX_HOLD_ROWS);
  box->n_region_rows = MIN (n_regions, MAX_REGION_ROWS);
  box->has_labels = is_order || has_marks (scene, lane->index);
  box->row_height = round (17 * scale);
  double y = 7;
  if (box->has_labels) {
    box->label_y = y + round (9 * scale);
    y += round (20 * scale);
  }
  box->bar_y = y;
  box->bar_height = round (22 * scale);
  box->holds_y = y + box->bar_height + 3;
  double rows = (box->n_hold_rows + box->n_region_rows) * box->row_height;
  box->height = box->holds_y + rows + 7;
  if (scene->has_bracket[lane->index])
    box->height += round (24 * scale);
  double least = round (44 * scale) + 6;
  if (box->height < least) {
    double shift = round ((least - box->height) / 2);
    box->label_y += shift;
    box->bar_y += shift;
    box->holds_y += shift;
    box->height = least;
  }
}

static LsLane *
add_lane (LsScene *scene, LsLaneKind kind, LsSection section, uint32_t index, double height_px)
{
  LsLane lane = { .kind = kind, .section = section, .index = index, .size = LS_LANE_LARGE };
  if (scene->lanes->len > 0) {
    const LsLane *last = ls_scene_lane (scene, scene->lanes->len - 1);
    lane.y_px = last->y_px + last->height_px;
  }
  lane.height_px = height_px;
  g_array_append_val (scene->lanes, lane);
  return &g_array_index (scene->lanes, LsLane, scene->lanes->len - 1);
}

/* Returns whether the section is open. */
static bool
add_section (LsScene *scene, LsSection section, const char *name, guint n)
{
  LsLane *lane =
    add_lane (scene, LS_LANE_SECTION, section, section, round (SECTION_PX * scene->text_scale));
  lane->name = g_strdup (name);
  lane->subtitle = g_strdup_printf ("%u", n);
  return !scene->options.section_closed[section];
}

static void
add_folded (LsScene *scene, LsSection section, guint n, const char *what)
{
  if (n == 0)
    return;
  LsLane *lane = add_lane (scene, LS_LANE_FOLDED, section, section, round (24 * scene->text_scale));
  lane->name = g_strdup_printf ("… %u %s folded", n, what);
}

static void
add_thread (LsScene *scene, uint32_t thread, LsLaneSize size)
{
  scene->lane_of_thread[thread] = scene->lanes->len;
  LsLane *lane = add_lane (scene, LS_LANE_THREAD, LS_SECTION_THREADS, thread, 0);
  lane->size = size;
  lane->color = scene->colors[thread];
  lane->letter = scene->letters[thread];
  lane->name = g_strdup (ls_trace_get_thread (scene->trace, thread)->name);
  if (size == LS_LANE_LARGE)
    lane->subtitle = ls_trace_dup_thread_subtitle (scene->trace, thread);
  LsThreadBox box;
  ls_scene_get_thread_box (scene, lane, &box);
  lane->height_px = box.height;
}

static void
add_family (LsScene *scene, uint32_t index, LsLaneSize size)
{
  const LsFamily *family = &g_array_index (scene->families, LsFamily, index);
  double height = size == LS_LANE_LARGE ? 50 : 36;
  LsLane *lane =
    add_lane (scene, LS_LANE_FAMILY, LS_SECTION_THREADS, index, round (height * scene->text_scale));
  lane->name = g_strdup (family->name);
  lane->subtitle = g_strdup_printf ("%u threads", family->threads->len);
  for (guint i = 0; i < family->threads->len; i++)
    scene->lane_of_thread[g_array_index (family->threads, uint32_t, i)] = scene->lanes->len - 1;
}

static void
add_threads (LsScene *scene)
{
  uint32_t n_threads = ls_trace_get_n_threads (scene->trace);
  if (!add_section (scene, LS_SECTION_THREADS, "Threads", n_threads))
    return;
  bool fold = !scene->options.unfold_families;
  guint n_lanes = fold ? scene->families->len : 0;
  for (uint32_t i = 0; i < n_threads; i++)
    n_lanes += !fold || scene->family_of[i] == LS_NONE;
  LsLaneSize size = choose_size (scene, n_lanes);
  g_autofree bool *is_added = g_new0 (bool, scene->families->len + 1);
  for (uint32_t i = 0; i < n_threads; i++) {
    uint32_t family = scene->family_of[i];
    if (!fold || family == LS_NONE) {
      add_thread (scene, i, size);
    } else if (!is_added[family]) {
      is_added[family] = true;
      add_family (scene, family, size);
    }
  }
}

/* -- Locks, signals, values -- */

typedef struct {
  uint32_t object;
  bool is_in_finding;
  bool is_shared; /* of values: by more than one thread */
  uint32_t first_event;
  int64_t wait_ns;
} Row;

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  const Row *one = a, *other = b;
  if (one->is_in_finding != other->is_in_finding)
    return one->is_in_finding ? -1 : 1;
  if (one->is_shared != other->is_shared)
    return one->is_shared ? -1 : 1;
  if (one->wait_ns != other->wait_ns)
    return one->wait_ns > other->wait_ns ? -1 : 1;
  if (one->first_event != other->first_event)
    return one->first_event < other->first_event ? -1 : 1;
  return one->object < other->object ? -1 : 1;
}

static bool
is_object_in_findings (const LsScene *scene, uint32_t object)
{
  for (guint i = 0; scene->findings && i < scene->findings->len; i++) {
    const LsFinding *finding = g_ptr_array_index (scene->findings, i);
    for (guint j = 0; j < finding->objects->len; j++)
      if (g_array_index (finding->objects, uint32_t, j) == object)
        return true;
  }
  return false;
}

/* Whether more than one thread has events of it; of very many events not each is looked at. */
static bool
is_shared (const LsTrace *trace, uint32_t object)
{
  uint32_t n;
  const uint32_t *events = ls_trace_get_object_events (trace, object, &n);
  uint32_t step = n / 65536 + 1;
  for (uint32_t i = step; i < n; i += step)
    if (ls_trace_get_event_thread (trace, events[i]) !=
        ls_trace_get_event_thread (trace, events[0]))
      return true;
  return n > 1 && ls_trace_get_event_thread (trace, events[n - 1]) !=
                    ls_trace_get_event_thread (trace, events[0]);
}

/* Objects with an event, of values or of all else. In a small trace by first event; in a big one
 * those in findings first, then values that threads share, locks by how long was waited for them. */
static GArray *
collect_objects (const LsScene *scene, bool values, guint max_unfolded)
{
  GArray *rows = g_array_new (FALSE, TRUE, sizeof (Row));
  uint32_t n = ls_trace_get_n_objects (scene->trace);
  for (uint32_t i = 0; i < n; i++) {
    const LsObject *object = ls_trace_get_object (scene->trace, i);
    uint32_t n_events;
    const uint32_t *events = ls_trace_get_object_events (scene->trace, i, &n_events);
    if (n_events == 0 || (object->kind == LS_OBJECT_VALUE) != values)
      continue;
    Row row = { .object = i, .first_event = events[0] };
    g_array_append_val (rows, row);
  }
  if (rows->len > max_unfolded) {
    LsSpan all = { 0, ls_trace_get_info (scene->trace)->end_ns };
    for (guint i = 0; i < rows->len; i++) {
      Row *row = &g_array_index (rows, Row, i);
      LsObjectMix mix;
      row->is_in_finding = is_object_in_findings (scene, row->object);
      if (values) {
        row->is_shared = is_shared (scene->trace, row->object);
      } else {
        ls_trace_sum_object (scene->trace, row->object, all, &mix);
        row->wait_ns = mix.waited_ns;
      }
    }
  }
  g_array_sort (rows, compare_rows);
  return rows;
}

static void
add_object (LsScene *scene, LsLaneKind kind, uint32_t object, LsLaneSize size)
{
  LsSection section = kind == LS_LANE_VALUE ? LS_SECTION_VALUES : LS_SECTION_LOCKS;
  double height =
    kind == LS_LANE_VALUE ? (size == LS_LANE_LARGE ? 78 : 48) : (size == LS_LANE_LARGE ? 48 : 40);
  scene->lane_of_object[object] = scene->lanes->len;
  LsLane *lane = add_lane (scene, kind, section, object, round (height * scene->text_scale));
  lane->size = size;
  lane->name = g_strdup (ls_trace_get_object (scene->trace, object)->name);
  lane->subtitle = ls_trace_dup_object_subtitle (scene->trace, object);
}

static void
add_objects (LsScene *scene, bool values)
{
  LsSection section = values ? LS_SECTION_VALUES : LS_SECTION_LOCKS;
  guint max_unfolded = values ? MAX_VALUES_UNFOLDED : MAX_LOCKS_UNFOLDED;
  g_autoptr (GArray) rows = collect_objects (scene, values, max_unfolded);
  if (rows->len == 0)
    return;
  bool fold = rows->len > max_unfolded && !scene->options.show_uncontended;
  const char *name = values ? (fold ? "Values, findings first" : "Values")
                            : (fold ? "Locks, signals by wait" : "Locks and signals");
  if (!add_section (scene, section, name, rows->len))
    return;
  LsLaneSize size = rows->len <= 6 ? LS_LANE_LARGE : LS_LANE_MEDIUM;
  guint n_folded = 0, n_shared_folded = 0;
  for (guint i = 0; i < rows->len; i++) {
    const Row *row = &g_array_index (rows, Row, i);
    bool is_dull = values ? i >= max_unfolded || !row->is_shared : row->wait_ns == 0;
    if (fold && is_dull && !row->is_in_finding) {
      n_folded++;
      n_shared_folded += row->is_shared;
      continue;
    }
    add_object (scene, values ? LS_LANE_VALUE : LS_LANE_OBJECT, row->object, size);
  }
  const char *what = !values           ? "uncontended locks"
                     : n_shared_folded ? "more values"
                                       : "unshared values";
  add_folded (scene, section, n_folded, what);
}

static void
add_counters (LsScene *scene)
{
  uint32_t n = ls_trace_get_n_counters (scene->trace);
  if (!add_section (scene, LS_SECTION_COUNTERS, "Counters", n + 1))
    return;
  LsLane *lane =
    add_lane (scene, LS_LANE_ACTIVE, LS_SECTION_COUNTERS, 0, round (36 * scene->text_scale));
  lane->name = g_strdup ("active threads");
  for (uint32_t i = 0; i < n; i++) {
    scene->lane_of_counter[i] = scene->lanes->len;
    lane =
      add_lane (scene, LS_LANE_COUNTER, LS_SECTION_COUNTERS, i, round (48 * scene->text_scale));
    lane->name = g_strdup (ls_trace_get_counter_name (scene->trace, i));
  }
}

static uint32_t *
new_map (uint32_t n)
{
  uint32_t *map = g_new (uint32_t, (gsize) n + 1);
  for (uint32_t i = 0; i < n; i++)
    map[i] = LS_NONE;
  return map;
}

void
ls_scene_lay_out_lanes (LsScene *scene)
{
  g_array_set_size (scene->lanes, 0);
  g_free (scene->lane_of_thread);
  g_free (scene->lane_of_object);
  g_free (scene->lane_of_counter);
  scene->lane_of_thread = new_map (ls_trace_get_n_threads (scene->trace));
  scene->lane_of_object = new_map (ls_trace_get_n_objects (scene->trace));
  scene->lane_of_counter = new_map (ls_trace_get_n_counters (scene->trace));
  add_threads (scene);
  add_objects (scene, false);
  add_objects (scene, true);
  add_counters (scene);
}
