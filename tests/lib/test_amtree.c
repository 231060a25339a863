/* SPDX-License-Identifier: BSD-2-Clause */
/* libamtree as a program has it: amtree.h, and what is on disk */
#include "../alloc.h"
#include "../engine/scratch.h"

#include "amtree.h"
#include "base/version.h"

/* A package with a declared owner, a recorded one, and a name to escape. */
static void
make_package(void)
{
	scratch_file("pkg/foo/usr/bin/su", "su\n");
	scratch_file("pkg/foo/usr/share/a b", "text\n");
	scratch_symlink("su", "pkg/foo/usr/bin/link");
	scratch_file("pkg/.control.foo/.mtree",
	    "#mtree v2.0\n"
	    "#amtree bind=mode,gname\n"
	    "usr/bin/su gname=wheel uname=root mode=4750 type=file\n"
	    "#amtree recorded bind=uname\n"
	    "usr/share/a\\040b uname=www gname=root mode=644 type=file "
	    "optional\n");
}

static struct amtree *
open_package(const char *root, const char *control)
{
	struct amtree *a = amtree_new();

	assert_non_null(a);
	assert_int_equal(amtree_package(a, root, control), 0);
	assert_string_equal(amtree_error(a), "");
	return a;
}

static const struct amtree_entry *
find(const struct amtree *a, const char *path)
{
	const struct amtree_entry *e = NULL;

	while ((e = amtree_next(a, e)) != NULL) {
		if (strcmp(amtree_entry_path(e), path) == 0)
			return e;
	}
	fail_msg("no '%s'", path);
	return NULL;
}

static void
assert_ok_call(const struct amtree *a, int r)
{
	if (r < 0)
		fail_msg("%s", amtree_error(a));
}

static void
assert_fails(const struct amtree *a, int r, const char *words)
{
	assert_int_equal(r, -1);
	if (strstr(amtree_error(a), words) == NULL)
		fail_msg("'%s' says nothing of '%s'", amtree_error(a), words);
}

static int
take(void *arg, const void *bytes, size_t len)
{
	struct fault f = { 0 };

	return buf_add(arg, bytes, len, &f);
}

static int
refuse(void *arg, const void *bytes, size_t len)
{
	(void)arg;
	(void)bytes;
	(void)len;
	return 1;
}

static void
the_version_is_that_of_the_programs(void **state)
{
	(void)state;
	assert_string_equal(amtree_version(), VERSION);
}

static void
overrides_are_read_without_the_tree(void **state)
{
	struct amtree *a;
	const struct amtree_entry *e;

	(void)state;
	make_package();
	scratch_remove("pkg/foo");
	a = open_package("pkg/foo", "pkg/.control.foo");
	assert_ok_call(a, amtree_read(a));
	e = amtree_next(a, NULL);
	assert_string_equal(amtree_entry_path(e), "usr/bin/su");
	assert_int_equal(amtree_entry_binds(e), AMTREE_MODE | AMTREE_GROUP);
	assert_int_equal(amtree_entry_recorded(e), 0);
	assert_int_equal(amtree_entry_mode(e), 04750);
	assert_string_equal(amtree_entry_gname(e), "wheel");
	e = amtree_next(a, e);
	assert_string_equal(amtree_entry_path(e), "usr/share/a b");
	assert_int_equal(amtree_entry_binds(e), AMTREE_USER | AMTREE_OPTIONAL);
	assert_int_equal(amtree_entry_recorded(e), AMTREE_USER);
	assert_null(amtree_next(a, e));
	amtree_free(a);
}

static void
merging_lays_them_over_root_and_the_disk(void **state)
{
	struct amtree *a;
	const struct amtree_entry *e;
	size_t len = 1;

	(void)state;
	make_package();
	a = open_package("pkg/foo", NULL);
	assert_int_equal(amtree_set(a, AMTREE_EPOCH, 1700000000), 0);
	assert_ok_call(a, amtree_merge(a));
	e = amtree_next(a, NULL);
	assert_string_equal(amtree_entry_path(e), "usr");
	assert_string_equal(amtree_entry_type(e), "dir");
	assert_string_equal(amtree_entry_uname(e), "root");
	assert_int_equal(amtree_entry_size(e), 0);
	assert_int_equal(amtree_entry_is_changed(e), 0);
	e = find(a, "usr/bin/link");
	assert_string_equal(amtree_entry_type(e), "link");
	assert_string_equal(amtree_entry_link(e), "su");
	e = find(a, "usr/bin/su");
	assert_int_equal(amtree_entry_mode(e), 04750);
	assert_int_equal(amtree_entry_gid(e), 65534);
	assert_int_equal(amtree_entry_uid(e), 0);
	assert_int_equal(amtree_entry_size(e), 3);
	assert_int_equal(amtree_entry_is_changed(e), 1);
	assert_int_equal(amtree_entry_mtime(e), 1700000000);
	assert_int_equal(amtree_entry_mtime_nsec(e), 0);
	assert_int_equal(amtree_entry_binds(e), 0);
	assert_null(amtree_entry_caps(e, &len));
	assert_int_equal(len, 0);
	assert_string_equal(
	    amtree_entry_uname(find(a, "usr/share/a b")), "www");
	amtree_free(a);
}

static void
capabilities_and_devices_are_told(void **state)
{
	struct amtree *a;
	const struct amtree_entry *e;
	size_t len;

	(void)state;
	scratch_file("root/ping", "ping\n");
	scratch_file("control/.mtree",
	    "#amtree caps=cap_net_raw+ep\n"
	    "./ping mode=755\n"
	    "./null type=char device=native,1,3 mode=666\n");
	a = open_package("root", "control");
	assert_ok_call(a, amtree_read(a));
	assert_non_null(amtree_entry_caps(find(a, "ping"), &len));
	assert_int_equal(len, 20);
	assert_ok_call(a, amtree_merge(a));
	assert_non_null(amtree_entry_caps(find(a, "ping"), &len));
	assert_int_equal(len, 20);
	e = find(a, "null");
	assert_string_equal(amtree_entry_type(e), "char");
	assert_int_equal(amtree_entry_major(e), 1);
	assert_int_equal(amtree_entry_minor(e), 3);
	amtree_free(a);
}

static void
an_empty_control_directory_means_no_overrides(void **state)
{
	struct amtree *a;

	(void)state;
	make_package();
	a = open_package("pkg/foo", "");
	assert_ok_call(a, amtree_read(a));
	assert_null(amtree_next(a, NULL));
	assert_ok_call(a, amtree_merge(a));
	assert_int_equal(amtree_entry_is_changed(find(a, "usr/bin/su")), 0);
	amtree_free(a);
}

static void
the_list_is_what_a_merged_file_has(void **state)
{
	struct buf text = BUF_INIT;
	struct fault f = { 0 };
	struct amtree *a;

	(void)state;
	make_package();
	a = open_package("pkg/foo", NULL);
	assert_int_equal(amtree_set(a, AMTREE_EPOCH, 5), 0);
	assert_ok_call(a, amtree_merge(a));
	assert_ok_call(a, amtree_write(a, AMTREE_CHANGED, take, &text));
	assert_string_equal(buf_end(&text, &f),
	    "#mtree v2.0\n"
	    "usr/bin/su gname=wheel gid=65534 uname=root uid=0 mode=4750 "
	    "type=file size=3 time=5.000000000\n"
	    "usr/share/a\\040b gname=root gid=0 uname=www uid=0 mode=644 "
	    "type=file size=5 time=5.000000000\n");
	buf_reset(&text);
	assert_ok_call(a, amtree_write(a, AMTREE_ALL, take, &text));
	assert_non_null(strstr(buf_end(&text, &f), "\nusr/bin/link "));
	buf_release(&text);
	amtree_free(a);
}

static void
a_file_and_a_stream_get_the_same_bytes(void **state)
{
	char first[AMTREE_DATAHASH], second[AMTREE_DATAHASH];
	struct buf stream = BUF_INIT, file = BUF_INIT;
	struct amtree *a;

	(void)state;
	make_package();
	a = open_package("pkg/foo", NULL);
	assert_int_equal(amtree_set(a, AMTREE_EPOCH, 5), 0);
	assert_ok_call(a, amtree_merge(a));
	assert_ok_call(a, amtree_build(a, "data.tar.gz", first));
	assert_int_equal(amtree_set(a, AMTREE_THREADS, 3), 0);
	assert_ok_call(a, amtree_stream(a, take, &stream, second));
	scratch_load(&file, "data.tar.gz");
	assert_int_equal(file.len, stream.len);
	assert_memory_equal(file.data, stream.data, file.len);
	assert_string_equal(first, second);
	buf_reset(&file);
	assert_ok_call(a, amtree_build(a, "-", NULL)); /* as any name */
	scratch_load(&file, "-");
	assert_int_equal(file.len, stream.len);
	buf_reset(&stream);
	assert_int_equal(amtree_set(a, AMTREE_GZIP, 0), 0);
	assert_ok_call(a, amtree_stream(a, take, &stream, NULL));
	assert_int_equal(stream.len % 512, 0);
	assert_memory_equal(stream.data + 257, "ustar", 5);
	buf_release(&stream);
	buf_release(&file);
	amtree_free(a);
}

static void
checksums_may_be_left_to_others(void **state)
{
	struct buf with = BUF_INIT, without = BUF_INIT;
	struct amtree *a;

	(void)state;
	make_package();
	a = open_package("pkg/foo", NULL);
	assert_int_equal(amtree_set(a, AMTREE_GZIP, 0), 0);
	assert_ok_call(a, amtree_merge(a));
	assert_ok_call(a, amtree_stream(a, take, &with, NULL));
	assert_int_equal(amtree_set(a, AMTREE_CHECKSUMS, 0), 0);
	assert_ok_call(a, amtree_stream(a, take, &without, NULL));
	assert_non_null(memmem(with.data, with.len, "APK-TOOLS", 9));
	assert_null(memmem(without.data, without.len, "APK-TOOLS", 9));
	buf_release(&with);
	buf_release(&without);
	amtree_free(a);
}

static void
siblings_take_what_was_moved(void **state)
{
	struct amtree *a;

	(void)state;
	make_package();
	scratch_file("pkg/foo-sub/usr/bin/su", "su\n");
	assert_int_equal(unlink("pkg/foo/usr/bin/su"), 0);
	a = open_package("pkg/foo", NULL);
	assert_fails(a, amtree_merge(a), ".control.foo/.mtree:3: 'usr/bin/su'");
	assert_null(amtree_next(a, NULL));
	assert_int_equal(amtree_sibling(a, "pkg/foo-sub", NULL), 0);
	assert_ok_call(a, amtree_merge(a));
	assert_string_equal(amtree_error(a), "");
	amtree_free(a);
}

static void
hear(void *arg, const char *text)
{
	snprintf(arg, 256, "%s", text);
}

static void
what_is_left_out_is_heard(void **state)
{
	char heard[256] = "";
	struct amtree *a;

	(void)state;
	make_package();
	scratch_file("pkg/foo/.hidden", "");
	a = open_package("pkg/foo", NULL);
	amtree_listen(a, hear, heard);
	assert_ok_call(a, amtree_merge(a));
	assert_non_null(strstr(heard, "'.hidden' begins with a dot"));
	heard[0] = '\0';
	amtree_listen(a, NULL, NULL);
	assert_ok_call(a, amtree_merge(a));
	assert_string_equal(heard, "");
	amtree_free(a);
}

static void
a_broken_journal_is_named(void **state)
{
	struct amtree *a;

	(void)state;
	make_package();
	scratch_file("journal", "#amtree journal 1\nnonsense\n");
	a = open_package("pkg/foo", NULL);
	assert_int_equal(amtree_journal(a, "journal"), 0);
	assert_fails(a, amtree_merge(a), "journal:2:");
	amtree_free(a);
}

static void
settings_have_limits(void **state)
{
	struct amtree *a = amtree_new();

	(void)state;
	assert_non_null(a);
	assert_fails(a, amtree_set(a, 0, 0), "no setting 0");
	assert_fails(a, amtree_set(a, 99, 0), "no setting 99");
	assert_fails(a, amtree_set(a, AMTREE_THREADS, 65), "from 0 to 64");
	assert_fails(a, amtree_set(a, AMTREE_LEVEL, -1), "from 0 to 12");
	assert_fails(a, amtree_set(a, AMTREE_EPOCH, INT64_MAX), "8589934591");
	assert_int_equal(amtree_set(a, AMTREE_LEVEL, 1), 0);
	assert_string_equal(amtree_error(a), "");
	amtree_free(a);
}

static void
nothing_loaded_is_an_error(void **state)
{
	struct amtree *a = amtree_new();

	(void)state;
	assert_non_null(a);
	assert_fails(a, amtree_read(a), "no package was named");
	assert_fails(a, amtree_merge(a), "no package was named");
	assert_fails(a, amtree_write(a, AMTREE_ALL, refuse, NULL), "nothing");
	assert_fails(a, amtree_build(a, "x", NULL), "nothing");
	assert_fails(a, amtree_stream(a, refuse, NULL, NULL), "nothing");
	assert_null(amtree_next(a, NULL));
	amtree_free(a);
	amtree_free(NULL);
	assert_string_equal(amtree_error(NULL), "out of memory");
}

static void
who_takes_the_output_can_end_it(void **state)
{
	struct amtree *a;

	(void)state;
	make_package();
	a = open_package("pkg/foo", NULL);
	assert_ok_call(a, amtree_merge(a));
	assert_fails(a, amtree_write(a, AMTREE_ALL, refuse, NULL), "ended by");
	assert_fails(a, amtree_stream(a, refuse, NULL, NULL), "ended by");
	assert_ok_call(a, amtree_build(a, "data.tar.gz", NULL));
	amtree_free(a);
}

static void
a_file_that_changed_since_is_refused(void **state)
{
	struct amtree *a;

	(void)state;
	make_package();
	a = open_package("pkg/foo", NULL);
	assert_ok_call(a, amtree_merge(a));
	scratch_file("pkg/foo/usr/share/a b", "another text\n");
	assert_fails(a, amtree_build(a, "data.tar.gz", NULL), "a b'");
	assert_false(scratch_has("data.tar.gz"));
	amtree_free(a);
}

/* All that can be asked for, once. */
static int
use(void *arg, struct fault *f)
{
	struct amtree *a = amtree_new();
	struct buf text = BUF_INIT;
	int r = -1;

	(void)arg;
	if (a != NULL && amtree_package(a, "pkg/foo", NULL) == 0 &&
	    amtree_sibling(a, "pkg/foo-sub", NULL) == 0 &&
	    amtree_read(a) == 0 && amtree_merge(a) == 0 &&
	    amtree_write(a, AMTREE_ALL, take, &text) == 0 &&
	    amtree_build(a, "data.tar.gz", NULL) == 0)
		r = 0;
	if (r < 0) {
		assert_string_not_equal(amtree_error(a), "");
		fault_set(f, FAULT_MEMORY, "%s", amtree_error(a));
	}
	buf_release(&text);
	amtree_free(a);
	return r;
}

static void
every_failed_allocation_is_an_error_and_leaks_nothing(void **state)
{
	(void)state;
	make_package();
	scratch_file("pkg/foo-sub/x", "");
	alloc_fail_each(use, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(the_version_is_that_of_the_programs),
		test(overrides_are_read_without_the_tree),
		test(merging_lays_them_over_root_and_the_disk),
		test(capabilities_and_devices_are_told),
		test(an_empty_control_directory_means_no_overrides),
		test(the_list_is_what_a_merged_file_has),
		test(a_file_and_a_stream_get_the_same_bytes),
		test(checksums_may_be_left_to_others),
		test(siblings_take_what_was_moved),
		test(what_is_left_out_is_heard),
		test(a_broken_journal_is_named),
		test(settings_have_limits),
		test(nothing_loaded_is_an_error),
		test(who_takes_the_output_can_end_it),
		test(a_file_that_changed_since_is_refused),
		test(every_failed_allocation_is_an_error_and_leaks_nothing),
	};

	return cmocka_run_group_tests_name("amtree", tests, NULL, NULL);
}
