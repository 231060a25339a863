/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_source.h"
#include "scratch.h"

#include "engine/source.h"

#include <sys/mman.h>

enum { LARGE = 3 * SOURCE_PIECE + 7 };

/* Make "file", look at it and open it. */
static void
begin(struct reading *r, size_t len)
{
	struct fault f = { 0 };

	make(len);
	look(r);
	assert_ok(open_it(r, &f), &f);
}

/* Change the first byte, and nothing else. */
static void
rewrite(void)
{
	const int fd = open("file", O_RDWR | O_CLOEXEC);
	char byte;

	must(fd);
	assert_int_equal(pread(fd, &byte, 1, 0), 1);
	byte ^= 1;
	assert_int_equal(pwrite(fd, &byte, 1, 0), 1);
	close(fd);
}

static void (*const changes[])(void) = { grow, shrink, rewrite };

enum { CHANGES = sizeof(changes) / sizeof(*changes) };

static void
expect_bytes(const struct buf *b, const struct buf *want)
{
	assert_int_equal(b->len, want->len);
	if (want->len > 0)
		assert_memory_equal(b->data, want->data, want->len);
}

/* A file of `len` bytes comes in so many pieces, with the right digest. */
static void
expect_read(size_t len, unsigned want_pieces)
{
	struct buf got = BUF_INIT, want = BUF_INIT;
	char hex[DIGEST_HEX_MAX];
	struct fault f = { 0 };
	struct reading r;
	unsigned pieces;

	begin(&r, len);
	scratch_load(&want, "file");
	assert_int_equal(want.len, len);
	assert_ok(source_measure(&r.s, r.digest, &f), &f);
	assert_ok(take_all(&r, &got, &pieces, &f), &f);
	assert_int_equal(pieces, want_pieces);
	expect_bytes(&got, &want);
	/* behind the end there is nothing but the end */
	assert_ok(take_all(&r, &got, &pieces, &f), &f);
	assert_int_equal(pieces, 0);
	/* the digest has started anew, for the next file */
	assert_ok(digest_add(r.digest, want.data, want.len, &f), &f);
	assert_ok(digest_finish(r.digest, hex, &f), &f);
	assert_string_equal(r.s.hex, hex);
	buf_release(&got);
	buf_release(&want);
	end(&r);
}

static void
expect_read_unmeasured(size_t len, unsigned want_pieces)
{
	struct buf got = BUF_INIT, want = BUF_INIT;
	struct fault f = { 0 };
	struct reading r;
	unsigned pieces;

	begin(&r, len);
	scratch_load(&want, "file");
	assert_ok(source_measure(&r.s, NULL, &f), &f);
	assert_ok(take_all(&r, &got, &pieces, &f), &f);
	assert_int_equal(pieces, want_pieces);
	expect_bytes(&got, &want);
	assert_string_equal(r.s.hex, "");
	buf_release(&got);
	buf_release(&want);
	end(&r);
}

/* Once it is open, this change does not get past the measuring. */
static void
refuse_to_measure(size_t len, void (*change)(void), bool has_digest)
{
	struct fault f = { 0 };
	struct reading r;

	begin(&r, len);
	change();
	assert_fault(source_measure(&r.s, has_digest ? r.digest : NULL, &f), &f,
	    FAULT_INPUT, "changed while it was read");
	end(&r);
}

/* Once it is measured, this change does not get past the last piece. */
static void
refuse_to_go_on(size_t len, void (*change)(void), bool has_digest)
{
	struct buf got = BUF_INIT;
	struct fault f = { 0 };
	struct reading r;
	unsigned pieces;

	begin(&r, len);
	assert_ok(source_measure(&r.s, has_digest ? r.digest : NULL, &f), &f);
	change();
	assert_fault(take_all(&r, &got, &pieces, &f), &f, FAULT_INPUT,
	    "changed while it was read");
	if (got.len >= len)
		fail_msg("all %zu bytes came before the fault", len);
	buf_release(&got);
	end(&r);
}

static void
contents_of_every_size_come_whole_with_their_digest(void **state)
{
	(void)state;
	expect_read(0, 0);
	expect_read(1, 1);
	expect_read(1000, 1);
	expect_read(SOURCE_PIECE - 1, 1);
	expect_read(SOURCE_PIECE, 1);
	expect_read(SOURCE_PIECE + 1, 2);
	expect_read(2 * SOURCE_PIECE, 2);
	expect_read(LARGE, 4);
}

static void
without_a_digest_they_come_as_well(void **state)
{
	(void)state;
	expect_read_unmeasured(0, 0);
	expect_read_unmeasured(1000, 1);
	expect_read_unmeasured(SOURCE_PIECE, 1);
	expect_read_unmeasured(SOURCE_PIECE + 1, 2);
	expect_read_unmeasured(LARGE, 4);
}

static void
the_digest_is_that_of_the_standard(void **state)
{
	static const char *const hex[] = {
		"da39a3ee5e6b4b0d3255bfef95601890afd80709",
		"a9993e364706816aba3e25717850c26c9cd0d89d",
	};
	static const char *const text[] = { "", "abc" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct fault f = { 0 };
		struct reading r;

		scratch_file("file", text[i]);
		look(&r);
		assert_ok(open_it(&r, &f), &f);
		assert_ok(source_measure(&r.s, r.digest, &f), &f);
		assert_string_equal(r.s.hex, hex[i]);
		end(&r);
	}
}

static void
a_change_before_it_is_measured_is_a_fault(void **state)
{
	static const size_t sizes[] = { 1, 1000, SOURCE_PIECE, SOURCE_PIECE + 1,
		2 * SOURCE_PIECE, LARGE };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		for (size_t n = 0; n < CHANGES; n++) {
			refuse_to_measure(sizes[i], changes[n], true);
			if (sizes[i] <= SOURCE_PIECE)
				refuse_to_measure(sizes[i], changes[n], false);
		}
	}
	refuse_to_measure(0, grow, true);
	refuse_to_measure(0, grow, false);
}

static void
a_small_file_is_what_it_was_when_it_was_measured(void **state)
{
	static const size_t sizes[] = { 1, 1000, SOURCE_PIECE };
	struct buf got = BUF_INIT, want = BUF_INIT;
	struct fault f = { 0 };
	struct reading r;
	unsigned pieces;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		for (size_t n = 0; n < CHANGES; n++) {
			begin(&r, sizes[i]);
			scratch_load(&want, "file");
			assert_ok(source_measure(&r.s, r.digest, &f), &f);
			changes[n]();
			assert_ok(take_all(&r, &got, &pieces, &f), &f);
			expect_bytes(&got, &want);
			end(&r);
		}
	}
	buf_release(&got);
	buf_release(&want);
}

static void
a_large_file_that_changes_after_it_was_measured_is_a_fault(void **state)
{
	static const size_t sizes[] = { SOURCE_PIECE + 1, 2 * SOURCE_PIECE,
		LARGE };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		for (size_t n = 0; n < CHANGES; n++) {
			refuse_to_go_on(sizes[i], changes[n], true);
			refuse_to_go_on(sizes[i], changes[n], false);
		}
	}
}

static void
rewrite_and_put_the_time_back(void)
{
	const struct timespec times[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };

	scratch_pause(50); /* more than a tick of the file system's clock */
	rewrite();
	must(utimensat(AT_FDCWD, "file", times, 0));
}

static void
a_time_that_was_put_back_hides_no_change(void **state)
{
	(void)state;
	refuse_to_measure(1000, rewrite_and_put_the_time_back, true);
	refuse_to_measure(1000, rewrite_and_put_the_time_back, false);
	refuse_to_go_on(LARGE, rewrite_and_put_the_time_back, true);
	refuse_to_go_on(LARGE, rewrite_and_put_the_time_back, false);
}

/* A page that was written to before takes more without a new time. */
static void
a_change_that_leaves_no_trace_but_its_bytes_is_a_fault(void **state)
{
	struct buf got = BUF_INIT;
	struct fault f = { 0 };
	struct reading r;
	unsigned pieces;
	char *map;
	int fd;

	(void)state;
	make(LARGE);
	fd = open("file", O_RDWR | O_CLOEXEC);
	must(fd);
	map = mmap(NULL, LARGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(map != MAP_FAILED);
	map[0] ^= 1;
	look(&r);
	assert_ok(open_it(&r, &f), &f);
	assert_ok(source_measure(&r.s, r.digest, &f), &f);
	map[0] ^= 1;
	assert_fault(take_all(&r, &got, &pieces, &f), &f, FAULT_INPUT,
	    "changed while it was read");
	must(munmap(map, LARGE));
	close(fd);
	buf_release(&got);
	end(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(contents_of_every_size_come_whole_with_their_digest),
		test(without_a_digest_they_come_as_well),
		test(the_digest_is_that_of_the_standard),
		test(a_change_before_it_is_measured_is_a_fault),
		test(a_small_file_is_what_it_was_when_it_was_measured),
		test(
		    a_large_file_that_changes_after_it_was_measured_is_a_fault),
		test(a_time_that_was_put_back_hides_no_change),
		test(a_change_that_leaves_no_trace_but_its_bytes_is_a_fault),
	};

	return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
