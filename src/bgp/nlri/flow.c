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

/* RFC 8956 3.1. All bytes of the prefix are there, also those in front of the offset, as in
 * ExaBGP. */
static void
skip_prefix(struct reader *r, bool v6)
{
	unsigned bits = read_u8(r);

	if (bits > (v6 ? 128 : 32) || (v6 && read_u8(r) > bits))
		reader_fail(r);
	read_skip(r, (bits + 7) / 8);
}

struct flow_component
flow_component_take(struct reader *r, bool v6)
{
	struct flow_component c = { .row = flow_row(read_u8(r)) };
	const uint8_t *start = r->at;
	struct flow_term t;

	if (c.row == NULL || (!v6 && c.row->v4 == NULL))
		reader_fail(r);
	else if (c.row->kind == FLOW_PREFIX)
		skip_prefix(r, v6);
	else
		do
			t = flow_term_take(r);
		while (reader_ok(r) && (t.op & OP_LAST) == 0);
	if (reader_ok(r))
		c.body = slice_of(start, (size_t)(r->at - start));
	return c;
}

struct reader
flow_components(const struct family *f, struct slice nlri, struct slice *rd)
{
	struct reader r = reader_on(flow_content(nlri));

	*rd = read_slice(&r, f->safi == SAFI_VPN ? RD_LEN : 0);
	return r;
}

/* Order and repetition are overlooked, but there is one destination and one source at most. */
static bool
sound(const struct family *f, struct slice nlri)
{
	struct slice rd;
	struct reader r = flow_components(f, nlri, &rd);
	unsigned prefixes = 0;

	while (reader_more(&r)) {
		struct flow_component c = flow_component_take(&r, f->afi == AFI_IPV6);

		if (!reader_ok(&r) || c.row->kind != FLOW_PREFIX)
			continue;
		if ((prefixes >> c.row->type & 1) != 0)
			return false;
		prefixes |= 1u << c.row->type;
	}
	return reader_done(&r);
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
