/* SPDX-License-Identifier: BSD-2-Clause */
/* Scripts of strangers, which are read and never run. */
#include "promise.h"

#include "base/buf.h"
#include "base/fault.h"
#include "format/apkbuild.h"
#include "format/recipe.h"
#include "format/script.h"

static const char name_chars[] = "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

static unsigned
lines_before(const char *text, const char *end)
{
	unsigned lines = 1;

	for (; text < end; text++)
		lines += *text == '\n';
	return lines;
}

/* What is found lies in the script, in its order, and is what it is called. */
static size_t
expect_assignments(const char *text, size_t len)
{
	const char *done = text;
	struct script s = { 0 };
	struct script_assignment a;
	struct fault f = { 0 };
	size_t count = 0;

	script_init(&s, text, len);
	while (script_next(&s, &a, &f) > 0) {
		const char *sign = a.name.s + a.name.len;

		promise(a.name.s >= done && a.name.len > 0);
		promise(*a.name.s < '0' || *a.name.s > '9');
		for (size_t i = 0; i < a.name.len; i++)
			promise(memchr(name_chars, a.name.s[i],
				    sizeof(name_chars) - 1) != NULL);
		promise(a.value.s == sign + 1 + a.is_appended);
		promise(a.value.s[-1] == '=');
		promise(!a.is_appended || *sign == '+');
		promise(a.line == lines_before(text, a.name.s));
		done = a.value.s + a.value.len;
		promise(done <= text + len);
		count++;
	}
	promise(f.kind == FAULT_NONE);
	promise(script_next(&s, &a, &f) == 0);
	script_release(&s);
	return count;
}

/* Names are there once, and values do not grow without end. */
static void
expect_variables(const struct apkbuild *a, const char *text, size_t len)
{
	const unsigned lines = lines_before(text, text + len);
	size_t total = 0;

	for (size_t i = 0; i < a->count; i++) {
		const struct apkbuild_variable *v = &a->variables[i];

		promise(apkbuild_find(a, v->name) == v);
		promise(v->line >= 1 && v->line <= lines);
		if (v->value != NULL)
			total += strlen(v->value);
	}
	promise(total <= len + APKBUILD_EXPANSION_MAX);
}

/* A line of comment before it, and an end of line behind it, change nothing. */
static void
expect_same_in_context(const struct apkbuild *a, const char *text, size_t len)
{
	struct apkbuild again = { 0 };
	struct buf longer = BUF_INIT;
	struct fault f = { 0 };

	promise(buf_adds(&longer, "# it's\n", &f) == 0);
	promise(buf_add(&longer, text, len, &f) == 0);
	if (len == 0 || text[len - 1] != '\\')
		promise(buf_adds(&longer, "\n", &f) == 0);
	promise(apkbuild_parse(&again, longer.data, longer.len, &f) == 0);
	promise(again.count == a->count);
	for (size_t i = 0; i < a->count; i++) {
		const struct apkbuild_variable *v = &a->variables[i];
		const struct apkbuild_variable *w = &again.variables[i];

		promise(strcmp(v->name, w->name) == 0);
		promise(v->line + 1 == w->line);
		promise((v->value == NULL) == (w->value == NULL));
		promise(v->value == NULL || strcmp(v->value, w->value) == 0);
	}
	apkbuild_release(&again);
	buf_release(&longer);
}

/* Calls are in their order, each tool once a line, and are what they are called. */
static void
expect_calls(const char *text, size_t len)
{
	const unsigned lines = lines_before(text, text + len);
	struct recipe r = { 0 };
	struct fault f = { 0 };
	unsigned seen = 0, line = 0;

	promise(recipe_parse(&r, text, len, &f) == 0);
	for (size_t i = 0; i < r.count; i++) {
		const struct recipe_call *c = &r.calls[i];

		promise(c->line >= line && c->line <= lines && c->line > 0);
		if (c->line > line)
			seen = 0;
		line = c->line;
		promise((seen & 1U << c->tool) == 0);
		seen |= 1U << c->tool;
		promise(strlen(c->text) <= RECIPE_TEXT_MAX);
		promise(recipe_calls(&r, c->tool));
	}
	recipe_release(&r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = copy_of(data, size);
	struct apkbuild a = { 0 };
	struct fault f = { 0 };

	promise(apkbuild_parse(&a, text, size, &f) == 0);
	promise(a.count <= expect_assignments(text, size));
	/* each is looked up: many would take long, and show nothing more */
	if (a.count < 1000)
		expect_variables(&a, text, size);
	expect_same_in_context(&a, text, size);
	expect_calls(text, size);
	apkbuild_release(&a);
	free(text);
	return 0;
}
