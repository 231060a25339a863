/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "netraw.h"

#include "base/buf.h"
#include "format/caps.h"
#include "format/keyword.h"
#include "format/owner.h"
#include "format/phrase.h"

#include <string.h>

static void
expect(const struct entry *e, unsigned keywords, const char *want)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	assert_ok(phrase_add(&b, e, keywords, &f), &f);
	assert_string_equal(buf_end(&b, &f), want);
	buf_release(&b);
}

/* It is a fault in these words, and nothing was written. */
static void
refuse(const struct entry *e, unsigned keywords, const char *text)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	assert_ok(buf_adds(&b, "amtree", &f), &f);
	assert_fault(phrase_add(&b, e, keywords, &f), &f, FAULT_INPUT, text);
	assert_string_equal(buf_end(&b, &f), "amtree");
	buf_release(&b);
}

static void
each_keyword_has_its_option(void **state)
{
	const struct entry file = { .uname = "www",
		.gname = "machine$",
		.mode = 04755,
		.xattrs = &with_net_raw },
			   device = { .type = ENTRY_CHAR,
				   .mode = 0600,
				   .major = 4,
				   .minor = 64 },
			   link = { .type = ENTRY_LINK, .link = "my file" };

	(void)state;
	expect(&file, 0, "");
	expect(&file, KEYWORD_USER, " -u www");
	expect(&file, KEYWORD_GROUP, " -g 'machine$'");
	expect(&file, KEYWORD_MODE, " -m 4755");
	expect(&file, KEYWORD_CAPS, " -c cap_net_raw=ep");
	expect(&file, KEYWORD_BINDABLE & ~(unsigned)KEYWORD_TYPE,
	    " -u www -g 'machine$' -m 4755 -c cap_net_raw=ep");
	expect(&device, KEYWORD_TYPE | KEYWORD_MODE, " -t char -D 4,64 -m 600");
	expect(&link, KEYWORD_TYPE, " -t link -l 'my file'");
	expect(&(struct entry){ .type = ENTRY_BLOCK }, KEYWORD_TYPE,
	    " -t block -D 0,0");
	expect(&(struct entry){ .type = ENTRY_FIFO }, KEYWORD_TYPE, " -t fifo");
	expect(&(struct entry){ .type = ENTRY_DIR }, KEYWORD_TYPE, " -t dir");
}

static void
number_stands_where_there_is_no_name(void **state)
{
	const struct entry e = { .uid = 1000, .gid = 0 };

	(void)state;
	expect(&e, KEYWORD_USER | KEYWORD_GROUP, " -u 1000 -g 0");
}

static void
capabilities_that_were_taken_away_are_none(void **state)
{
	(void)state;
	expect(&(struct entry){ 0 }, KEYWORD_CAPS, " -c none");
}

static void
capabilities_of_several_clauses_are_one_word(void **state)
{
	unsigned char value[CAPS_XATTR_LEN];
	const struct xattr x = {
		.name = ENTRY_CAPS_XATTR, .value = value, .len = sizeof(value)
	};
	const struct entry e = { .xattrs = &x };
	struct fault f = { 0 };

	(void)state;
	assert_ok(caps_parse(value, "cap_kill=p cap_chown+i", 22, &f), &f);
	expect(&e, KEYWORD_CAPS, " -c 'cap_chown=i cap_kill+p'");
}

static void
what_a_type_does_not_have_is_not_asked_for(void **state)
{
	enum { ALL = KEYWORD_BINDABLE };
	const unsigned owners = KEYWORD_USER | KEYWORD_GROUP;
	struct entry e = { .mode = 0644 };

	(void)state;
	assert_int_equal(
	    phrase_fitting(&e, ALL), owners | KEYWORD_MODE | KEYWORD_CAPS);
	e.type = ENTRY_LINK;
	assert_int_equal(phrase_fitting(&e, ALL), owners | KEYWORD_TYPE);
	e.type = ENTRY_DIR;
	assert_int_equal(
	    phrase_fitting(&e, ALL), owners | KEYWORD_TYPE | KEYWORD_MODE);
	assert_int_equal(phrase_fitting(&e, KEYWORD_USER), KEYWORD_USER);
	assert_int_equal(phrase_fitting(&e, 0), 0);
}

static void
what_is_created_says_its_mode_if_that_is_not_the_first_one(void **state)
{
	struct entry e = { .type = ENTRY_CHAR, .mode = 0644 };

	(void)state;
	assert_int_equal(phrase_fitting(&e, KEYWORD_TYPE), KEYWORD_TYPE);
	e.mode = 0666;
	assert_int_equal(
	    phrase_fitting(&e, KEYWORD_TYPE), KEYWORD_TYPE | KEYWORD_MODE);
	e.type = ENTRY_LINK;
	assert_int_equal(phrase_fitting(&e, KEYWORD_TYPE), KEYWORD_TYPE);
}

static void
what_amtree_would_refuse_is_a_fault(void **state)
{
	static const unsigned char rooted[24] = { 1, 0, 0, 3, 0, 0x20, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 232, 3, 0, 0 };
	const struct xattr of_a_root = { .name = ENTRY_CAPS_XATTR,
		.value = rooted,
		.len = sizeof(rooted) },
			   broken = { .name = ENTRY_CAPS_XATTR,
				   .value = rooted,
				   .len = 3 };

	(void)state;
	refuse(&(struct entry){ .uname = "a b" }, KEYWORD_USER,
	    "user name 'a b' has a character that no account name may have");
	refuse(&(struct entry){ .gname = "7" }, KEYWORD_GROUP,
	    "'7' is not a group name");
	refuse(&(struct entry){ .uid = OWNER_ID_MAX + 1 }, KEYWORD_USER,
	    "user number 2097152 is over 2097151");
	refuse(&(struct entry){ .type = ENTRY_CHAR, .major = 4096 },
	    KEYWORD_TYPE, "device number 4096,0 is too large");
	refuse(&(struct entry){ .type = ENTRY_BLOCK, .minor = 1 << 20 },
	    KEYWORD_TYPE, "device number 0,1048576 is too large");
	refuse(&(struct entry){ .type = ENTRY_LINK }, KEYWORD_TYPE,
	    "target of the link is not 1 to 4085 bytes");
	refuse(&(struct entry){ .type = ENTRY_LINK, .link = "a\n" },
	    KEYWORD_TYPE,
	    "target of the link: ends in a newline, which a shell would drop");
	refuse(&(struct entry){ .xattrs = &of_a_root }, KEYWORD_CAPS,
	    "capabilities 'cap_net_raw=ep [rootid=1000]': unknown capability '[rootid'");
	refuse(&(struct entry){ .xattrs = &broken }, KEYWORD_CAPS,
	    "capability value of 3 bytes is too short");
	refuse(&(struct entry){ .uname = "fine", .gname = "" },
	    KEYWORD_USER | KEYWORD_GROUP, "empty group name");
}

static int
add_all(void *arg, struct fault *f)
{
	struct buf b = BUF_INIT;
	const int r =
	    phrase_add(&b, arg, KEYWORD_BINDABLE & ~(unsigned)KEYWORD_TYPE, f);

	buf_release(&b);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	struct entry e = { .uname = "a-name-of-some-length$",
		.gname = "another-name-of-some-length$",
		.xattrs = &with_net_raw };

	(void)state;
	alloc_fail_each(add_all, &e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_keyword_has_its_option),
		cmocka_unit_test(number_stands_where_there_is_no_name),
		cmocka_unit_test(capabilities_that_were_taken_away_are_none),
		cmocka_unit_test(capabilities_of_several_clauses_are_one_word),
		cmocka_unit_test(what_a_type_does_not_have_is_not_asked_for),
		cmocka_unit_test(
		    what_is_created_says_its_mode_if_that_is_not_the_first_one),
		cmocka_unit_test(what_amtree_would_refuse_is_a_fault),
		cmocka_unit_test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("phrase", tests, make_caps, NULL);
}
