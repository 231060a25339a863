/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "base/buf.h"
#include "engine/apk.h"
#include "engine/aport.h"
#include "engine/report.h"
#include "engine/ruling.h"

#include <stdlib.h>
#include <string.h>

static const unsigned char net_raw[] = { 1, 0, 0, 2, 0, 32, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0 };
static const struct xattr caps = {
	.name = ENTRY_CAPS_XATTR, .value = net_raw, .len = sizeof(net_raw)
};
static const struct xattr odd_caps = {
	.name = ENTRY_CAPS_XATTR, .value = "\001\377", .len = 2
};

static struct entry entries[] = {
	{ .path = "usr", .uname = "root", .gname = "root", .type = ENTRY_DIR },
	{ .path = "usr/a b", .uname = "www", .gname = "root", .mode = 0644 },
	{ .path = "usr/c",
	    .uid = 7,
	    .gname = "m l",
	    .mode = 04755,
	    .xattrs = &caps },
	{ .path = "usr/d",
	    .uname = "root",
	    .gname = "root",
	    .mode = 0600,
	    .type = ENTRY_CHAR,
	    .major = 1,
	    .minor = 3 },
	{ .path = "usr/e",
	    .uname = "root",
	    .gname = "root",
	    .xattrs = &odd_caps },
};

static void
make(struct apk *a)
{
	*a = (struct apk)APK_INIT;
	a->tree.entries = entries;
	a->tree.count = sizeof(entries) / sizeof(*entries);
	a->info.pkgname = "foo";
}

static int
add_entries(struct buf *text, struct fault *f)
{
	struct apk a;
	size_t next = 0;

	make(&a);
	return report_add_entries(text, &a, "x y.apk", &next, f);
}

static int
add_ruling(struct buf *text, const char *file, struct fault *f)
{
	struct apk a;
	struct ruling ruling = { 0 };
	size_t next = 0;
	int r;

	make(&a);
	r = ruling_judge(&ruling, &a, "x", NULL, f);
	if (r == 0)
		r = report_add_ruling(text, &ruling, file, &next, f);
	ruling_release(&ruling);
	return r;
}

static int
add_recipe(struct buf *text, struct fault *f)
{
	static const char bytes[] =
	    "pkgusers=\"a\tb\"\npkggroups=\n\tchown a x; chgrp b y\nsetcap $z\n";
	struct aport a = { 0 };
	int r = recipe_parse(&a.recipe, bytes, strlen(bytes), f);

	if (r == 0)
		r = report_add_recipe(text, &a, "m/APKBUILD", f);
	aport_release(&a);
	return r;
}

static int
add_suggest(struct buf *text, const char *origin, struct fault *f)
{
	struct apk a;

	make(&a);
	a.tree.count = 3;
	a.info.origin = origin;
	return report_add_suggest(text, &a, "x", f);
}

static int
add_findings(struct buf *text, bool is_brief, struct fault *f)
{
	struct findings fs = { 0 };
	int r = 0;

	for (int i = 0; r == 0 && i < FINDINGS_KEPT + 2; i++)
		r = findings_add(&fs, FINDINGS_DUPLICATE, "a\nb", NULL, f);
	if (r == 0)
		r = findings_add(&fs, FINDINGS_CORRUPT, NULL, "why", f);
	if (r == 0)
		r = report_add_findings(text, &fs, "x", is_brief, f);
	findings_release(&fs);
	return r;
}

static void
an_entry_that_is_not_plain_is_a_line_of_columns(void **state)
{
	struct buf text = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(add_entries(&text, &f), &f);
	assert_string_equal(buf_end(&text, &f),
	    "x\\040y.apk www      root     0644 file  usr/a\\040b\n"
	    "x\\040y.apk 7        m\\040l   4755 file  usr/c "
	    "caps=cap_net_raw=ep\n"
	    "x\\040y.apk root     root     0600 char  usr/d device=1,3\n"
	    "x\\040y.apk root     root     0000 file  usr/e caps=0x01ff\n");
	buf_release(&text);
}

static void
charges_are_lines_of_a_policy(void **state)
{
	struct buf text = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(add_ruling(&text, NULL, &f), &f);
	assert_string_equal(buf_end(&text, &f),
	    "foo user 7 # usr/c\nfoo user www # usr/a\\040b\n"
	    "foo group m\\040l # usr/c\nfoo setuid usr/c\n"
	    "foo caps cap_net_raw=ep usr/c\nfoo device char:1,3 usr/d\n"
	    "# foo caps unknown usr/e\n");
	buf_reset(&text);
	assert_ok(add_ruling(&text, "a b", &f), &f);
	assert_int_equal(
	    strncmp(buf_end(&text, &f), "a\\040b foo user 7 # usr/c\n", 26), 0);
	buf_release(&text);
}

static void
a_recipe_is_shown_by_line(void **state)
{
	struct buf text = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(add_recipe(&text, &f), &f);
	assert_string_equal(buf_end(&text, &f),
	    "m/APKBUILD:1: pkgusers=a\\011b\n"
	    "m/APKBUILD:3: chown a x; chgrp b y\n"
	    "m/APKBUILD:4: setcap $z\n");
	buf_release(&text);
}

static void
suggestions_are_for_the_right_root(void **state)
{
	struct buf text = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(add_suggest(&text, "foo", &f), &f);
	assert_non_null(strstr(buf_end(&text, &f),
	    "# foo\namtree -u www \"$pkgdir\"/'usr/a b'\n"));
	buf_reset(&text);
	assert_ok(add_suggest(&text, "bar", &f), &f);
	assert_non_null(strstr(buf_end(&text, &f), "\"$subpkgdir\"/usr/"));
	buf_release(&text);
}

static void
findings_are_messages_and_those_not_kept_are_counted(void **state)
{
	struct buf text = BUF_INIT;
	struct fault f = { 0 };
	size_t count = 0;

	(void)state;
	assert_ok(add_findings(&text, false, &f), &f);
	assert_string_equal(text.data,
	    "x: 'a\nb': second entry of that name, which apk refuses");
	for (size_t i = 0; i < text.len; i++)
		count += text.data[i] == '\0';
	assert_int_equal(count, FINDINGS_KEPT + 2);
	assert_string_equal(text.data + text.len -
		sizeof("x: 2 more: second entry of that name, which apk "
		       "refuses"),
	    "x: 2 more: second entry of that name, which apk refuses");
	buf_reset(&text);
	assert_ok(add_findings(&text, true, &f), &f);
	assert_int_equal(text.len, sizeof("x: corrupt: why"));
	assert_string_equal(text.data, "x: corrupt: why");
	buf_release(&text);
}

static void
much_text_comes_in_pieces(void **state)
{
	enum { COUNT = 60000 };
	struct entry *many = calloc(COUNT, sizeof(*many));
	struct apk a = APK_INIT;
	struct buf text = BUF_INIT;
	struct fault f = { 0 };
	size_t next = 0, lines = 0, pieces = 1;
	int r;

	(void)state;
	assert_non_null(many);
	for (size_t i = 0; i < COUNT; i++)
		many[i] = (struct entry){ .path = "usr/bin/x", .uname = "w" };
	a.tree.entries = many;
	a.tree.count = COUNT;
	do {
		r = report_add_entries(&text, &a, "file.apk", &next, &f);
		assert_true(r >= 0 && text.len < REPORT_PIECE + 200);
		for (size_t i = 0; i < text.len; i++)
			lines += text.data[i] == '\n';
		pieces += r > 0;
		buf_reset(&text);
	} while (r > 0);
	assert_int_equal(lines, COUNT);
	assert_int_equal(pieces, 3);
	buf_release(&text);
	free(many);
}

static int
add_all(struct buf *text, struct fault *f)
{
	return add_entries(text, f) < 0 || add_ruling(text, "x", f) < 0 ||
		add_recipe(text, f) < 0 || add_suggest(text, "foo", f) < 0 ||
		add_findings(text, false, f) < 0
	    ? -1
	    : 0;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	(void)state;
	alloc_fail_each_text(add_all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    an_entry_that_is_not_plain_is_a_line_of_columns),
		cmocka_unit_test(charges_are_lines_of_a_policy),
		cmocka_unit_test(a_recipe_is_shown_by_line),
		cmocka_unit_test(suggestions_are_for_the_right_root),
		cmocka_unit_test(
		    findings_are_messages_and_those_not_kept_are_counted),
		cmocka_unit_test(much_text_comes_in_pieces),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
