/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * example - what libamtree is for, in one page
 *
 *	cc example.c $(pkg-config --cflags --libs libamtree) -o example
 *	./example pkg/foo data.tar.gz
 *
 * Says what the overrides of a package bind and what that makes of its files, and
 * packs it.
 */
#include <amtree.h>
#include <stdio.h>

static void
hear(void *arg, const char *text)
{
	(void)arg;
	fprintf(stderr, "example: %s\n", text);
}

static int
print(void *arg, const void *bytes, size_t len)
{
	return fwrite(bytes, 1, len, arg) == len ? 0 : -1;
}

/* What somebody has declared, and what was only recorded. */
static int
show_overrides(struct amtree *a)
{
	const struct amtree_entry *e = NULL;

	if (amtree_read(a) < 0)
		return -1;
	while ((e = amtree_next(a, e)) != NULL) {
		const unsigned binds = amtree_entry_binds(e);

		printf("%s:", amtree_entry_path(e));
		if ((binds & AMTREE_USER) != 0 && amtree_entry_uname(e) != NULL)
			printf(" user %s", amtree_entry_uname(e));
		if ((binds & AMTREE_GROUP) != 0 &&
		    amtree_entry_gname(e) != NULL)
			printf(" group %s", amtree_entry_gname(e));
		if ((binds & AMTREE_MODE) != 0)
			printf(" mode %o", amtree_entry_mode(e));
		printf(
		    "%s\n", amtree_entry_recorded(e) != 0 ? " (recorded)" : "");
	}
	return 0;
}

/* The package as it will be: a list for the reader, and the archive. */
static int
pack(struct amtree *a, const char *archive)
{
	const struct amtree_entry *e = NULL;
	char datahash[AMTREE_DATAHASH];
	size_t count = 0;

	if (amtree_merge(a) < 0 ||
	    amtree_write(a, AMTREE_CHANGED, print, stdout) < 0 ||
	    amtree_build(a, archive, datahash) < 0)
		return -1;
	while ((e = amtree_next(a, e)) != NULL)
		count++;
	printf("%zu entries, datahash %s\n", count, datahash);
	return 0;
}

int
main(int argc, char **argv)
{
	struct amtree *a = amtree_new();
	int r = -1;

	if (argc != 3) {
		fprintf(stderr, "usage: example ROOT ARCHIVE\n");
		amtree_free(a);
		return 2;
	}
	if (a != NULL)
		amtree_listen(a, hear, NULL);
	if (a != NULL && amtree_package(a, argv[1], NULL) == 0 &&
	    amtree_set(a, AMTREE_EPOCH, 1700000000) == 0 &&
	    amtree_set(a, AMTREE_THREADS, 2) == 0 && show_overrides(a) == 0 &&
	    pack(a, argv[2]) == 0)
		r = 0;
	if (r < 0)
		fprintf(stderr, "example: %s\n", amtree_error(a));
	amtree_free(a);
	return r < 0 ? 1 : 0;
}
