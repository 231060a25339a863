/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "../tests.h"

#include "base/buf.h"
#include "format/deed.h"
#include "format/word.h"

#include <string.h>

/* The deed of a command line of these bytes. */
static void
expect_deed(const char *args, size_t len, const char *want)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	assert_ok(deed_add(&b, "fchownat", args, len, &f), &f);
	assert_ok(deed_check(b.data, b.len, &f), &f);
	assert_non_null(buf_end(&b, &f));
	assert_string_equal(b.data, want);
	buf_release(&b);
}

#define expect(args, want) expect_deed(args, sizeof(args), want)

static void
a_deed_is_a_call_and_a_command_as_one_would_type_it(void **state)
{
	(void)state;
	expect("chown\0-R\0www:www\0pkg/foo/var",
	    "fchownat:chown -R www:www pkg/foo/var");
	expect("sh\0-c\0chown 'www' a b",
	    "fchownat:sh -c 'chown '\\''www'\\'' a b'");
	expect("chown\0www\0", "fchownat:chown www ''");
	expect("", "fchownat:''");
	expect_deed("chown\0ww", 8, "fchownat:chown ww");
	expect_deed("", 0, "fchownat:''");
	expect("sh\0-c\0a\nb\n\n", "fchownat:sh -c \"$(printf 'a\\012b')\"");
}

static void
no_byte_of_it_can_harm_a_terminal(void **state)
{
	static const char args[] = "\033[31mchown\0\xff\x80\0\xc3\xa9\n";
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(deed_add(&b, "chown", args, sizeof(args), &f), &f);
	for (size_t i = 0; i < b.len; i++)
		assert_true(
		    (unsigned char)b.data[i] >= ' ' && b.data[i] != 0x7f);
	assert_non_null(buf_end(&b, &f));
	if (strstr(b.data, "\\033") == NULL)
		fail_msg("nothing is left of it in '%s'", b.data);
	buf_release(&b);
}

static void
a_long_command_line_is_cut_between_characters(void **state)
{
	char args[2 * DEED_COMMAND_MAX];
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	for (size_t len = DEED_COMMAND_MAX - 9; len < sizeof(args); len++) {
		/* of two bytes each, but for the first */
		for (size_t i = 0; i < len; i++)
			args[i] = i == 0 ? 'x' : i % 2 != 0 ? '\xc3' : '\xa9';
		buf_reset(&b);
		assert_ok(
		    deed_add(&b, "chown", args, len - (len + 1) % 2, &f), &f);
		assert_ok(deed_check(b.data, b.len, &f), &f);
		assert_true(b.len <= DEED_MAX);
		assert_non_null(buf_end(&b, &f));
		/* it stands between quotes */
		if (len - (len + 1) % 2 + 2 > DEED_COMMAND_MAX) {
			assert_string_equal(b.data + b.len - 3, "...");
			assert_int_equal(
			    (unsigned char)b.data[b.len - 4], 0xa9);
		} else {
			assert_null(strstr(b.data, "..."));
		}
	}
	buf_release(&b);
}

static void
a_line_that_just_fits_is_whole(void **state)
{
	char args[DEED_COMMAND_MAX + 1];
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	memset(args, 'x', sizeof(args));
	assert_ok(deed_add(&b, "chown", args, DEED_COMMAND_MAX, &f), &f);
	assert_int_equal(b.len, strlen("chown:") + DEED_COMMAND_MAX);
	assert_int_equal(b.data[b.len - 1], 'x');
	buf_reset(&b);
	assert_ok(deed_add(&b, "chown", args, DEED_COMMAND_MAX + 1, &f), &f);
	assert_int_equal(b.len, strlen("chown:") + DEED_COMMAND_MAX);
	assert_int_equal(b.data[b.len - 1], '.');
	buf_release(&b);
}

static void
what_is_no_deed_is_refused(void **state)
{
	static const char *const texts[] = { "", "chown", "chown:", ":www",
		"chown www", "Chown:www", "ch own:www", "\033:www",
		"a_name_of_a_call_that_is_over_32_b:www" };
	char longest[DEED_MAX + 2] = "chown:";
	struct fault f = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		f = (struct fault){ 0 };
		if (deed_check(texts[i], strlen(texts[i]), &f) == 0)
			fail_msg("'%s' is taken", texts[i]);
		assert_int_equal(f.kind, FAULT_INPUT);
	}
	memset(longest + 6, 'x', DEED_COMMAND_MAX + 1);
	f = (struct fault){ 0 };
	assert_ok(deed_check(longest, 6 + DEED_COMMAND_MAX, &f), &f);
	assert_int_equal(deed_check("chown:a\0b", 9, &f), -1);
	f = (struct fault){ 0 };
	assert_fault(deed_check(longest, 6 + DEED_COMMAND_MAX + 1, &f), &f,
	    FAULT_INPUT, "command line of 201 bytes, more than are recorded");
}

static void
type_and_device_are_one_part(void **state)
{
	(void)state;
	assert_int_equal(deed_part_of(KEYWORD_USER), DEED_USER);
	assert_int_equal(deed_part_of(KEYWORD_GROUP), DEED_GROUP);
	assert_int_equal(deed_part_of(KEYWORD_MODE), DEED_MODE);
	assert_int_equal(deed_part_of(KEYWORD_CAPS), DEED_CAPS);
	assert_int_equal(deed_part_of(KEYWORD_DEVICE), DEED_DEVICE);
	assert_int_equal(deed_part_of(KEYWORD_TYPE), DEED_DEVICE);
	assert_int_equal(deed_part_of(KEYWORD_LINK), DEED_PARTS);
	assert_int_equal(deed_parts(KEYWORD_TYPE), 1 << DEED_DEVICE);
	assert_int_equal(deed_parts(KEYWORD_USER | KEYWORD_LINK | KEYWORD_CAPS),
	    1 << DEED_USER | 1 << DEED_CAPS);
}

static void
parts_come_back_as_they_were_written(void **state)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	for (unsigned parts = 1; parts < 1u << DEED_PARTS; parts++) {
		struct word v;
		unsigned again;

		buf_reset(&b);
		assert_ok(deed_add_parts(&b, parts, &f), &f);
		assert_memory_equal(b.data, " by=", 4);
		assert_ok(buf_adds(&b, "rest:of it", &f), &f);
		v = (struct word){ b.data + 4, b.len - 4 };
		assert_ok(deed_cut_parts(&again, 0, &v, &f), &f);
		assert_int_equal(again, parts);
		assert_true(word_is(v, "rest:of it"));
	}
	buf_reset(&b);
	assert_ok(deed_add_parts(&b, 037, &f), &f);
	assert_non_null(buf_end(&b, &f));
	assert_string_equal(b.data, " by=uname,gname,mode,device,caps:");
	buf_release(&b);
}

static void
broken_parts_are_refused(void **state)
{
	static const struct {
		const char *value, *why;
	} words[] = {
		{ "uname", "'by=uname' has no colon" },
		{ "", "'by=' has no colon" },
		{ ":x", "'' is no part of a record" },
		{ "uname,:x", "'' is no part of a record" },
		{ "uid:x", "'uid' is no part of a record" },
		{ "type:x", "'type' is no part of a record" },
		{ "uname,uname:x", "'uname' is said twice to be someone's" },
		{ "uname,mode:x", "'mode' is said twice to be someone's" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		struct word v = { words[i].value, strlen(words[i].value) };
		struct fault f = { 0 };
		unsigned parts;

		assert_fault(deed_cut_parts(&parts, 1 << DEED_MODE, &v, &f), &f,
		    FAULT_INPUT, words[i].why);
	}
}

static int
write_deed(void *arg, struct fault *f)
{
	static const char args[] = "chown\0it's\0a\nb\0some more words of it";
	struct buf b = BUF_INIT;
	int r = deed_add(&b, arg, args, sizeof(args), f);

	if (r == 0)
		r = deed_add_parts(&b, 037, f);
	buf_release(&b);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	static char call[] = "fchownat";

	(void)state;
	alloc_fail_each(write_deed, call);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_deed_is_a_call_and_a_command_as_one_would_type_it),
		cmocka_unit_test(no_byte_of_it_can_harm_a_terminal),
		cmocka_unit_test(a_long_command_line_is_cut_between_characters),
		cmocka_unit_test(a_line_that_just_fits_is_whole),
		cmocka_unit_test(what_is_no_deed_is_refused),
		cmocka_unit_test(type_and_device_are_one_part),
		cmocka_unit_test(parts_come_back_as_they_were_written),
		cmocka_unit_test(broken_parts_are_refused),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("deed", tests, NULL, NULL);
}
