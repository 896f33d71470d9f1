/* Which roles fit together, and where ONLY_TO_CUSTOMER is added, wanted or refused. */
#include "bgp/role.h"

#include "attr.h"

#include "base/must.h"

/* By our role: the number on the wire, that of the other side (RFC 9234 4.2), and its place. */
static const struct {
	uint8_t number;
	uint8_t other;
	bool below; /* the other side is a customer or a client */
	bool above; /* a provider or a route server */
} rows[] = {
	[ROLE_PROVIDER] = { 0, 3, .below = true },
	[ROLE_RS] = { 1, 2, .below = true },
	[ROLE_RS_CLIENT] = { 2, 1, .above = true },
	[ROLE_CUSTOMER] = { 3, 0, .above = true },
	[ROLE_PEER] = { 4, 4, .below = false },
};

uint8_t
role_number(enum role r)
{
	return rows[r].number;
}

bool
role_fits(enum role ours, uint8_t theirs)
{
	return rows[ours].other == theirs;
}

/* RFC 9234 5: other families are left alone. */
static bool
counts(const struct session *s, const struct family *f)
{
	return s->role != ROLE_NONE && f->safi == 1;
}

/* The asn of ONLY_TO_CUSTOMER, or 0. */
static uint32_t
otc_of(const struct attrs *a)
{
	struct record r;

	return attrs_find(a, attr_only_to_customer.code, &r) && r.value.len == 4
	    ? load_u32(r.value.at)
	    : 0;
}

static struct attrs *
with_otc(const struct attrs *a, uint32_t asn)
{
	uint8_t bytes[ATTRS_MAX];
	struct writer room = writer_on(bytes, sizeof(bytes));
	struct attrs_build b = {
		.room = &room, .next_hop = attrs_next_hop(a), .next_hop_self = a->next_hop_self
	};
	uint8_t value[4];
	struct record r;
	size_t at = 0;

	while (attrs_next(a, &at, &r))
		(void)build_add(&b, r.code, r.flags, r.kind, r.value);
	store_u32(value, asn);
	(void)build_add(&b, attr_only_to_customer.code, attr_only_to_customer.flags, RECORD_VALUE,
	    slice_of(value, sizeof(value)));
	return attrs_freeze(&b);
}

bool
role_hears(const struct session *s, const struct family *f, struct attrs **set)
{
	uint32_t otc;
	struct attrs *more;

	if (!counts(s, f))
		return true;
	otc = otc_of(*set);
	if (otc != 0)
		return rows[s->role].above || (s->role == ROLE_PEER && otc == s->peer_as);
	if (rows[s->role].below)
		return true;
	more = with_otc(*set, s->peer_as);
	attrs_drop(*set);
	*set = more;
	return true;
}

struct attrs *
role_says(const struct session *s, const struct family *f, struct attrs *a)
{
	if (!counts(s, f))
		return attrs_hold(a);
	if (otc_of(a) != 0)
		return rows[s->role].below ? attrs_hold(a) : NULL;
	return rows[s->role].above ? attrs_hold(a) : with_otc(a, s->local_as);
}
