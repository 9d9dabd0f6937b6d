/* SPDX-License-Identifier: MIT */
/* The C++ library's threads, locks and static variables, with every result. */
#include "subject.h"

#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <thread>

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using std::chrono::system_clock;

static std::mutex mutex, other;
static std::recursive_mutex recursive;
static std::timed_mutex timed;
static std::recursive_timed_mutex both;
static std::shared_mutex shared;
static std::shared_timed_mutex shared_timed;
/* Never destroyed: that would be an event of every case. */
static std::condition_variable &cond = *new std::condition_variable;
static bool flag;

static void
mutexes ()
{
  {
    std::lock_guard guard (mutex);
    std::thread ([] { MUST (!mutex.try_lock ()); }).join ();
  }
  MUST (mutex.try_lock ());
  mutex.unlock ();
  {
    std::scoped_lock guard (mutex, other);
  }
  std::scoped_lock outer (recursive);
  std::scoped_lock inner (recursive);
}

static void
timed_mutexes ()
{
  MUST (timed.try_lock_for (1h));
  std::thread ([] {
    MUST (!timed.try_lock ());
    MUST (!timed.try_lock_for (1us));
    MUST (!timed.try_lock_until (system_clock::now ()));
    MUST (!timed.try_lock_until (steady_clock::now ()));
  }).join ();
  timed.unlock ();
  MUST (timed.try_lock_until (system_clock::now () + 1h));
  timed.unlock ();
  MUST (both.try_lock_for (1h));
  MUST (both.try_lock_until (steady_clock::now () + 1h));
  both.unlock ();
  both.unlock ();
}

static void
shared_mutexes ()
{
  {
    std::shared_lock reader (shared);
    std::thread ([] {
      MUST (shared.try_lock_shared ());
      MUST (!shared.try_lock ());
      shared.unlock_shared ();
    }).join ();
  }
  {
    std::unique_lock writer (shared);
  }
  MUST (shared_timed.try_lock_for (1h));
  std::thread ([] {
    MUST (!shared_timed.try_lock_for (1us));
    MUST (!shared_timed.try_lock_shared_for (1us));
    MUST (!shared_timed.try_lock_shared_until (system_clock::now ()));
  }).join ();
  shared_timed.unlock ();
  MUST (shared_timed.try_lock_shared_for (1h));
  shared_timed.unlock_shared ();
}

static void
conditions ()
{
  std::thread waiter ([] {
    std::unique_lock guard (mutex);
    about_to_sleep ();
    while (!flag)
      cond.wait (guard);
  });
  wait_until_asleep ();
  {
    std::unique_lock guard (mutex);
    flag = true;
    cond.notify_one ();
    cond.notify_all ();
  }
  waiter.join ();
  std::unique_lock guard (mutex);
  MUST (cond.wait_for (guard, 1us) == std::cv_status::timeout);
  MUST (cond.wait_until (guard, system_clock::now ()) == std::cv_status::timeout);
}

static void
threads ()
{
  std::this_thread::sleep_for (1us);
  std::this_thread::sleep_until (steady_clock::now () + 1us);
  std::this_thread::yield ();
  std::thread ([] { std::lock_guard guard (mutex); }).join ();
  std::thread detached ([] {
    about_to_sleep ();
    std::lock_guard guard (other);
  });
  detached.detach ();
  while (sleeper == 0)
    pause_ms (1);
}

static void
futures ()
{
  MUST (std::async (std::launch::async, [] { return 7; }).get () == 7);
  MUST (std::async (std::launch::deferred, [] { return 8; }).get () == 8);
  std::promise<int> promise;
  std::future<int> future = promise.get_future ();
  std::thread ([&] { promise.set_value (9); }).join ();
  MUST (future.get () == 9);
}

static std::once_flag once;

static void
once_only ()
{
  int runs = 0;
  auto run = [&] { runs++; };

  try {
    std::call_once (once, [&] {
      runs++;
      throw std::runtime_error ("once");
    });
    MUST (false);
  } catch (const std::runtime_error &) {
  }
  std::call_once (once, run);
  std::call_once (once, run);
  MUST (runs == 2);
}

/* -- Static variables -- */

static int n_made;

struct Thing {
  explicit Thing (bool throws)
  {
    n_made++;
    if (throws)
      throw std::runtime_error ("thing");
  }
};

static void
make_thing (bool throws)
{
  static Thing thing (throws);
}

static void
guards ()
{
  try {
    make_thing (true);
    MUST (false);
  } catch (const std::runtime_error &) {
  }
  make_thing (false);
  make_thing (true);
  MUST (n_made == 2);
}

struct SlowThing {
  SlowThing ();
  std::thread thread;
};

static SlowThing &
get_slow_thing ()
{
  static SlowThing thing;
  return thing;
}

SlowThing::SlowThing ()
    : thread ([] {
        about_to_sleep ();
        get_slow_thing ();
        get_slow_thing ();
      })
{
  wait_until_asleep ();
}

static void
guards_contended ()
{
  get_slow_thing ().thread.join ();
}

int
main (int argc, char **argv)
{
  static const Case cases[] = {
    { "mutexes", mutexes },
    { "timed-mutexes", timed_mutexes },
    { "shared", shared_mutexes },
    { "conditions", conditions },
    { "threads", threads },
    { "futures", futures },
    { "once", once_only },
    { "guards", guards },
    { "guards-contended", guards_contended },
  };
  return run_case (cases, sizeof cases / sizeof *cases, argc, argv);
}
