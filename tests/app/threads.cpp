/* SPDX-License-Identifier: MIT */
/* Threads of C++'s library that run all kinds of things, each of which takes a lock. */
#include <functional>
#include <future>
#include <mutex>
#include <thread>

static std::mutex lock;

static void
worker (int)
{
  std::lock_guard<std::mutex> guard (lock);
}

static void
helper ()
{
  std::lock_guard<std::mutex> guard (lock);
}

static void
runner (void (*function) ())
{
  function ();
}

template <typename T>
static void
generic (T)
{
  helper ();
}

namespace pool {
struct Worker {
  virtual ~Worker () {}
  void
  run (int)
  {
    helper ();
  }
  virtual void
  serve ()
  {
    helper ();
  }
};
}

struct Job {
  void
  operator() () const
  {
    helper ();
  }
};

template <typename... What>
static void
run (What... what)
{
  std::thread thread (what...);
  thread.join ();
}

int
main ()
{
  pool::Worker worker_object;
  std::function<void ()> function = helper;
  run (worker, 1);
  run (worker, 2);
  run (runner, helper);
  run (&pool::Worker::run, &worker_object, 3);
  run (generic<long>, 7L);
  run (Job ());
  std::thread lambda ([] { helper (); }); /* LAMBDA */
  lambda.join ();
  std::thread member (&pool::Worker::serve, &worker_object); /* MEMBER */
  member.join ();
  std::thread wrapped (function); /* WRAPPED */
  wrapped.join ();
  std::async (std::launch::async, helper).get ();
}
