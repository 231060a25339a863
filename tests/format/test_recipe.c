/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "base/buf.h"
#include "format/recipe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "LINE TOOL" of each call, a "|" behind; "!" where something stays open. */
static int
list(struct buf *out, const char *bytes, size_t len, struct fault *f)
{
	/* with no byte more than is promised, for the sanitizer to see */
	char *copy = malloc(len > 0 ? len : 1);
	struct recipe r = { 0 };
	int done;

	if (copy == NULL)
		return fault_set(f, FAULT_MEMORY, "no memory for a copy");
	memcpy(copy, bytes, len);
	done = recipe_parse(&r, copy, len, f);
	for (size_t i = 0; done == 0 && i < r.count; i++)
		done = buf_addf(out, f, "%u %s|", r.calls[i].line,
		    recipe_tool_name(r.calls[i].tool));
	if (done == 0 && r.is_open)
		done = buf_adds(out, "!", f);
	recipe_release(&r);
	free(copy);
	return done;
}

static void
expect(const char *text, const char *want)
{
	struct buf got = BUF_INIT;
	struct fault f = { 0 };

	assert_ok(list(&got, text, strlen(text), &f), &f);
	if (strcmp(buf_end(&got, &f), want) != 0)
		fail_msg("in \"%s\" there is \"%s\" instead of \"%s\"", text,
		    got.data, want);
	buf_release(&got);
}

static void
a_call_stands_where_a_command_can(void **state)
{
	(void)state;
	expect("chown a b", "1 chown|");
	expect("\n\tchgrp a b\nsetcap x y\namtree -g a b",
	    "2 chgrp|3 setcap|4 amtree|");
	expect("f() {\n chown a b\n}", "2 chown|");
	expect("if chown a b; then chgrp a b; else setcap a b; fi",
	    "1 chown|1 chgrp|1 setcap|");
	expect("true && chown a b || chgrp a b", "1 chown|1 chgrp|");
	expect("x=1 y=2 chown a b >x", "1 chown|");
	expect("! chown a b | chgrp a b &", "1 chown|1 chgrp|");
	expect("(chown a b); { chgrp a b; }", "1 chown|1 chgrp|");
	expect(
	    "case x in a) chown a b;; *) chgrp a b;; esac", "1 chown|1 chgrp|");
	expect("for i in a; do chown $i; done\nwhile chgrp a; do :; done",
	    "1 chown|2 chgrp|");
	expect("/bin/chown a b;/usr/sbin/setcap x y", "1 chown|1 setcap|");
	expect("true \\\n && chown \\\n a b", "2 chown|");
}

static void
a_call_in_an_expansion_counts(void **state)
{
	(void)state;
	expect("x=$(chown a b)", "1 chown|");
	expect("\necho \"$(echo;\nchown a b)\" ${x:-$(chgrp a)}",
	    "3 chown|3 chgrp|");
	expect("chown $(chgrp $(setcap x) y) z", "1 chown|1 chgrp|1 setcap|");
	expect("chown \\\n$(\nchgrp a\n) b\nsetcap x",
	    "1 chown|3 chgrp|5 setcap|");
}

static void
what_is_no_command_is_no_call(void **state)
{
	(void)state;
	expect("# chown a b\necho chown; echo 'chown' \"chown\"", "");
	expect("x=chown; y='\nchown a\n'", "");
	expect("cat <<EOF\nchown a b\nEOF\nchown a b", "4 chown|");
	expect("cat <<-'EOF'\n\tchown a b\n\tEOF\n", "");
	expect("chown() { chgrp a b; }", "1 chgrp|");
	expect("setcap ( ) {\n\tpkgdesc=x\n}", "");
	expect("chowner a; xchown b; ./chown c; $chown d", "");
	expect("command -v chown; which chgrp; make chown", "");
	expect("for chown in chgrp setcap; do :; done", "");
	expect("case chown in chown) ;; chgrp | setcap) ;; esac", "");
	expect("export chown=a chgrp", "");
	expect("", "");
}

static void
install_counts_with_an_owner_or_a_group(void **state)
{
	static const char *const with[] = { "-o a b", "-oa b", "-Dm755 -o a",
		"-dg a", "-D -go a", "--owner=a", "--owner a", "--ow=a",
		"--group=a", "--g a", "x y -o a", "-Dpo a -m 644", "-dm755 -oa",
		"\\\n -o a" };
	static const char *const without[] = { "a b", "-Dm755 a", "-dm0755 o g",
		"-t og", "-tog", "-S -x", "--mode=o", "-m644 a-o", "-- -o a",
		"--preserve-context", "--ownership=a", "--", "-", "'-o a'" };
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(with) / sizeof(*with); i++) {
		snprintf(text, sizeof(text), "install %s", with[i]);
		expect(text, "1 install|");
	}
	for (size_t i = 0; i < sizeof(without) / sizeof(*without); i++) {
		snprintf(text, sizeof(text), "install %s; :", without[i]);
		expect(text, "");
	}
	expect("install -d x; make -o a; install -d -o a", "1 install|");
	expect("make install -o a", "");
}

static void
programs_that_run_others_are_looked_through(void **state)
{
	(void)state;
	expect("find . -exec chown a {} +", "1 chown|");
	expect("find . -execdir chown a {} \\; \\\n-ok chgrp a {} +",
	    "1 chown|2 chgrp|");
	expect("find chown -name chgrp -exec echo chown {} +", "");
	expect("find . -exec install -o a {} +", "1 install|");
	expect("find . | xargs -0 -n 1 chown a", "1 chown|");
	expect("env A=b chown a; sudo -u x chgrp y; busybox install -g a",
	    "1 chown|1 chgrp|1 install|");
	expect("xargs install -d a", "");
}

static void
a_tool_counts_once_a_line(void **state)
{
	(void)state;
	expect("chown a; chown b; chgrp c; chown d\nchown e",
	    "1 chown|1 chgrp|2 chown|");
}

static void
what_stays_open_is_said(void **state)
{
	(void)state;
	expect("chown a\necho \"", "1 chown|!");
	expect("f() {\n chown a", "2 chown|!");
	expect("if true; then chown a", "1 chown|!");
}

static void
lines_are_shown_without_blanks_around_them(void **state)
{
	static const char text[] = "\t chown a b \r\n[ x ] && chgrp b";
	char wide[400];
	struct recipe r = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_ok(recipe_parse(&r, text, strlen(text), &f), &f);
	assert_int_equal(r.count, 2);
	assert_string_equal(r.calls[0].text, "chown a b");
	assert_string_equal(r.calls[1].text, "[ x ] && chgrp b");
	recipe_release(&r);
	memset(wide, 'x', sizeof(wide));
	memcpy(wide, "chown ", 6);
	assert_ok(recipe_parse(&r, wide, sizeof(wide), &f), &f);
	assert_int_equal(r.count, 1);
	assert_int_equal(strlen(r.calls[0].text), RECIPE_TEXT_MAX);
	recipe_release(&r);
}

static void
variables_are_set_if_they_have_a_value_or_one_unknown(void **state)
{
	static const char text[] =
	    "a=x\nb=\nc=''\nd=$(true)\ne=$b\nf() { g=1; chown a; }";
	struct recipe r = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_ok(recipe_parse(&r, text, strlen(text), &f), &f);
	assert_true(recipe_sets(&r, "a"));
	assert_true(recipe_sets(&r, "d"));
	assert_false(recipe_sets(&r, "b"));
	assert_false(recipe_sets(&r, "c"));
	assert_false(recipe_sets(&r, "e"));
	assert_false(recipe_sets(&r, "g"));
	assert_true(recipe_calls(&r, RECIPE_CHOWN));
	assert_false(recipe_calls(&r, RECIPE_CHGRP));
	recipe_release(&r);
}

static int
parse_and_release(void *arg, struct fault *f)
{
	struct buf out = BUF_INIT;
	const int r = list(&out, arg, strlen(arg), f);

	buf_release(&out);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	char text[] = "pkgusers=a\nchown a\nchgrp b\nf() { setcap x; }\n"
		      "chown a\nchown a\nchown a\nchown a\ninstall -o a b\n";

	(void)state;
	alloc_fail_each(parse_and_release, text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_stands_where_a_command_can),
		cmocka_unit_test(a_call_in_an_expansion_counts),
		cmocka_unit_test(what_is_no_command_is_no_call),
		cmocka_unit_test(install_counts_with_an_owner_or_a_group),
		cmocka_unit_test(programs_that_run_others_are_looked_through),
		cmocka_unit_test(a_tool_counts_once_a_line),
		cmocka_unit_test(what_stays_open_is_said),
		cmocka_unit_test(lines_are_shown_without_blanks_around_them),
		cmocka_unit_test(
		    variables_are_set_if_they_have_a_value_or_one_unknown),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("recipe", tests, NULL, NULL);
}
