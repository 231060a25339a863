/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_accounts - lists of accounts, and what is known of them
 *
 *	parse_text(&a, ACCOUNTS_USERS, passwd);
 *	expect_id(&a, "games", 35);
 *	accounts_release(&a);
 */
#ifndef TESTS_TEST_ACCOUNTS_H
#define TESTS_TEST_ACCOUNTS_H

#include "../tests.h"

#include "format/accounts.h"

#include <stdlib.h>
#include <string.h>

static const char passwd[] = "root:x:0:0:root:/root:/bin/ash\n"
			     "bin:x:1:1:bin:/bin:/sbin/nologin\n"
			     "toor:x:0:0:second root:/root:/bin/sh\n"
			     "games:*:35:35::/usr/games:\n";
static const char group[] = "root:x:0:root\n"
			    "bin:x:1:root,bin,daemon\n"
			    "www-data:x:82:\n"
			    "abuild:x:300:builder";

static inline void
parse(struct accounts *a, enum accounts_kind kind, const char *bytes, size_t n)
{
	/* with no byte more than is promised, for the sanitizer to see */
	char *copy = calloc(n > 0 ? n : 1, 1);
	struct fault f = { 0 };

	assert_non_null(copy);
	if (n > 0)
		memcpy(copy, bytes, n);
	*a = (struct accounts){ .kind = kind };
	assert_ok(accounts_parse(a, copy, n, &f), &f);
	free(copy);
}

static inline void
parse_text(struct accounts *a, enum accounts_kind kind, const char *text)
{
	parse(a, kind, text, strlen(text));
}

static inline void
expect_id(const struct accounts *a, const char *name, uint32_t want)
{
	uint32_t id = 4711;

	if (!accounts_find(a, name, &id))
		fail_msg("'%s' is not found", name);
	assert_int_equal(id, want);
}

static inline void
expect_none(const struct accounts *a, const char *name)
{
	uint32_t id = 4711;

	if (accounts_find(a, name, &id))
		fail_msg("'%s' is found", name);
	assert_int_equal(id, 4711);
}

static inline void
expect_name(const struct accounts *a, uint32_t id, const char *want)
{
	const char *name = accounts_name(a, id);

	if (name == NULL)
		fail_msg("number %u has no name", (unsigned)id);
	assert_string_equal(name, want);
}

static inline void
expect_text(const struct accounts *a, const char *want)
{
	if (a->text.len != strlen(want) ||
	    memcmp(a->text.data, want, a->text.len) != 0)
		fail_msg("the text is '%.*s', not '%s'", (int)a->text.len,
		    a->text.data, want);
}

static inline void
add(struct accounts *a, const char *name, const struct accounts *other)
{
	struct fault f = { 0 };

	assert_ok(accounts_add(a, name, other, &f), &f);
}

#endif
