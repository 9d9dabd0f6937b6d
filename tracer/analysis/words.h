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
#define W_STILL_RECORDED _ ("still being recorded, %s so far")
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
#define W_AT _ (" at %s")
#define W_CALLED_BY _ (", called by %s")
#define W_LINE _ ("line %u")
#define W_LINES_TO _ ("lines %u to %u")

/* -- Titles -- */
#define W_TITLE _ ("%s on %s")
#define W_RACE_CHILD_TITLE _ ("%s: %s and %s")
#define W_READ _ ("read")
#define W_WRITE _ ("write")
#define W_LOAD _ ("load")
#define W_STORE _ ("store")
#define W_UPDATE _ ("update")
#define W_ACCESS_AT_LINE _ ("%s :%u")

/* -- Data race: who does what and where, then the other the same -- */
#define W_RACE_SENTENCE \
  _ ("%s %s%s, %s %s%s, and nothing orders the two: it is chance which comes first.")
#define W_RACE_WHY_NO_LOCK _ ("Neither thread held a lock, and nothing else orders the two.")
#define W_RACE_WHY_ONE_LOCK _ ("%s held %s, %s held no lock, and nothing else orders the two.")
#define W_RACE_WHY_OTHER_LOCKS \
  _ ("%s held %s, %s held %s: no lock in common, and nothing else orders the two.")
#define W_RACE_WHY_NOT_EXCLUSIVE \
  _ ("Both held %s, but neither so that it keeps the other out, and nothing else orders the two.")
#define W_RACE_WHY_ATOMIC \
  _ ("Only one of the two accesses is atomic, and nothing else orders them.")
#define W_RACE_REMEDY_ONE_LOCK \
  _ ("Hold one lock at both places, or make both accesses of %s atomic.")
#define W_RACE_REMEDY_THAT_LOCK _ ("Hold %s in %s too%s.")
#define W_RACE_REMEDY_EXCLUSIVE _ ("Hold %s exclusively where %s is written.")
#define W_RACE_REMEDY_ATOMIC _ ("Make the plain access of %s atomic too%s.")

/* -- Lost update: A read, B wrote, A wrote -- */
#define W_LOST_SENTENCE_VALUES \
  _ ("%s read %s, %s then wrote %s, and %s wrote %s from its stale %s: %s.")
#define W_LOST_SENTENCE \
  _ ("%s read %s, %s then wrote it, and %s wrote it from what it had read before: %s.")
#define W_LOST_ONE_INCREMENT _ ("one of two increments is gone")
#define W_LOST_ONE_DECREMENT _ ("one of two decrements is gone")
#define W_LOST_ONE _ ("what %s wrote is gone")
#define W_LOST_MANY _ ("%u writes in between are gone, the last by %s")
#define W_LOST_WHY_NO_LOCK _ ("No lock was held from the read to the write.")
#define W_LOST_WHY_LET_GO _ ("%s was let go between the read and the write.")
#define W_LOST_WHY_WITHOUT _ ("%s held %s from its read to its write, but %s wrote without it.")
#define W_LOST_WHY_NOT_EXCLUSIVE _ ("%s held %s, but not so that it keeps %s out.")
#define W_LOST_WHY_ATOMIC _ ("Load and store are atomic each by itself, but not together.")
#define W_LOST_REMEDY_LINES _ ("Hold one lock over %s in both threads.")
#define W_LOST_REMEDY_TWO _ ("Hold one lock over %s in %s, and the same lock%s in %s.")
#define W_LOST_REMEDY_READ_TO_WRITE _ ("Hold one lock from the read to the write in both threads.")
#define W_LOST_REMEDY_KEEP_LINES _ ("Keep %s over %s without letting it go in between.")
#define W_LOST_REMEDY_KEEP \
  _ ("Keep %s from the read to the write without letting it go in between.")
#define W_LOST_REMEDY_TAKE_TOO _ ("Hold %s in %s too%s.")
#define W_LOST_REMEDY_EXCLUSIVE _ ("Hold %s exclusively from the read to the write.")
#define W_LOST_REMEDY_ATOMIC \
  _ ("Make it one atomic update: a fetch-and-add, or a compare-exchange.")

/* -- Why no more than suspected -- */
#define W_CAVEAT_ABSENCE _ ("What orders these may just not be in the trace: %s.")
#define W_ABSENCE_LOST _ ("events were lost")
#define W_ABSENCE_PARTIAL _ ("the recording is partial")
#define W_ABSENCE_IGNORED _ ("some of it was left out on request")
#define W_ABSENCE_BLIND _ ("some modules' locks cannot be seen")
#define W_ABSENCE_UNREAD _ ("some of its lines could not be read")
#define W_CAVEAT_ORDER _ ("An earlier race may be what lets these two meet.")

/* -- Reports -- */
#define W_MD_VALUE _ ("value")
#define W_MD_WHY _ ("Why")
#define W_MD_REMEDY _ ("Remedy")
#define W_MD_CAVEAT _ ("Certainty")
#define W_MD_TIMES _ (", %u times")
