/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_script.h"

#include "format/script.h"

static void
an_assignment_stands_where_a_command_could(void **state)
{
	(void)state;
	expect("a=1", "a=1|");
	expect("a=1\n", "a=1|");
	expect("\n\n \ta=1 \n", "a=1|");
	expect("a=1;b=2;", "a=1|b=2|");
	expect("a=1 b=2\tc=\n", "a=1|b=2|c=|");
	expect("_x=1 X9_=2", "_x=1|X9_=2|");
	expect("a+=1", "a+=1|");
	expect("a==b=c", "a==b=c|");
	expect("a=1 >/dev/null 2>&1 b=2", "a=1|b=2|");
	expect("! a=1", "a=1|");
	expect("true\na=1", "a=1|");
	expect("true; a=1", "a=1|");
	expect("sleep 1 & a=1", "a=1|");
	expect("", "");
	expect("\n", "");
}

static void
what_is_no_name_is_not_assigned_to(void **state)
{
	(void)state;
	expect_passed_over("9a=1");
	expect_passed_over("=1");
	expect_passed_over("+=1");
	expect_passed_over("a-b=1");
	expect_passed_over("a[0]=1");
	expect_passed_over("$x=1");
	expect_passed_over("\"x\"=1");
	expect_passed_over("\\x=1");
	expect_passed_over("x =1");
	expect_passed_over("x+1=1");
	expect_passed_over("x+");
	expect_passed_over("x");
}

static void
an_argument_is_not_assigned(void **state)
{
	(void)state;
	expect_passed_over("echo x=1");
	expect_passed_over("env x=1 y=2 true");
	expect_passed_over(">file echo x=1");
	expect_passed_over("echo \\\n x=1");
	expect_passed_over("echo x=1 \\\n\ty=1");
	expect_passed_over("\"\" x=1");
}

static void
an_assignment_for_one_command_does_not_count(void **state)
{
	(void)state;
	expect_passed_over("x=1 make");
	expect_passed_over("x=1 y=2 make all");
	expect_passed_over("x=1 2>/dev/null make");
	expect_passed_over("x=1 >2 make");
	expect("x=1 2 >/dev/null\ny=1", "y=1|");
	expect_passed_over("x=1 $make");
	expect_passed_over("x=1 ''");
}

static void
export_and_readonly_assign(void **state)
{
	(void)state;
	expect("export a=1 b c=2", "a=1|c=2|");
	expect("readonly a=1", "a=1|");
	expect("a=1 export b=2", "a=1|b=2|");
	expect("export -n a", "");
	expect("export a=1 && export b=1", "a=1|");
	expect("exports a=1", "");
	expect("'export' a=1", "");
}

static void
what_a_condition_guards_does_not_count(void **state)
{
	(void)state;
	expect_passed_over("[ -n \"$x\" ] && x=1");
	expect_passed_over("[ -n \"$x\" ] || x=1 y=2");
	expect_passed_over("[ -n \"$x\" ] && x=1 || y=1");
	expect_passed_over("true &&\n\tx=1");
	expect_passed_over("true || # why\n\n # not\n x=1");
	expect_passed_over("true &&\\\nx=1");
	expect_passed_over("if true; then :; fi && x=1");
	expect_passed_over("true && if true; then :; fi || x=1");
	expect_passed_over("true && $(:;:) && x=1");
	/* but the condition itself is always made */
	expect("a=1 && b=2; c=3", "a=1|c=3|");
	expect("true && b=2\nc=3", "c=3|");
	expect("a=1 || exit", "a=1|");
}

static void
what_another_process_assigns_does_not_count(void **state)
{
	(void)state;
	expect_passed_over("x=1 | cat");
	expect_passed_over("true | x=1");
	expect_passed_over("true |\nx=1");
	expect_passed_over("x=1 &");
	expect_passed_over("x=1 & :");
	expect_passed_over("(x=1)");
	expect_passed_over("(\nx=1\n)");
	expect_passed_over("( (x=1); x=2 )");
	expect_passed_over("(x=1) >file");
	expect_passed_over("echo $(x=1)");
}

static void
what_compound_commands_assign_does_not_count(void **state)
{
	(void)state;
	expect_passed_over(
	    "if x=1; then x=2; elif x=3; then x=4; else x=5; fi");
	expect_passed_over("if true\nthen\n\tx=1\nelse\n\tx=2\nfi");
	expect_passed_over("while x=1; do x=2; done");
	expect_passed_over("until x=1; do x=2; done <file");
	expect_passed_over("for x in a=1 b=2; do x=1; done");
	expect_passed_over("for x\nin a b\ndo\nx=1\ndone");
	expect_passed_over("for x do x=1; done");
	expect_passed_over("for x in do done; do x=1; done");
	expect_passed_over("{ x=1; }");
	expect_passed_over("{\nx=1\n}");
	expect_passed_over("if true; then { x=1; }; fi; { x=1; }");
	expect_passed_over("if\\\n true; then\\\nx=1; fi");
	expect_passed_over("if if true; then x=1; fi; then x=1; fi");
}

static void
what_a_case_assigns_does_not_count(void **state)
{
	(void)state;
	expect_passed_over("case $x in a) x=1;; esac");
	expect_passed_over(
	    "case $x in\na | b) x=1 ;;\n(c) x=1\n;;\n*) x=1\nesac");
	expect_passed_over("case x in esac");
	expect_passed_over("case in in in) x=1;; (esac) x=1;; esac");
	expect_passed_over("case $x\nin a);; b) ;; *) x=1; esac");
	expect_passed_over(
	    "case \"$(case a in b) c;; esac)\" in d) x=1;; esac");
	expect_passed_over("case x in # in )\na) # ;; esac\nx=1;; esac");
	expect_passed_over("case x in ')') x=1;; \\)) x=1;; esac");
	expect_passed_over(
	    "case x in a) case y in b) x=1;; esac;; c) x=1;; esac");
	expect_passed_over("case x in if) x=1;; fi) echo esac;; esac");
}

static void
what_a_function_assigns_does_not_count(void **state)
{
	(void)state;
	expect_passed_over("build() { x=1; }");
	expect_passed_over("build() {\n\tx=1\n}");
	expect_passed_over("build()\n{\n\tx=1\n}");
	expect_passed_over("build ( ) { x=1; }");
	expect_passed_over("build() ( x=1 )");
	expect_passed_over("build() (\n\tx=1\n)");
	expect_passed_over("build() if true; then x=1; fi");
	expect_passed_over("build() case x in y) x=1;; esac");
	expect_passed_over("build() x=1");
	expect_passed_over("build() { x=1; } 2>/dev/null");
	expect_passed_over("function build { x=1; }");
	expect_passed_over("function build {\n\tx=1\n}");
	expect_passed_over("function build() {\n\tx=1\n}");
	expect_passed_over("a() { b() { x=1; }; x=1; }");
}

static void
braces_and_reserved_words_mean_themselves_elsewhere(void **state)
{
	(void)state;
	expect_passed_over("f() { echo }; echo }\nx=1; }");
	expect_passed_over("f() { echo \"}\"\nx=1; }");
	expect_passed_over("f() { echo '}'\nx=1; }");
	expect_passed_over("f() { echo '{'; }");
	expect_passed_over("f() { \"}\"\nx=1; }");
	expect_passed_over("f() { \\}\nx=1; }");
	expect_passed_over("f() { a}; }");
	expect_passed_over("f() { ${x#\\}}; ${x%\"}\"}\nx=1; }");
	expect_passed_over("f() { x=1 }\nx=1; }");
	expect_passed_over("echo if then { case for");
	expect_passed_over("{a,b}");
	expect_passed_over("x=1 if");
	expect_passed_over("if true; then echo fi\nx=1; fi");
	expect_passed_over("'if' true");
	expect_passed_over("ifs; fi");
}

static void
lines_are_counted_from_one_through_all_that_has_lines(void **state)
{
	static const char text[] = "a=1\n"
				   "b='\n\n' c=$(\n)\n"
				   "f() {\n\tcat <<EOF\n\nEOF\n}\n"
				   "# d=1\n"
				   "d=1 \\\n"
				   "e=1\n";
	static const unsigned want[] = { 1, 2, 4, 12, 13 };
	struct script_assignment a;
	struct script s = { 0 };
	struct fault f = { 0 };

	(void)state;
	script_init(&s, text, sizeof(text) - 1);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(script_next(&s, &a, &f), 1);
		assert_int_equal(a.name.s[0], 'a' + (int)i);
		assert_int_equal(a.line, want[i]);
	}
	assert_int_equal(script_next(&s, &a, &f), 0);
	script_release(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_assignment_stands_where_a_command_could),
		cmocka_unit_test(what_is_no_name_is_not_assigned_to),
		cmocka_unit_test(an_argument_is_not_assigned),
		cmocka_unit_test(an_assignment_for_one_command_does_not_count),
		cmocka_unit_test(export_and_readonly_assign),
		cmocka_unit_test(what_a_condition_guards_does_not_count),
		cmocka_unit_test(what_another_process_assigns_does_not_count),
		cmocka_unit_test(what_compound_commands_assign_does_not_count),
		cmocka_unit_test(what_a_case_assigns_does_not_count),
		cmocka_unit_test(what_a_function_assigns_does_not_count),
		cmocka_unit_test(
		    braces_and_reserved_words_mean_themselves_elsewhere),
		cmocka_unit_test(
		    lines_are_counted_from_one_through_all_that_has_lines),
	};

	return cmocka_run_group_tests_name("script", tests, NULL, NULL);
}
