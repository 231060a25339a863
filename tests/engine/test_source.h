/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_source - the file "file", read as a source
 *
 *	make(1000);
 *	look(&r);
 *	assert_ok(open_it(&r, &f), &f);
 *	end(&r);
 */
#ifndef TESTS_TEST_SOURCE_H
#define TESTS_TEST_SOURCE_H

#include "scratch.h"

#include "engine/source.h"
#include "format/entry.h"

/* The file "file", being read. */
struct reading {
	struct source s;
	struct entry e;
	char *bytes; /* owned; no more than a source may use */
	struct digest *digest; /* owned */
	int rootfd;
};

/* Make an entry of "file" as it is now, so that it can be opened. */
static inline void
look(struct reading *r)
{
	struct fault f = { 0 };
	struct stat st;

	must(lstat("file", &st));
	*r = (struct reading){ .s = SOURCE_INIT,
		.e = { .path = "file",
		    .type = ENTRY_FILE,
		    .size = (uint64_t)st.st_size,
		    .dev = st.st_dev,
		    .ino = st.st_ino },
		.bytes = malloc(SOURCE_ROOM),
		.digest = digest_new(DIGEST_SHA1, &f),
		.rootfd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC) };
	assert_non_null(r->bytes);
	assert_non_null(r->digest);
	must(r->rootfd);
}

static inline int
open_it(struct reading *r, struct fault *f)
{
	return source_open(&r->s, r->rootfd, &r->e, r->bytes, f);
}

static inline void
end(struct reading *r)
{
	source_close(&r->s);
	source_close(&r->s);
	free(r->bytes);
	digest_free(r->digest);
	close(r->rootfd);
}

/* Write "file" with an old time, so that each later change shows at once. */
static inline void
make(size_t len)
{
	const struct timespec times[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };

	if (len > 0)
		scratch_noise("file", len);
	else
		scratch_file("file", "");
	must(utimensat(AT_FDCWD, "file", times, 0));
}

static inline void
grow(void)
{
	const int fd = open("file", O_WRONLY | O_APPEND | O_CLOEXEC);

	must(fd);
	assert_int_equal(write(fd, "x", 1), 1);
	close(fd);
}

static inline void
shrink(void)
{
	struct stat st;

	must(stat("file", &st));
	must(truncate("file", st.st_size - 1));
}

/* All pieces, up to the end or a fault; 0 or -1. */
static inline int
take_all(struct reading *r, struct buf *b, unsigned *pieces, struct fault *f)
{
	const char *piece;
	size_t len;
	int more;

	buf_reset(b);
	for (*pieces = 0; (more = source_next(&r->s, &piece, &len, f)) > 0;
	     ++*pieces) {
		assert_in_range(len, 1, SOURCE_PIECE);
		assert_ok(buf_add(b, piece, len, f), f);
	}
	return more;
}

#endif
