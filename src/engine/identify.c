/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/identify.h"

#include "base/fault.h"
#include "format/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* struct statx, spelt out: not every C library brings it. */
struct statx_time {
	int64_t sec;
	uint32_t nsec;
	int32_t reserved;
};

struct statx_v0 {
	uint32_t mask, blksize;
	uint64_t attributes;
	uint32_t nlink, uid, gid;
	uint16_t mode, reserved;
	uint64_t ino, size, blocks, attributes_mask;
	struct statx_time atime, btime, ctime, mtime;
	uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
	uint64_t spare[14]; /* what later kernels fill in */
};

_Static_assert(sizeof(struct statx_v0) == 256, "as the kernel has it");

#ifndef AT_HANDLE_FID
#define AT_HANDLE_FID 0x200 /* Linux 6.5 */
#endif

enum { WANT_INO = 0x100, WANT_BTIME = 0x800, HANDLE_MAX = 128 };

/* Types of handles that FUSE has, which change while a file lives. */
enum { PASSING_TYPE = 0x81, PASSING_TYPE_PARENT = 0x82 };

union handle {
	struct file_handle h;
	unsigned char room[sizeof(struct file_handle) + HANDLE_MAX];
};

static int
get_handle(union handle *u, int dirfd, const char *path, int flags)
{
	int mount;

	u->h.handle_bytes = HANDLE_MAX;
	if (name_to_handle_at(dirfd, path, &u->h, &mount, flags) == 0)
		return 0;
	if (errno != EOPNOTSUPP)
		return -1;
	u->h.handle_bytes = HANDLE_MAX;
	return name_to_handle_at(
	    dirfd, path, &u->h, &mount, flags | AT_HANDLE_FID);
}

static uint64_t
hash(const union handle *u)
{
	uint64_t sum = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

	for (unsigned i = 0; i < u->h.handle_bytes; i++)
		sum = (sum ^ u->h.f_handle[i]) * UINT64_C(0x100000001b3);
	return sum | 1;
}

uint64_t
identify_token(int dirfd, const char *path, int flags)
{
	union handle u;

	return get_handle(&u, dirfd, path, flags) < 0 ? 0 : hash(&u);
}

void
identify_unborn(struct identity *id, int dirfd, const char *path, int flags)
{
	union handle u;

	id->birth = 0;
	id->birth_nsec = 0;
	if (get_handle(&u, dirfd, path, flags) == 0 &&
	    u.h.handle_type != PASSING_TYPE &&
	    u.h.handle_type != PASSING_TYPE_PARENT)
		id->birth = -1 - (int64_t)(hash(&u) >> 2);
}

int
identify_fd(struct identity *id, int fd, struct fault *f)
{
	struct statx_v0 st = { 0 };

	if (syscall(SYS_statx, fd, "", AT_EMPTY_PATH, WANT_INO | WANT_BTIME,
		&st) < 0)
		return fault_sys(f, "cannot stat");
	*id = (struct identity){
		.dev = makedev(st.dev_major, st.dev_minor),
		.ino = st.ino,
	};
	if ((st.mask & WANT_BTIME) != 0) {
		id->birth = st.btime.sec;
		id->birth_nsec = st.btime.nsec;
	} else {
		identify_unborn(id, fd, "", AT_EMPTY_PATH);
	}
	return 0;
}
