/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/names.h"

#include "base/fault.h"
#include "base/path.h"
#include "base/stop.h"
#include "engine/survey.h"
#include "engine/tree.h"

#include <string.h>

static int
add(struct tree *t, const char *name, size_t len,
    const struct survey_options *o, struct fault *f)
{
	char path[PATH_LIMIT + 1];
	const char *canon = name;
	size_t canon_len = len;
	int r;

	/* find(1) spells a starting point as it was given: "usr/" */
	while (canon_len > 1 && name[canon_len - 1] == '/')
		canon_len--;
	if (path_canon(&canon, &canon_len, f) < 0)
		return fault_wrap(f, "'%.*s'", (int)len, name);
	if (canon_len == 0)
		return 0;
	memcpy(path, canon, canon_len);
	path[canon_len] = '\0';
	r = survey_add(t, path, o, f);
	if (r == 0)
		return fault_set(f, FAULT_INPUT, "'%s' does not exist in '%s'",
		    path, t->root);
	return r < 0 ? -1 : 0;
}

int
names_add(struct tree *t, const char *names, size_t len,
    const struct survey_options *o, struct fault *f)
{
	/* tar, which took such a list before us, leaves them out as well */
	struct survey_options leaving = *o;
	size_t n;

	leaving.leaves_sockets = true;
	for (const char *s = names, *end = names + len; s < end; s += n + 1) {
		n = strnlen(s, (size_t)(end - s));
		if (stop_check(f) < 0 || add(t, s, n, &leaving, f) < 0)
			return -1;
	}
	return 0;
}
