/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/caps.h"

#include "base/fault.h"
#include "format/capset.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

/* A part of a text. */
struct piece {
	const char *s;
	size_t len;
};

static const char blanks[] = " \t\n\v\f\r", operators[] = "=+-";

/* Cut `len` bytes off the front of `rest`. */
static struct piece
cut(struct piece *rest, size_t len)
{
	const struct piece front = { .s = rest->s, .len = len };

	rest->s += len;
	rest->len -= len;
	return front;
}

static bool
is_one_of(char c, const char *chars)
{
	return c != '\0' && strchr(chars, c) != NULL;
}

/* Cut off what comes before the first of `chars`. */
static struct piece
cut_before(struct piece *rest, const char *chars)
{
	size_t n = 0;

	while (n < rest->len && !is_one_of(rest->s[n], chars))
		n++;
	return cut(rest, n);
}

static bool
has_any(struct piece p, const char *chars)
{
	cut_before(&p, chars);
	return p.len > 0;
}

static bool
is_word(const struct piece *p, const char *word)
{
	return p->len == strlen(word) && strncasecmp(p->s, word, p->len) == 0;
}

/* A number as C writes it, in base 8, 10 or 16, and below CAPSET_COUNT. */
static bool
parse_number(uint64_t *out, const struct piece *p)
{
	static const char digits[] = "0123456789abcdef";
	const bool has_zero = p->len > 1 && p->s[0] == '0';
	const bool is_hex = has_zero && p->len > 2 && is_one_of(p->s[1], "xX");
	const unsigned base = is_hex ? 16 : has_zero ? 8 : 10;
	uint64_t n = 0;

	for (size_t i = is_hex ? 2 : 0; i < p->len; i++) {
		const int c = tolower((unsigned char)p->s[i]);
		const char *digit = c == '\0' ? NULL : strchr(digits, c);

		if (digit == NULL || digit >= digits + base)
			return false;
		n = n * base + (uint64_t)(digit - digits);
		if (n >= CAPSET_COUNT)
			return false;
	}
	*out = n;
	return p->len > 0;
}

/* Add what one item of a list stands for. */
static int
parse_item(uint64_t *caps, const struct piece *item, struct fault *f)
{
	const int named = capset_find(item->s, item->len);
	uint64_t cap = named < 0 ? 0 : (uint64_t)named;

	if (is_word(item, "all")) {
		/* As in libcap, unnamed numbers before it are forgotten. */
		*caps = CAPSET_NAMED;
		return 0;
	}
	if (named < 0 && !parse_number(&cap, item))
		return fault_set(f, FAULT_INPUT, "unknown capability '%.*s'",
		    (int)item->len, item->s);
	*caps |= UINT64_C(1) << cap;
	return 0;
}

static int
parse_list(uint64_t *caps, struct piece list, struct fault *f)
{
	for (;;) {
		const struct piece item = cut_before(&list, ",");

		if (parse_item(caps, &item, f) < 0)
			return -1;
		if (list.len == 0)
			return 0;
		cut(&list, 1);
	}
}

static int
parse_flags(unsigned *combination, const struct piece *letters, struct fault *f)
{
	*combination = 0;
	for (size_t i = 0; i < letters->len; i++) {
		const unsigned bit = capset_flag(letters->s[i]);

		if (bit == 0)
			return fault_set(f, FAULT_INPUT,
			    "unknown flag '%c', expected e, i or p",
			    letters->s[i]);
		*combination |= bit;
	}
	return 0;
}

/* Do what `op` and the flags after it ask for, to `caps`. */
static void
change(struct capset *sets, uint64_t caps, char op, unsigned combination)
{
	for (unsigned i = 0; i < CAPSET_KINDS; i++) {
		const bool is_meant = (combination >> i & 1) != 0;

		if (op == '=' || (op == '-' && is_meant))
			sets->of[i] &= ~caps;
		if (op != '-' && is_meant)
			sets->of[i] |= caps;
	}
}

/* All operators of a clause with their flags; the first is at the front. */
static int
parse_actions(
    struct capset *sets, uint64_t caps, struct piece actions, struct fault *f)
{
	while (actions.len > 0) {
		const char op = *cut(&actions, 1).s;
		const struct piece letters = cut_before(&actions, operators);
		unsigned combination;

		if (parse_flags(&combination, &letters, f) < 0)
			return -1;
		if (op != '=' && combination == 0)
			return fault_set(
			    f, FAULT_INPUT, "'%c' without a flag", op);
		if (actions.len > 0 && *actions.s == '=')
			return fault_set(
			    f, FAULT_INPUT, "'=' is not the first operator");
		change(sets, caps, op, combination);
	}
	return 0;
}

static int
parse_clause(struct capset *sets, const struct piece *clause, struct fault *f)
{
	struct piece actions = *clause;
	const struct piece list = cut_before(&actions, operators);
	uint64_t caps = 0;
	int result;

	if (list.len == 0)
		caps = CAPSET_NAMED;
	else if (parse_list(&caps, list, f) < 0)
		return -1;
	if (actions.len == 0)
		result = fault_set(f, FAULT_INPUT, "no '=', '+' or '-'");
	else if (list.len == 0 && has_any(actions, "+-"))
		result = fault_set(
		    f, FAULT_INPUT, "'+' and '-' need a list of capabilities");
	else
		result = parse_actions(sets, caps, actions, f);
	if (result < 0)
		fault_wrap(f, "'%.*s'", (int)clause->len, clause->s);
	return result;
}

static int
parse_clauses(struct capset *sets, struct piece text, struct fault *f)
{
	while (text.len > 0) {
		const struct piece clause = cut_before(&text, blanks);

		if (clause.len > 0 && parse_clause(sets, &clause, f) < 0)
			return -1;
		if (text.len > 0)
			cut(&text, 1);
	}
	return 0;
}

/* The one flag of a file can only speak for all of its capabilities. */
static int
check_effective(const struct capset *sets, struct fault *f)
{
	const uint64_t effective = sets->of[CAPSET_EFFECTIVE];
	const uint64_t missing =
	    (sets->of[CAPSET_PERMITTED] | sets->of[CAPSET_INHERITABLE]) &
	    ~effective;
	char number[CAPSET_NAME_SIZE];
	unsigned cap = 0;

	if (effective == 0 || missing == 0)
		return 0;
	while ((missing >> cap & 1) == 0)
		cap++;
	return fault_set(f, FAULT_INPUT,
	    "capability '%s' is not effective but others are: on a file all "
	    "are or none",
	    capset_name(cap, number));
}

int
caps_parse(unsigned char xattr[CAPS_XATTR_LEN], const char *text, size_t len,
    struct fault *f)
{
	struct capset sets = { 0 };

	if (len > CAPS_TEXT_MAX)
		return fault_set(f, FAULT_INPUT,
		    "capabilities are longer than %d bytes", CAPS_TEXT_MAX);
	if (parse_clauses(&sets, (struct piece){ text, len }, f) < 0 ||
	    check_effective(&sets, f) < 0)
		return -1;
	capset_encode(xattr, &sets);
	return 0;
}

int
caps_format(
    struct buf *text, const unsigned char *xattr, size_t len, struct fault *f)
{
	struct capset sets;

	if (capset_decode(&sets, xattr, len, f) < 0)
		return -1;
	return capset_format(text, &sets, f);
}
