/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_keyword.h"

#include "format/keyword.h"
#include "format/word.h"

#include <stdio.h>
#include <string.h>

static void
every_keyword_says_what_it_says(void **state)
{
	struct reading r = { 0 };
	struct fault f = { 0 };
	const struct entry *e = &r.spec.entry;

	(void)state;
	assert_ok(read_words(&r,
		      "type=char mode=4755 uname=games gname=abuild "
		      "link=a\\040b device=native,4095,1048575 "
		      "time=1700000000.000000007 size=9223372036854775807 "
		      "optional",
		      &f),
	    &f);
	assert_int_equal(r.spec.has,
	    (KEYWORD_BINDABLE & ~KEYWORD_CAPS) | KEYWORD_SIZE |
		KEYWORD_OPTIONAL);
	assert_int_equal(e->type, ENTRY_CHAR);
	assert_int_equal(e->mode, 04755);
	assert_string_equal(e->uname, "games");
	assert_string_equal(e->gname, "abuild");
	assert_string_equal(e->link, "a b");
	assert_int_equal(e->major, 4095);
	assert_int_equal(e->minor, 1048575);
	assert_int_equal(e->mtime, 1700000000);
	assert_int_equal(e->mtime_nsec, 7);
	assert_int_equal(e->size, INT64_MAX);
	release(&r);
}

static void
facts_about_contents_have_no_effect(void **state)
{
	struct reading r = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_ok(read_words(&r,
		      "nlink=2 inode=7 resdevice=native,1,2 flags=none tags=a "
		      "cksum=1 md5=x md5digest=x rmd160=x rmd160digest=x "
		      "ripemd160digest=x sha1=x sha1digest=x sha256=x "
		      "sha256digest=x sha384=x sha384digest=x sha512=x "
		      "sha512digest=",
		      &f),
	    &f);
	assert_int_equal(r.spec.has, 0);
	release(&r);
}

static void
zero_is_root_and_other_numbers_have_no_name(void **state)
{
	static const struct {
		const char *words, *uname;
		uint32_t uid;
	} examples[] = {
		{ "uid=0", "root", 0 },
		{ "uid=00", "root", 0 },
		{ "uid=1000", NULL, 1000 },
		{ "uid=2097151", NULL, 2097151 },
		{ "uid=0 uid=5", NULL, 5 },
		{ "uid=5 uid=0", "root", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
		struct reading r = { 0 };
		struct fault f = { 0 };
		const char *uname;

		assert_ok(read_words(&r, examples[i].words, &f), &f);
		uname = r.spec.entry.uname;
		assert_int_equal(r.spec.has, KEYWORD_USER);
		assert_int_equal(r.spec.entry.uid, examples[i].uid);
		if (examples[i].uname == NULL && uname != NULL)
			fail_msg("'%s' names '%s'", examples[i].words, uname);
		if (examples[i].uname != NULL)
			assert_string_equal(uname, examples[i].uname);
		release(&r);
	}
}

static void
name_counts_beside_a_number_in_either_order(void **state)
{
	static const char *const lines[] = {
		"gname=abuild gid=300 uname=games uid=35",
		"gid=300 gname=abuild uid=35 uname=games",
		"gname=abuild gid=0 uname=games uid=0",
		"gid=0 gname=abuild uid=0 uname=games",
		"gname=other uname=other gid=0 uid=0 gname=abuild uname=games",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct reading r = { 0 };
		struct fault f = { 0 };

		assert_ok(read_words(&r, lines[i], &f), &f);
		assert_string_equal(r.spec.entry.uname, "games");
		assert_string_equal(r.spec.entry.gname, "abuild");
		release(&r);
	}
}

static void
number_takes_the_place_of_an_older_name(void **state)
{
	struct reading r = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_ok(read_words(&r, "uname=games gname=games", &f), &f);
	assert_ok(read_words(&r, "uid=5", &f), &f);
	assert_null(r.spec.entry.uname);
	assert_int_equal(r.spec.entry.uid, 5);
	assert_string_equal(r.spec.entry.gname, "games");
	assert_ok(read_words(&r, "gid=0", &f), &f);
	assert_string_equal(r.spec.entry.gname, "root");
	assert_ok(read_words(&r, "mode=755", &f), &f);
	assert_null(r.spec.entry.uname);
	release(&r);
}

static void
later_of_two_equal_keywords_counts(void **state)
{
	struct reading r = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_ok(
	    read_words(
		&r, "mode=755 uname=a type=dir mode=644 uname=b type=file", &f),
	    &f);
	assert_int_equal(r.spec.entry.mode, 0644);
	assert_string_equal(r.spec.entry.uname, "b");
	assert_int_equal(r.spec.entry.type, ENTRY_FILE);
	release(&r);
}

static void
many_accounts_keep_their_names_apart(void **state)
{
	const char *first = NULL;
	struct reading r = { 0 };
	struct fault f = { 0 };
	char words[64];

	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		char want[16];

		snprintf(want, sizeof(want), "user%u", i % 20);
		snprintf(words, sizeof(words), "uname=%s", want);
		assert_ok(read_words(&r, words, &f), &f);
		assert_string_equal(r.spec.entry.uname, want);
		if (i == 0)
			first = r.spec.entry.uname;
		assert_string_equal(first, "user0");
	}
	release(&r);
}

static void
bits_and_names_stand_for_each_other(void **state)
{
	struct fault f = { 0 };
	unsigned bit = 0;

	(void)state;
	for (unsigned want = 1; want < KEYWORD_IDS; want <<= 1) {
		const char *name = keyword_name((enum keyword_bit)want);

		assert_ok(
		    keyword_bit(&bit, (struct word){ name, strlen(name) }, &f),
		    &f);
		assert_int_equal(bit, want);
	}
	assert_ok(keyword_bit(&bit, (struct word){ "gid", 3 }, &f), &f);
	assert_int_equal(bit, KEYWORD_GROUP);
	assert_ok(keyword_bit(&bit, (struct word){ "sha1", 4 }, &f), &f);
	assert_int_equal(bit, 0);
	assert_fault(keyword_bit(&bit, (struct word){ "uidd", 4 }, &f), &f,
	    FAULT_INPUT, "unknown keyword 'uidd'");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_keyword_says_what_it_says),
		cmocka_unit_test(facts_about_contents_have_no_effect),
		cmocka_unit_test(zero_is_root_and_other_numbers_have_no_name),
		cmocka_unit_test(name_counts_beside_a_number_in_either_order),
		cmocka_unit_test(number_takes_the_place_of_an_older_name),
		cmocka_unit_test(later_of_two_equal_keywords_counts),
		cmocka_unit_test(many_accounts_keep_their_names_apart),
		cmocka_unit_test(bits_and_names_stand_for_each_other),
	};

	return cmocka_run_group_tests_name("keyword", tests, NULL, NULL);
}
