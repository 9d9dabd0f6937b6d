/* SPDX-License-Identifier: MIT */
/* The four palettes, and arithmetic on colours. */
#include "palette.h"

#include <math.h>

#define RGB(HEX)                                                                  \
  {                                                                               \
    ((HEX) >> 16 & 255) / 255., ((HEX) >> 8 & 255) / 255., ((HEX) &255) / 255., 1 \
  }
#define RGBA(HEX, A)                                                              \
  {                                                                               \
    ((HEX) >> 16 & 255) / 255., ((HEX) >> 8 & 255) / 255., ((HEX) &255) / 255., A \
  }

/* In the order in which threads choose: threads in findings first, so that these get the pair that
 * differs most. */
#define THREAD_COLORS                                                                              \
  {                                                                                                \
    RGB (0x74c0ab), RGB (0xa238fb), RGB (0x29705b), RGB (0xc0a5f1), RGB (0x544875), RGB (0x83934c) \
  }

static const LsPalette light = {
  .ground = RGB (0xfcfcfc),
  .ground_label = RGB (0xf4f3f2),
  .ground_section = RGB (0xefeeed),
  .ground_bar = RGB (0xfafafa),
  .line = RGB (0xe4e3e1),
  .text = RGB (0x2e3436),
  .text_dim = RGB (0x6a6a6a),
  .wait = RGB (0xedc926),
  .wait_ground = RGB (0xfff6d8),
  .idle = RGB (0xa9a8a6),
  .idle_ground = RGB (0xf0f0ef),
  .hold = RGB (0xdededc),
  .hold_edge = RGB (0x8e8d8b),
  .mixed = RGB (0x9a9996),
  .finding = RGB (0xa10b00),
  .finding_band = RGBA (0xa10b00, 0.06),
  .finding_text = RGB (0xb01822),
  .halo = RGB (0xfcfcfc),
  .thread = THREAD_COLORS,
};

static const LsPalette dark = {
  .dark = true,
  .ground = RGB (0x1b1b1b),
  .ground_label = RGB (0x212121),
  .ground_section = RGB (0x292929),
  .ground_bar = RGB (0x222222),
  .line = RGB (0x363636),
  .text = RGB (0xededed),
  .text_dim = RGB (0xa2a2a2),
  .wait = RGB (0xedc926),
  .wait_ground = RGB (0x40340f),
  .idle = RGB (0x7d7d7d),
  .idle_ground = RGB (0x303030),
  .hold = RGB (0x4a4a4a),
  .hold_edge = RGB (0x8b8b8b),
  .mixed = RGB (0x6e6e6e),
  .finding = RGB (0xa10b00),
  .finding_band = RGBA (0xff5a5f, 0.10),
  .finding_text = RGB (0xff7b7d),
  .halo = RGB (0x1b1b1b),
  .thread = THREAD_COLORS,
};

static const LsPalette light_contrast = {
  .high_contrast = true,
  .ground = RGB (0xffffff),
  .ground_label = RGB (0xf4f4f4),
  .ground_section = RGB (0xe6e6e6),
  .ground_bar = RGB (0xffffff),
  .line = RGB (0x9c9c9c),
  .text = RGB (0x000000),
  .text_dim = RGB (0x303030),
  .wait = RGB (0xedc926),
  .wait_ground = RGB (0xffffff),
  .idle = RGB (0x5e5e5e),
  .idle_ground = RGB (0xffffff),
  .hold = RGB (0xcfcfcf),
  .hold_edge = RGB (0x000000),
  .mixed = RGB (0x777777),
  .finding = RGB (0xa10b00),
  .finding_band = RGBA (0xa10b00, 0.14),
  .finding_text = RGB (0x9c0f1a),
  .halo = RGB (0xffffff),
  .thread = THREAD_COLORS,
};

static const LsPalette dark_contrast = {
  .dark = true,
  .high_contrast = true,
  .ground = RGB (0x121212),
  .ground_label = RGB (0x1a1a1a),
  .ground_section = RGB (0x2e2e2e),
  .ground_bar = RGB (0x121212),
  .line = RGB (0x7a7a7a),
  .text = RGB (0xffffff),
  .text_dim = RGB (0xdadada),
  .wait = RGB (0xedc926),
  .wait_ground = RGB (0x121212),
  .idle = RGB (0xc0c0c0),
  .idle_ground = RGB (0x121212),
  .hold = RGB (0x565656),
  .hold_edge = RGB (0xffffff),
  .mixed = RGB (0x969696),
  .finding = RGB (0xa10b00),
  .finding_band = RGBA (0xff5a5f, 0.22),
  .finding_text = RGB (0xff9a9b),
  .halo = RGB (0x121212),
  .thread = THREAD_COLORS,
};

const LsPalette *
ls_palette_get (bool want_dark, bool high_contrast)
{
  if (high_contrast)
    return want_dark ? &dark_contrast : &light_contrast;
  return want_dark ? &dark : &light;
}

static double
linear (double channel)
{
  return channel <= 0.04045 ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

static double
luminance (LsColor color)
{
  return 0.2126 * linear (color.r) + 0.7152 * linear (color.g) + 0.0722 * linear (color.b);
}

double
ls_color_get_contrast (LsColor a, LsColor b)
{
  double one = luminance (a) + 0.05;
  double other = luminance (b) + 0.05;
  return one > other ? one / other : other / one;
}

LsColor
ls_color_get_text_on (LsColor ground)
{
  const LsColor black = { 0, 0, 0, 1 };
  const LsColor white = { 1, 1, 1, 1 };
  double lit = luminance (ground) + 0.05;
  return 1.05 / lit >= lit / 0.05 ? white : black; /* the contrast with either */
}

void
ls_set_color (cairo_t *cr, LsColor color)
{
  cairo_set_source_rgba (cr, color.r, color.g, color.b, color.a);
}

void
ls_set_color_alpha (cairo_t *cr, LsColor color, double alpha)
{
  cairo_set_source_rgba (cr, color.r, color.g, color.b, color.a * alpha);
}

LsColor
ls_color_mix (LsColor a, LsColor b, double share)
{
  return (LsColor){ a.r + (b.r - a.r) * share, a.g + (b.g - a.g) * share, a.b + (b.b - a.b) * share,
                    a.a + (b.a - a.a) * share };
}

guint32
ls_color_to_argb (LsColor color)
{
  guint32 a = (guint32) lround (color.a * 255);
  guint32 r = (guint32) lround (color.r * color.a * 255);
  guint32 g = (guint32) lround (color.g * color.a * 255);
  guint32 b = (guint32) lround (color.b * color.a * 255);
  return a << 24 | r << 16 | g << 8 | b;
}
