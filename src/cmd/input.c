/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/input.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/io.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

int
input_read(struct buf *b, const char *file, size_t max, struct fault *f)
{
	const bool is_stdin = strcmp(file, "-") == 0;
	const int fd =
	    is_stdin ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	int r;

	if (fd < 0)
		return fault_sys(f, "cannot open '%s'", file);
	r = io_read_all(fd, b, max, f);
	if (!is_stdin)
		(void)close(fd); /* nothing was written */
	if (r < 0)
		return fault_wrap(f, "'%s'", file);
	return b->len <= max
	    ? 0
	    : fault_set(f, FAULT_INPUT, "'%s' is too large", file);
}
