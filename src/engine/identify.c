/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/identify.h"

#include "base/fault.h"
#include "format/identity.h"

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

enum { WANT_INO = 0x100, WANT_BTIME = 0x800 };

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
	}
	return 0;
}
