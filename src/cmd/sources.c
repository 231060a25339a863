/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/sources.h"

#include "base/fault.h"
#include "base/num.h"
#include "cmd/cli.h"
#include "cmd/input.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
sources_release(struct sources *s)
{
	for (size_t i = 0; i < s->merge.sibling_count; i++)
		free((void *)(uintptr_t)s->siblings[i].root);
	free(s->siblings);
	free(s->control);
	place_release(&s->place);
	buf_release(&s->names);
	*s = (struct sources){ 0 };
}

static int
must_exist(const char *dir, struct fault *f)
{
	return access(dir, F_OK) == 0 ? 0
				      : fault_sys(f, "cannot open '%s'", dir);
}

bool
sources_is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

char *
sources_find_equals(char *text)
{
	char *s = strrchr(text, '=');

	for (; s != NULL; s = memrchr(text, '=', (size_t)(s - text))) {
		bool has_both;

		*s = '\0';
		has_both =
		    sources_is_directory(text) && sources_is_directory(s + 1);
		*s = '=';
		if (has_both)
			return s;
	}
	return NULL;
}

/* What is not there is told by must_exist(), or by who opens it. */
static int
add_sibling(struct sources *s, const char *value, struct fault *f)
{
	const size_t count = s->merge.sibling_count;
	char *root, *equals;

	if (s->siblings == NULL)
		s->siblings = calloc(SOURCES_MAX, sizeof(*s->siblings));
	root = strdup(value);
	if (s->siblings == NULL || root == NULL || count == SOURCES_MAX) {
		free(root);
		return fault_set(f, FAULT_MEMORY, "too many siblings");
	}
	s->siblings[count].root = root;
	s->merge.siblings = s->siblings;
	s->merge.sibling_count++;
	equals = sources_find_equals(root);
	if (equals == NULL)
		equals = strrchr(root, '=');
	if (equals == NULL || equals == root || equals[1] == '\0')
		return fault_set(
		    f, FAULT_USAGE, "'%s' is no sibling: ROOT=CONTROL", value);
	*equals = '\0';
	s->siblings[count].control = equals + 1;
	return must_exist(equals + 1, f);
}

int
sources_set(struct sources *s, int id, const char *value, struct fault *f)
{
	switch (id) {
	case SOURCES_ROOT:
		s->merge.package.root = value;
		return 0;
	case SOURCES_CONTROL:
		s->merge.package.control = value;
		return must_exist(value, f);
	case SOURCES_JOURNAL:
		s->merge.journal = value;
		return 0;
	default:
		return add_sibling(s, value, f);
	}
}

int
sources_read_names(struct sources *s, const char *file, struct fault *f)
{
	if (input_read(&s->names, file, SIZE_MAX, f) < 0)
		return -1;
	if (s->names.len > 0 && s->names.data[s->names.len - 1] != '\0')
		return fault_set(f, FAULT_INPUT,
		    "'%s': last name has no NUL behind it (file cut short?)",
		    file);
	s->merge.names = buf_end(&s->names, f);
	s->merge.names_len = s->names.len;
	return s->merge.names == NULL ? -1 : 0;
}

static int
set_epoch(struct sources *s, struct fault *f)
{
	const char *text = cli_env("SOURCE_DATE_EPOCH");
	uint64_t epoch;

	if (text == NULL)
		return 0;
	if (!num_parse(&epoch, text, strlen(text), 10, MERGE_EPOCH_MAX))
		return fault_set(f, FAULT_USAGE,
		    "SOURCE_DATE_EPOCH is '%s': it must be a number of seconds "
		    "that a tar header can hold",
		    text);
	s->merge.has_epoch = true;
	s->merge.epoch = (int64_t)epoch;
	return 0;
}

static int
find_place(struct sources *s, struct fault *f)
{
	const struct place_hint nothing = { 0 };

	if (place_find(&s->place, ".", &nothing, f) < 0) {
		if (f->kind != FAULT_USAGE)
			return -1;
		*f = (struct fault){ 0 };
		return fault_set(f, FAULT_USAGE,
		    "no --root, no AMTREE_ROOT, and the current directory is "
		    "not in a package of an abuild");
	}
	s->merge.package.root = s->place.root;
	s->merge.package.control = s->place.control;
	return 0;
}

int
sources_settle(struct sources *s, struct fault *f)
{
	struct merge_package *p = &s->merge.package;

	if (set_epoch(s, f) < 0)
		return -1;
	/* a manifest was made with what the journal said */
	if (s->merge.journal == NULL && s->merge.manifest == NULL)
		s->merge.journal = cli_env("AMTREE_JOURNAL");
	if (p->root == NULL && p->control != NULL)
		return fault_set(f, FAULT_USAGE, "--control needs --root");
	if (p->root == NULL) {
		p->root = cli_env("AMTREE_ROOT");
		p->control = cli_env("AMTREE_CONTROL");
	}
	if (p->root == NULL && p->control != NULL)
		return fault_set(
		    f, FAULT_USAGE, "AMTREE_CONTROL needs AMTREE_ROOT");
	if (p->root == NULL)
		return find_place(s, f);
	if (p->control != NULL && must_exist(p->control, f) < 0)
		return -1;
	if (p->control == NULL && s->merge.manifest == NULL) {
		s->control = place_control_of(p->root, f);
		p->control = s->control;
		return s->control == NULL ? -1 : 0;
	}
	return 0;
}

int
sources_load(const struct sources *s, const struct cli *cli, struct tree *t,
    struct fault *f)
{
	const struct notice notice = cli_notice(cli);
	struct merge_options o = s->merge;

	o.notice = &notice;
	return merge_load(t, &o, f);
}
