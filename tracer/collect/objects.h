/* SPDX-License-Identifier: MIT */
/**
 * Which object of the trace an address means, at the moment of the merge.
 *
 * An address names one object after another: `init`, `destroy` and a change of kind begin a new
 * life. A value has an extent, and an access inside it belongs to it.
 */
#pragma once

#include <stdbool.h>

#include "id-map.h"
#include "kinds.h"

G_BEGIN_DECLS

typedef struct {
  uint64_t address;
  uint32_t bytes; /* of a value */
  uint8_t kind;   /* LsObjectKind */
  uint8_t type;   /* LsValueType of a value */
  bool is_named;  /* by the program itself */
  bool is_used;   /* some event was about it; a name alone does not use it */
  bool is_dead;   /* destroyed: the next use of the address is another object */
} LsTracedObject;

typedef struct {
  GArray *objects;    /* LsTracedObject, id - 1 */
  LsIdMap by_address; /* -> id of the latest object there that is no value */
  LsIdMap values_at;  /* -> id of the latest value there; a C++ guard is a once and a value */
  GTree *values;      /* address -> id of the live values, for accesses inside one */
} LsObjects;

void ls_objects_init (LsObjects *objects);
void ls_objects_clear (LsObjects *objects);

/* The object with this id; valid until the next object is made. */
LsTracedObject *ls_objects_get (LsObjects *objects, uint32_t id);

/* What lay there is gone: whatever is there next is something else. */
void ls_objects_forget (LsObjects *objects, uint64_t from, uint64_t to);

/* The object that an event means; *is_new when this is its first sight. */
uint32_t ls_objects_use (LsObjects *objects,
                         LsEventKind event,
                         LsObjectKind kind,
                         uint64_t address,
                         bool *is_new);

/* The value that an access of `bytes` bytes touches, and where in it; *is_new when it must be
 * declared (again): at first sight, or when it turned out larger. */
uint32_t ls_objects_access (LsObjects *objects,
                            uint64_t address,
                            uint32_t bytes,
                            LsValueType type,
                            uint32_t *offset,
                            bool *is_new);

/* The object that the program names. A kind of LOCK means whatever lock is there. */
uint32_t ls_objects_name (LsObjects *objects,
                          LsObjectKind kind,
                          uint64_t address,
                          uint32_t bytes,
                          LsValueType type);

G_END_DECLS
