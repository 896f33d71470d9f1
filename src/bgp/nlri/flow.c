/*
 * FlowSpec rules on the wire: RFC 8955 4, RFC 8956 3. A rule whose length holds but whose
 * components don't is passed over: RFC 7606 5.4.
 */
#include "nlri/flow.h"

#include "family_rows.h"
#include "nlri/rd.h"

#define SAFI_VPN  134
#define LONG_FORM 0xf0 /* the first byte of a length of two */

/* Behind the length, RFC 8955 4.1. */
static struct slice
flow_content(struct slice nlri)
{
	return slice_after(nlri, nlri.at[0] < LONG_FORM ? 1 : 2);
}

static void
pass(struct reader *r, const struct family *f)
{
	unsigned len = read_u8(r);

	(void)f;
	if (len >= LONG_FORM)
		len = (len & 0xfu) << 8 | read_u8(r);
	read_skip(r, len);
}

/* Without the length, which has two forms. */
static size_t
key(struct slice nlri, uint8_t *room)
{
	struct slice content = flow_content(nlri);

	if (content.len != 0)
		memcpy(room, content.at, content.len);
	return content.len;
}

struct flow_term
flow_term_take(struct reader *r)
{
	struct flow_term t = { .op = read_u8(r) };

	switch (t.op & OP_LEN) {
	case 0x00: t.value = read_u8(r); break;
	case 0x10: t.value = read_u16(r); break;
	case 0x20: t.value = read_u32(r); break;
	default: t.value = read_u64(r); break;
	}
	return t;
}

static void
skip_prefix(struct reader *r, enum flow_form form)
{
	unsigned bits = read_u8(r);
	unsigned offset = form == FLOW_V4 ? 0 : read_u8(r);

	if (bits > (form == FLOW_V4 ? 32 : 128) || offset > bits)
		reader_fail(r);
	read_skip(r, ((form == FLOW_V6_SHORT ? bits - offset : bits) + 7) / 8);
}

struct flow_component
flow_component_take(struct flow_walk *w)
{
	struct reader *r = &w->r;
	struct flow_component c = { .row = flow_row(read_u8(r)) };
	const uint8_t *start = r->at;
	struct flow_term t;

	if (c.row == NULL || (w->form == FLOW_V4 && c.row->v4 == NULL))
		reader_fail(r);
	else if (c.row->kind == FLOW_PREFIX)
		skip_prefix(r, w->form);
	else
		do
			t = flow_term_take(r);
		while (reader_ok(r) && (t.op & OP_LAST) == 0);
	if (reader_ok(r))
		c.body = slice_of(start, (size_t)(r->at - start));
	return c;
}

/* Are there bytes less than the whole prefix has? */
static bool
is_shortened(struct slice prefix)
{
	struct reader r = reader_on(prefix);
	unsigned bits = read_u8(&r);

	return prefix.len < 2u + (bits + 7) / 8;
}

/* As any speaker writes a component: no bit without a meaning (RFC 8955 4.2.1), no value that its
 * field can't have. */
static bool
is_usual(const struct flow_component *c)
{
	bool number = c->row->kind == FLOW_NUMBER;
	unsigned known = OP_LAST | OP_LEN | (number ? OP_NUMBER : OP_BITS);
	struct reader r = reader_on(c->body);

	while (reader_more(&r)) {
		struct flow_term t = flow_term_take(&r);

		if ((t.op & ~known) != 0 || (number && (t.op & OP_NUMBER) == 0))
			return false; /* unknown bits, or what no number fits */
		if (t.value > c->row->most)
			return false;
		known |= OP_AND; /* of the first it means nothing */
	}
	return true;
}

/*
 * The short form is believed where all of the rule holds in it, strictly in order (RFC 8955 4.2):
 * what is left of a whole prefix behind its first bytes looks like components next to never, while
 * components easily pass for bytes of a prefix.
 */
static bool
is_short(struct flow_walk w)
{
	unsigned last = 0;
	bool any = false;

	w.form = FLOW_V6_SHORT;
	while (reader_more(&w.r)) {
		struct flow_component c = flow_component_take(&w);

		if (!reader_ok(&w.r) || c.row->type <= last)
			return false;
		last = c.row->type;
		if (c.row->kind == FLOW_PREFIX)
			any = any || is_shortened(c.body);
		else if (!any || !is_usual(&c)) /* prefixes are in front */
			return false;
	}
	return any && reader_done(&w.r);
}

struct flow_walk
flow_components(const struct family *f, struct slice nlri, struct slice *rd)
{
	struct flow_walk w = { reader_on(flow_content(nlri)), FLOW_V4 };

	*rd = read_slice(&w.r, f->safi == SAFI_VPN ? RD_LEN : 0);
	if (f->afi == AFI_IPV6)
		w.form = is_short(w) ? FLOW_V6_SHORT : FLOW_V6;
	return w;
}

/* Order and repetition are overlooked, but there is one destination and one source at most. */
static bool
sound(const struct family *f, struct slice nlri)
{
	struct slice rd;
	struct flow_walk w = flow_components(f, nlri, &rd);
	unsigned prefixes = 0;

	while (reader_more(&w.r)) {
		struct flow_component c = flow_component_take(&w);

		if (!reader_ok(&w.r) || c.row->kind != FLOW_PREFIX)
			continue;
		if ((prefixes >> c.row->type & 1) != 0)
			return false;
		prefixes |= 1u << c.row->type;
	}
	return reader_done(&w.r);
}

/* All of them are alike. RFC 8955 4: no next hop, or that of a redirection, of either kind. */
#define FLOW                                                                                       \
	.traits = FAMILY_NO_NEXT_HOP,                                                              \
	.next_hop_lens = NEXT_HOP_LEN(0) | NEXT_HOP_LEN(4) | NEXT_HOP_LEN(16) | NEXT_HOP_LEN(32),  \
	.pass = pass, .sound = sound, .key = key, .emit = flow_emit, .parse = flow_parse

const struct family family_ipv4_flow = {
	.afi = 1,
	.safi = 133,
	.id = FAMILY_ID_ipv4_flow,
	.afi_word = "ipv4",
	.safi_word = "flow",
	.name = "ipv4 flow",
	FLOW,
	.statement = "flow",
	.statement_parse = flow_statement,
};

const struct family family_ipv4_flow_vpn = {
	.afi = 1,
	.safi = SAFI_VPN,
	.id = FAMILY_ID_ipv4_flow_vpn,
	.afi_word = "ipv4",
	.safi_word = "flow-vpn",
	.name = "ipv4 flow-vpn",
	FLOW,
};

const struct family family_ipv6_flow = {
	.afi = AFI_IPV6,
	.safi = 133,
	.id = FAMILY_ID_ipv6_flow,
	.afi_word = "ipv6",
	.safi_word = "flow",
	.name = "ipv6 flow",
	FLOW,
};

const struct family family_ipv6_flow_vpn = {
	.afi = AFI_IPV6,
	.safi = SAFI_VPN,
	.id = FAMILY_ID_ipv6_flow_vpn,
	.afi_word = "ipv6",
	.safi_word = "flow-vpn",
	.name = "ipv6 flow-vpn",
	FLOW,
};
