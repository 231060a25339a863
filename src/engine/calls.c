/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/calls.h"

/* clang-format off */
#define NO CALL_NONE
#define ROW(call, of, dir, at, flag, first) \
	.name = (call), .kind = (of), .dirfd = (dir), .path = (at), \
	.flags = (flag), .value = (first)

const struct call calls_table[] = {
	{ ROW("chown", CALL_CHOWN, NO, 0, NO, 1), .has_short_ids = true },
	{ ROW("lchown", CALL_CHOWN, NO, 0, NO, 1), .is_nofollow = true,
		.has_short_ids = true },
	{ ROW("fchown", CALL_CHOWN, 0, NO, NO, 1), .has_short_ids = true },
	{ ROW("chown32", CALL_CHOWN, NO, 0, NO, 1) },
	{ ROW("lchown32", CALL_CHOWN, NO, 0, NO, 1), .is_nofollow = true },
	{ ROW("fchown32", CALL_CHOWN, 0, NO, NO, 1) },
	{ ROW("fchownat", CALL_CHOWN, 0, 1, 4, 2) },

	{ ROW("chmod", CALL_CHMOD, NO, 0, NO, 1) },
	{ ROW("fchmod", CALL_CHMOD, 0, NO, NO, 1) },
	{ ROW("fchmodat", CALL_CHMOD, 0, 1, NO, 2) },
	{ ROW("fchmodat2", CALL_CHMOD, 0, 1, 3, 2), .number = 452 },

	{ ROW("mknod", CALL_MKNOD, NO, 0, NO, 1), .is_nofollow = true },
	{ ROW("mknodat", CALL_MKNOD, 0, 1, NO, 2), .is_nofollow = true },
	{ ROW("mkdir", CALL_MKDIR, NO, 0, NO, 1), .is_nofollow = true },
	{ ROW("mkdirat", CALL_MKDIR, 0, 1, NO, 2), .is_nofollow = true },

	{ ROW("stat", CALL_STAT, NO, 0, NO, 1) },
	{ ROW("lstat", CALL_STAT, NO, 0, NO, 1), .is_nofollow = true },
	{ ROW("fstat", CALL_STAT, 0, NO, NO, 1) },
	{ ROW("newfstatat", CALL_STAT, 0, 1, 3, 2) },
	{ ROW("oldstat", CALL_STAT, NO, 0, NO, 1) },
	{ ROW("oldlstat", CALL_STAT, NO, 0, NO, 1), .is_nofollow = true },
	{ ROW("oldfstat", CALL_STAT, 0, NO, NO, 1) },
	{ ROW("stat64", CALL_STAT64, NO, 0, NO, 1) },
	{ ROW("lstat64", CALL_STAT64, NO, 0, NO, 1), .is_nofollow = true },
	{ ROW("fstat64", CALL_STAT64, 0, NO, NO, 1) },
	{ ROW("fstatat64", CALL_STAT64, 0, 1, 3, 2) },
	{ ROW("statx", CALL_STATX, 0, 1, 2, 3) },

	{ ROW("getxattr", CALL_GETXATTR, NO, 0, NO, 1) },
	{ ROW("lgetxattr", CALL_GETXATTR, NO, 0, NO, 1), .is_nofollow = true },
	{ ROW("fgetxattr", CALL_GETXATTR, 0, NO, NO, 1) },
	{ ROW("getxattrat", CALL_GETXATTR, 0, 1, 2, 3), .is_at = true,
		.number = 464 },
	{ ROW("listxattr", CALL_LISTXATTR, NO, 0, NO, 1) },
	{ ROW("llistxattr", CALL_LISTXATTR, NO, 0, NO, 1), .is_nofollow = true },
	{ ROW("flistxattr", CALL_LISTXATTR, 0, NO, NO, 1) },
	{ ROW("listxattrat", CALL_LISTXATTR, 0, 1, 2, 3), .number = 465 },
	{ ROW("setxattr", CALL_SETXATTR, NO, 0, NO, 1) },
	{ ROW("lsetxattr", CALL_SETXATTR, NO, 0, NO, 1), .is_nofollow = true },
	{ ROW("fsetxattr", CALL_SETXATTR, 0, NO, NO, 1) },
	{ ROW("setxattrat", CALL_SETXATTR, 0, 1, 2, 3), .is_at = true,
		.number = 463 },
	{ ROW("removexattr", CALL_REMOVEXATTR, NO, 0, NO, 1) },
	{ ROW("lremovexattr", CALL_REMOVEXATTR, NO, 0, NO, 1),
		.is_nofollow = true },
	{ ROW("fremovexattr", CALL_REMOVEXATTR, 0, NO, NO, 1) },
	{ ROW("removexattrat", CALL_REMOVEXATTR, 0, 1, 2, 3), .number = 466 },

	{ ROW("open", CALL_OPEN, NO, 0, NO, 1) },
	{ ROW("openat", CALL_OPEN, 0, 1, NO, 2) },
	{ ROW("openat2", CALL_OPEN, 0, 1, NO, 2), .is_at = true },

	{ ROW("getresuid", CALL_IDS, NO, NO, NO, 0), .has_short_ids = true },
	{ ROW("getresgid", CALL_IDS, NO, NO, NO, 0), .has_short_ids = true },
	{ ROW("getresuid32", CALL_IDS, NO, NO, NO, 0) },
	{ ROW("getresgid32", CALL_IDS, NO, NO, NO, 0) },

#ifndef __mips__ /* which sorts struct sigaction in another way */
	{ ROW("rt_sigaction", CALL_HANDLER, NO, NO, NO, 1) },
#endif

	{ ROW("chroot", CALL_ROOT, NO, NO, NO, NO) },
	{ ROW("pivot_root", CALL_ROOT, NO, NO, NO, NO) },
	{ ROW("setns", CALL_ROOT, NO, NO, NO, NO) },
	{ ROW("mount", CALL_ROOT, NO, NO, NO, NO) },
	{ ROW("move_mount", CALL_ROOT, NO, NO, NO, NO), .number = 429 },
	{ ROW("umount2", CALL_ROOT, NO, NO, NO, NO) },
	{ ROW("umount", CALL_ROOT, NO, NO, NO, NO) },

	{ ROW("getuid", CALL_ID, NO, NO, NO, NO) },
	{ ROW("geteuid", CALL_ID, NO, NO, NO, NO) },
	{ ROW("getgid", CALL_ID, NO, NO, NO, NO) },
	{ ROW("getegid", CALL_ID, NO, NO, NO, NO) },
	{ ROW("setuid", CALL_ID, NO, NO, NO, NO) },
	{ ROW("setgid", CALL_ID, NO, NO, NO, NO) },
	{ ROW("setreuid", CALL_ID, NO, NO, NO, NO) },
	{ ROW("setregid", CALL_ID, NO, NO, NO, NO) },
	{ ROW("setresuid", CALL_ID, NO, NO, NO, NO) },
	{ ROW("setresgid", CALL_ID, NO, NO, NO, NO) },
	{ ROW("setfsuid", CALL_ID, NO, NO, NO, NO) },
	{ ROW("setfsgid", CALL_ID, NO, NO, NO, NO) },
	{ ROW("setgroups", CALL_ID, NO, NO, NO, NO) },
	{ ROW("getuid32", CALL_ID, NO, NO, NO, NO) },
	{ ROW("geteuid32", CALL_ID, NO, NO, NO, NO) },
	{ ROW("getgid32", CALL_ID, NO, NO, NO, NO) },
	{ ROW("getegid32", CALL_ID, NO, NO, NO, NO) },
	{ ROW("setuid32", CALL_ID, NO, NO, NO, NO) },
	{ ROW("setgid32", CALL_ID, NO, NO, NO, NO) },
	{ ROW("setreuid32", CALL_ID, NO, NO, NO, NO) },
	{ ROW("setregid32", CALL_ID, NO, NO, NO, NO) },
	{ ROW("setresuid32", CALL_ID, NO, NO, NO, NO) },
	{ ROW("setresgid32", CALL_ID, NO, NO, NO, NO) },
	{ ROW("setfsuid32", CALL_ID, NO, NO, NO, NO) },
	{ ROW("setfsgid32", CALL_ID, NO, NO, NO, NO) },
	{ ROW("setgroups32", CALL_ID, NO, NO, NO, NO) },
	{ ROW("capset", CALL_ID, NO, NO, NO, NO) },
};
/* clang-format on */

const size_t calls_count = sizeof(calls_table) / sizeof(*calls_table);
