/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/side.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/io.h"
#include "engine/links.h"
#include "engine/merge.h"
#include "engine/source.h"
#include "format/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CONTROL_FILE_MAX = 16 << 20 };

int
side_load_file(struct side *s, const char *file, struct fault *f)
{
	s->apk.has_contents = true;
	if (apk_load(&s->apk, file, f) < 0)
		return -1;
	/* a hostile one shall not take room while the other is read */
	if (!side_is_whole(s))
		tree_release(&s->apk.tree);
	pkginfo_sort(&s->apk.pkginfo);
	tree_sort(&s->apk.control);
	return 0;
}

static int
measure(struct tree *t, struct entry *e, char *bytes, struct digest *d,
    struct fault *f)
{
	struct source source = SOURCE_INIT;
	int r = -1;

	if (source_open(&source, t->rootfd, e, bytes, f) == 0 &&
	    source_measure(&source, d, f) == 0) {
		e->digest =
		    arena_string(&t->arena, source.hex, strlen(source.hex), f);
		r = e->digest != NULL ? 0 : -1;
	}
	source_close(&source);
	return r < 0 ? fault_wrap(f, "'%s/%s'", t->root, e->path) : 0;
}

/* The contents of each file, once for all of its names. */
static int
measure_all(struct tree *t, struct fault *f)
{
	struct digest *d = digest_new(DIGEST_SHA256, f);
	char *bytes = malloc(SOURCE_ROOM);
	struct links links = { 0 };
	int r = -1;

	if (bytes == NULL)
		fault_sys(f, "cannot allocate a buffer");
	else if (d != NULL)
		r = links_load(&links, t, f);
	for (size_t i = 0; r == 0 && i < t->count; i++) {
		struct entry *e = &t->entries[i];
		const size_t first = links_first(&links, e);

		if (e->type != ENTRY_FILE)
			continue;
		if (first < i)
			e->digest = t->entries[first].digest;
		else
			r = measure(t, e, bytes, d, f);
	}
	links_release(&links);
	digest_free(d);
	free(bytes);
	return r;
}

/* 1 with all of a control directory's file, 0 if there is none. */
static int
read_control(int dirfd, const char *name, struct buf *out, struct fault *f)
{
	const int fd =
	    openat(dirfd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;
	int r = -1;

	buf_reset(out);
	if (fd < 0)
		return errno == ENOENT ? 0 : fault_sys(f, "cannot open");
	if (fstat(fd, &st) < 0)
		fault_sys(f, "cannot stat");
	else if (!S_ISREG(st.st_mode))
		fault_set(f, FAULT_INPUT, "not a regular file");
	else if (io_read_all(fd, out, CONTROL_FILE_MAX, f) == 0)
		r = out->len <= CONTROL_FILE_MAX
		    ? 1
		    : fault_set(
			  f, FAULT_INPUT, "over %d bytes", CONTROL_FILE_MAX);
	(void)close(fd); /* nothing was written */
	return r;
}

/* Add a script to the control files if there is one. */
static int
add_script(struct side *s, int dirfd, const char *name, struct buf *text,
    struct digest *d, struct fault *f)
{
	struct tree *t = &s->apk.control;
	char hex[DIGEST_HEX_MAX];
	struct entry *e;
	const int r = read_control(dirfd, name, text, f);

	if (r <= 0)
		return r;
	if (digest_add(d, text->data, text->len, f) < 0 ||
	    digest_finish(d, hex, f) < 0 || (e = tree_append(t, f)) == NULL)
		return -1;
	e->path = name;
	e->size = text->len;
	e->digest = arena_string(&t->arena, hex, strlen(hex), f);
	return e->digest != NULL ? 0 : -1;
}

static int
read_scripts(struct side *s, int dirfd, struct buf *text, struct fault *f)
{
	/* those that apk knows, sorted */
	static const char *const names[] = { ".post-deinstall", ".post-install",
		".post-upgrade", ".pre-deinstall", ".pre-install",
		".pre-upgrade", ".trigger" };
	struct digest *d = digest_new(DIGEST_SHA256, f);
	int r = d != NULL ? 0 : -1;

	for (size_t i = 0; r == 0 && i < sizeof(names) / sizeof(*names); i++) {
		r = add_script(s, dirfd, names[i], text, d, f);
		if (r < 0)
			fault_wrap(f, "'%s'", names[i]);
	}
	digest_free(d);
	return r;
}

static int
read_pkginfo(struct side *s, int dirfd, struct fault *f)
{
	struct buf text = BUF_INIT;
	int r = read_control(dirfd, ".PKGINFO", &text, f);

	if (r > 0) {
		s->apk.has_pkginfo = true;
		r = pkginfo_parse(&s->apk.pkginfo, text.data, text.len, f);
	}
	if (r < 0)
		fault_wrap(f, "'.PKGINFO'");
	else if (s->apk.has_pkginfo)
		r = read_scripts(s, dirfd, &text, f);
	buf_release(&text);
	s->apk.info.pkgname = pkginfo_value(&s->apk.pkginfo, "pkgname");
	s->apk.info.arch = pkginfo_value(&s->apk.pkginfo, "arch");
	pkginfo_sort(&s->apk.pkginfo);
	return r;
}

int
side_load_tree(struct side *s, const struct merge_options *o, struct fault *f)
{
	const char *control = o->package.control;
	int dirfd, r;

	if (merge_load(&s->apk.tree, o, f) < 0 ||
	    measure_all(&s->apk.tree, f) < 0)
		return -1;
	if (control == NULL)
		return 0;
	dirfd = open(control, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dirfd < 0)
		return errno == ENOENT
		    ? 0
		    : fault_sys(f, "cannot open '%s'", control);
	r = read_pkginfo(s, dirfd, f);
	(void)close(dirfd); /* nothing was written */
	return r < 0 ? fault_wrap(f, "'%s'", control) : 0;
}

bool
side_is_whole(const struct side *s)
{
	return !findings_has_broken(&s->apk.findings);
}

struct compare_side
side_view(const struct side *s)
{
	const bool is_package = s->apk.has_pkginfo;

	return (struct compare_side){
		.tree = &s->apk.tree,
		.control = is_package ? &s->apk.control : NULL,
		.info = is_package ? &s->apk.pkginfo : NULL,
	};
}

void
side_release(struct side *s)
{
	apk_release(&s->apk);
	*s = (struct side)SIDE_INIT;
}
