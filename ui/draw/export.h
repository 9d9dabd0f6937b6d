/* SPDX-License-Identifier: MIT */
/* A scene into a file: PNG, SVG or PDF. */
#pragma once

#include "paint.h"

G_BEGIN_DECLS

/* By the ending of `path` (.png, .svg, .pdf). `scale`: PNG pixels a unit, 1 or 2. The page's width is
 * the scene's. Errors: G_FILE_ERROR, G_IO_ERROR. */
bool ls_scene_export (LsScene *scene, const char *path, double scale, GError **error);

G_END_DECLS
