/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/policy.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/grow.h"
#include "format/caps.h"
#include "format/entry.h"
#include "format/manifest.h"
#include "format/vis.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* What stands behind the word of a kind. */
static const struct kind {
	const char *name;
	bool has_value; /* an account each, or a device before the paths */
	bool has_caps; /* capabilities before the paths */
	bool has_paths;
} kinds[] = {
	[POLICY_USER] = { .name = "user", .has_value = true },
	[POLICY_GROUP] = { .name = "group", .has_value = true },
	[POLICY_SETUID] = { .name = "setuid", .has_paths = true },
	[POLICY_SETGID] = { .name = "setgid", .has_paths = true },
	[POLICY_CAPS] = { .name = "caps", .has_caps = true, .has_paths = true },
	[POLICY_DEVICE] = { .name = "device",
	    .has_value = true,
	    .has_paths = true },
};

enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

/* What is left of a line, and the word read last. */
struct reader {
	struct policy *policy;
	const char *s, *end;
	struct buf scratch;
	const char *word; /* decoded, in the arena */
};

void
policy_release(struct policy *p)
{
	arena_release(&p->arena);
	free(p->rules);
	*p = (struct policy){ 0 };
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* 1 and the next word; 0 if the line has none any more; -1 on a fault. */
static int
next_word(struct reader *r, struct fault *f)
{
	const char *start;

	while (r->s < r->end && is_blank(*r->s))
		r->s++;
	if (r->s == r->end || *r->s == '#')
		return 0;
	start = r->s;
	for (; r->s < r->end && !is_blank(*r->s); r->s++) {
		if ((unsigned char)*r->s < ' ' || *r->s == 0x7f)
			return fault_set(
			    f, FAULT_INPUT, "control character in a word");
	}
	buf_reset(&r->scratch);
	if (vis_parse(&r->scratch, start, (size_t)(r->s - start), f) < 0)
		return -1;
	r->word =
	    arena_string(&r->policy->arena, r->scratch.data, r->scratch.len, f);
	return r->word != NULL ? 1 : -1;
}

static int
find_kind(enum policy_kind *kind, const char *word, struct fault *f)
{
	for (unsigned i = 0; i < KINDS; i++) {
		if (strcmp(word, kinds[i].name) == 0) {
			*kind = (enum policy_kind)i;
			return 0;
		}
	}
	return fault_set(f, FAULT_INPUT,
	    "unknown kind '%s': there are user, group, setuid, setgid, caps "
	    "and device",
	    word);
}

static int
add_rule(struct policy *p, const struct policy_rule *rule, struct fault *f)
{
	if (p->count == p->cap) {
		struct policy_rule *rules =
		    grow_array(p->rules, &p->cap, sizeof(*rules), "rules", f);

		if (rules == NULL)
			return -1;
		p->rules = rules;
	}
	p->rules[p->count++] = *rule;
	return 0;
}

static int
read_caps(struct capset *caps, const char *text, struct fault *f)
{
	unsigned char value[CAPS_XATTR_LEN];

	if (caps_parse(value, text, strlen(text), f) < 0)
		return -1;
	return capset_decode(caps, value, sizeof(value), f);
}

/* Read what stands between the kind and the paths. */
static int
read_subject(struct reader *r, struct policy_rule *rule, struct fault *f)
{
	const struct kind *kind = &kinds[rule->kind];
	int got;

	if (!kind->has_paths || (!kind->has_caps && !kind->has_value))
		return 0;
	got = next_word(r, f);
	if (got < 0)
		return -1;
	if (got == 0)
		return fault_set(
		    f, FAULT_INPUT, "nothing behind '%s'", kind->name);
	if (kind->has_caps)
		return read_caps(&rule->caps, r->word, f);
	rule->value = r->word;
	return 0;
}

static int
read_rest(struct reader *r, struct policy_rule *rule, struct fault *f)
{
	const bool has_paths = kinds[rule->kind].has_paths;
	const size_t before = r->policy->count;
	int got;

	while ((got = next_word(r, f)) > 0) {
		if (has_paths && r->word[0] == '/')
			return fault_set(f, FAULT_INPUT,
			    "'%s' begins with a slash, which no path in a "
			    "package does",
			    r->word);
		*(has_paths ? &rule->path : &rule->value) = r->word;
		if (add_rule(r->policy, rule, f) < 0)
			return -1;
	}
	if (got == 0 && r->policy->count == before)
		return fault_set(f, FAULT_INPUT, "no %s behind '%s'",
		    has_paths ? "path" : kinds[rule->kind].name,
		    kinds[rule->kind].name);
	return got;
}

static int
read_line(struct reader *r, struct fault *f)
{
	struct policy_rule rule = { 0 };
	int got = next_word(r, f);

	if (got <= 0)
		return got;
	rule.package = r->word;
	got = next_word(r, f);
	if (got == 0)
		return fault_set(
		    f, FAULT_INPUT, "nothing behind '%s'", rule.package);
	if (got < 0 || find_kind(&rule.kind, r->word, f) < 0 ||
	    read_subject(r, &rule, f) < 0)
		return -1;
	return read_rest(r, &rule, f);
}

int
policy_parse(struct policy *p, const char *name, const char *bytes, size_t len,
    struct fault *f)
{
	struct reader r = { .policy = p, .word = "" };
	const char *end = bytes + len;
	int done = 0;

	for (unsigned line = 1; done == 0 && bytes < end; line++) {
		const char *newline =
		    memchr(bytes, '\n', (size_t)(end - bytes));

		r.s = bytes;
		r.end = newline != NULL ? newline : end;
		if (read_line(&r, f) < 0)
			done = fault_wrap(f, "%s:%u", name, line);
		bytes = r.end + (newline != NULL);
	}
	buf_release(&r.scratch);
	return done;
}

static bool
is_like(const char *pattern, const char *s)
{
	return fnmatch(pattern, s, 0) == 0;
}

/* They are no more than those; what a namespace has of its own is more. */
static bool
is_within(const struct capset *allowed, const struct xattr *caps)
{
	struct fault why = { 0 };
	struct capset c;

	if (capset_decode(&c, caps->value, caps->len, &why) < 0 || c.has_root)
		return false;
	for (int i = 0; i < CAPSET_KINDS; i++) {
		if ((c.of[i] & ~allowed->of[i]) != 0)
			return false;
	}
	return true;
}

static bool
rule_allows(const struct policy_rule *r, const struct policy_claim *c)
{
	const struct kind *kind = &kinds[c->kind];

	if (r->kind != c->kind || !is_like(r->package, c->package))
		return false;
	if (kind->has_value && !is_like(r->value, c->value))
		return false;
	if (kind->has_caps && !is_within(&r->caps, c->caps))
		return false;
	return !kind->has_paths || is_like(r->path, c->path);
}

bool
policy_allows(const struct policy *p, const struct policy_claim *c)
{
	for (size_t i = 0; i < p->count; i++) {
		if (rule_allows(&p->rules[i], c))
			return true;
	}
	return false;
}

const char *
policy_kind_name(enum policy_kind kind)
{
	return kinds[kind].name;
}

/* Append a pattern that only `s` itself matches. */
static int
add_pattern(struct buf *b, const char *s, struct fault *f)
{
	for (;;) {
		const size_t plain = strcspn(s, "*?[\\");
		char escaped[2] = { '\\' };

		if (vis_add(b, s, plain, f) < 0)
			return -1;
		if (s[plain] == '\0')
			return 0;
		escaped[1] = s[plain];
		if (vis_add(b, escaped, sizeof(escaped), f) < 0)
			return -1;
		s += plain + 1;
	}
}

/* 1 and the text that allows them; 0 and "unknown" if there is none; or -1. */
static int
spell_caps(struct buf *text, const struct xattr *caps, struct fault *f)
{
	unsigned char again[CAPS_XATTR_LEN];
	struct fault why = { 0 };

	if (caps_format(text, caps->value, caps->len, &why) == 0 &&
	    caps_parse(again, text->data, text->len, &why) == 0)
		return 1;
	buf_reset(text);
	if (why.kind == FAULT_INPUT)
		return buf_adds(text, "unknown", f);
	*f = why;
	return -1;
}

static bool
is_sayable(const struct policy_claim *c)
{
	return c->package[0] != '\0' &&
	    (c->value == NULL || c->value[0] != '\0') &&
	    (!kinds[c->kind].has_paths ||
		(c->path[0] != '\0' && c->path[0] != '/'));
}

static int
add_words(struct buf *b, const struct policy_claim *c, struct buf *caps,
    struct fault *f)
{
	const struct kind *kind = &kinds[c->kind];

	if (add_pattern(b, c->package, f) < 0 ||
	    buf_addf(b, f, " %s", kind->name) < 0)
		return -1;
	if (kind->has_value &&
	    (buf_adds(b, " ", f) < 0 || add_pattern(b, c->value, f) < 0))
		return -1;
	if (kind->has_caps &&
	    (buf_end(caps, f) == NULL || buf_adds(b, " ", f) < 0 ||
		manifest_add_value(b, caps->data, f) < 0))
		return -1;
	if (!kind->has_paths)
		return 0;
	return buf_adds(b, " ", f) < 0 ? -1 : add_pattern(b, c->path, f);
}

int
policy_add_line(struct buf *b, const struct policy_claim *c, struct fault *f)
{
	const size_t start = b->len;
	struct buf caps = BUF_INIT;
	int said = 1;

	if (kinds[c->kind].has_caps)
		said = spell_caps(&caps, c->caps, f);
	if (said == 0 || !is_sayable(c))
		said = buf_adds(b, "# ", f);
	if (said >= 0)
		said = add_words(b, c, &caps, f);
	if (said < 0)
		b->len = start;
	buf_release(&caps);
	return said < 0 ? -1 : 0;
}
