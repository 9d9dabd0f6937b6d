/* SPDX-License-Identifier: MIT */
/* A program with an allocator of its own, which locks, as jemalloc does: its malloc is called while
 * the recording library looks up what it stands in front of. */
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define HEADER_BYTES 16
#define HEAP_BYTES (8 << 20)

static pthread_mutex_t heap_lock = PTHREAD_MUTEX_INITIALIZER;
static _Alignas(16) char heap[HEAP_BYTES];
static size_t n_used;

/* Gives nothing back: the program is short. */
void *
malloc (size_t n_bytes)
{
  if (pthread_mutex_trylock (&heap_lock) != 0)
    pthread_mutex_lock (&heap_lock);
  char *block = NULL;
  if (n_bytes <= HEAP_BYTES - n_used - 2 * HEADER_BYTES) {
    block = heap + n_used + HEADER_BYTES;
    memcpy (heap + n_used, &n_bytes, sizeof n_bytes);
    n_used += (HEADER_BYTES + n_bytes + 15) / 16 * 16;
  }
  pthread_mutex_unlock (&heap_lock);
  return block;
}

void
free (void *block)
{
  (void) block;
}

void *
calloc (size_t n, size_t n_bytes)
{
  return malloc (n * n_bytes); /* the heap is zeroed */
}

void *
realloc (void *block, size_t n_bytes)
{
  void *other = malloc (n_bytes);
  size_t n_old = 0;
  if (block)
    memcpy (&n_old, (char *) block - HEADER_BYTES, sizeof n_old);
  if (other && block)
    memcpy (other, block, n_old < n_bytes ? n_old : n_bytes);
  return other;
}

static void *
allocate (void *data)
{
  char *volatile last = NULL;
  for (int i = 0; i < 100; i++)
    last = malloc (32);
  return last;
}

int
main (void)
{
  pthread_t threads[2];
  for (int i = 0; i < 2; i++)
    pthread_create (&threads[i], NULL, allocate, NULL);
  for (int i = 0; i < 2; i++)
    pthread_join (threads[i], NULL);
  puts ("allocated");
  return 4;
}
