// SPDX-License-Identifier: MIT
// Variables and calls whose names test-names.c knows; built in every way that debug information comes.
#include <array>
#include <cstring>
#include <mutex>

namespace bank
{
std::mutex ledger;

struct Base {
  int id[3];
  std::mutex base_lock;
};

struct Account : Base {
  int balance;
  std::mutex lock;
};

Account accounts[4];

class Registry
{
public:
  static std::mutex shared;
  std::mutex own;
};

std::mutex Registry::shared;
Registry registry;
} // namespace bank

namespace
{
std::mutex hidden;
}

template <typename T> struct Holder {
  static std::mutex one;
};
template <typename T> std::mutex Holder<T>::one;

static std::array<std::mutex, 3> shards;
static struct {
  union {
    pthread_mutex_t lock;
    int word;
  };
  struct {
    pthread_barrier_t gate;
  } cells[2][3];
} odd;

static void *inlined_site;

__attribute__ ((noinline)) static std::mutex &
once_lock (int which)
{
  static std::mutex guard[2];
  return guard[which];
}

__attribute__ ((noinline)) static void
note_site ()
{
  inlined_site = __builtin_return_address (0);
  __asm__ volatile("" ::: "memory");
}

static inline __attribute__ ((always_inline)) void
inner ()
{
  note_site ();
  __asm__ volatile("");
}

template <typename T>
__attribute__ ((noinline)) int
outer (T value)
{
  inner ();
  __asm__ volatile("");
  return value;
}

extern "C" __attribute__ ((visibility ("default"))) void *
named_address (const char *what)
{
  const struct {
    const char *name;
    void *address;
  } known[] = {
    { "bank::ledger", &bank::ledger },
    { "bank::accounts[2].lock", &bank::accounts[2].lock },
    { "bank::accounts[1].base_lock", &bank::accounts[1].base_lock },
    { "bank::Registry::shared", &bank::Registry::shared },
    { "bank::registry.own", &bank::registry.own },
    { "hidden", &hidden },
    { "Holder<int>::one", &Holder<int>::one },
    { "shards[2]", &shards[2] },
    { "odd.lock", &odd.lock },
    { "odd.cells[1][2].gate", &odd.cells[1][2].gate },
    { "once_lock()::guard[1]", &once_lock (1) },
  };
  for (const auto &entry : known)
    if (std::strcmp (entry.name, what) == 0)
      return entry.address;
  if (std::strcmp (what, "site") != 0)
    return nullptr;
  auto in_lambda = [] { return outer (1) + 1; };
  return in_lambda () > 0 ? inlined_site : nullptr;
}
