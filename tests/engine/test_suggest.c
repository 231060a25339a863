/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_suggest.h"
#include "../alloc.h"

#include "engine/suggest.h"
#include "engine/tree.h"
#include "format/keyword.h"

#include <stdio.h>
#include <string.h>

static void
expect(const struct given *given, size_t count, const char *want)
{
	struct buf text = BUF_INIT;
	struct fault f = { 0 };

	suggest(&text, given, count);
	assert_string_equal(buf_end(&text, &f), want);
	buf_release(&text);
}

#define EXPECT(given, want) \
	expect(given, sizeof(given) / sizeof(*(given)), want)

static void
package_of_root_needs_no_line(void **state)
{
	static const struct given all[] = {
		{ 0, DIRECTORY("usr", ROOT) },
		{ 0, FILE_("usr/x", ROOT) },
	};

	(void)state;
	EXPECT(all, "");
	expect(all, 0, "");
}

static void
files_that_need_the_same_share_a_line(void **state)
{
	static const struct given all[] = {
		{ 0, DIRECTORY("bin", ROOT) },
		{ KEYWORD_CAPS, FILE_("bin/a", .xattrs = &with_net_raw) },
		{ KEYWORD_MODE, FILE_("bin/b", .mode = 04755) },
		{ KEYWORD_CAPS, FILE_("bin/c", .xattrs = &with_net_raw) },
		{ KEYWORD_GROUP | KEYWORD_MODE,
		    FILE_("bin/d", .mode = 02755, .gname = "mail") },
		{ KEYWORD_CAPS, FILE_("bin/e", ROOT) },
		{ KEYWORD_MODE, FILE_("bin/f", .mode = 04755) },
		{ KEYWORD_USER, FILE_("bin/g", .uid = 1000) },
	};

	(void)state;
	EXPECT(all,
	    "amtree -c cap_net_raw=ep \"$pkgdir\"/bin/a \"$pkgdir\"/bin/c\n"
	    "amtree -m 4755 \"$pkgdir\"/bin/b \"$pkgdir\"/bin/f\n"
	    "amtree -g mail -m 2755 \"$pkgdir\"/bin/d\n"
	    "amtree -c none \"$pkgdir\"/bin/e\n"
	    "amtree -u 1000 \"$pkgdir\"/bin/g\n");
}

static void
directory_of_one_owner_is_one_line(void **state)
{
	static const struct given all[] = {
		{ 0, DIRECTORY("var", ROOT) },
		{ BOTH, DIRECTORY("var/a", WWW) },
		{ BOTH, FILE_("var/a/x", WWW) },
		{ 0, DIRECTORY("var/a-b", ROOT) },
		{ BOTH, FILE_("var/a-b/x", APP) },
		{ BOTH, DIRECTORY("var/b", WWW) },
		{ BOTH, FILE_("var/b/x", WWW) },
		{ BOTH, DIRECTORY("var/c", WWW) },
	};
	struct given sorted[8];

	(void)state;
	memcpy(sorted, all, sizeof(all));
	sorted[2] = all[3]; /* "a-b" sorts before "a/x" */
	sorted[3] = all[4];
	sorted[4] = all[2];
	EXPECT(sorted,
	    "amtree -R -u www -g www \"$pkgdir\"/var/a \"$pkgdir\"/var/b\n"
	    "amtree -u app -g app \"$pkgdir\"/var/a-b/x\n"
	    "amtree -u www -g www \"$pkgdir\"/var/c\n");
}

static void
exceptions_come_after_the_line_that_hits_them(void **state)
{
	static const struct given all[] = {
		{ BOTH, DIRECTORY("a", APP) },
		{ 0, DIRECTORY("b", ROOT) },
		{ BOTH, DIRECTORY("b/c", WWW) },
		{ BOTH, FILE_("b/c/1", WWW) },
		{ BOTH, FILE_("b/c/2", APP) },
		{ BOTH | KEYWORD_MODE, FILE_("b/c/3", WWW, .mode = 0600) },
		{ BOTH, FILE_("b/c/4", APP) },
		{ BOTH, FILE_("b/c/5", WWW) },
		{ BOTH, DIRECTORY("b/c/6", APP) },
		{ BOTH, FILE_("b/c/6/1", APP) },
		{ BOTH, FILE_("b/c/6/2", WWW) },
		{ BOTH, FILE_("b/c/7", WWW) },
		{ BOTH, FILE_("b/c/8", WWW) },
	};

	(void)state;
	EXPECT(all,
	    "amtree -u app -g app \"$pkgdir\"/a\n"
	    "amtree -R -u www -g www \"$pkgdir\"/b/c\n"
	    "amtree -u app -g app \"$pkgdir\"/b/c/2 \"$pkgdir\"/b/c/4\n"
	    "amtree -m 600 \"$pkgdir\"/b/c/3\n"
	    "amtree -R -u app -g app \"$pkgdir\"/b/c/6\n"
	    "amtree -u www -g www \"$pkgdir\"/b/c/6/2\n");
}

static void
what_is_created_states_all_it_needs(void **state)
{
	static const struct given all[] = {
		{ BOTH, DIRECTORY("a", WWW) },
		{ BOTH | KEYWORD_TYPE,
		    { .path = "a/1", .type = ENTRY_FIFO, WWW, .mode = 0600 } },
		{ BOTH, FILE_("a/2", WWW) },
		{ KEYWORD_TYPE,
		    { .path = "null",
			.type = ENTRY_CHAR,
			.mode = 0644,
			.major = 1,
			.minor = 3 } },
		{ KEYWORD_TYPE,
		    { .path = "to",
			.type = ENTRY_LINK,
			.mode = 0777,
			.link = "from here" } },
		{ KEYWORD_TYPE | KEYWORD_MODE,
		    DIRECTORY("x", ROOT, .mode = 0755) },
	};

	(void)state;
	EXPECT(all,
	    "amtree -R -u www -g www \"$pkgdir\"/a\n"
	    "amtree -t fifo -u www -g www -m 600 \"$pkgdir\"/a/1\n"
	    "amtree -t char -D 1,3 \"$pkgdir\"/null\n"
	    "amtree -t link -l 'from here' \"$pkgdir\"/to\n"
	    "amtree -t dir -m 755 \"$pkgdir\"/x\n");
}

static void
names_are_quoted_for_the_shell_and_shown_safely(void **state)
{
	static const struct given all[] = {
		{ KEYWORD_USER, FILE_("$(rm)", .uname = "daemon$") },
		{ KEYWORD_USER, FILE_("-R", .uname = "daemon$") },
		{ KEYWORD_USER, FILE_("caf\xe9", .uname = "daemon$") },
		{ KEYWORD_USER, FILE_("it's", .uname = "daemon$") },
	};

	(void)state;
	EXPECT(all,
	    "amtree -u 'daemon$' \"$pkgdir\"/'$(rm)' \"$pkgdir\"/-R \\\n"
	    "\t\"$pkgdir\"/\"$(printf 'caf\\351')\" "
	    "\"$pkgdir\"/'it'\\''s'\n");
}

static void
what_cannot_be_declared_is_a_comment(void **state)
{
	static const struct given all[] = {
		{ BOTH, DIRECTORY("a", WWW) },
		{ BOTH, FILE_("a/1", WWW) },
		{ BOTH | KEYWORD_MODE, FILE_("a/2\n", WWW, .mode = 0600) },
		{ BOTH | KEYWORD_MODE,
		    FILE_(
			"b", .uname = "a\033b", .gname = "www", .mode = 0600) },
		{ BOTH | KEYWORD_TYPE,
		    { .path = "c", .type = ENTRY_CHAR, .major = 9999, WWW } },
	};

	(void)state;
	EXPECT(all,
	    "amtree -u www -g www \"$pkgdir\"/a \"$pkgdir\"/a/1\n"
	    "# amtree cannot declare 'a/2\\012': ends in a newline, which a "
	    "shell would drop\n"
	    "amtree -g www -m 600 \"$pkgdir\"/b\n"
	    "# amtree cannot declare 'b': user name 'a\\033b' has a character "
	    "that no account name may have\n"
	    "# amtree cannot declare 'c': device number 9999,0 is too "
	    "large\n");
}

static void
long_lines_are_continued(void **state)
{
	static const struct given all[] = {
		{ KEYWORD_GROUP, FILE_("usr/bin/one", .gname = "games") },
		{ KEYWORD_GROUP, FILE_("usr/bin/three", .gname = "games") },
		{ KEYWORD_GROUP, FILE_("usr/bin/two-four", .gname = "games") },
		{ KEYWORD_GROUP, FILE_("usr/bin/v2", .gname = "games") },
		{ KEYWORD_GROUP,
		    FILE_("usr/share/games/a/name/that/is/longer/than/any/line/"
			  "can/be/so/that/it/stands/alone",
			.gname = "games") },
		{ KEYWORD_GROUP, FILE_("usr/share/games/x", .gname = "games") },
	};

	(void)state;
	EXPECT(all,
	    "amtree -g games \"$pkgdir\"/usr/bin/one "
	    "\"$pkgdir\"/usr/bin/three \\\n"
	    "\t\"$pkgdir\"/usr/bin/two-four \"$pkgdir\"/usr/bin/v2 \\\n"
	    "\t\"$pkgdir\"/usr/share/games/a/name/that/is/longer/than/any/line/"
	    "can/be/so/that/it/stands/alone \\\n"
	    "\t\"$pkgdir\"/usr/share/games/x\n");
}

static void
no_call_has_more_paths_than_execve_takes(void **state)
{
	enum { COUNT = 2 * SUGGEST_PATHS + 1 };
	static struct given all[COUNT];
	static char names[COUNT][8];
	struct buf text = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	for (unsigned i = 0; i < COUNT; i++) {
		snprintf(names[i], sizeof(names[i]), "f%03u", i);
		all[i] = (struct given){ KEYWORD_USER,
			FILE_(names[i], .uname = "www") };
	}
	suggest(&text, all, COUNT);
	assert_non_null(buf_end(&text, &f));
	assert_int_equal(count_of(text.data, "amtree -u www "), 3);
	assert_int_equal(count_of(text.data, "\"$pkgdir\"/f"), COUNT);
	assert_non_null(strstr(text.data, "amtree -u www \"$pkgdir\"/f200 "));
	assert_non_null(strstr(text.data, "amtree -u www \"$pkgdir\"/f400\n"));
	buf_release(&text);
}

static int
suggest_once(void *arg, struct fault *f)
{
	static const unsigned keywords[] = { BOTH, BOTH, BOTH | KEYWORD_MODE,
		KEYWORD_CAPS };
	const struct suggest_options o = { .root = "$x", .keywords = keywords };
	struct buf text = BUF_INIT;
	const int r = suggest_add(&text, arg, &o, f);

	if (r < 0)
		assert_int_equal(text.len, 0);
	buf_release(&text);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	static const struct entry entries[] = {
		DIRECTORY("var", WWW),
		FILE_("var/x", WWW),
		FILE_("var/y\n", WWW),
		FILE_("z", .xattrs = &with_net_raw),
	};
	struct tree t = TREE_INIT;
	struct fault f = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(entries) / sizeof(*entries); i++) {
		struct entry *e = tree_append(&t, &f);

		assert_non_null(e);
		*e = entries[i];
	}
	alloc_fail_each(suggest_once, &t);
	tree_release(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(package_of_root_needs_no_line),
		cmocka_unit_test(files_that_need_the_same_share_a_line),
		cmocka_unit_test(directory_of_one_owner_is_one_line),
		cmocka_unit_test(exceptions_come_after_the_line_that_hits_them),
		cmocka_unit_test(what_is_created_states_all_it_needs),
		cmocka_unit_test(
		    names_are_quoted_for_the_shell_and_shown_safely),
		cmocka_unit_test(what_cannot_be_declared_is_a_comment),
		cmocka_unit_test(long_lines_are_continued),
		cmocka_unit_test(no_call_has_more_paths_than_execve_takes),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("suggest", tests, make_caps, NULL);
}
