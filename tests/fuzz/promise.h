/* SPDX-License-Identifier: BSD-2-Clause */
/* promise - what every fuzzer needs */
#ifndef FUZZ_PROMISE_H
#define FUZZ_PROMISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* End here, and keep the input, if the claim is not true of it. */
#define promise(claim)                                                 \
	do {                                                           \
		if (!(claim)) {                                        \
			fprintf(stderr, "%s:%d: broken promise: %s\n", \
			    __FILE__, __LINE__, #claim);               \
			abort();                                       \
		}                                                      \
	} while (0)

/* A copy of just these bytes, so that one more is seen by the sanitizer. */
static inline void *
copy_of(const void *bytes, size_t len)
{
	void *copy = malloc(len > 0 ? len : 1);

	promise(copy != NULL);
	if (len > 0)
		memcpy(copy, bytes, len);
	return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
