/* SPDX-License-Identifier: MIT */
/* The lazy list of row numbers. */
#include "index-model.h"

struct _LsIndexItem {
  GObject parent_instance;
  guint32 index;
};

G_DEFINE_FINAL_TYPE (LsIndexItem, ls_index_item, G_TYPE_OBJECT)

static void
ls_index_item_class_init (LsIndexItemClass *class)
{
}

static void
ls_index_item_init (LsIndexItem *item)
{
}

guint32
ls_index_item_get_index (LsIndexItem *item)
{
  return item->index;
}

struct _LsIndexModel {
  GObject parent_instance;
  guint32 offset, n;
  GArray *order;  /* guint32; NULL: a run */
  guint selected; /* position */
};

static guint picked_signal;

/* -- The list -- */

guint32
ls_index_model_get_index (LsIndexModel *model, guint position)
{
  return model->order ? g_array_index (model->order, guint32, position) : model->offset + position;
}

static GType
get_item_type (GListModel *list)
{
  return LS_TYPE_INDEX_ITEM;
}

static guint
get_n_items (GListModel *list)
{
  return LS_INDEX_MODEL (list)->n;
}

static gpointer
get_item (GListModel *list, guint position)
{
  LsIndexModel *model = LS_INDEX_MODEL (list);
  if (position >= model->n)
    return NULL;
  LsIndexItem *item = g_object_new (LS_TYPE_INDEX_ITEM, NULL);
  item->index = ls_index_model_get_index (model, position);
  return item;
}

static void
list_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* -- The selection -- */

static gboolean
is_selected (GtkSelectionModel *selection, guint position)
{
  return LS_INDEX_MODEL (selection)->selected == position;
}

static GtkBitset *
get_selection_in_range (GtkSelectionModel *selection, guint position, guint n_items)
{
  GtkBitset *set = gtk_bitset_new_empty ();
  guint selected = LS_INDEX_MODEL (selection)->selected;
  if (selected != GTK_INVALID_LIST_POSITION)
    gtk_bitset_add (set, selected);
  return set;
}

static void
set_selected (LsIndexModel *model, guint position)
{
  guint old = model->selected;
  if (old == position)
    return;
  model->selected = position;
  if (old != GTK_INVALID_LIST_POSITION)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (model), old, 1);
  if (position != GTK_INVALID_LIST_POSITION)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (model), position, 1);
}

static gboolean
select_item (GtkSelectionModel *selection, guint position, gboolean unselect_rest)
{
  LsIndexModel *model = LS_INDEX_MODEL (selection);
  if (position >= model->n)
    return FALSE;
  set_selected (model, position);
  g_signal_emit (model, picked_signal, 0, ls_index_model_get_index (model, position));
  return TRUE;
}

static void
selection_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = is_selected;
  iface->get_selection_in_range = get_selection_in_range;
  iface->select_item = select_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (LsIndexModel,
                               ls_index_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_init)
                                 G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL, selection_init))

/* O(1) in a run, O(n) in any other order. */
static guint
find_position (LsIndexModel *model, guint32 index)
{
  if (!model->order)
    return index >= model->offset && index - model->offset < model->n ? index - model->offset
                                                                      : GTK_INVALID_LIST_POSITION;
  for (guint i = 0; i < model->n; i++)
    if (g_array_index (model->order, guint32, i) == index)
      return i;
  return GTK_INVALID_LIST_POSITION;
}

guint
ls_index_model_select (LsIndexModel *model, guint32 index)
{
  guint position = index == G_MAXUINT32 ? GTK_INVALID_LIST_POSITION : find_position (model, index);
  set_selected (model, position);
  return position;
}

guint32
ls_index_model_get_selected (LsIndexModel *model)
{
  return model->selected == GTK_INVALID_LIST_POSITION
           ? G_MAXUINT32
           : ls_index_model_get_index (model, model->selected);
}

static void
finalize (GObject *object)
{
  g_clear_pointer (&LS_INDEX_MODEL (object)->order, g_array_unref);
  G_OBJECT_CLASS (ls_index_model_parent_class)->finalize (object);
}

static void
ls_index_model_class_init (LsIndexModelClass *class)
{
  G_OBJECT_CLASS (class)->finalize = finalize;
  picked_signal = g_signal_new ("picked", LS_TYPE_INDEX_MODEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
ls_index_model_init (LsIndexModel *model)
{
  model->selected = GTK_INVALID_LIST_POSITION;
}

LsIndexModel *
ls_index_model_new_run (guint32 offset, guint32 n)
{
  LsIndexModel *model = g_object_new (LS_TYPE_INDEX_MODEL, NULL);
  model->offset = offset;
  model->n = n;
  return model;
}

LsIndexModel *
ls_index_model_new_order (GArray *order)
{
  LsIndexModel *model = g_object_new (LS_TYPE_INDEX_MODEL, NULL);
  model->order = order;
  model->n = order->len;
  return model;
}
