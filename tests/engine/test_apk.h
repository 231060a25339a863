/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_apk - what is found in a package
 *
 *	package_make(&p, NULL);
 *	expect_of_bytes(&p.whole, "");
 */
#ifndef TESTS_TEST_APK_H
#define TESTS_TEST_APK_H

#include "madepackage.h"

#include "engine/apk.h"

static inline void
read_bytes(struct apk *a, const void *bytes, size_t len)
{
	struct fault f = { 0 };

	assert_ok(apk_put(a, bytes, len, &f), &f);
	assert_ok(apk_finish(a, &f), &f);
}

/* The kinds that were found are these words. */
static inline void
expect_findings(const struct apk *a, const char *want)
{
	char got[1024] = "";

	for (int i = 0; i < FINDINGS_KINDS; i++) {
		const size_t len = strlen(got);

		if (a->findings.counts[i] > 0)
			snprintf(got + len, sizeof(got) - len, "%s%s",
			    len > 0 ? " " : "",
			    findings_name((enum findings_kind)i));
	}
	assert_string_equal(got, want);
}

/* The bytes have these findings, also if they come one by one. */
static inline void
expect_of_bytes(const struct buf *b, const char *want)
{
	struct apk a = APK_INIT, slow = APK_INIT;
	const size_t first = b->len < TAR_BLOCK ? b->len : TAR_BLOCK;
	struct fault f = { 0 };

	read_bytes(&a, b->data, b->len);
	expect_findings(&a, want);
	assert_ok(apk_put(&slow, b->data, first, &f), &f);
	for (size_t i = first; i < b->len; i++)
		assert_ok(apk_put(&slow, b->data + i, 1, &f), &f);
	assert_ok(apk_finish(&slow, &f), &f);
	expect_findings(&slow, want);
	assert_int_equal(a.tree.count, slow.tree.count);
	apk_release(&a);
	apk_release(&slow);
}

#endif
