/* SPDX-License-Identifier: BSD-2-Clause */
#include "../alloc.h"
#include "scratch.h"

#include "engine/build.h"
#include "engine/survey.h"
#include "engine/tree.h"

#include <archive.h>

static void
load(struct tree *t)
{
	const struct survey_options o = { 0 };
	struct fault f = { 0 };

	assert_ok(tree_open(t, "root", &f), &f);
	assert_ok(survey_walk(t, "", &o, &f), &f);
	tree_sort(t);
}

static void
make_tree(struct tree *t)
{
	scratch_noise("root/large", 10 << 20);
	scratch_file("root/dir/small", "text");
	scratch_symlink("small", "root/dir/link");
	load(t);
}

/* Nothing but these lies in directory "out". */
static void
expect_outputs(const char *const *names)
{
	DIR *d = opendir("out");
	const struct dirent *de;
	size_t n = 0, want = 0;

	assert_non_null(d);
	while ((de = readdir(d)) != NULL)
		n += strcmp(de->d_name, ".") != 0 &&
		    strcmp(de->d_name, "..") != 0;
	closedir(d);
	for (; names[want] != NULL; want++) {
		char path[64];

		snprintf(path, sizeof(path), "out/%s", names[want]);
		assert_true(scratch_has(path));
	}
	assert_int_equal(n, want);
}

static void
build(const struct tree *t, const struct build_options *o, char *datahash)
{
	struct fault f = { 0 };

	if (build_write(t, o, datahash, &f) < 0)
		fail_msg("%s", f.text);
}

/* The SHA-256 of a file, by other means. */
static void
hash_file(const char *path, char hex[DIGEST_HEX_MAX])
{
	char command[128];
	FILE *p;

	snprintf(command, sizeof(command), "sha256sum <%s", path);
	p = popen(command, "r");
	assert_non_null(p);
	assert_non_null(fgets(hex, DIGEST_HEX_MAX, p));
	assert_int_equal(pclose(p), 0);
}

/* What a gzip file holds, read by libarchive. */
static void
gunzip(struct buf *b, const char *path)
{
	struct archive *ar = archive_read_new();
	struct archive_entry *e;
	struct fault f = { 0 };
	char piece[65536];
	la_ssize_t n;

	assert_non_null(ar);
	assert_int_equal(archive_read_support_filter_gzip(ar), ARCHIVE_OK);
	assert_int_equal(archive_read_support_format_raw(ar), ARCHIVE_OK);
	assert_int_equal(
	    archive_read_open_filename(ar, path, 65536), ARCHIVE_OK);
	assert_int_equal(archive_read_next_header(ar, &e), ARCHIVE_OK);
	while ((n = archive_read_data(ar, piece, sizeof(piece))) > 0)
		assert_ok(buf_add(b, piece, (size_t)n, &f), &f);
	assert_int_equal(n, 0);
	assert_int_equal(archive_read_free(ar), ARCHIVE_OK);
}

static void
the_bytes_do_not_depend_on_threads(void **state)
{
	static const unsigned threads[] = { 0, 1, 2, 7 };
	char first_hash[DIGEST_HEX_MAX], hash[DIGEST_HEX_MAX];
	struct buf first = BUF_INIT, other = BUF_INIT;
	struct tree t = TREE_INIT;

	(void)state;
	make_tree(&t);
	for (size_t i = 0; i < sizeof(threads) / sizeof(*threads); i++) {
		const struct build_options o = {
			.output = i == 0 ? "first" : "other",
			.threads = threads[i],
			.level = 6,
		};

		build(&t, &o, i == 0 ? first_hash : hash);
		scratch_load(i == 0 ? &first : &other, o.output);
		if (i == 0)
			continue;
		assert_int_equal(first.len, other.len);
		assert_memory_equal(first.data, other.data, first.len);
		assert_string_equal(first_hash, hash);
	}
	buf_release(&first);
	buf_release(&other);
	tree_release(&t);
}

static void
the_compressed_archive_holds_the_plain_one(void **state)
{
	const struct build_options plain = { .output = "tar",
		.format = BUILD_TAR };
	const struct build_options gz = {
		.output = "gz", .threads = 2, .level = 6
	};
	struct buf want = BUF_INIT, got = BUF_INIT;
	struct tree t = TREE_INIT;

	(void)state;
	make_tree(&t);
	build(&t, &plain, NULL);
	build(&t, &gz, NULL);
	scratch_load(&want, "tar");
	gunzip(&got, "gz");
	assert_true(want.len > 10 << 20);
	assert_int_equal(want.len, got.len);
	assert_memory_equal(want.data, got.data, want.len);
	buf_release(&want);
	buf_release(&got);
	tree_release(&t);
}

static void
the_datahash_is_the_sha256_of_the_file(void **state)
{
	static const enum build_format formats[] = { BUILD_TAR_GZ, BUILD_TAR };
	struct tree t = TREE_INIT;

	(void)state;
	make_tree(&t);
	for (size_t i = 0; i < 2; i++) {
		const struct build_options o = {
			.output = "data", .format = formats[i], .level = 1
		};
		char got[DIGEST_HEX_MAX], want[DIGEST_HEX_MAX];

		build(&t, &o, got);
		hash_file("data", want);
		assert_string_equal(got, want);
	}
	tree_release(&t);
}

static void
a_failed_build_leaves_the_old_file_and_nothing_else(void **state)
{
	static const char *const names[] = { "data", NULL };
	static const unsigned threads[] = { 0, 2 };
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("out/data", "old");
	make_tree(&t);
	must(unlink("root/large"));
	for (size_t i = 0; i < 4; i++) {
		const struct build_options o = {
			.output = "out/data",
			.format = i < 2 ? BUILD_TAR_GZ : BUILD_TAR,
			.threads = threads[i % 2],
			.level = 6,
		};
		char hash[DIGEST_HEX_MAX];
		struct fault f = { 0 };

		assert_refused(build_write(&t, &o, hash, &f), &f, FAULT_SYSTEM,
		    "'root/large': cannot open");
		scratch_expect("out/data", "old");
		expect_outputs(names);
	}
	tree_release(&t);
}

static void
a_failed_first_build_leaves_nothing(void **state)
{
	static const char *const names[] = { NULL };
	const struct build_options o = { .output = "out/data", .level = 6 };
	struct tree t = TREE_INIT;
	struct fault f = { 0 };

	(void)state;
	scratch_dir("out");
	make_tree(&t);
	must(unlink("root/dir/small"));
	assert_refused(build_write(&t, &o, NULL, &f), &f, FAULT_SYSTEM,
	    "'root/dir/small'");
	expect_outputs(names);
	tree_release(&t);
}

static void
a_good_build_takes_the_place_of_the_old_file(void **state)
{
	static const char *const names[] = { "data", NULL };
	const struct build_options o = { .output = "out/data", .level = 6 };
	struct buf b = BUF_INIT;
	struct tree t = TREE_INIT;

	(void)state;
	scratch_file("out/data", "old");
	make_tree(&t);
	build(&t, &o, NULL);
	scratch_load(&b, "out/data");
	assert_true(b.len > 1000);
	assert_memory_equal(b.data, "\x1f\x8b", 2);
	expect_outputs(names);
	buf_release(&b);
	tree_release(&t);
}

static void
a_full_device_is_a_fault(void **state)
{
	const struct build_options o = { .output = "/dev/full", .level = 6 };
	struct tree t = TREE_INIT;
	struct fault f = { 0 };

	(void)state;
	make_tree(&t);
	assert_refused(build_write(&t, &o, NULL, &f), &f, FAULT_SYSTEM,
	    "No space left on device");
	tree_release(&t);
}

static void
an_output_that_cannot_be_made_is_a_fault(void **state)
{
	const struct build_options o = { .output = "none/data", .level = 6 };
	struct tree t = TREE_INIT;
	struct fault f = { 0 };

	(void)state;
	make_tree(&t);
	assert_refused(build_write(&t, &o, NULL, &f), &f, FAULT_SYSTEM,
	    "'none/data': No such file or directory");
	tree_release(&t);
}

struct attempt {
	const struct tree *tree;
	struct build_options o;
};

static int
build_again(void *arg, struct fault *f)
{
	const struct attempt *a = arg;
	char hash[DIGEST_HEX_MAX];
	int r;

	(void)unlink("out/data");
	r = build_write(a->tree, &a->o, hash, f);
	assert_int_equal(scratch_has("out/data"), r == 0);
	return r;
}

static void
every_failed_allocation_is_a_fault_and_leaves_nothing(void **state)
{
	static const char *const names[] = { "data", NULL };
	struct tree t = TREE_INIT;
	struct attempt a = { .tree = &t,
		.o = { .output = "out/data", .level = 6 } };

	(void)state;
	scratch_dir("out");
	scratch_file("root/dir/small", "text");
	scratch_symlink("small", "root/dir/link");
	load(&t);
	alloc_fail_each(build_again, &a);
	expect_outputs(names);
	a.o.format = BUILD_TAR;
	alloc_fail_each(build_again, &a);
	expect_outputs(names);
	tree_release(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(the_bytes_do_not_depend_on_threads),
		test(the_compressed_archive_holds_the_plain_one),
		test(the_datahash_is_the_sha256_of_the_file),
		test(a_failed_build_leaves_the_old_file_and_nothing_else),
		test(a_failed_first_build_leaves_nothing),
		test(a_good_build_takes_the_place_of_the_old_file),
		test(a_full_device_is_a_fault),
		test(an_output_that_cannot_be_made_is_a_fault),
		test(every_failed_allocation_is_a_fault_and_leaves_nothing),
	};

	return cmocka_run_group_tests_name("build", tests, NULL, NULL);
}
