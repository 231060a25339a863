/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_capcalls - the capabilities of a file, as a supervised program asks for them
 */
#ifndef TESTS_TEST_CAPCALLS_H
#define TESTS_TEST_CAPCALLS_H

#include "supervised.h"

#include <sys/xattr.h>

static const char name[] = "security.capability";

/* cap_net_raw=ep, in the three sizes that the kernel has had; it takes two. */
static const unsigned char caps[20] = { 1, 0, 0, 2, 0, 0x20 };
static const unsigned char old_caps[12] = { 1, 0, 0, 1, 0, 0x20 };
static const unsigned char rooted_caps[24] = { 1, 0, 0, 3, 0, 0x20 };
static const unsigned char other_caps[20] = { 0, 0, 0, 2, 1 };

static inline void
check_has(const char *file, const void *want, size_t len)
{
	unsigned char got[64];
	const ssize_t n = getxattr(file, name, got, sizeof(got));

	child_check(n == (ssize_t)len);
	child_check(memcmp(got, want, len) == 0);
	child_check(getxattr(file, name, NULL, 0) == (ssize_t)len);
}

static inline void
check_has_none(const char *file)
{
	char list[1024];

	child_check(getxattr(file, name, NULL, 0) == -1 && errno == ENODATA);
	child_check(lgetxattr(file, name, NULL, 0) == -1 && errno == ENODATA);
	for (ssize_t at = 0, n = listxattr(file, list, sizeof(list)); at < n;
	     at += (ssize_t)strlen(list + at) + 1)
		child_check(strcmp(list + at, name) != 0);
}

#endif
