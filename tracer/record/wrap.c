/* SPDX-License-Identifier: MIT */
/* The records of acquires that did not go through at once. */
#include "wrap.h"

void
ls_call_wait (const LsCall *call)
{
  ls_call_put (call, LS_EV_WAIT);
}

void
ls_call_result (const LsCall *call, int error)
{
  LsEventKind event = error == 0 || error == EOWNERDEAD ? LS_EV_ACQUIRE
                      : error == ETIMEDOUT              ? LS_EV_TIMEOUT
                                                        : LS_EV_FAIL;
  ls_put ((LsTail){ .kind = event, .object = call->kind, .how = call->how }, call->object,
          ls_site_error (call->site, event == LS_EV_TIMEOUT ? 0 : error));
}

void
ls_blocked_end (LsBlocked *blocked)
{
  const LsCall *call = blocked->call;
  if (LS_LIKELY (!blocked->waiting))
    return;
  ls_put ((LsTail){ .kind = LS_EV_FAIL,
                    .object = call->kind,
                    .how = (uint8_t) ((call->how & ~7u) | LS_HOW_CANCELLED) },
          call->object, call->site);
}
