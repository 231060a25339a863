/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/request.h"

#include "base/fault.h"
#include "base/num.h"
#include "base/path.h"
#include "format/caps.h"
#include "format/note.h"

#include <string.h>

int
request_set_group(struct request *r, const char *value, struct fault *f)
{
	struct declare_request *q = &r->declare;

	q->keywords |= KEYWORD_GROUP;
	return owner_parse("group", value, &q->entry.gname, &q->entry.gid, f);
}

int
request_set_user(struct request *r, const char *value, struct fault *f)
{
	struct declare_request *q = &r->declare;
	const size_t len = strcspn(value, ":");

	if (value[len] == ':') {
		if (value[len + 1] == '\0')
			return fault_set(f, FAULT_USAGE,
			    "no group behind the colon of '%s'", value);
		if (request_set_group(r, value + len + 1, f) < 0)
			return -1;
		if (len == 0)
			return 0;
	}
	if (len >= sizeof(r->user))
		return owner_check("user", value, len, f);
	memcpy(r->user, value, len);
	r->user[len] = '\0';
	q->keywords |= KEYWORD_USER;
	return owner_parse("user", r->user, &q->entry.uname, &q->entry.uid, f);
}

int
request_set_mode(struct request *r, const char *value, struct fault *f)
{
	r->declare.keywords |= KEYWORD_MODE;
	return mode_parse(&r->declare.mode, value, strlen(value), f);
}

int
request_set_type(struct request *r, const char *value, struct fault *f)
{
	enum entry_type type;

	if (!entry_type_parse(&type, value, strlen(value)))
		return fault_set(f, FAULT_USAGE,
		    "unknown type '%s' (file, dir, link, char, block, fifo)",
		    value);
	r->declare.entry.type = (uint8_t)type;
	r->declare.keywords |= KEYWORD_TYPE;
	return 0;
}

int
request_set_device(struct request *r, const char *value, struct fault *f)
{
	const size_t len = strcspn(value, ",:");
	const char *rest = value[len] != '\0' ? value + len + 1 : "";
	uint64_t major, minor;

	if (!num_parse(&major, value, len, 10, ENTRY_MAJOR_MAX) ||
	    !num_parse(&minor, rest, strlen(rest), 10, ENTRY_MINOR_MAX))
		return fault_set(f, FAULT_USAGE,
		    "'%s' is no device number: MAJOR,MINOR", value);
	r->declare.entry.major = (uint32_t)major;
	r->declare.entry.minor = (uint32_t)minor;
	r->has_device = true;
	return 0;
}

int
request_set_link(struct request *r, const char *value, struct fault *f)
{
	if (*value == '\0' || strlen(value) > PATH_LIMIT)
		return fault_set(f, FAULT_USAGE,
		    "a link target has 1 to %d bytes", PATH_LIMIT);
	r->declare.entry.link = value;
	r->has_link = true;
	return 0;
}

int
request_set_caps(struct request *r, const char *value, struct fault *f)
{
	unsigned char xattr[CAPS_XATTR_LEN];

	r->declare.caps = value;
	r->declare.keywords |= KEYWORD_CAPS;
	if (strcmp(value, NOTE_NO_CAPS) == 0)
		return 0;
	return caps_parse(xattr, value, strlen(value), f);
}

/* Type, device and link target have to go together. */
static int
check_type(struct request *r, struct fault *f)
{
	struct declare_request *q = &r->declare;
	const bool has_type = (q->keywords & KEYWORD_TYPE) != 0;
	const bool is_device = has_type &&
	    (q->entry.type == ENTRY_CHAR || q->entry.type == ENTRY_BLOCK);
	const bool is_link = has_type && q->entry.type == ENTRY_LINK;

	if (r->has_device != is_device)
		return fault_set(f, FAULT_USAGE,
		    is_device ? "-t %s needs -D MAJOR,MINOR"
			      : "-D goes with -t char or -t block",
		    entry_type_name((enum entry_type)q->entry.type));
	if (r->has_link != is_link)
		return fault_set(f, FAULT_USAGE,
		    is_link ? "-t link needs -l TARGET"
			    : "--link goes with -t link");
	if (has_type && q->is_recursive)
		return fault_set(f, FAULT_USAGE, "-R does not go with -t");
	if (is_device)
		q->keywords |= KEYWORD_DEVICE;
	if (is_link)
		q->keywords |= KEYWORD_LINK;
	return 0;
}

bool
request_is_empty(const struct request *r)
{
	return r->declare.keywords == 0 && !r->declare.is_recursive &&
	    !r->has_device && !r->has_link;
}

int
request_settle(struct request *r, struct fault *f)
{
	if (r->declare.keywords == 0 && !r->has_device && !r->has_link)
		return fault_set(f, FAULT_USAGE,
		    "nothing to do: at least one of -u -g -m -t -c is needed");
	return check_type(r, f);
}
