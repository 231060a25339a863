/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pigz - in front of the real one while amtree-run records an abuild
 *
 * Called as abuild compresses, "pigz -n -9" from a pipe into a file, it does so
 * with our own compressor.  Any other call goes to the real pigz; where there is
 * none, to gzip, which abuild would have used.
 */
#include "base/fault.h"
#include "base/io.h"
#include "base/sink.h"
#include "base/stop.h"
#include "cmd/cli.h"
#include "format/pgzip.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 1 << 20, NOT_FOUND = 127 };

static int
put(struct sink *s, const void *bytes, size_t len, struct fault *f)
{
	(void)s; /* there is one standard output */
	return io_write(STDOUT_FILENO, bytes, len, f);
}

static bool
is_packing(int argc, char **argv)
{
	return argc == 3 && strcmp(argv[1], "-n") == 0 &&
	    strcmp(argv[2], "-9") == 0 && isatty(STDIN_FILENO) == 0 &&
	    isatty(STDOUT_FILENO) == 0;
}

/* Execute the next program of that name in PATH that is not this one. */
static void
execute_next(const char *name, char **argv)
{
	const char *rest = cli_env("PATH");
	struct stat own, other;
	char file[PATH_MAX];

	if (rest == NULL || stat("/proc/self/exe", &own) < 0)
		return;
	while (*rest != '\0') {
		const int len = (int)strcspn(rest, ":");

		/* nothing between colons is the current directory */
		snprintf(file, sizeof(file), "%.*s/%s", len > 0 ? len : 1,
		    len > 0 ? rest : ".", name);
		if (stat(file, &other) == 0 &&
		    (own.st_dev != other.st_dev || own.st_ino != other.st_ino))
			(void)execv(file, argv); /* else the next may do */
		rest += len + (rest[len] == ':');
	}
}

static int
compress(struct fault *f)
{
	static char bytes[PIECE];
	struct sink out = { .put = put };
	struct pgzip *z =
	    pgzip_new(&(struct pgzip_options){ .out = &out,
			  .threads = cli_count_cpus(PGZIP_THREADS_MAX),
			  .level = PGZIP_LEVEL },
		f);
	size_t got = PIECE;
	int r = z == NULL ? -1 : 0;

	while (r == 0 && got == PIECE) {
		r = io_read(STDIN_FILENO, bytes, PIECE, &got, f);
		if (r == 0)
			r = sink_put(pgzip_sink(z), bytes, got, f);
	}
	if (r == 0)
		r = pgzip_finish(z, f);
	pgzip_free(z);
	return r;
}

int
main(int argc, char **argv)
{
	const struct cli cli = { .program = "pigz" };
	struct fault f = { 0 };

	if (!is_packing(argc, argv)) {
		execute_next("pigz", argv);
		execute_next("gzip", argv);
		fault_sys(&f, "there is neither pigz nor gzip in PATH");
		(void)cli_fail(&cli, &f); /* the status is a shell's */
		return NOT_FOUND;
	}
	stop_catch();
	return compress(&f) < 0 ? cli_fail(&cli, &f) : CLI_DONE;
}
