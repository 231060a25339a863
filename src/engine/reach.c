/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/reach.h"

#include "base/fault.h"
#include "base/io.h"
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PROC_NAME = 40 };

static void
proc_name(char name[PROC_NAME], int fd)
{
	snprintf(name, PROC_NAME, "/proc/self/fd/%d", fd);
}

int
reach_raise(struct reach_lift *lift, int fd, mode_t bits, struct fault *f)
{
	char name[PROC_NAME];
	struct stat st;

	*lift = (struct reach_lift)REACH_INIT;
	if (fstat(fd, &st) < 0)
		return fault_sys(f, "cannot stat");
	if ((st.st_mode & bits) == bits || st.st_uid != geteuid())
		return 0;
	proc_name(name, fd);
	if (chmod(name, (st.st_mode & 07777) | bits) < 0)
		return fault_sys(f, "cannot lift mode %o", st.st_mode & 07777);
	lift->fd = fd;
	lift->mode = st.st_mode & 07777;
	return 0;
}

int
reach_restore(struct reach_lift *lift, struct fault *f)
{
	const int fd = lift->fd;
	char name[PROC_NAME];
	struct stat st;

	if (fd < 0)
		return 0;
	proc_name(name, fd);
	lift->fd = -1;
	if (chmod(name, lift->mode) < 0 || fstat(fd, &st) < 0)
		return fault_sys(f, "cannot put back mode %o", lift->mode);
	/* of a group that is not ours chmod(2) drops the set-group-ID bit */
	if ((st.st_mode & 07777) != lift->mode)
		return fault_set(f, FAULT_SYSTEM,
		    "cannot put back mode %o, it is %o now", lift->mode,
		    st.st_mode & 07777);
	return 0;
}

/* One step down, lifting the mode of the directory if that is in the way. */
static int
step(int dirfd, const char *name, struct fault *f)
{
	const int flags = O_PATH | O_NOFOLLOW | O_CLOEXEC;
	struct reach_lift lift;
	int fd = openat(dirfd, name, flags);

	if (fd >= 0 || errno != EACCES) {
		if (fd < 0)
			fault_sys(f, "cannot open");
		return fd;
	}
	if (reach_raise(&lift, dirfd, S_IRWXU, f) < 0)
		return -1;
	fd = openat(dirfd, name, flags);
	if (fd < 0)
		fault_sys(f, "cannot open");
	if (reach_restore(&lift, f) < 0 && fd >= 0) {
		(void)close(fd); /* O_PATH: nothing to lose */
		fd = -1;
	}
	return fd;
}

/* The way down where some directory on it may not be entered. */
static int
name_by_steps(int rootfd, const char *path, struct fault *f)
{
	char name[PATH_NAME_LIMIT + 1];
	int dirfd = rootfd;

	for (const char *end; *path != '\0'; path = *end ? end + 1 : end) {
		int next;

		end = strchrnul(path, '/');
		snprintf(name, sizeof(name), "%.*s", (int)(end - path), path);
		next = step(dirfd, name, f);
		if (dirfd != rootfd)
			(void)close(dirfd); /* O_PATH: nothing to lose */
		if (next < 0)
			return -1;
		dirfd = next;
	}
	return dirfd;
}

int
reach_name(int rootfd, const char *path, struct fault *f)
{
	/* the root may have a mode that forbids to look up "." in it */
	const int fd = *path == '\0' ? fcntl(rootfd, F_DUPFD_CLOEXEC, 0)
				     : io_open_beneath(rootfd, path, O_PATH);

	if (fd >= 0)
		return fd;
	if (errno == EACCES && *path != '\0')
		return name_by_steps(rootfd, path, f);
	return fault_sys(f, "cannot open");
}

bool
reach_is_absence(int err)
{
	return err == ENOENT || err == ENOTDIR || err == ELOOP;
}

static int
check_type(int fd, mode_t type, struct fault *f)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return fault_sys(f, "cannot stat");
	if ((st.st_mode & S_IFMT) != type)
		return fault_set(f, FAULT_INPUT, "is no longer a %s",
		    type == S_IFDIR ? "directory" : "regular file");
	return 0;
}

int
reach_read(int fd, mode_t type, struct fault *f)
{
	const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	struct reach_lift lift;
	char name[PROC_NAME];
	int opened;

	if (check_type(fd, type, f) < 0)
		return -1;
	proc_name(name, fd);
	opened = open(name, flags);
	if (opened < 0 && errno == EACCES) {
		if (reach_raise(&lift, fd, S_IRUSR, f) < 0)
			return -1;
		opened = open(name, flags);
		if (opened < 0)
			fault_sys(f, "cannot open");
		if (reach_restore(&lift, f) < 0 && opened >= 0) {
			(void)close(opened); /* nothing was written */
			opened = -1;
		}
		return opened;
	}
	if (opened < 0 && errno == ENOENT)
		return fault_sys(f, "cannot open through /proc");
	return opened < 0 ? fault_sys(f, "cannot open") : opened;
}
