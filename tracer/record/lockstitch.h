/* SPDX-License-Identifier: MIT */
/**
 * lockstitch.h - tell a Lockstitch recording what your program does.
 *
 * Locks, waits, threads and sleeps are recorded without this header. Include it to name threads,
 * locks and values, to record reads and writes of shared values, and to mark regions.
 *
 * Every call is safe to make from any thread and from a signal handler, never fails, never
 * blocks on another thread of the program, keeps errno, and costs one predictable branch while
 * nothing records. Exceptions are told at the function. Compile with -DLOCKSTITCH_DISABLE and
 * every macro and function here vanishes; LOCKSTITCH_READ (x) is then just (x).
 *
 * Names are copied; up to 95 bytes of them are kept.
 */
#ifndef LOCKSTITCH_H
#define LOCKSTITCH_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LOCKSTITCH_VERSION_MAJOR 0
#define LOCKSTITCH_VERSION_MINOR 1

/* What the bytes of a value mean. */
typedef enum {
  LOCKSTITCH_INT = 1,
  LOCKSTITCH_UINT = 2,
  LOCKSTITCH_FLOAT = 3,
  LOCKSTITCH_POINTER = 4,
} LockstitchType;

/* The memory order of an atomic access. */
typedef enum {
  LOCKSTITCH_RELAXED = 1,
  LOCKSTITCH_ACQUIRE = 2,
  LOCKSTITCH_RELEASE = 3,
  LOCKSTITCH_ACQ_REL = 4,
  LOCKSTITCH_SEQ_CST = 5,
} LockstitchOrder;

#ifndef LOCKSTITCH_DISABLE

/* Not 0 while a recording runs. Read it, do not write it. */
extern int lockstitch_recording;

#  define LOCKSTITCH_ON() (__builtin_expect (lockstitch_recording, 0))

/* -- Starting and stopping; call these from ordinary code, not from a signal handler. -- */

/**
 * Starts a recording of this process into the file `path`, beside which the collector is started.
 *
 * Does nothing when a recording (by `lockstitch record`, say) is under way.
 * Returns 0, or an errno value: the program runs on unrecorded; EALREADY while another thread is
 * in here. Cost: milliseconds.
 */
int lockstitch_start (const char *path);

/**
 * Stops the recording of this process and waits, up to ten seconds, until its trace is written.
 * Only a recording that lockstitch_start() began; any other is left alone.
 */
void lockstitch_stop (void);

/* -- Names -- */

void lockstitch_name_thread (const char *name); /* the calling thread */
void lockstitch_name_lock (const volatile void *lock, const char *name);
void lockstitch_name_value (const volatile void *value,
                            size_t size,
                            LockstitchType type,
                            const char *name);

/* -- Shared values; the macros below are easier to use. Cost: about 15 ns while recording. --
 * `size` is 1, 2, 4 or 8 bytes, `bits` the value's bytes in the low end of a word. */

void lockstitch_read (const volatile void *value, size_t size, LockstitchType type, uint64_t bits);
void lockstitch_write (const volatile void *value,
                       size_t size,
                       LockstitchType type,
                       uint64_t bits,
                       uint64_t old_bits);
void lockstitch_load (const volatile void *value,
                      size_t size,
                      LockstitchType type,
                      uint64_t bits,
                      LockstitchOrder order);
void lockstitch_store (const volatile void *value,
                       size_t size,
                       LockstitchType type,
                       uint64_t bits,
                       LockstitchOrder order);
void lockstitch_update (const volatile void *value,
                        size_t size,
                        LockstitchType type,
                        uint64_t bits,
                        uint64_t old_bits,
                        LockstitchOrder order);

/* -- Synchronisation of your own: `lock` is any address. Call acquire after having got it and
 *    release before giving it back; wait when a thread is about to block for it. -- */

void lockstitch_wait (const volatile void *lock);
void lockstitch_acquire (const volatile void *lock);
void lockstitch_release (const volatile void *lock);
void lockstitch_send (uint64_t number); /* a link: what recv (number) sees was sent before */
void lockstitch_recv (uint64_t number);

/* -- What the picture should show besides -- */

void lockstitch_begin (const char *name); /* a region of this thread; regions nest */
void lockstitch_end (const char *name);
void lockstitch_mark (const char *name);
void lockstitch_count (const char *name, int64_t value); /* a counter track */

#else /* LOCKSTITCH_DISABLE */

#  define LOCKSTITCH_ON() 0
#  define lockstitch_recording 0
#  define lockstitch_start(path) ((void) (path), 0)
#  define lockstitch_stop() ((void) 0)
#  define lockstitch_name_thread(name) ((void) (name))
#  define lockstitch_name_lock(lock, name) ((void) (lock), (void) (name))
#  define lockstitch_name_value(value, size, type, name) \
    ((void) (value), (void) (size), (void) (type), (void) (name))
#  define lockstitch_read(value, size, type, bits) \
    ((void) (value), (void) (size), (void) (type), (void) (bits))
#  define lockstitch_write(value, size, type, bits, old_bits) \
    ((void) (value), (void) (size), (void) (type), (void) (bits), (void) (old_bits))
#  define lockstitch_load(value, size, type, bits, order) \
    ((void) (value), (void) (size), (void) (type), (void) (bits), (void) (order))
#  define lockstitch_store(value, size, type, bits, order) \
    ((void) (value), (void) (size), (void) (type), (void) (bits), (void) (order))
#  define lockstitch_update(value, size, type, bits, old_bits, order) \
    ((void) (value), (void) (size), (void) (type), (void) (bits), (void) (old_bits), (void) (order))
#  define lockstitch_wait(lock) ((void) (lock))
#  define lockstitch_acquire(lock) ((void) (lock))
#  define lockstitch_release(lock) ((void) (lock))
#  define lockstitch_send(number) ((void) (number))
#  define lockstitch_recv(number) ((void) (number))
#  define lockstitch_begin(name) ((void) (name))
#  define lockstitch_end(name) ((void) (name))
#  define lockstitch_mark(name) ((void) (name))
#  define lockstitch_count(name, value) ((void) (name), (void) (value))

#endif

#ifdef __cplusplus
}
#endif

/* The macros (GNU C11, C++11): `lvalue` is any scalar variable of up to 8 bytes, and they do the
 * access themselves. Each evaluates `lvalue` more than once, and the other arguments once but for
 * `order`, best a constant.
 *
 *   LOCKSTITCH_VALUE (lvalue)               name it by its own spelling
 *   LOCKSTITCH_READ (lvalue)                a plain read; gives what it saw
 *   LOCKSTITCH_WRITE (lvalue, v)            a plain write; gives v
 *   LOCKSTITCH_LOAD (lvalue, order)         atomic; order is LOCKSTITCH_ACQUIRE and so on
 *   LOCKSTITCH_STORE (lvalue, v, order)     gives v
 *   LOCKSTITCH_ADD (lvalue, v, order)       atomic fetch-and-add; gives the value before
 *
 * For the atomic ones `lvalue` is an ordinary variable, not an _Atomic one or a std::atomic. */
#include "lockstitch-macros.h"

#endif /* LOCKSTITCH_H */
