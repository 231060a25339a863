/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "scratch.h"

#include "engine/ledger.h"
#include "engine/record.h"
#include "engine/recording.h"
#include "engine/roster.h"
#include "engine/scribe.h"
#include "format/deed.h"

/* A scribe and all that it writes down. */
struct desk {
	struct scribe s;
	struct record_set records;
	struct ledger deeds;
	struct roster roster;
};

static int
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

static void
begin(struct desk *d)
{
	struct fault f = { 0 };

	assert_ok(open_desk(d, &f), &f);
}

static void
end(struct desk *d)
{
	scribe_close(&d->s);
	record_release(&d->records);
	ledger_release(&d->deeds);
	roster_release(&d->roster);
}

static struct facts
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
static int
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

static void
must_give(struct desk *d, uint64_t ino, uint32_t uid, unsigned command)
{
	struct fault f = { 0 };

	assert_ok(give(d, ino, uid, command, &f), &f);
}

static void
flush(struct desk *d)
{
	struct fault f = { 0 };

	assert_ok(scribe_flush(&d->s, &f), &f);
}

/* The journal has exactly this behind its first line. */
static void
expect_journal(const struct desk *d, const char *want)
{
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	scratch_load(&b, d->s.name);
	assert_non_null(buf_end(&b, &f));
	assert_true(b.len >= strlen(JOURNAL_SIGNATURE));
	assert_memory_equal(
	    b.data, JOURNAL_SIGNATURE, strlen(JOURNAL_SIGNATURE));
	assert_string_equal(b.data + strlen(JOURNAL_SIGNATURE), want);
	buf_release(&b);
}

static void
a_record_is_written_down_when_it_is_time(void **state)
{
	struct desk d;

	(void)state;
	begin(&d);
	expect_journal(&d, "");
	assert_false(scribe_is_behind(&d.s));
	must_give(&d, 7, 82, 0);
	assert_true(scribe_is_behind(&d.s));
	expect_journal(&d, "");
	flush(&d);
	assert_false(scribe_is_behind(&d.s));
	expect_journal(&d, "1:7:5.000000000 uname=www\n");
	must_give(&d, 7, 4711, 0);
	flush(&d);
	flush(&d);
	expect_journal(&d,
	    "1:7:5.000000000 uname=www\n"
	    "1:7:5.000000000 uid=4711\n");
	end(&d);
}

static void
a_deed_is_told_once_and_before_it_is_spoken_of(void **state)
{
	struct desk d;

	(void)state;
	begin(&d);
	must_give(&d, 7, 82, 1);
	must_give(&d, 8, 82, 1);
	flush(&d);
	must_give(&d, 9, 82, 0);
	must_give(&d, 8, 83, 2);
	flush(&d);
	expect_journal(&d,
	    "deed=1:chown:by\\0401\n"
	    "1:7:5.000000000 uname=www by=uname:1\n"
	    "1:8:5.000000000 uname=www by=uname:1\n"
	    "deed=2:chown:by\\0402\n"
	    "1:9:5.000000000 uname=www\n"
	    "1:8:5.000000000 uid=83 by=uname:2\n");
	end(&d);
}

static void
all_that_is_recorded_of_a_file_is_in_its_line(void **state)
{
	const struct facts facts = file(7);
	struct fault f = { 0 };
	const struct record *r;
	struct desk d;

	(void)state;
	begin(&d);
	assert_ok(record_chown(&d.records, &facts, 82, 5, &r, &f), &f);
	assert_ok(
	    record_device(&d.records, &facts, S_IFCHR | 0660, 1, 3, &r, &f),
	    &f);
	assert_ok(record_caps(&d.records, &facts, NULL, 0, &r, &f), &f);
	assert_ok(scribe_note(&d.s, r, &f), &f);
	flush(&d);
	expect_journal(&d,
	    "1:7:5.000000000 uname=www gid=5 mode=660 type=char "
	    "device=native,1,3 caps=none\n");
	end(&d);
}

static void
a_record_that_its_file_outlived_is_taken_back(void **state)
{
	struct record gone = { .id = file(7).id };
	struct fault f = { 0 };
	struct desk d;

	(void)state;
	begin(&d);
	must_give(&d, 7, 82, 0);
	flush(&d);
	assert_ok(scribe_note(&d.s, &gone, &f), &f);
	assert_true(scribe_is_behind(&d.s));
	flush(&d);
	expect_journal(&d, "1:7:5.000000000 uname=www\n1:7:5.000000000\n");
	end(&d);
}

static void
a_file_that_is_changed_again_and_again_waits_once(void **state)
{
	struct desk d;

	(void)state;
	begin(&d);
	for (uint32_t i = 0; i < 3 * SCRIBE_WAITING_MAX; i++)
		must_give(&d, 7, 1 + i, 0);
	expect_journal(&d, "");
	flush(&d);
	expect_journal(&d, "1:7:5.000000000 uid=12288\n");
	end(&d);
}

static void
not_more_than_so_many_wait(void **state)
{
	struct recording r = { 0 };
	struct fault f = { 0 };
	struct desk d;

	(void)state;
	begin(&d);
	for (uint32_t i = 0; i < SCRIBE_WAITING_MAX; i++)
		must_give(&d, 1 + i, 4711, 0);
	assert_false(scribe_is_behind(&d.s));
	assert_ok(recording_load(&r, d.s.name, &f), &f);
	assert_int_equal(r.count, SCRIBE_WAITING_MAX);
	recording_release(&r);
	end(&d);
}

static off_t
size_of(const char *name)
{
	struct stat st;

	must(stat(name, &st));
	return st.st_size;
}

/* What the journal says of the file: this user, and whose deed that is. */
static void
expect_user(
    const struct recording *r, uint64_t ino, uint32_t uid, const char *deed)
{
	const struct facts facts = file(ino);
	const struct spec *s = recording_find(r, &facts.id);

	assert_non_null(s);
	assert_int_equal(s->binds, KEYWORD_USER);
	assert_int_equal(s->entry.uid, uid);
	assert_non_null(s->by);
	assert_string_equal(s->by->of[DEED_USER], deed);
}

static void
a_journal_that_is_mostly_out_of_date_is_renewed(void **state)
{
	enum { FILES = 10, TIMES = 3 * SCRIBE_STALE_MAX };
	struct record gone = { .id = file(99).id };
	struct recording r = { 0 };
	struct fault f = { 0 };
	struct buf old = BUF_INIT;
	struct desk d;
	off_t most = 0;
	int fd, same;

	(void)state;
	begin(&d);
	fd = open(d.s.name, O_RDONLY | O_CLOEXEC);
	must(fd);
	must_give(&d, 100, 4711, 100);
	for (uint32_t i = 0; i < TIMES; i++) {
		must_give(&d, i % FILES, 1000 + i, 1 + i % 3);
		if (i % 7 == 0)
			assert_ok(scribe_note(&d.s, &gone, &f), &f);
		flush(&d);
		if (i % 1024 == 0 && size_of(d.s.name) > most)
			most = size_of(d.s.name);
	}
	assert_true(most < SCRIBE_STALE_MAX * 64);
	assert_true(most > SCRIBE_STALE_MAX * 8);
	assert_ok(recording_load(&r, d.s.name, &f), &f);
	assert_int_equal(r.count, FILES + 1);
	expect_user(&r, 100, 4711, "chown:by 100");
	expect_user(&r, (TIMES - 1) % FILES, 1000 + TIMES - 1, "chown:by 3");
	recording_release(&r);
	/* who had it open before has a journal, too, of what was so then */
	same = dup2(fd, 200);
	must(same);
	must(close(fd));
	assert_ok(recording_load(&r, "/proc/self/fd/200", &f), &f);
	assert_int_equal(r.count, FILES + 1);
	recording_release(&r);
	must(close(same));
	buf_release(&old);
	end(&d);
}

static void
a_long_journal_that_is_all_true_is_left_alone(void **state)
{
	enum { FILES = SCRIBE_STALE_MAX + 5000 };
	struct desk d;
	struct stat before, after;

	(void)state;
	begin(&d);
	must(stat(d.s.name, &before));
	for (uint32_t i = 0; i < FILES; i++)
		must_give(&d, i, 4711, 0);
	flush(&d);
	must(stat(d.s.name, &after));
	assert_int_equal(before.st_ino, after.st_ino);
	end(&d);
}

static int
write_some(void *arg, struct fault *f)
{
	struct desk d;
	int r = open_desk(&d, f);

	(void)arg;
	for (uint32_t i = 0; r == 0 && i < 100; i++)
		r = give(&d, i, 4711 + i, 1 + i % 10, f);
	if (r == 0)
		r = scribe_flush(&d.s, f);
	d.s.line_count = SCRIBE_STALE_MAX + 1; /* so that it is renewed */
	if (r == 0)
		r = give(&d, 1, 82, 1, f);
	if (r == 0)
		r = scribe_flush(&d.s, f);
	end(&d);
	return r;
}

static void
lack_of_memory_is_a_fault(void **state)
{
	(void)state;
	alloc_fail_each(write_some, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_record_is_written_down_when_it_is_time),
		test(a_deed_is_told_once_and_before_it_is_spoken_of),
		test(all_that_is_recorded_of_a_file_is_in_its_line),
		test(a_record_that_its_file_outlived_is_taken_back),
		test(a_file_that_is_changed_again_and_again_waits_once),
		test(not_more_than_so_many_wait),
		test(a_journal_that_is_mostly_out_of_date_is_renewed),
		test(a_long_journal_that_is_all_true_is_left_alone),
		test(lack_of_memory_is_a_fault),
	};

	return cmocka_run_group_tests_name("scribe", tests, NULL, NULL);
}
