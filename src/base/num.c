/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/num.h"

bool
num_parse(uint64_t *out, const char *s, size_t len, unsigned base, uint64_t max)
{
	uint64_t n = 0;

	if (len == 0)
		return false;
	for (size_t i = 0; i < len; i++) {
		const unsigned digit = (unsigned)(unsigned char)s[i] - '0';

		if (digit >= base || n > (UINT64_MAX - digit) / base)
			return false;
		n = n * base + digit;
		if (n > max)
			return false;
	}
	*out = n;
	return true;
}
