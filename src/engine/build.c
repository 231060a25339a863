/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/build.h"

#include "base/fault.h"
#include "base/outfile.h"
#include "base/sink.h"
#include "format/pgzip.h"

/* Passes bytes on and digests them on their way. */
struct tap {
	struct sink sink; /* first: a tap is a sink */
	struct sink *out;
	struct digest *digest; /* owned; NULL if nobody asks */
};

static int
put(struct sink *s, const void *bytes, size_t len, struct fault *f)
{
	struct tap *t = (struct tap *)s;

	if (t->digest != NULL && digest_add(t->digest, bytes, len, f) < 0)
		return -1;
	return sink_put(t->out, bytes, len, f);
}

static int
write_compressed(const struct tree *t, const struct build_options *o,
    struct sink *out, struct fault *f)
{
	struct pgzip *z = pgzip_new(
	    &(struct pgzip_options){
		.out = out, .threads = o->threads, .level = o->level },
	    f);
	int r = -1;

	if (z != NULL && pack_write(pgzip_sink(z), t, &o->pack, f) == 0)
		r = pgzip_finish(z, f);
	pgzip_free(z);
	return r;
}

int
build_write(const struct tree *t, const struct build_options *o,
    char datahash[DIGEST_HEX_MAX], struct fault *f)
{
	struct outfile out = OUTFILE_INIT;
	int r = -1;

	if (outfile_open(&out, o->output, f) == 0 &&
	    build_stream(&out.sink, t, o, datahash, f) == 0)
		r = outfile_commit(&out, f);
	outfile_release(&out);
	return r;
}

int
build_stream(struct sink *out, const struct tree *t,
    const struct build_options *o, char datahash[DIGEST_HEX_MAX],
    struct fault *f)
{
	struct tap tap = { .sink.put = put, .out = out };
	int r = -1;

	if (datahash != NULL) {
		tap.digest = digest_new(DIGEST_SHA256, f);
		if (tap.digest == NULL)
			return -1;
	}
	if ((o->format == BUILD_TAR
		    ? pack_write(&tap.sink, t, &o->pack, f)
		    : write_compressed(t, o, &tap.sink, f)) == 0)
		r = datahash == NULL ? 0
				     : digest_finish(tap.digest, datahash, f);
	digest_free(tap.digest);
	return r;
}
