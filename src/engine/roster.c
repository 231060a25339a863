/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/roster.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/io.h"
#include "engine/trap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int
load_accounts(struct accounts *a, const char *file, struct trap_file *shown,
    struct fault *f)
{
	const int fd = open(file, O_RDONLY | O_CLOEXEC);
	struct buf text = BUF_INIT;
	struct stat st;
	int r;

	shown->name = strrchr(file, '/') + 1;
	if (fd < 0 && errno == ENOENT)
		return 0; /* a machine without accounts: all are numbers */
	if (fd < 0)
		return fault_sys(f, "cannot open '%s'", file);
	r = io_read_all(fd, &text, SIZE_MAX, f);
	if (r == 0 && fstat(fd, &st) == 0) {
		shown->dev = st.st_dev;
		shown->ino = st.st_ino;
	}
	(void)close(fd); /* nothing was written */
	if (r == 0)
		r = accounts_parse(a, text.data, text.len, f);
	buf_release(&text);
	return r < 0 ? fault_wrap(f, "'%s'", file) : 0;
}

/* A copy in memory that callers get to read. */
static int
show_accounts(
    const struct accounts *a, struct trap_file *shown, struct fault *f)
{
	struct stat st;

	if (a->added == 0)
		return 0;
	shown->fd = memfd_create(shown->name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (shown->fd < 0 || fchmod(shown->fd, 0444) < 0 ||
	    fstat(shown->fd, &st) < 0)
		return fault_sys(f, "cannot make a copy of the accounts");
	shown->own_dev = st.st_dev;
	shown->own_ino = st.st_ino;
	if (io_write(shown->fd, a->text.data, a->text.len, f) < 0)
		return -1;
	/* it is a file of the callers' own user, who could open it to write */
	return fcntl(shown->fd, F_ADD_SEALS,
		   F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) < 0
	    ? fault_sys(f, "cannot seal a copy of the accounts")
	    : 0;
}

int
roster_load(struct roster *r, const struct roster_options *o,
    struct trap_file *shown, struct fault *f)
{
	if (load_accounts(&r->users, "/etc/passwd", &shown[0], f) < 0 ||
	    load_accounts(&r->groups, "/etc/group", &shown[1], f) < 0)
		return -1;
	/* groups first: a user's group is the one with its name */
	for (size_t i = 0; o->groups != NULL && o->groups[i] != NULL; i++)
		if (accounts_add(&r->groups, o->groups[i], &r->users, f) < 0)
			return -1;
	for (size_t i = 0; o->users != NULL && o->users[i] != NULL; i++)
		if (accounts_add(&r->users, o->users[i], &r->groups, f) < 0)
			return -1;
	if (show_accounts(&r->users, &shown[0], f) < 0)
		return -1;
	return show_accounts(&r->groups, &shown[1], f);
}

void
roster_release(struct roster *r)
{
	accounts_release(&r->users);
	accounts_release(&r->groups);
}
