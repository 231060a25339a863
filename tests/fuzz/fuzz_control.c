/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Override files out of which what was recorded is taken.  The input is the file.
 * What it leaves is read as what was there before, but for that.
 */
#include "promise.h"

#include "base/buf.h"
#include "base/fault.h"
#include "engine/control.h"
#include "engine/override.h"

#include <fcntl.h>
#include <unistd.h>

static char dir[] = "/tmp/fuzz-control-XXXXXX";
static char file[sizeof(dir) + 8];

static void
tidy_up(void)
{
	(void)unlink(file);
	(void)rmdir(dir);
}

static void
make_file(const uint8_t *data, size_t size)
{
	int fd;

	if (*file == '\0') {
		promise(mkdtemp(dir) != NULL);
		snprintf(file, sizeof(file), "%s/.mtree", dir);
		promise(atexit(tidy_up) == 0);
	}
	/* what was cut off, some file systems write to the disk at once */
	(void)unlink(file);
	fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	promise(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	(void)close(fd);
}

static bool
is_same(const struct spec *a, const struct spec *b)
{
	return strcmp(a->entry.path, b->entry.path) == 0 && a->has == b->has &&
	    a->binds == b->binds && a->recorded == b->recorded;
}

/* The next spec that says anything, from *at on; NULL if there is none. */
static const struct spec *
next_of(const struct override_set *set, size_t *at, bool takes_recorded)
{
	while (*at < set->count) {
		const struct spec *s = &set->specs[(*at)++];

		if (s->binds != 0 && (takes_recorded || s->recorded == 0))
			return s;
	}
	return NULL;
}

/* What is not recorded is in both, in the same order. */
static void
expect_kept(const struct override_set *before, const struct override_set *after)
{
	size_t i = 0, n = 0;
	const struct spec *was, *is;

	do {
		was = next_of(before, &i, false);
		is = next_of(after, &n, true);
		promise((was == NULL) == (is == NULL));
		promise(was == NULL || is_same(was, is));
	} while (was != NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct override_set before = { 0 }, after = { 0 };
	struct control c = CONTROL_INIT;
	struct fault f = { 0 };

	make_file(data, size);
	promise(control_open(&c, dir, CONTROL_APPEND, &f) == 0);
	if (override_read(&before, c.fd, c.file, &f) == 0) {
		promise(control_forget(&c, &f) == 0);
		promise(override_load(&after, file, &f) == 0);
		expect_kept(&before, &after);
	}
	control_close(&c);
	override_release(&before);
	override_release(&after);
	return 0;
}
