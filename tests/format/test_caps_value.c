/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_caps.h"

#include "base/buf.h"

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
		cmocka_unit_test(value_becomes_the_text_getcap_prints),
		cmocka_unit_test(revisions_one_and_three_are_read),
		cmocka_unit_test(malformed_values_are_faults),
		cmocka_unit_test(format_appends),
	};

	return cmocka_run_group_tests_name("caps_value", tests, NULL, NULL);
}
