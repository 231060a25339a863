/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/grow.h"

#include "base/fault.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

enum { FIRST_CAP = 16 };

void *
grow_array(
    void *items, size_t *cap, size_t size, const char *what, struct fault *f)
{
	const size_t more = *cap > 0 ? *cap * 2 : FIRST_CAP;
	void *grown = NULL;

	errno = ENOMEM;
	if (more > *cap && more <= SIZE_MAX / size)
		grown = realloc(items, more * size);
	if (grown == NULL) {
		fault_sys(f, "cannot allocate %zu %s", more, what);
		return NULL;
	}
	*cap = more;
	return grown;
}
