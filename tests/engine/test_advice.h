/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_advice - a package with files, and a journal, in place of scratch.h's test()
 *
 *	const struct CMUnitTest tests[] = { advice_test(name), ... };
 */
#ifndef TESTS_TEST_ADVICE_H
#define TESTS_TEST_ADVICE_H

#include "recorded.h"

#include "engine/layout.h"

/* A package that has files, and no override file yet. */
static const struct layout_package package = {
	.root = (char *)"pkg/foo",
	.control = (char *)"pkg/.control.foo",
	.spelling = "\"$pkgdir\"",
};

static inline int
begin(void **state)
{
	if (scratch_begin(state) < 0)
		return -1;
	scratch_file("pkg/foo/usr/bin/ping", "ELF");
	scratch_file("pkg/foo/usr/bin/su", "ELF");
	scratch_file("pkg/foo/var/log/a", "");
	scratch_file("pkg/foo/var/log/b", "");
	scratch_file("pkg/foo/dev/null", "");
	recorded_begin();
	return 0;
}

#define advice_test(name) \
	cmocka_unit_test_setup_teardown(name, begin, scratch_end)

#endif
