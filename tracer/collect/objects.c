/* SPDX-License-Identifier: MIT */
/* Lives of addresses. */
#include "objects.h"

#include "names.h"

static gint
compare_addresses (gconstpointer a, gconstpointer b, gpointer user_data)
{
  guint64 left = *(const guint64 *) a, right = *(const guint64 *) b;
  return left < right ? -1 : left > right;
}

void
ls_objects_init (LsObjects *objects)
{
  objects->objects = g_array_new (FALSE, TRUE, sizeof (LsTracedObject));
  objects->values = g_tree_new_full (compare_addresses, NULL, g_free, NULL);
  ls_id_map_init (&objects->by_address);
  ls_id_map_init (&objects->values_at);
}

void
ls_objects_clear (LsObjects *objects)
{
  g_clear_pointer (&objects->objects, g_array_unref);
  g_clear_pointer (&objects->values, g_tree_unref);
  ls_id_map_clear (&objects->by_address);
  ls_id_map_clear (&objects->values_at);
}

LsTracedObject *
ls_objects_get (LsObjects *objects, uint32_t id)
{
  return &g_array_index (objects->objects, LsTracedObject, id - 1);
}

void
ls_objects_forget (LsObjects *objects, uint64_t from, uint64_t to)
{
  for (guint i = 0; i < objects->objects->len; i++) {
    LsTracedObject *object = &g_array_index (objects->objects, LsTracedObject, i);
    if (object->is_dead || object->address < from || object->address >= to)
      continue;
    object->is_dead = true;
    if (object->kind == LS_OBJECT_VALUE)
      g_tree_remove (objects->values, &object->address);
  }
}

static LsIdMap *
get_map (LsObjects *objects, LsObjectKind kind)
{
  return kind == LS_OBJECT_VALUE ? &objects->values_at : &objects->by_address;
}

static uint32_t
add_object (LsObjects *objects, LsObjectKind kind, uint64_t address, uint32_t bytes, uint8_t type)
{
  LsTracedObject object = { .address = address, .bytes = bytes, .kind = kind, .type = type };
  g_array_append_val (objects->objects, object);
  uint32_t id = objects->objects->len;
  ls_id_map_set (get_map (objects, kind), address, id);
  if (kind == LS_OBJECT_VALUE)
    g_tree_replace (objects->values, g_memdup2 (&address, sizeof address), GUINT_TO_POINTER (id));
  return id;
}

uint32_t
ls_objects_use (LsObjects *objects,
                LsEventKind event,
                LsObjectKind kind,
                uint64_t address,
                bool *is_new)
{
  uint32_t id = ls_id_map_find (get_map (objects, kind), address);
  if (id != 0) {
    LsTracedObject *object = ls_objects_get (objects, id);
    bool is_other = object->is_dead || (event == LS_EV_INIT && object->is_used);
    if (!is_other && !object->is_used && object->kind == LS_OBJECT_LOCK &&
        (ls_object_rows[kind].flags & LS_OBJ_LOCK))
      object->kind = kind; /* named before its first use told what it is */
    else if (object->kind != kind)
      is_other = true;
    if (is_other)
      id = 0;
  }
  *is_new = false;
  if (id == 0)
    id = add_object (objects, kind, address, 0, LS_VALUE_NONE);
  LsTracedObject *object = ls_objects_get (objects, id);
  if (!object->is_used)
    *is_new = object->is_used = true;
  if (event == LS_EV_DESTROY) {
    object->is_dead = true;
    if (kind == LS_OBJECT_VALUE)
      g_tree_remove (objects->values, &address);
  }
  return id;
}

/* The live value that begins at or below `address` and holds it. */
static uint32_t
find_value (LsObjects *objects, uint64_t address)
{
  uint32_t id = ls_id_map_find (&objects->values_at, address);
  if (id != 0 && !ls_objects_get (objects, id)->is_dead)
    return id;
  GTreeNode *above = g_tree_upper_bound (objects->values, &address);
  GTreeNode *below = above ? g_tree_node_previous (above) : g_tree_node_last (objects->values);
  if (!below)
    return 0;
  id = GPOINTER_TO_UINT (g_tree_node_value (below));
  const LsTracedObject *object = ls_objects_get (objects, id);
  return address - object->address < object->bytes ? id : 0;
}

uint32_t
ls_objects_access (LsObjects *objects,
                   uint64_t address,
                   uint32_t bytes,
                   LsValueType type,
                   uint32_t *offset,
                   bool *is_new)
{
  uint32_t id = find_value (objects, address);
  if (id == 0)
    id = add_object (objects, LS_OBJECT_VALUE, address, bytes, type);
  LsTracedObject *object = ls_objects_get (objects, id);
  *offset = (uint32_t) (address - object->address);
  *is_new = !object->is_used;
  object->is_used = true;
  if (*offset + bytes > object->bytes) {
    object->bytes = *offset + bytes;
    *is_new = true;
  }
  return id;
}

uint32_t
ls_objects_name (LsObjects *objects,
                 LsObjectKind kind,
                 uint64_t address,
                 uint32_t bytes,
                 LsValueType type)
{
  uint32_t id = ls_id_map_find (get_map (objects, kind), address);
  if (id != 0) {
    LsTracedObject *object = ls_objects_get (objects, id);
    bool same = object->kind == kind || kind == LS_OBJECT_LOCK || kind == LS_OBJECT_UNKNOWN;
    if (object->is_dead || !same)
      id = 0;
  }
  if (id == 0)
    id =
      add_object (objects, kind == LS_OBJECT_UNKNOWN ? LS_OBJECT_LOCK : kind, address, bytes, type);
  LsTracedObject *object = ls_objects_get (objects, id);
  object->is_named = true;
  if (object->kind == LS_OBJECT_VALUE) {
    object->bytes = MAX (object->bytes, bytes);
    if (type != LS_VALUE_NONE)
      object->type = type;
  }
  return id;
}
