/* SPDX-License-Identifier: MIT */
/* Loads plugins and runs them, as its arguments say: "FILE" as plugins are loaded, "deep:FILE" with
 * RTLD_DEEPBIND, "apart:FILE" in a namespace of its own, "kept:FILE" and does not unload it;
 * "replace:FILE:WITH" puts a file in another's place. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static pthread_mutex_t own_lock = PTHREAD_MUTEX_INITIALIZER;

static void *
idle (void *unused)
{
  pthread_mutex_lock (&own_lock);
  pthread_mutex_unlock (&own_lock);
  return unused;
}

/* What comes after the word, or NULL. */
static const char *
after (const char *text, const char *word)
{
  return strncmp (text, word, strlen (word)) == 0 ? text + strlen (word) : NULL;
}

static int
run (const char *what)
{
  const char *deep = after (what, "deep:"), *apart = after (what, "apart:");
  const char *kept = after (what, "kept:"), *replace = after (what, "replace:");
  if (replace) {
    char from[256];
    snprintf (from, sizeof from, "%s", replace);
    char *with = strchr (from, ':');
    *with++ = '\0';
    return rename (with, from);
  }
  void *handle = apart ? dlmopen (LM_ID_NEWLM, apart, RTLD_NOW)
                       : dlopen (deep   ? deep
                                 : kept ? kept
                                        : what,
                                 RTLD_LAZY | (deep ? RTLD_DEEPBIND : 0));
  void (*plugin_run) (void) = handle ? (void (*) (void)) dlsym (handle, "plugin_run") : NULL;
  if (!plugin_run) {
    puts (dlerror ());
    return 1;
  }
  plugin_run ();
  printf ("%s at %p\n", what, (void *) plugin_run);
  return kept ? 0 : dlclose (handle);
}

int
main (int argc, char **argv)
{
  pthread_t thread;
  pthread_create (&thread, NULL, idle, NULL);
  pthread_join (thread, NULL);
  for (int i = 1; i < argc; i++)
    if (run (argv[i]) != 0)
      return 1;
  return 0;
}
