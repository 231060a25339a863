/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_suggest - what a suggestion is made from: examples, and trees drawn by lot
 *
 *	const struct given given[] = {
 *		{ BOTH, FILE_("usr/x", WWW) },
 *	};
 *
 *	suggest(&text, given, 1);
 */
#ifndef TESTS_TEST_SUGGEST_H
#define TESTS_TEST_SUGGEST_H

#include "../format/netraw.h"

#include "engine/suggest.h"
#include "engine/tree.h"
#include "format/keyword.h"
#include "format/phrase.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BOTH = KEYWORD_USER | KEYWORD_GROUP, MAX = 64 };

/* What an entry of an example is, and what of it has to be declared. */
struct given {
	unsigned keywords;
	struct entry entry;
};

static inline void
suggest(struct buf *text, const struct given *given, size_t count)
{
	struct tree t = TREE_INIT;
	struct fault f = { 0 };
	unsigned *keywords = calloc(count + 1, sizeof(*keywords));
	const struct suggest_options o = {
		.root = "\"$pkgdir\"",
		.keywords = keywords,
	};

	assert_non_null(keywords);
	for (size_t i = 0; i < count; i++) {
		struct entry *e = tree_append(&t, &f);

		assert_non_null(e);
		*e = given[i].entry;
		keywords[i] = given[i].keywords;
		if (i > 0)
			assert_true(entry_compare(e - 1, e) < 0);
	}
	assert_ok(suggest_add(text, &t, &o, &f), &f);
	tree_release(&t);
	free(keywords);
}

/* Entries of examples; the fields are those of struct entry. */
#define DIRECTORY(name, ...)                                   \
	{                                                      \
		.path = (name), .type = ENTRY_DIR, __VA_ARGS__ \
	}
#define FILE_(name, ...)                                        \
	{                                                       \
		.path = (name), .type = ENTRY_FILE, __VA_ARGS__ \
	}
#define WWW .uname = "www", .gname = "www"
#define APP .uname = "app", .gname = "app"
#define ROOT .uname = "root", .gname = "root"

/* How often `what` is in the text. */
static inline size_t
count_of(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text += strlen(what))
		n++;
	return n;
}

static inline uint32_t
draw(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)(*seed >> 8) * below >> 24);
}

/* Give an owner, mostly that of the entry it is modelled on. */
static inline void
draw_owner(struct given *g, const struct given *model, uint32_t *seed)
{
	static const struct given owners[] = {
		{ BOTH, { WWW } },
		{ BOTH, { APP } },
		{ BOTH, { .uname = "www", .gname = "daemon$" } },
		{ BOTH, { .uid = 1000, .gid = 100 } },
		{ BOTH, { .uid = 1000, .gname = "www" } },
		{ KEYWORD_GROUP, { .uname = "root", .gname = "www" } },
		{ KEYWORD_USER, { .uname = "app", .gname = "root" } },
		{ BOTH, { .uname = "root", .gname = "www" } },
		{ BOTH, { ROOT } },
		{ 0, { ROOT } },
	};
	const struct given *from = model != NULL && draw(seed, 8) > 0
	    ? model
	    : &owners[draw(seed, sizeof(owners) / sizeof(*owners))];

	g->keywords = from->keywords & BOTH;
	g->entry.uname = from->entry.uname;
	g->entry.gname = from->entry.gname;
	g->entry.uid = from->entry.uid;
	g->entry.gid = from->entry.gid;
}

static inline void
draw_entry(struct given *g, const struct given *model, uint32_t *seed)
{
	static const uint8_t types[] = { ENTRY_DIR, ENTRY_DIR, ENTRY_DIR,
		ENTRY_FILE, ENTRY_FILE, ENTRY_FILE, ENTRY_LINK, ENTRY_CHAR,
		ENTRY_FIFO };
	struct entry *e = &g->entry;

	e->type = types[draw(seed, sizeof(types))];
	e->mode = entry_first_mode((enum entry_type)e->type);
	if (e->type != ENTRY_LINK && draw(seed, 6) == 0)
		e->mode = (uint16_t)draw(seed, 010000);
	e->link = e->type == ENTRY_LINK ? "some where" : NULL;
	e->major = e->type == ENTRY_CHAR ? draw(seed, 4096) : 0;
	e->xattrs = draw(seed, 8) == 0 ? &with_net_raw : NULL;
	draw_owner(g, model, seed);
	if (draw(seed, 8) == 0)
		g->keywords |= KEYWORD_MODE;
	if (draw(seed, 8) == 0)
		g->keywords |= KEYWORD_CAPS;
	if (e->type == ENTRY_CHAR || draw(seed, 20) == 0)
		g->keywords |= KEYWORD_TYPE;
	g->keywords = phrase_fitting(e, g->keywords);
}

/* True if no entry has this path. */
static inline bool
is_free(const struct given *given, size_t count, const char *path)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(given[i].entry.path, path) == 0)
			return false;
	}
	return true;
}

static inline int
compare_given(const void *a, const void *b)
{
	return entry_compare(&((const struct given *)a)->entry,
	    &((const struct given *)b)->entry);
}

/* Up to MAX entries; the paths are in the arena. */
static inline size_t
draw_tree(struct given *given, struct arena *a, uint32_t *seed)
{
	static const char *const names[] = { "a", "a-b", "a b", "b", "it's",
		"c\nd", "e\xe9", "$f", "-R", "a.", "a0" };
	const size_t wanted = 1 + draw(seed, MAX);
	struct fault f = { 0 };
	size_t count = 0;

	for (unsigned tries = 0; tries < 4 * MAX && count < wanted; tries++) {
		const struct given *in = count > 0 && draw(seed, 4) > 0
		    ? &given[draw(seed, (uint32_t)count)]
		    : NULL;
		const char *name =
		    names[draw(seed, sizeof(names) / sizeof(*names))];
		char path[256];

		if (in != NULL && in->entry.type != ENTRY_DIR)
			continue;
		snprintf(path, sizeof(path), "%s%s%s",
		    in != NULL ? in->entry.path : "", in != NULL ? "/" : "",
		    name);
		if (strlen(path) > 24 || !is_free(given, count, path))
			continue;
		given[count] = (struct given){ 0 };
		draw_entry(&given[count], in, seed);
		/* what is in a directory that is created is created too */
		if (in != NULL && (in->keywords & KEYWORD_TYPE) != 0 &&
		    (phrase_fitting(&given[count].entry, KEYWORD_TYPE) &
			KEYWORD_TYPE) == 0)
			continue;
		if (in != NULL && (in->keywords & KEYWORD_TYPE) != 0)
			given[count].keywords =
			    phrase_fitting(&given[count].entry,
				given[count].keywords | KEYWORD_TYPE);
		given[count].entry.path =
		    arena_string(a, path, strlen(path), &f);
		assert_non_null(given[count].entry.path);
		count++;
	}
	qsort(given, count, sizeof(*given), compare_given);
	return count;
}

#endif
