/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "scratch.h"

#include "base/sink.h"
#include "engine/pack.h"
#include "engine/survey.h"
#include "engine/tree.h"

#include <archive.h>
#include <archive_entry.h>
#include <dlfcn.h>
#include <sys/xattr.h>

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

enum { LARGE = 3 * 512 * 1024 + 7, BLOCK = 512 };

static const struct pack_options with_sums = { .checksum = PACK_SHA1 };

/* Collects what is packed; may fail, or do something, when it has grown. */
struct bin {
	struct sink sink; /* first: a bin is a sink */
	struct buf bytes;
	unsigned puts, fail_at; /* 0: never */
	size_t act_at; /* bytes; 0: never */
	void (*act)(void);
};

static int
bin_put(struct sink *s, const void *bytes, size_t len, struct fault *f)
{
	struct bin *b = (struct bin *)s;

	if (++b->puts == b->fail_at)
		return fault_set(f, FAULT_SYSTEM, "the sink is full");
	if (buf_add(&b->bytes, bytes, len, f) < 0)
		return -1;
	if (b->act_at > 0 && b->bytes.len >= b->act_at) {
		b->act_at = 0;
		b->act();
	}
	return 0;
}

static void
load(struct tree *t)
{
	const struct survey_options o = { .has_xattrs = true };
	struct fault f = { 0 };

	assert_ok(tree_open(t, "root", &f), &f);
	assert_ok(survey_walk(t, "", &o, &f), &f);
	tree_sort(t);
}

/* Pack a tree that is as it should be. */
static void
pack(struct bin *b, const struct tree *t, const struct pack_options *o)
{
	struct fault f = { 0 };

	*b = (struct bin){ .sink.put = bin_put };
	if (pack_write(&b->sink, t, o, &f) < 0)
		fail_msg("%s", f.text);
}

static void
refuse_tree(const struct tree *t, enum fault_kind kind, const char *words)
{
	struct bin b = { .sink.put = bin_put };
	struct fault f = { 0 };

	assert_refused(pack_write(&b.sink, t, &with_sums, &f), &f, kind, words);
	buf_release(&b.bytes);
}

/* An archive that is being read back. */
struct reader {
	struct archive *ar;
	struct archive_entry *e;
};

static void
reader_open(struct reader *r, const struct bin *b)
{
	r->ar = archive_read_new();
	assert_non_null(r->ar);
	assert_int_equal(archive_read_support_format_tar(r->ar), ARCHIVE_OK);
	assert_int_equal(
	    archive_read_open_memory(r->ar, b->bytes.data, b->bytes.len),
	    ARCHIVE_OK);
}

/* The next entry is of this path and type. */
static void
reader_next(struct reader *r, const char *path, mode_t type)
{
	if (archive_read_next_header(r->ar, &r->e) != ARCHIVE_OK)
		fail_msg(
		    "instead of '%s': %s", path, archive_error_string(r->ar));
	assert_string_equal(archive_entry_pathname(r->e), path);
	assert_int_equal(archive_entry_filetype(r->e), type);
}

static void
reader_expect_bytes(struct reader *r, const void *bytes, size_t len)
{
	char *got = malloc(len + 1);

	assert_non_null(got);
	assert_int_equal(archive_read_data(r->ar, got, len + 1), len);
	assert_memory_equal(got, bytes, len);
	free(got);
}

static void
reader_end(struct reader *r)
{
	assert_int_equal(archive_read_next_header(r->ar, &r->e), ARCHIVE_EOF);
	assert_int_equal(archive_read_free(r->ar), ARCHIVE_OK);
}

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
	writer = scratch_block_writer("root/file");
	refuse_tree(
	    &t, FAULT_INPUT, "'root/file': is no longer a regular file");
	scratch_expect_blocked(writer);
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
		test(entries_are_read_back_as_they_were),
		test(devices_need_not_be_on_disk),
		test(a_large_file_and_its_neighbours_come_through),
		test(names_of_any_bytes_and_length_come_through),
		test(the_names_of_one_file_are_packed_as_hard_links),
		test(attributes_are_packed_as_bytes),
		test(files_and_links_carry_their_sha1_and_nothing_else_does),
		test(
		    without_checksums_every_file_and_link_still_has_a_pax_header),
		test(the_same_tree_gives_the_same_bytes),
		test(an_empty_tree_is_an_empty_archive),
		test(a_file_that_changes_while_it_is_written_is_a_fault),
		test(without_checksums_a_change_is_seen_too),
		test(a_file_that_changed_before_it_was_read_is_a_fault),
		test(a_directory_swapped_for_a_link_leads_nowhere),
		test(what_may_not_be_read_is_packed_and_keeps_its_mode),
		test(what_apk_cannot_read_is_a_fault),
		test(a_sink_that_fails_anywhere_ends_it_with_its_own_fault),
		test(a_failure_of_libarchive_anywhere_is_a_fault_in_its_words),
		test(a_control_character_is_packed_with_a_notice),
		test(progress_is_told_before_each_entry),
		test(every_failed_allocation_is_a_fault),
	};

	return cmocka_run_group_tests_name("pack", tests, NULL, NULL);
}
