/* SPDX-License-Identifier: BSD-2-Clause */
/* fields - what is known of one entry */
#include "lib/handle.h"

unsigned
amtree_entry_binds(const struct amtree_entry *e)
{
	return e->binds;
}

unsigned
amtree_entry_recorded(const struct amtree_entry *e)
{
	return e->recorded;
}

int
amtree_entry_is_changed(const struct amtree_entry *e)
{
	return e->entry->is_changed;
}

const char *
amtree_entry_path(const struct amtree_entry *e)
{
	return e->entry->path;
}

const char *
amtree_entry_type(const struct amtree_entry *e)
{
	return entry_type_name(e->entry->type);
}

unsigned
amtree_entry_mode(const struct amtree_entry *e)
{
	return e->entry->mode;
}

const char *
amtree_entry_uname(const struct amtree_entry *e)
{
	return e->entry->uname;
}

const char *
amtree_entry_gname(const struct amtree_entry *e)
{
	return e->entry->gname;
}

uint32_t
amtree_entry_uid(const struct amtree_entry *e)
{
	return e->entry->uid;
}

uint32_t
amtree_entry_gid(const struct amtree_entry *e)
{
	return e->entry->gid;
}

const char *
amtree_entry_link(const struct amtree_entry *e)
{
	return e->entry->link;
}

uint64_t
amtree_entry_size(const struct amtree_entry *e)
{
	return e->entry->type == ENTRY_FILE ? e->entry->size : 0;
}

uint32_t
amtree_entry_major(const struct amtree_entry *e)
{
	return e->entry->major;
}

uint32_t
amtree_entry_minor(const struct amtree_entry *e)
{
	return e->entry->minor;
}

int64_t
amtree_entry_mtime(const struct amtree_entry *e)
{
	return e->entry->mtime;
}

uint32_t
amtree_entry_mtime_nsec(const struct amtree_entry *e)
{
	return e->entry->mtime_nsec;
}

const void *
amtree_entry_caps(const struct amtree_entry *e, size_t *len)
{
	*len = e->caps == NULL ? 0 : e->caps->len;
	return e->caps == NULL ? NULL : e->caps->value;
}
