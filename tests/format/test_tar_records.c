/* SPDX-License-Identifier: BSD-2-Clause */
/* Records and texts about the next entry; limits, memory, faults of the caller */
#include "../alloc.h"
#include "test_tar.h"

#include "base/buf.h"
#include "format/tar.h"

#include <stdio.h>
#include <string.h>

enum { LIMIT = 4096 };

static void
records_win_over_the_header(void **state)
{
	struct buf tar = BUF_INIT;

	(void)state;
	add_records(&tar,
	    "path=long/er|linkpath=z|uname=www|gname=mail|uid=1000|gid=100|"
	    "size=3|mtime=1700000000.25000|APK-TOOLS.checksum.SHA1=0|"
	    "comment=none");
	add_header(&tar, (struct header){ .type = '0' });
	add_bytes(&tar, "abc", 3);
	add_header(&tar, (struct header){ .name = "next", .type = '0' });
	expect(&tar,
	    "long/er file 0644 www:mail 1000:100 1700000000.250000000 3 sum"
	    "[abc]\n"
	    "next file 0644 root:root 0:0 10.000000000 0",
	    TAR_IGNORED);
}

static void
records_have_links_where_there_is_one(void **state)
{
	struct buf tar = BUF_INIT;

	(void)state;
	add_records(&tar, "linkpath=z");
	add_header(&tar, (struct header){ .type = '1', .link = "y" });
	add_records(&tar, "linkpath=z");
	add_header(&tar, (struct header){ .type = '2', .link = "y" });
	expect(&tar,
	    "usr/x file 0644 root:root 0:0 10.000000000 0 == z\n"
	    "usr/x link 0644 root:root 0:0 10.000000000 0 -> z",
	    0);
}

static void
times_have_a_sign_and_nanoseconds(void **state)
{
	static const struct {
		const char *record, *want;
		unsigned flaws;
	} rows[] = {
		{ "mtime=5", "5.000000000", 0 },
		{ "mtime=-5", "-5.000000000", 0 },
		{ "mtime=-1.5", "-2.500000000", 0 },
		{ "mtime=1.1234567899999", "1.123456789", 0 },
		{ "mtime=1.x", "1.000000000", 0 },
		{ "mtime=x.1", "10.000000000", TAR_BAD_RECORD },
		{ "mtime=", "10.000000000", TAR_BAD_RECORD },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf tar = BUF_INIT;
		char want[80];

		add_records(&tar, rows[i].record);
		add_header(&tar, (struct header){ .type = '0' });
		snprintf(want, sizeof(want),
		    "usr/x file 0644 root:root 0:0 %s 0", rows[i].want);
		expect(&tar, want, rows[i].flaws);
	}
}

static void
attributes_are_sorted_and_the_last_of_a_name_counts(void **state)
{
	struct buf tar = BUF_INIT;

	(void)state;
	add_records(&tar,
	    "SCHILY.xattr.user.b=1|SCHILY.xattr.user.a=2|"
	    "SCHILY.xattr.user.b=3|SCHILY.xattr.user.c%3D%25%=4|"
	    "SCHILY.xattr.=");
	add_header(&tar, (struct header){ .type = '0' });
	expect(&tar,
	    "usr/x file 0644 root:root 0:0 10.000000000 0 = user.a=2 user.b=3 "
	    "user.c=%%=4",
	    0);
}

static void
malformed_records_are_a_flaw_and_end_the_rest(void **state)
{
	static const char *const rows[] = { "x path=y\n", "0 path=y\n",
		"1 path=y\n", "2 path=y\n", "8 path=y\n", "11 path=y\n",
		"99 path=y\n", " 10 path=y\n", "10 path:y\n", "10path=y\n",
		"99999999999999999999 path=y\n", "\n", "10" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf tar = BUF_INIT;
		char text[200];

		snprintf(text, sizeof(text), "11 path=ok\n%s13 uname=www\n",
		    rows[i]);
		add_text(&tar, 'x', text, strlen(text));
		add_header(&tar, (struct header){ .type = '0' });
		expect(&tar, "ok file 0644 root:root 0:0 10.000000000 0",
		    TAR_BAD_RECORD);
	}
}

static void
numbers_of_records_have_to_be_numbers(void **state)
{
	struct buf tar = BUF_INIT;

	(void)state;
	add_records(&tar, "uid=x1|size=-1|gid=9999999999999999999");
	add_header(&tar, (struct header){ .type = '0' });
	expect(&tar, "usr/x file 0644 root:root 0:0 10.000000000 0",
	    TAR_BAD_RECORD);
}

static void
global_records_do_not_count(void **state)
{
	struct buf tar = BUF_INIT;

	(void)state;
	add_text(&tar, 'g', "11 path=no\n", 11);
	add_header(&tar, (struct header){ .type = '0' });
	expect(&tar, "usr/x file 0644 root:root 0:0 10.000000000 0", 0);
}

static void
long_names_of_gnu_are_names(void **state)
{
	struct buf tar = BUF_INIT;
	char name[301] = "", want[400];

	(void)state;
	memset(name, 'n', 300);
	add_text(&tar, 'L', name, 301); /* with its NUL, as GNU tar does */
	add_text(&tar, 'K', "target", 6); /* and without */
	add_header(&tar,
	    (struct header){ .name = "nnn",
		.type = '2',
		.link = "tar",
		.magic = "ustar  " });
	snprintf(want, sizeof(want),
	    "%s link 0644 root:root 0:0 10.000000000 0 -> target", name);
	expect(&tar, want, TAR_LONG_LINK);
}

static void
a_text_over_the_limit_is_a_fault(void **state)
{
	static const char types[] = "xLK";

	(void)state;
	for (const char *type = types; *type != '\0'; type++) {
		struct buf tar = BUF_INIT;

		add_header(&tar,
		    (struct header){ .type = *type, .size = "00004000001" });
		expect_fault(&tar,
		    "tar: extended header at byte 0 is over 1048576 bytes");
	}
}

static void
contents_may_be_of_any_size(void **state)
{
	struct seen s = { BUF_INIT, 0 };
	struct tar t = { .visitor = { see_entry, NULL, &s } };
	struct buf tar = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	add_header(&tar, (struct header){ .type = '0', .size = "77777777777" });
	assert_ok(tar_put(&t, tar.data, tar.len, &f), &f);
	assert_string_equal(buf_end(&s.text, &f),
	    "usr/x file 0644 root:root 0:0 10.000000000 8589934591");
	assert_fault(
	    tar_finish(&t, &f), &f, FAULT_INPUT, "tar: ends within an entry");
	tar_release(&t);
	buf_release(&s.text);
	buf_release(&tar);
}

static int
refuse(void *arg, const struct tar_entry *te, struct fault *f)
{
	(void)arg;
	(void)te;
	return fault_set(f, FAULT_USAGE, "enough");
}

static void
the_visitor_can_end_it(void **state)
{
	struct tar t = { .visitor = { .entry = refuse } };
	struct buf tar = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	add_header(&tar, (struct header){ .type = '0' });
	assert_fault(
	    tar_put(&t, tar.data, tar.len, &f), &f, FAULT_USAGE, "enough");
	tar_release(&t);
	buf_release(&tar);
}

static int
read_and_release(void *arg, struct fault *f)
{
	struct seen s = { BUF_INIT, 0 };
	const int r = read_tar(&s, arg, LIMIT, f);

	buf_release(&s.text);
	return r;
}

static void
memory_that_runs_out_is_a_fault(void **state)
{
	struct buf tar = BUF_INIT;
	char path[LIMIT + 20];
	int n;

	(void)state;
	n = snprintf(
	    path, sizeof(path), "%d path=%0*d\n", LIMIT + 11, LIMIT, 0);
	assert_int_equal(n, LIMIT + 11);
	add_text(&tar, 'L', path, LIMIT);
	add_text(&tar, 'K', path, LIMIT);
	for (int i = 0; i < 6; i++)
		add_text(&tar, 'x', path, (size_t)n);
	add_records(&tar,
	    "SCHILY.xattr.user.b=1|SCHILY.xattr.user.a=2|linkpath=z|"
	    "uname=www|gname=mail");
	add_header(&tar,
	    (struct header){ .type = '2', .link = "l", .prefix = "deep" });
	alloc_fail_each(read_and_release, &tar);
	buf_release(&tar);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_win_over_the_header),
		cmocka_unit_test(records_have_links_where_there_is_one),
		cmocka_unit_test(times_have_a_sign_and_nanoseconds),
		cmocka_unit_test(
		    attributes_are_sorted_and_the_last_of_a_name_counts),
		cmocka_unit_test(malformed_records_are_a_flaw_and_end_the_rest),
		cmocka_unit_test(numbers_of_records_have_to_be_numbers),
		cmocka_unit_test(global_records_do_not_count),
		cmocka_unit_test(long_names_of_gnu_are_names),
		cmocka_unit_test(a_text_over_the_limit_is_a_fault),
		cmocka_unit_test(contents_may_be_of_any_size),
		cmocka_unit_test(the_visitor_can_end_it),
		cmocka_unit_test(memory_that_runs_out_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
