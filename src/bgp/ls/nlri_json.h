/* An NLRI of link state, and its members in JSON. RFC 9552 5.2, RFC 9514 6. */
#pragma once

#include "base/slice.h"
#include "lang/emit.h"

#include <stdbool.h>
#include <stdint.h>

#define LS_LOCAL_NODE  256 /* descriptors of nodes: RFC 9552 5.2.1 */
#define LS_REMOTE_NODE 257

struct ls_nlri {
	uint16_t type;
	bool known;
	struct slice rd; /* no bytes: none */
	uint8_t protocol;
	uint64_t topology;
	struct slice tlvs; /* they fit, and those inside of nodes do */
};

/* The members of one that is known. A descriptor that has no name of its own, or is of an odd
 * length, is told as bytes; each name stands there once. */
void ls_nlri_json(struct emit *e, const struct ls_nlri *l);

/* "name": [ ... ], the descriptors of a node; in the shape of 4.2 an object. */
void ls_node_json(struct emit *e, const char *name, struct slice tlvs, uint8_t protocol);
