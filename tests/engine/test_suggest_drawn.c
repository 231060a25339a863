/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The oracle: random trees, their lines run by a real shell with a function for
 * amtree, whose calls a small interpreter lays over the entries.
 */
#include "../shell.h"
#include "test_suggest.h"

#include "base/path.h"
#include "engine/suggest.h"
#include "format/keyword.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the calls have declared of one entry so far. */
struct declared {
	unsigned keywords;
	const char *user, *group, *mode, *caps, *type, *device, *target;
};

/* The words that the shell's amtree was called with, one after another. */
struct words {
	const char *at, *end;
};

static const char *
next_word(struct words *w)
{
	const char *word = w->at;

	assert_true(word < w->end);
	w->at += strlen(word) + 1;
	return word;
}

/* Options of one call, read as amtree(1) has them. */
static bool
read_options(struct words *w, struct declared *d, unsigned *left)
{
	bool is_recursive = false;

	for (; *w->at == '-'; (*left)--) {
		const char *option = next_word(w);

		assert_int_equal(strlen(option), 2);
		if (option[1] == 'R') {
			is_recursive = true;
			continue;
		}
		(*left)--;
		switch (option[1]) {
		case 'u':
			d->keywords |= KEYWORD_USER;
			d->user = next_word(w);
			break;
		case 'g':
			d->keywords |= KEYWORD_GROUP;
			d->group = next_word(w);
			break;
		case 'm':
			d->keywords |= KEYWORD_MODE;
			d->mode = next_word(w);
			break;
		case 'c':
			d->keywords |= KEYWORD_CAPS;
			d->caps = next_word(w);
			break;
		case 't':
			d->keywords |= KEYWORD_TYPE;
			d->type = next_word(w);
			break;
		case 'D':
			d->device = next_word(w);
			break;
		case 'l':
			d->target = next_word(w);
			break;
		default:
			fail_msg("option '%s'", option);
		}
	}
	return is_recursive;
}

static void
lay(struct declared *over, const struct declared *d)
{
	over->keywords |= d->keywords;
	over->user = d->user != NULL ? d->user : over->user;
	over->group = d->group != NULL ? d->group : over->group;
	over->mode = d->mode != NULL ? d->mode : over->mode;
	over->caps = d->caps != NULL ? d->caps : over->caps;
	over->type = d->type != NULL ? d->type : over->type;
	over->device = d->device != NULL ? d->device : over->device;
	over->target = d->target != NULL ? d->target : over->target;
}

/* A tree that calls are laid over. */
struct oracle {
	const struct given *given;
	struct declared declared[MAX];
	size_t count;
	bool is_created_there; /* what is to be created is on disk already */
	const char *last; /* path that a call begins with */
};

static bool
is_there(const struct oracle *o, size_t i)
{
	return o->is_created_there ||
	    (o->given[i].keywords & KEYWORD_TYPE) == 0;
}

static void
call_for(struct oracle *o, const struct declared *d, bool is_recursive,
    const char *path)
{
	bool is_found = false;

	for (size_t i = 0; i < o->count; i++) {
		const char *name = o->given[i].entry.path;
		const bool is_it = strcmp(name, path) == 0;

		is_found = is_found || is_it;
		if (is_it && !is_there(o, i) && d->type == NULL)
			fail_msg("'%s' is not there", path);
		if (is_it ||
		    (is_recursive && is_there(o, i) &&
			path_is_within(name, path)))
			lay(&o->declared[i], d);
	}
	if (!is_found)
		fail_msg("there is no '%s'", path);
}

/* One call: its count of words, then the words. */
static void
run_call(struct oracle *o, struct words *w)
{
	unsigned left = (unsigned)strtoul(next_word(w), NULL, 10);
	struct declared d = { 0 };
	const bool is_recursive = read_options(w, &d, &left);

	assert_in_range(left, 1, SUGGEST_PATHS);
	if (is_recursive)
		assert_int_equal(d.keywords & ~(unsigned)BOTH, 0);
	for (bool is_first = true; left > 0; left--, is_first = false) {
		const char *path = next_word(w);

		assert_memory_equal(path, "/p k/", 5);
		if (is_first && o->last != NULL)
			assert_true(strcmp(o->last, path) <= 0);
		if (is_first)
			o->last = path;
		call_for(o, &d, is_recursive, path + 5);
	}
}

static void
assert_account(const char *got, const char *name, uint32_t id, const char *path)
{
	char number[16];

	snprintf(number, sizeof(number), "%u", (unsigned)id);
	if (strcmp(got, name != NULL ? name : number) != 0)
		fail_msg("'%s' is given to '%s'", path, got);
}

/* It has what it needs, and nothing that it does not need was declared. */
static void
assert_right(const struct given *g, const struct declared *d)
{
	const struct entry *e = &g->entry;
	char device[16];

	if (d->keywords != g->keywords)
		fail_msg("'%s': keywords %#x, not %#x", e->path, d->keywords,
		    g->keywords);
	if (d->user != NULL)
		assert_account(d->user, e->uname, e->uid, e->path);
	if (d->group != NULL)
		assert_account(d->group, e->gname, e->gid, e->path);
	if (d->mode != NULL)
		assert_int_equal(strtoul(d->mode, NULL, 8), e->mode);
	if (d->caps != NULL)
		assert_string_equal(
		    d->caps, e->xattrs != NULL ? "cap_net_raw=ep" : "none");
	if (d->type == NULL)
		return;
	assert_string_equal(d->type, entry_type_name((enum entry_type)e->type));
	snprintf(device, sizeof(device), "%u,0", (unsigned)e->major);
	if (e->type == ENTRY_CHAR)
		assert_string_equal(d->device, device);
	if (e->type == ENTRY_LINK)
		assert_string_equal(d->target, e->link);
}

/* The words of the calls of one tree, which "end" ends. */
static void
check_calls(const struct given *given, size_t count, struct words *w,
    bool is_created_there)
{
	struct oracle o = {
		.given = given,
		.count = count,
		.is_created_there = is_created_there,
	};

	while (strcmp(w->at, "end") != 0)
		run_call(&o, w);
	w->at += sizeof("end");
	for (size_t i = 0; i < count; i++)
		assert_right(&given[i], &o.declared[i]);
}

/* Safe to show, and no wider than promised: all names are short. */
static void
assert_plain_lines(const char *text)
{
	unsigned column = 0;

	for (; *text != '\0'; text++) {
		if (*text == '\n') {
			column = 0;
			continue;
		}
		column = *text == '\t' ? column + 8 - column % 8 : column + 1;
		assert_in_range(column, 1, SUGGEST_WIDTH);
		assert_true(*text == '\t' || (*text >= ' ' && *text < 0x7f));
	}
}

static void
lines_declare_what_is_needed_and_nothing_else(void **state)
{
	enum { TREES = 700 };
	static const char prelude[] =
	    "pkgdir='/p k'\n"
	    "amtree() { printf '%s\\0' $# \"$@\"; }\n";
	static struct given given[MAX];
	struct buf script = BUF_INIT, text = BUF_INIT, said = BUF_INIT;
	struct fault f = { 0 };
	uint32_t seed = 1;
	size_t tops = 0;
	struct words w;

	(void)state;
	assert_ok(buf_adds(&script, prelude, &f), &f);
	for (unsigned i = 0; i < TREES; i++) {
		struct arena a = { 0 };
		const size_t count = draw_tree(given, &a, &seed);

		buf_reset(&text);
		suggest(&text, given, count);
		assert_non_null(buf_end(&text, &f));
		assert_plain_lines(text.data);
		tops += count_of(text.data, " -R ");
		assert_ok(buf_add(&script, text.data, text.len, &f), &f);
		assert_ok(buf_adds(&script, "printf 'end\\0'\n", &f), &f);
		arena_release(&a);
	}
	shell_run(buf_end(&script, &f), &said);
	w = (struct words){ said.data, said.data + said.len };
	seed = 1;
	for (unsigned i = 0; i < TREES; i++) {
		struct arena a = { 0 };
		const size_t count = draw_tree(given, &a, &seed);
		struct words again = w;

		check_calls(given, count, &again, true);
		check_calls(given, count, &w, false);
		arena_release(&a);
	}
	assert_ptr_equal(w.at, w.end);
	/* else it was no trial of what is hard */
	assert_in_range(tops, TREES / 4, SIZE_MAX);
	buf_release(&script);
	buf_release(&text);
	buf_release(&said);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_declare_what_is_needed_and_nothing_else),
	};

	return cmocka_run_group_tests_name(
	    "suggest_drawn", tests, make_caps, NULL);
}
