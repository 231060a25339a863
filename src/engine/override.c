/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/override.h"

#include "base/fault.h"
#include "base/grow.h"
#include "base/io.h"
#include "base/stop.h"
#include "format/mtree.h"
#include "format/spec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 65536 };

void
override_release(struct override_set *set)
{
	arena_release(&set->arena);
	free(set->specs);
	*set = (struct override_set){ 0 };
}

static int
append(struct override_set *set, const struct spec *s, struct fault *f)
{
	if (set->count == set->cap) {
		struct spec *specs = grow_array(
		    set->specs, &set->cap, sizeof(*specs), "entries", f);

		if (specs == NULL)
			return -1;
		set->specs = specs;
	}
	set->specs[set->count++] = *s;
	return 0;
}

static int
parse_piece(struct override_set *set, struct mtree *m, const char *piece,
    size_t len, struct fault *f)
{
	struct spec s;
	int r;

	if (mtree_feed(m, piece, len, f) < 0)
		return -1;
	while ((r = mtree_next(m, &s, f)) > 0) {
		if (append(set, &s, f) < 0)
			return -1;
	}
	return r;
}

int
override_read(
    struct override_set *set, int fd, const char *file, struct fault *f)
{
	char piece[PIECE];
	struct mtree m;
	size_t got;
	int r = -1;

	set->file = arena_string(&set->arena, file, strlen(file), f);
	if (set->file == NULL)
		return -1;
	mtree_init(&m, set->file, &set->arena);
	do {
		if (stop_check(f) < 0)
			goto out;
		if (io_read(fd, piece, sizeof(piece), &got, f) < 0) {
			fault_wrap(f, "%s", file);
			goto out;
		}
		if (parse_piece(set, &m, piece, got, f) < 0)
			goto out;
	} while (got == sizeof(piece));
	r = mtree_end(&m, f);
out:
	mtree_release(&m);
	return r;
}

int
override_load(struct override_set *set, const char *file, struct fault *f)
{
	const int fd = open(file, O_RDONLY | O_CLOEXEC);
	struct stat st;
	int r;

	if (fd < 0 && errno == ENOENT) {
		set->file = arena_string(&set->arena, file, strlen(file), f);
		return set->file == NULL ? -1 : 0;
	}
	if (fd < 0)
		return fault_sys(f, "cannot open '%s'", file);
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		r = fault_set(f, FAULT_INPUT, "'%s' is a directory", file);
	else
		r = override_read(set, fd, file, f);
	(void)close(fd); /* nothing was written */
	return r;
}

static bool
is_recorded(const struct spec *s)
{
	return (s->has & KEYWORD_RECORDED) != 0;
}

/* By path, then what was recorded first, then by place in the file. */
static int
compare(const void *a, const void *b)
{
	const struct spec *x = a, *y = b;
	const int order = strcmp(x->entry.path, y->entry.path);

	if (order != 0)
		return order;
	if (is_recorded(x) != is_recorded(y))
		return is_recorded(x) ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

void
override_keep_recorded(struct override_set *set)
{
	size_t kept = 0;

	for (size_t i = 0; i < set->count; i++) {
		if (is_recorded(&set->specs[i]))
			set->specs[kept++] = set->specs[i];
	}
	set->count = kept;
}

/* The next line about the path that `last` is about. */
static void
fold_line(struct spec *last, const struct spec *s)
{
	/* every record is optional; what was declared may not get lost */
	if (is_recorded(last) && !is_recorded(s))
		last->has &= ~(unsigned)(KEYWORD_RECORDED | KEYWORD_OPTIONAL);
	spec_fold(last, s);
}

void
override_settle(struct override_set *set)
{
	size_t kept = 0;

	if (set->count == 0)
		return;
	qsort(set->specs, set->count, sizeof(*set->specs), compare);
	for (size_t i = 1; i < set->count; i++) {
		struct spec *last = &set->specs[kept], *s = &set->specs[i];

		if (strcmp(last->entry.path, s->entry.path) == 0)
			fold_line(last, s);
		else
			set->specs[++kept] = *s;
	}
	set->count = kept + 1;
}

static int
compare_path(const void *key, const void *member)
{
	return strcmp(key, ((const struct spec *)member)->entry.path);
}

const struct spec *
override_find(const struct override_set *set, const char *path)
{
	if (set->count == 0)
		return NULL;
	return bsearch(
	    path, set->specs, set->count, sizeof(*set->specs), compare_path);
}
