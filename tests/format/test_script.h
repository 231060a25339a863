/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_script - what a script assigns
 *
 *	expect("a=1 b='x y'", "a=1|b='x y'|");
 */
#ifndef TESTS_TEST_SCRIPT_H
#define TESTS_TEST_SCRIPT_H

#include "../tests.h"

#include "format/script.h"

#include <stdlib.h>
#include <string.h>

/* "NAME=VALUE" of each assignment, the value as it is written, a "|" behind. */
static inline int
list(struct buf *out, const char *bytes, size_t len, struct fault *f)
{
	/* with no byte more than is promised, for the sanitizer to see */
	char *copy = malloc(len > 0 ? len : 1);
	struct script_assignment a;
	struct script s = { 0 };
	int r;

	if (copy == NULL)
		return fault_set(f, FAULT_MEMORY, "no memory for a copy");
	memcpy(copy, bytes, len);
	script_init(&s, copy, len);
	while ((r = script_next(&s, &a, f)) > 0) {
		if (buf_add(out, a.name.s, a.name.len, f) < 0 ||
		    buf_adds(out, a.is_appended ? "+=" : "=", f) < 0 ||
		    buf_add(out, a.value.s, a.value.len, f) < 0 ||
		    buf_adds(out, "|", f) < 0) {
			r = -1;
			break;
		}
	}
	if (r == 0)
		assert_int_equal(script_next(&s, &a, f), 0);
	script_release(&s);
	free(copy);
	return r;
}

static inline void
expect_bytes(const char *bytes, size_t len, const char *want)
{
	struct buf got = BUF_INIT;
	struct fault f = { 0 };

	assert_ok(list(&got, bytes, len, &f), &f);
	if (got.len != strlen(want) ||
	    (got.len > 0 && memcmp(got.data, want, got.len) != 0))
		fail_msg("in \"%.*s\" there is \"%.*s\" instead of \"%s\"",
		    (int)len, bytes, (int)got.len, got.data, want);
	buf_release(&got);
}

static inline void
expect(const char *text, const char *want)
{
	expect_bytes(text, strlen(text), want);
}

/* Of "a=1", what is given, and "z=1", only the first and last are found. */
static inline void
expect_passed_over(const char *text)
{
	struct buf whole = BUF_INIT;
	struct fault f = { 0 };

	assert_ok(buf_adds(&whole, "a=1\n", &f), &f);
	assert_ok(buf_adds(&whole, text, &f), &f);
	assert_ok(buf_adds(&whole, "\nz=1\n", &f), &f);
	expect_bytes(whole.data, whole.len, "a=1|z=1|");
	buf_release(&whole);
}

#endif
