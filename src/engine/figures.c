/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/figures.h"

#include "base/buf.h"
#include "base/fault.h"
#include "engine/census.h"
#include "format/json.h"
#include "format/vis.h"

#include <inttypes.h>
#include <string.h>

/* A figure and what it is called, by programs and by people. */
struct figure {
	const char *name, *text;
	uint64_t value;
};

enum { PACKAGE_FIGURES = 11, RECIPE_FIGURES = 11 };

static void
list_packages(struct figure out[PACKAGE_FIGURES], const struct census *c)
{
	const struct figure figures[PACKAGE_FIGURES] = {
		{ "packages", "packages", c->packages },
		{ "broken", "that are broken", c->broken },
		{ "entries", "entries in all of them", c->entries },
		{ "special", "with anything that is not plain root:root",
		    c->special },
		{ "user", "with a user other than root", c->user },
		{ "group", "with a group other than root", c->group },
		{ "both", "with both", c->both },
		{ "setid", "with set-id bits", c->setid },
		{ "caps", "with capabilities", c->caps },
		{ "device", "with devices", c->device },
		{ "number", "with an owner that is a number without a name",
		    c->number },
	};

	memcpy(out, figures, sizeof(figures));
}

static void
list_recipes(struct figure out[RECIPE_FIGURES], const struct census_recipes *c)
{
	const struct figure figures[RECIPE_FIGURES] = {
		{ "read", "recipes", c->read },
		{ "broken", "that are broken", c->broken },
		{ "pkgusers", "with pkgusers", c->pkgusers },
		{ "pkggroups", "with pkggroups", c->pkggroups },
		{ "both", "with both", c->both },
		{ "chown", "that call chown or chgrp", c->chown },
		{ "install", "that call install with -o or -g", c->install },
		{ "setcap", "that call setcap", c->setcap },
		{ "any", "with any of these", c->any },
		{ "undeclared", "of them with neither pkgusers nor pkggroups",
		    c->undeclared },
		{ "amtree", "that call amtree", c->amtree },
	};

	memcpy(out, figures, sizeof(figures));
}

static int
add_figure(struct buf *b, uint64_t n, struct fault *f)
{
	return buf_addf(b, f, "%8" PRIu64 " ", n);
}

static int
add_lines(
    struct buf *b, const struct figure *figures, int count, struct fault *f)
{
	for (int i = 0; i < count; i++) {
		if (add_figure(b, figures[i].value, f) < 0 ||
		    buf_addf(b, f, "%s\n", figures[i].text) < 0)
			return -1;
	}
	return 0;
}

static int
add_account(struct buf *b, const struct census_account *a, struct fault *f)
{
	const char *what = a->is_number ? (a->is_group ? "gid" : "uid")
	    : a->is_group               ? "group"
					: "user";

	if (add_figure(b, a->packages, f) < 0 ||
	    buf_addf(b, f, "with %s ", what) < 0 ||
	    vis_add(b, a->name, strlen(a->name), f) < 0)
		return -1;
	return buf_adds(b, "\n", f);
}

static int
add_accounts(struct buf *b, const struct census *c, struct fault *f)
{
	for (size_t i = 0; i < c->account_count; i++) {
		if (add_account(b, &c->accounts[i], f) < 0)
			return -1;
	}
	if (c->more_accounts == 0)
		return 0;
	if (add_figure(b, c->more_accounts, f) < 0)
		return -1;
	return buf_adds(b, "times another account\n", f);
}

int
figures_add_text(struct buf *text, const struct census *c, struct fault *f)
{
	struct figure packages[PACKAGE_FIGURES], recipes[RECIPE_FIGURES];

	list_packages(packages, c);
	list_recipes(recipes, &c->recipes);
	if ((c->packages > 0 || c->recipes.read == 0) &&
	    add_lines(text, packages, PACKAGE_FIGURES, f) < 0)
		return -1;
	if (c->recipes.read > 0 &&
	    add_lines(text, recipes, RECIPE_FIGURES, f) < 0)
		return -1;
	if (add_accounts(text, c, f) < 0)
		return -1;
	for (int i = 0; i < FINDINGS_KINDS; i++) {
		const enum findings_kind kind = (enum findings_kind)i;

		if (c->findings[i] > 0 &&
		    (add_figure(text, c->findings[i], f) < 0 ||
			buf_addf(text, f, "%s: %s\n", findings_name(kind),
			    findings_text(kind)) < 0))
			return -1;
	}
	return 0;
}

/* Append members, a comma between them. */
static int
add_members(
    struct buf *b, const struct figure *figures, int count, struct fault *f)
{
	for (int i = 0; i < count; i++) {
		if (buf_addf(b, f, "%s\"%s\":%" PRIu64, i > 0 ? "," : "",
			figures[i].name, figures[i].value) < 0)
			return -1;
	}
	return 0;
}

/* One object: the accounts of one kind. */
static int
add_kind_of_account(struct buf *b, const struct census *c, const char *name,
    const struct census_account *kind, struct fault *f)
{
	const char *lead = "";

	if (buf_addf(b, f, ",\"%s\":{", name) < 0)
		return -1;
	for (size_t i = 0; i < c->account_count; i++) {
		const struct census_account *a = &c->accounts[i];

		if (a->is_group != kind->is_group ||
		    a->is_number != kind->is_number)
			continue;
		if (buf_adds(b, lead, f) < 0 ||
		    json_add_string(b, a->name, strlen(a->name), f) < 0 ||
		    buf_addf(b, f, ":%" PRIu64, a->packages) < 0)
			return -1;
		lead = ",";
	}
	return buf_adds(b, "}", f);
}

static int
add_account_objects(struct buf *b, const struct census *c, struct fault *f)
{
	static const struct {
		const char *name;
		struct census_account kind;
	} lists[] = {
		{ "users", { .is_group = false, .is_number = false } },
		{ "groups", { .is_group = true, .is_number = false } },
		{ "uids", { .is_group = false, .is_number = true } },
		{ "gids", { .is_group = true, .is_number = true } },
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		if (add_kind_of_account(
			b, c, lists[i].name, &lists[i].kind, f) < 0)
			return -1;
	}
	return buf_addf(b, f, ",\"more_accounts\":%" PRIu64, c->more_accounts);
}

static int
add_kinds(struct buf *b, const struct census *c, struct fault *f)
{
	const char *lead = "";

	if (buf_adds(b, ",\"findings\":{", f) < 0)
		return -1;
	for (int i = 0; i < FINDINGS_KINDS; i++) {
		if (c->findings[i] == 0)
			continue;
		if (buf_addf(b, f, "%s\"%s\":%" PRIu64, lead,
			findings_name((enum findings_kind)i),
			c->findings[i]) < 0)
			return -1;
		lead = ",";
	}
	return buf_adds(b, "}}\n", f);
}

int
figures_add_json(struct buf *text, const struct census *c, struct fault *f)
{
	struct figure packages[PACKAGE_FIGURES], recipes[RECIPE_FIGURES];

	list_packages(packages, c);
	list_recipes(recipes, &c->recipes);
	if (buf_adds(text, "{", f) < 0 ||
	    add_members(text, packages, PACKAGE_FIGURES, f) < 0 ||
	    buf_adds(text, ",\"recipes\":{", f) < 0 ||
	    add_members(text, recipes, RECIPE_FIGURES, f) < 0 ||
	    buf_adds(text, "}", f) < 0 || add_account_objects(text, c, f) < 0)
		return -1;
	return add_kinds(text, c, f);
}
