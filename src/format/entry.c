/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/entry.h"

#include <string.h>

static const char *const type_names[] = {
	[ENTRY_FILE] = "file",
	[ENTRY_DIR] = "dir",
	[ENTRY_LINK] = "link",
	[ENTRY_CHAR] = "char",
	[ENTRY_BLOCK] = "block",
	[ENTRY_FIFO] = "fifo",
};

const char *
entry_type_name(enum entry_type type)
{
	return type_names[type];
}

bool
entry_type_parse(enum entry_type *type, const char *s, size_t len)
{
	for (size_t i = 0; i < sizeof(type_names) / sizeof(*type_names); i++) {
		if (strlen(type_names[i]) == len &&
		    memcmp(type_names[i], s, len) == 0) {
			*type = (enum entry_type)i;
			return true;
		}
	}
	return false;
}

uint16_t
entry_first_mode(enum entry_type type)
{
	switch (type) {
	case ENTRY_DIR:
		return 0755;
	case ENTRY_LINK:
		return 0777;
	case ENTRY_FILE:
	case ENTRY_CHAR:
	case ENTRY_BLOCK:
	case ENTRY_FIFO:
		return 0644;
	}
	return 0;
}

const struct xattr *
entry_caps(const struct entry *e)
{
	for (const struct xattr *x = e->xattrs; x != NULL; x = x->next) {
		if (strcmp(x->name, ENTRY_CAPS_XATTR) == 0)
			return x;
	}
	return NULL;
}

bool
entry_is_privileged(const struct entry *e)
{
	return (e->mode & ENTRY_SETID) != 0 || entry_caps(e) != NULL;
}

int
entry_compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return strcmp(x->path, y->path);
}
