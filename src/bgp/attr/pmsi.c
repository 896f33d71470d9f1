/* P-Multicast Service Interface tunnel: RFC 6514 5. Kept and sent on as it came. */
#include "attr.h"

#include "bgp/shape.h"

#define INGRESS_REPLICATION 6

static const char *const types[] = { "notunnel", "rsvp-tep2mplsp", "mldpp2mplsp", "pim-ssmtree",
	"pim-smtree", "bidir-pimtree", "ingressreplication", "mldpmp2mplsp" };

/* Flags, type, label, and a tunnel whose length only its type knows. */
static enum verdict
decode(struct reader *r, const struct session *s, struct attrs_build *to)
{
	struct slice value = read_rest(r);

	(void)s;
	if (value.len < 5)
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

	text_format(t, "pmsi:%s:%u:%u",
	    type < sizeof(types) / sizeof(types[0]) ? types[type] : "unknown", flags, label >> 4);
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

static void
emit(struct emit *e, struct slice value)
{
	struct record raw = { attr_pmsi.code, attr_pmsi.flags, RECORD_RAW, value };
	bool json = e->spelling == SPELL_JSON;
	struct text *t;

	if (e->spelling == SPELL_WORDS) {
		unknown_emit(e, &raw);
		return;
	}
	t = emit_value(e, &FIELD("pmsi"));
	if (t == NULL)
		return;
	text_string(t, json ? "\"" : "");
	put(t, value, (e->shape & SHAPE_LABEL_RAW) == 0); /* only before 6.0 */
	text_string(t, json ? "\"" : "");
}

const struct attr attr_pmsi = {
	.code = 22,
	.flags = ATTR_OPT_TRANS,
	.malformed = VERDICT_WITHDRAW, /* RFC 6514 5 */
	.due = "treat-as-withdraw due to pmsi",
	.decode = decode,
	.emit = emit,
};
