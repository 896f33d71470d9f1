/* P-Multicast Service Interface tunnel: RFC 6514 5. */
#include "attr.h"

#include "base/hex.h"
#include "bgp/shape.h"
#include "draft.h"

#define HEAD_LEN            5 /* flags, type, label */
#define INGRESS_REPLICATION 6
#define LABEL_MOST          0xfffff
#define VNI_MOST            0xffffff
#define TUNNEL_MOST         255 /* bytes in words: none has a tenth of that */

/* By type: as ExaBGP tells it, as words say it, and of how many addresses its identifier is made.
 */
static const struct type {
	const char *name;
	const char *word;
	unsigned addresses; /* 0: words say it as bytes */
} types[] = {
	{ "notunnel", "no-tunnel", 0 },
	{ "rsvp-tep2mplsp", "rsvp-te-p2mp", 0 },
	{ "mldpp2mplsp", "mldp-p2mp", 0 },
	{ "pim-ssmtree", "pim-ssm", 2 },
	{ "pim-smtree", "pim-sm", 2 },
	{ "bidir-pimtree", "bidir-pim", 2 },
	{ "ingressreplication", "ingress-replication", 1 },
	{ "mldpmp2mplsp", "mldp-mp2mp", 0 },
};

#define TYPES (sizeof(types) / sizeof(types[0]))

/* Flags, type, label, and a tunnel whose length only its type knows. */
static enum verdict
decode(struct reader *r, const struct session *s, struct attrs_build *to)
{
	struct slice value = read_rest(r);

	(void)s;
	if (value.len < HEAD_LEN)
		return VERDICT_WITHDRAW;
	(void)build_add(to, attr_pmsi.code, attr_pmsi.flags, RECORD_VALUE, value);
	return VERDICT_FINE;
}

static void
put(struct text *t, struct slice value, bool old)
{
	struct reader r = reader_on(value);
	uint8_t flags = read_u8(&r);
	uint8_t type = read_u8(&r);
	uint32_t label = read_u24(&r);
	struct slice tunnel = read_rest(&r);

	text_format(
	    t, "pmsi:%s:%u:%u", type < TYPES ? types[type].name : "unknown", flags, label >> 4);
	if (old && type == INGRESS_REPLICATION)
		text_format(t, "(%u)", label);
	text_char(t, ':');
	if (type == INGRESS_REPLICATION && tunnel.len == 4) {
		addr_print_bytes(t, ADDR_IPV4, tunnel.at, tunnel.len);
	} else if (tunnel.len != 0) {
		text_string(t, "0x");
		text_hex_upper(t, tunnel);
	}
}

/* The addresses of a known type, if the tunnel is exactly these: all of one kind. */
static bool
put_addresses(struct text *t, const struct type *type, struct slice tunnel)
{
	size_t each = type->addresses == 0 ? 0 : tunnel.len / type->addresses;

	if ((each != 4 && each != 16) || each * type->addresses != tunnel.len)
		return false;
	for (unsigned i = 0; i < type->addresses; i++) {
		struct addr a = addr_of_bytes(slice_of(tunnel.at + i * each, each));

		text_char(t, ' ');
		addr_print(t, &a);
	}
	return true;
}

/* ( ingress-replication 192.0.2.1 label 100 flags 1 ) */
static void
put_words(struct text *t, struct slice value)
{
	struct reader r = reader_on(value);
	uint8_t flags = read_u8(&r);
	uint8_t type = read_u8(&r);
	uint32_t label = read_u24(&r);
	struct slice tunnel = read_rest(&r);

	text_string(t, "( ");
	if (type < TYPES && (types[type].addresses == 0 || tunnel.len != 0))
		text_string(t, types[type].word);
	else
		text_format(t, "type %u", type);
	if (tunnel.len != 0 && (type >= TYPES || !put_addresses(t, &types[type], tunnel))) {
		text_string(t, " 0x");
		text_hex(t, tunnel);
	}
	if ((label & 0xf) != 0)
		text_format(t, " vni %u", label);
	else if (label != 0)
		text_format(t, " label %u", label >> 4);
	if (flags != 0)
		text_format(t, " flags %u", flags);
	text_string(t, " )");
}

static void
emit(struct emit *e, struct slice value)
{
	bool json = e->spelling == SPELL_JSON;
	struct record raw = { attr_pmsi.code, attr_pmsi.flags, RECORD_RAW, value };
	struct text *t;

	if (e->spelling == SPELL_WORDS && value.len > HEAD_LEN + TUNNEL_MOST) {
		unknown_emit(e, &raw);
		return;
	}
	t = emit_value(e, &FIELD("pmsi"));
	if (t == NULL)
		return;
	if (e->spelling == SPELL_WORDS) {
		put_words(t, value);
		return;
	}
	text_string(t, json ? "\"" : "");
	put(t, value, (e->shape & SHAPE_LABEL_RAW) == 0); /* only before 6.0 */
	text_string(t, json ? "\"" : "");
}

/* addresses: as many as follow. */
static uint8_t
parse_type(struct lex *lx, unsigned *addresses)
{
	for (uint8_t type = 0; type < TYPES; type++)
		if (lex_take(lx, types[type].word)) {
			*addresses = types[type].addresses;
			return type;
		}
	if (lex_take(lx, "type"))
		return (uint8_t)lex_number(lx, UINT8_MAX, "a type of tunnel (0 to 255)");
	lex_fault(lx,
	    "expected type and a number, or a tunnel: no-tunnel, rsvp-te-p2mp, mldp-p2mp, "
	    "pim-ssm, pim-sm, bidir-pim, ingress-replication, mldp-mp2mp");
	return 0;
}

static void
parse_bytes(struct lex *lx, struct writer *w)
{
	uint8_t bytes[TUNNEL_MOST];
	struct token where = lx->now;
	size_t len = 0;

	if (!hex_decode(slice_after(lex_word(lx, "0x and bytes"), 2), bytes, sizeof(bytes), &len))
		lex_fault_at(lx, &where, "expected 0x and the bytes of a tunnel");
	write_bytes(w, bytes, len);
}

static void
parse_addresses(struct lex *lx, unsigned count, struct writer *w)
{
	enum addr_family first = ADDR_NONE;

	for (unsigned i = 0; i < count; i++) {
		struct token where = lx->now;
		struct addr a = lex_addr(lx, "an address of the tunnel");

		if (i != 0 && !lex_failed(lx) && (enum addr_family)a.family != first)
			lex_fault_at(lx, &where, "expected addresses of one family");
		first = (enum addr_family)a.family;
		write_slice(w, addr_slice(&a));
	}
}

/* label N and vni N fill the same field: RFC 6514 5, RFC 8365 9. */
static void
parse_options(struct lex *lx, uint8_t *flags, uint32_t *label)
{
	while (!lex_failed(lx) && !lex_take(lx, ")")) {
		if (lex_take(lx, "label"))
			*label = (uint32_t)lex_number(lx, LABEL_MOST, "a label (0 to 1048575)")
			    << 4;
		else if (lex_take(lx, "vni"))
			*label = (uint32_t)lex_number(lx, VNI_MOST, "a VNI (0 to 16777215)");
		else if (lex_take(lx, "flags"))
			*flags = (uint8_t)lex_number(lx, UINT8_MAX, "flags (0 to 255)");
		else
			lex_fault(lx, "expected label, vni, flags or )");
	}
}

static void
parse(struct lex *lx, struct draft *d)
{
	uint8_t tunnel[TUNNEL_MOST];
	uint8_t value[HEAD_LEN + TUNNEL_MOST];
	struct writer id = writer_on(tunnel, sizeof(tunnel));
	struct writer w = writer_on(value, sizeof(value));
	uint32_t label = 0;
	uint8_t flags = 0;
	unsigned addresses = 0;
	uint8_t type;

	(void)lex_want(lx, "(");
	type = parse_type(lx, &addresses);
	if (hex_marked(lx->now.word))
		parse_bytes(lx, &id);
	else
		parse_addresses(lx, addresses, &id);
	parse_options(lx, &flags, &label);
	write_u8(&w, flags);
	write_u8(&w, type);
	write_u24(&w, label);
	write_slice(&w, writer_slice(&id));
	draft_add(lx, d, &attr_pmsi, writer_slice(&w));
}

const struct attr attr_pmsi = {
	.code = 22,
	.flags = ATTR_OPT_TRANS,
	.malformed = VERDICT_WITHDRAW, /* RFC 6514 5 */
	.due = "treat-as-withdraw due to pmsi",
	.words = { { "pmsi", parse } },
	.decode = decode,
	.emit = emit,
};
