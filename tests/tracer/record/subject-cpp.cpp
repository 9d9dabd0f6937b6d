/* SPDX-License-Identifier: MIT */
/* A C++ program: its standard library's threads and locks, and lockstitch.h's macros. */
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <future>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <thread>

#include "lockstitch.h"

#define MUST(holds)                                                               \
  do {                                                                            \
    if (!(holds)) {                                                               \
      std::fprintf (stderr, "# %s:%d: not so: %s\n", __FILE__, __LINE__, #holds); \
      std::_Exit (1);                                                             \
    }                                                                             \
  } while (0)

using namespace std::chrono_literals;

static void
locks ()
{
  std::mutex mutex;
  std::recursive_mutex recursive;
  std::timed_mutex timed;
  std::shared_mutex shared;
  std::condition_variable cond;

  std::thread ([&] { std::lock_guard guard (mutex); }).join ();
  {
    std::scoped_lock guard (recursive);
    std::scoped_lock again (recursive);
  }
  MUST (timed.try_lock_for (1h));
  std::thread ([&] { MUST (!timed.try_lock_for (1us)); }).join ();
  timed.unlock ();
  {
    std::shared_lock reader (shared);
  }
  {
    std::unique_lock writer (shared);
  }
  std::unique_lock guard (mutex);
  MUST (cond.wait_for (guard, 1us) == std::cv_status::timeout);
  cond.notify_one ();
}

static void
throwing ()
{
  std::once_flag once;
  int runs = 0;

  try {
    std::call_once (once, [&] {
      runs++;
      throw std::runtime_error ("once");
    });
    MUST (false);
  } catch (const std::runtime_error &) {
  }
  std::call_once (once, [&] { runs++; });
  MUST (runs == 2);
  MUST (std::async (std::launch::async, [] { return 7; }).get () == 7);
}

enum class Color : unsigned char {
  red,
  green
};

struct Stats {
  int count;
  double sum;
  int *at;
};

static void
macros ()
{
  Stats stats = {};
  Stats &ref = stats;
  const Stats *pointer = &stats;
  Color color = Color::green;
  volatile bool flag = true;
  int array[4] = {};

  LOCKSTITCH_VALUE (stats.count);
  MUST (LOCKSTITCH_WRITE (ref.count, 5) == 5);
  MUST (LOCKSTITCH_READ (pointer->count) == 5);
  MUST (LOCKSTITCH_READ (color) == Color::green);
  MUST (LOCKSTITCH_READ (flag));
  MUST (LOCKSTITCH_ADD (stats.sum, 0.5, LOCKSTITCH_SEQ_CST) == 0 && stats.sum == 0.5);
  LOCKSTITCH_STORE (stats.at, array, LOCKSTITCH_RELEASE);
  MUST (LOCKSTITCH_ADD (stats.at, 2, LOCKSTITCH_ACQ_REL) == array);
  MUST (LOCKSTITCH_LOAD (stats.at, LOCKSTITCH_ACQUIRE) == array + 2);
}

int
main (int argc, char **argv)
{
  const char *name = argc > 1 ? argv[1] : "";
  if (!std::strcmp (name, "locks"))
    locks ();
  else if (!std::strcmp (name, "throwing"))
    throwing ();
  else if (!std::strcmp (name, "macros"))
    macros ();
  else
    return 2;
  return 0;
}
