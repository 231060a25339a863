/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_apkbuild - what the variables of an APKBUILD are known to be
 *
 *	expect("v=a$(date)", NULL);
 */
#ifndef TESTS_TEST_APKBUILD_H
#define TESTS_TEST_APKBUILD_H

#include "../tests.h"

#include "format/apkbuild.h"

#include <stdlib.h>
#include <string.h>

static inline void
parse(struct apkbuild *a, const char *bytes, size_t len)
{
	/* with no byte more than is promised, for the sanitizer to see */
	char *copy = calloc(len > 0 ? len : 1, 1);
	struct fault f = { 0 };

	assert_non_null(copy);
	if (len > 0)
		memcpy(copy, bytes, len);
	*a = (struct apkbuild){ 0 };
	assert_ok(apkbuild_parse(a, copy, len, &f), &f);
	free(copy);
}

static inline const struct apkbuild_variable *
get(const struct apkbuild *a, const char *name)
{
	const struct apkbuild_variable *v = apkbuild_find(a, name);

	if (v == NULL)
		fail_msg("there is no '%s'", name);
	return v;
}

static inline void
expect_known(const struct apkbuild *a, const char *name, const char *want)
{
	const struct apkbuild_variable *v = get(a, name);

	if (v->value == NULL)
		fail_msg("'%s' is not known", name);
	if (strcmp(v->value, want) != 0)
		fail_msg("'%s' is \"%s\", not \"%s\"", name, v->value, want);
}

static inline void
expect_unknown(const struct apkbuild *a, const char *name)
{
	const struct apkbuild_variable *v = get(a, name);

	if (v->value != NULL)
		fail_msg("'%s' is known as \"%s\"", name, v->value);
}

/* After the text, v has this value; it is not known if that is NULL. */
static inline void
expect(const char *text, const char *want)
{
	struct apkbuild a;

	parse(&a, text, strlen(text));
	if (want != NULL)
		expect_known(&a, "v", want);
	else
		expect_unknown(&a, "v");
	apkbuild_release(&a);
}

#endif
