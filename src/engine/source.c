/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/source.h"

#include "base/fault.h"
#include "base/io.h"
#include "base/stop.h"
#include "engine/reach.h"
#include "format/entry.h"

#include <string.h>
#include <unistd.h>

int
source_open(struct source *s, int rootfd, const struct entry *e, char *bytes,
    struct fault *f)
{
	const int fd = reach_name(rootfd, e->path, f);

	*s = (struct source){ .fd = -1, .bytes = bytes };
	if (fd < 0)
		return -1;
	s->fd = reach_read(fd, S_IFREG, f);
	(void)close(fd); /* O_PATH: nothing to lose */
	if (s->fd < 0)
		return -1;
	if (fstat(s->fd, &s->st) < 0)
		return fault_sys(f, "cannot stat");
	if (s->st.st_dev != e->dev || s->st.st_ino != e->ino ||
	    (uint64_t)s->st.st_size != e->size)
		return fault_set(
		    f, FAULT_INPUT, "changed since the tree was read");
	s->left = e->size;
	return 0;
}

void
source_close(struct source *s)
{
	io_drop(&s->fd);
}

static int
changed(struct fault *f)
{
	return fault_set(f, FAULT_INPUT, "changed while it was read");
}

static bool
is_same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static int
check_unchanged(const struct source *s, struct fault *f)
{
	struct stat now;

	if (fstat(s->fd, &now) < 0)
		return fault_sys(f, "cannot stat");
	if (now.st_size != s->st.st_size ||
	    !is_same_time(&now.st_mtim, &s->st.st_mtim) ||
	    !is_same_time(&now.st_ctim, &s->st.st_ctim))
		return changed(f);
	return 0;
}

static int
read_piece(struct source *s, size_t *len, struct fault *f)
{
	const size_t want =
	    s->left < SOURCE_PIECE ? (size_t)s->left : SOURCE_PIECE;
	const size_t more =
	    s->left == want; /* the last: is there still more? */

	if (stop_check(f) < 0 ||
	    io_read(s->fd, s->bytes, want + more, len, f) < 0)
		return -1;
	if (*len != want)
		return changed(f);
	s->left -= want;
	if (s->digest != NULL)
		return digest_add(s->digest, s->bytes, want, f);
	return 0;
}

static bool
is_small(const struct source *s)
{
	return s->st.st_size <= SOURCE_PIECE;
}

int
source_measure(struct source *s, struct digest *digest, struct fault *f)
{
	size_t len;

	s->digest = digest;
	if (digest == NULL && !is_small(s))
		return 0;
	do {
		if (read_piece(s, &len, f) < 0)
			return -1;
	} while (s->left > 0);
	if (digest != NULL && digest_finish(digest, s->hex, f) < 0)
		return -1;
	if (check_unchanged(s, f) < 0)
		return -1;
	if (is_small(s)) {
		s->held = len;
		return 0;
	}
	s->left = (uint64_t)s->st.st_size;
	if (lseek(s->fd, 0, SEEK_SET) < 0)
		return fault_sys(f, "cannot seek");
	return 0;
}

/* All is read a second time: it must have been what it was the first. */
static int
compare(struct source *s, struct fault *f)
{
	char hex[DIGEST_HEX_MAX];

	if (s->digest != NULL) {
		if (digest_finish(s->digest, hex, f) < 0)
			return -1;
		if (strcmp(hex, s->hex) != 0)
			return changed(f);
	}
	return check_unchanged(s, f);
}

int
source_next(struct source *s, const char **piece, size_t *len, struct fault *f)
{
	*piece = s->bytes;
	*len = s->held;
	s->held = 0;
	if (*len > 0)
		return 1;
	if (s->left == 0)
		return 0;
	if (read_piece(s, len, f) < 0)
		return -1;
	if (s->left == 0 && compare(s, f) < 0)
		return -1;
	return 1;
}
