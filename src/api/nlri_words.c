/* The NLRI of a route as text, with its next hop where each dialect has it. */
#include "bgp/family.h"
#include "bgp/shape.h"
#include "tale.h"

#define RD_WORDS_MAX 64 /* " rd " and its longest form */

static void
put_next_hop(struct text *to, const struct addr *a)
{
	text_string(to, " next-hop ");
	if (a->family == ADDR_NONE)
		text_string(to, "no-nexthop");
	else
		addr_print(to, a);
}

/* Where " rd " begins in what was written from start on; the end if nowhere. */
static size_t
find_rd(const struct text *to, size_t start)
{
	for (size_t i = to->len; i >= start + 4; i--)
		if (memcmp(to->at + i - 4, " rd ", 4) == 0)
			return i - 4;
	return to->len;
}

/* 5.0 of VPN routes: label, next hop, rd. */
static void
insert_next_hop(struct text *to, size_t start, const struct addr *a)
{
	size_t at = find_rd(to, start);
	size_t len = to->len - at;
	char tail[RD_WORDS_MAX];

	if (len > sizeof(tail)) {
		put_next_hop(to, a);
		return;
	}
	memcpy(tail, to->at + at, len);
	to->len = at;
	put_next_hop(to, a);
	text_bytes(to, tail, len);
}

/* 5.0 names a next hop for routes that an address family of the internet forwards by. */
static bool
has_next_hop_words(const struct family *f)
{
	switch (f->safi) {
	case 1:
	case 2:
	case 4: return f->afi == 1 || f->afi == 2;
	case 65:
	case 133:
	case 134: return true;
	default: return false;
	}
}

void
tale_nlri_words(struct text *to, uint32_t shape, const struct nlri *n, struct slice next_hop)
{
	struct emit e = emit_on(to, SPELL_TEXT, shape);
	struct addr a = next_hop_shown(next_hop);
	size_t start = to->len;

	n->family->emit(&e, n);
	if ((shape & SHAPE_TEXT_6) != 0)
		put_next_hop(to, &a);
	else if (a.family != ADDR_NONE && n->family->safi == 128)
		insert_next_hop(to, start, &a);
	else if (a.family != ADDR_NONE && has_next_hop_words(n->family))
		put_next_hop(to, &a);
}
