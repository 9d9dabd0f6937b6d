// SPDX-License-Identifier: MIT
// bank: two threads pay into one account, whose every access is locked, and one payment is gone.
// Look for the lost update: the lock is let go between the read of the balance and the write of the
// new one. Mended, Account::pay_in() would hold it from the one to the other.
#include <chrono>
#include <iostream>
#include <lockstitch.h>
#include <mutex>
#include <thread>

namespace bank
{

class Account
{
public:
  Account () { LOCKSTITCH_VALUE (balance); }

  void
  pay_in (long amount)
  {
    lock.lock ();
    long before = LOCKSTITCH_READ (balance);
    lock.unlock ();
    std::this_thread::sleep_for (std::chrono::milliseconds (100)); // the notes are counted
    std::lock_guard<std::mutex> hold (lock);
    LOCKSTITCH_WRITE (balance, before + amount);
  }

  long
  get ()
  {
    std::lock_guard<std::mutex> hold (lock);
    return LOCKSTITCH_READ (balance);
  }

private:
  std::mutex lock;
  long balance = 0;
};

Account account;

void
pay_in (const char *who, long amount)
{
  lockstitch_name_thread (who);
  lockstitch_begin ("pay in");
  account.pay_in (amount);
  lockstitch_end ("pay in");
}

} // namespace bank

int
main ()
{
  std::thread alice (bank::pay_in, "alice", 30);
  std::thread bob (bank::pay_in, "bob", 12);
  alice.join ();
  bob.join ();
  std::cout << "30 and 12 make " << bank::account.get () << "\n";
}
