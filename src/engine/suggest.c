/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/suggest.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/grow.h"
#include "engine/cover.h"
#include "engine/tree.h"
#include "format/phrase.h"
#include "format/quote.h"
#include "format/vis.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { TAB = 8 };

/* What one call of amtree would say of one path. */
struct operand {
	const char *options; /* or a whole comment line */
	const char *path;
	size_t above; /* the last -R before that hits it */
	bool is_comment;
};

/* Operands that go into one call. */
struct call {
	const struct operand *first;
	size_t count;
};

struct plan {
	struct arena arena;
	struct cover *covers; /* one an entry */
	size_t count;
	struct operand *operands;
	size_t operand_count, operand_cap;
	struct call *calls;
	size_t call_count;
};

static void
release(struct plan *p)
{
	arena_release(&p->arena);
	free(p->covers);
	free(p->operands);
	free(p->calls);
}

static int
grow(struct plan *p, struct fault *f)
{
	struct operand *operands = grow_array(
	    p->operands, &p->operand_cap, sizeof(*operands), "operands", f);

	if (operands == NULL)
		return -1;
	p->operands = operands;
	return 0;
}

static int
add_operand(struct plan *p, const struct operand *o, const struct buf *options,
    struct fault *f)
{
	struct operand *added;

	if (p->operand_count == p->operand_cap && grow(p, f) < 0)
		return -1;
	added = &p->operands[p->operand_count];
	*added = *o;
	added->options =
	    arena_string(&p->arena, options->data, options->len, f);
	if (added->options == NULL)
		return -1;
	p->operand_count++;
	return 0;
}

/* The path too is part of it, so that no two comments are equal. */
static int
add_comment(struct plan *p, const char *path, const char *why, struct fault *f)
{
	const struct operand o = {
		.path = path,
		.above = COVER_NONE,
		.is_comment = true,
	};
	struct buf text = BUF_INIT;
	int r = -1;

	if (buf_adds(&text, "# amtree cannot declare '", f) == 0 &&
	    vis_show(&text, path, strlen(path), f) == 0 &&
	    buf_adds(&text, "': ", f) == 0 &&
	    vis_show(&text, why, strlen(why), f) == 0)
		r = add_operand(p, &o, &text, f);
	buf_release(&text);
	return r;
}

/* Give up these keywords for the reason `why`, unless that is no reason. */
static int
give_up(struct plan *p, struct cover *c, unsigned keywords,
    const struct fault *why, struct fault *f)
{
	if (why->kind != FAULT_INPUT) {
		*f = *why;
		return -1;
	}
	c->keywords &= ~keywords;
	return add_comment(p, c->entry->path, why->text, f);
}

/* Try each option, so that nothing is planned that cannot be written. */
static int
try_options(struct plan *p, struct cover *c, struct fault *f)
{
	struct buf scratch = BUF_INIT;
	struct fault why = { 0 };
	int r = 0;

	if (c->keywords != 0 && quote_add(&scratch, c->entry->path, &why) < 0)
		r = give_up(p, c, ~0u, &why, f);
	for (unsigned bit = 1; r == 0 && bit != 0 && bit <= c->keywords;
	     bit <<= 1) {
		why = (struct fault){ 0 };
		/* what cannot be created cannot have anything else */
		if (phrase_add(&scratch, c->entry, c->keywords & bit, &why) < 0)
			r = give_up(
			    p, c, bit == KEYWORD_TYPE ? ~0u : bit, &why, f);
	}
	buf_release(&scratch);
	return r;
}

static int
find_needs(struct plan *p, const struct tree *t, const unsigned *keywords,
    struct fault *f)
{
	p->covers = calloc(t->count, sizeof(*p->covers));
	if (p->covers == NULL)
		return fault_sys(f, "cannot allocate %zu entries", t->count);
	p->count = t->count;
	for (size_t i = 0; i < t->count; i++) {
		struct cover *c = &p->covers[i];

		c->entry = &t->entries[i];
		c->keywords = phrase_fitting(c->entry, keywords[i]);
		if (try_options(p, c, f) < 0)
			return -1;
	}
	return 0;
}

/* One operand that says these keywords of the entry; nothing if there is none. */
static int
add_phrase(struct plan *p, const struct cover *c, const char *lead,
    unsigned keywords, struct fault *f)
{
	/* what says no owner is right before and after any -R */
	const struct operand o = {
		.path = c->entry->path,
		.above = (keywords & COVER_OWNERS) != 0 ? c->above : COVER_NONE,
	};
	struct buf text = BUF_INIT;
	int r = 0;

	if (keywords != 0 &&
	    (buf_adds(&text, lead, f) < 0 ||
		phrase_add(&text, c->entry, keywords, f) < 0 ||
		add_operand(p, &o, &text, f) < 0))
		r = -1;
	buf_release(&text);
	return r;
}

static int
find_operands(struct plan *p, struct fault *f)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct cover *c = &p->covers[i];
		const unsigned owners = c->keywords & COVER_OWNERS;
		unsigned rest = c->keywords;

		if (c->is_top && add_phrase(p, c, " -R", owners, f) < 0)
			return -1;
		if (cover_has_owners(p->covers, i))
			rest &= ~(unsigned)COVER_OWNERS;
		if (add_phrase(p, c, "", rest, f) < 0)
			return -1;
	}
	return 0;
}

static int
compare_operands(const void *a, const void *b)
{
	const struct operand *x = a, *y = b;
	int r;

	if (x->above != y->above)
		return x->above < y->above ? -1 : 1;
	r = strcmp(x->options, y->options);
	return r != 0 ? r : strcmp(x->path, y->path);
}

/* "-R" sorts before all other options. */
static int
compare_calls(const void *a, const void *b)
{
	const struct operand *x = ((const struct call *)a)->first,
			     *y = ((const struct call *)b)->first;
	const int r = strcmp(x->path, y->path);

	return r != 0 ? r : strcmp(x->options, y->options);
}

static bool
is_same_call(const struct operand *a, const struct operand *b)
{
	return a->above == b->above && strcmp(a->options, b->options) == 0;
}

/*
 * The later line wins, so a line has to come after each -R that hits one of its
 * paths.  It does: all of them are below the same innermost such directory,
 * which sorts before the first.
 */
static int
find_calls(struct plan *p, struct fault *f)
{
	const struct operand *o = p->operands, *end = o + p->operand_count;

	p->calls = calloc(p->operand_count, sizeof(*p->calls));
	if (p->calls == NULL)
		return fault_sys(
		    f, "cannot allocate %zu calls", p->operand_count);
	qsort(p->operands, p->operand_count, sizeof(*p->operands),
	    compare_operands);
	while (o < end) {
		struct call *c = &p->calls[p->call_count++];

		c->first = o++;
		while (o < end && o - c->first < SUGGEST_PATHS &&
		    is_same_call(c->first, o))
			o++;
		c->count = (size_t)(o - c->first);
	}
	qsort(p->calls, p->call_count, sizeof(*p->calls), compare_calls);
	return 0;
}

/* Columns that a text takes, if no character is wider than one. */
static size_t
width(const char *s, size_t len)
{
	size_t columns = 0;

	for (size_t i = 0; i < len; i++)
		columns += ((unsigned char)s[i] & 0xc0) != 0x80;
	return columns;
}

/* Append a word, in a new line if it does not fit before a backslash. */
static int
add_word(
    struct buf *text, size_t *column, const struct buf *word, struct fault *f)
{
	const size_t columns = width(word->data, word->len);

	if (*column + 1 + columns + strlen(" \\") > SUGGEST_WIDTH) {
		*column = TAB;
		if (buf_adds(text, " \\\n\t", f) < 0)
			return -1;
	} else {
		*column += 1;
		if (buf_adds(text, " ", f) < 0)
			return -1;
	}
	*column += columns;
	return buf_add(text, word->data, word->len, f);
}

static int
add_call(
    struct buf *text, const struct call *c, const char *root, struct fault *f)
{
	const char *options = c->first->options;
	size_t column = strlen("amtree") + width(options, strlen(options));
	struct buf word = BUF_INIT;
	int r = 0;

	if (c->first->is_comment)
		return buf_adds(text, options, f) < 0 ? -1
						      : buf_adds(text, "\n", f);
	if (buf_adds(text, "amtree", f) < 0 || buf_adds(text, options, f) < 0)
		return -1;
	for (size_t i = 0; r == 0 && i < c->count; i++) {
		buf_reset(&word);
		if (buf_adds(&word, root, f) < 0 ||
		    buf_adds(&word, "/", f) < 0 ||
		    quote_add(&word, c->first[i].path, f) < 0 ||
		    add_word(text, &column, &word, f) < 0)
			r = -1;
	}
	buf_release(&word);
	return r < 0 ? -1 : buf_adds(text, "\n", f);
}

/* Nothing at all where nothing has to be declared. */
static int
make_plan(struct plan *p, const struct tree *t, const unsigned *keywords,
    struct fault *f)
{
	if (t->count == 0)
		return 0;
	if (find_needs(p, t, keywords, f) < 0)
		return -1;
	cover_find(p->covers, p->count);
	if (find_operands(p, f) < 0)
		return -1;
	return p->operand_count > 0 ? find_calls(p, f) : 0;
}

int
suggest_add(struct buf *text, const struct tree *t,
    const struct suggest_options *o, struct fault *f)
{
	const size_t start = text->len;
	struct plan p = { 0 };
	int r = make_plan(&p, t, o->keywords, f);

	for (size_t i = 0; r == 0 && i < p.call_count; i++)
		r = add_call(text, &p.calls[i], o->root, f);
	if (r < 0)
		text->len = start;
	release(&p);
	return r;
}
