/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/digest.h"

#include "base/fault.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <stdbool.h>
#include <stdlib.h>

struct digest {
	EVP_MD_CTX *ctx; /* owned */
	EVP_MD *md; /* owned; fetched once, as that is slow */
};

static int
refused(struct fault *f)
{
	return fault_set(f, FAULT_SYSTEM, "libcrypto refused to make a digest");
}

/* Of itself, libcrypto begins by the way, and goes on if that has failed. */
static bool
has_begun(void)
{
	return OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, NULL) == 1 &&
	    OSSL_LIB_CTX_get0_global_default() != NULL;
}

struct digest *
digest_new(enum digest_kind kind, struct fault *f)
{
	struct digest *d = calloc(1, sizeof(*d));

	if (d == NULL) {
		fault_sys(f, "cannot allocate a digest");
		return NULL;
	}
	if (has_begun()) {
		d->ctx = EVP_MD_CTX_new();
		d->md = EVP_MD_fetch(
		    NULL, kind == DIGEST_SHA1 ? "SHA1" : "SHA256", NULL);
	}
	if (d->ctx == NULL || d->md == NULL ||
	    EVP_DigestInit_ex(d->ctx, d->md, NULL) != 1) {
		refused(f);
		digest_free(d);
		return NULL;
	}
	return d;
}

void
digest_free(struct digest *d)
{
	if (d == NULL)
		return;
	EVP_MD_CTX_free(d->ctx);
	EVP_MD_free(d->md);
	free(d);
}

int
digest_add(struct digest *d, const void *bytes, size_t len, struct fault *f)
{
	return EVP_DigestUpdate(d->ctx, bytes, len) == 1 ? 0 : refused(f);
}

int
digest_finish(struct digest *d, char hex[DIGEST_HEX_MAX], struct fault *f)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char value[EVP_MAX_MD_SIZE];
	unsigned len;

	if (EVP_DigestFinal_ex(d->ctx, value, &len) != 1 ||
	    len * 2 >= DIGEST_HEX_MAX ||
	    EVP_DigestInit_ex(d->ctx, d->md, NULL) != 1)
		return refused(f);
	for (unsigned i = 0; i < len; i++) {
		hex[2 * i] = digits[value[i] >> 4];
		hex[2 * i + 1] = digits[value[i] & 15];
	}
	hex[2 * len] = '\0';
	return 0;
}
