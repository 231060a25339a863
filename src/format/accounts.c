/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/accounts.h"

#include "base/fault.h"
#include "base/grow.h"
#include "base/num.h"
#include "format/owner.h"

#include <stdlib.h>
#include <string.h>

enum { USER_FIELDS = 7, GROUP_FIELDS = 4 };

/* "name:password:number:..." of either file, and how many fields it has. */
struct fields {
	const char *first[3];
	size_t len[3], count;
};

/* What neither file gives an account: chown(2) takes it for "leave it". */
static const uint32_t no_id = UINT32_MAX;

void
accounts_release(struct accounts *a)
{
	arena_release(&a->arena);
	buf_release(&a->text);
	free(a->items);
	*a = (struct accounts){ .kind = a->kind };
}

static int
reserve(struct accounts *a, struct fault *f)
{
	struct account *items;

	if (a->count < a->cap)
		return 0;
	items = grow_array(a->items, &a->cap, sizeof(*items), "accounts", f);
	if (items == NULL)
		return -1;
	a->items = items;
	return 0;
}

/* Make the next item, which counts once the caller says so. */
static int
prepare_item(struct accounts *a, const char *name, size_t len, uint32_t id,
    struct fault *f)
{
	const char *copy;

	if (reserve(a, f) < 0)
		return -1;
	copy = arena_string(&a->arena, name, len, f);
	if (copy == NULL)
		return -1;
	a->items[a->count] = (struct account){ .name = copy, .id = id };
	return 0;
}

static struct fields
split(const char *line, size_t len)
{
	const char *end = line + len;
	struct fields fields = { .count = 0 };

	for (const char *s = line, *colon; s != NULL; s = colon) {
		colon = memchr(s, ':', (size_t)(end - s));
		if (fields.count < 3) {
			fields.first[fields.count] = s;
			fields.len[fields.count] =
			    (size_t)((colon != NULL ? colon : end) - s);
		}
		fields.count++;
		if (colon != NULL)
			colon++;
	}
	return fields;
}

/* Accounts of NIS, and what no program can ask for, are none. */
static bool
is_name(const char *s, size_t len)
{
	return len > 0 && memchr("#+-", *s, 3) == NULL &&
	    memchr(s, '\0', len) == NULL;
}

static int
parse_line(struct accounts *a, const char *line, size_t len, struct fault *f)
{
	const size_t need =
	    a->kind == ACCOUNTS_USERS ? USER_FIELDS : GROUP_FIELDS;
	const struct fields fields = split(line, len);
	uint64_t id;

	if (fields.count < need || !is_name(line, fields.len[0]) ||
	    !num_parse(&id, fields.first[2], fields.len[2], 10, no_id - 1))
		return 0;
	if (prepare_item(a, line, fields.len[0], (uint32_t)id, f) < 0)
		return -1;
	a->count++;
	return 0;
}

int
accounts_parse(
    struct accounts *a, const char *bytes, size_t len, struct fault *f)
{
	if (buf_add(&a->text, bytes, len, f) < 0)
		return -1;
	for (size_t done = 0; done < len;) {
		const char *line = bytes + done;
		const char *newline = memchr(line, '\n', len - done);
		const size_t n =
		    newline != NULL ? (size_t)(newline - line) : len - done;

		if (parse_line(a, line, n, f) < 0)
			return -1;
		if (newline == NULL)
			return buf_add(&a->text, "\n", 1, f);
		done += n + 1;
	}
	return 0;
}

bool
accounts_find(const struct accounts *a, const char *name, uint32_t *id)
{
	for (size_t i = 0; i < a->count; i++) {
		if (strcmp(a->items[i].name, name) == 0) {
			*id = a->items[i].id;
			return true;
		}
	}
	return false;
}

static const char *
kind_name(const struct accounts *a)
{
	return a->kind == ACCOUNTS_USERS ? "user" : "group";
}

const char *
accounts_name(const struct accounts *a, uint32_t id)
{
	struct fault ignored = { 0 }; /* of a name that is none for us */

	for (size_t i = 0; i < a->count; i++) {
		const char *name = a->items[i].name;

		if (a->items[i].id == id &&
		    owner_check(kind_name(a), name, strlen(name), &ignored) ==
			0)
			return name;
	}
	return NULL;
}

static void
take_numbers(bool *is_taken, const struct accounts *a)
{
	for (size_t i = 0; a != NULL && i < a->count; i++) {
		if (a->items[i].id <= ACCOUNTS_FIRST)
			is_taken[a->items[i].id] = true;
	}
}

/* A number that neither list has; 0 if there is none. */
static uint32_t
free_number(const struct accounts *a, const struct accounts *other)
{
	bool is_taken[ACCOUNTS_FIRST + 1] = { false };
	uint32_t id = ACCOUNTS_FIRST;

	take_numbers(is_taken, a);
	take_numbers(is_taken, other);
	while (id >= ACCOUNTS_LAST && is_taken[id])
		id--;
	return id >= ACCOUNTS_LAST ? id : 0;
}

/* The fields that abuild gives to accounts it makes up. */
static int
add_line(struct accounts *a, const char *name, uint32_t id,
    const struct accounts *other, struct fault *f)
{
	uint32_t group;

	if (a->kind == ACCOUNTS_GROUPS)
		return buf_addf(&a->text, f, "%s:x:%u:\n", name, id);
	if (other == NULL || !accounts_find(other, name, &group))
		group = OWNER_NOBODY;
	return buf_addf(&a->text, f, "%s:x:%u:%u:%s:/dev/null:/sbin/nologin\n",
	    name, id, group, name);
}

int
accounts_add(struct accounts *a, const char *name, const struct accounts *other,
    struct fault *f)
{
	const size_t len = strlen(name);
	uint32_t id;

	if (owner_check(kind_name(a), name, len, f) < 0)
		return -1;
	if (!is_name(name, len)) /* as a line, it would be one of NIS */
		return fault_set(f, FAULT_INPUT, "'%s' is not a %s name", name,
		    kind_name(a));
	if (accounts_find(a, name, &id))
		return 0;
	id = free_number(a, other);
	if (id == 0)
		return fault_set(f, FAULT_INPUT,
		    "no number from %d to %d is free for %s '%s'",
		    ACCOUNTS_LAST, ACCOUNTS_FIRST, kind_name(a), name);
	if (prepare_item(a, name, len, id, f) < 0 ||
	    add_line(a, name, id, other, f) < 0)
		return -1;
	a->count++;
	a->added++;
	return 0;
}
