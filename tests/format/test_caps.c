/* SPDX-License-Identifier: BSD-2-Clause */
#include "../tests.h"

#include "base/buf.h"
#include "format/caps.h"

#include <stdio.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

struct value {
	unsigned char bytes[24];
	size_t len;
};

/* Turn hexadecimal digits into bytes. */
static struct value
from_hex(const char *hex)
{
	struct value v = { .len = strlen(hex) / 2 };

	assert_true(v.len <= sizeof(v.bytes));
	for (size_t i = 0; i < v.len; i++) {
		unsigned byte;

		assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
		v.bytes[i] = (unsigned char)byte;
	}
	return v;
}

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
assert_formats(const char *hex, const char *want)
{
	const struct value v = from_hex(hex);
	struct buf text = BUF_INIT;
	struct fault f = { 0 };

	assert_ok(caps_format(&text, v.bytes, v.len, &f), &f);
	assert_string_equal(buf_end(&text, &f), want);
	buf_release(&text);
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

static void
value_becomes_the_text_getcap_prints(void **state)
{
	static const struct {
		const char *hex, *text;
	} cases[] = {
		{ "0100000200200000000000000000000000000000",
		    "cap_net_raw=ep" },
		{ "0000000200200000010000000000000000000000",
		    "cap_chown=i cap_net_raw+p" },
		{ "0000000200000000000000000000000000000000", "=" },
		{ "0100000200000000000000000000000000000000", "=" },
		{ "01000002ffffffff00000000ff01000000000000", "=ep" },
		{ "01000002feffffff00000000ff01000000000000",
		    "=ep cap_chown-ep" },
		{ "00000002feffffff01000000ff01000000000000",
		    "=p cap_chown+i-p" },
		{ "0000000200000000000000000000008000000000", "= 63+p" },
		{ "0100000201000000000000000002000000000000",
		    "cap_chown=ep 41+ep" },
		{ "01000002ffffffff00000000ff03000000000000", "=ep 41+ep" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		assert_formats(cases[i].hex, cases[i].text);
}

static void
revisions_one_and_three_are_read(void **state)
{
	(void)state;
	assert_formats("010000010020000000000000", "cap_net_raw=ep");
	assert_formats("00000001ffffffff00000000",
	    "=p cap_mac_override,cap_mac_admin,cap_syslog,cap_wake_alarm,"
	    "cap_block_suspend,cap_audit_read,cap_perfmon,cap_bpf,"
	    "cap_checkpoint_restore-p");
	assert_formats("010000030020000000000000000000000000000"
		       "0a0860100",
	    "cap_net_raw=ep [rootid=100000]");
	assert_formats("010000030020000000000000000000000000000"
		       "0ffffffff",
	    "cap_net_raw=ep [rootid=4294967295]");
}

static void
malformed_values_are_faults(void **state)
{
	static const char *const cases[] = {
		"",
		"010000",
		"01000002",
		"01000002002000000000000000000000000000",
		"010000020020000000000000000000000000000000000000",
		"0100000100200000000000000000000000000000",
		"0100000300200000000000000000000000000000",
		"0100000400200000000000000000000000000000",
		"0200000200200000000000000000000000000000",
		"0000000000000000000000000000000000000000",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		const struct value v = from_hex(cases[i]);
		struct buf text = BUF_INIT;
		struct fault f = { 0 };

		assert_int_equal(caps_format(&text, v.bytes, v.len, &f), -1);
		assert_int_equal(f.kind, FAULT_INPUT);
		assert_int_equal(text.len, 0);
		buf_release(&text);
	}
}

static void
format_appends(void **state)
{
	const struct value v =
	    from_hex("0100000200200000000000000000000000000000");
	struct buf text = BUF_INIT;
	struct fault f = { 0 };

	(void)state;
	assert_ok(buf_adds(&text, "caps=", &f), &f);
	assert_ok(caps_format(&text, v.bytes, v.len, &f), &f);
	assert_string_equal(buf_end(&text, &f), "caps=cap_net_raw=ep");
	buf_release(&text);
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
		cmocka_unit_test(value_becomes_the_text_getcap_prints),
		cmocka_unit_test(revisions_one_and_three_are_read),
		cmocka_unit_test(malformed_values_are_faults),
		cmocka_unit_test(format_appends),
	};

	return cmocka_run_group_tests_name("caps", tests, NULL, NULL);
}
