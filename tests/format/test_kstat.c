/* SPDX-License-Identifier: BSD-2-Clause */
#include "../i386.h"
#include "../scratch.h"

#include "base/statx.h"
#include "format/kstat.h"

#include <sys/sysmacros.h>

enum { NS = 123456789 };

static const off_t large = (off_t)5 << 30; /* does not fit into 32 bits */

/* Files of every kind that can be had without being root. */
static const char *const files[] = {
	".",
	"file",
	"large",
	"fifo",
	"dangling",
	"/",
	"/dev/null",
	"/dev/full",
};

enum { FILES = sizeof(files) / sizeof(*files) };

static int
make_files(void **state)
{
	const struct timespec times[] = { { -86400, NS }, { 1000000000, 1 } };
	int fd;

	if (scratch_setup(state) < 0)
		return -1;
	scratch_write("file", "some bytes\n");
	assert_int_equal(link("file", "second"), 0);
	assert_int_equal(chmod("file", 04751), 0);
	assert_int_equal(utimensat(AT_FDCWD, "file", times, 0), 0);
	fd = open("large", O_WRONLY | O_CREAT, 0640);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, large), 0);
	assert_int_equal(close(fd), 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	return symlink("nowhere", "dangling");
}

static void
look(const char *file, struct statx *sx)
{
	if (statx(AT_FDCWD, file, AT_SYMLINK_NOFOLLOW,
		STATX_BASIC_STATS | STATX_BTIME, sx) < 0)
		fail_msg("statx '%s': %s", file, strerror(errno));
}

#ifdef SYS_newfstatat

static void
the_native_shape_is_byte_for_byte_the_kernels(void **state)
{
	unsigned char bytes[KSTAT_MAX];
	struct statx sx;

	(void)state;
	for (int i = 0; i < FILES; i++) {
		struct stat st = { 0 };

		if (syscall(SYS_newfstatat, AT_FDCWD, files[i], &st,
			AT_SYMLINK_NOFOLLOW) < 0)
			fail_msg("stat '%s': %s", files[i], strerror(errno));
		look(files[i], &sx);
		memset(bytes, 0xee, sizeof(bytes));
		assert_int_equal(kstat_native(bytes, &sx), sizeof(st));
		if (memcmp(bytes, &st, sizeof(st)) != 0)
			fail_msg("'%s' is not the same", files[i]);
		assert_int_equal(bytes[sizeof(st)], 0xee);
	}
}

static void
the_native_shape_is_what_the_c_library_reads(void **state)
{
	unsigned char bytes[KSTAT_MAX];
	struct stat got, want;
	struct statx sx;

	(void)state;
	look("large", &sx);
	assert_int_equal(kstat_native(bytes, &sx), sizeof(got));
	memcpy(&got, bytes, sizeof(got));
	assert_int_equal(lstat("large", &want), 0);
	assert_int_equal(got.st_size, large);
	assert_int_equal(got.st_blocks, want.st_blocks);
	look("file", &sx);
	(void)kstat_native(bytes, &sx);
	memcpy(&got, bytes, sizeof(got));
	assert_int_equal(got.st_mode, S_IFREG | 04751);
	assert_int_equal(got.st_nlink, 2);
	assert_int_equal(got.st_atim.tv_sec, -86400);
	assert_int_equal(got.st_atim.tv_nsec, NS);
	assert_int_equal(got.st_mtim.tv_sec, 1000000000);
}

static void
a_device_that_does_not_exist_has_its_numbers(void **state)
{
	unsigned char bytes[KSTAT_MAX];
	struct stat got;
	struct statx sx;

	(void)state;
	look("file", &sx);
	sx.stx_mode = S_IFCHR | 0600;
	sx.stx_rdev_major = 4095;
	sx.stx_rdev_minor = 1048575;
	(void)kstat_native(bytes, &sx);
	memcpy(&got, bytes, sizeof(got));
	assert_int_equal(major(got.st_rdev), 4095);
	assert_int_equal(minor(got.st_rdev), 1048575);
}

#else

static void
an_abi_of_32_bits_has_no_shape_but_that_of_stat64(void **state)
{
	unsigned char bytes[KSTAT_MAX];
	struct statx sx;

	(void)state;
	look("file", &sx);
	assert_int_equal(kstat_native(bytes, &sx), 0);
}

#endif

#if defined(__x86_64__) || defined(__i386__)

static void
the_shape_of_i386_is_laid_out_byte_by_byte(void **state)
{
	static const struct statx sx = {
		.stx_dev_major = 8,
		.stx_dev_minor = 0x123,
		.stx_ino = 0x1122334455667788,
		.stx_mode = S_IFBLK | 0660,
		.stx_nlink = 3,
		.stx_uid = 0x10203,
		.stx_gid = 0x40506,
		.stx_rdev_major = 0xfff,
		.stx_rdev_minor = 0x45678,
		.stx_size = 0x123456789a,
		.stx_blksize = 4096,
		.stx_blocks = 0xabcdef0123,
		.stx_atime = { .tv_sec = 0x11111111, .tv_nsec = 1 },
		.stx_mtime = { .tv_sec = 0x22222222, .tv_nsec = 2 },
		.stx_ctime = { .tv_sec = -1, .tv_nsec = 3 },
	};
	static const unsigned char want[KSTAT64_I386] = {
		0x23, 0x08, 0x10, 0, 0, 0, 0, 0, /* st_dev */
		0, 0, 0, 0, /* a gap */
		0x88, 0x77, 0x66, 0x55, /* the lower half of st_ino */
		0xb0, 0x61, 0, 0, /* st_mode */
		3, 0, 0, 0, /* st_nlink */
		3, 2, 1, 0, /* st_uid */
		6, 5, 4, 0, /* st_gid */
		0x78, 0xff, 0x6f, 0x45, 0, 0, 0, 0, /* st_rdev */
		0, 0, 0, 0, /* a gap */
		0x9a, 0x78, 0x56, 0x34, 0x12, 0, 0, 0, /* st_size */
		0, 0x10, 0, 0, /* st_blksize */
		0x23, 0x01, 0xef, 0xcd, 0xab, 0, 0, 0, /* st_blocks */
		0x11, 0x11, 0x11, 0x11, 1, 0, 0, 0, /* st_atime */
		0x22, 0x22, 0x22, 0x22, 2, 0, 0, 0, /* st_mtime */
		0xff, 0xff, 0xff, 0xff, 3, 0, 0, 0, /* st_ctime */
		0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, /* st_ino */
	};
	unsigned char got[KSTAT_MAX];

	(void)state;
	memset(got, 0xee, sizeof(got));
	assert_int_equal(kstat_i386(got, &sx), sizeof(want));
	assert_memory_equal(got, want, sizeof(want));
	assert_int_equal(got[sizeof(want)], 0xee);
}

#elif !defined(__arm__)

static void
a_machine_without_i386_has_no_shape_of_its(void **state)
{
	unsigned char bytes[KSTAT_MAX];
	struct statx sx;

	(void)state;
	look("file", &sx);
	assert_int_equal(kstat_i386(bytes, &sx), 0);
}

#endif

static void
the_shape_of_i386_is_the_kernels(void **state)
{
	unsigned char bytes[KSTAT_MAX];
	struct i386_room *low;
	struct statx sx;

	(void)state;
	i386_needed();
	low = i386_map();
	assert_non_null(low);
	for (int i = 0; i < FILES; i++) {
		long r;

		strcpy(low->path, files[i]);
		memset(low->bytes, 0, sizeof(low->bytes));
		r = i386_call(I386_LSTAT64, i386_address(low->path),
		    i386_address(low->bytes), 0, 0, 0);
		if (r != 0)
			fail_msg(
			    "lstat64 '%s': %s", files[i], strerror((int)-r));
		look(files[i], &sx);
		assert_int_equal(kstat_i386(bytes, &sx), KSTAT64_I386);
		if (memcmp(bytes, low->bytes, KSTAT64_I386) != 0)
			fail_msg("'%s' is not the same", files[i]);
	}
	i386_unmap(low);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#ifdef SYS_newfstatat
		cmocka_unit_test(the_native_shape_is_byte_for_byte_the_kernels),
		cmocka_unit_test(the_native_shape_is_what_the_c_library_reads),
		cmocka_unit_test(a_device_that_does_not_exist_has_its_numbers),
#else
		cmocka_unit_test(
		    an_abi_of_32_bits_has_no_shape_but_that_of_stat64),
#endif
#if defined(__x86_64__) || defined(__i386__)
		cmocka_unit_test(the_shape_of_i386_is_laid_out_byte_by_byte),
#elif !defined(__arm__)
		cmocka_unit_test(a_machine_without_i386_has_no_shape_of_its),
#endif
		cmocka_unit_test(the_shape_of_i386_is_the_kernels),
	};

	return cmocka_run_group_tests_name(
	    "kstat", tests, make_files, scratch_teardown);
}
