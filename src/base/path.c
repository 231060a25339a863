/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/path.h"

#include "base/fault.h"

#include <string.h>

static bool
is_name(const char *s, size_t len, const char *name)
{
	return len == strlen(name) && memcmp(s, name, len) == 0;
}

static int
check_component(const char *s, size_t len, struct fault *f)
{
	if (len == 0)
		return fault_set(f, FAULT_INPUT, "empty component in path");
	if (is_name(s, len, ".") || is_name(s, len, ".."))
		return fault_set(f, FAULT_INPUT, "'%.*s' in path", (int)len, s);
	if (len > PATH_NAME_LIMIT)
		return fault_set(f, FAULT_INPUT,
		    "name of %zu bytes, at most %d are possible", len,
		    PATH_NAME_LIMIT);
	return 0;
}

int
path_canon(const char **path, size_t *len, struct fault *f)
{
	const char *s = *path, *end = *path + *len;

	if (*len == 0)
		return fault_set(f, FAULT_INPUT, "empty path");
	if (memchr(s, '\0', *len) != NULL)
		return fault_set(f, FAULT_INPUT, "NUL in path");
	if (*s == '/')
		return fault_set(f, FAULT_INPUT, "absolute path");
	while (end - s >= 2 && s[0] == '.' && s[1] == '/')
		s += 2;
	if (is_name(s, (size_t)(end - s), "."))
		s = end;
	*path = s;
	*len = (size_t)(end - s);
	if (*len == 0)
		return 0;
	if (*len > PATH_LIMIT)
		return fault_set(f, FAULT_INPUT,
		    "path of %zu bytes, apk takes at most %d", *len,
		    PATH_LIMIT);
	for (;;) {
		const char *slash = memchr(s, '/', (size_t)(end - s));
		const char *stop = slash != NULL ? slash : end;

		if (check_component(s, (size_t)(stop - s), f) < 0)
			return -1;
		if (slash == NULL)
			return 0;
		s = slash + 1;
	}
}

size_t
path_parent_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? (size_t)(slash - path) : 0;
}

const char *
path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

bool
path_is_within(const char *path, const char *dir)
{
	const size_t len = strlen(dir);

	return len == 0 ||
	    (strncmp(path, dir, len) == 0 &&
		(path[len] == '/' || path[len] == '\0'));
}

bool
path_has_control(const char *path)
{
	for (; *path != '\0'; path++) {
		if ((unsigned char)*path < ' ' || *path == 0x7f)
			return true;
	}
	return false;
}
