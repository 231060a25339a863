/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/resume.h"

#include "base/fault.h"
#include "engine/control.h"
#include "engine/identify.h"
#include "engine/merge.h"
#include "engine/override.h"
#include "engine/reach.h"
#include "engine/supervisor.h"
#include "format/deed.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The number that a name had; RECORD_KEEP if nobody knows. */
static uint32_t
get_id(const struct accounts *a, const char *name, uint32_t id)
{
	uint32_t found;

	if (name == NULL)
		return id;
	return accounts_find(a, name, &found) ? found : RECORD_KEEP;
}

static int
look(struct facts *facts, int fd, struct fault *f)
{
	struct stat st;

	*facts = (struct facts){ 0 };
	if (identify_fd(&facts->id, fd, f) < 0)
		return -1;
	if (fstat(fd, &st) < 0)
		return fault_sys(f, "cannot stat");
	/* it is of an earlier run, and no other can be born where it is */
	facts->now = INT64_MAX;
	facts->uid = st.st_uid;
	facts->gid = st.st_gid;
	facts->mode = st.st_mode;
	return 0;
}

/* Give the record the deeds that the line has. */
static int
sign(struct trap *t, const struct record *r, const struct deed_list *by,
    struct fault *f)
{
	for (int i = 0; by != NULL && i < DEED_PARTS; i++) {
		const char *text = by->of[i];
		uint32_t deed;

		if (text == NULL)
			continue;
		if (ledger_add(
			&t->witness.ledger, text, strlen(text), &deed, f) < 0)
			return -1;
		record_sign(&t->records, r, 1u << i, deed);
	}
	return 0;
}

static int
record(struct supervisor *s, const struct facts *facts, const struct spec *spec,
    struct fault *f)
{
	struct record_set *set = &s->trap.records;
	const struct entry *e = &spec->entry;
	const struct record *owner, *mode = NULL, *device = NULL, *caps = NULL;
	/* what is not bound is as the disk has it now */
	const uint32_t permissions = (spec->binds & KEYWORD_MODE) != 0
	    ? e->mode
	    : facts->mode & ENTRY_MODE_MASK;
	const uint32_t uid = (spec->binds & KEYWORD_USER) != 0
	    ? get_id(&s->roster.users, e->uname, e->uid)
	    : RECORD_KEEP;
	const uint32_t gid = (spec->binds & KEYWORD_GROUP) != 0
	    ? get_id(&s->roster.groups, e->gname, e->gid)
	    : RECORD_KEEP;

	if (record_chown(set, facts, uid, gid, &owner, f) < 0)
		return -1;
	if ((spec->binds & KEYWORD_TYPE) != 0 && S_ISREG(facts->mode) &&
	    record_device(set, facts,
		permissions | (e->type == ENTRY_CHAR ? S_IFCHR : S_IFBLK),
		e->major, e->minor, &device, f) < 0)
		return -1;
	if ((spec->binds & KEYWORD_MODE) != 0 &&
	    record_chmod(set, facts, e->mode, facts->mode, &mode, f) < 0)
		return -1;
	if ((spec->binds & KEYWORD_CAPS) != 0 &&
	    record_caps(set, facts,
		spec->caps != NULL ? spec->caps->value : NULL,
		spec->caps != NULL ? spec->caps->len : 0, &caps, f) < 0)
		return -1;
	if (owner == NULL && mode == NULL && device == NULL && caps == NULL)
		return 0;
	owner = record_find(set, facts, NULL);
	if (sign(&s->trap, owner, spec->by, f) < 0)
		return -1;
	return s->trap.tells.changed(s->trap.tells.arg, owner, f);
}

static int
resume(
    struct supervisor *s, int rootfd, const struct spec *spec, struct fault *f)
{
	struct fault tried = { 0 };
	struct facts facts;
	const int fd = reach_name(rootfd, spec->entry.path, &tried);
	int r;

	if (fd < 0 && reach_is_absence(errno))
		return 0;
	if (fd < 0) {
		*f = tried;
		return -1;
	}
	r = look(&facts, fd, f);
	if (r == 0)
		r = record(s, &facts, spec, f);
	(void)close(fd); /* O_PATH: nothing to lose */
	return r;
}

/* 1 if there is an override file, 0 if not. */
static int
has_overrides(const char *control, struct fault *f)
{
	char file[PATH_MAX];

	if ((size_t)snprintf(file, sizeof(file), "%s/.mtree", control) >=
	    sizeof(file))
		return 0;
	if (access(file, F_OK) == 0)
		return 1;
	return reach_is_absence(errno) ? 0
				       : fault_sys(f, "cannot open '%s'", file);
}

/*
 * Open the override file, if there is one, and read what it has of recorded lines.
 * They stay as they were, one after the other, each with its deeds.
 */
static int
load(struct control *c, struct override_set *set, const char *control,
    struct fault *f)
{
	int r = has_overrides(control, f);

	if (r <= 0)
		return r;
	r = control_open(c, control, CONTROL_APPEND, f);
	if (r == 0)
		r = override_read(set, c->fd, c->file, f);
	override_keep_recorded(set);
	return r;
}

static int
resume_all(struct supervisor *s, const struct merge_package *package,
    const struct override_set *set, struct fault *f)
{
	const int root = open(package->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int r = 0;

	if (root < 0)
		return errno == ENOENT
		    ? 0
		    : fault_sys(f, "cannot open '%s'", package->root);
	for (size_t i = 0; r == 0 && i < set->count; i++) {
		r = resume(s, root, &set->specs[i], f);
		if (r < 0)
			fault_wrap(f, "'%s/%s'", package->root,
			    set->specs[i].entry.path);
	}
	(void)close(root); /* O_PATH: nothing to lose */
	return r;
}

/* Only when they are in force by other means the lines leave the file. */
static int
take(struct supervisor *s, const struct merge_package *package, struct fault *f)
{
	struct control c = CONTROL_INIT;
	struct override_set set = { 0 };
	int r = load(&c, &set, package->control, f);

	if (r == 0 && s != NULL)
		r = resume_all(s, package, &set, f);
	if (r == 0 && c.fd >= 0)
		r = control_forget(&c, f);
	override_release(&set);
	control_close(&c);
	return r;
}

int
resume_forget(const struct merge_package *package, struct fault *f)
{
	return take(NULL, package, f);
}

int
resume_load(
    struct supervisor *s, const struct merge_package *package, struct fault *f)
{
	return take(s, package, f);
}
