/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/package.h"

#include "base/buf.h"
#include "base/fault.h"
#include "engine/control.h"
#include "engine/reach.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int
package_open(
    struct package *p, const char *root, const char *control, struct fault *f)
{
	*p = (struct package){ .root = root };
	p->rootfd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (p->rootfd < 0)
		return fault_sys(f, "cannot open '%s'", root);
	return control == NULL ? 0 : control_load(control, &p->set, f);
}

bool
package_is_same(const struct package *a, const struct package *b)
{
	struct stat x, y;

	return fstat(a->rootfd, &x) == 0 && fstat(b->rootfd, &y) == 0 &&
	    x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

void
package_close(struct package *p, struct arena *heir)
{
	if (p->rootfd >= 0)
		(void)close(p->rootfd); /* O_PATH: nothing to lose */
	arena_adopt(heir, &p->set.arena);
	override_release(&p->set);
	*p = (struct package)PACKAGE_INIT;
}

int
package_has(const struct package *p, const char *path, struct fault *f)
{
	struct fault tried = { 0 };
	const int fd = reach_name(p->rootfd, path, &tried);

	if (fd >= 0) {
		(void)close(fd); /* O_PATH: nothing to lose */
		return 1;
	}
	if (reach_is_absence(errno))
		return 0;
	*f = tried;
	return fault_wrap(f, "'%s/%s'", p->root, path);
}

int
package_holders(const struct package *packages, size_t count, const char *path,
    const struct package *except, struct buf *roots, struct fault *f)
{
	int holders = 0;

	for (size_t i = 0; i < count; i++) {
		const struct package *p = &packages[i];
		int r;

		if (p == except)
			continue;
		r = package_has(p, path, f);
		if (r < 0)
			return -1;
		if (r == 0)
			continue;
		if (buf_adds(roots, holders > 0 ? ", " : "", f) < 0 ||
		    buf_adds(roots, p->root, f) < 0)
			return -1;
		holders++;
	}
	return buf_end(roots, f) == NULL ? -1 : holders;
}
