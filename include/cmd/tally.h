/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tally - what amtree-diff(1) prints, and what it has seen
 *
 * Pairs come one after the other; what there is to say of them goes out at once,
 * but for JUnit's, which has to begin with how many there are.
 */
#ifndef CMD_TALLY_H
#define CMD_TALLY_H

#include "base/buf.h"
#include "cmd/cli.h"
#include "cmd/progress.h"
#include "engine/matchup.h"

#include <stdbool.h>
#include <stddef.h>

struct fault;

struct tally {
	const struct cli *cli;
	enum matchup_form form;
	struct progress progress;
	struct buf cases; /* of JUnit, held back */
	size_t packages, different, broken;
};

/* Put out what came of one pair, which is released. */
int tally_add(struct tally *t, struct matchup *m, struct fault *f);

/* All have come. */
int tally_finish(struct tally *t, struct fault *f);

void tally_release(struct tally *t);

#endif
