/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/owner.h"

#include "base/fault.h"
#include "base/num.h"
#include "format/entry.h"

#include <string.h>

static bool
is_all_digits(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
	}
	return true;
}

int
owner_check(const char *what, const char *name, size_t len, struct fault *f)
{
	const int shown = len < 64 ? (int)len : 64;

	if (len == 0)
		return fault_set(f, FAULT_INPUT, "empty %s name", what);
	if (len > OWNER_NAME_MAX)
		return fault_set(f, FAULT_INPUT,
		    "%s name '%.*s' is longer than %d bytes", what, shown, name,
		    OWNER_NAME_MAX);
	for (size_t i = 0; i < len; i++) {
		const unsigned char c = (unsigned char)name[i];

		if (c <= ' ' || c >= 0x7f || strchr(":/#=\\*?[,\"'", c) != NULL)
			return fault_set(f, FAULT_INPUT,
			    "%s name '%.*s' has a character that no account "
			    "name may have",
			    what, shown, name);
	}
	if (name[0] == '-' || is_all_digits(name, len))
		return fault_set(f, FAULT_INPUT, "'%.*s' is not a %s name",
		    shown, name, what);
	return 0;
}

int
owner_parse(const char *what, const char *text, const char **name, uint32_t *id,
    struct fault *f)
{
	const size_t len = strlen(text);
	uint64_t number;

	*name = NULL;
	*id = 0;
	if (len == 0 || !is_all_digits(text, len)) {
		*name = text;
		return owner_check(what, text, len, f);
	}
	if (!num_parse(&number, text, len, 10, OWNER_ID_MAX))
		return fault_set(f, FAULT_INPUT,
		    "%s number %s is over %d, more than apk can read", what,
		    text, OWNER_ID_MAX);
	*id = (uint32_t)number;
	if (number == 0)
		*name = "root";
	return 0;
}

bool
owner_is_root(const char *name, uint32_t id)
{
	return name != NULL ? strcmp(name, "root") == 0 : id == 0;
}

static void
number(uint32_t *id, const char *name, bool is_privileged)
{
	if (name == NULL)
		return;
	*id = is_privileged && strcmp(name, "root") != 0 ? OWNER_NOBODY : 0;
}

void
owner_number(struct entry *e)
{
	const bool is_privileged = entry_is_privileged(e);

	number(&e->uid, e->uname, is_privileged);
	number(&e->gid, e->gname, is_privileged);
}
