/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/layer.h"

#include "base/statx.h"
#include "engine/target.h"

#include <fcntl.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

static const uint32_t overlay_magic = 0x794c7630; /* <linux/magic.h> */

static bool
is_overlay(const struct target *t)
{
	const int fd = target_open(t);
	struct statfs fs;
	bool r;

	if (fd < 0)
		return false;
	r = fstatfs(fd, &fs) == 0 && (uint32_t)fs.f_type == overlay_magic;
	(void)close(fd); /* O_PATH: nothing to lose */
	return r;
}

/* Any change will do.  This one changes nothing, and links take it, too. */
bool
layer_raise(struct layer *l, const struct target *t, const struct statx *sx)
{
	const uint64_t dev = makedev(sx->stx_dev_major, sx->stx_dev_minor);
	const struct timespec times[] = {
		{ .tv_nsec = UTIME_OMIT },
		{ .tv_sec = sx->stx_mtime.tv_sec,
		    .tv_nsec = (long)sx->stx_mtime.tv_nsec },
	};

	if (l->dev != dev)
		*l = (struct layer){ dev, is_overlay(t) };
	return l->is_overlay &&
	    utimensat(t->dirfd, t->path, times, t->flags) == 0;
}
