/* SPDX-License-Identifier: MIT */
/* The frame benchmark: before-paint to after-paint of the frame clock, one scene after another.
 * The view is set in each frame, so that every frame has to paint all lanes anew. */
#include "bench.h"

#include <math.h>
#include <time.h>

#include "navigate.h"
#include "timeline.h"
#include "window.h"

#define WIDTH_PX 1920
#define HEIGHT_PX 1080
#define FRAMES_A_SCENE 120
#define N_SCENES 7

static const char *const scene_names[N_SCENES] = {
  "zoom-in", "pan-deep", "zoom-out", "pan-wide", "hover", "step", "order",
};

typedef struct {
  LsWindow *window;
  char *path;
  GArray *frames[N_SCENES]; /* double, ms */
  GArray *cpu[N_SCENES];    /* the same on this thread's clock: what a busy machine does not blur */
  int frame;                /* over all scenes */
  gint64 began_us, cpu_began_us;
  gint64 open_us;
} Bench;

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

static double
get_quantile (GArray *sorted, double share)
{
  return g_array_index (sorted, double, MIN ((guint) (sorted->len * share), sorted->len - 1));
}

static void
print_figures (const char *name, GArray *frames, GArray *cpu)
{
  if (frames->len == 0)
    return;
  g_array_sort (frames, compare_doubles);
  g_array_sort (cpu, compare_doubles);
  g_print ("%-9s median %6.2f ms  p99 %6.2f ms  max %6.2f ms of %u frames; "
           "CPU median %6.2f ms  p99 %6.2f ms\n",
           name, get_quantile (frames, 0.5), get_quantile (frames, 0.99), get_quantile (frames, 1),
           frames->len, get_quantile (cpu, 0.5), get_quantile (cpu, 0.99));
}

static void
finish (Bench *bench)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) all_cpu = g_array_new (FALSE, FALSE, sizeof (double));
  for (int i = 0; i < N_SCENES; i++) {
    g_array_append_vals (all, bench->frames[i]->data, bench->frames[i]->len);
    g_array_append_vals (all_cpu, bench->cpu[i]->data, bench->cpu[i]->len);
  }
  print_figures ("all", all, all_cpu);
  gtk_window_destroy (GTK_WINDOW (bench->window));
}

static GtkWidget *
find_timeline (GtkWidget *widget)
{
  if (LS_IS_TIMELINE (widget))
    return widget;
  GtkWidget *found = NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find_timeline (child);
  return found;
}

/* As if the pointer were at that share of the timeline's width. */
static void
move_pointer (Bench *bench, double share)
{
  GtkWidget *timeline = find_timeline (GTK_WIDGET (bench->window));
  if (!timeline)
    return;
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (timeline);
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++) {
    g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);
    if (GTK_IS_EVENT_CONTROLLER_MOTION (controller))
      g_signal_emit_by_name (controller, "motion", gtk_widget_get_width (timeline) * share,
                             gtk_widget_get_height (timeline) * 0.6);
  }
}

/* The view of that frame, which the next paint shows. */
static void
set_scene (Bench *bench, int scene, int i)
{
  LsSession *session = ls_window_get_session (bench->window);
  LsView whole = ls_session_get_whole (session);
  double t = (double) i / FRAMES_A_SCENE, whole_span = whole.end_u - whole.begin_u;
  double middle = whole.begin_u + whole_span * 0.4137;
  double deepest = 1e-4; /* of the whole */
  double span = whole_span;
  switch (scene) {
  case 0:
    span = whole_span * pow (deepest, t);
    break;
  case 1:
    span = whole_span * deepest;
    middle += span * t * 8;
    break;
  case 2:
    span = whole_span * pow (deepest, 1 - t);
    break;
  case 3:
    span = whole_span * 0.3;
    middle = whole.begin_u + whole_span * (0.15 + 0.7 * t);
    break;
  case 4:
    move_pointer (bench, 0.2 + 0.7 * t);
    return;
  case 5:
    ls_navigate_step (session, +1);
    return;
  default:
    if (i == 0) {
      ls_session_set_order (session, TRUE);
      return;
    }
    span = whole_span * pow (deepest, t);
    break;
  }
  ls_session_set_view (session, (LsView){ middle - span / 2, middle + span / 2 });
}

static gint64
get_cpu_us (void)
{
  struct timespec now;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static void
before_paint (GdkFrameClock *clock, Bench *bench)
{
  bench->began_us = g_get_monotonic_time ();
  bench->cpu_began_us = get_cpu_us ();
}

static void
after_paint (GdkFrameClock *clock, Bench *bench)
{
  double ms = (double) (g_get_monotonic_time () - bench->began_us) / 1000;
  double cpu_ms = (double) (get_cpu_us () - bench->cpu_began_us) / 1000;
  int scene = bench->frame / FRAMES_A_SCENE, i = bench->frame % FRAMES_A_SCENE;
  /* The first frame of a scene is a jump, and of Order the making of the axis. */
  if (bench->frame < 0 || scene >= N_SCENES || i <= 1)
    return;
  g_array_append_val (bench->frames[scene], ms);
  g_array_append_val (bench->cpu[scene], cpu_ms);
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  Bench *bench = data;
  bench->frame++;
  if (bench->frame > 0 && bench->frame % FRAMES_A_SCENE == 0) {
    int scene = bench->frame / FRAMES_A_SCENE - 1;
    print_figures (scene_names[scene], bench->frames[scene], bench->cpu[scene]);
  }
  if (bench->frame >= FRAMES_A_SCENE * N_SCENES) {
    finish (bench);
    return G_SOURCE_REMOVE;
  }
  if (bench->frame >= 0)
    set_scene (bench, bench->frame / FRAMES_A_SCENE, bench->frame % FRAMES_A_SCENE);
  gtk_widget_queue_draw (widget);
  return G_SOURCE_CONTINUE;
}

static void
on_session (LsWindow *window, GParamSpec *pspec, Bench *bench)
{
  LsSession *session = ls_window_get_session (window);
  if (!session)
    return;
  g_print ("%s: %u events, %u threads, opened in %.2f s\n", bench->path,
           ls_trace_get_n_events (ls_session_get_trace (session)),
           ls_trace_get_n_threads (ls_session_get_trace (session)),
           (double) (g_get_monotonic_time () - bench->open_us) / 1e6);
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));
  g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint), bench);
  g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint), bench);
  bench->frame = -30; /* the window settles first */
  gtk_widget_add_tick_callback (GTK_WIDGET (window), on_tick, bench, NULL);
}

static void
on_activate (GtkApplication *application, Bench *bench)
{
  bench->window = LS_WINDOW (gtk_application_get_active_window (application));
  gtk_window_set_default_size (GTK_WINDOW (bench->window), WIDTH_PX, HEIGHT_PX);
  g_signal_connect (bench->window, "notify::session", G_CALLBACK (on_session), bench);
  bench->open_us = g_get_monotonic_time ();
  ls_window_open (bench->window, bench->path);
}

void
ls_bench_prepare (GtkApplication *application, const char *path)
{
  Bench *bench = g_new0 (Bench, 1);
  bench->path = g_strdup (path);
  for (int i = 0; i < N_SCENES; i++) {
    bench->frames[i] = g_array_new (FALSE, FALSE, sizeof (double));
    bench->cpu[i] = g_array_new (FALSE, FALSE, sizeof (double));
  }
  g_signal_connect_after (application, "activate", G_CALLBACK (on_activate), bench);
}
