/* SPDX-License-Identifier: BSD-2-Clause */
#include "blocked.h"
#include "scratch.h"
#include "test_pack.h"

#include "base/sink.h"
#include "engine/pack.h"
#include "engine/tree.h"

#include <archive_entry.h>

static void
refuse_tree(const struct tree *t, enum fault_kind kind, const char *words)
{
	struct bin b = { .sink.put = bin_put };
	struct fault f = { 0 };

	assert_refused(pack_write(&b.sink, t, &with_sums, &f), &f, kind, words);
	buf_release(&b.bytes);
}

static size_t
count_text(const struct bin *b, const char *text)
{
	const char *s = b->bytes.data, *end = s + b->bytes.len;
	size_t n = 0;

	while ((s = memmem(s, (size_t)(end - s), text, strlen(text))) != NULL) {
		n++;
		s++;
	}
	return n;
}

static void
files_and_links_carry_their_sha1_and_nothing_else_does(void **state)
{
	static const char of_hello[] =
	    " APK-TOOLS.checksum.SHA1="
	    "f572d396fae9206628714fb2ce00f72e94f2258f"
	    "\n";
	struct tree t = TREE_INIT;
	struct bin b;

	(void)state;
	scratch_file("root/dir/file", "hello\n");
	must(link("root/dir/file", "root/dir/name"));
	must(mkfifo("root/dir/pipe", 0600));
	scratch_symlink("hello\n", "root/link"); /* what it links to counts */
	load(&t);
	pack(&b, &t, &with_sums);
	assert_int_equal(count_text(&b, "APK-TOOLS.checksum.SHA1="), 2);
	assert_int_equal(count_text(&b, of_hello), 2);
	buf_release(&b.bytes);
	tree_release(&t);
}

static void
without_checksums_every_file_and_link_still_has_a_pax_header(void **state)
{
	const struct pack_options o = { .checksum = PACK_NONE };
	struct tree t = TREE_INIT;
	struct bin b;

	(void)state;
	scratch_noise("root/large", LARGE);
	scratch_file("root/small", "");
	scratch_symlink("small", "root/link");
	load(&t);
	for (size_t i = 0; i < t.count; i++)
		t.entries[i].mtime_nsec = 0;
	pack(&b, &t, &o);
	assert_int_equal(count_text(&b, "APK-TOOLS"), 0);
	assert_int_equal(count_text(&b, "PaxHeader"), 3);
	buf_release(&b.bytes);
	tree_release(&t);
}

/* Things that happen to "root/file" while it is read. */

static void
append_to_it(void)
{
	const int fd = open("root/file", O_WRONLY | O_APPEND | O_CLOEXEC);

	must(fd);
	assert_int_equal(write(fd, "x", 1), 1);
	must(close(fd));
}

static void
truncate_it(void)
{
	must(truncate("root/file", LARGE / 2));
}

/* Other bytes of the same length and with the same times to show. */
static void
rewrite_it(void)
{
	struct timespec times[2];
	struct stat st;
	const int fd = open("root/file", O_WRONLY | O_CLOEXEC);

	must(fd);
	must(fstat(fd, &st));
	times[0] = st.st_atim;
	times[1] = st.st_mtim;
	assert_int_equal(pwrite(fd, "xyz", 3, LARGE - 3), 3);
	must(futimens(fd, times));
	must(close(fd));
}

static void
a_file_that_changes_while_it_is_written_is_a_fault(void **state)
{
	static void (*const acts[])(
	    void) = { append_to_it, truncate_it, rewrite_it };

	(void)state;
	for (size_t i = 0; i < sizeof(acts) / sizeof(*acts); i++) {
		struct bin b = {
			.sink.put = bin_put, .act_at = 2 * BLOCK, .act = acts[i]
		};
		struct tree t = TREE_INIT;
		struct fault f = { 0 };

		scratch_noise("root/file", LARGE);
		load(&t);
		assert_fault(pack_write(&b.sink, &t, &with_sums, &f), &f,
		    FAULT_INPUT, "'root/file': changed while it was read");
		assert_int_equal(b.act_at, 0);
		buf_release(&b.bytes);
		tree_release(&t);
	}
}

static void
without_checksums_a_change_is_seen_too(void **state)
{
	const struct pack_options o = { .checksum = PACK_NONE };
	struct bin b = {
		.sink.put = bin_put, .act_at = 2 * BLOCK, .act = rewrite_it
	};
	struct tree t = TREE_INIT;
	struct fault f = { 0 };

	(void)state;
	scratch_noise("root/file", LARGE);
	load(&t);
	assert_fault(pack_write(&b.sink, &t, &o, &f), &f, FAULT_INPUT,
	    "'root/file': changed while it was read");
	buf_release(&b.bytes);
	tree_release(&t);
}

static void
a_file_that_changed_before_it_was_read_is_a_fault(void **state)
{
	struct tree t = TREE_INIT;
	pid_t writer;

	(void)state;
	scratch_file("root/file", "12345");
	load(&t);
	scratch_file("root/file", "123456");
	refuse_tree(&t, FAULT_INPUT, "'root/file': changed since the tree was");

	/* another file of the same size, while the old one still exists */
	must(rename("root/file", "old"));
	scratch_file("root/file", "12345");
	refuse_tree(&t, FAULT_INPUT, "'root/file': changed since the tree was");

	must(unlink("root/file"));
	refuse_tree(&t, FAULT_SYSTEM, "'root/file': cannot open: No such file");

	must(symlink("../old", "root/file"));
	refuse_tree(
	    &t, FAULT_INPUT, "'root/file': is no longer a regular file");

	must(unlink("root/file"));
	must(mkfifo("root/file", 0600));
	writer = blocked_start("root/file");
	refuse_tree(
	    &t, FAULT_INPUT, "'root/file': is no longer a regular file");
	blocked_expect(writer);
	tree_release(&t);
}

static void
a_directory_swapped_for_a_link_leads_nowhere(void **state)
{
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("root/dir/file", "12345");
	load(&t);
	must(rename("root/dir", "moved"));
	must(symlink("../moved", "root/dir"));
	refuse_tree(&t, FAULT_SYSTEM, "'root/dir/file': cannot open");
	tree_release(&t);
}

static void
what_may_not_be_read_is_packed_and_keeps_its_mode(void **state)
{
	struct tree t = TREE_INIT;
	struct reader r;
	struct bin b;

	(void)state;
	scratch_file("root/dir/file", "12345");
	must(chmod("root/dir/file", 04111));
	must(chmod("root/dir", 0));
	load(&t);
	pack(&b, &t, &with_sums);
	reader_open(&r, &b);
	reader_next(&r, "dir/", AE_IFDIR);
	assert_int_equal(archive_entry_perm(r.e), 0);
	reader_next(&r, "dir/file", AE_IFREG);
	assert_int_equal(archive_entry_perm(r.e), 04111);
	reader_expect_bytes(&r, "12345", 5);
	reader_end(&r);
	assert_int_equal(scratch_mode("root/dir"), 0);
	must(chmod("root/dir", 0700));
	assert_int_equal(scratch_mode("root/dir/file"), 04111);
	buf_release(&b.bytes);
	tree_release(&t);
}

static void
what_apk_cannot_read_is_a_fault(void **state)
{
	struct tree t = TREE_INIT;
	struct entry *e;

	(void)state;
	scratch_file("root/file", "");
	must(truncate("root/file", (off_t)8 << 30));
	load(&t);
	e = &t.entries[0];
	refuse_tree(&t, FAULT_INPUT,
	    "'root/file': file of 8589934592 bytes, apk reads less than 8 GiB");
	must(truncate("root/file", 0));
	e->size = 0;
	e->uid = 2097152;
	refuse_tree(&t, FAULT_INPUT, "owner number is over 2097151");
	e->uid = 0;
	e->gid = 2097152;
	refuse_tree(&t, FAULT_INPUT, "owner number is over 2097151");
	e->gid = 0;
	e->mtime = (int64_t)1 << 33;
	refuse_tree(&t, FAULT_INPUT, "time is beyond");
	tree_release(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(files_and_links_carry_their_sha1_and_nothing_else_does),
		test(
		    without_checksums_every_file_and_link_still_has_a_pax_header),
		test(a_file_that_changes_while_it_is_written_is_a_fault),
		test(without_checksums_a_change_is_seen_too),
		test(a_file_that_changed_before_it_was_read_is_a_fault),
		test(a_directory_swapped_for_a_link_leads_nowhere),
		test(what_may_not_be_read_is_packed_and_keeps_its_mode),
		test(what_apk_cannot_read_is_a_fault),
	};

	return cmocka_run_group_tests_name("pack_contents", tests, NULL, NULL);
}
