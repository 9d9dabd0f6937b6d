/* SPDX-License-Identifier: MIT */
/* What libFuzzer or, without it, fuzz-driver.c calls with each input. */
#pragma once

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
