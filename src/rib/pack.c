/*
 * UPDATEs out of pending routes. Where things stand: withdraws before announces; MP_UNREACH before
 * the other attributes, MP_REACH behind them.
 */
#include "rib/pack.h"

#include "bgp/attrs.h"
#include "bgp/message.h"
#include "bgp/role.h"
#include "pending.h"
#include "reach.h"

#define MP_UNREACH_CODE 15

/* What every part of packing needs: from where, for whom, how, and where to. */
struct packing {
	struct rib_out *r;
	const struct session *s;
	const struct pack_rules *rules;
	struct writer *w;
};

/* A single withdraw has an UPDATE of its own. When this many wait, grouped families share. */
#define WITHDRAWS_MANY 100

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
	write_mp_head(w, MP_UNREACH_CODE, 3 + nlri_len(n, s));
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

/* Withdraws of one family that carry nothing else, as many as there are and fit; how many. */
static size_t
write_withdraws(const struct packing *p, const struct family *f)
{
	struct writer *w = p->w;
	size_t from = writer_len(w);
	struct gap message = message_begin(w, MESSAGE_UPDATE);
	struct gap part = open_u16(w);
	size_t count = 0;
	struct attrs *a;
	struct nlri n;

	for (; out_withdraw_front(p->r, &n, &a) && n.family == f; count++) {
		if (writer_len(w) - from + nlri_len(&n, p->s) + 2 > p->s->message_max)
			break;
		write_nlri(w, &n, p->s);
		out_withdraw_pop(p->r, true);
	}
	close_u16(w, part);
	write_u16(w, 0);
	message_finish(w, message);
	return count;
}

static enum pack_did
pack_withdraw(const struct packing *p, const struct nlri *n, const struct attrs *a, size_t *routes,
    struct nlri *lost)
{
	bool agreed = family_in(p->s->family_bits, n->family);
	bool said;

	if (agreed && p->rules->group && (n->family->traits & FAMILY_CLASSIC) != 0 &&
	    out_withdraws(p->r) >= WITHDRAWS_MANY) {
		*routes = write_withdraws(p, n->family);
		return PACK_ONE;
	}
	said = agreed && write_withdraw(n, a, p->s, p->w);
	if (!said)
		*lost = out_copy(p->r, n);
	*routes = 1;
	out_withdraw_pop(p->r, said);
	return said ? PACK_ONE : PACK_LOST;
}

/* The next ones of the lot that fit into room bytes, sorted. *held: the first of them is one path
 * too many. */
static const struct items *
gather(const struct packing *p, struct lot_walk *lot, size_t room, size_t *bytes, bool *held)
{
	const struct session *s = p->s;
	const struct family *f = lot->shelf->table.family;
	bool group = p->rules->group && (f->traits & FAMILY_GROUPED) != 0;
	bool path_ids = family_in(s->path_ids_out, f);
	uint16_t limit = path_ids ? s->paths_limit[f->id] : 0; /* 0: any number of a prefix */
	struct items *items = out_items(p->r);
	struct nlri n;

	*bytes = 0;
	*held = false;
	while (out_lot_next(lot, &n) && *bytes + nlri_len(&n, s) <= room) {
		if (!out_lot_take(p->r, lot, limit)) {
			*held = items->count == 0;
			break;
		}
		*bytes += nlri_len(&n, s);
		items_add(items, &n, path_ids);
		if (!group)
			break;
	}
	items_sort(items);
	return items;
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
	size_t more = hop_is_classic(hop, f) ? 0 : 4 + reach_len(f, hop);

	return len + more < s->message_max ? s->message_max - len - more : 0;
}

/* PACK_LATER: the first of the lot is one path too many. */
static enum pack_did
pack_announce(const struct packing *p, struct lot_walk *lot, size_t *routes)
{
	const struct session *s = p->s;
	struct writer *w = p->w;
	const struct family *f = lot->shelf->table.family;
	size_t from = writer_len(w);
	const struct items *items;
	struct gap message;
	struct gap part;
	struct hop hop;
	size_t bytes;
	bool held;

	if (!family_in(s->family_bits, f) || !hop_of(&hop, f, lot->attrs, s))
		return PACK_LOST;
	message = message_begin(w, MESSAGE_UPDATE);
	if (!write_attributes(lot->attrs, f, &hop, s, w, &part)) {
		writer_back(w, from);
		return PACK_LOST;
	}
	items = gather(p, lot, room_for(f, &hop, s, writer_len(w) - from), &bytes, &held);
	if (hop_is_classic(&hop, f))
		close_u16(w, part);
	else
		write_reach(w, f, &hop, bytes);
	for (size_t i = 0; i < items->count; i++)
		write_nlri(w, &items->all[i].nlri, s);
	if (!hop_is_classic(&hop, f))
		close_u16(w, part);
	if (!finish(w, message, from, s) || items->count == 0) {
		writer_back(w, from);
		return held ? PACK_LATER : PACK_LOST;
	}
	*routes = items->count;
	return PACK_ONE;
}

/* What the reference's 6.0 says in place of a withdraw that nobody could need: see docs/wire.md. */
static bool
pack_trace(const struct packing *p)
{
	const struct family *f;
	struct attrs *a = out_take_trace(p->r, &f);
	bool said = a != NULL && p->rules->trace && family_in(p->s->family_bits, f) &&
	    pack_attributes(a, p->s, p->w);

	attrs_drop(a);
	return said;
}

enum pack_did
pack_next(struct rib_out *r, const struct session *s, const struct pack_rules *rules,
    struct writer *w, size_t *routes, struct nlri *lost)
{
	const struct packing p = { r, s, rules, w };
	struct lot_walk lot;
	struct lot_walk first;
	enum pack_did did;
	struct attrs *a;
	struct nlri n;

	if (rib_out_pending(r) != 0 && pack_trace(&p)) {
		*routes = 0;
		return PACK_ONE;
	}
	if (out_withdraw_front(r, &n, &a))
		return pack_withdraw(&p, &n, a, routes, lost);
	if (out_withdraws(r) != 0 || !out_lot_front(r, &lot))
		return out_seeks(r) ? PACK_LATER : PACK_NOTHING;
	first = lot;
	did = pack_announce(&p, &lot, routes);
	if (did != PACK_ONE) {
		*routes = 1;
		if (out_lot_next(&first, &n))
			*lost = out_copy(r, &n);
		if (out_lot_known(r, &first) && write_withdraw(lost, NULL, s, w))
			did = PACK_GONE;
	}
	out_lot_sent(r, &lot, *routes, did == PACK_ONE);
	return did;
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
	if (hop_is_classic(&hop, f)) {
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
