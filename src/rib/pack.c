/*
 * UPDATEs out of pending routes. Where things stand: withdraws before announces; MP_UNREACH before
 * the other attributes, MP_REACH behind them.
 */
#include "rib/pack.h"

#include "bgp/attrs.h"
#include "bgp/message.h"
#include "bgp/role.h"
#include "pending.h"

#include <stdlib.h>

#define MP_REACH_CODE   14
#define MP_UNREACH_CODE 15
#define FLAG_OPTIONAL   0x80
#define FLAG_LONG       0x10

#define RD_LEN 8

/* A single withdraw has an UPDATE of its own. When this many wait, grouped families share. */
#define WITHDRAWS_MANY 100

/* The next hop that this session is told. */
struct hop {
	uint8_t bytes[32];
	size_t len;
};

static void
hop_set(struct hop *hop, struct slice bytes)
{
	MUST(bytes.len <= sizeof(hop->bytes));
	if (bytes.len != 0)
		memcpy(hop->bytes, bytes.at, bytes.len);
	hop->len = bytes.len;
}

/* "self": the local address of the session, as far as the family can say it. */
static bool
hop_self(struct hop *hop, const struct family *f, const struct session *s)
{
	struct addr id = addr_v4_of(s->local_id);

	if (f->afi == AFI_IPV4 && s->local.family != ADDR_IPV4)
		hop_set(hop, addr_slice(&id));
	else if (f->afi == AFI_IPV6 && s->local.family != ADDR_IPV6)
		return false;
	else
		hop_set(hop, addr_slice(&s->local));
	return true;
}

static bool
hop_of(struct hop *hop, const struct family *f, const struct attrs *a, const struct session *s)
{
	*hop = (struct hop){ .len = 0 };
	if (a->next_hop_self) {
		if (!hop_self(hop, f, s))
			return false;
	} else {
		hop_set(hop, attrs_next_hop(a));
	}
	if (hop->len == 16 && f->afi == AFI_IPV6 && s->link_local_nexthop &&
	    s->link_local.family == ADDR_IPV6) {
		struct addr own = addr_of_bytes(slice_of(hop->bytes, hop->len));

		if (!addr_is_link_local(&own)) {
			memcpy(hop->bytes + 16, s->link_local.bytes, 16);
			hop->len = 32;
		}
	}
	return hop->len != 0 || (f->traits & FAMILY_NO_NEXT_HOP) != 0;
}

/* What attrs_encode() makes a NEXT_HOP of: RFC 4271 5.1.3. */
static struct slice
hop_attribute(const struct hop *hop, const struct family *f)
{
	if ((f->traits & (FAMILY_NEXT_HOP_ATTR | FAMILY_CLASSIC)) == 0)
		return (struct slice){ 0 };
	return slice_of(hop->bytes, hop->len == 4 ? 4 : 0);
}

static bool
is_classic(const struct family *f, const struct hop *hop)
{
	return (f->traits & FAMILY_CLASSIC) != 0 && hop->len == 4;
}

static size_t
nlri_len(const struct nlri *n, const struct session *s)
{
	return n->bytes.len + (family_in(s->path_ids_out, n->family) ? 4 : 0);
}

static void
write_nlri(struct writer *w, const struct nlri *n, const struct session *s)
{
	if (family_in(s->path_ids_out, n->family))
		write_u32(w, n->path_id);
	write_slice(w, n->bytes);
}

/* Flags, code and length of an attribute whose length is known. */
static void
write_head(struct writer *w, uint8_t code, size_t len)
{
	write_u8(w, len > UINT8_MAX ? FLAG_OPTIONAL | FLAG_LONG : FLAG_OPTIONAL);
	write_u8(w, code);
	if (len > UINT8_MAX)
		write_u16(w, (uint16_t)len); /* the message is shorter than that */
	else
		write_u8(w, (uint8_t)len);
}

/* Length of a MP_REACH value up to its NLRI. */
static size_t
reach_len(const struct family *f, const struct hop *hop)
{
	size_t hops = hop->len == 32 ? 2 : 1;

	if ((f->traits & FAMILY_NEXT_HOP_RD) == 0 || hop->len == 0)
		hops = 0;
	return 2 + 1 + 1 + hops * RD_LEN + hop->len + 1;
}

/* RFC 4760 3, up to the NLRI; RFC 4364 4.3.2 and RFC 4659 3.2.1 for the zero route distinguishers.
 */
static void
write_reach(struct writer *w, const struct family *f, const struct hop *hop, size_t nlri)
{
	bool rd = (f->traits & FAMILY_NEXT_HOP_RD) != 0;
	size_t step = hop->len == 32 ? 16 : hop->len;
	struct gap len;

	write_head(w, MP_REACH_CODE, reach_len(f, hop) + nlri);
	write_u16(w, f->afi);
	write_u8(w, f->safi);
	len = open_u8(w);
	for (size_t at = 0; at < hop->len; at += step) {
		write_fill(w, 0, rd ? RD_LEN : 0);
		write_bytes(w, hop->bytes + at, step);
	}
	close_u8(w, len);
	write_u8(w, 0);
}

/* Is what was written a message that the session takes? Else nothing was written. */
static bool
finish(struct writer *w, struct gap message, size_t from, const struct session *s)
{
	message_finish(w, message);
	if (writer_ok(w) && writer_len(w) - from <= s->message_max)
		return true;
	writer_back(w, from);
	return false;
}

/* A withdraw of one, RFC 4271 4.3 or RFC 4760 4. */
static bool
write_withdraw(
    const struct nlri *n, const struct attrs *a, const struct session *s, struct writer *w)
{
	const struct family *f = n->family;
	size_t from = writer_len(w);
	struct gap message = message_begin(w, MESSAGE_UPDATE);
	struct gap part = open_u16(w);
	struct hop hop;

	if ((f->traits & FAMILY_CLASSIC) != 0) {
		write_nlri(w, n, s);
		close_u16(w, part);
		write_u16(w, 0);
		return finish(w, message, from, s);
	}
	close_u16(w, part);
	part = open_u16(w);
	write_head(w, MP_UNREACH_CODE, 3 + nlri_len(n, s));
	write_u16(w, f->afi);
	write_u8(w, f->safi);
	write_nlri(w, n, s);
	if ((f->traits & FAMILY_BARE_WITHDRAW) == 0 && a != NULL) {
		if (!hop_of(&hop, f, a, s))
			hop.len = 0; /* a withdraw needs none */
		attrs_encode(a, s, hop_attribute(&hop, f), w);
	}
	close_u16(w, part);
	return finish(w, message, from, s);
}

/* Withdraws of one family that carry nothing else, as many as there are and fit. */
static void
write_withdraws(struct rib_out *r, const struct family *f, const struct session *s,
    struct writer *w, size_t *routes)
{
	size_t from = writer_len(w);
	struct gap message = message_begin(w, MESSAGE_UPDATE);
	struct gap part = open_u16(w);
	struct attrs *a;
	struct nlri n;

	for (*routes = 0; out_withdraw_front(r, &n, &a) && n.family == f; ++*routes) {
		if (writer_len(w) - from + nlri_len(&n, s) + 2 > s->message_max)
			break;
		write_nlri(w, &n, s);
		out_withdraw_pop(r, true);
	}
	close_u16(w, part);
	write_u16(w, 0);
	message_finish(w, message);
}

static enum pack_did
pack_withdraw(struct rib_out *r, const struct nlri *n, const struct attrs *a,
    const struct session *s, const struct pack_rules *rules, struct writer *w, size_t *routes,
    struct nlri *lost)
{
	enum pack_did did = PACK_ONE;

	if (rules->group && (n->family->traits & FAMILY_CLASSIC) != 0 &&
	    family_in(s->family_bits, n->family) && out_withdraws(r) >= WITHDRAWS_MANY) {
		write_withdraws(r, n->family, s, w, routes);
		return PACK_ONE;
	}
	if (!family_in(s->family_bits, n->family) || !write_withdraw(n, a, s, w)) {
		*lost = out_copy(r, n);
		did = PACK_LOST;
	}
	*routes = 1;
	out_withdraw_pop(r, did == PACK_ONE);
	return did;
}

static int
compare_items(const void *left, const void *right)
{
	const struct item *a = left;
	const struct item *b = right;

	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	if (a->nlri.path_id != b->nlri.path_id)
		return a->nlri.path_id < b->nlri.path_id ? -1 : 1;
	return slice_compare(a->nlri.bytes, b->nlri.bytes);
}

/* By wire bytes. Most lots are short or in order, and qsort() takes memory. */
static void
sort_items(struct item *items, size_t count)
{
	size_t i;

	if (count > 16) {
		for (i = 1; i < count && compare_items(&items[i - 1], &items[i]) <= 0; i++)
			;
		if (i < count)
			qsort(items, count, sizeof(*items), compare_items);
		return;
	}
	for (i = 1; i < count; i++) {
		struct item it = items[i];
		size_t at = i;

		for (; at > 0 && compare_items(&items[at - 1], &it) > 0; at--)
			items[at] = items[at - 1];
		items[at] = it;
	}
}

static struct item
item_of(const struct nlri *n, const struct session *s)
{
	struct item it = { .nlri = *n };
	uint8_t head[8] = { 0 };
	size_t len = n->bytes.len < sizeof(head) ? n->bytes.len : sizeof(head);

	if (len != 0)
		memcpy(head, n->bytes.at, len);
	it.first = load_u64(head);
	if (family_in(s->path_ids_out, n->family))
		it.first = it.first >> 32 | (uint64_t)n->path_id << 32;
	else
		it.nlri.path_id = 0;
	return it;
}

/* How many paths of a prefix the peer takes; 0: any. */
static uint16_t
path_limit(const struct family *f, const struct session *s)
{
	return family_in(s->path_ids_out, f) ? s->paths_limit[f->id] : 0;
}

/* The next ones of the lot that fit into room bytes, sorted. *held: the first of them is one path
 * too many. */
static size_t
gather(struct rib_out *r, struct lot_walk *lot, const struct session *s, bool group, size_t room,
    size_t *bytes, bool *held)
{
	uint16_t limit = path_limit(lot->shelf->table.family, s);
	size_t count = 0;
	struct nlri n;

	*bytes = 0;
	*held = false;
	while (out_lot_next(lot, &n) && *bytes + nlri_len(&n, s) <= room) {
		if (!out_lot_take(r, lot, limit)) {
			*held = count == 0;
			break;
		}
		*bytes += nlri_len(&n, s);
		out_items(r, count + 1)[count] = item_of(&n, s);
		count++;
		if (!group)
			break;
	}
	sort_items(out_items(r, count), count);
	return count;
}

/* Up to where NLRI begin in the classic form, or MP_REACH in the other. The gap is that of the
 * attributes. False: the role of the session keeps the route. */
static bool
write_attributes(struct attrs *a, const struct family *f, const struct hop *hop,
    const struct session *s, struct writer *w, struct gap *part)
{
	struct attrs *said = role_says(s, f, a);

	if (said == NULL)
		return false;
	write_u16(w, 0);
	*part = open_u16(w);
	attrs_encode(said, s, hop_attribute(hop, f), w);
	attrs_drop(said);
	return true;
}

/* Bytes for NLRI that are left in the message. */
static size_t
room_for(const struct family *f, const struct hop *hop, const struct session *s, size_t len)
{
	size_t more = is_classic(f, hop) ? 0 : 4 + reach_len(f, hop);

	return len + more < s->message_max ? s->message_max - len - more : 0;
}

/* PACK_NOTHING: the first of the lot is one path too many. */
static enum pack_did
pack_announce(struct rib_out *r, struct lot_walk *lot, const struct session *s,
    const struct pack_rules *rules, struct writer *w, size_t *routes)
{
	const struct family *f = lot->shelf->table.family;
	bool group = rules->group && (f->traits & FAMILY_GROUPED) != 0;
	size_t from = writer_len(w);
	struct gap message;
	struct gap part;
	struct hop hop;
	size_t bytes;
	size_t count;
	bool held;

	if (!family_in(s->family_bits, f) || !hop_of(&hop, f, lot->attrs, s))
		return PACK_LOST;
	message = message_begin(w, MESSAGE_UPDATE);
	if (!write_attributes(lot->attrs, f, &hop, s, w, &part)) {
		writer_back(w, from);
		return PACK_LOST;
	}
	count = gather(r, lot, s, group, room_for(f, &hop, s, writer_len(w) - from), &bytes, &held);
	if (is_classic(f, &hop))
		close_u16(w, part);
	else
		write_reach(w, f, &hop, bytes);
	for (size_t i = 0; i < count; i++)
		write_nlri(w, &out_items(r, count)[i].nlri, s);
	if (!is_classic(f, &hop))
		close_u16(w, part);
	if (!finish(w, message, from, s) || count == 0) {
		writer_back(w, from);
		return held ? PACK_NOTHING : PACK_LOST;
	}
	*routes = count;
	return PACK_ONE;
}

/* What the reference's 6.0 says in place of a withdraw that nobody could need: see docs/wire.md. */
static bool
pack_trace(
    struct rib_out *r, const struct session *s, const struct pack_rules *rules, struct writer *w)
{
	const struct family *f;
	struct attrs *a = out_take_trace(r, &f);
	bool said =
	    a != NULL && rules->trace && family_in(s->family_bits, f) && pack_attributes(a, s, w);

	attrs_drop(a);
	return said;
}

enum pack_did
pack_next(struct rib_out *r, const struct session *s, const struct pack_rules *rules,
    struct writer *w, size_t *routes, struct nlri *lost)
{
	struct lot_walk lot;
	struct lot_walk first;
	enum pack_did did;
	struct attrs *a;
	struct nlri n;

	if (rib_out_pending(r) != 0 && pack_trace(r, s, rules, w)) {
		*routes = 0;
		return PACK_ONE;
	}
	if (out_withdraw_front(r, &n, &a))
		return pack_withdraw(r, &n, a, s, rules, w, routes, lost);
	while (out_lot_front(r, &lot)) {
		first = lot;
		did = pack_announce(r, &lot, s, rules, w, routes);
		if (did == PACK_ONE) {
			out_lot_sent(r, &lot, *routes, true);
			return did;
		}
		*routes = 1;
		if (out_lot_next(&first, &n))
			*lost = out_copy(r, &n);
		out_lot_sent(r, &lot, 1, false);
		if (did == PACK_LOST)
			return did;
	}
	return PACK_NOTHING;
}

bool
pack_route(
    const struct nlri *n, struct attrs *a, bool withdraw, const struct session *s, struct writer *w)
{
	const struct family *f = n->family;
	size_t from = writer_len(w);
	struct gap message;
	struct gap part;
	struct hop hop;

	if (withdraw)
		return write_withdraw(n, a, s, w);
	if (!hop_of(&hop, f, a, s))
		return false;
	message = message_begin(w, MESSAGE_UPDATE);
	if (!write_attributes(a, f, &hop, s, w, &part)) {
		writer_back(w, from);
		return false;
	}
	if (is_classic(f, &hop)) {
		close_u16(w, part);
		write_nlri(w, n, s);
	} else {
		write_reach(w, f, &hop, nlri_len(n, s));
		write_nlri(w, n, s);
		close_u16(w, part);
	}
	return finish(w, message, from, s);
}

bool
pack_attributes(struct attrs *a, const struct session *s, struct writer *w)
{
	size_t from = writer_len(w);
	struct gap message = message_begin(w, MESSAGE_UPDATE);
	struct gap part;

	write_u16(w, 0);
	part = open_u16(w);
	attrs_encode(a, s, attrs_next_hop(a), w);
	close_u16(w, part);
	return finish(w, message, from, s);
}
