/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "base/path.h"

#include <string.h>

static void
assert_canon(const char *text, const char *want)
{
	const char *path = text;
	size_t len = strlen(text);
	struct fault f = { 0 };

	assert_ok(path_canon(&path, &len, &f), &f);
	if (len != strlen(want) || memcmp(path, want, len) != 0)
		fail_msg("'%s' becomes '%.*s', not '%s'", text, (int)len, path,
		    want);
}

static void
canonical_paths_stay_as_they_are(void **state)
{
	static const char *const paths[] = { "usr", "usr/bin/su", "-", "-rf",
		".hidden", "...", "..a", "a..", "a/...", ".a/.b", " ", "\n",
		"\xff\xfe", "a\\b", "a./b" };

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		assert_canon(paths[i], paths[i]);
}

static void
leading_dots_go_away(void **state)
{
	(void)state;
	assert_canon("./usr/bin", "usr/bin");
	assert_canon("././usr", "usr");
	assert_canon(".", "");
	assert_canon("./", "");
	assert_canon("./.", "");
	assert_canon("./..a", "..a");
}

static void
what_leads_elsewhere_is_refused(void **state)
{
	static const struct {
		const char *path, *text;
	} examples[] = {
		{ "", "empty path" },
		{ "/", "absolute path" },
		{ "/usr", "absolute path" },
		{ "..", "'..' in path" },
		{ "./..", "'..' in path" },
		{ "../usr", "'..' in path" },
		{ "usr/..", "'..' in path" },
		{ "usr/../../etc", "'..' in path" },
		{ "usr/./bin", "'.' in path" },
		{ "usr/.", "'.' in path" },
		{ "usr//bin", "empty component in path" },
		{ "usr/", "empty component in path" },
		{ ".//usr", "empty component in path" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
		const char *path = examples[i].path;
		size_t len = strlen(path);
		struct fault f = { 0 };

		assert_fault(path_canon(&path, &len, &f), &f, FAULT_INPUT,
		    examples[i].text);
	}
}

static void
nul_is_refused_wherever_it_stands(void **state)
{
	static const char bytes[] = "\0ab\0cd";

	(void)state;
	for (size_t start = 0; start < 4; start++) {
		const char *path = bytes + start;
		size_t len = 6 - start;
		struct fault f = { 0 };

		assert_fault(path_canon(&path, &len, &f), &f, FAULT_INPUT,
		    "NUL in path");
	}
}

/* `len` bytes in components of `step` - 1. */
static void
make_path(char *s, size_t len, size_t step)
{
	memset(s, 'x', len);
	for (size_t i = step - 1; i < len - 1; i += step)
		s[i] = '/';
	s[len] = '\0';
}

static void
limits_are_the_longest_that_fit(void **state)
{
	char text[8192];
	const char *path = text;
	size_t len = PATH_NAME_LIMIT + 1;
	struct fault f = { 0 };

	(void)state;
	make_path(text, PATH_NAME_LIMIT, SIZE_MAX);
	assert_canon(text, text);
	make_path(text, PATH_NAME_LIMIT + 1, SIZE_MAX);
	assert_fault(path_canon(&path, &len, &f), &f, FAULT_INPUT,
	    "name of 256 bytes, at most 255 are possible");

	make_path(text, PATH_LIMIT, 200);
	assert_canon(text, text);
	make_path(text, PATH_LIMIT + 1, 200);
	path = text;
	len = PATH_LIMIT + 1;
	f = (struct fault){ 0 };
	assert_fault(path_canon(&path, &len, &f), &f, FAULT_INPUT,
	    "path of 4086 bytes, apk takes at most 4085");
}

static void
dots_in_front_do_not_count_against_the_limit(void **state)
{
	char text[8192] = "././";

	(void)state;
	make_path(text + 4, PATH_LIMIT, 100);
	assert_canon(text, text + 4);
}

static void
directory_and_name_make_up_a_path(void **state)
{
	(void)state;
	assert_int_equal(path_parent_len("usr"), 0);
	assert_int_equal(path_parent_len("usr/bin/su"), 7);
	assert_string_equal(path_base("usr"), "usr");
	assert_string_equal(path_base("usr/bin/su"), "su");
}

static void
path_is_within_itself_and_what_is_above(void **state)
{
	(void)state;
	assert_true(path_is_within("usr/bin", ""));
	assert_true(path_is_within("", ""));
	assert_true(path_is_within("usr/bin", "usr"));
	assert_true(path_is_within("usr/bin", "usr/bin"));
	assert_false(path_is_within("usr/bin", "usr/bi"));
	assert_false(path_is_within("usr/bin", "usr/bin/su"));
	assert_false(path_is_within("usr2", "usr"));
	assert_false(path_is_within("", "usr"));
}

static void
control_characters_are_those_of_ascii(void **state)
{
	char path[] = "usr/.";

	(void)state;
	assert_false(path_has_control(""));
	for (int c = 1; c < 256; c++) {
		path[4] = (char)c;
		assert_int_equal(path_has_control(path), c < 32 || c == 127);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(canonical_paths_stay_as_they_are),
		cmocka_unit_test(leading_dots_go_away),
		cmocka_unit_test(what_leads_elsewhere_is_refused),
		cmocka_unit_test(nul_is_refused_wherever_it_stands),
		cmocka_unit_test(limits_are_the_longest_that_fit),
		cmocka_unit_test(dots_in_front_do_not_count_against_the_limit),
		cmocka_unit_test(directory_and_name_make_up_a_path),
		cmocka_unit_test(path_is_within_itself_and_what_is_above),
		cmocka_unit_test(control_characters_are_those_of_ascii),
	};

	return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
