/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/io.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/path.h"
#include "base/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* openat2(2), spelt out: not every C library brings linux/openat2.h. */
struct open_how_v0 {
	uint64_t flags, mode, resolve;
};

enum { NO_SYMLINKS = 0x04, BENEATH = 0x08 };

enum { PIECE = 64 * 1024 };

int
io_write(int fd, const void *bytes, size_t len, struct fault *f)
{
	const char *p = bytes;

	while (len > 0) {
		const ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR) {
			if (stop_check(f) < 0)
				return -1;
			continue;
		}
		if (n < 0)
			return fault_sys(f, "cannot write");
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

int
io_read(int fd, void *bytes, size_t len, size_t *got, struct fault *f)
{
	char *p = bytes;

	*got = 0;
	while (*got < len) {
		const ssize_t n = read(fd, p + *got, len - *got);

		if (n < 0 && errno == EINTR) {
			if (stop_check(f) < 0)
				return -1;
			continue;
		}
		if (n < 0)
			return fault_sys(f, "cannot read");
		if (n == 0)
			break;
		*got += (size_t)n;
	}
	return 0;
}

int
io_read_all(int fd, struct buf *b, size_t max, struct fault *f)
{
	size_t got = PIECE;

	while (got == PIECE && b->len <= max) {
		if (buf_reserve(b, PIECE, f) < 0 ||
		    io_read(fd, b->data + b->len, PIECE, &got, f) < 0)
			return -1;
		b->len += got;
	}
	return 0;
}

void
io_drop(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd); /* nothing to lose, says the caller */
	*fd = -1;
}

/* What openat2 does, on kernels and in sandboxes that refuse it. */
static int
open_by_hand(int rootfd, const char *path, int flags)
{
	char name[PATH_NAME_LIMIT + 1];
	int dirfd = rootfd, fd = -1, saved;

	for (const char *slash; (slash = strchr(path, '/')) != NULL;
	     path = slash + 1) {
		const size_t len = (size_t)(slash - path);
		int next;

		if (len > PATH_NAME_LIMIT) {
			errno = ENAMETOOLONG;
			goto out;
		}
		memcpy(name, path, len);
		name[len] = '\0';
		next = openat(
		    dirfd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (next < 0)
			goto out;
		if (dirfd != rootfd)
			(void)close(dirfd); /* O_PATH: nothing to lose */
		dirfd = next;
	}
	fd = openat(dirfd, path, flags | O_NOFOLLOW | O_CLOEXEC);
out:
	saved = errno;
	if (dirfd != rootfd)
		(void)close(dirfd); /* O_PATH: nothing to lose */
	errno = saved;
	return fd;
}

int
io_open_beneath(int rootfd, const char *path, int flags)
{
	const struct open_how_v0 how = {
		.flags = (uint64_t)(flags | O_NOFOLLOW | O_CLOEXEC),
		.resolve = NO_SYMLINKS | BENEATH,
	};
	const long fd = syscall(SYS_openat2, rootfd, path, &how, sizeof(how));

	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		return open_by_hand(rootfd, path, flags);
	return (int)fd;
}
