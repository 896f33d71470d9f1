/* EVPN routes in words: a kind, then its words in any order, among those that every route has. */
#include "nlri/evpn.h"

#include "draft.h"
#include "family_rows.h"
#include "lang/lex.h"
#include "nlri/labels.h"
#include "nlri/rd.h"
#include "nlri/words.h"

#define VNI_MOST 0xffffff
#define LOW_BITS 0xf
#define BOTTOM   1

enum part {
	PART_ESI = 1,
	PART_TAG = 2,
	PART_MAC = 4,
	PART_IP = 8,
	PART_PREFIX = 16,
	PART_GATEWAY = 32,
	PART_VNI = 64,
};

/* What a kind must and may have beside its distinguisher. */
static const struct kind {
	const char *word;
	unsigned must;
	unsigned may;
	size_t labels;
} kinds[EVPN_TYPES] = {
	[EVPN_AUTO] = { "ethernet-ad", 0, PART_ESI | PART_TAG | PART_VNI, 1 },
	[EVPN_MAC] = { "mac-ip", PART_MAC, PART_ESI | PART_TAG | PART_IP | PART_VNI, 2 },
	[EVPN_MULTICAST] = { "multicast", PART_IP, PART_TAG, 0 },
	[EVPN_SEGMENT] = { "ethernet-segment", PART_ESI | PART_IP, 0, 0 },
	[EVPN_PREFIX] = { "prefix", PART_PREFIX, PART_ESI | PART_TAG | PART_GATEWAY | PART_VNI, 1 },
};

struct said {
	const struct kind *kind;
	unsigned given; /* bits of enum part */
	uint8_t esi[ESI_LEN];
	uint32_t tag;
	uint8_t mac[MAC_LEN];
	struct addr ip;
	struct prefix prefix;
	struct addr gateway;
	uint8_t labels[2 * LABEL_LEN];
	size_t labels_len;
};

static void
parse_esi(struct lex *lx, struct said *s)
{
	esi_parse(lx, s->esi);
}

static void
parse_tag(struct lex *lx, struct said *s)
{
	s->tag = lex_u32(lx, "a number for ethernet-tag");
}

static void
parse_mac(struct lex *lx, struct said *s)
{
	nlri_pairs(lx, s->mac, sizeof(s->mac), "a MAC address");
}

static void
parse_ip(struct lex *lx, struct said *s)
{
	s->ip = lex_addr(lx, "an address for ip");
}

static void
parse_prefix(struct lex *lx, struct said *s)
{
	s->prefix = lex_prefix(lx, "a prefix for ip");
}

static void
parse_gateway(struct lex *lx, struct said *s)
{
	s->gateway = lex_addr(lx, "an address for gateway");
}

/* The whole field, as VXLAN and its like have it: RFC 8365 5.1.3. */
static void
parse_vni(struct lex *lx, struct said *s)
{
	struct draft_list list = draft_list_on(lx, false);
	struct writer w = writer_on(s->labels, sizeof(s->labels));

	while (draft_list_more(lx, &list)) {
		struct token where = lx->now;

		write_u24(&w, (uint32_t)lex_number(lx, VNI_MOST, "a VNI (0 to 16777215)"));
		if (!writer_ok(&w))
			lex_fault_at(lx, &where, "expected two VNIs at most");
	}
	s->labels_len = writer_len(&w);
}

static const struct {
	const char *word;
	enum part part;
	void (*parse)(struct lex *lx, struct said *s);
} parts[] = {
	{ "esi", PART_ESI, parse_esi },
	{ "ethernet-tag", PART_TAG, parse_tag },
	{ "mac", PART_MAC, parse_mac },
	{ "ip", PART_IP, parse_ip },
	{ "ip", PART_PREFIX, parse_prefix },
	{ "gateway", PART_GATEWAY, parse_gateway },
	{ "vni", PART_VNI, parse_vni },
};

#define PARTS (sizeof(parts) / sizeof(parts[0]))

static bool
parse_word(struct lex *lx, struct draft *d, void *said)
{
	struct said *s = said;

	for (size_t i = 0; i < PARTS; i++) {
		struct token where = lx->now;

		if (((s->kind->must | s->kind->may) & parts[i].part) == 0 ||
		    !lex_take(lx, parts[i].word))
			continue;
		if ((s->given & parts[i].part) != 0)
			lex_fault_at(lx, &where, "%s is said already", parts[i].word);
		s->given |= parts[i].part;
		parts[i].parse(lx, s);
		return true;
	}
	return draft_word(lx, d);
}

static const struct kind *
parse_kind(struct lex *lx)
{
	for (unsigned type = EVPN_AUTO; type < EVPN_TYPES; type++)
		if (lex_take(lx, kinds[type].word))
			return &kinds[type];
	lex_fault(lx, "expected ethernet-ad, mac-ip, multicast, ethernet-segment, prefix or raw");
	return NULL;
}

/* Are the words complete, and do they go together? */
static void
check(struct lex *lx, const struct draft *d, const struct said *s)
{
	size_t labels = d->labels_len + s->labels_len;

	if (!d->has_rd)
		lex_fault(lx, "evpn %s: rd missing", s->kind->word);
	for (size_t i = 0; i < PARTS; i++)
		if ((s->kind->must & ~s->given & parts[i].part) != 0)
			lex_fault(lx, "evpn %s: %s missing", s->kind->word, parts[i].word);
	if (d->labels_len != 0 && s->labels_len != 0)
		lex_fault(lx, "evpn %s: label and vni are one field", s->kind->word);
	else if (labels > s->kind->labels * LABEL_LEN)
		lex_fault(lx, "evpn %s has room for %zu labels", s->kind->word, s->kind->labels);
	if ((s->given & PART_GATEWAY) != 0 && s->gateway.family != s->prefix.addr.family)
		lex_fault(lx, "evpn prefix: gateway and ip are of different families");
	if (d->has_split)
		lex_fault(lx, "split has no place in %s", d->family->name);
}

static void
write_labels(struct writer *w, const struct draft *d, const struct said *s)
{
	static const uint8_t none[LABEL_LEN];

	if (d->labels_len != 0)
		write_slice(w, draft_labels(d));
	else if (s->labels_len != 0)
		write_bytes(w, s->labels, s->labels_len);
	else
		write_bytes(w, none, sizeof(none));
}

static void
write_mac_ip(struct writer *w, const struct said *s)
{
	write_u8(w, MAC_BITS);
	write_bytes(w, s->mac, sizeof(s->mac));
	if (s->ip.family != ADDR_NONE)
		nlri_addr_write(w, &s->ip);
	else
		write_u8(w, 0);
}

static void
write_prefix(struct writer *w, const struct said *s)
{
	size_t len = addr_len(&s->prefix.addr);

	write_u8(w, s->prefix.len);
	write_slice(w, addr_slice(&s->prefix.addr));
	if (s->gateway.family != ADDR_NONE)
		write_slice(w, addr_slice(&s->gateway));
	else
		write_fill(w, 0, len);
}

/* The order of all types: distinguisher, segment, tag, what it is about, labels. */
static void
finish(struct lex *lx, struct draft *d, const struct said *s)
{
	uint8_t bytes[2 + UINT8_MAX];
	struct writer w = writer_on(bytes, sizeof(bytes));
	unsigned has = s->kind->must | s->kind->may;
	struct gap value;

	check(lx, d, s);
	if (lex_failed(lx))
		return;
	write_u8(&w, (uint8_t)(s->kind - kinds));
	value = open_u8(&w);
	write_bytes(&w, d->rd, RD_LEN);
	if ((has & PART_ESI) != 0)
		write_bytes(&w, s->esi, sizeof(s->esi));
	if ((has & PART_TAG) != 0)
		write_u32(&w, s->tag);
	if ((has & PART_MAC) != 0)
		write_mac_ip(&w, s);
	else if ((has & PART_IP) != 0)
		nlri_addr_write(&w, &s->ip);
	else if ((has & PART_PREFIX) != 0)
		write_prefix(&w, s);
	if (s->kind->labels != 0)
		write_labels(&w, d, s);
	close_u8(&w, value);
	draft_nlri(d, writer_slice(&w));
	d->safi = 0; /* its label and rd have found their place */
}

static void
parse_known(struct lex *lx, struct draft *d, bool braces)
{
	struct said s = { .kind = parse_kind(lx) };

	if (s.kind == NULL)
		return;
	if (braces)
		draft_skip_name(lx);
	if (braces && lex_take(lx, "{"))
		draft_block_of(lx, d, parse_word, &s);
	else
		draft_words_of(lx, d, parse_word, &s);
	finish(lx, d, &s);
}

void
evpn_parse(struct lex *lx, struct draft *d)
{
	if (!nlri_raw_words(lx, d))
		parse_known(lx, d, false);
}

void
evpn_statement(struct lex *lx, struct draft *d)
{
	d->family = &family_l2vpn_evpn;
	if (nlri_raw_words(lx, d))
		draft_words(lx, d, NULL);
	else
		parse_known(lx, d, true);
}

/* Do label_parse()'s words give these fields: the bottom of the stack in the last, and nothing in
 * front of it that would end one? */
static bool
is_stack(struct slice labels)
{
	struct reader r = reader_on(labels);
	uint32_t field = read_u24(&r);

	if (!reader_more(&r))
		return (field & LOW_BITS) == BOTTOM;
	return field != 0 && field != 0x800000 && (field & LOW_BITS) == 0 &&
	    (read_u24(&r) & LOW_BITS) == BOTTOM;
}

static void
emit_labels(struct emit *e, struct slice labels)
{
	static const uint8_t none[LABEL_LEN];
	struct reader r = reader_on(labels);
	bool stack = is_stack(labels);

	if (slice_same(labels, slice_of(none, sizeof(none))))
		return;
	emit_list(e, stack ? &FIELD("label") : &FIELD("vni"), labels.len / LABEL_LEN);
	while (reader_more(&r))
		emit_uint(e, &BARE, stack ? read_u24(&r) >> 4 : read_u24(&r));
	emit_close(e);
}

static bool
is_zero(struct slice bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		if (bytes.at[i] != 0)
			return false;
	return true;
}

static struct prefix
prefix_of(const struct evpn *v)
{
	return (struct prefix){ .addr = addr_of_bytes(v->ip), .len = v->bits };
}

static void
emit_parts(struct emit *e, const struct evpn *v)
{
	struct prefix p = prefix_of(v);

	emit_word(e, &BARE, slice_on(kinds[v->type].word));
	rd_emit(e, v->rd);
	if (!is_zero(v->esi) || v->type == EVPN_SEGMENT)
		nlri_pairs_emit(e, &FIELD("esi"), v->esi, false);
	if (v->tag.at != NULL)
		emit_uint(e, &FIELD("ethernet-tag"), load_u32(v->tag.at));
	if (v->mac.at != NULL)
		nlri_pairs_emit(e, &FIELD("mac"), v->mac, true);
	if (v->type == EVPN_PREFIX)
		emit_prefix(e, &FIELD("ip"), &p);
	else if (v->ip.len != 0)
		nlri_addr_emit(e, &FIELD("ip"), v->ip);
	if (!is_zero(v->gateway))
		nlri_addr_emit(e, &FIELD("gateway"), v->gateway);
	if (v->labels.at != NULL)
		emit_labels(e, v->labels);
}

void
evpn_words(struct emit *e, const struct nlri *n)
{
	struct reader r = reader_on(n->bytes);
	struct evpn v = evpn_read(&r);
	struct prefix p = prefix_of(&v);

	if (v.rd.at == NULL || (v.type == EVPN_PREFIX && prefix_has_host_bits(&p)))
		nlri_raw_emit(e, n->bytes);
	else
		emit_parts(e, &v);
}
