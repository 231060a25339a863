/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/resume.h"

#include "base/fault.h"
#include "engine/control.h"
#include "engine/identify.h"
#include "engine/merge.h"
#include "engine/override.h"
#include "engine/reach.h"
#include "engine/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
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

static int
record(struct supervisor *s, const struct facts *facts, const struct spec *spec,
    struct fault *f)
{
	struct record_set *set = &s->trap.records;
	const struct entry *e = &spec->entry;
	const struct record *owner, *mode = NULL, *device = NULL, *caps = NULL;
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
		e->mode | (e->type == ENTRY_CHAR ? S_IFCHR : S_IFBLK), e->major,
		e->minor, &device, f) < 0)
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
	return s->trap.tells.changed(
	    s->trap.tells.arg, record_find(set, facts, NULL), f);
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

/* Take the recorded lines out of the file: they are in force by other means. */
static int
take(struct override_set *set, const char *control, struct fault *f)
{
	struct control c = CONTROL_INIT;
	int r = control_open(&c, control, CONTROL_APPEND, f);

	if (r == 0)
		r = override_read(set, c.fd, c.file, f);
	if (r == 0)
		r = control_forget(&c, f);
	override_keep_recorded(set);
	override_settle(set);
	control_close(&c);
	return r;
}

static bool
has_overrides(const char *control)
{
	char file[PATH_MAX];

	return (size_t)snprintf(file, sizeof(file), "%s/.mtree", control) <
	    sizeof(file) &&
	    access(file, F_OK) == 0;
}

int
resume_forget(const struct merge_package *package, struct fault *f)
{
	struct override_set set = { 0 };
	int r = 0;

	if (has_overrides(package->control))
		r = take(&set, package->control, f);
	override_release(&set);
	return r;
}

int
resume_load(
    struct supervisor *s, const struct merge_package *package, struct fault *f)
{
	const int root = open(package->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct override_set set = { 0 };
	int r = 0;

	if (root < 0 && errno != ENOENT)
		return fault_sys(f, "cannot open '%s'", package->root);
	if (has_overrides(package->control))
		r = take(&set, package->control, f);
	for (size_t i = 0; r == 0 && root >= 0 && i < set.count; i++) {
		r = resume(s, root, &set.specs[i], f);
		if (r < 0)
			fault_wrap(f, "'%s/%s'", package->root,
			    set.specs[i].entry.path);
	}
	override_release(&set);
	if (root >= 0)
		(void)close(root); /* O_PATH: nothing to lose */
	return r;
}
