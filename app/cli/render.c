/* SPDX-License-Identifier: MIT */
/* `lockstitch render`: a trace as a picture in a file, without a display. */
#include <string.h>

#include "arguments.h"
#include "command.h"
#include "export.h"
#include "output.h"

#define PANEL_PX 380
#define PANEL_FROM_PX \
  1200 /* the finding is explained beside the lanes from this width on, else under */
#define MIN_WIDTH_PX 320
#define MAX_WIDTH_PX 20000

typedef struct {
  char *output, *span, *axis;
  double scale;
  int width, finding;
  gboolean dark, high_contrast, fold, no_fold;
} Options;

/* Checks what can be checked before the trace is read. Returns false after saying what is wrong. */
static bool
check_options (const Options *options)
{
  if (!options->output) {
    ls_command_error ("give the picture's name: --output FILE.png, .svg or .pdf");
    return false;
  }
  if (!g_str_has_suffix (options->output, ".png") && !g_str_has_suffix (options->output, ".svg") &&
      !g_str_has_suffix (options->output, ".pdf")) {
    ls_command_error ("%s: the name must end in .png, .svg or .pdf", options->output);
    return false;
  }
  if (options->width < MIN_WIDTH_PX || options->width > MAX_WIDTH_PX) {
    ls_command_error ("--width is %d, must be from %d to %d", options->width, MIN_WIDTH_PX,
                      MAX_WIDTH_PX);
    return false;
  }
  if (!(options->scale >= 0.25 && options->scale <= 8)) {
    ls_command_error ("--scale must be from 0.25 to 8");
    return false;
  }
  if (options->axis && strcmp (options->axis, "time") != 0 &&
      strcmp (options->axis, "order") != 0) {
    ls_command_error ("--axis is '%s', must be time or order", options->axis);
    return false;
  }
  LsSpan span;
  if (options->span && !ls_argument_parse_span (options->span, G_MAXINT64, &span)) {
    ls_command_error ("--span is '%s', must be like 10ms..20ms, its end after its begin",
                      options->span);
    return false;
  }
  return true;
}

static uint32_t
find_culprit (const LsFinding *finding)
{
  uint32_t event = LS_NONE;
  for (guint i = 0; i < finding->steps->len; i++) {
    const LsStep *step = &g_array_index (finding->steps, LsStep, i);
    event = step->event;
    if (step->is_culprit)
      break;
  }
  return event;
}

static void
set_view (LsScene *scene, const Options *options)
{
  LsAxis *axis = ls_scene_get_axis (scene);
  LsSpan span;
  int64_t end_ns = ls_trace_get_info (ls_scene_get_trace (scene))->end_ns;
  double width = ls_scene_get_plot_width (scene);
  ls_axis_show_all (axis);
  if (options->span && ls_argument_parse_span (options->span, MAX (end_ns, 1), &span)) {
    if (ls_axis_get_kind (axis) == LS_AXIS_TIME) {
      ls_axis_set_view (axis, (double) span.begin_ns, (double) span.end_ns, width);
    } else {
      double begin = ls_axis_u_of_x (axis, ls_axis_x_of_time (axis, span.begin_ns));
      double end = ls_axis_u_of_x (axis, ls_axis_x_of_time (axis, span.end_ns));
      ls_axis_set_view (axis, begin - 0.5, end + 0.5, width);
    }
  } else if (options->finding > 0) {
    ls_scene_frame_finding (scene, (uint32_t) options->finding - 1);
  }
}

static bool
draw (LsTrace *trace, GPtrArray *findings, const Options *options, GError **error)
{
  g_autoptr (LsScene) scene = ls_scene_new (trace, findings);
  LsSceneOptions view;
  ls_scene_options_init (&view);
  view.dark = options->dark;
  view.high_contrast = options->high_contrast;
  view.fold_gaps = !options->no_fold;
  view.axis = g_strcmp0 (options->axis, "order") == 0 ? LS_AXIS_ORDER : LS_AXIS_TIME;
  uint32_t selected = options->finding < 0   ? 0
                      : options->finding > 0 ? (uint32_t) options->finding - 1
                                             : LS_NONE;
  if (selected < findings->len) {
    view.selected_finding = selected;
    view.cursor = find_culprit (g_ptr_array_index (findings, selected));
    if (options->width >= PANEL_FROM_PX)
      view.side_px = PANEL_PX;
  }
  ls_scene_set_options (scene, &view);
  ls_scene_set_size (scene, options->width, 0);
  set_view (scene, options);
  return ls_scene_export (scene, options->output, options->scale, error);
}

static int
render (const char *path, const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LsTrace) trace = ls_command_open_trace (path);
  if (!trace)
    return LS_EXIT_FAILURE;
  g_autoptr (GPtrArray) findings = ls_command_compute_findings (trace, NULL);
  if (options->finding > 0 && (guint) options->finding > findings->len) {
    ls_command_error ("%s: there is no finding %d, there are %u", ls_command_get_name (path),
                      options->finding, findings->len);
    return LS_EXIT_FAILURE;
  }
  ls_output_guard ();
  if (!draw (trace, findings, options, &error)) {
    ls_command_error ("%s", error->message);
    return LS_EXIT_FAILURE;
  }
  return LS_EXIT_FINE;
}

int
ls_command_render (int argc, char **argv)
{
  Options options = { .scale = 1, .width = 1600, .finding = -1 };
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
      "Write the picture here: .png, .svg or .pdf", "FILE" },
    { "width", 'w', 0, G_OPTION_ARG_INT, &options.width, "Width of the page (1600)", "PX" },
    { "scale", 0, 0, G_OPTION_ARG_DOUBLE, &options.scale, "PNG pixels for each of these (1)", "N" },
    { "span", 's', 0, G_OPTION_ARG_STRING, &options.span,
      "Show this time only, like 10ms..20ms (the whole trace)", "A..B" },
    { "axis", 'a', 0, G_OPTION_ARG_STRING, &options.axis,
      "time, or order: every event one step wide (time)", "AXIS" },
    { "finding", 'f', 0, G_OPTION_ARG_INT, &options.finding,
      "Explain and frame the N-th finding of check; 0: none (the gravest, in the whole trace)",
      "N" },
    { "fold-gaps", 0, 0, G_OPTION_ARG_NONE, &options.fold, "Fold idle gaps (the default)", NULL },
    { "no-fold", 0, 0, G_OPTION_ARG_NONE, &options.no_fold, "Leave idle gaps as long as they are",
      NULL },
    { "dark", 0, 0, G_OPTION_ARG_NONE, &options.dark, "On a dark ground", NULL },
    { "high-contrast", 0, 0, G_OPTION_ARG_NONE, &options.high_contrast, "With stronger lines",
      NULL },
    { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
  };
  int exit_code = LS_EXIT_USAGE;
  if (ls_command_parse (
        &argc, &argv, entries, "TRACE -o FILE",
        "Draws a trace into a file: the interleaving, every thread, lock and value, "
        "and the\ngravest finding explained.",
        &exit_code)) {
    exit_code = LS_EXIT_USAGE;
    if (argc != 2)
      ls_command_error ("give one trace; see lockstitch render --help");
    else if (options.fold && options.no_fold)
      ls_command_error ("--fold-gaps and --no-fold exclude each other");
    else if (check_options (&options))
      exit_code = render (argv[1], &options);
  }
  g_free (options.output);
  g_free (options.span);
  g_free (options.axis);
  return exit_code;
}
