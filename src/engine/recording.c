/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/recording.h"

#include "base/fault.h"
#include "base/grow.h"
#include "base/io.h"
#include "base/stop.h"
#include "engine/identify.h"
#include "engine/reach.h"
#include "engine/tree.h"
#include "format/mtree.h"
#include "format/value.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 65536 };

/* A journal being read. */
struct loading {
	struct recording *r;
	struct value_reader keywords;
	struct buf in; /* what is left of a line, then the next piece */
	unsigned line; /* how many there have been */
};

void
recording_release(struct recording *r)
{
	arena_release(&r->arena);
	free(r->lines);
	ledger_release(&r->deeds);
	*r = (struct recording){ 0 };
}

static int
compare_numbers(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int
compare_files(const struct identity *a, uint64_t dev, uint64_t ino)
{
	const int order = compare_numbers(a->ino, ino);

	return order != 0 ? order : compare_numbers(a->dev, dev);
}

static int
compare_identities(const struct identity *a, const struct identity *b)
{
	const int order = compare_files(a, b->dev, b->ino);

	if (order != 0)
		return order;
	if (a->birth != b->birth)
		return a->birth < b->birth ? -1 : 1;
	return compare_numbers(a->birth_nsec, b->birth_nsec);
}

/* By file, and for one file by place in the journal. */
static int
compare_lines(const void *a, const void *b)
{
	const struct journal_line *x = a, *y = b;
	const int order = compare_identities(&x->id, &y->id);

	return order != 0 ? order : compare_numbers(x->spec.line, y->spec.line);
}

/* Sort, and keep the last line of each file, if it says anything. */
static void
settle(struct recording *r)
{
	size_t kept = 0;

	if (r->count > 0)
		qsort(r->lines, r->count, sizeof(*r->lines), compare_lines);
	for (size_t i = 0; i < r->count; i++) {
		const struct journal_line *line = &r->lines[i];
		const bool is_last = i + 1 == r->count ||
		    !identity_is_same(&line->id, &line[1].id);

		if (is_last && line->spec.binds != 0)
			r->lines[kept++] = *line;
	}
	r->count = kept;
}

/* A file is recorded again and again: that shall not take room for ever. */
static int
make_room(struct recording *r, struct fault *f)
{
	struct journal_line *lines;

	if (r->count < r->cap)
		return 0;
	settle(r);
	if (r->count < r->cap / 2)
		return 0;
	lines = grow_array(r->lines, &r->cap, sizeof(*lines), "records", f);
	if (lines == NULL)
		return -1;
	r->lines = lines;
	return 0;
}

static int
check_signature(const char *bytes, size_t len, struct fault *f)
{
	if (len == strlen(JOURNAL_SIGNATURE) - 1 &&
	    memcmp(bytes, JOURNAL_SIGNATURE, len) == 0)
		return 0;
	return fault_set(f, FAULT_INPUT,
	    "no journal of amtree-run, or one of another version");
}

static int
check_length(size_t len, struct fault *f)
{
	if (len <= MTREE_LINE_MAX)
		return 0;
	return fault_set(
	    f, FAULT_INPUT, "line is longer than %d bytes", MTREE_LINE_MAX);
}

/* They come in the order of their numbers, and each but once. */
static int
add_deed(struct loading *l, const char *bytes, size_t len, struct fault *f)
{
	struct ledger *deeds = &l->r->deeds;
	const size_t before = deeds->count;
	struct journal_deed deed = { 0 };
	uint32_t number = 0;

	if (journal_parse_deed(&l->keywords, &deed, bytes, len, f) < 0 ||
	    ledger_add(deeds, deed.text, strlen(deed.text), &number, f) < 0)
		return -1;
	if (deeds->count > before && number == deed.number)
		return 0;
	return fault_set(
	    f, FAULT_INPUT, "deed %u is out of order", deed.number);
}

/* Let a line have the texts of its deeds; mostly they are those of the last. */
static int
set_deeds(struct recording *r, struct journal_line *line, struct fault *f)
{
	const struct deed_list nobody = { 0 };
	struct deed_list by = { 0 }, *copy;

	for (int i = 0; i < DEED_PARTS; i++) {
		by.of[i] = ledger_text(&r->deeds, line->by[i]);
		if (by.of[i] == NULL && line->by[i] != 0)
			return fault_set(f, FAULT_INPUT,
			    "deed %u was not told before", line->by[i]);
	}
	if (memcmp(&by, &nobody, sizeof(by)) == 0)
		return 0;
	if (r->by == NULL || memcmp(r->by, &by, sizeof(by)) != 0) {
		copy = arena_alloc(&r->arena, sizeof(*copy), f);
		if (copy == NULL)
			return -1;
		*copy = by;
		r->by = copy;
	}
	line->spec.by = r->by;
	return 0;
}

/* The line after those that have been. */
static int
add_line(struct loading *l, const char *bytes, size_t len, struct fault *f)
{
	struct recording *r = l->r;

	if (l->line == 1)
		return check_signature(bytes, len, f);
	if (journal_is_deed(bytes, len))
		return add_deed(l, bytes, len, f);
	if (make_room(r, f) < 0 ||
	    journal_parse(&l->keywords, &r->lines[r->count], bytes, len, f) <
		0 ||
	    set_deeds(r, &r->lines[r->count], f) < 0)
		return -1;
	r->lines[r->count++].spec.line = l->line;
	return 0;
}

/* Take in all whole lines that have been read, and keep the rest. */
static int
add_lines(struct loading *l, struct fault *f)
{
	const char *s = l->in.data, *end = s + l->in.len, *nl;
	const size_t len = l->in.len;
	size_t left;

	for (; (nl = memchr(s, '\n', (size_t)(end - s))) != NULL; s = nl + 1) {
		l->line++;
		if (check_length((size_t)(nl - s), f) < 0 ||
		    add_line(l, s, (size_t)(nl - s), f) < 0)
			return fault_wrap(f, "%s:%u", l->r->file, l->line);
	}
	left = (size_t)(end - s);
	if (check_length(left, f) < 0)
		return fault_wrap(f, "%s:%u", l->r->file, l->line + 1);
	memmove(l->in.data, l->in.data + (len - left), left);
	l->in.len = left;
	return 0;
}

static int
load(struct loading *l, int fd, struct fault *f)
{
	size_t got;

	do {
		if (stop_check(f) < 0 || buf_reserve(&l->in, PIECE, f) < 0)
			return -1;
		if (io_read(fd, l->in.data + l->in.len, PIECE, &got, f) < 0)
			return fault_wrap(f, "'%s'", l->r->file);
		l->in.len += got;
		if (add_lines(l, f) < 0)
			return -1;
	} while (got == PIECE);
	if (l->line > 0)
		return 0;
	return check_signature("", 0, f) < 0 ? fault_wrap(f, "'%s'", l->r->file)
					     : 0;
}

static int
open_journal(const char *file, struct fault *f)
{
	/* a FIFO in its place would keep us waiting for ever */
	const int fd = open(file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return fault_sys(f, "cannot open journal '%s'", file);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	(void)close(fd); /* nothing was written */
	return fault_set(f, FAULT_INPUT, "'%s' is no regular file", file);
}

int
recording_load(struct recording *r, const char *file, struct fault *f)
{
	struct loading l = { .r = r, .keywords.arena = &r->arena };
	const int fd = open_journal(file, f);
	int ret = -1;

	if (fd < 0)
		return -1;
	r->file = arena_string(&r->arena, file, strlen(file), f);
	if (r->file != NULL)
		ret = load(&l, fd, f);
	arena_adopt(&r->arena, &r->deeds.arena);
	settle(r);
	value_release(&l.keywords);
	buf_release(&l.in);
	(void)close(fd); /* nothing was written */
	return ret;
}

/* The first line of that device and inode, or of those behind it. */
static size_t
lower_bound(const struct recording *r, uint64_t dev, uint64_t ino)
{
	size_t low = 0, high = r->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (compare_files(&r->lines[middle].id, dev, ino) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
recording_may_have(const struct recording *r, uint64_t dev, uint64_t ino)
{
	const size_t at = lower_bound(r, dev, ino);

	return at < r->count && compare_files(&r->lines[at].id, dev, ino) == 0;
}

static int
compare_key(const void *key, const void *member)
{
	return compare_identities(
	    key, &((const struct journal_line *)member)->id);
}

const struct spec *
recording_find(const struct recording *r, const struct identity *id)
{
	const struct journal_line *line = NULL;

	if (r->count > 0)
		line = bsearch(
		    id, r->lines, r->count, sizeof(*r->lines), compare_key);
	return line != NULL ? &line->spec : NULL;
}

static int
identify(struct identity *id, const struct tree *t, const struct entry *e,
    struct fault *f)
{
	const int fd = reach_name(t->rootfd, e->path, f);
	int r;

	if (fd < 0)
		return -1;
	r = identify_fd(id, fd, f);
	(void)close(fd); /* O_PATH: nothing to lose */
	if (r == 0 && (id->dev != e->dev || id->ino != e->ino))
		return fault_set(
		    f, FAULT_INPUT, "changed since the tree was read");
	return r;
}

int
recording_recall(const struct recording *r, const struct tree *t,
    const struct entry *e, const struct spec **spec, struct fault *f)
{
	struct identity id;

	/* few files of a package are recorded: the others cost no call */
	if (e->is_created || !recording_may_have(r, e->dev, e->ino))
		return 0;
	if (identify(&id, t, e, f) < 0)
		return fault_wrap(f, "'%s/%s'", t->root, e->path);
	*spec = recording_find(r, &id);
	return *spec != NULL;
}
