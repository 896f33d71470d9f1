/* The NLRI of a route as text, with its next hop where each dialect has it. */
#include "bgp/family.h"
#include "bgp/shape.h"
#include "tale.h"

#define RD_WORDS_MAX 64 /* " rd " and its longest form */

static void
put_next_hop(struct text *to, struct slice hop)
{
	text_string(to, " next-hop ");
	text_slice(to, hop.len == 0 ? SLICE("no-nexthop") : hop);
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
insert_next_hop(struct text *to, size_t start, struct slice hop)
{
	size_t at = find_rd(to, start);
	size_t len = to->len - at;
	char tail[RD_WORDS_MAX];

	if (len > sizeof(tail)) {
		put_next_hop(to, hop);
		return;
	}
	memcpy(tail, to->at + at, len);
	to->len = at;
	put_next_hop(to, hop);
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

struct slice
tale_hop_words(char room[HOP_WORDS_MAX], struct slice next_hop)
{
	struct text t = { .at = room, .size = HOP_WORDS_MAX };
	struct addr a = next_hop_shown(next_hop);

	if (a.family != ADDR_NONE)
		addr_print(&t, &a);
	return text_view(&t);
}

void
tale_nlri_words(struct text *to, uint32_t shape, const struct nlri *n, struct slice hop)
{
	struct emit e = emit_on(to, SPELL_TEXT, shape);
	size_t start = to->len;

	n->family->emit(&e, n);
	if ((shape & SHAPE_TEXT_6) != 0)
		put_next_hop(to, hop);
	else if (hop.len != 0 && n->family->safi == 128)
		insert_next_hop(to, start, hop);
	else if (hop.len != 0 && has_next_hop_words(n->family))
		put_next_hop(to, hop);
}
