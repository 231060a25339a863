/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "madepackage.h"
#include "scratch.h"

#include "engine/difference.h"
#include "engine/matchup.h"
#include "engine/merge.h"

/* A package of one file. */
static void
write_package(const char *name, struct file file, const char *info)
{
	struct package p = { .info = info };

	add_file(&p.data_tar, file);
	package_close(&p, NULL);
	join(&p.whole, &p.signature);
	join(&p.whole, &p.control);
	join(&p.whole, &p.data);
	scratch_write(name, p.whole.data, p.whole.len);
	package_release(&p);
}

static void
write_two(void)
{
	write_package("a.apk", (struct file){ .name = "x", .text = "1" },
	    "arch = x86\nlicense = a&b\n");
	write_package("b.apk",
	    (struct file){ .name = "x", .text = "2", .uname = "<www>" },
	    "arch = x86\nlicense = \x1b]]>\n");
}

static int
match(struct matchup *m, enum matchup_form form, const char *a, const char *b,
    struct fault *f)
{
	const struct matchup_options o = { .form = form,
		.is_one_of_many = true };

	return matchup_compare(m, &o, &(struct matchup_side){ .file = a },
	    &(struct matchup_side){ .file = b }, f);
}

static void
expect(enum matchup_form form, const char *a, const char *b, size_t count,
    const char *want)
{
	struct matchup m = { 0 };
	struct fault f = { 0 };

	assert_ok(match(&m, form, a, b, &f), &f);
	assert_ok(buf_end(&m.text, &f) != NULL ? 0 : -1, &f);
	assert_string_equal(m.text.data, want);
	assert_int_equal(m.differences, count);
	assert_false(m.is_broken);
	assert_int_equal(m.messages.len, 0);
	matchup_release(&m);
}

static void
lines_are_for_people(void **state)
{
	(void)state;
	write_two();
	expect(MATCHUP_TEXT, "a.apk", "b.apk", 3,
	    "foo owner      x root -> <www>\n"
	    "foo contents   x 1:6b86b273ff34 -> 1:d4735e3a265e\n"
	    "foo metadata   license a&b -> \\033]]>\n");
	expect(MATCHUP_TEXT, "a.apk", "a.apk", 0, "");
	expect(MATCHUP_NONE, "a.apk", "b.apk", 3, "");
}

static void
objects_are_for_programs(void **state)
{
	(void)state;
	write_two();
	expect(MATCHUP_JSON, "a.apk", "b.apk", 3,
	    "{\"package\":\"foo\",\"arch\":\"x86\",\"kind\":\"owner\","
	    "\"path\":\"x\",\"field\":null,\"before\":\"root\","
	    "\"after\":\"<www>\",\"risk\":85}\n"
	    "{\"package\":\"foo\",\"arch\":\"x86\",\"kind\":\"contents\","
	    "\"path\":\"x\",\"field\":null,\"before\":\"6b86b273ff34fce19d6b"
	    "804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b\",\"after\":\"d47"
	    "35e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35\""
	    ",\"risk\":30,\"before_size\":1,\"after_size\":1}\n"
	    "{\"package\":\"foo\",\"arch\":\"x86\",\"kind\":\"metadata\","
	    "\"path\":null,\"field\":\"license\",\"before\":\"a&b\","
	    "\"after\":\"\\u001b]]>\",\"risk\":20}\n");
}

static void
a_testcase_has_its_lines_escaped(void **state)
{
	(void)state;
	write_two();
	expect(MATCHUP_JUNIT, "a.apk", "b.apk", 3,
	    "  <testcase classname=\"x86\" name=\"foo\">\n"
	    "    <failure message=\"differences: 3; the riskiest: owner\">\n"
	    "owner      x root -&gt; &lt;www&gt;\n"
	    "contents   x 1:6b86b273ff34 -&gt; 1:d4735e3a265e\n"
	    "metadata   license a&amp;b -&gt; \\033]]&gt;\n"
	    "    </failure>\n  </testcase>\n");
	expect(MATCHUP_JUNIT, "b.apk", "b.apk", 0,
	    "  <testcase classname=\"x86\" name=\"foo\"/>\n");
}

/* One of them is broken: it is said, and nothing is compared. */
static void
expect_broken(enum matchup_form form, const char *text, const char *message)
{
	struct matchup m = { 0 };
	struct fault f = { 0 };

	assert_ok(match(&m, form, "a.apk", "cut.apk", &f), &f);
	assert_non_null(buf_end(&m.text, &f));
	assert_string_equal(m.text.data, text);
	assert_string_equal(m.messages.data, message);
	assert_true(m.is_broken);
	assert_int_equal(m.differences, 0);
	matchup_release(&m);
}

static void
a_broken_package_is_said_in_each_form(void **state)
{
	struct buf whole = BUF_INIT;

	(void)state;
	write_two();
	scratch_load(&whole, "b.apk");
	scratch_write("cut.apk", whole.data, whole.len - 5);
	buf_release(&whole);
	expect_broken(MATCHUP_TEXT, "", "cut.apk: truncated");
	expect_broken(MATCHUP_JSON,
	    "{\"package\":\"foo\",\"arch\":\"x86\",\"kind\":\"broken\","
	    "\"path\":null,\"field\":null,\"before\":null,\"after\":null,"
	    "\"risk\":100,\"file\":\"cut.apk\",\"text\":\"truncated\"}\n",
	    "cut.apk: truncated");
	expect_broken(MATCHUP_JUNIT,
	    "  <testcase classname=\"x86\" name=\"foo\">\n"
	    "    <error message=\"broken\">\ncut.apk: truncated\n"
	    "    </error>\n  </testcase>\n",
	    "cut.apk: truncated");
}

static void
a_package_of_one_repository_is_a_difference(void **state)
{
	const struct matchup_package p = { "foo", NULL, "1-r0", "r/foo.apk" };
	const struct matchup_options text = { .form = MATCHUP_TEXT,
		.is_one_of_many = true },
				     json = { .form = MATCHUP_JSON };
	struct matchup m = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_ok(matchup_lone(&m, &text, &p, true, &f), &f);
	assert_ok(matchup_lone(&m, &text, &p, false, &f), &f);
	assert_ok(matchup_lone(&m, &json, &p, true, &f), &f);
	assert_non_null(buf_end(&m.text, &f));
	assert_string_equal(m.text.data,
	    "foo package-added - -> 1-r0\nfoo package-removed 1-r0 -> -\n"
	    "{\"package\":\"foo\",\"arch\":null,\"kind\":\"package-added\","
	    "\"path\":null,\"field\":null,\"before\":null,\"after\":\"1-r0\","
	    "\"risk\":40,\"file\":\"r/foo.apk\"}\n");
	assert_int_equal(m.differences, 3);
	matchup_release(&m);
}

/* Trees */

static void
make_tree(void)
{
	struct buf tar = BUF_INIT;

	scratch_dir("pkg");
	scratch_dir("pkg/foo");
	scratch_dir("pkg/.control.foo");
	scratch_file("pkg/foo/x", "1");
	scratch_file("pkg/.control.foo/.mtree", "./x uname=www\n");
	add_file(&tar, (struct file){ .name = "x", .text = "1" });
	add_end(&tar);
	scratch_write("a.tar", tar.data, tar.len);
	buf_release(&tar);
}

static int
match_tree(struct matchup *m, const char *archive, struct fault *f)
{
	const struct merge_options tree = {
		.package = { "pkg/foo", "pkg/.control.foo" },
		.has_epoch = true,
	};
	const struct matchup_options o = { .form = MATCHUP_TEXT };

	return matchup_compare(m, &o, &(struct matchup_side){ .file = archive },
	    &(struct matchup_side){ .tree = &tree }, f);
}

static void
expect_of_tree(const char *archive, const char *want)
{
	struct matchup m = { 0 };
	struct fault f = { 0 };

	assert_ok(match_tree(&m, archive, &f), &f);
	assert_non_null(buf_end(&m.text, &f));
	assert_string_equal(m.text.data, want);
	matchup_release(&m);
}

static void
a_tree_is_what_would_be_built_of_it(void **state)
{
	(void)state;
	make_tree();
	expect_of_tree("a.tar", "owner      x root -> www\n");
	scratch_file("pkg/foo/y", "2");
	assert_int_equal(link("pkg/foo/x", "pkg/foo/z"), 0);
	expect_of_tree("a.tar",
	    "owner      x root -> www\n"
	    "extra      y - -> file,0644,root:root\n"
	    "extra      z - -> file,0644,www:root\n");
}

static void
a_control_directory_has_metadata_and_scripts(void **state)
{
	(void)state;
	make_tree();
	write_package("a.apk",
	    (struct file){ .name = "x", .text = "1", .uname = "www" },
	    "license = MIT\n");
	expect_of_tree("a.apk", "");
	scratch_file("pkg/.control.foo/.post-install", "x");
	expect_of_tree("a.apk", "");
	scratch_file("pkg/.control.foo/.PKGINFO",
	    "pkgname = foo\npkgver = 2-r0\nlicense = MIT\n");
	expect_of_tree("a.apk",
	    "script     .post-install - -> 1:2d711642b726\n"
	    "metadata   pkgver 1-r0 -> 2-r0\n");
}

static void
a_control_file_that_is_none_is_a_fault(void **state)
{
	struct matchup m = { 0 };
	struct fault f = { 0 };

	(void)state;
	make_tree();
	scratch_dir("pkg/.control.foo/.PKGINFO");
	assert_fault(match_tree(&m, "a.tar", &f), &f, FAULT_INPUT,
	    "'pkg/.control.foo': '.PKGINFO': not a regular file");
	matchup_release(&m);
}

static int
match_and_release(void *arg, struct fault *f)
{
	struct matchup m = { 0 };
	int r = match(&m, *(enum matchup_form *)arg, "a.apk", "b.apk", f);

	if (r == 0)
		r = match_tree(&m, "a.tar", f);
	matchup_release(&m);
	return r;
}

static void
memory_that_runs_out_is_a_fault(void **state)
{
	static enum matchup_form forms[] = { MATCHUP_JSON, MATCHUP_JUNIT };

	(void)state;
	make_tree();
	scratch_file("pkg/.control.foo/.PKGINFO", "pkgname = foo\n");
	scratch_file("pkg/.control.foo/.trigger", "x");
	write_two();
	for (size_t i = 0; i < 2; i++)
		alloc_fail_each(match_and_release, &forms[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(lines_are_for_people),
		test(objects_are_for_programs),
		test(a_testcase_has_its_lines_escaped),
		test(a_broken_package_is_said_in_each_form),
		test(a_package_of_one_repository_is_a_difference),
		test(a_tree_is_what_would_be_built_of_it),
		test(a_control_directory_has_metadata_and_scripts),
		test(a_control_file_that_is_none_is_a_fault),
		test(memory_that_runs_out_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
