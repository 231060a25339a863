/* SPDX-License-Identifier: BSD-2-Clause */
/* Policies: what is read of them, and what is written for others to read. */
#include "promise.h"

#include "base/buf.h"
#include "base/fault.h"
#include "format/entry.h"
#include "format/policy.h"

enum { RULES_TRIED = 40 };

/* The line for just this is read as a rule that allows it, or is a comment. */
static void
expect_line(const struct policy_claim *c)
{
	struct buf text = BUF_INIT;
	struct policy p = { 0 };
	struct fault f = { 0 };

	promise(policy_add_line(&text, c, &f) == 0);
	promise(text.len > 0 && memchr(text.data, '\n', text.len) == NULL);
	promise(policy_parse(&p, "line", text.data, text.len, &f) == 0);
	if (*text.data == '#') {
		promise(p.count == 0);
	} else {
		promise(p.count == 1 && p.rules[0].kind == c->kind);
		promise(policy_allows(&p, c));
	}
	policy_release(&p);
	buf_release(&text);
}

/* Take its patterns for names. */
static void
expect_rule(const struct policy_rule *r)
{
	unsigned char value[CAPSET_VALUE_LEN];
	const struct xattr caps = {
		.name = ENTRY_CAPS_XATTR, .value = value, .len = sizeof(value)
	};
	const struct policy_claim c = {
		.kind = r->kind,
		.package = r->package,
		.value = r->value,
		.caps = r->kind == POLICY_CAPS ? &caps : NULL,
		.path = r->path != NULL ? r->path : "",
	};

	capset_encode(value, &r->caps);
	expect_line(&c);
}

/* A policy twice allows no less, and has its rules twice. */
static void
expect_sum(const char *bytes, size_t len, size_t count)
{
	struct policy p = { 0 };
	struct fault f = { 0 };

	promise(policy_parse(&p, "first", bytes, len, &f) == 0);
	promise(policy_parse(&p, "second", bytes, len, &f) == 0);
	promise(p.count == 2 * count);
	policy_release(&p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = copy_of(data, size);
	struct policy p = { 0 };
	struct fault f = { 0 };

	if (policy_parse(&p, "policy", text, size, &f) < 0) {
		promise(f.kind == FAULT_INPUT);
		promise(strncmp(f.text, "policy:", 7) == 0);
	} else {
		expect_sum(text, size, p.count);
	}
	for (size_t i = 0; i < p.count && i < RULES_TRIED; i++) {
		promise((p.rules[i].path != NULL) ==
		    (p.rules[i].kind >= POLICY_SETUID));
		expect_rule(&p.rules[i]);
	}
	policy_release(&p);
	free(text);
	return 0;
}
