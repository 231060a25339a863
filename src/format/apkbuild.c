/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/apkbuild.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/grow.h"
#include "format/script.h"
#include "format/shword.h"

#include <search.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Where the variable of a name is, for tsearch(3). */
struct slot {
	struct word name;
	size_t index;
};

struct reader {
	struct apkbuild *out;
	void *slots;
	struct buf value; /* of the assignment under way */
	size_t room; /* what of APKBUILD_EXPANSION_MAX is left */
};

static int
compare(const void *a, const void *b)
{
	const struct slot *x = a, *y = b;

	if (x->name.len != y->name.len)
		return x->name.len < y->name.len ? -1 : 1;
	return memcmp(x->name.s, y->name.s, x->name.len);
}

static struct apkbuild_variable *
find(const struct reader *r, struct word name)
{
	const struct slot key = { .name = name };
	struct slot *const *node = tfind(&key, &r->slots, compare);

	return node == NULL ? NULL : &r->out->variables[(*node)->index];
}

static int
reserve(struct apkbuild *a, struct fault *f)
{
	struct apkbuild_variable *variables;

	if (a->count < a->cap)
		return 0;
	variables = grow_array(
	    a->variables, &a->cap, sizeof(*variables), "variables", f);
	if (variables == NULL)
		return -1;
	a->variables = variables;
	return 0;
}

static struct apkbuild_variable *
add(struct reader *r, struct word name, struct fault *f)
{
	struct apkbuild *a = r->out;
	struct slot *slot;
	const char *copy;

	if (reserve(a, f) < 0)
		return NULL;
	slot = arena_alloc(&a->arena, sizeof(*slot), f);
	copy = arena_string(&a->arena, name.s, name.len, f);
	if (slot == NULL || copy == NULL)
		return NULL;
	*slot = (struct slot){ { copy, name.len }, a->count };
	if (tsearch(slot, &r->slots, compare) == NULL) {
		fault_set(f, FAULT_MEMORY, "cannot allocate a variable");
		return NULL;
	}
	a->variables[a->count] = (struct apkbuild_variable){ .name = copy };
	return &a->variables[a->count++];
}

/* Append what a variable is; 1, or 0 if that is not known. */
static int
add_variable(struct reader *r, struct word name, struct fault *f)
{
	const struct apkbuild_variable *v = find(r, name);
	size_t len;

	if (v == NULL || v->value == NULL)
		return 0;
	len = strlen(v->value);
	if (len > r->room)
		return 0;
	r->room -= len;
	return buf_add(&r->value, v->value, len, f) < 0 ? -1 : 1;
}

static bool
is_at(const char *s, const char *end, char wanted)
{
	return s < end && *s == wanted;
}

/* How the bytes of a value are to be read, and where they end. */
struct value {
	const char *s, *end;
	bool is_quoted; /* inside "" */
};

/* A dollar that begins nothing is one. */
static int
add_dollar(struct reader *r, const struct value *v, struct fault *f)
{
	const char *begins = v->is_quoted ? "@*#?-$!({\\" : "@*#?-$!({\\'\"";

	if (v->s < v->end &&
	    (shword_is_name_char(*v->s) || strchr(begins, *v->s) != NULL))
		return 0;
	return buf_add(&r->value, "$", 1, f) < 0 ? -1 : 1;
}

/* Behind a dollar: a name, or one in braces. */
static int
add_expansion(struct reader *r, struct value *v, struct fault *f)
{
	const bool has_brace = is_at(v->s, v->end, '{');
	struct word name = { .s = v->s + has_brace };
	const char *s = name.s;

	if (s < v->end && !(*s >= '0' && *s <= '9')) {
		while (s < v->end && shword_is_name_char(*s))
			s++;
	}
	name.len = (size_t)(s - name.s);
	if (name.len == 0)
		return add_dollar(r, v, f);
	/* the name could go on behind an escaped newline */
	if (has_brace ? !is_at(s, v->end, '}')
		      : is_at(s, v->end, '\\') && is_at(s + 1, v->end, '\n'))
		return 0;
	v->s = s + has_brace;
	return add_variable(r, name, f);
}

static int
add_escaped(struct reader *r, struct value *v, struct fault *f)
{
	if (v->s == v->end)
		return 0;
	if (*v->s == '\n') {
		v->s++;
		return 1;
	}
	if (v->is_quoted && strchr("$`\"\\", *v->s) == NULL &&
	    buf_add(&r->value, "\\", 1, f) < 0)
		return -1;
	return buf_add(&r->value, v->s++, 1, f) < 0 ? -1 : 1;
}

static int
add_single_quoted(struct reader *r, struct value *v, struct fault *f)
{
	const char *s = v->s, *stop = memchr(s, '\'', (size_t)(v->end - s));

	if (stop == NULL)
		return 0;
	v->s = stop + 1;
	return buf_add(&r->value, s, (size_t)(stop - s), f) < 0 ? -1 : 1;
}

/* Read a byte of a value, or all that it begins; 1, 0 if unknown, or -1. */
static int
add_part(struct reader *r, struct value *v, struct fault *f)
{
	const char c = *v->s++;

	if (c == '$')
		return add_expansion(r, v, f);
	if (c == '\\')
		return add_escaped(r, v, f);
	if (c == '\'' && !v->is_quoted)
		return add_single_quoted(r, v, f);
	if (c == '`')
		return 0;
	if (c == '"') {
		v->is_quoted = !v->is_quoted;
		return 1;
	}
	return buf_add(&r->value, &c, 1, f) < 0 ? -1 : 1;
}

/* A tilde at the beginning or behind a colon is somebody's home. */
static bool
is_home(const struct value *v, const char *start)
{
	const char *s = v->s;

	if (*s != '~' || v->is_quoted)
		return false;
	while (s - start >= 2 && s[-2] == '\\' && s[-1] == '\n')
		s -= 2; /* a line that goes on */
	return s == start || s[-1] == ':';
}

/* Make r->value of what the assignment says; 1, 0 if unknown, or -1. */
static int
expand(struct reader *r, const struct script_assignment *a, struct fault *f)
{
	struct value v = { .s = a->value.s, .end = a->value.s + a->value.len };
	int known = 1;

	buf_reset(&r->value);
	if (memchr(v.s, '\0', a->value.len) != NULL)
		return 0; /* shells do not agree on it */
	if (a->is_appended)
		known = add_variable(r, a->name, f);
	while (known > 0 && v.s < v.end)
		known = is_home(&v, a->value.s) ? 0 : add_part(r, &v, f);
	return known;
}

static int
assign(struct reader *r, const struct script_assignment *a, struct fault *f)
{
	const int known = expand(r, a, f);
	struct apkbuild_variable *v = find(r, a->name);

	if (known < 0)
		return -1;
	if (v == NULL)
		v = add(r, a->name, f);
	if (v == NULL)
		return -1;
	v->line = a->line;
	v->value = NULL;
	if (known == 0)
		return 0;
	v->value = arena_string(&r->out->arena, r->value.data, r->value.len, f);
	return v->value == NULL ? -1 : 0;
}

static void
keep(void *slot)
{
	(void)slot; /* it is the arena's */
}

int
apkbuild_parse(
    struct apkbuild *a, const char *bytes, size_t len, struct fault *f)
{
	struct reader r = { .out = a, .room = APKBUILD_EXPANSION_MAX };
	struct script_assignment assignment;
	struct script script;
	int next;

	script_init(&script, bytes, len);
	while ((next = script_next(&script, &assignment, f)) > 0) {
		if (assign(&r, &assignment, f) < 0) {
			next = -1;
			break;
		}
	}
	script_release(&script);
	tdestroy(r.slots, keep);
	buf_release(&r.value);
	return next;
}

const struct apkbuild_variable *
apkbuild_find(const struct apkbuild *a, const char *name)
{
	for (size_t i = 0; i < a->count; i++) {
		if (strcmp(a->variables[i].name, name) == 0)
			return &a->variables[i];
	}
	return NULL;
}

void
apkbuild_release(struct apkbuild *a)
{
	arena_release(&a->arena);
	free(a->variables);
	*a = (struct apkbuild){ 0 };
}
