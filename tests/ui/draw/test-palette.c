/* SPDX-License-Identifier: MIT */
/**
 * The palette's promise, computed: any two thread colours, and each with amber and red, differ by at
 * least 20 in CIEDE2000 (Sharma, Wu, Dalal 2005), in normal sight and with each kind of cone missing
 * (Machado, Oliveira, Fernandes 2009), and stand out 2 : 1 against every ground.
 */
#include <glib.h>
#include <math.h>

#include "palette.h"

#define LEAST_DELTA_E 20
#define LEAST_CONTRAST 2

typedef struct {
  double l, a, b;
} Lab;

static const struct {
  const char *name;
  double m[3][3];
} sights[] = {
  { "normal", { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } } },
  { "protan",
    { { 0.152286, 1.052583, -0.204868 },
      { 0.114503, 0.786281, 0.099216 },
      { -0.003882, -0.048116, 1.051998 } } },
  { "deutan",
    { { 0.367322, 0.860646, -0.227968 },
      { 0.280085, 0.672501, 0.047413 },
      { -0.011820, 0.042940, 0.968881 } } },
  { "tritan",
    { { 1.255528, -0.076749, -0.178779 },
      { -0.078411, 0.930809, 0.147602 },
      { 0.004733, 0.691367, 0.303900 } } },
};

static double
linear (double c)
{
  return c <= 0.04045 ? c / 12.92 : pow ((c + 0.055) / 1.055, 2.4);
}

static double
lab_f (double t)
{
  return t > 216. / 24389 ? cbrt (t) : (24389. / 27 * t + 16) / 116;
}

static Lab
see (LsColor color, guint sight)
{
  double in[3] = { linear (color.r), linear (color.g), linear (color.b) }, c[3];
  for (int i = 0; i < 3; i++) {
    const double *m = sights[sight].m[i];
    c[i] = CLAMP (m[0] * in[0] + m[1] * in[1] + m[2] * in[2], 0, 1);
  }
  double x = (0.4124564 * c[0] + 0.3575761 * c[1] + 0.1804375 * c[2]) / 0.95047;
  double y = 0.2126729 * c[0] + 0.7151522 * c[1] + 0.0721750 * c[2];
  double z = (0.0193339 * c[0] + 0.1191920 * c[1] + 0.9503041 * c[2]) / 1.08883;
  return (Lab){ 116 * lab_f (y) - 16, 500 * (lab_f (x) - lab_f (y)),
                200 * (lab_f (y) - lab_f (z)) };
}

static double
hue_of (double b, double a)
{
  if (a == 0 && b == 0)
    return 0;
  double h = atan2 (b, a) * 180 / G_PI;
  return h < 0 ? h + 360 : h;
}

static double
cosd (double degrees)
{
  return cos (degrees * G_PI / 180);
}

static double
delta_e (Lab one, Lab other)
{
  double c_mean = (hypot (one.a, one.b) + hypot (other.a, other.b)) / 2;
  double c7 = pow (c_mean, 7);
  double g = 0.5 * (1 - sqrt (c7 / (c7 + pow (25, 7))));
  double a1 = (1 + g) * one.a, a2 = (1 + g) * other.a;
  double c1 = hypot (a1, one.b), c2 = hypot (a2, other.b);
  double h1 = hue_of (one.b, a1), h2 = hue_of (other.b, a2);
  double dh = h2 - h1, h_mean = h1 + h2;
  if (c1 * c2 == 0) {
    dh = 0;
  } else {
    dh = dh > 180 ? dh - 360 : dh < -180 ? dh + 360 : dh;
    bool far = fabs (h1 - h2) > 180;
    h_mean = !far ? (h1 + h2) / 2 : h1 + h2 < 360 ? (h1 + h2 + 360) / 2 : (h1 + h2 - 360) / 2;
  }
  double d_h = 2 * sqrt (c1 * c2) * sin (dh / 2 * G_PI / 180);
  double l = (one.l + other.l) / 2, c = (c1 + c2) / 2;
  double t = 1 - 0.17 * cosd (h_mean - 30) + 0.24 * cosd (2 * h_mean) +
             0.32 * cosd (3 * h_mean + 6) - 0.20 * cosd (4 * h_mean - 63);
  double turn = 30 * exp (-pow ((h_mean - 275) / 25, 2));
  c7 = pow (c, 7);
  double r_t = -sin (2 * turn * G_PI / 180) * 2 * sqrt (c7 / (c7 + pow (25, 7)));
  double kl = (other.l - one.l) / (1 + 0.015 * pow (l - 50, 2) / sqrt (20 + pow (l - 50, 2)));
  double kc = (c2 - c1) / (1 + 0.045 * c), kh = d_h / (1 + 0.015 * c * t);
  return sqrt (kl * kl + kc * kc + kh * kh + r_t * kc * kh);
}

/* Pairs published with the formula. */
static void
test_formula (void)
{
  static const struct {
    Lab one, other;
    double expected;
  } known[] = {
    { { 50, 2.6772, -79.7751 }, { 50, 0, -82.7485 }, 2.0425 },
    { { 50, -1.3802, -84.2814 }, { 50, 0, -82.7485 }, 1.0000 },
    { { 50, 2.5, 0 }, { 50, 0, -2.5 }, 4.3065 },
    { { 50, 2.5, 0 }, { 73, 25, -18 }, 27.1492 },
    { { 50, 2.5, 0 }, { 56, -27, -3 }, 31.9030 },
    { { 22.7233, 20.0904, -46.6940 }, { 23.0331, 14.9730, -42.5619 }, 2.0373 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    g_assert_cmpfloat_with_epsilon (delta_e (known[i].one, known[i].other), known[i].expected,
                                    1e-4);
}

static void
test_distances (void)
{
  for (int mode = 0; mode < 4; mode++) {
    const LsPalette *palette = ls_palette_get (mode & 1, mode & 2);
    LsColor colors[LS_N_THREAD_COLORS + 2];
    for (int i = 0; i < LS_N_THREAD_COLORS; i++)
      colors[i] = palette->thread[i];
    colors[LS_N_THREAD_COLORS] = palette->wait;
    colors[LS_N_THREAD_COLORS + 1] = palette->finding;
    double least = G_MAXDOUBLE;
    for (guint sight = 0; sight < G_N_ELEMENTS (sights); sight++)
      for (guint i = 0; i < G_N_ELEMENTS (colors); i++)
        for (guint j = i + 1; j < G_N_ELEMENTS (colors); j++) {
          double distance = delta_e (see (colors[i], sight), see (colors[j], sight));
          if (distance < LEAST_DELTA_E)
            g_test_message ("%s: colours %u and %u are %.1f apart", sights[sight].name, i, j,
                            distance);
          least = MIN (least, distance);
        }
    g_test_message ("palette %d: least distance %.2f", mode, least);
    g_assert_cmpfloat (least, >=, LEAST_DELTA_E);
  }
}

static void
test_contrast (void)
{
  for (int mode = 0; mode < 4; mode++) {
    const LsPalette *palette = ls_palette_get (mode & 1, mode & 2);
    for (int i = 0; i < LS_N_THREAD_COLORS; i++)
      g_assert_cmpfloat (ls_color_get_contrast (palette->thread[i], palette->ground), >=,
                         LEAST_CONTRAST);
    /* Text must be read: 4.5 : 1 (WCAG 2, AA) on every ground it stands on. */
    const LsColor grounds[] = { palette->ground, palette->ground_label, palette->ground_section,
                                palette->ground_bar };
    for (guint i = 0; i < G_N_ELEMENTS (grounds); i++) {
      g_assert_cmpfloat (ls_color_get_contrast (palette->text, grounds[i]), >=, 7);
      g_assert_cmpfloat (ls_color_get_contrast (palette->text_dim, grounds[i]), >=, 4.5);
      g_assert_cmpfloat (ls_color_get_contrast (palette->finding_text, grounds[i]), >=, 4.5);
    }
    g_assert_cmpfloat (ls_color_get_contrast (palette->text, palette->wait_ground), >=, 4.5);
    g_assert_cmpfloat (ls_color_get_contrast (palette->text, palette->idle_ground), >=, 4.5);
    g_assert_cmpfloat (ls_color_get_contrast (palette->text, palette->hold), >=, 4.5);
  }
}

static void
test_text_on (void)
{
  for (int i = 0; i < LS_N_THREAD_COLORS; i++) {
    LsColor ground = ls_palette_get (false, false)->thread[i];
    LsColor text = ls_color_get_text_on (ground);
    g_assert_true (text.r == text.g && text.g == text.b && (text.r == 0 || text.r == 1));
    g_assert_cmpfloat (ls_color_get_contrast (text, ground), >=, 4.5);
  }
}

static void
test_same_in_all (void)
{
  /* A thread's colour does not change with the ground. */
  const LsPalette *light = ls_palette_get (false, false);
  for (int mode = 1; mode < 4; mode++) {
    const LsPalette *palette = ls_palette_get (mode & 1, mode & 2);
    for (int i = 0; i < LS_N_THREAD_COLORS; i++)
      g_assert_cmpuint (ls_color_to_argb (light->thread[i]), ==,
                        ls_color_to_argb (palette->thread[i]));
    g_assert_true (palette->dark == ((mode & 1) != 0));
    g_assert_true (palette->high_contrast == ((mode & 2) != 0));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/palette/formula", test_formula);
  g_test_add_func ("/palette/distances", test_distances);
  g_test_add_func ("/palette/contrast", test_contrast);
  g_test_add_func ("/palette/text-on", test_text_on);
  g_test_add_func ("/palette/same-in-all", test_same_in_all);
  return g_test_run ();
}
