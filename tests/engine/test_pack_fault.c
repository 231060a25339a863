/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "heard.h"
#include "scratch.h"
#include "test_pack.h"

#include "base/sink.h"
#include "engine/pack.h"
#include "engine/tree.h"

#include <archive.h>
#include <archive_entry.h>
#include <dlfcn.h>

/*
 * These go before libarchive's own, and fail at the call that is numbered so;
 * 0: never.
 */
static unsigned broken_call;

static bool
is_broken(struct archive *a)
{
	if (broken_call == 0 || --broken_call > 0)
		return false;
	archive_set_error(a, EIO, "broken");
	return true;
}

int
archive_write_header(struct archive *a, struct archive_entry *e)
{
	int (*real)(struct archive *, struct archive_entry *);

	*(void **)&real = dlsym(RTLD_NEXT, "archive_write_header");
	return is_broken(a) ? ARCHIVE_FATAL : real(a, e);
}

la_ssize_t
archive_write_data(struct archive *a, const void *bytes, size_t len)
{
	la_ssize_t (*real)(struct archive *, const void *, size_t);

	*(void **)&real = dlsym(RTLD_NEXT, "archive_write_data");
	return is_broken(a) ? ARCHIVE_FATAL : real(a, bytes, len);
}

int
archive_write_finish_entry(struct archive *a)
{
	int (*real)(struct archive *);

	*(void **)&real = dlsym(RTLD_NEXT, "archive_write_finish_entry");
	return is_broken(a) ? ARCHIVE_FATAL : real(a);
}

int
archive_write_close(struct archive *a)
{
	int (*real)(struct archive *);

	*(void **)&real = dlsym(RTLD_NEXT, "archive_write_close");
	return is_broken(a) ? ARCHIVE_FATAL : real(a);
}

static void
a_sink_that_fails_anywhere_ends_it_with_its_own_fault(void **state)
{
	struct tree t = TREE_INIT;
	unsigned n = 1;
	int r;

	(void)state;
	scratch_noise("root/large", LARGE);
	scratch_file("root/small", "text");
	scratch_symlink("small", "root/link");
	load(&t);
	do {
		struct bin b = { .sink.put = bin_put, .fail_at = n };
		struct fault f = { 0 };

		r = pack_write(&b.sink, &t, &with_sums, &f);
		if (r < 0) {
			assert_says(&f, FAULT_SYSTEM, "the sink is full");
			assert_int_equal(b.puts, n);
			n++;
		}
		buf_release(&b.bytes);
	} while (r < 0);
	assert_true(n > 6);
	tree_release(&t);
}

static void
a_failure_of_libarchive_anywhere_is_a_fault_in_its_words(void **state)
{
	struct tree t = TREE_INIT;
	unsigned n = 1;
	int r;

	(void)state;
	scratch_file("root/file", "text");
	scratch_symlink("file", "root/link");
	load(&t);
	do {
		struct bin b = { .sink.put = bin_put };
		struct fault f = { 0 };

		broken_call = n;
		r = pack_write(&b.sink, &t, &with_sums, &f);
		if (r < 0) {
			assert_says(&f, FAULT_SYSTEM, "libarchive: broken");
			n++;
		}
		buf_release(&b.bytes);
	} while (r < 0);
	broken_call = 0;
	/* at least two headers, one file's data, two ends of entries, the end */
	assert_true(n >= 7);
	tree_release(&t);
}

static void
a_control_character_is_packed_with_a_notice(void **state)
{
	struct heard heard = { 0 };
	const struct notice n = { heard_say, &heard };
	const struct pack_options o = { .notice = &n };
	struct tree t = TREE_INIT;
	struct reader r;
	struct bin b;

	(void)state;
	scratch_file("root/a\nb", "");
	scratch_file("root/plain", "");
	load(&t);
	pack(&b, &t, &o);
	heard_expect(
	    &heard, "'a\nb' has a control character, which apk refuses\n");
	reader_open(&r, &b);
	reader_next(&r, "a\nb", AE_IFREG);
	reader_next(&r, "plain", AE_IFREG);
	reader_end(&r);
	buf_release(&b.bytes);
	tree_release(&t);
}

struct seen {
	size_t calls;
	uint64_t bytes_done;
};

static void
see(void *arg, const struct pack_progress *p)
{
	struct seen *s = arg;

	assert_int_equal(p->entries_done, s->calls++);
	assert_int_equal(p->entries, 3);
	assert_int_equal(p->bytes, LARGE + 4);
	assert_non_null(p->path);
	assert_true(p->bytes_done >= s->bytes_done);
	s->bytes_done = p->bytes_done;
}

static void
progress_is_told_before_each_entry(void **state)
{
	struct seen seen = { 0 };
	const struct pack_options o = { .progress = see,
		.progress_arg = &seen };
	struct tree t = TREE_INIT;
	struct bin b;

	(void)state;
	scratch_noise("root/a", LARGE);
	scratch_file("root/b", "text");
	scratch_symlink("b", "root/c");
	load(&t);
	pack(&b, &t, &o);
	assert_int_equal(seen.calls, 3);
	assert_int_equal(seen.bytes_done, LARGE + 4);
	buf_release(&b.bytes);
	tree_release(&t);
}

static int
pack_all(void *arg, struct fault *f)
{
	struct bin b = { .sink.put = bin_put };
	const int r = pack_write(&b.sink, arg, &with_sums, f);

	buf_release(&b.bytes);
	return r;
}

static void
every_failed_allocation_is_a_fault(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("root/dir/file", "text");
	must(link("root/dir/file", "root/dir/name"));
	scratch_symlink("file", "root/link");
	must(chmod("root/dir/file", 0));
	load(&t);
	alloc_fail_each(pack_all, &t);
	assert_int_equal(scratch_mode("root/dir/file"), 0);
	tree_release(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_sink_that_fails_anywhere_ends_it_with_its_own_fault),
		test(a_failure_of_libarchive_anywhere_is_a_fault_in_its_words),
		test(a_control_character_is_packed_with_a_notice),
		test(progress_is_told_before_each_entry),
		test(every_failed_allocation_is_a_fault),
	};

	return cmocka_run_group_tests_name("pack_fault", tests, NULL, NULL);
}
