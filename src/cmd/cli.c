/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/cli.h"

#include "base/buf.h"
#include "base/fault.h"
#include "base/num.h"
#include "base/stop.h"
#include "base/version.h"
#include "cmd/print.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <sched.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	MAX_OPTIONS = 40,
	LONG_BASE = 1000, /* getopt's value of a long form: this and its row */
	HELP_COLUMN = 30,
	ID_HELP = 2000,
	ID_VERSION,
};

/* getopt's own tables, made from ours. */
struct tables {
	struct option longs[MAX_OPTIONS + 3];
	char shorts[3 * MAX_OPTIONS + 5];
};

void
cli_hold_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		/* the lowest number that is free is this one */
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	}
}

/* Print "PROGRAM: TEXT". */
static void
say(const struct cli *cli, const char *text)
{
	char head[64];

	snprintf(head, sizeof(head), "%s: ", cli->program);
	print_line(stderr, head, text);
}

static bool
is_given(const struct cli *cli, char key)
{
	for (int i = 1; i < cli->argc; i++) {
		const char *arg = cli->argv[i];

		if (strcmp(arg, "--") == 0)
			return false;
		for (size_t k = 0; k < cli->count; k++) {
			const struct cli_option *o = &cli->options[k];

			/* getopt(3) takes the beginning of a name for it */
			if (o->key == key && strncmp(arg, "--", 2) == 0 &&
			    strncmp(arg + 2, o->name, strcspn(arg + 2, "=")) ==
				0)
				return true;
		}
		if (arg[0] == '-' && arg[1] != '-' && strchr(arg, key) != NULL)
			return true;
	}
	return false;
}

/* True if the short form is this row's on this command line. */
static bool
has_key(const struct cli *cli, size_t row)
{
	const struct cli_option *o = &cli->options[row];

	if (o->key == 0)
		return false;
	if (o->with != 0)
		return is_given(cli, o->with);
	for (size_t i = 0; i < cli->count; i++) {
		if (i != row && cli->options[i].key == o->key &&
		    is_given(cli, cli->options[i].with))
			return false;
	}
	return true;
}

static void
make_tables(const struct cli *cli, struct tables *t)
{
	char *s = t->shorts;
	size_t n = 0;

	if (cli->ends_at_operand)
		*s++ = '+';
	*s++ = ':';
	*s++ = 'h';
	if (cli->version_key != 0)
		*s++ = cli->version_key;
	for (size_t i = 0; i < cli->count && i < MAX_OPTIONS; i++) {
		const struct cli_option *o = &cli->options[i];

		t->longs[n++] = (struct option){ o->name,
			o->arg != NULL ? required_argument : no_argument, NULL,
			LONG_BASE + (int)i };
		if (!has_key(cli, i))
			continue;
		*s++ = o->key;
		if (o->arg != NULL)
			*s++ = ':';
	}
	*s = '\0';
	t->longs[n++] = (struct option){ "help", no_argument, NULL, ID_HELP };
	t->longs[n++] =
	    (struct option){ "version", no_argument, NULL, ID_VERSION };
	t->longs[n] = (struct option){ 0 };
}

static void
print_option(char key, const char *name, const char *arg, const char *help)
{
	char head[80];
	int len;

	len = snprintf(head, sizeof(head), "  %c%c%s --%s%s%s",
	    key != 0 ? '-' : ' ', key != 0 ? key : ' ', key != 0 ? "," : " ",
	    name, arg != NULL ? "=" : "", arg != NULL ? arg : "");
	if (len >= HELP_COLUMN)
		printf("%s\n%*s%s\n", head, HELP_COLUMN, "", help);
	else
		printf("%-*s%s\n", HELP_COLUMN, head, help);
}

static void
print_help(const struct cli *cli)
{
	printf("Usage: %s\n%s\n\n", cli->usage, cli->about);
	for (size_t i = 0; i < cli->count; i++) {
		const struct cli_option *o = &cli->options[i];

		print_option(o->key, o->name, o->arg, o->help);
	}
	print_option('h', "help", NULL, "show this and exit");
	print_option(
	    cli->version_key, "version", NULL, "show the version and exit");
}

/* Answer --help or --version, and end. */
_Noreturn static void
answer(const struct cli *cli, int id)
{
	struct fault f = { 0 };

	if (id == ID_VERSION)
		printf("%s %s\n", cli->program, VERSION);
	else
		print_help(cli);
	exit(print_flush(&f) < 0 ? cli_fail(cli, &f) : CLI_DONE);
}

static const struct cli_option *
find_key(const struct cli *cli, int key)
{
	for (size_t i = 0; i < cli->count; i++) {
		if (cli->options[i].key == key && has_key(cli, i))
			return &cli->options[i];
	}
	return NULL;
}

/* What getopt(3) stumbled over: a lone short option or a whole word. */
static int
complain(const struct cli *cli, bool has_no_argument)
{
	const char *word = cli->argv[optind - 1];
	char key[3] = { '-', (char)optopt, '\0' };
	const bool is_short = optopt > 0 && optopt < LONG_BASE;

	(void)cli_misuse(cli,
	    has_no_argument ? "option '%s' needs an argument"
			    : "unknown or wrongly used option '%s'",
	    is_short ? key : word);
	return CLI_BAD;
}

int
cli_next(struct cli *cli, const char **value)
{
	struct tables tables = { 0 };
	const struct cli_option *o;
	int c;

	make_tables(cli, &tables);
	opterr = 0;
	c = getopt_long(
	    cli->argc, cli->argv, tables.shorts, tables.longs, NULL);
	*value = optarg;
	if (c == -1) {
		cli->at = optind;
		return CLI_END;
	}
	if (c == '?' || c == ':')
		return complain(cli, c == ':');
	if (c == cli->version_key)
		c = ID_VERSION;
	if (c == 'h' || c >= ID_HELP)
		answer(cli, c);
	o = c >= LONG_BASE ? &cli->options[c - LONG_BASE] : find_key(cli, c);
	return o->id;
}

int
cli_end(const struct cli *cli, struct fault *f)
{
	return cli->at == cli->argc
	    ? 0
	    : fault_set(f, FAULT_USAGE, "unexpected operand '%s'",
		  cli->argv[cli->at]);
}

unsigned
cli_count_cpus(unsigned max)
{
	cpu_set_t cpus;
	unsigned n;

	if (sched_getaffinity(0, sizeof(cpus), &cpus) < 0)
		return 1;
	n = (unsigned)CPU_COUNT(&cpus);
	return n < max ? n : max;
}

const char *
cli_env(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0' ? value : NULL;
}

int
cli_number(unsigned *out, const char *name, const char *value, unsigned max,
    struct fault *f)
{
	uint64_t n;

	if (!num_parse(&n, value, strlen(value), 10, max))
		return fault_set(f, FAULT_USAGE,
		    "%s '%s' is no number from 0 to %u", name, value, max);
	*out = (unsigned)n;
	return 0;
}

int
cli_misuse(const struct cli *cli, const char *fmt, ...)
{
	char text[5120];
	va_list ap;
	size_t len;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	len = strlen(text);
	snprintf(
	    text + len, sizeof(text) - len, " (try '%s --help')", cli->program);
	say(cli, text);
	return cli->own_failure != 0 ? cli->own_failure : CLI_USAGE;
}

int
cli_fail(const struct cli *cli, const struct fault *f)
{
	const int status = cli->own_failure;

	if (f->kind == FAULT_NONE) /* cli_next() has said why */
		return status != 0 ? status : CLI_USAGE;
	if (f->kind == FAULT_USAGE)
		return cli_misuse(cli, "%s", f->text);
	if (!stop_has_no_reader())
		say(cli, f->text);
	/* whatever the fault: the signal may have cut a system call short */
	stop_rethrow();
	return status != 0 ? status : CLI_FAILED;
}

static void
hear(void *arg, const char *text)
{
	const struct cli *cli = arg;

	if (!cli->is_quiet)
		say(cli, text);
}

struct notice
cli_notice(const struct cli *cli)
{
	return (struct notice){ hear, (void *)(uintptr_t)cli };
}

void
cli_say_each(const struct cli *cli, const struct buf *texts)
{
	struct cli loud = *cli;
	const struct notice notice = { hear, &loud };
	const char *s = texts->data, *end = s + texts->len;

	loud.is_quiet = false;
	for (; s < end; s += strlen(s) + 1)
		notice_say(&notice, "%s", s);
}
