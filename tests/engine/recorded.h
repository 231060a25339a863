/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * recorded - a journal about the files of a test
 *
 *	recorded_begin();
 *	recorded_add("pkg/foo/bin/su", "uname=www mode=4755");
 *	... the file "journal" has it
 */
#ifndef TESTS_RECORDED_H
#define TESTS_RECORDED_H

#include "scratch.h"

#include "base/buf.h"
#include "engine/identify.h"
#include "format/journal.h"

static inline void
recorded_begin(void)
{
	scratch_file("journal", JOURNAL_SIGNATURE);
}

/* Append a line with these keywords; "" takes back what was recorded. */
static inline void
recorded_add(const char *path, const char *keywords)
{
	const int file = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	const int fd = open("journal", O_WRONLY | O_APPEND | O_CLOEXEC);
	struct journal_line line = { 0 };
	struct buf b = BUF_INIT;
	struct fault f = { 0 };

	must(file);
	must(fd);
	assert_ok(identify_fd(&line.id, file, &f), &f);
	assert_ok(journal_format(&b, &line, &f), &f);
	/* in place of the newline */
	assert_int_equal(write(fd, b.data, b.len - 1), b.len - 1);
	buf_reset(&b);
	assert_ok(buf_addf(&b, &f, " %s\n", keywords), &f);
	assert_int_equal(write(fd, b.data, b.len), b.len);
	buf_release(&b);
	must(close(fd));
	must(close(file));
}

#endif
