/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/caps.h"

#include "base/buf.h"
#include "base/fault.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const names[] = {
	"cap_chown",
	"cap_dac_override",
	"cap_dac_read_search",
	"cap_fowner",
	"cap_fsetid",
	"cap_kill",
	"cap_setgid",
	"cap_setuid",
	"cap_setpcap",
	"cap_linux_immutable",
	"cap_net_bind_service",
	"cap_net_broadcast",
	"cap_net_admin",
	"cap_net_raw",
	"cap_ipc_lock",
	"cap_ipc_owner",
	"cap_sys_module",
	"cap_sys_rawio",
	"cap_sys_chroot",
	"cap_sys_ptrace",
	"cap_sys_pacct",
	"cap_sys_admin",
	"cap_sys_boot",
	"cap_sys_nice",
	"cap_sys_resource",
	"cap_sys_time",
	"cap_sys_tty_config",
	"cap_mknod",
	"cap_lease",
	"cap_audit_write",
	"cap_audit_control",
	"cap_setfcap",
	"cap_mac_override",
	"cap_mac_admin",
	"cap_syslog",
	"cap_wake_alarm",
	"cap_block_suspend",
	"cap_audit_read",
	"cap_perfmon",
	"cap_bpf",
	"cap_checkpoint_restore",
};

enum {
	NAMED_COUNT = sizeof(names) / sizeof(*names),
	CAP_COUNT = 64, /* what a value has room for */
	NAME_SIZE = 24, /* any name or number, and a NUL */
};

_Static_assert(NAMED_COUNT == 41, "the table ends with capability 40");

static const uint64_t all_named = (UINT64_C(1) << NAMED_COUNT) - 1;

/* Bit N of a set is capability N. */
enum { EFFECTIVE, PERMITTED, INHERITABLE, SET_COUNT };

struct sets {
	uint64_t of[SET_COUNT];
};

/* A combination of sets has a bit for each: 1 << EFFECTIVE and so on. */
enum { COMBINATION_COUNT = 1 << SET_COUNT };

/* In the order a text has them. */
static const struct flag {
	char letter;
	unsigned bit;
} flags[SET_COUNT] = {
	{ 'e', 1 << EFFECTIVE },
	{ 'i', 1 << INHERITABLE },
	{ 'p', 1 << PERMITTED },
};

/*
 * A value is a magic number, one or two pairs of words (permitted, inheritable;
 * capabilities 0 to 31 first) and perhaps a root, all little-endian.
 */
static const struct revision {
	uint32_t magic;
	size_t len; /* of the whole value, in bytes */
	unsigned pairs;
	bool has_root;
} revisions[] = {
	{ .magic = 0x01000000, .len = 12, .pairs = 1 },
	{ .magic = 0x02000000, .len = CAPS_XATTR_LEN, .pairs = 2 },
	{ .magic = 0x03000000, .len = 24, .pairs = 2, .has_root = true },
};

enum {
	REVISION_COUNT = sizeof(revisions) / sizeof(*revisions),
	WRITTEN_MAGIC = 0x02000000,
	EFFECTIVE_MAGIC = 1, /* a flag in the magic number */
	WORD = 4, /* bytes */
};

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

/* A number as C writes it, in base 8, 10 or 16, and below CAP_COUNT. */
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
		if (n >= CAP_COUNT)
			return false;
	}
	*out = n;
	return p->len > 0;
}

/* Add what one item of a list stands for. */
static int
parse_item(uint64_t *caps, const struct piece *item, struct fault *f)
{
	uint64_t cap = 0;

	if (is_word(item, "all")) {
		/* As in libcap, unnamed numbers before it are forgotten. */
		*caps = all_named;
		return 0;
	}
	while (cap < NAMED_COUNT && !is_word(item, names[cap]))
		cap++;
	if (cap == NAMED_COUNT && !parse_number(&cap, item))
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
		size_t k = 0;

		while (k < SET_COUNT && flags[k].letter != letters->s[i])
			k++;
		if (k == SET_COUNT)
			return fault_set(f, FAULT_INPUT,
			    "unknown flag '%c', expected e, i or p",
			    letters->s[i]);
		*combination |= flags[k].bit;
	}
	return 0;
}

/* Do what `op` and the flags after it ask for, to `caps`. */
static void
change(struct sets *sets, uint64_t caps, char op, unsigned combination)
{
	for (unsigned i = 0; i < SET_COUNT; i++) {
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
    struct sets *sets, uint64_t caps, struct piece actions, struct fault *f)
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
parse_clause(struct sets *sets, const struct piece *clause, struct fault *f)
{
	struct piece actions = *clause;
	const struct piece list = cut_before(&actions, operators);
	uint64_t caps = 0;
	int result;

	if (list.len == 0)
		caps = all_named;
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
parse_clauses(struct sets *sets, struct piece text, struct fault *f)
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

/* The name of a capability, or its number if it has none. */
static const char *
name(unsigned cap, char number[NAME_SIZE])
{
	if (cap < NAMED_COUNT)
		return names[cap];
	snprintf(number, NAME_SIZE, "%u", cap);
	return number;
}

static bool
has(uint64_t caps, unsigned cap)
{
	return (caps >> cap & 1) != 0;
}

/* The one flag of a file can only speak for all of its capabilities. */
static int
check_effective(const struct sets *sets, struct fault *f)
{
	const uint64_t effective = sets->of[EFFECTIVE];
	const uint64_t missing =
	    (sets->of[PERMITTED] | sets->of[INHERITABLE]) & ~effective;
	char number[NAME_SIZE];
	unsigned cap = 0;

	if (effective == 0 || missing == 0)
		return 0;
	while (!has(missing, cap))
		cap++;
	return fault_set(f, FAULT_INPUT,
	    "capability '%s' is not effective but others are: on a file all "
	    "are or none",
	    name(cap, number));
}

static uint32_t
get_le32(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24;
}

/* Write the low 32 bits of `n`. */
static void
put_le32(unsigned char *p, uint64_t n)
{
	for (unsigned i = 0; i < WORD; i++)
		p[i] = (unsigned char)(n >> (8 * i) & 0xff);
}

static void
encode(unsigned char xattr[CAPS_XATTR_LEN], const struct sets *sets)
{
	const uint32_t flag = sets->of[EFFECTIVE] != 0 ? EFFECTIVE_MAGIC : 0;

	put_le32(xattr, WRITTEN_MAGIC | flag);
	put_le32(xattr + WORD, sets->of[PERMITTED]);
	put_le32(xattr + 2 * WORD, sets->of[INHERITABLE]);
	put_le32(xattr + 3 * WORD, sets->of[PERMITTED] >> 32);
	put_le32(xattr + 4 * WORD, sets->of[INHERITABLE] >> 32);
}

int
caps_parse(unsigned char xattr[CAPS_XATTR_LEN], const char *text, size_t len,
    struct fault *f)
{
	struct sets sets = { 0 };

	if (len > CAPS_TEXT_MAX)
		return fault_set(f, FAULT_INPUT,
		    "capabilities are longer than %d bytes", CAPS_TEXT_MAX);
	if (parse_clauses(&sets, (struct piece){ text, len }, f) < 0 ||
	    check_effective(&sets, f) < 0)
		return -1;
	encode(xattr, &sets);
	return 0;
}

/* The revision of a value, if it has the length and flags that go with it. */
static const struct revision *
recognise(const unsigned char *xattr, size_t len, struct fault *f)
{
	uint32_t magic;

	if (len < WORD) {
		fault_set(f, FAULT_INPUT,
		    "capability value of %zu bytes is too short", len);
		return NULL;
	}
	magic = get_le32(xattr) & ~(uint32_t)EFFECTIVE_MAGIC;
	for (size_t i = 0; i < REVISION_COUNT; i++) {
		if (revisions[i].magic == magic && revisions[i].len == len)
			return &revisions[i];
	}
	fault_set(f, FAULT_INPUT,
	    "capability value of %zu bytes that begins with 0x%08x is unknown",
	    len, (unsigned)get_le32(xattr));
	return NULL;
}

static struct sets
decode(const unsigned char *xattr, const struct revision *revision)
{
	const bool is_effective = (get_le32(xattr) & EFFECTIVE_MAGIC) != 0;
	const unsigned char *word = xattr + WORD;
	struct sets sets = { 0 };

	for (unsigned i = 0; i < revision->pairs; i++, word += 2 * WORD) {
		sets.of[PERMITTED] |= (uint64_t)get_le32(word) << (32 * i);
		sets.of[INHERITABLE] |= (uint64_t)get_le32(word + WORD)
		    << (32 * i);
	}
	if (is_effective)
		sets.of[EFFECTIVE] = sets.of[PERMITTED] | sets.of[INHERITABLE];
	return sets;
}

/* The capabilities that are in these sets and in no other. */
static uint64_t
members(const struct sets *sets, unsigned combination)
{
	uint64_t caps = UINT64_MAX;

	for (unsigned i = 0; i < SET_COUNT; i++)
		caps &= has(combination, i) ? sets->of[i] : ~sets->of[i];
	return caps;
}

/* The combination that most named ones share; of equals the one with less. */
static unsigned
most_common(const struct sets *sets)
{
	unsigned best = 0;
	int best_count = 0;

	for (unsigned i = 0; i < COMBINATION_COUNT; i++) {
		const int n =
		    __builtin_popcountll(members(sets, i) & all_named);

		if (n > best_count) {
			best = i;
			best_count = n;
		}
	}
	return best;
}

static int
add_flags(struct buf *text, char op, unsigned combination, struct fault *f)
{
	if (buf_add(text, &op, 1, f) < 0)
		return -1;
	for (size_t i = 0; i < SET_COUNT; i++) {
		if ((combination & flags[i].bit) != 0 &&
		    buf_add(text, &flags[i].letter, 1, f) < 0)
			return -1;
	}
	return 0;
}

static int
add_list(struct buf *text, uint64_t caps, struct fault *f)
{
	const char *comma = "";
	char number[NAME_SIZE];

	for (unsigned i = 0; i < CAP_COUNT; i++) {
		if (!has(caps, i))
			continue;
		if (buf_adds(text, comma, f) < 0 ||
		    buf_adds(text, name(i, number), f) < 0)
			return -1;
		comma = ",";
	}
	return 0;
}

struct clause {
	uint64_t caps;
	unsigned raised, lowered; /* combinations */
};

/* A clause that begins the text begins from nothing: '=' says so. */
static int
add_clause(struct buf *text, const struct clause *c, struct fault *f)
{
	const char op = text->len == 0 ? '=' : '+';

	if (text->len > 0 && buf_adds(text, " ", f) < 0)
		return -1;
	if (add_list(text, c->caps, f) < 0)
		return -1;
	if (c->raised != 0 && add_flags(text, op, c->raised, f) < 0)
		return -1;
	return c->lowered == 0 ? 0 : add_flags(text, '-', c->lowered, f);
}

/* What sets the named ones apart from `base`, which most of them have. */
static int
add_named(struct buf *text, const struct sets *sets, struct fault *f)
{
	const unsigned base = most_common(sets);

	if ((base != 0 || (~members(sets, 0) & all_named) == 0) &&
	    add_flags(text, '=', base, f) < 0)
		return -1;
	for (unsigned i = COMBINATION_COUNT; i-- > 0;) {
		const struct clause c = {
			.caps = members(sets, i) & all_named,
			.raised = i & ~base,
			.lowered = base & ~i,
		};

		if (i != base && c.caps != 0 && add_clause(text, &c, f) < 0)
			return -1;
	}
	return 0;
}

/* A leading "=" speaks of named ones only, so the others rise from nothing. */
static int
add_unnamed(struct buf *text, const struct sets *sets, struct fault *f)
{
	for (unsigned i = COMBINATION_COUNT - 1; i > 0; i--) {
		const struct clause c = {
			.caps = members(sets, i) & ~all_named,
			.raised = i,
		};

		if (c.caps != 0 && add_clause(text, &c, f) < 0)
			return -1;
	}
	return 0;
}

int
caps_format(
    struct buf *text, const unsigned char *xattr, size_t len, struct fault *f)
{
	const struct revision *revision = recognise(xattr, len, f);
	struct buf out = BUF_INIT;
	struct sets sets;
	int result = -1;

	if (revision == NULL)
		return -1;
	sets = decode(xattr, revision);
	if (add_named(&out, &sets, f) < 0 || add_unnamed(&out, &sets, f) < 0)
		goto out;
	if (revision->has_root &&
	    buf_addf(&out, f, " [rootid=%u]",
		(unsigned)get_le32(xattr + len - WORD)) < 0)
		goto out;
	result = buf_add(text, out.data, out.len, f);
out:
	buf_release(&out);
	return result;
}
