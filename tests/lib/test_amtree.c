/* SPDX-License-Identifier: BSD-2-Clause */
/* libamtree as a program has it: amtree.h, and what is on disk */
#include "test_amtree.h"
#include "../engine/scratch.h"

#include "amtree.h"
#include "base/version.h"

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
	};

	return cmocka_run_group_tests_name("amtree", tests, NULL, NULL);
}
