/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/senders.h"

#include "base/fault.h"
#include "engine/merge.h"
#include "engine/package.h"
#include "format/keyword.h"
#include "format/spec.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void
senders_close(struct senders *s)
{
	for (size_t i = 0; i < s->count; i++)
		package_close(&s->packages[i], &s->arena);
	free(s->packages);
	siblings_release(&s->siblings);
	arena_release(&s->arena);
	*s = (struct senders){ 0 };
}

int
senders_open(
    struct senders *s, const struct merge_package *package, struct fault *f)
{
	const struct siblings *all = &s->siblings;

	if (siblings_find(&s->siblings, package, f) < 0)
		return -1;
	if (all->count == 0)
		return 0;
	s->packages = calloc(all->count, sizeof(*s->packages));
	if (s->packages == NULL)
		return fault_sys(f, "cannot allocate %zu packages", all->count);
	for (size_t i = 0; i < all->count; i++) {
		const struct merge_package *from = &all->items[i];
		struct package *p = &s->packages[s->count];

		if (strcmp(from->root, package->root) == 0)
			continue;
		s->count++;
		if (package_open(p, from->root, from->control, f) < 0)
			return -1;
	}
	return 0;
}

/* True if `own` goes before what was said elsewhere, recorded or not. */
static bool
is_said(const struct spec *own, bool is_recorded)
{
	if (own == NULL || (own->binds & KEYWORD_MODE) == 0)
		return false;
	return is_recorded || (own->recorded & KEYWORD_MODE) == 0;
}

int
senders_lay_mode(const struct senders *s, struct entry *e,
    const struct spec *own, struct fault *f)
{
	bool is_explicit = false; /* what has been laid */

	for (size_t i = 0; i < s->count; i++) {
		const struct package *p = &s->packages[i];
		const struct spec *said = override_find(&p->set, e->path);
		bool is_recorded;
		int r;

		if (said == NULL || (said->binds & KEYWORD_MODE) == 0 ||
		    spec_insists(said))
			continue;
		is_recorded = (said->recorded & KEYWORD_MODE) != 0;
		if (is_said(own, is_recorded) || (is_recorded && is_explicit))
			continue;
		r = package_has(p, e->path, f);
		if (r < 0)
			return -1;
		if (r > 0) /* it has one of its own */
			continue;
		e->mode = said->entry.mode;
		is_explicit = !is_recorded;
	}
	return 0;
}
