/* Routes back to words, in any spelling. */
#include "bgp/route.h"

#include "bgp/shape.h"

#include <stdio.h>

static void
emit_next_hop(struct emit *e, const struct attrs *a, const struct addr *self)
{
	struct slice bytes = attrs_next_hop(a);
	struct addr next_hop = addr_of_bytes(slice_of(bytes.at, bytes.len > 16 ? 16 : bytes.len));

	if (a->next_hop_self && self != NULL)
		next_hop = *self;
	if (next_hop.family != ADDR_NONE)
		emit_addr(e, &FIELD("next-hop"), &next_hop);
	else if (a->next_hop_self)
		emit_word(e, &FIELD("next-hop"), SLICE("self"));
}

void
route_emit(struct emit *e, const struct nlri *n, const struct attrs *a, const struct addr *self)
{
	if (n->family != NULL)
		n->family->emit(e, n);
	emit_next_hop(e, a, self);
	if (n->family != NULL && (n->family->traits & FAMILY_POLICY) != 0)
		e->shape |= SHAPE_POLICY;
	attrs_emit(e, a);
}

void
route_emit_whole(struct emit *e, const struct route *r)
{
	uint8_t room[ROUTE_PART_MAX];
	char split[8];
	struct nlri whole = r->nlri;
	int len;

	if (r->split == 0) {
		route_emit(e, &r->nlri, r->attrs, NULL);
		return;
	}
	memcpy(room, r->nlri.bytes.at, r->nlri.bytes.len);
	room[0] = (uint8_t)(room[0] - r->split_bits); /* they are a part of it */
	whole.bytes = slice_of(room, 1u + (room[0] + 7u) / 8);
	route_emit(e, &whole, r->attrs, NULL);
	len = snprintf(split, sizeof(split), "/%u", r->split);
	emit_word(e, &FIELD("split"), slice_of(split, (size_t)len)); /* it fits */
}
