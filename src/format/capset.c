/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/capset.h"

#include "base/buf.h"
#include "base/fault.h"

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

_Static_assert(sizeof(names) / sizeof(*names) == CAPSET_NAMED_COUNT,
    "the table ends with capability 40");

/* A combination of sets has a bit for each: 1 << CAPSET_EFFECTIVE and so on. */
enum { COMBINATION_COUNT = 1 << CAPSET_KINDS };

/* In the order a text has them. */
static const struct flag {
	char letter;
	unsigned bit;
} flags[CAPSET_KINDS] = {
	{ 'e', 1 << CAPSET_EFFECTIVE },
	{ 'i', 1 << CAPSET_INHERITABLE },
	{ 'p', 1 << CAPSET_PERMITTED },
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
	{ .magic = 0x02000000, .len = CAPSET_VALUE_LEN, .pairs = 2 },
	{ .magic = 0x03000000, .len = 24, .pairs = 2, .has_root = true },
};

enum {
	REVISION_COUNT = sizeof(revisions) / sizeof(*revisions),
	WRITTEN_MAGIC = 0x02000000,
	EFFECTIVE_MAGIC = 1, /* a flag in the magic number */
	WORD = 4, /* bytes */
};

int
capset_find(const char *name, size_t len)
{
	for (int i = 0; i < CAPSET_NAMED_COUNT; i++) {
		if (len == strlen(names[i]) &&
		    strncasecmp(name, names[i], len) == 0)
			return i;
	}
	return -1;
}

const char *
capset_name(unsigned cap, char room[CAPSET_NAME_SIZE])
{
	if (cap < CAPSET_NAMED_COUNT)
		return names[cap];
	snprintf(room, CAPSET_NAME_SIZE, "%u", cap);
	return room;
}

unsigned
capset_flag(char letter)
{
	for (size_t i = 0; i < CAPSET_KINDS; i++) {
		if (flags[i].letter == letter)
			return flags[i].bit;
	}
	return 0;
}

static bool
has(uint64_t caps, unsigned cap)
{
	return (caps >> cap & 1) != 0;
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

void
capset_encode(unsigned char value[CAPSET_VALUE_LEN], const struct capset *c)
{
	const uint64_t permitted = c->of[CAPSET_PERMITTED],
		       inheritable = c->of[CAPSET_INHERITABLE];
	const uint32_t flag =
	    c->of[CAPSET_EFFECTIVE] != 0 ? EFFECTIVE_MAGIC : 0;

	put_le32(value, WRITTEN_MAGIC | flag);
	put_le32(value + WORD, permitted);
	put_le32(value + 2 * WORD, inheritable);
	put_le32(value + 3 * WORD, permitted >> 32);
	put_le32(value + 4 * WORD, inheritable >> 32);
}

/* The revision of a value, if it has the length and flags that go with it. */
static const struct revision *
recognise(const unsigned char *value, size_t len, struct fault *f)
{
	uint32_t magic;

	if (len < WORD) {
		fault_set(f, FAULT_INPUT,
		    "capability value of %zu bytes is too short", len);
		return NULL;
	}
	magic = get_le32(value) & ~(uint32_t)EFFECTIVE_MAGIC;
	for (size_t i = 0; i < REVISION_COUNT; i++) {
		if (revisions[i].magic == magic && revisions[i].len == len)
			return &revisions[i];
	}
	fault_set(f, FAULT_INPUT,
	    "capability value of %zu bytes that begins with 0x%08x is unknown",
	    len, (unsigned)get_le32(value));
	return NULL;
}

int
capset_decode(
    struct capset *c, const unsigned char *value, size_t len, struct fault *f)
{
	const struct revision *revision = recognise(value, len, f);
	const unsigned char *word = value + WORD;

	if (revision == NULL)
		return -1;
	*c = (struct capset){ .has_root = revision->has_root };
	for (unsigned i = 0; i < revision->pairs; i++, word += 2 * WORD) {
		c->of[CAPSET_PERMITTED] |= (uint64_t)get_le32(word) << (32 * i);
		c->of[CAPSET_INHERITABLE] |= (uint64_t)get_le32(word + WORD)
		    << (32 * i);
	}
	if ((get_le32(value) & EFFECTIVE_MAGIC) != 0)
		c->of[CAPSET_EFFECTIVE] =
		    c->of[CAPSET_PERMITTED] | c->of[CAPSET_INHERITABLE];
	if (c->has_root)
		c->root = get_le32(word);
	return 0;
}

/* The capabilities that are in these c and in no other. */
static uint64_t
members(const struct capset *c, unsigned combination)
{
	uint64_t caps = UINT64_MAX;

	for (unsigned i = 0; i < CAPSET_KINDS; i++)
		caps &= has(combination, i) ? c->of[i] : ~c->of[i];
	return caps;
}

/* The combination that most named ones share; of equals the one with less. */
static unsigned
most_common(const struct capset *c)
{
	unsigned best = 0;
	int best_count = 0;

	for (unsigned i = 0; i < COMBINATION_COUNT; i++) {
		const int n =
		    __builtin_popcountll(members(c, i) & CAPSET_NAMED);

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
	for (size_t i = 0; i < CAPSET_KINDS; i++) {
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
	char number[CAPSET_NAME_SIZE];

	for (unsigned i = 0; i < CAPSET_COUNT; i++) {
		if (!has(caps, i))
			continue;
		if (buf_adds(text, comma, f) < 0 ||
		    buf_adds(text, capset_name(i, number), f) < 0)
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
add_named(struct buf *text, const struct capset *c, struct fault *f)
{
	const unsigned base = most_common(c);

	if ((base != 0 || (~members(c, 0) & CAPSET_NAMED) == 0) &&
	    add_flags(text, '=', base, f) < 0)
		return -1;
	for (unsigned i = COMBINATION_COUNT; i-- > 0;) {
		const struct clause clause = {
			.caps = members(c, i) & CAPSET_NAMED,
			.raised = i & ~base,
			.lowered = base & ~i,
		};

		if (i != base && clause.caps != 0 &&
		    add_clause(text, &clause, f) < 0)
			return -1;
	}
	return 0;
}

/* A leading "=" speaks of named ones only, so the others rise from nothing. */
static int
add_unnamed(struct buf *text, const struct capset *c, struct fault *f)
{
	for (unsigned i = COMBINATION_COUNT - 1; i > 0; i--) {
		const struct clause clause = {
			.caps = members(c, i) & ~CAPSET_NAMED,
			.raised = i,
		};

		if (clause.caps != 0 && add_clause(text, &clause, f) < 0)
			return -1;
	}
	return 0;
}

int
capset_format(struct buf *text, const struct capset *c, struct fault *f)
{
	struct buf out = BUF_INIT;
	int r = -1;

	if (add_named(&out, c, f) == 0 && add_unnamed(&out, c, f) == 0 &&
	    (!c->has_root ||
		buf_addf(&out, f, " [rootid=%u]", (unsigned)c->root) == 0))
		r = buf_add(text, out.data, out.len, f);
	buf_release(&out);
	return r;
}
