/* What two OPENs agree on. */
#include "bgp/message.h"
#include "bgp/open.h"
#include "bgp/role.h"

enum { AS_TRANS = 23456, HOLD_LEAST = 3 };

static bool
refuse(struct notification *why, uint8_t subcode)
{
	*why = (struct notification){ .code = 2, .subcode = subcode };
	return false;
}

/* RFC 4760 8: no multiprotocol capability at all is IPv4 unicast. */
static struct family_list
spoken(const struct caps *c)
{
	struct family_list l = c->families;
	const struct family *classic = family_of(1, 1);

	if (l.count == 0 && !c->multiprotocol && classic != NULL)
		family_list_add(&l, classic);
	return l;
}

/* The AS number of the peer: RFC 6793 4.1, the capability counts when both sides have it. */
static uint32_t
peer_asn(const struct open *ours, const struct open *theirs)
{
	return ours->caps.asn4 && theirs->caps.asn4 ? theirs->caps.asn : theirs->as_field;
}

static bool
asn_is_fine(const struct open *ours, const struct open *theirs, uint32_t peer_as)
{
	uint32_t asn = peer_asn(ours, theirs);

	if (asn == 0 || theirs->as_field == 0) /* RFC 7607 2 */
		return false;
	/* the field says the same number, or that it is too long for it */
	if (theirs->as_field != asn && theirs->as_field != AS_TRANS)
		return false;
	return peer_as == 0 || peer_as == asn;
}

/* The draft wants the same groups on both sides: sessions are told apart by their families. */
static bool
sessions_match(const struct open *ours, const struct open *theirs, struct notification *why)
{
	struct family_list mine = spoken(&ours->caps);
	struct family_list other = spoken(&theirs->caps);

	if (!ours->caps.multisession)
		return true;
	if (!theirs->caps.multisession)
		return refuse(why, 9);
	if (family_list_set(&mine).bits != family_list_set(&other).bits)
		return refuse(why, 8);
	return true;
}

/* RFC 9234 4.2 */
static bool
roles_match(const struct open_rules *rules, const struct caps *other, struct notification *why)
{
	if (rules->role == ROLE_NONE || (!other->has_role && !rules->role_strict))
		return true;
	if (!other->has_role || other->role_torn || !role_fits(rules->role, other->role))
		return refuse(why, 11);
	return true;
}

/* RFC 4271 6.2, RFC 6286 2.2 */
static bool
accept(const struct open *ours, const struct open *theirs, const struct open_rules *rules,
    struct notification *why)
{
	bool internal = peer_asn(ours, theirs) == ours->asn;

	if (!asn_is_fine(ours, theirs, rules->peer_as))
		return refuse(why, 2);
	if (theirs->router_id == 0 || (internal && theirs->router_id == ours->router_id))
		return refuse(why, 3);
	if (theirs->hold_time != 0 && theirs->hold_time < HOLD_LEAST)
		return refuse(why, 6);
	if (!internal && !roles_match(rules, &theirs->caps, why))
		return false;
	return sessions_match(ours, theirs, why);
}

static enum refresh_kind
refresh_of(const struct caps *mine, const struct caps *other)
{
	if (mine->enhanced_refresh && other->enhanced_refresh)
		return REFRESH_ENHANCED;
	if ((mine->route_refresh && other->route_refresh) ||
	    (mine->route_refresh_cisco && other->route_refresh_cisco))
		return REFRESH_NORMAL;
	return REFRESH_ABSENT;
}

/* RFC 7911 4: identifiers go in the direction that one side sends and the other receives. */
static void
agree_path_ids(
    const struct caps *mine, const struct caps *other, const struct family *f, struct session *to)
{
	uint8_t we = mine->addpath[f->id];
	uint8_t they = other->addpath[f->id];

	if ((f->traits & FAMILY_PATH_ID) == 0)
		return;
	if ((we & ADDPATH_SEND) != 0 && (they & ADDPATH_RECEIVE) != 0) {
		family_add(&to->path_ids_out, f);
		to->paths_limit[f->id] = other->paths_limit[f->id];
	}
	if ((we & ADDPATH_RECEIVE) != 0 && (they & ADDPATH_SEND) != 0)
		family_add(&to->path_ids_in, f);
}

static void
agree_families(const struct caps *mine, const struct caps *other, struct session *to)
{
	struct family_list ours = spoken(mine);
	struct family_list theirs = spoken(other);
	struct family_set allowed = family_list_set(&ours);

	for (unsigned i = 0; i < theirs.count; i++) {
		const struct family *f = family_at(theirs.ids[i]);

		if (!family_in(allowed, f))
			continue;
		family_list_add(&to->families, f);
		agree_path_ids(mine, other, f, to);
	}
	to->family_bits = family_list_set(&to->families);
	to->next_hop_v6.bits =
	    mine->next_hop_v6.bits & other->next_hop_v6.bits & to->family_bits.bits;
}

bool
session_agree(const struct open *ours, const struct open *theirs, const struct open_rules *rules,
    struct session *to, struct notification *why)
{
	const struct caps *mine = &ours->caps;
	const struct caps *other = &theirs->caps;
	struct session s = {
		.local_as = ours->asn,
		.local_id = ours->router_id,
		.peer_id = theirs->router_id,
		.message_max = BGP_MESSAGE_MAX,
		.asn4 = mine->asn4 && other->asn4,
		.aigp = rules->aigp,
		.operational = mine->operational && other->operational,
		.link_local_nexthop = mine->link_local_nexthop && other->link_local_nexthop,
		.graceful = mine->graceful,
		.refresh = refresh_of(mine, other),
	};

	if (!accept(ours, theirs, rules, why))
		return false;
	s.peer_as = peer_asn(ours, theirs);
	s.role = session_internal(&s) ? ROLE_NONE : rules->role;
	/* RFC 4271 4.2: the smaller one; zero is smaller and turns both timers off */
	s.hold_time = ours->hold_time < theirs->hold_time ? ours->hold_time : theirs->hold_time;
	if (mine->extended_message && other->extended_message)
		s.message_max = BGP_EXTENDED_MAX;
	agree_families(mine, other, &s);
	*to = s;
	return true;
}
