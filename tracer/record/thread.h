/* SPDX-License-Identifier: MIT */
/* What the wrappers of thread functions need to know of threads. */
#pragma once

#include "recorder.h"

/* Prepares a thread that is about to be created; hand `&thread->self` to the real create, and
 * the LsThread to a start function that calls ls_thread_begin(). NULL: create it unprepared. */
LsThread *ls_thread_new (pthread_t *out, void *start, void *arg, bool detached);
/* The creator's end of it. */
void ls_thread_created (LsThread *thread, bool is_running);
/* The new thread's. */
void ls_thread_begin (LsThread *thread);

/* Whether a function is one that threads begin with, by its address. */
bool ls_thread_is_start_function (uintptr_t function);

/* The thread that a valid pthread_t means, made up if it is not known. NULL: none to be had. */
LsThread *ls_thread_of (pthread_t other);
/* Its logical id, or 0. */
uint32_t ls_thread_id_of (pthread_t other);
/* Before a thread is joined, and after: it is gone or still there. */
void ls_thread_join (LsThread *thread);
void ls_thread_joined (LsThread *thread, bool is_gone);
/* Before a thread is detached. */
void ls_thread_detach (LsThread *thread);

/* How the calling thread will end, unless that was said before. */
void ls_thread_set_how (LsHow how);
/* Writes the calling thread's last event. */
void ls_thread_end (void);
