/* SPDX-License-Identifier: MIT */
/**
 * The one table of words for people: every sentence that a finding, a verdict, a tooltip or a report
 * says is a row here, so that one place is read by a translator and one place by an editor.
 *
 * Rows are macros and not strings in an array, so that the compiler checks each format against its
 * arguments where it is used. Two names of the same kind stand in the order of the arguments; a
 * translation may reorder them with %1$s.
 */
#pragma once

#include <glib.h>

/* The message catalogue is not there yet: these mark what goes into it. */
#define _(text) (text)
#define PLURAL(one, many, n) ((n) == 1 ? (one) : (many))

/* -- Lists -- */
#define W_AND _ ("%s and %s")
#define W_COMMA _ (", ")
#define W_AND_MORE _ ("%s and %u more")
#define W_DOT _ (" · ")

/* -- Durations -- */
#define W_NS _ ("%s%" G_GUINT64_FORMAT " ns")
#define W_DECIMAL _ ("%s%" G_GUINT64_FORMAT ".%u %s")
#define W_WHOLE _ ("%s%" G_GUINT64_FORMAT " %s")

/* -- Verdict -- */
#define W_NO_FINDING _ ("No finding among what was recorded")
#define W_N_ERRORS(n) PLURAL (_ ("%u error"), _ ("%u errors"), n)
#define W_N_WARNINGS(n) PLURAL (_ ("%u warning"), _ ("%u warnings"), n)
#define W_N_HINTS(n) PLURAL (_ ("%u hint"), _ ("%u hints"), n)
#define W_BUSIEST_LOCK _ ("busiest lock `%s`, %u %% of all waiting for locks")
#define W_ENDED_NORMALLY _ ("ended normally")
#define W_ENDED_WITH _ ("ended with status %d")
#define W_ENDED_BY _ ("ended by %s after %s")
#define W_ENDED_BY_NUMBER _ ("ended by signal %d after %s")
#define W_ENDED_EXEC _ ("another program took over (exec)")
#define W_END_UNSEEN _ ("its end was not seen")
#define W_CUT_OFF _ ("cut off after %s")
#define W_HUNG _ ("hung; %s")
#define W_N_THREADS(n) PLURAL (_ ("%u thread"), _ ("%u threads"), n)
#define W_N_EVENTS(n) PLURAL (_ ("%u event"), _ ("%u events"), n)
#define W_NOTHING_LOST _ ("nothing lost")
#define W_N_LOST(n) \
  PLURAL (_ ("%" G_GUINT64_FORMAT " event lost"), _ ("%" G_GUINT64_FORMAT " events lost"), n)
#define W_N_UNREAD(n) \
  PLURAL (_ ("%" G_GUINT64_FORMAT " line unread"), _ ("%" G_GUINT64_FORMAT " lines unread"), n)
#define W_PARTIAL _ ("partial: not recorded from the start or not whole")
#define W_IGNORED _ ("left out on request: %s")
#define W_BLIND _ ("not seen into: %s")

/* -- Second lines of lanes -- */
#define W_OS _ ("os %u")
#define W_STARTS _ ("starts %u")
#define W_JOINS _ ("joins %u")
#define W_DAEMON _ ("daemon")
#define W_DETACHED _ ("detached")
#define W_N_HOLDS(n) PLURAL (_ ("%u hold"), _ ("%u holds"), n)
#define W_N_CONTENDED _ ("%u contended")
#define W_N_READS(n) PLURAL (_ ("%u read"), _ ("%u reads"), n)
#define W_N_WRITES(n) PLURAL (_ ("%u write"), _ ("%u writes"), n)
#define W_N_WAITS(n) PLURAL (_ ("%u wait"), _ ("%u waits"), n)
#define W_N_PARTIES _ ("%u parties")
#define W_INITIAL _ ("starts at %" G_GINT64_FORMAT)
#define W_GATE _ ("gate")
#define W_SHARED _ ("between processes")

/* -- Events -- */
#define W_EVENT _ ("%s %s")
#define W_EVENT_PLACE _ ("%s, %s")
#define W_EVENT_OF _ ("%s, event %u of %u")
#define W_VERB_WHAT _ ("%s %s")
#define W_VERB_VALUE_FROM _ ("%s %s from %s")
#define W_VERB_VALUE_TO _ ("%s %s to %s")
#define W_UPDATES_FROM_TO _ ("updates %s from %s to %s")
#define W_UPDATES_TO _ ("updates %s to %s")
#define W_UPDATES_STEP _ ("updates %s to %s")
#define W_VERB_ORDER _ ("%s (%s)")
#define W_VERB_ERROR _ ("%s: %s")
#define W_WRITES_TO _ ("writes to %s")
#define W_WAITS_TO_FINISH _ ("waits for %s to finish")
#define W_NOT_FINISHED _ ("does not see %s finish")
#define W_GIVES_UP_ON _ ("gives up waiting for %s to finish")
#define W_FINDS_UNSET _ ("finds %s unset")
#define W_WAKES _ ("wakes")
#define W_COUNTS _ ("counts %s = %s")
#define W_MARKS _ ("marks “%s”")
#define W_FORKS _ ("forks process %s")
#define W_LOSES(n)                                                                                 \
  PLURAL (_ ("lost %" G_GINT64_FORMAT " event here"), _ ("lost %" G_GINT64_FORMAT " events here"), \
          n)
#define W_STALLED _ ("was held up by the recorder for %s")
#define W_NUMBERED _ ("%s number %" G_GINT64_FORMAT)
#define W_SHARED_MODE _ ("%s for reading")

/* -- States -- */
#define W_NOT_STARTED _ ("not started")
#define W_CREATED _ ("created, not yet started")
#define W_FINISHED _ ("finished")
#define W_NOT_WAITING_HOLDS _ ("not waiting, holds %s")
#define W_NOT_WAITING_HOLDS_NOTHING _ ("not waiting, holds nothing")
#define W_NOT_WAITING _ ("not waiting")
#define W_ASLEEP _ ("asleep")
#define W_WAITS_FOR _ ("waits for %s")
#define W_WAITS_FOR_HELD _ ("waits for %s, held by %s")
#define W_FOR_TIME _ ("%s, %s")
#define W_AND_HOLDS _ ("%s, holds %s")
#define W_IS_FREE _ ("%s is free")
#define W_IS_HELD _ ("%s is held by %s")
#define W_IS_READ _ ("%s is held for reading by %s")
#define W_SEMAPHORE_LEFT _ ("%s has %" G_GINT64_FORMAT " left")
#define W_SEMAPHORE_TAKEN _ ("%s is taken by %s")
#define W_ONE_WAITS _ ("%s; %s waits")
#define W_SOME_WAIT _ ("%s; %s wait")
#define W_NOBODY_WAITS_FOR _ ("nobody waits for %s")
#define W_ONE_WAITS_FOR _ ("%s waits for %s")
#define W_SOME_WAIT_FOR _ ("%s wait for %s")
#define W_VALUE_IS _ ("%s = %s")
#define W_VALUE_UNKNOWN _ ("%s: not seen yet")

/* -- Places -- */
#define W_LINE _ ("line %u")
#define W_LINES_TO _ ("lines %u to %u")
#define W_FROM_TO _ ("from %s to %s")
#define W_OF_FILE _ ("%s of %s")
#define W_PLACE_AT _ ("%s (%s)")

/* -- Data race -- */
#define W_RACE_TITLE _ ("Data race on %s")
#define W_RACE_CHILD_TITLE _ ("Data race: %s and %s")
#define W_RACE_SENTENCE _ ("%s %s %s and %s %s it, and nothing orders the two.")
#define W_RACE_READS _ ("reads")
#define W_RACE_WRITES _ ("writes")
#define W_RACE_LOADS _ ("loads")
#define W_RACE_STORES _ ("stores to")
#define W_RACE_UPDATES _ ("updates")
#define W_READ _ ("read")
#define W_WRITE _ ("write")
#define W_LOAD _ ("load")
#define W_STORE _ ("store")
#define W_UPDATE _ ("update")
#define W_ACCESS_AT_LINE _ ("%s :%u")
#define W_ACCESS_IN _ ("%s in %s")
#define W_RACE_WHY_NO_LOCKS _ ("No lock was held at either access, and no other step orders them.")
#define W_RACE_WHY_ONE_LOCK _ ("%s held %s, %s held no lock, and no other step orders them.")
#define W_RACE_WHY_OTHER_LOCKS \
  _ ("%s held %s and %s held %s: they share none, and no other step orders them.")
#define W_RACE_WHY_SHARED \
  _ ("Both held %s, but not so that one excludes the other, and no other step orders them.")
#define W_RACE_WHY_ATOMIC _ ("One of the accesses is atomic, the other is not.")
#define W_RACE_REMEDY_LOCK _ ("Hold one lock at both accesses%s, or make both atomic.")
#define W_RACE_REMEDY_THAT_LOCK _ ("Hold %s in %s too%s.")
#define W_RACE_REMEDY_WRITE_LOCK _ ("Hold %s for writing where it is written.")
#define W_RACE_REMEDY_ATOMIC _ ("Make the plain access atomic too%s.")
#define W_AT_PLACES _ (", %s and %s")
#define W_AT_PLACE _ (", %s")

/* -- Lost update -- */
#define W_LOST_TITLE _ ("Lost update on %s")
#define W_LOST_LABEL _ ("Lost update")
#define W_LOST_SENTENCE_VALUES \
  _ ("%s read %s, %s then wrote %s, and %s wrote %s from its stale %s: %s")
#define W_LOST_SENTENCE \
  _ ("%s read %s, %s then wrote it, and %s wrote it from what it had read: %s")
#define W_LOST_OF_TWO_INCREMENTS _ ("one of two increments is gone.")
#define W_LOST_OF_TWO_DECREMENTS _ ("one of two decrements is gone.")
#define W_LOST_ONE _ ("the write of %s is gone.")
#define W_LOST_MANY _ ("%u writes in between are gone, the last by %s.")
#define W_LOST_WHY_NO_LOCK _ ("No lock was held from the read to the write.")
#define W_LOST_WHY_LET_GO \
  _ ("Each access was made under %s, but %s let it go between its read and its write.")
#define W_LOST_WHY_OTHER_FREE _ ("%s held %s from its read to its write, but %s wrote without it.")
#define W_LOST_WHY_ATOMIC \
  _ (                     \
    "Load and store are atomic each by itself, but not together: nothing kept %s out between them.")
#define W_LOST_REMEDY_HOLD_BOTH _ ("Hold one lock over %s in both threads.")
#define W_LOST_REMEDY_HOLD_EACH _ ("Hold one lock over %s in %s, and over %s in %s.")
#define W_LOST_REMEDY_HOLD_READ_TO_WRITE \
  _ ("Hold one lock from the read to the write in both threads.")
#define W_LOST_REMEDY_KEEP _ ("Keep %s over %s instead of letting it go in between.")
#define W_LOST_REMEDY_KEEP_READ_TO_WRITE \
  _ ("Keep %s from the read to the write instead of letting it go in between.")
#define W_LOST_REMEDY_TAKE_TOO _ ("Hold %s in %s too.")
#define W_LOST_REMEDY_ATOMIC \
  _ ("Make it one atomic update (a fetch-and-add, or a compare-exchange in a loop).")

/* -- Certainty -- */
#define W_CAVEAT_ABSENCE \
  _ ("No more than suspected, since it rests on what is not in this trace, and %s.")
#define W_ABSENCE_LOST _ ("events were lost")
#define W_ABSENCE_PARTIAL _ ("the trace is partial")
#define W_ABSENCE_IGNORED _ ("parts were left out on request")
#define W_ABSENCE_BLIND _ ("some modules could not be seen into")
#define W_CAVEAT_ORDER                                                                              \
  _ (                                                                                               \
    "No more than suspected: nothing orders the two by itself, but an earlier value that was read " \
    "on the way might not come about in another order.")

/* -- Reports -- */
#define W_MD_VALUE _ ("value")
#define W_MD_WHY _ ("Why")
#define W_MD_REMEDY _ ("Remedy")
#define W_MD_CAVEAT _ ("Certainty")
#define W_MD_TIMES _ (", %u times")
