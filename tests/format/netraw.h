/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * netraw - entries that have the capability cap_net_raw=ep
 *
 *	static const struct entry ping = { .xattrs = &with_net_raw, ... };
 *	...
 *	return cmocka_run_group_tests_name("name", tests, make_caps, NULL);
 */
#ifndef TESTS_NETRAW_H
#define TESTS_NETRAW_H

#include "../tests.h"

#include "format/caps.h"
#include "format/entry.h"

static unsigned char net_raw[CAPS_XATTR_LEN];
static const struct xattr with_net_raw = {
	.name = ENTRY_CAPS_XATTR, .value = net_raw, .len = sizeof(net_raw)
};

static inline int
make_caps(void **state)
{
	struct fault f = { 0 };

	(void)state;
	return caps_parse(net_raw, "cap_net_raw=ep", 14, &f);
}

#endif
