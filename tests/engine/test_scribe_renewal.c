/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_scribe.h"

#include "engine/recording.h"
#include "format/deed.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_journal_that_is_mostly_out_of_date_is_renewed),
		test(a_long_journal_that_is_all_true_is_left_alone),
	};

	return cmocka_run_group_tests_name("scribe_renewal", tests, NULL, NULL);
}
