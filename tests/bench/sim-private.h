/* SPDX-License-Identifier: MIT */
/* Between sim.c and sim-ops.c. */
#pragma once

#include "sim.h"

SimThread *sim_get_thread (Sim *sim, uint32_t id);

/* Makes a thread's next operation due after a delay. */
void sim_ready (Sim *sim, SimThread *thread, int64_t delay_ns);

/* Between two operations; from being woken to running. */
int64_t sim_get_step_ns (Sim *sim);
int64_t sim_get_wake_ns (Sim *sim);

/* Writes the event as the thread's, now. */
void sim_say (Sim *sim, const SimThread *thread, LsLineEvent event);

/* What a thread says first when it runs again. Returns: false when it blocks at once. */
bool sim_resume (Sim *sim, SimThread *thread);

/* Carries out one operation, and readies the thread for the next unless it blocks. */
void sim_run_op (Sim *sim, SimThread *thread, const Op *op);
