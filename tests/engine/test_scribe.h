/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_scribe - a scribe, and all that it writes down
 *
 *	begin(&d);
 *	must_give(&d, 7, 82, 0);
 *	flush(&d);
 *	end(&d);
 */
#ifndef TESTS_TEST_SCRIBE_H
#define TESTS_TEST_SCRIBE_H

#include "scratch.h"

#include "engine/ledger.h"
#include "engine/record.h"
#include "engine/roster.h"
#include "engine/scribe.h"

/* A scribe and all that it writes down. */
struct desk {
	struct scribe s;
	struct record_set records;
	struct ledger deeds;
	struct roster roster;
};

static inline int
open_desk(struct desk *d, struct fault *f)
{
	static const char users[] = "root:x:0:0:::\nwww:x:82:82:::\n";

	*d = (struct desk){ .s = SCRIBE_INIT,
		.records = { .user = 1000, .group = 1000 },
		.roster = ROSTER_INIT };
	const struct scribe_sources from = { &d->roster, &d->records,
		&d->deeds };

	if (accounts_parse(&d->roster.users, users, strlen(users), f) < 0)
		return -1;
	return scribe_open(&d->s, &from, f);
}

static inline void
begin(struct desk *d)
{
	struct fault f = { 0 };

	assert_ok(open_desk(d, &f), &f);
}

static inline void
end(struct desk *d)
{
	scribe_close(&d->s);
	record_release(&d->records);
	ledger_release(&d->deeds);
	roster_release(&d->roster);
}

static inline struct facts
file(uint64_t ino)
{
	return (struct facts){
		.id = { .dev = 1, .ino = ino, .birth = 5 },
		.now = INT64_C(100) * 1000000000,
		.uid = 1000,
		.gid = 1000,
		.mode = S_IFREG | 0644,
	};
}

/* The file is given to that user by a command with this number, 0 for none. */
static inline int
give(struct desk *d, uint64_t ino, uint32_t uid, unsigned command,
    struct fault *f)
{
	const struct facts facts = file(ino);
	const struct record *r;
	uint32_t deed = 0;
	char text[32];

	snprintf(text, sizeof(text), "chown:by %u", command);
	if (record_chown(&d->records, &facts, uid, RECORD_KEEP, &r, f) < 0 ||
	    (command > 0 &&
		ledger_add(&d->deeds, text, strlen(text), &deed, f) < 0))
		return -1;
	if (r == NULL)
		return 0;
	record_sign(&d->records, r, d->records.changed, deed);
	return scribe_note(&d->s, r, f);
}

static inline void
must_give(struct desk *d, uint64_t ino, uint32_t uid, unsigned command)
{
	struct fault f = { 0 };

	assert_ok(give(d, ino, uid, command, &f), &f);
}

static inline void
flush(struct desk *d)
{
	struct fault f = { 0 };

	assert_ok(scribe_flush(&d->s, &f), &f);
}

#endif
