/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_outfile - a file that is written and committed
 *
 *	assert_ok(write_file("file", "text", &f), &f);
 */
#ifndef TESTS_TEST_OUTFILE_H
#define TESTS_TEST_OUTFILE_H

#include "../scratch.h"

#include "base/outfile.h"

static inline int
write_file(const char *path, const char *text, struct fault *f)
{
	struct outfile out = OUTFILE_INIT;
	int r = -1;

	if (outfile_open(&out, path, f) == 0 &&
	    sink_put(&out.sink, text, strlen(text), f) == 0)
		r = outfile_commit(&out, f);
	outfile_release(&out);
	return r;
}

#endif
