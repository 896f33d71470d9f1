/* TLVs that JSON tells together: a chain for each member. Linear, however many there are. */
#pragma once

#include "attr.h"
#include "ls/ls.h"

struct ls_member {
	struct ls_tlv tlv;
	uint32_t key;             /* the same for all that are told together */
	const struct ls_row *row; /* NULL: as bytes */
};

#define LS_TLVS_MAX (ATTR_VALUE_MAX / 4 + 1) /* of a value that fits its bytes */
#define LS_SLOTS    32768                    /* a power of two above LS_TLVS_MAX: never full */

struct ls_chains {
	size_t count;
	struct ls_member at[LS_TLVS_MAX];
	uint16_t next[LS_TLVS_MAX]; /* place + 1 in the same chain; 0: none */
	bool first[LS_TLVS_MAX];
	uint16_t slots[LS_SLOTS]; /* place + 1 of the last one of a chain */
};

/* Of the TLVs of a value, and of those inside of one of them. */
enum ls_depth { LS_OF_VALUE, LS_OF_TLV, LS_DEPTHS };
/* Without members; they are large, so there is one a depth, borrowed until it is asked for again.
 */
struct ls_chains *ls_chains_empty(enum ls_depth depth);
void ls_chains_add(struct ls_chains *c, const struct ls_member *m);
/* "name": [ ... ] of the chain that begins at a place; generic: what stands before the number of
 * what is told as bytes. */
void ls_chains_put(struct text *to, const struct ls_chains *c, size_t first, const char *generic);
/* The same without its name; a single one without the list. */
void ls_chains_put_bytes(struct text *to, const struct ls_chains *c, size_t first);
