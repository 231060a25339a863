/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request - what amtree(1) is asked to declare, option by option
 *
 *	struct request r = { 0 };
 *	request_set_user(&r, "root:abuild", f); ...
 *	request_settle(&r, f);
 *	declare_prepare(&d, &r.declare, ...);
 *
 * Values are borrowed.  All return -1 and a fault for a value that is none.
 */
#ifndef CMD_REQUEST_H
#define CMD_REQUEST_H

#include "engine/declare.h"
#include "format/owner.h"

struct fault;

struct request {
	struct declare_request declare; /* what is made of it */
	char user[OWNER_NAME_MAX + 1]; /* the name in front of a colon */
	bool has_device, has_link;
};

/* USER, USER:GROUP or :GROUP. */
int request_set_user(struct request *r, const char *value, struct fault *f);
int request_set_group(struct request *r, const char *value, struct fault *f);

/* As chmod(1) takes it. */
int request_set_mode(struct request *r, const char *value, struct fault *f);

/* As setcap(8) takes it, or "none". */
int request_set_caps(struct request *r, const char *value, struct fault *f);

/* A word of mtree(5): file, dir, link, char, block, fifo. */
int request_set_type(struct request *r, const char *value, struct fault *f);

/* MAJOR,MINOR */
int request_set_device(struct request *r, const char *value, struct fault *f);
int request_set_link(struct request *r, const char *value, struct fault *f);

/* True if nothing has been asked for. */
bool request_is_empty(const struct request *r);

/* All options are in: do they go together? */
int request_settle(struct request *r, struct fault *f);

#endif
