/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/mode.h"

#include "base/fault.h"

enum { SET_IDS = 06000, ALL_BITS = 07777, EXECUTE = 0111 };

/* What a step's bits say beside the twelve of a mode. */
enum {
	MARK_X = 1 << 12, /* x, if it is a directory or has an x by then */
	MARK_COPY = 1 << 13, /* the bits name a class; copy what it has */
	MARK_OCTAL = 1 << 14, /* all twelve bits were named */
};

struct letter {
	char letter; /* NUL ends a table */
	unsigned bits;
};

static const struct letter classes[] = {
	{ 'u', 04700 },
	{ 'g', 02070 },
	{ 'o', 01007 },
	{ 'a', ALL_BITS },
	{ 0 },
};

static const struct letter sources[] = {
	{ 'u', MARK_COPY | 0700 },
	{ 'g', MARK_COPY | 0070 },
	{ 'o', MARK_COPY | 0007 },
	{ 0 },
};

static const struct letter permissions[] = {
	{ 'r', 0444 },
	{ 'w', 0222 },
	{ 'x', EXECUTE },
	{ 'X', MARK_X },
	{ 's', SET_IDS },
	{ 't', 01000 },
	{ 0 },
};

struct reader {
	const char *text;
	size_t len, at;
};

static int
invalid(const struct reader *r, const char *why, struct fault *f)
{
	return fault_set(f, FAULT_INPUT, "invalid mode '%.*s': %s", (int)r->len,
	    r->text, why);
}

/* The next byte; NUL at the end, which no part of a mode matches. */
static char
peek(const struct reader *r)
{
	return r->at < r->len ? r->text[r->at] : '\0';
}

static bool
is_at_operator(const struct reader *r)
{
	const char c = peek(r);

	return c == '=' || c == '+' || c == '-';
}

static bool
is_at_digit(const struct reader *r)
{
	return peek(r) >= '0' && peek(r) <= '9';
}

/* Add the bits of the next byte, if `table` has it. */
static bool
take_letter(struct reader *r, const struct letter *table, unsigned *bits)
{
	for (; table->letter != '\0'; table++) {
		if (table->letter != peek(r))
			continue;
		*bits |= table->bits;
		r->at++;
		return true;
	}
	return false;
}

static int
take_octal(struct reader *r, unsigned *bits, struct fault *f)
{
	unsigned n = 0;

	for (; is_at_digit(r); r->at++) {
		if (peek(r) > '7')
			return invalid(r, "the number is not octal", f);
		n = n * 8 + (unsigned)(peek(r) - '0');
		if (n > ALL_BITS)
			return invalid(r, "the number is over 7777", f);
	}
	*bits = MARK_OCTAL | n;
	return 0;
}

static int
add_step(struct mode_change *change, const struct mode_step *step,
    const struct reader *r, struct fault *f)
{
	if (change->count == MODE_STEPS_MAX)
		return invalid(r, "too many operations", f);
	change->steps[change->count++] = *step;
	return 0;
}

/* An operator and what follows it; the reader stands on the operator. */
static int
parse_step(
    struct mode_change *change, struct reader *r, unsigned who, struct fault *f)
{
	struct mode_step step = { .op = peek(r), .who = who };

	r->at++;
	if (is_at_digit(r)) {
		if (who != 0)
			return invalid(
			    r, "a number cannot follow u, g, o or a", f);
		if (take_octal(r, &step.bits, f) < 0)
			return -1;
		if (is_at_operator(r))
			return invalid(r, "a number must end its clause", f);
		step.who = ALL_BITS;
	} else if (!take_letter(r, sources, &step.bits)) {
		while (take_letter(r, permissions, &step.bits))
			continue;
	}
	return add_step(change, &step, r, f);
}

static int
parse_clause(struct mode_change *change, struct reader *r, struct fault *f)
{
	unsigned who = 0;

	while (take_letter(r, classes, &who))
		continue;
	if (!is_at_operator(r))
		return invalid(r, "expected u, g, o, a or =, +, -", f);
	while (is_at_operator(r)) {
		if (parse_step(change, r, who, f) < 0)
			return -1;
	}
	if (r->at < r->len && peek(r) != ',')
		return invalid(r,
		    "expected r, w, x, X, s, t or a copy of one of "
		    "u, g, o",
		    f);
	return 0;
}

static int
parse_plain_octal(struct mode_change *change, struct reader *r, struct fault *f)
{
	struct mode_step step = { .op = '=', .who = ALL_BITS };

	if (take_octal(r, &step.bits, f) < 0)
		return -1;
	if (r->at < r->len)
		return invalid(r, "only digits may follow a digit", f);
	return add_step(change, &step, r, f);
}

int
mode_parse(
    struct mode_change *change, const char *text, size_t len, struct fault *f)
{
	struct reader r = { .text = text, .len = len };

	change->count = 0;
	if (len > MODE_TEXT_MAX)
		return fault_set(f, FAULT_INPUT, "mode is longer than %d bytes",
		    MODE_TEXT_MAX);
	if (is_at_digit(&r))
		return parse_plain_octal(change, &r, f);
	for (;; r.at++) {
		if (parse_clause(change, &r, f) < 0)
			return -1;
		if (r.at == r.len)
			return 0;
	}
}

bool
mode_is_relative(const struct mode_change *change)
{
	const struct mode_step *first = &change->steps[0];

	return change->count != 1 || first->op != '=' ||
	    (first->bits & MARK_OCTAL) == 0;
}

/* r, w and x for everyone, where one of the bits in `some` has them. */
static unsigned
spread(unsigned some)
{
	const unsigned any = (some >> 6 | some >> 3 | some) & 7;

	return any << 6 | any << 3 | any;
}

/* The bits a step gives or takes, before it is asked for whom. */
static unsigned
step_bits(const struct mode_step *step, unsigned mode, enum mode_kind kind)
{
	if ((step->bits & MARK_COPY) != 0)
		return spread(step->bits & mode & 0777);
	if ((step->bits & MARK_X) != 0 &&
	    (kind == MODE_DIRECTORY || (mode & EXECUTE) != 0))
		return (step->bits | EXECUTE) & ALL_BITS;
	return step->bits & ALL_BITS;
}

/* The set-id bits that a step leaves alone. */
static unsigned
untouched(const struct mode_step *step, enum mode_kind kind)
{
	if (kind == MODE_FILE || (step->bits & MARK_OCTAL) != 0)
		return 0;
	return SET_IDS &
	    ~(step->who == 0 ? step->bits : step->bits & step->who);
}

static unsigned
apply_step(const struct mode_step *step, unsigned mode,
    const struct mode_target *target)
{
	const unsigned kept = untouched(step, target->kind);
	const unsigned reach =
	    step->who == 0 ? ALL_BITS & ~target->umask : step->who;
	const unsigned bits =
	    step_bits(step, mode, target->kind) & reach & ~kept;

	if (step->op == '+')
		return mode | bits;
	if (step->op == '-')
		return mode & ~bits;
	/* The umask does not protect what `=` clears. */
	return (mode & (step->who == 0 ? kept : ~step->who | kept)) | bits;
}

unsigned
mode_apply(const struct mode_change *change, const struct mode_target *target)
{
	unsigned mode = target->mode & ALL_BITS;

	for (size_t i = 0; i < change->count; i++)
		mode = apply_step(&change->steps[i], mode, target);
	return mode;
}
