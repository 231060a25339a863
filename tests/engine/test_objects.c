/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "base/buf.h"
#include "engine/apk.h"
#include "engine/aport.h"
#include "engine/objects.h"
#include "engine/ruling.h"

#include <string.h>

#define HEAD                                                             \
	"{\"file\":\"a\\\"b\",\"package\":\"foo\",\"version\":\"1-r0\"," \
	"\"arch\":null,"

static const struct apk_info info = { .pkgname = "foo", .pkgver = "1-r0" };
static const struct objects_subject subject = { "a\"b", &info };
static const struct xattr odd_caps = {
	.name = ENTRY_CAPS_XATTR, .value = "\001\377", .len = 2
};

static struct entry entries[] = {
	{ .path = "usr", .uname = "root", .gname = "root", .type = ENTRY_DIR },
	{ .path = "c",
	    .uid = 7,
	    .gname = "m",
	    .mode = 04755,
	    .nlink = 1,
	    .xattrs = &odd_caps },
};

static int
add_entries(struct buf *text, struct fault *f)
{
	struct apk a = APK_INIT;
	size_t next = 0;

	a.tree.entries = entries;
	a.tree.count = 2;
	return objects_add_entries(text, &subject, &a, &next, f);
}

static int
add_ruling(struct buf *text, struct fault *f)
{
	struct apk a = APK_INIT;
	struct ruling ruling = { 0 };
	size_t next = 0;
	int r;

	a.tree.entries = entries;
	a.tree.count = 2;
	r = ruling_judge(&ruling, &a, "x", NULL, f);
	if (r == 0)
		r = objects_add_ruling(text, &subject, &ruling, &next, f);
	ruling_release(&ruling);
	return r;
}

static int
add_recipe(struct buf *text, struct fault *f)
{
	static const char bytes[] = "pkgusers=$(x)\n\tchown a x; chgrp b y\n";
	struct aport a = { 0 };
	int r = recipe_parse(&a.recipe, bytes, strlen(bytes), f);

	if (r == 0)
		r = objects_add_recipe(text, &subject, &a, f);
	aport_release(&a);
	return r;
}

static int
add_findings(struct buf *text, bool is_brief, struct fault *f)
{
	struct findings fs = { 0 };
	int r = findings_add(&fs, FINDINGS_CORRUPT, NULL, "why", f);

	for (int i = 0; r == 0 && i < FINDINGS_KEPT + 2; i++)
		r = findings_add(&fs, FINDINGS_DUPLICATE, "a\nb", NULL, f);
	if (r == 0)
		r = objects_add_findings(text, &subject, &fs, is_brief, f);
	findings_release(&fs);
	return r;
}

static void
expect(int (*add)(struct buf *text, struct fault *f), const char *want)
{
	struct buf text = BUF_INIT;
	struct fault f = { 0 };

	assert_ok(add(&text, &f), &f);
	assert_string_equal(buf_end(&text, &f), want);
	buf_release(&text);
}

static void
an_entry_has_its_members_and_those_of_its_file(void **state)
{
	(void)state;
	expect(add_entries,
	    HEAD "\"path\":\"c\",\"type\":\"file\",\"mode\":\"4755\","
		 "\"uname\":null,\"gname\":\"m\",\"uid\":7,\"gid\":0,"
		 "\"time\":0,\"size\":0,\"caps\":\"0x01ff\"}\n");
}

static void
a_charge_says_what_is_denied(void **state)
{
	(void)state;
	expect(add_ruling,
	    HEAD "\"denied\":\"user\",\"value\":\"7\",\"path\":\"c\","
		 "\"entries\":1}\n" HEAD
		 "\"denied\":\"group\",\"value\":\"m\",\"path\":\"c\","
		 "\"entries\":1}\n" HEAD
		 "\"denied\":\"setuid\",\"value\":null,\"path\":\"c\","
		 "\"entries\":1}\n" HEAD
		 "\"denied\":\"caps\",\"value\":\"0x01ff\",\"path\":\"c\","
		 "\"entries\":1}\n");
}

static void
a_recipe_says_each_call(void **state)
{
	(void)state;
	expect(add_recipe,
	    HEAD "\"line\":1,\"variable\":\"pkgusers\",\"value\":null}\n" HEAD
		 "\"line\":2,\"call\":\"chown\","
		 "\"text\":\"chown a x; chgrp b y\"}\n" HEAD
		 "\"line\":2,\"call\":\"chgrp\","
		 "\"text\":\"chown a x; chgrp b y\"}\n");
}

static void
findings_that_are_not_kept_are_counted(void **state)
{
	static const char first[] =
	    HEAD "\"finding\":\"corrupt\",\"broken\":true,\"path\":null,"
		 "\"detail\":\"why\"}\n";
	static const char last[] =
	    HEAD "\"finding\":\"duplicate\",\"broken\":false,\"more\":2}\n";
	struct buf text = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(add_findings(&text, true, &f), &f);
	assert_string_equal(buf_end(&text, &f), first);
	buf_reset(&text);
	assert_ok(add_findings(&text, false, &f), &f);
	assert_non_null(strstr(
	    buf_end(&text, &f), "\"path\":\"a\\u000ab\",\"detail\":null}\n"));
	assert_string_equal(text.data + text.len - strlen(last), last);
	buf_release(&text);
}

static int
add_all(struct buf *text, struct fault *f)
{
	return add_entries(text, f) < 0 || add_ruling(text, f) < 0 ||
		add_recipe(text, f) < 0 || add_findings(text, false, f) < 0
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
		    an_entry_has_its_members_and_those_of_its_file),
		cmocka_unit_test(a_charge_says_what_is_denied),
		cmocka_unit_test(a_recipe_says_each_call),
		cmocka_unit_test(findings_that_are_not_kept_are_counted),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("objects", tests, NULL, NULL);
}
