/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "format/mode.h"

#include <stdio.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

struct example {
	const char *text;
	unsigned before, umask, after;
};

static void
assert_changes(const struct example *e, enum mode_kind kind)
{
	const struct mode_target target = {
		.mode = e->before,
		.umask = e->umask,
		.kind = kind,
	};
	struct mode_change change;
	struct fault f = { 0 };
	unsigned after;

	if (mode_parse(&change, e->text, strlen(e->text), &f) < 0)
		fail_msg("%s", f.text);
	after = mode_apply(&change, &target);
	if (after != e->after)
		fail_msg("'%s' makes %04o of %04o (umask %03o), not %04o",
		    e->text, after, e->before, e->umask, e->after);
}

static void
octal_is_exact_for_files_and_directories(void **state)
{
	static const struct example examples[] = {
		{ "0", 07777, 0, 0 },
		{ "755", 06777, 077, 0755 },
		{ "00755", 06777, 0, 0755 },
		{ "0000000000004711", 0, 0, 04711 },
		{ "7777", 0, 0777, 07777 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(examples); i++) {
		assert_changes(&examples[i], MODE_FILE);
		assert_changes(&examples[i], MODE_DIRECTORY);
	}
}

static void
symbolic_modes_do_what_chmod_does(void **state)
{
	static const struct example examples[] = {
		{ "u=rw,go=r", 07777, 0, 0644 },
		{ "g-w+x", 0664, 0, 0654 },
		{ "u=rw+s", 0755, 0, 04655 },
		{ "a=", 07777, 0, 0 },
		{ "u=", 07777, 0, 03077 },
		{ "g=u-w", 0750, 0, 0750 },
		{ "go=u", 0640, 0, 0666 },
		{ "o+g", 0070, 0, 0077 },
		{ "u-o", 0705, 0, 0205 },
		{ "ug=rwX", 0644, 0, 0664 },
		{ "ug=rwX", 0645, 0, 0775 },
		{ "u=x,g=X", 0, 0, 0110 },
		{ "a-x,a+X", 0777, 0, 0666 },
		{ "u+", 0644, 0, 0644 },
		{ "u++-=r", 0700, 0, 0400 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(examples); i++)
		assert_changes(&examples[i], MODE_FILE);
}

static void
s_and_t_count_only_for_their_classes(void **state)
{
	static const struct example examples[] = {
		{ "u+s", 0, 0, 04000 },
		{ "g+s", 0, 0, 02000 },
		{ "o+s", 0, 0, 0 },
		{ "o+t", 0, 0, 01000 },
		{ "ug+t", 0, 0, 0 },
		{ "a+st", 0, 0, 07000 },
		{ "+st", 0, 0777, 07000 },
		{ "-t", 07000, 0777, 06000 },
		{ "g-s", 07000, 0, 05000 },
		{ "o=rx", 01777, 0, 0775 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(examples); i++)
		assert_changes(&examples[i], MODE_FILE);
}

static void
umask_counts_where_nobody_is_named(void **state)
{
	static const struct example examples[] = {
		{ "+w", 0444, 022, 0644 },
		{ "a+w", 0444, 022, 0666 },
		{ "-w", 0666, 022, 0466 },
		{ "=rw", 0777, 022, 0644 },
		{ "=", 07777, 0777, 0 },
		{ "=u", 0700, 027, 0750 },
		{ "+X", 0644, 022, 0644 },
		{ "+X", 0744, 07, 0754 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(examples); i++)
		assert_changes(&examples[i], MODE_FILE);
}

static void
directories_keep_set_ids_unless_named(void **state)
{
	static const struct example examples[] = {
		{ "u=rwx,go=rx", 06777, 0, 06755 },
		{ "a=", 07777, 0, 06000 },
		{ "=", 07777, 0, 06000 },
		{ "u=rwxs", 06700, 0, 06700 },
		{ "u=s", 02700, 0, 06000 },
		{ "g-s", 06755, 0, 04755 },
		{ "a-s", 06755, 0, 0755 },
		{ "o=s", 06755, 0, 06750 },
		{ "g=u", 04710, 0, 04770 },
		{ "=rwx", 02000, 022, 02755 },
		{ "a+X", 0644, 0, 0755 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(examples); i++)
		assert_changes(&examples[i], MODE_DIRECTORY);
}

static void
octal_after_an_operator_names_every_bit(void **state)
{
	static const struct example examples[] = {
		{ "+4000", 0755, 0777, 04755 },
		{ "-6000", 06755, 0777, 0755 },
		{ "=755", 06777, 077, 0755 },
		{ "=0", 07777, 0, 0 },
		{ "u=rwx,+2000", 0, 0, 02700 },
		{ "+x=755", 06000, 0, 0755 },
		{ "+755,u-w", 0, 0, 0555 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(examples); i++) {
		assert_changes(&examples[i], MODE_FILE);
		assert_changes(&examples[i], MODE_DIRECTORY);
	}
}

static void
file_type_is_left_out(void **state)
{
	static const struct example regular = { "u+x", 0100644, 0, 0744 };

	(void)state;
	assert_changes(&regular, MODE_FILE);
}

static void
empty_change_changes_nothing(void **state)
{
	const struct mode_change change = { 0 };
	const struct mode_target target = { .mode = 06755 };

	(void)state;
	assert_int_equal(mode_apply(&change, &target), 06755);
}

static void
invalid_modes_are_explained(void **state)
{
	static const char no_operator[] = "expected u, g, o, a or =, +, -";
	static const char no_permission[] =
	    "expected r, w, x, X, s, t or a copy of one of u, g, o";
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "", no_operator },
		{ "u", no_operator },
		{ "rw", no_operator },
		{ ",", no_operator },
		{ "u+r,", no_operator },
		{ ",u+r", no_operator },
		{ "u+z", no_permission },
		{ "u=a", no_permission },
		{ "u+ug", no_permission },
		{ "u+rug", no_permission },
		{ "u+r ", no_permission },
		{ "+755x", no_permission },
		{ "9", "the number is not octal" },
		{ "758", "the number is not octal" },
		{ "10000", "the number is over 7777" },
		{ "=77777777777777777777", "the number is over 7777" },
		{ "755,u+r", "only digits may follow a digit" },
		{ "755 ", "only digits may follow a digit" },
		{ "a+755", "a number cannot follow u, g, o or a" },
		{ "+755-1", "a number must end its clause" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct mode_change change;
		struct fault f = { 0 };
		char want[128];

		snprintf(want, sizeof(want), "invalid mode '%s': %s",
		    cases[i].text, cases[i].why);
		assert_fault(mode_parse(&change, cases[i].text,
				 strlen(cases[i].text), &f),
		    &f, FAULT_INPUT, want);
	}
}

static void
text_is_bounded(void **state)
{
	static char text[MODE_TEXT_MAX + 1];
	struct mode_change change;
	struct fault nul = { 0 }, many = { 0 }, large = { 0 }, f = { 0 };

	(void)state;
	assert_ok(mode_parse(&change, "u+rz", 3, &f), &f);
	assert_int_equal(mode_parse(&change, "u+r\0", 4, &nul), -1);
	memset(text, '0', sizeof(text));
	assert_ok(mode_parse(&change, text, MODE_TEXT_MAX, &f), &f);
	assert_fault(mode_parse(&change, text, sizeof(text), &large), &large,
	    FAULT_INPUT, "mode is longer than 4096 bytes");
	memset(text, '+', sizeof(text));
	assert_ok(mode_parse(&change, text, MODE_STEPS_MAX, &f), &f);
	assert_int_equal(
	    mode_parse(&change, text, MODE_STEPS_MAX + 1, &many), -1);
	assert_non_null(strstr(many.text, "too many operations"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(octal_is_exact_for_files_and_directories),
		cmocka_unit_test(symbolic_modes_do_what_chmod_does),
		cmocka_unit_test(s_and_t_count_only_for_their_classes),
		cmocka_unit_test(umask_counts_where_nobody_is_named),
		cmocka_unit_test(directories_keep_set_ids_unless_named),
		cmocka_unit_test(octal_after_an_operator_names_every_bit),
		cmocka_unit_test(file_type_is_left_out),
		cmocka_unit_test(empty_change_changes_nothing),
		cmocka_unit_test(invalid_modes_are_explained),
		cmocka_unit_test(text_is_bounded),
	};

	return cmocka_run_group_tests_name("mode", tests, NULL, NULL);
}
