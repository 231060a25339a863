/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "test_script.h"

#include "format/script.h"

#include <string.h>

static void
a_value_is_all_of_its_word(void **state)
{
	(void)state;
	expect("a=\"1 2\"", "a=\"1 2\"|");
	expect("a='1\n2;' b=3", "a='1\n2;'|b=3|");
	expect("a=1\\ 2 b", "");
	expect("a=1\\ 2\\\n3", "a=1\\ 2\\\n3|");
	expect("a=\"1 \\\" 2\"'\"'", "a=\"1 \\\" 2\"'\"'|");
	expect("a=1#2", "a=1#2|");
	expect("a=$(echo ) ) b=1", "a=$(echo )|b=1|");
	expect("a=$(echo ')' # )\n) b=1", "a=$(echo ')' # )\n)|b=1|");
	expect("a=\"$(echo \")\")\" b=1", "a=\"$(echo \")\")\"|b=1|");
	expect("a=`echo \\` ;` b=1", "a=`echo \\` ;`|b=1|");
	expect("a=\"`echo ')\"'`\" b=1", "a=\"`echo ')\"'`\"|b=1|");
	expect("a=$((1 + (2))) b=1", "a=$((1 + (2)))|b=1|");
	expect("a=$((cat); (cat)) b=1", "a=$((cat); (cat))|b=1|");
	expect("a=${b:-c d} b=1", "a=${b:-c d}|b=1|");
	expect("a=${b:-\"}\"} b=1", "a=${b:-\"}\"}|b=1|");
	expect("a=${b:-'}'} b=1", "a=${b:-'}'}|b=1|");
	expect("a=${b:-\\}} b=1", "a=${b:-\\}}|b=1|");
	expect("a=${b:-${c:-}} b=1", "a=${b:-${c:-}}|b=1|");
	expect("a=${b#\\#} b=${#b}", "a=${b#\\#}|b=${#b}|");
	expect("a=$'it\\'s' b=1", "a=$'it\\'s'|b=1|");
	expect("a=\"$'\" b=1", "a=\"$'\"|b=1|");
	expect("a=$ b=$", "a=$|b=$|");
}

static void
a_quote_in_a_quoted_expansion_depends_on_its_sign(void **state)
{
	(void)state;
	expect("a=\"${b:-it's}\" b=1", "a=\"${b:-it's}\"|b=1|");
	expect("a=\"${b+it's}\" b=1", "a=\"${b+it's}\"|b=1|");
	expect("a=\"${@-it's}\" b=1", "a=\"${@-it's}\"|b=1|");
	expect("a=\"${b-${c-it's}}\" b=1", "a=\"${b-${c-it's}}\"|b=1|");
	expect("a=\"${b-\"it's\"}\" b=1", "a=\"${b-\"it's\"}\"|b=1|");
	expect("a=\"${b%'}'}\" b=1", "a=\"${b%'}'}\"|b=1|");
	expect("a=\"${b##'\"'}\" b=1", "a=\"${b##'\"'}\"|b=1|");
	expect("a=${b-'it}s'} b=1", "a=${b-'it}s'}|b=1|");
}

static void
a_comment_begins_only_where_a_word_could(void **state)
{
	(void)state;
	expect("a=1 # it's \"not { closed\nb=1", "a=1|b=1|");
	expect("#a=1\nb=1#c=1\n", "b=1#c=1|");
	expect("a=1;#b=1", "a=1|");
	expect("# a=1 \\\nb=1", "b=1|");
	expect("echo \\#\na=1 \\\n# b\nc=1", "a=1|c=1|");
	expect_passed_over("f() { # }\nx=1\n}");
	expect_passed_over("f() { echo a#}\nx=1; }");
}

static void
here_documents_are_no_commands(void **state)
{
	(void)state;
	expect_passed_over("cat <<EOF\nx=1\nEOF");
	expect_passed_over("cat <<-EOF\nx=1\n\t\tEOF");
	expect_passed_over("cat <<EOF\nx=1\n\tEOF\n EOF\nEOF \nx=1\nEOF");
	expect_passed_over("cat << 'EOF'\nx=1 it's\n\\\nEOF");
	expect_passed_over("cat <<\"E F\" <<\\EOF >file\nx=1\nE F\nx=1\nEOF");
	expect_passed_over("cat <<EOF | cat\nx=1\nEOF");
	expect_passed_over("cat <<EOF &&\nx=1\nEOF\nx=1");
	expect_passed_over("f() {\n\tcat <<-EOF\n\t}\n\tx=1\n\tEOF\nx=1\n}");
	expect_passed_over("echo \"$(cat <<EOF\n\")x=1\nEOF\n)\"");
	expect_passed_over("cat 3<<EOF\nx=1\nEOF");
	expect_passed_over("cat <<EOF\nx=1 \\\nEOF\nx=1\nEOF");
	expect_passed_over("cat <<EOF\nx=1 \\\\\nEOF");
	expect_passed_over("cat <<''\nx=1\n");
	/* the line in the command is none of the outer document */
	expect_passed_over("cat <<EOF $(echo\necho)\nx=1\nEOF");
	expect("a=1 <<EOF\nx=1\nEOF\n", "a=1|");
	expect("a=1\ncat <<EOF\nx=1\n", "a=1|");
	expect("a=1\ncat <<EOF\nx=1\nEOF", "a=1|");
}

static void
shifts_and_strings_are_no_here_documents(void **state)
{
	(void)state;
	expect_passed_over("cat <<<x");
	expect_passed_over("echo $((1 << 2))");
	expect_passed_over("echo '<<EOF' \\<<EOF");
	expect_passed_over("# <<EOF");
}

static void
redirections_hide_nothing(void **state)
{
	(void)state;
	expect("a=1 >b=2 c=3", "a=1|c=3|");
	expect("> a=1 b=2", "b=2|");
	expect("a=1 <>b >|c 2>&- <&3 d=1", "a=1|d=1|");
	expect_passed_over("cmd <(x=1) >(x=1) x=1");
}

static void
an_array_is_not_an_assignment(void **state)
{
	(void)state;
	expect_passed_over("x=(a b)");
	expect_passed_over("x=(\na=1\nb=1\n)");
	expect_passed_over("y=1 x+=(a)");
}

static void
what_stays_open_hides_the_rest_but_nothing_before_it(void **state)
{
	static const char *const open[] = { "'", "\"", "`", "$(", "${", "$((",
		"$'", "\"$(", "\"${x", "x=$(case a in b) ;;", "$(cat <<E" };
	static const char *const lists[] = { "(", "{ ", "if", "while :; do",
		"for i in", "case x", "case x in", "case x in y", "f() {",
		"case x in y) :" };

	(void)state;
	for (size_t i = 0; i < sizeof(open) / sizeof(*open); i++) {
		struct buf text = BUF_INIT;
		struct fault f = { 0 };

		assert_ok(buf_adds(&text, "a=1\nb=1;c=1 d=", &f), &f);
		assert_ok(buf_adds(&text, open[i], &f), &f);
		assert_ok(buf_adds(&text, "\nx=1\n", &f), &f);
		expect_bytes(text.data, text.len, "a=1|b=1|");
		buf_release(&text);
	}
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		struct buf text = BUF_INIT;
		struct fault f = { 0 };

		assert_ok(buf_adds(&text, "a=1\n", &f), &f);
		assert_ok(buf_adds(&text, lists[i], &f), &f);
		assert_ok(buf_adds(&text, "\nx=1\n", &f), &f);
		expect_bytes(text.data, text.len, "a=1|");
		buf_release(&text);
	}
	expect("a=1 b=\\", "a=1|b=\\|");
}

static void
what_closes_nothing_is_a_word(void **state)
{
	static const char *const words[] = { "}", "fi", "done", "esac", ")",
		";;", "then", "do", "in", "| :", "&", "||\n:", "<", ">",
		"<<<" };

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		expect_passed_over(words[i]);
}

static void
bytes_of_no_text_are_bytes(void **state)
{
	static const char nuls[] = "echo \0\nb=2\n\0c=3\n\0\nd=1";

	(void)state;
	expect_bytes(nuls, sizeof(nuls) - 1, "b=2|d=1|");
	expect("\xff\xfe\nb=2\n", "b=2|");
	expect("a=caf\xc3\xa9\r\nb=1\r\n", "a=caf\xc3\xa9\r|b=1\r|");
	expect("\xc3\xa9=1", "");
}

/* "a=1", the opening so many times, something, the closing as many times. */
static void
nest(struct buf *text, const char *opening, const char *closing, size_t count)
{
	struct fault f = { 0 };

	buf_reset(text);
	assert_ok(buf_adds(text, "a=1\n", &f), &f);
	for (size_t i = 0; i < count; i++)
		assert_ok(buf_adds(text, opening, &f), &f);
	assert_ok(buf_adds(text, ":", &f), &f);
	for (size_t i = 0; i < count; i++)
		assert_ok(buf_adds(text, closing, &f), &f);
	assert_ok(buf_adds(text, "\nz=1\n", &f), &f);
}

static void
nesting_is_followed_to_a_depth_and_no_further(void **state)
{
	static const struct {
		const char *opening, *closing;
		size_t levels; /* that one of them counts for */
	} nests[] = {
		{ "( ", " )", 1 },
		{ "{ ", ";}", 1 },
		{ "if ", "; then :; fi", 1 },
		{ "echo $(", ")", 1 },
		{ "\"${x-", "}\"", 1 },
		{ "$((", "))", 1 },
		{ "case x in y) ", ";; esac", 2 },
		{ "f() { ", "; }", 1 },
	};
	struct buf text = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(nests) / sizeof(*nests); i++) {
		const size_t fits = CURSOR_DEPTH / nests[i].levels;

		nest(&text, nests[i].opening, nests[i].closing, fits);
		expect_bytes(text.data, text.len, "a=1|z=1|");
		nest(&text, nests[i].opening, nests[i].closing, fits + 1);
		expect_bytes(text.data, text.len, "a=1|");
		nest(&text, nests[i].opening, nests[i].closing, 200000);
		expect_bytes(text.data, text.len, "a=1|");
	}
	buf_release(&text);
}

static void
arithmetic_may_have_parentheses_without_end(void **state)
{
	struct buf text = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	nest(&text, "", "", 0);
	assert_ok(buf_adds(&text, "b=$((", &f), &f);
	for (int i = 0; i < 100000; i++)
		assert_ok(buf_adds(&text, "(", &f), &f);
	for (int i = 0; i < 100000; i++)
		assert_ok(buf_adds(&text, ")", &f), &f);
	assert_ok(buf_adds(&text, ")) sh\nc=1", &f), &f);
	expect_bytes(text.data, text.len, "a=1|z=1|c=1|");
	buf_release(&text);
}

static void
documents_are_followed_to_a_number_and_no_further(void **state)
{
	struct buf text = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	for (unsigned n = TOKEN_DOCUMENTS; n <= TOKEN_DOCUMENTS + 1; n++) {
		buf_reset(&text);
		assert_ok(buf_adds(&text, "a=1\ncat", &f), &f);
		for (unsigned i = 0; i < n; i++)
			assert_ok(buf_adds(&text, " <<E", &f), &f);
		for (unsigned i = 0; i < n; i++)
			assert_ok(buf_adds(&text, "\nx=1\nE", &f), &f);
		assert_ok(buf_adds(&text, "\nz=1\n", &f), &f);
		expect_bytes(text.data, text.len,
		    n == TOKEN_DOCUMENTS ? "a=1|z=1|" : "a=1|");
	}
	buf_release(&text);
}

static void
large_scripts_take_no_longer_than_their_size_asks(void **state)
{
	static const char *const parts[] = { "a=1 ", "(", "'", "\"", "`", "${",
		"$((", "<<E ", "\\\n", "#", "f() { ", "\n", "case ", ";;",
		"a=${b-", "\"$(" };
	struct buf text = BUF_INIT;
	struct script s = { 0 };
	struct fault f = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		struct script_assignment a;
		int r;

		buf_reset(&text);
		while (text.len < 1024 * 1024)
			assert_ok(buf_adds(&text, parts[i], &f), &f);
		script_init(&s, text.data, text.len);
		while ((r = script_next(&s, &a, &f)) > 0)
			;
		assert_ok(r, &f);
		script_release(&s);
	}
	buf_release(&text);
}

static int
list_all(void *arg, struct fault *f)
{
	const char *text = arg;
	struct buf got = BUF_INIT;
	const int r = list(&got, text, strlen(text), f);

	buf_release(&got);
	return r;
}

static void
a_lack_of_memory_is_a_fault(void **state)
{
	char text[] = "a=1 b=2 c=3 d=4 e=5 f=6 g=7 h=8\n"
		      "f() { cat <<EOF\n$(x)\nEOF\n}\n"
		      "i=1 j=2 k=3 l=4 m=5 n=6 o=7 p=8\n";

	(void)state;
	alloc_fail_each(list_all, text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_is_all_of_its_word),
		cmocka_unit_test(
		    a_quote_in_a_quoted_expansion_depends_on_its_sign),
		cmocka_unit_test(a_comment_begins_only_where_a_word_could),
		cmocka_unit_test(here_documents_are_no_commands),
		cmocka_unit_test(shifts_and_strings_are_no_here_documents),
		cmocka_unit_test(redirections_hide_nothing),
		cmocka_unit_test(an_array_is_not_an_assignment),
		cmocka_unit_test(
		    what_stays_open_hides_the_rest_but_nothing_before_it),
		cmocka_unit_test(what_closes_nothing_is_a_word),
		cmocka_unit_test(bytes_of_no_text_are_bytes),
		cmocka_unit_test(nesting_is_followed_to_a_depth_and_no_further),
		cmocka_unit_test(arithmetic_may_have_parentheses_without_end),
		cmocka_unit_test(
		    documents_are_followed_to_a_number_and_no_further),
		cmocka_unit_test(
		    large_scripts_take_no_longer_than_their_size_asks),
		cmocka_unit_test(a_lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("script_words", tests, NULL, NULL);
}
