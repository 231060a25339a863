/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/recipe.h"

#include "base/buf.h"
#include "base/fault.h"
#include "format/script.h"
#include "format/word.h"

#include <stdlib.h>
#include <string.h>

static const char *const tools[RECIPE_TOOLS] = {
	[RECIPE_CHOWN] = "chown",
	[RECIPE_CHGRP] = "chgrp",
	[RECIPE_INSTALL] = "install",
	[RECIPE_SETCAP] = "setcap",
	[RECIPE_AMTREE] = "amtree",
};

/* How far a command was read: what script_command.memo is. */
enum memo {
	MEMO_NEW,
	MEMO_OTHER, /* nothing more is looked for */
	MEMO_INSTALL, /* an option of install */
	MEMO_RUNNER, /* the name of what another program runs */
	MEMO_FIND, /* -exec */
	MEMO_FIND_EXEC, /* what stands behind it */
};

struct hit {
	const char *at; /* in the bytes */
	enum recipe_tool tool;
};

struct reader {
	struct buf hits; /* struct hit, not quite in order */
	struct fault *f;
	bool has_failed;
};

/* The word without the directories of an absolute name. */
static struct word
base_of(struct word w)
{
	const char *slash =
	    w.len > 0 && *w.s == '/' ? memrchr(w.s, '/', w.len) : NULL;
	const size_t skipped = slash != NULL ? (size_t)(slash + 1 - w.s) : 0;

	return (struct word){ w.s + skipped, w.len - skipped };
}

static void
hit(struct reader *r, const char *at, enum recipe_tool tool)
{
	const struct hit h = { at, tool };

	if (!r->has_failed && buf_add(&r->hits, &h, sizeof(h), r->f) < 0)
		r->has_failed = true;
}

/* How to go on behind that name of a program, `other` if it is none of ours. */
static unsigned
see_tool(
    struct reader *r, struct script_command *c, struct word w, unsigned other)
{
	const struct word base = base_of(w);

	for (int i = 0; i < RECIPE_TOOLS; i++) {
		if (!word_is(base, tools[i]))
			continue;
		c->name = w; /* what install is found at */
		if (i == RECIPE_INSTALL)
			return MEMO_INSTALL;
		hit(r, w.s, (enum recipe_tool)i);
		return other == MEMO_FIND ? MEMO_FIND : MEMO_OTHER;
	}
	return other;
}

/* Programs that run what their operands say. */
static bool
is_runner(struct word w)
{
	static const char *const runners[] = { "amtree-run", "busybox", "doas",
		"env", "eval", "exec", "fakeroot", "nice", "nohup", "sudo",
		"time", "timeout", "xargs" };

	for (size_t i = 0; i < sizeof(runners) / sizeof(*runners); i++) {
		if (word_is(base_of(w), runners[i]))
			return true;
	}
	return false;
}

static unsigned
see_name(struct reader *r, struct script_command *c, struct word w)
{
	if (is_runner(w))
		return MEMO_RUNNER;
	if (word_is(base_of(w), "find"))
		return MEMO_FIND;
	return see_tool(r, c, w, MEMO_OTHER);
}

/* "-o", also joined to others ("-Dm755" is not), "--owner", also cut short. */
static bool
gives_owner(struct word w)
{
	static const char *const names[] = { "--owner", "--group" };
	const char *equals = memchr(w.s, '=', w.len);
	const size_t name = equals != NULL ? (size_t)(equals - w.s) : w.len;

	if (w.len < 2 || *w.s != '-')
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (name >= strlen("--o") && name <= strlen(names[i]) &&
		    memcmp(w.s, names[i], name) == 0)
			return true;
	}
	/* the rest belongs to the first that takes a value */
	for (size_t i = 1; i < w.len && strchr("-mSt", w.s[i]) == NULL; i++) {
		if (w.s[i] == 'o' || w.s[i] == 'g')
			return true;
	}
	return false;
}

static unsigned
see_option(struct reader *r, struct script_command *c, struct word w)
{
	if (word_is(w, "--"))
		return MEMO_OTHER;
	if (!gives_owner(w))
		return MEMO_INSTALL;
	hit(r, c->name.s, RECIPE_INSTALL);
	return MEMO_OTHER;
}

/* "-exec", "-execdir", "-ok", "-okdir" */
static bool
is_exec(struct word w)
{
	return (w.len >= 5 && memcmp(w.s, "-exec", 5) == 0) ||
	    (w.len >= 3 && memcmp(w.s, "-ok", 3) == 0);
}

static void
see_word(void *arg, struct script_command *c, struct word w)
{
	struct reader *r = arg;

	switch ((enum memo)c->memo) {
	case MEMO_NEW:
		c->memo = see_name(r, c, w);
		break;
	case MEMO_OTHER:
		break;
	case MEMO_INSTALL:
		c->memo = see_option(r, c, w);
		break;
	case MEMO_RUNNER:
		c->memo = see_tool(r, c, w, MEMO_RUNNER);
		break;
	case MEMO_FIND:
		c->memo = is_exec(w) ? MEMO_FIND_EXEC : MEMO_FIND;
		break;
	case MEMO_FIND_EXEC:
		c->memo = see_tool(r, c, w, MEMO_FIND);
		break;
	}
}

static int
compare(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->tool < y->tool ? -1 : x->tool > y->tool;
}

/* The line without blanks around it. */
static const char *
copy_line(struct recipe *r, const char *line, const char *end, struct fault *f)
{
	while (line < end && (*line == ' ' || *line == '\t'))
		line++;
	while (
	    end > line && strchr(" \t\r", end[-1]) != NULL && end[-1] != '\0')
		end--;
	if (end - line > RECIPE_TEXT_MAX)
		end = line + RECIPE_TEXT_MAX;
	return arena_string(&r->arena, line, (size_t)(end - line), f);
}

/* Make calls of sorted hits, those of a tool once a line. */
static int
add_calls(struct recipe *r, const struct hit *hits, size_t count,
    const char *bytes, size_t len, struct fault *f)
{
	const char *line = bytes, *end = NULL;
	unsigned number = 0, seen = 0;

	for (size_t i = 0; i < count; i++) {
		while (end == NULL || end < hits[i].at) {
			line = end == NULL ? bytes : end + 1;
			end = memchr(line, '\n', len - (size_t)(line - bytes));
			if (end == NULL)
				end = bytes + len;
			number++;
			seen = 0;
		}
		if ((seen & (1U << hits[i].tool)) != 0)
			continue;
		seen |= 1U << hits[i].tool;
		r->calls[r->count] = (struct recipe_call){ hits[i].tool, number,
			copy_line(r, line, end, f) };
		if (r->calls[r->count++].text == NULL)
			return -1;
	}
	return 0;
}

static int
find_calls(struct recipe *r, struct reader *reader, const char *bytes,
    size_t len, struct fault *f)
{
	struct script_assignment a;
	struct script s;
	struct hit *hits;
	size_t count;
	int next;

	script_init(&s, bytes, len);
	s.visitor = (struct script_visitor){ see_word, reader };
	while ((next = script_next(&s, &a, f)) > 0)
		continue;
	r->is_open = script_is_broken(&s);
	script_release(&s);
	if (next < 0 || reader->has_failed)
		return -1;
	hits = (struct hit *)(void *)reader->hits.data;
	count = reader->hits.len / sizeof(*hits);
	if (count == 0)
		return 0;
	qsort(hits, count, sizeof(*hits), compare);
	r->calls = calloc(count, sizeof(*r->calls));
	if (r->calls == NULL)
		return fault_sys(f, "cannot allocate %zu calls", count);
	return add_calls(r, hits, count, bytes, len, f);
}

int
recipe_parse(struct recipe *r, const char *bytes, size_t len, struct fault *f)
{
	struct reader reader = { .f = f };
	int done = apkbuild_parse(&r->variables, bytes, len, f);

	if (done == 0)
		done = find_calls(r, &reader, bytes, len, f);
	buf_release(&reader.hits);
	return done;
}

const char *
recipe_tool_name(enum recipe_tool tool)
{
	return tools[tool];
}

bool
recipe_calls(const struct recipe *r, enum recipe_tool tool)
{
	for (size_t i = 0; i < r->count; i++) {
		if (r->calls[i].tool == tool)
			return true;
	}
	return false;
}

bool
recipe_sets(const struct recipe *r, const char *name)
{
	const struct apkbuild_variable *v = apkbuild_find(&r->variables, name);

	return v != NULL && (v->value == NULL || v->value[0] != '\0');
}

void
recipe_release(struct recipe *r)
{
	apkbuild_release(&r->variables);
	arena_release(&r->arena);
	free(r->calls);
	*r = (struct recipe){ 0 };
}
