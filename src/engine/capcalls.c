/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/capcalls.h"

#include "base/fault.h"
#include "engine/calls.h"
#include "engine/filter.h"
#include "engine/scene.h"
#include "engine/trap.h"
#include "format/entry.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

static const char attribute[] = ENTRY_CAPS_XATTR;
static const char acl_attribute[] = "system.posix_acl_access";

/* What an attribute is to us. */
enum subject { SUBJECT_OTHER, SUBJECT_CAPS, SUBJECT_ACL };

/* The beginning of an ACL, as acl(5) sorts it: its first entry is the owner's. */
struct acl {
	uint32_t version;
	uint16_t tag, permissions;
};

/* Where the value of an attribute is, or is to go. */
struct value {
	uint64_t address;
	uint64_t size;
	uint32_t flags; /* XATTR_* */
};

static enum subject
get_subject(const struct scene *s)
{
	char name[sizeof(acl_attribute)];

	if (tracee_read_string(
		&s->tracee, scene_arg(s, 0), name, sizeof(name)) < 0)
		return SUBJECT_OTHER;
	if (strcmp(name, attribute) == 0)
		return SUBJECT_CAPS;
	return strcmp(name, acl_attribute) == 0 ? SUBJECT_ACL : SUBJECT_OTHER;
}

/* True if the call is about capabilities; all other names are not ours. */
static bool
is_about_caps(const struct scene *s)
{
	return get_subject(s) == SUBJECT_CAPS;
}

/* setxattrat(2) and getxattrat(2) take a struct xattr_args. */
static int
get_value(const struct scene *s, struct value *value)
{
	struct {
		uint64_t value;
		uint32_t size, flags;
	} args;

	if (!s->row->is_at) {
		*value = (struct value){ scene_arg(s, 1), scene_arg(s, 2),
			s->row->kind == CALL_SETXATTR
			    ? (uint32_t)scene_arg(s, 3)
			    : 0 };
		return 0;
	}
	if (tracee_read(&s->tracee, scene_arg(s, 1), &args, sizeof(args)) < 0)
		return -1;
	*value = (struct value){ args.value, args.size, args.flags };
	return 0;
}

/* Hand out `len` bytes as the calls that read attributes do. */
static int
give(struct scene *s, const struct value *to, const void *bytes, size_t len)
{
	if (to->size == 0)
		return scene_return(s, (int64_t)len);
	if (to->size < len)
		return scene_fail(s, ERANGE);
	if (tracee_write(&s->tracee, to->address, bytes, len) < 0)
		return scene_fail(s, errno);
	return scene_return(s, (int64_t)len);
}

static bool
has_caps(const struct scene *s)
{
	return s->record != NULL && (s->record->has & RECORD_CAPS) != 0 &&
	    s->record->caps_len > 0;
}

int
capcalls_get(struct scene *s)
{
	struct value to;

	if (s->trap->records.caps_count == 0 || !is_about_caps(s) ||
	    scene_look(s, RECORD_LOOK) < 0)
		return scene_pass(s);
	if (s->record == NULL || (s->record->has & RECORD_CAPS) == 0 ||
	    scene_has_mere_path(s))
		return scene_pass(s);
	if (s->record->caps_len == 0)
		return scene_fail(s, ENODATA);
	if (get_value(s, &to) < 0)
		return scene_fail(s, errno);
	return give(s, &to, s->record->caps, s->record->caps_len);
}

/*
 * What the file system has: with a list, its names; without, the length of the
 * capabilities.  -1 and errno.
 */
static ssize_t
read_real(const struct scene *s, char *list, size_t size)
{
	const int fd = target_open(&s->target);
	char name[64];
	ssize_t len;

	if (fd < 0)
		return -1;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	len = list != NULL ? listxattr(name, list, size)
			   : getxattr(name, attribute, NULL, 0);
	(void)close(fd); /* O_PATH: nothing to lose */
	return len;
}

int
capcalls_list(struct scene *s)
{
	const struct value to = { scene_arg(s, 0), scene_arg(s, 1), 0 };
	char *list;
	ssize_t len;
	int r;

	if (s->trap->records.caps_count == 0 ||
	    scene_look(s, RECORD_LOOK) < 0 || !has_caps(s) ||
	    scene_has_mere_path(s))
		return scene_pass(s);
	list = malloc(XATTR_LIST_MAX + sizeof(attribute));
	if (list == NULL)
		return fault_sys(s->fault, "cannot list attributes");
	len = read_real(s, list, XATTR_LIST_MAX);
	if (len < 0 && errno == ENOTSUP)
		len = 0;
	if (len < 0) {
		r = scene_pass(s);
	} else {
		memcpy(list + len, attribute, sizeof(attribute));
		r = give(s, &to, list, (size_t)len + sizeof(attribute));
	}
	free(list);
	return r;
}

/*
 * What the kernel would take for a value, see capabilities(7).  Those of version 1
 * it knows, but makes none any more.
 */
static bool
is_valid(const unsigned char *caps, size_t len)
{
	static const uint8_t sizes[] = { 0, 0, 20, 24 };

	return len >= 20 && caps[3] < sizeof(sizes) && len == sizes[caps[3]] &&
	    caps[1] == 0 && caps[2] == 0 && caps[0] <= 1;
}

/* True if --strict forbids it, which is then told. */
static bool
is_refused(struct scene *s, const unsigned char *caps, size_t len)
{
	struct trap_refusal refusal = {
		.wanted = { .has = RECORD_CAPS, .caps_len = (uint8_t)len },
	};

	if (!s->trap->is_strict)
		return false;
	memcpy(refusal.wanted.caps, caps, len);
	scene_refuse(s, &refusal);
	return true;
}

/*
 * An ACL changes the mode on disk, unseen.  Where that could lock the owner out,
 * or where the mode is more than the disk says, there are none, as under
 * fakeroot: cp and its like then go on to chmod.
 */
static int
answer_acl(struct scene *s, const struct value *from)
{
	struct acl acl;
	uint32_t need;

	if (from->size < sizeof(acl) ||
	    tracee_read(&s->tracee, from->address, &acl, sizeof(acl)) < 0 ||
	    scene_look(s, RECORD_LOOK) < 0)
		return scene_pass(s);
	need = record_real_mode(s->facts.mode, 0) >> 6;
	if ((s->record == NULL || (s->record->has & RECORD_MODE) == 0) &&
	    (s->facts.mode & (S_ISUID | S_ISGID | S_ISVTX)) == 0 &&
	    (acl.permissions & need) == need)
		return scene_pass(s);
	return scene_fail(s, ENOTSUP);
}

int
capcalls_set(struct scene *s)
{
	const enum subject subject = get_subject(s);
	unsigned char caps[RECORD_CAPS_MAX];
	const struct record *changed;
	struct value from;
	size_t len;

	if (subject == SUBJECT_OTHER)
		return scene_pass(s);
	if (get_value(s, &from) < 0)
		return scene_fail(s, errno);
	if (subject == SUBJECT_ACL)
		return answer_acl(s, &from);
	if (from.size > sizeof(caps) ||
	    (from.flags & ~(uint32_t)(XATTR_CREATE | XATTR_REPLACE)) != 0)
		return scene_fail(s, EINVAL);
	len = (size_t)from.size;
	if (tracee_read(&s->tracee, from.address, caps, len) < 0)
		return scene_fail(s, errno);
	if (scene_has_mere_path(s) || scene_look(s, RECORD_CHANGE) < 0)
		return scene_pass(s);
	if (!S_ISREG(s->facts.mode) || !is_valid(caps, len))
		return scene_fail(s, EINVAL);
	if ((from.flags & XATTR_CREATE) != 0 && has_caps(s))
		return scene_fail(s, EEXIST);
	if ((from.flags & XATTR_REPLACE) != 0 && !has_caps(s))
		return scene_fail(s, ENODATA);
	if (is_refused(s, caps, len))
		return 0;
	if (record_caps(&s->trap->records, &s->facts, caps, len, &changed,
		s->fault) < 0)
		return -1;
	return scene_settle(s, changed);
}

int
capcalls_remove(struct scene *s)
{
	const struct record *changed;

	if (!is_about_caps(s) || scene_has_mere_path(s) ||
	    scene_look(s, RECORD_CHANGE) < 0)
		return scene_pass(s);
	if (s->record != NULL && (s->record->has & RECORD_CAPS) != 0) {
		if (!has_caps(s))
			return scene_fail(s, ENODATA);
	} else if (read_real(s, NULL, 0) < 0) {
		return scene_fail(s, errno);
	}
	if (record_caps(
		&s->trap->records, &s->facts, NULL, 0, &changed, s->fault) < 0)
		return -1;
	return scene_settle(s, changed);
}
