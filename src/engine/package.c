/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/package.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/io.h"
#include "engine/control.h"

#include <fcntl.h>
#include <unistd.h>

int
package_open(
    struct package *p, const char *root, const char *control, struct fault *f)
{
	struct control c = CONTROL_INIT;
	int r;

	*p = (struct package){ .root = root };
	p->rootfd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (p->rootfd < 0)
		return fault_sys(f, "cannot open '%s'", root);
	if (control == NULL)
		return 0;
	r = control_open(&c, control, CONTROL_READ, f);
	if (r == 0)
		r = control_load(&c, &p->set, f);
	control_close(&c);
	return r;
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

bool
package_has(const struct package *p, const char *path)
{
	const int fd = io_open_beneath(p->rootfd, path, O_PATH);

	if (fd >= 0)
		(void)close(fd); /* O_PATH: nothing to lose */
	return fd >= 0;
}

int
package_holders(const struct package *packages, size_t count, const char *path,
    const struct package *except, struct buf *roots, struct fault *f)
{
	int holders = 0;

	for (size_t i = 0; i < count; i++) {
		const struct package *p = &packages[i];

		if (p == except || !package_has(p, path))
			continue;
		if (buf_adds(roots, holders > 0 ? ", " : "", f) < 0 ||
		    buf_adds(roots, p->root, f) < 0)
			return -1;
		holders++;
	}
	return buf_end(roots, f) == NULL ? -1 : holders;
}
