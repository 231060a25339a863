/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shell - what a real shell makes of text that is meant for one
 *
 *	shell_run("printf '%s\\0' a 'b c'", &out);
 */
#ifndef TESTS_SHELL_H
#define TESTS_SHELL_H

#include "tests.h"

#include "base/buf.h"

#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/* Append what `sh` prints when it runs the script, which has to succeed. */
static inline void
shell_run(const char *script, struct buf *out)
{
	FILE *in = tmpfile(), *printed = tmpfile();
	struct fault f = { 0 };
	char piece[4096];
	int status = -1;
	pid_t pid;
	size_t n;

	assert_non_null(in);
	assert_non_null(printed);
	assert_true(fputs(script, in) >= 0);
	assert_int_equal(fflush(in), 0);
	rewind(in);
	(void)fflush(NULL); /* else the child has the same bytes to write */
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (dup2(fileno(in), STDIN_FILENO) >= 0 &&
		    dup2(fileno(printed), STDOUT_FILENO) >= 0)
			execl("/bin/sh", "sh", (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (status != 0)
		fail_msg("sh ends with wait status %#x", (unsigned)status);
	rewind(printed);
	while ((n = fread(piece, 1, sizeof(piece), printed)) > 0)
		assert_ok(buf_add(out, piece, n, &f), &f);
	fclose(in);
	fclose(printed);
}

#endif
