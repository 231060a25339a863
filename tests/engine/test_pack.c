/* SPDX-License-Identifier: BSD-2-Clause */
#include "test_pack.h"
#include "scratch.h"

#include "engine/tree.h"

#include <archive.h>
#include <archive_entry.h>
#include <sys/xattr.h>

static void
entries_are_read_back_as_they_were(void **state)
{
	struct tree t = TREE_INIT;
	struct reader r;
	struct bin b;
	struct entry *e;

	(void)state;
	scratch_file("root/a/file", "hello\n");
	must(chmod("root/a/file", 04751));
	must(mkfifo("root/a/pipe", 0600));
	scratch_symlink("../no/where", "root/link");
	load(&t);
	for (size_t i = 0; i < t.count; i++)
		t.entries[i].mtime = 1700000000 + (int64_t)i;
	e = tree_find(&t, "a/file");
	e->uname = "www";
	e->gname = NULL;
	e->uid = 65534;
	e->gid = 2097151;
	pack(&b, &t, &with_sums);

	reader_open(&r, &b);
	reader_next(&r, "a/", AE_IFDIR);
	assert_int_equal(archive_entry_perm(r.e), 0755);
	assert_string_equal(archive_entry_uname(r.e), "root");
	assert_int_equal(archive_entry_uid(r.e), 0);
	/* of 64 bits, 32 may be all that libarchive gave, see engine/member */
	assert_int_equal((uint32_t)archive_entry_mtime(r.e), 1700000000);
	reader_next(&r, "a/file", AE_IFREG);
	assert_int_equal(archive_entry_perm(r.e), 04751);
	assert_string_equal(archive_entry_uname(r.e), "www");
	assert_int_equal(archive_entry_uid(r.e), 65534);
	assert_true(archive_entry_gname(r.e) == NULL ||
	    *archive_entry_gname(r.e) == '\0');
	assert_int_equal(archive_entry_gid(r.e), 2097151);
	assert_int_equal((uint32_t)archive_entry_mtime(r.e), 1700000001);
	reader_expect_bytes(&r, "hello\n", 6);
	reader_next(&r, "a/pipe", AE_IFIFO);
	assert_int_equal(archive_entry_perm(r.e), 0600);
	reader_next(&r, "link", AE_IFLNK);
	assert_string_equal(archive_entry_symlink(r.e), "../no/where");
	assert_int_equal(archive_entry_perm(r.e), 0777);
	reader_end(&r);
	buf_release(&b.bytes);
	tree_release(&t);
}

static void
devices_need_not_be_on_disk(void **state)
{
	struct tree t = TREE_INIT;
	struct fault f = { 0 };
	struct reader r;
	struct bin b;
	struct entry *e;

	(void)state;
	scratch_dir("root");
	load(&t);
	e = tree_append(&t, &f);
	assert_non_null(e);
	*e = (struct entry){ .path = "null",
		.uname = "root",
		.gname = "root",
		.type = ENTRY_CHAR,
		.mode = 0666,
		.major = 0xfff,
		.minor = 0xfffff,
		.is_created = true };
	pack(&b, &t, &with_sums);
	reader_open(&r, &b);
	reader_next(&r, "null", AE_IFCHR);
	assert_int_equal(archive_entry_rdevmajor(r.e), 0xfff);
	assert_int_equal(archive_entry_rdevminor(r.e), 0xfffff);
	reader_end(&r);
	buf_release(&b.bytes);
	tree_release(&t);
}

static void
a_large_file_and_its_neighbours_come_through(void **state)
{
	struct tree t = TREE_INIT;
	struct buf want = BUF_INIT;
	struct reader r;
	struct bin b;

	(void)state;
	scratch_file("root/a", "");
	scratch_noise("root/b", LARGE);
	scratch_noise("root/c", (size_t)512 * 1024);
	scratch_file("root/d", "last");
	load(&t);
	pack(&b, &t, &with_sums);
	assert_int_equal(b.bytes.len % BLOCK, 0);
	reader_open(&r, &b);
	reader_next(&r, "a", AE_IFREG);
	reader_expect_bytes(&r, "", 0);
	reader_next(&r, "b", AE_IFREG);
	scratch_load(&want, "root/b");
	reader_expect_bytes(&r, want.data, want.len);
	reader_next(&r, "c", AE_IFREG);
	scratch_load(&want, "root/c");
	reader_expect_bytes(&r, want.data, want.len);
	reader_next(&r, "d", AE_IFREG);
	reader_expect_bytes(&r, "last", 4);
	reader_end(&r);
	buf_release(&want);
	buf_release(&b.bytes);
	tree_release(&t);
}

static void
names_of_any_bytes_and_length_come_through(void **state)
{
	char path[2 * 250 + 8] = "root/";
	struct tree t = TREE_INIT;
	struct reader r;
	struct bin b;

	(void)state;
	memset(path + 5, 'd', 200);
	path[205] = '/';
	memset(path + 206, 'f', 250);
	scratch_file(path, "");
	scratch_file("root/caf\xe9 \xff", "");
	load(&t);
	pack(&b, &t, &with_sums);
	reader_open(&r, &b);
	/* libarchive warns of a name that is no UTF-8, but keeps it */
	assert_int_equal(archive_read_next_header(r.ar, &r.e), ARCHIVE_WARN);
	assert_string_equal(archive_entry_pathname(r.e), "caf\xe9 \xff");
	path[205] = '\0';
	assert_int_equal(archive_read_next_header(r.ar, &r.e), ARCHIVE_OK);
	assert_memory_equal(archive_entry_pathname(r.e), path + 5, 200);
	path[205] = '/';
	reader_next(&r, path + 5, AE_IFREG);
	reader_end(&r);
	assert_null(memmem(b.bytes.data, b.bytes.len, "hdrcharset", 10));
	buf_release(&b.bytes);
	tree_release(&t);
}

static void
the_names_of_one_file_are_packed_as_hard_links(void **state)
{
	struct tree t = TREE_INIT;
	struct reader r;
	struct bin b;

	(void)state;
	scratch_file("root/usr/a", "text");
	must(link("root/usr/a", "root/usr/b"));
	must(link("root/usr/a", "root/c"));
	load(&t);
	pack(&b, &t, &with_sums);
	reader_open(&r, &b);
	reader_next(&r, "c", AE_IFREG);
	assert_null(archive_entry_hardlink(r.e));
	reader_expect_bytes(&r, "text", 4);
	reader_next(&r, "usr/", AE_IFDIR);
	for (const char *path = "usr/a"; path != NULL;
	     path = strcmp(path, "usr/a") == 0 ? "usr/b" : NULL) {
		assert_int_equal(
		    archive_read_next_header(r.ar, &r.e), ARCHIVE_OK);
		assert_string_equal(archive_entry_pathname(r.e), path);
		assert_string_equal(archive_entry_hardlink(r.e), "c");
		assert_int_equal(archive_entry_size(r.e), 0);
	}
	reader_end(&r);
	buf_release(&b.bytes);
	tree_release(&t);
}

static void
attributes_are_packed_as_bytes(void **state)
{
	struct tree t = TREE_INIT;
	const char *name;
	const void *value;
	struct reader r;
	struct bin b;
	size_t len;

	(void)state;
	scratch_file("root/file", "");
	must(setxattr("root/file", "user.a", "x\0=\n", 4, 0));
	load(&t);
	pack(&b, &t, &with_sums);
	assert_non_null(memmem(
	    b.bytes.data, b.bytes.len, "SCHILY.xattr.user.a=x\0=\n", 24));
	reader_open(&r, &b);
	reader_next(&r, "file", AE_IFREG);
	assert_int_equal(archive_entry_xattr_reset(r.e), 1);
	assert_int_equal(
	    archive_entry_xattr_next(r.e, &name, &value, &len), ARCHIVE_OK);
	assert_string_equal(name, "user.a");
	assert_int_equal(len, 4);
	assert_memory_equal(value, "x\0=\n", 4);
	reader_end(&r);
	buf_release(&b.bytes);
	tree_release(&t);
}

static void
the_same_tree_gives_the_same_bytes(void **state)
{
	struct tree t = TREE_INIT;
	struct bin a, b;

	(void)state;
	scratch_noise("root/large", LARGE);
	scratch_symlink("large", "root/link");
	scratch_file("root/caf\xe9/file", "text");
	load(&t);
	pack(&a, &t, &with_sums);
	tree_release(&t);
	load(&t);
	umask(077);
	pack(&b, &t, &with_sums);
	assert_int_equal(a.bytes.len, b.bytes.len);
	assert_memory_equal(a.bytes.data, b.bytes.data, a.bytes.len);
	buf_release(&a.bytes);
	buf_release(&b.bytes);
	tree_release(&t);
}

static void
an_empty_tree_is_an_empty_archive(void **state)
{
	static const char zeros[2 * BLOCK];
	struct tree t = TREE_INIT;
	struct bin b;

	(void)state;
	scratch_dir("root");
	load(&t);
	pack(&b, &t, &with_sums);
	assert_int_equal(b.bytes.len, sizeof(zeros));
	assert_memory_equal(b.bytes.data, zeros, sizeof(zeros));
	buf_release(&b.bytes);
	tree_release(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(entries_are_read_back_as_they_were),
		test(devices_need_not_be_on_disk),
		test(a_large_file_and_its_neighbours_come_through),
		test(names_of_any_bytes_and_length_come_through),
		test(the_names_of_one_file_are_packed_as_hard_links),
		test(attributes_are_packed_as_bytes),
		test(the_same_tree_gives_the_same_bytes),
		test(an_empty_tree_is_an_empty_archive),
	};

	return cmocka_run_group_tests_name("pack", tests, NULL, NULL);
}
