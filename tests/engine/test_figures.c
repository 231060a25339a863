/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "base/buf.h"
#include "engine/census.h"
#include "engine/figures.h"

#include <string.h>

static struct census_account accounts[] = {
	{ "a b", false, false, 3 },
	{ "7", false, true, 1 },
	{ "mail", true, false, 2 },
	{ "8", true, true, 4 },
};

static const struct census packages = {
	.packages = 10,
	.broken = 1,
	.entries = 99,
	.special = 5,
	.user = 4,
	.group = 3,
	.both = 2,
	.setid = 6,
	.caps = 7,
	.device = 8,
	.number = 9,
	.findings = { [FINDINGS_CORRUPT] = 1 },
	.accounts = accounts,
	.account_count = 4,
	.more_accounts = 11,
};

static const struct census recipes = {
	.recipes = { .read = 12,
	    .broken = 1,
	    .pkgusers = 2,
	    .pkggroups = 3,
	    .both = 4,
	    .chown = 5,
	    .install = 6,
	    .setcap = 7,
	    .any = 8,
	    .undeclared = 9,
	    .amtree = 10 },
};

static void
expect(int (*add)(struct buf *text, const struct census *c, struct fault *f),
    const struct census *c, const char *want)
{
	struct buf text = BUF_INIT;
	struct fault f = { 0 };

	assert_ok(add(&text, c, &f), &f);
	assert_string_equal(buf_end(&text, &f), want);
	buf_release(&text);
}

static void
packages_have_a_line_for_each_figure(void **state)
{
	(void)state;
	expect(figures_add_text, &packages,
	    "      10 packages\n"
	    "       1 that are broken\n"
	    "      99 entries in all of them\n"
	    "       5 with anything that is not plain root:root\n"
	    "       4 with a user other than root\n"
	    "       3 with a group other than root\n"
	    "       2 with both\n"
	    "       6 with set-id bits\n"
	    "       7 with capabilities\n"
	    "       8 with devices\n"
	    "       9 with an owner that is a number without a name\n"
	    "       3 with user a\\040b\n"
	    "       1 with uid 7\n"
	    "       2 with group mail\n"
	    "       4 with gid 8\n"
	    "      11 times another account\n"
	    "       1 corrupt: corrupt\n");
}

static void
recipes_alone_are_shown_alone(void **state)
{
	(void)state;
	expect(figures_add_text, &recipes,
	    "      12 recipes\n"
	    "       1 that are broken\n"
	    "       2 with pkgusers\n"
	    "       3 with pkggroups\n"
	    "       4 with both\n"
	    "       5 that call chown or chgrp\n"
	    "       6 that call install with -o or -g\n"
	    "       7 that call setcap\n"
	    "       8 with any of these\n"
	    "       9 of them with neither pkgusers nor pkggroups\n"
	    "      10 that call amtree\n");
}

static void
nothing_has_figures_too(void **state)
{
	const struct census nothing = { 0 };
	struct buf text = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(figures_add_text(&text, &nothing, &f), &f);
	assert_int_equal(
	    strncmp(buf_end(&text, &f), "       0 packages\n", 18), 0);
	buf_release(&text);
}

static void
json_has_all_figures(void **state)
{
	(void)state;
	expect(figures_add_json, &packages,
	    "{\"packages\":10,\"broken\":1,\"entries\":99,\"special\":5,"
	    "\"user\":4,\"group\":3,\"both\":2,\"setid\":6,\"caps\":7,"
	    "\"device\":8,\"number\":9,\"recipes\":{\"read\":0,\"broken\":0,"
	    "\"pkgusers\":0,\"pkggroups\":0,\"both\":0,\"chown\":0,"
	    "\"install\":0,\"setcap\":0,\"any\":0,\"undeclared\":0,"
	    "\"amtree\":0},\"users\":{\"a b\":3},\"groups\":{\"mail\":2},"
	    "\"uids\":{\"7\":1},\"gids\":{\"8\":4},\"more_accounts\":11,"
	    "\"findings\":{\"corrupt\":1}}\n");
	expect(figures_add_json, &recipes,
	    "{\"packages\":0,\"broken\":0,\"entries\":0,\"special\":0,"
	    "\"user\":0,\"group\":0,\"both\":0,\"setid\":0,\"caps\":0,"
	    "\"device\":0,\"number\":0,\"recipes\":{\"read\":12,\"broken\":1,"
	    "\"pkgusers\":2,\"pkggroups\":3,\"both\":4,\"chown\":5,"
	    "\"install\":6,\"setcap\":7,\"any\":8,\"undeclared\":9,"
	    "\"amtree\":10},\"users\":{},\"groups\":{},\"uids\":{},"
	    "\"gids\":{},\"more_accounts\":0,\"findings\":{}}\n");
}

static int
add_both(struct buf *text, struct fault *f)
{
	return figures_add_text(text, &packages, f) < 0
	    ? -1
	    : figures_add_json(text, &packages, f);
}

static void
lack_of_memory_is_a_fault(void **state)
{
	(void)state;
	alloc_fail_each_text(add_both);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packages_have_a_line_for_each_figure),
		cmocka_unit_test(recipes_alone_are_shown_alone),
		cmocka_unit_test(nothing_has_figures_too),
		cmocka_unit_test(json_has_all_figures),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("figures", tests, NULL, NULL);
}
