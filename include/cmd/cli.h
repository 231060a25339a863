/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cli - the command line of a program, from one table
 *
 * The table says what options there are; parsing, --help and, through --help,
 * the shell completions come from it.  -h, --help and --version need no row.
 *
 *	enum { OPT_OUTPUT, OPT_QUIET };
 *	static const struct cli_option options[] = {
 *		{ OPT_OUTPUT, 'o', "output", "FILE", "write to FILE" },
 *		{ OPT_QUIET, 'q', "quiet", NULL, "no progress, no warnings" },
 *	};
 *	while ((id = cli_next(&cli, &value)) != CLI_END)
 *		switch (id) ...
 *	for (; cli.at < cli.argc; cli.at++)
 *		operand(cli.argv[cli.at]);
 *
 * Options may stand behind operands, as GNU programs have it, unless the program
 * takes a command; "--" ends them.
 */
#ifndef CMD_CLI_H
#define CMD_CLI_H

#include "base/notice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct buf;
struct fault;

/* What a program's status says; each program's manual has more. */
enum {
	CLI_DONE = 0,
	CLI_FINDING = 1,
	CLI_USAGE = 2,
	CLI_FAILED = 3,
};

enum { CLI_END = -1, CLI_BAD = -2 };

/*
 * To be called before any file is opened: where a standard stream is closed, its
 * number is taken by what can be neither read nor written.  Else a file of ours
 * would get it, and messages would go into the archive.
 */
void cli_hold_streams(void);

struct cli_option {
	int id; /* from 0; what cli_next() returns */
	char key; /* the short form; 0 for none */
	const char *name; /* the long form */
	const char *arg; /* what its argument is called; NULL for none */
	const char *help;
	char with; /* not 0: the short form is this row's only if this key is
		    * given too, else it is another row's */
};

struct cli {
	const char *program;
	const char *usage; /* what follows "Usage: ", lines and all */
	const char *about; /* one or two lines */
	const struct cli_option *options;
	size_t count;
	int argc;
	char **argv;
	int at; /* behind CLI_END: the first operand */
	bool is_quiet; /* drop notices */
	bool ends_at_operand; /* what follows the first is another's */
	char version_key; /* short form of --version; 0 for none */
	int own_failure; /* the status of whatever is wrong; 0: CLI_USAGE or
			  * CLI_FAILED */
};

/*
 * The id of the next option, with its argument in `*value`; CLI_END behind the
 * last; CLI_BAD if it is none, which has been said on stderr.  --help and
 * --version are answered, and end the program.
 */
int cli_next(struct cli *cli, const char **value);

/* Behind CLI_END: -1 with a FAULT_USAGE if there is an operand. */
int cli_end(const struct cli *cli, struct fault *f);

/* How many processors we may use, at most `max`. */
unsigned cli_count_cpus(unsigned max);

/* An environment variable; NULL if it is not set, or empty. */
const char *cli_env(const char *name);

/*
 * Read the argument of option `name`, a number from 0 to `max`; -1 with a
 * FAULT_USAGE if it is none.
 */
int cli_number(unsigned *out, const char *name, const char *value, unsigned max,
    struct fault *f);

/* Say on stderr what is wrong with the command line; returns the status. */
__attribute__((format(printf, 2, 3))) int cli_misuse(
    const struct cli *cli, const char *fmt, ...);

/*
 * Say on stderr what the fault is, and return the status that goes with it.  An
 * empty fault stands for CLI_BAD.  If a signal asked us to stop, die of it.
 */
int cli_fail(const struct cli *cli, const struct fault *f);

/* Notices that end up on stderr, behind the program's name, unless quiet. */
struct notice cli_notice(const struct cli *cli);

/* Say on stderr what has a NUL behind each, whether quiet or not. */
void cli_say_each(const struct cli *cli, const struct buf *texts);

#endif
