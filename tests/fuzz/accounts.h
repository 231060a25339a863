/* SPDX-License-Identifier: BSD-2-Clause */
/* accounts - what is promised of passwd(5) and group(5) */
#ifndef FUZZ_ACCOUNTS_H
#define FUZZ_ACCOUNTS_H

#include "promise.h"
#include "texts.h"

#include "base/fault.h"
#include "format/accounts.h"

/* What is in the text is what was read from it. */
static inline void
expect_accounts(const struct accounts *a)
{
	struct accounts again = { .kind = a->kind };
	struct fault f = { 0 };

	promise(accounts_parse(&again, a->text.data, a->text.len, &f) == 0);
	promise(again.count == a->count);
	promise(is_same(&again.text, &a->text));
	for (size_t i = 0; i < a->count; i++) {
		promise(again.items[i].id == a->items[i].id);
		promise(strcmp(again.items[i].name, a->items[i].name) == 0);
	}
	accounts_release(&again);
}

/* It gets a number of its own, or all are taken; what is there stays. */
static inline void
expect_added(struct accounts *a, const char *name, const struct accounts *other)
{
	const size_t count = a->count, len = a->text.len;
	uint32_t number;
	const bool is_there = accounts_find(a, name, &number);
	struct fault f = { 0 };

	if (accounts_add(a, name, other, &f) < 0)
		promise(f.kind == FAULT_INPUT && !is_there &&
		    count >= (ACCOUNTS_FIRST - ACCOUNTS_LAST) / 2);
	promise((a->count == count) == (is_there || f.kind != FAULT_NONE));
	promise((a->text.len == len) == (a->count == count));
	promise(a->added == a->count - count);
	if (a->added == 0)
		return;
	promise(accounts_find(a, name, &number));
	promise(number >= ACCOUNTS_LAST && number <= ACCOUNTS_FIRST);
	promise(strcmp(accounts_name(a, number), name) == 0);
	promise(accounts_name(other, number) == NULL);
	expect_accounts(a);
}

static inline void
try_accounts(enum accounts_kind kind, const char *text, size_t len)
{
	struct accounts a = { .kind = kind }, other = { .kind = kind };
	struct fault f = { 0 };

	promise(accounts_parse(&a, text, len, &f) == 0);
	promise(accounts_parse(&other, text, len / 2, &f) == 0);
	promise(a.text.len >= len && a.text.len <= len + 1);
	promise(a.text.len == 0 || a.text.data[a.text.len - 1] == '\n');
	promise(len == 0 || memcmp(a.text.data, text, len) == 0);
	for (size_t i = 0; i < a.count; i++) {
		promise(a.items[i].id != UINT32_MAX);
		promise(strpbrk(a.items[i].name, ":\n") == NULL);
		promise(memchr("#+-", a.items[i].name[0], 4) == NULL);
	}
	expect_accounts(&a);
	expect_added(&a, "www-data", &other);
	accounts_release(&a);
	accounts_release(&other);
}

static inline void
try_users(const char *text, size_t len)
{
	try_accounts(ACCOUNTS_USERS, text, len);
}

static inline void
try_groups(const char *text, size_t len)
{
	try_accounts(ACCOUNTS_GROUPS, text, len);
}

#endif
