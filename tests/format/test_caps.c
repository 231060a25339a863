/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_caps.h"

static void
assert_parses(const char *text, const char *hex)
{
	const struct value want = from_hex(hex);
	unsigned char xattr[CAPS_XATTR_LEN];
	struct fault f = { 0 };

	if (caps_parse(xattr, text, strlen(text), &f) < 0)
		fail_msg("'%s': %s", text, f.text);
	assert_int_equal(want.len, sizeof(xattr));
	if (memcmp(xattr, want.bytes, sizeof(xattr)) != 0)
		fail_msg("'%s' is not %s", text, hex);
}

static void
text_becomes_the_value_setcap_writes(void **state)
{
	static const struct {
		const char *text, *hex;
	} cases[] = {
		{ "cap_net_raw=ep",
		    "0100000200200000000000000000000000000000" },
		{ "cap_net_raw+ep",
		    "0100000200200000000000000000000000000000" },
		{ "cap_net_raw=p cap_chown=i",
		    "0000000200200000010000000000000000000000" },
		{ "cap_net_raw=ei cap_chown=ep",
		    "0100000201000000002000000000000000000000" },
		{ "\tCap_Chown,CAP_KILL=p\n",
		    "0000000221000000000000000000000000000000" },
		{ "=ep", "01000002ffffffff00000000ff01000000000000" },
		{ "ALL=i", "0000000200000000ffffffff00000000ff010000" },
		{ "cap_checkpoint_restore=pe",
		    "0100000200000000000000000001000000000000" },
		{ "=p all-p cap_bpf+p",
		    "0000000200000000000000008000000000000000" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		assert_parses(cases[i].text, cases[i].hex);
}

static void
numbers_are_read_as_in_c(void **state)
{
	static const char bit16[] = "0000000200000100000000000000000000000000";
	static const char bit63[] = "0000000200000000000000000000008000000000";

	(void)state;
	assert_parses("16=p", bit16);
	assert_parses("0x10=p", bit16);
	assert_parses("0020=p", bit16);
	assert_parses("0X3F=p", bit63);
	assert_parses("63=p", bit63);
}

static void
all_forgets_numbers_before_it(void **state)
{
	(void)state;
	assert_parses("61,all=p", "00000002ffffffff00000000ff01000000000000");
	assert_parses("all,61=p", "00000002ffffffff00000000ff01002000000000");
}

static void
actions_take_effect_from_left_to_right(void **state)
{
	static const char chown_p[] =
	    "0000000201000000000000000000000000000000";
	static const char nothing[] =
	    "0000000200000000000000000000000000000000";

	(void)state;
	assert_parses("cap_chown=+p", chown_p);
	assert_parses("cap_chown=eip-ei", chown_p);
	assert_parses("cap_chown+epi-i+p-e", chown_p);
	assert_parses("cap_chown=ep cap_chown=p", chown_p);
	assert_parses("cap_chown=-p+p", chown_p);
	assert_parses("cap_chown=p =", nothing);
	assert_parses("cap_chown+ep-pe", nothing);
}

static void
text_that_gives_nothing_has_a_value(void **state)
{
	static const char nothing[] =
	    "0000000200000000000000000000000000000000";

	(void)state;
	assert_parses("=", nothing);
	assert_parses("", nothing);
	assert_parses(" \t\n\v\f\r", nothing);
	assert_parses("all=", nothing);
	assert_parses("cap_kill-p", nothing);
}

static void
effective_alone_only_sets_the_flag(void **state)
{
	(void)state;
	assert_parses(
	    "cap_net_raw=e", "0100000200000000000000000000000000000000");
}

static void
invalid_text_is_explained(void **state)
{
	static const struct {
		const char *text, *fault;
	} cases[] = {
		{ "cap_foo=ep", "unknown capability 'cap_foo'" },
		{ "cap_net=p", "unknown capability 'cap_net'" },
		{ "cap_net_raw1=p", "unknown capability 'cap_net_raw1'" },
		{ "all1=p", "unknown capability 'all1'" },
		{ "64=p", "unknown capability '64'" },
		{ "18446744073709551616=p",
		    "unknown capability '18446744073709551616'" },
		{ "08=p", "unknown capability '08'" },
		{ "0x=p", "unknown capability '0x'" },
		{ "0b1=p", "unknown capability '0b1'" },
		{ "cap_chown,=p", "unknown capability ''" },
		{ ",=p", "unknown capability ''" },
		{ "cap_chown, cap_kill=p", "unknown capability ''" },
		{ "cap_chown", "'cap_chown': no '=', '+' or '-'" },
		{ "cap_kill=p cap_chown", "'cap_chown': no '=', '+' or '-'" },
		{ "cap_chown+", "'cap_chown+': '+' without a flag" },
		{ "cap_chown=-", "'cap_chown=-': '-' without a flag" },
		{ "cap_chown=p=e",
		    "'cap_chown=p=e': '=' is not the first operator" },
		{ "cap_chown==p",
		    "'cap_chown==p': '=' is not the first operator" },
		{ "+ep", "'+ep': '+' and '-' need a list of capabilities" },
		{ "=p-e", "'=p-e': '+' and '-' need a list of capabilities" },
		{ "cap_chown=P",
		    "'cap_chown=P': unknown flag 'P', expected e, i or p" },
		{ "cap_chown=p,cap_kill=p",
		    "'cap_chown=p,cap_kill=p': unknown flag ',', "
		    "expected e, i or p" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		unsigned char xattr[CAPS_XATTR_LEN];
		struct fault f = { 0 };

		assert_fault(
		    caps_parse(xattr, cases[i].text, strlen(cases[i].text), &f),
		    &f, FAULT_INPUT, cases[i].fault);
	}
}

static void
effective_must_be_all_or_none(void **state)
{
	static const struct {
		const char *text, *culprit;
	} cases[] = {
		{ "cap_net_raw=p cap_chown=e", "cap_net_raw" },
		{ "cap_net_raw=ep cap_chown=i", "cap_chown" },
		{ "=ep 63=p", "63" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		unsigned char xattr[CAPS_XATTR_LEN];
		struct fault f = { 0 };
		char want[128];

		snprintf(want, sizeof(want),
		    "capability '%s' is not effective but others are: on a "
		    "file all are or none",
		    cases[i].culprit);
		assert_fault(
		    caps_parse(xattr, cases[i].text, strlen(cases[i].text), &f),
		    &f, FAULT_INPUT, want);
	}
}

static void
failure_leaves_the_results_alone(void **state)
{
	unsigned char xattr[CAPS_XATTR_LEN] = { 1, 2, 3 };
	const unsigned char before[CAPS_XATTR_LEN] = { 1, 2, 3 };
	struct fault f = { 0 };

	(void)state;
	assert_fault(caps_parse(xattr, "cap_chown=p x=p", 15, &f), &f,
	    FAULT_INPUT, "unknown capability 'x'");
	assert_memory_equal(xattr, before, sizeof(xattr));
}

static void
text_is_bounded_by_its_length(void **state)
{
	static const char with_nul[] = "cap_chown=p\0cap_kill=p";
	static char blank[CAPS_TEXT_MAX + 1];
	unsigned char xattr[CAPS_XATTR_LEN];
	struct fault f = { 0 }, too_long = { 0 };

	(void)state;
	assert_ok(caps_parse(xattr, "cap_chown=pX", 11, &f), &f);
	assert_int_equal(
	    caps_parse(xattr, with_nul, sizeof(with_nul) - 1, &f), -1);
	assert_int_equal(f.kind, FAULT_INPUT);
	f = (struct fault){ 0 };
	memset(blank, ' ', sizeof(blank));
	assert_ok(caps_parse(xattr, blank, CAPS_TEXT_MAX, &f), &f);
	assert_fault(caps_parse(xattr, blank, sizeof(blank), &too_long),
	    &too_long, FAULT_INPUT, "capabilities are longer than 4096 bytes");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_becomes_the_value_setcap_writes),
		cmocka_unit_test(numbers_are_read_as_in_c),
		cmocka_unit_test(all_forgets_numbers_before_it),
		cmocka_unit_test(actions_take_effect_from_left_to_right),
		cmocka_unit_test(text_that_gives_nothing_has_a_value),
		cmocka_unit_test(effective_alone_only_sets_the_flag),
		cmocka_unit_test(invalid_text_is_explained),
		cmocka_unit_test(effective_must_be_all_or_none),
		cmocka_unit_test(failure_leaves_the_results_alone),
		cmocka_unit_test(text_is_bounded_by_its_length),
	};

	return cmocka_run_group_tests_name("caps", tests, NULL, NULL);
}
