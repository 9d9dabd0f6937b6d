/* SPDX-License-Identifier: MIT */
/**
 * The categories by which our own Chrome traces are known again when they are read.
 *
 * A life slice is a nanosecond longer than the life, so that an arrow from its last event has a slice
 * to start from. Holds and waits are there for the eye only.
 */
#pragma once

#define LS_CHROME_RECORDER "lockstitch" /* otherData.recorder begins with it */

#define LS_CHROME_LIFE "lockstitch.thread"
#define LS_CHROME_WAIT "lockstitch.wait"
#define LS_CHROME_HOLD "lockstitch.hold"
#define LS_CHROME_REGION "region"
#define LS_CHROME_MARK "mark"
#define LS_CHROME_COUNT "counter"
#define LS_CHROME_VALUE "lockstitch.value"
#define LS_CHROME_WAITERS "lockstitch.waiters"
#define LS_CHROME_FINDING "lockstitch.finding"
