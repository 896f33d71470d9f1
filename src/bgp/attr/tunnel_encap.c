/*
 * Tunnel Encapsulation: RFC 9012. Its value is kept as it came; tunnels of other types than SR
 * policies and sub-TLVs that nobody knows are not looked into.
 */
#include "attr/tunnel_encap.h"

#include "attr.h"

#include "draft.h"

struct part
tunnel_take(struct reader *r)
{
	struct part p = { .type = read_u16(r) };

	p.value = read_slice(r, read_u16(r));
	return p;
}

struct part
sub_take(struct reader *r)
{
	struct part p = { .type = read_u8(r) };

	p.value = read_slice(r, p.type < 128 ? read_u8(r) : read_u16(r)); /* RFC 9012 2 */
	return p;
}

struct part
segment_take(struct reader *r)
{
	struct part p = { .type = read_u8(r) };

	p.value = read_slice(r, read_u8(r));
	return p;
}

static bool
segment_list_good(struct slice value)
{
	struct reader r = reader_on(value);

	read_skip(&r, 1);
	while (reader_more(&r)) {
		struct part p = segment_take(&r);

		if (reader_ok(&r) && !segment_good(&p))
			return false;
	}
	return reader_done(&r);
}

static bool
sub_good(const struct part *p)
{
	size_t len = p->value.len;

	switch (p->type) {
	case SUB_PREFERENCE: return len == 6;                           /* RFC 9830 2.4.1 */
	case SUB_BINDING_SID: return len == 2 || len == 6 || len == 18; /* 2.4.2 */
	case SUB_SRV6_BINDING_SID: return len == 18 || len == 18 + BEHAVIOR_LEN; /* 2.4.3 */
	case SUB_PRIORITY: return len == 2;                                      /* 2.4.6 */
	case SUB_SEGMENT_LIST: return segment_list_good(p->value);               /* 2.4.4 */
	case SUB_PATH_NAME:
	case SUB_POLICY_NAME: return len >= 1; /* 2.4.7, 2.4.8 */
	default: return true;
	}
}

static bool
policy_good(struct slice value)
{
	struct reader r = reader_on(value);

	while (reader_more(&r)) {
		struct part p = sub_take(&r);

		if (reader_ok(&r) && !sub_good(&p))
			return false;
	}
	return reader_done(&r);
}

/* RFC 9012 13, RFC 9830 5 */
static enum verdict
decode(struct reader *r, const struct session *s, struct attrs_build *to)
{
	struct reader in = *r;
	struct slice value = read_rest(r);

	(void)s;
	if (value.len == 0)
		return VERDICT_DISCARD; /* no tunnel */
	while (reader_more(&in)) {
		struct part p = tunnel_take(&in);

		if (!reader_ok(&in) || (p.type == TUNNEL_SR_POLICY && !policy_good(p.value)))
			return VERDICT_WITHDRAW;
	}
	(void)build_add(to, attr_tunnel_encap.code, attr_tunnel_encap.flags, RECORD_VALUE, value);
	return VERDICT_FINE;
}

/* Words add to the one SR policy, in their order. */
static void
add(struct lex *lx, struct draft *d, void (*read)(struct lex *lx, struct writer *w))
{
	uint8_t value[ATTR_VALUE_MAX];
	struct writer w = writer_on(value, sizeof(value));
	struct token where = lx->now;
	struct record before;
	struct gap len;

	if (d->family == NULL || (d->family->traits & FAMILY_POLICY) == 0)
		lex_fault(lx, "the words of a policy have a place in sr-policy only");
	write_u16(&w, TUNNEL_SR_POLICY);
	len = open_u16(&w);
	if (build_find(&d->build, attr_tunnel_encap.code, &before)) {
		if (before.kind == RECORD_RAW)
			lex_fault(lx, "expected no words of a policy that is given as bytes");
		write_slice(&w, slice_after(before.value, 4));
	}
	read(lx, &w);
	close_u16(&w, len);
	if (!writer_ok(&w))
		lex_fault_at(lx, &where, "the policy is too long");
	draft_set(lx, d, &attr_tunnel_encap, writer_slice(&w));
}

static void
parse_preference(struct lex *lx, struct draft *d)
{
	add(lx, d, preference_read);
}

static void
parse_priority(struct lex *lx, struct draft *d)
{
	add(lx, d, priority_read);
}

static void
parse_binding_sid(struct lex *lx, struct draft *d)
{
	add(lx, d, binding_sid_read);
}

static void
parse_srv6_binding_sid(struct lex *lx, struct draft *d)
{
	add(lx, d, srv6_binding_sid_read);
}

static void
parse_policy_name(struct lex *lx, struct draft *d)
{
	add(lx, d, policy_name_read);
}

static void
parse_path_name(struct lex *lx, struct draft *d)
{
	add(lx, d, path_name_read);
}

static void
parse_segment_list(struct lex *lx, struct draft *d)
{
	add(lx, d, segment_list_read);
}

const struct attr attr_tunnel_encap = {
	.code = 23,
	.flags = ATTR_OPT_TRANS,
	.traits = ATTR_EMPTY_FINE,
	.malformed = VERDICT_WITHDRAW,
	.due = "treat-as-withdraw due to tunnel-encap",
	.words = { { "preference", parse_preference }, { "priority", parse_priority },
	    { "binding-sid", parse_binding_sid }, { "srv6-binding-sid", parse_srv6_binding_sid },
	    { "policy-name", parse_policy_name }, { "candidate-path-name", parse_path_name },
	    { "segment-list", parse_segment_list } },
	.decode = decode,
	.emit = tunnel_encap_emit,
};
