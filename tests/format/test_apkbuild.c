/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_apkbuild.h"
#include "../alloc.h"

#include "base/buf.h"
#include "format/apkbuild.h"

#include <string.h>

static const char recipe[] =
    "# Contributor: Somebody <somebody@example.org>\n"
    "pkgname=foo\n"
    "_user=food\n"
    "pkgver=1.2_rc3\n"
    "_pkgver=${pkgver%_rc*}\n"
    "pkgrel=0\n"
    "pkgdesc='A \"foo\" that doesn'\\''t bar'\n"
    "url=\"https://example.org/?a=b&c=(d)\"\n"
    "arch=\"all !s390x\" # it's too big there\n"
    "license=\"MIT\"\n"
    "makedepends=\"\n"
    "\tcmake\n"
    "\tzlib-dev\n"
    "\t\"\n"
    "pkgusers=\"$_user ${pkgname}-log\"\n"
    "pkggroups=\"$pkgusers\n"
    "\twww-data\"\n"
    "install=$pkgname.pre-install\n"
    "subpackages=\"$pkgname-doc $pkgname-openrc:openrc:noarch\"\n"
    "source=\"$pkgname-$pkgver.tar.gz::$url/v$pkgver.tar.gz\n"
    "\t$pkgname.initd\n"
    "\t\"\n"
    "builddir=\"$srcdir/$pkgname-$pkgver\"\n"
    "case \"$CARCH\" in\n"
    "x86*) makedepends=\"$makedepends nasm\"; pkgusers=nobody;;\n"
    "*) options=\"!check\";;\n"
    "esac\n"
    "if [ -z \"$BOOTSTRAP\" ]; then\n"
    "\tpkgusers=nobody\n"
    "fi\n"
    "[ \"$CARCH\" = x86 ] && pkgusers=nobody\n"
    "for _i in a b; do pkgusers=\"$_i\"; done\n"
    "build() {\n"
    "\tlocal i; for i in 1 2; do echo \"}\"; done\n"
    "\tcat >config <<-EOF\n"
    "\t}\n"
    "\tpkgusers=nobody\n"
    "\tEOF\n"
    "\tpkgusers=nobody\n"
    "}\n"
    "package() (\n"
    "\tpkgusers=nobody\n"
    ")\n"
    "sha512sums=\"\n"
    "0123456789abcdef  foo-1.2_rc3.tar.gz\n"
    "\"\n";

static void
a_recipe_says_who_it_is_and_what_it_needs(void **state)
{
	struct apkbuild a;

	(void)state;
	parse(&a, recipe, sizeof(recipe) - 1);
	expect_known(&a, "pkgname", "foo");
	expect_known(&a, "pkgdesc", "A \"foo\" that doesn't bar");
	expect_known(&a, "url", "https://example.org/?a=b&c=(d)");
	expect_known(&a, "arch", "all !s390x");
	expect_known(&a, "makedepends", "\n\tcmake\n\tzlib-dev\n\t");
	expect_known(&a, "pkgusers", "food foo-log");
	expect_known(&a, "pkggroups", "food foo-log\n\twww-data");
	expect_known(&a, "install", "foo.pre-install");
	expect_known(&a, "subpackages", "foo-doc foo-openrc:openrc:noarch");
	expect_known(&a, "source",
	    "foo-1.2_rc3.tar.gz::https://example.org/?a=b&c=(d)/"
	    "v1.2_rc3.tar.gz\n\tfoo.initd\n\t");
	expect_known(
	    &a, "sha512sums", "\n0123456789abcdef  foo-1.2_rc3.tar.gz\n");
	expect_unknown(&a, "_pkgver");
	expect_unknown(&a, "builddir");
	assert_null(apkbuild_find(&a, "options"));
	assert_null(apkbuild_find(&a, "_i"));
	assert_null(apkbuild_find(&a, "pkguser"));
	assert_null(apkbuild_find(&a, ""));
	apkbuild_release(&a);
}

static void
variables_stand_in_order_with_their_last_line(void **state)
{
	static const char text[] = "b=1\na=1\n\nb=2\nc=\"\n\"\na=$(x)\n";
	static const char *const names[] = { "b", "a", "c" };
	static const unsigned lines[] = { 4, 7, 5 };
	struct apkbuild a;

	(void)state;
	parse(&a, text, sizeof(text) - 1);
	assert_int_equal(a.count, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(a.variables[i].name, names[i]);
		assert_int_equal(a.variables[i].line, lines[i]);
		assert_ptr_equal(apkbuild_find(&a, names[i]), &a.variables[i]);
	}
	expect_known(&a, "b", "2");
	expect_unknown(&a, "a");
	apkbuild_release(&a);
}

static void
quotes_are_taken_off_as_a_shell_does(void **state)
{
	(void)state;
	expect("v=", "");
	expect("v=''", "");
	expect("v=\"\"", "");
	expect("v=a'b c'\"d e\"f", "ab cd ef");
	expect("v='a\\b$x`y`\"z'", "a\\b$x`y`\"z");
	expect("v=\"a'b\"", "a'b");
	expect("v=\"a\nb\tc\"", "a\nb\tc");
	expect("v=*?[a]{b,c}!#%", "*?[a]{b,c}!#%");
}

static void
backslashes_are_taken_off_as_a_shell_does(void **state)
{
	(void)state;
	expect("v=a\\ b\\;\\\"\\'\\$x\\\\", "a b;\"'$x\\");
	expect(
	    "v=\"\\$x \\` \\\" \\\\ \\a \\n \\'\"", "$x ` \" \\ \\a \\n \\'");
	expect("v=a\\\nb", "ab");
	expect("v=\"a\\\nb\"", "ab");
	expect("v='a\\\nb'", "a\\\nb");
	expect("v=\\", NULL);
}

static void
variables_that_were_assigned_before_are_known(void **state)
{
	(void)state;
	expect("a=1\nv=$a", "1");
	expect("a=1\nv=${a}2$a.$a-$a",
	    "12"
	    "1.1-1");
	expect("a=1 v=$a", "1");
	expect("a='x  y'\nv=$a\"$a\"", "x  yx  y");
	expect("a='$b' b=1\nv=$a", "$b");
	expect("v=1\nv=$v$v", "11");
	expect("a=1\nv='$a'\\$a", "$a$a");
	expect("a=1 a_=2 a1=3\nv=$a_$a1$a", "231");
	expect("a=\nv=$a", "");
}

static void
dollars_that_begin_nothing_are_dollars(void **state)
{
	(void)state;
	expect("v=$", "$");
	expect("v=a$/$.$%", "a$/$.$%");
	expect("v=\"$\"", "$");
	expect("v=\"$ $'a'$\"", "$ $'a'$");
}

static void
what_needs_a_shell_to_be_known_is_unknown(void **state)
{
	static const char *const values[] = { "$(echo a)", "`echo a`",
		"\"x $(echo a)\"", "\"`echo`\"", "$((1))", "${a-x}", "${a:-x}",
		"${a%-*}", "${a##*.}", "${a/x/y}", "${#a}", "${a:1}", "$1",
		"${1}", "$@", "\"$*\"", "$#", "$?", "$$", "$!", "$-", "$0",
		"${}", "$'x'", "$\"x\"", "$unheard", "${unheard}x", "~", "~/x",
		"~root", "x:~", "\\\n~", "x:\\\n\\\n~", "$a\\\nb", "$\\\na",
		"${a\\\n}" };

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		struct buf text = BUF_INIT;
		struct fault f = { 0 };

		assert_ok(buf_addf(&text, &f, "a=1\nv=%s", values[i]), &f);
		expect(buf_end(&text, &f), NULL);
		buf_release(&text);
	}
	expect("v=a~\\~\"~\"'~'", "a~~~~");
	expect("v=\"a:~\"", "a:~");
}

static void
what_is_made_of_an_unknown_variable_is_unknown(void **state)
{
	(void)state;
	expect("a=$(x)\nv=\"b $a c\"", NULL);
	expect("v=1\nv=$(x)", NULL);
	expect("v=1\nv=\"$unheard$v\"\nv+=1", NULL);
	expect("v=$later\nlater=1", NULL);
	/* until it is assigned anew */
	expect("a=$(x)\na=1\nv=$a", "1");
	expect("v=$(x)\nv=1", "1");
}

static void
appending_keeps_what_was_there(void **state)
{
	(void)state;
	expect("v=a\nv+=\" b\"\nv+=c", "a bc");
	expect("v=a\nv+=$v", "aa");
	expect("v+=a", NULL);
	expect("v=$(x)\nv+=a", NULL);
	expect("v=a\nv+=$(x)", NULL);
	expect("v=a\nv+=~", NULL);
}

static void
a_nul_in_a_value_makes_it_unknown(void **state)
{
	static const char text[] = "v=a\0b\nw='\0'\nx=1\n";
	struct apkbuild a;

	(void)state;
	parse(&a, text, sizeof(text) - 1);
	expect_unknown(&a, "v");
	expect_unknown(&a, "w");
	expect_known(&a, "x", "1");
	apkbuild_release(&a);
}

static int
parse_all(void *arg, struct fault *f)
{
	struct apkbuild a = { 0 };
	const char *text = arg;
	const int r = apkbuild_parse(&a, text, strlen(text), f);

	apkbuild_release(&a);
	return r;
}

static void
a_lack_of_memory_is_a_fault(void **state)
{
	struct buf text = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(buf_adds(&text, recipe, &f), &f);
	/* enough for all of its memory to grow */
	for (int i = 0; i < 100; i++)
		assert_ok(buf_addf(&text, &f, "v%d='%0200d'\n", i, i), &f);
	assert_ok(buf_adds(&text, "w=$v1 x=$v2$v3\nw+=$x", &f), &f);
	assert_non_null(buf_end(&text, &f));
	alloc_fail_each(parse_all, text.data);
	buf_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_recipe_says_who_it_is_and_what_it_needs),
		cmocka_unit_test(variables_stand_in_order_with_their_last_line),
		cmocka_unit_test(quotes_are_taken_off_as_a_shell_does),
		cmocka_unit_test(backslashes_are_taken_off_as_a_shell_does),
		cmocka_unit_test(variables_that_were_assigned_before_are_known),
		cmocka_unit_test(dollars_that_begin_nothing_are_dollars),
		cmocka_unit_test(what_needs_a_shell_to_be_known_is_unknown),
		cmocka_unit_test(
		    what_is_made_of_an_unknown_variable_is_unknown),
		cmocka_unit_test(appending_keeps_what_was_there),
		cmocka_unit_test(a_nul_in_a_value_makes_it_unknown),
		cmocka_unit_test(a_lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("apkbuild", tests, NULL, NULL);
}
