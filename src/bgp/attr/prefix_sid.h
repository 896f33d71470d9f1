/* BGP Prefix-SID: RFC 8669, RFC 9252. What its TLVs look like. */
#pragma once

#include "base/wire.h"
#include "lang/emit.h"

#include <stdbool.h>
#include <stdint.h>

enum prefix_sid_tlv {
	TLV_LABEL_INDEX = 1,
	TLV_SRGB = 3,
	TLV_L3_SERVICE = 5,
	TLV_L2_SERVICE = 6,
};

#define SUB_SID         1 /* of a service: RFC 9252 3.1 */
#define SUB_STRUCTURE   1 /* of a SID: RFC 9252 3.2.1 */
#define STRUCTURE_LEN   6
#define LABEL_INDEX_LEN 7
#define RANGE_LEN       6
#define NO_BEHAVIOR     0xffff

struct tlv {
	uint8_t type;
	struct slice value;
};

/* type 1, length 2, value */
static inline struct tlv
tlv_take(struct reader *r)
{
	struct tlv t = { .type = read_u8(r) };

	t.value = read_slice(r, read_u16(r));
	return t;
}

/* SRv6 SID Information: RFC 9252 3.1. */
struct sid_info {
	uint8_t reserved;
	struct slice sid;
	uint8_t flags;
	uint16_t behavior;
	uint8_t reserved_too;
	struct slice data;      /* all sub-sub-TLVs */
	struct slice structure; /* of STRUCTURE_LEN bytes; at == NULL: none */
	bool more;              /* other sub-sub-TLVs stand there too */
};

/* False: malformed. */
bool sid_info_read(struct slice value, struct sid_info *to);

void prefix_sid_emit(struct emit *e, struct slice value);
