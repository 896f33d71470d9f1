/* What two OPENs agree on, and which of them are refused. */
#include "case.h"

#include "bgp/message.h"
#include "bgp/open.h"

static struct open
plain_open(uint32_t asn, uint32_t router_id)
{
	struct open o = {
		.version = 4,
		.asn = asn,
		.as_field = asn > UINT16_MAX ? 23456 : (uint16_t)asn,
		.hold_time = 180,
		.router_id = router_id,
	};

	o.caps.asn4 = true;
	o.caps.asn = asn;
	for (unsigned i = 0; i < family_count(); i++)
		family_list_add(&o.caps.families, family_at(i));
	o.caps.multiprotocol = true;
	return o;
}

static struct session
agreed(const struct open *ours, const struct open *theirs)
{
	struct session s;
	struct notification why = { 0 };
	bool fine = session_agree(ours, theirs, &(struct open_rules){ 0 }, &s, &why);

	cr_assert(fine, "refused with %u/%u", why.code, why.subcode);
	return s;
}

Case(negotiate, numbers_are_those_of_the_opens)
{
	struct open ours = plain_open(70000, 0x0a000001);
	struct open theirs = plain_open(80000, 0x0a000002);
	struct session s = agreed(&ours, &theirs);

	cr_expect(s.local_as == 70000 && s.peer_as == 80000 && !session_internal(&s));
	cr_expect(s.local_id == 0x0a000001 && s.peer_id == 0x0a000002);
	cr_expect(s.local.family == ADDR_NONE && s.peer.family == ADDR_NONE);
	theirs = plain_open(70000, 0x0a000002);
	s = agreed(&ours, &theirs);
	cr_expect(session_internal(&s));
	for (int rule = 0; rule < 2; rule++) {
		struct open_rules rules = { .aigp = rule != 0 };
		struct notification why;

		cr_assert(session_agree(&ours, &theirs, &rules, &s, &why));
		cr_expect(s.aigp == rules.aigp);
	}
}

Case(negotiate, what_both_say_is_agreed)
{
	for (unsigned i = 0; i < 256; i++) {
		struct open ours = plain_open(1, 1);
		struct open theirs = plain_open(2, 2);
		struct session s;

		ours.caps.asn4 = (i & 1) != 0;
		theirs.caps.asn4 = (i & 2) != 0;
		ours.caps.extended_message = (i & 4) != 0;
		theirs.caps.extended_message = (i & 8) != 0;
		ours.caps.operational = (i & 16) != 0;
		theirs.caps.operational = (i & 32) != 0;
		ours.caps.link_local_nexthop = (i & 64) != 0;
		theirs.caps.link_local_nexthop = (i & 128) != 0;
		ours.caps.graceful = (i & 1) != 0;
		theirs.caps.graceful = (i & 2) != 0;
		s = agreed(&ours, &theirs);
		cr_expect(s.asn4 == ((i & 3) == 3), "%u", i);
		cr_expect(s.message_max == ((i & 12) == 12 ? 65535 : 4096), "%u", i);
		cr_expect(s.operational == ((i & 48) == 48), "%u", i);
		cr_expect(s.link_local_nexthop == ((i & 192) == 192), "%u", i);
		cr_expect(s.graceful == ((i & 1) != 0), "%u: ours alone", i);
	}
}

Case(negotiate, refresh_is_the_best_that_both_have)
{
	for (unsigned i = 0; i < 64; i++) {
		struct open ours = plain_open(1, 1);
		struct open theirs = plain_open(2, 2);
		unsigned both = i & i >> 3;
		enum refresh_kind want = REFRESH_ABSENT;

		if ((both & 3) != 0)
			want = REFRESH_NORMAL;
		if ((both & 4) != 0)
			want = REFRESH_ENHANCED;
		ours.caps.route_refresh = (i & 1) != 0;
		ours.caps.route_refresh_cisco = (i & 2) != 0;
		ours.caps.enhanced_refresh = (i & 4) != 0;
		theirs.caps.route_refresh = (i & 8) != 0;
		theirs.caps.route_refresh_cisco = (i & 16) != 0;
		theirs.caps.enhanced_refresh = (i & 32) != 0;
		cr_expect(agreed(&ours, &theirs).refresh == want, "%u", i);
	}
}

/* RFC 7911 4: in the direction in which one side sends and the other receives. */
Case(negotiate, path_ids_go_where_one_sends_and_one_receives)
{
	for (unsigned id = 0; id < family_count(); id++)
		for (unsigned we = 0; we < 4; we++)
			for (unsigned they = 0; they < 4; they++) {
				struct open ours = plain_open(1, 1);
				struct open theirs = plain_open(2, 2);
				const struct family *f = family_at(id);
				bool can = (f->traits & FAMILY_PATH_ID) != 0;
				bool out = can && (we == 2 || we == 3) && (they == 1 || they == 3);
				bool in = can && (we == 1 || we == 3) && (they == 2 || they == 3);
				struct session s;

				ours.caps.addpath[id] = (uint8_t)we;
				theirs.caps.addpath[id] = (uint8_t)they;
				theirs.caps.paths_limit[id] = 7;
				ours.caps.paths_limit[id] = 9;
				s = agreed(&ours, &theirs);
				cr_expect(family_in(s.path_ids_out, f) == out, "%s %u %u", f->name,
				    we, they);
				cr_expect(family_in(s.path_ids_in, f) == in, "%s %u %u", f->name,
				    we, they);
				cr_expect(s.paths_limit[id] == (out ? 7 : 0));
				family_cut(&s.path_ids_out, f);
				family_cut(&s.path_ids_in, f);
				cr_expect(s.path_ids_out.bits == 0 && s.path_ids_in.bits == 0);
			}
}

Case(negotiate, families_are_common_ones_in_the_order_of_the_peer)
{
	for (unsigned i = 0; i < 256; i++) {
		struct open ours = plain_open(1, 1);
		struct open theirs = plain_open(2, 2);
		struct session s;
		unsigned n = 0;

		ours.caps.families.count = 0;
		theirs.caps.families.count = 0;
		for (unsigned k = 0; k < 4; k++) {
			if ((i >> k & 1) != 0)
				family_list_add(&ours.caps.families, family_at(k));
			if ((i >> (4 + 3 - k) & 1) != 0)
				family_list_add(&theirs.caps.families, family_at(3 - k));
			theirs.caps.addpath[k] = ADDPATH_BOTH;
			ours.caps.addpath[k] = ADDPATH_BOTH;
		}
		ours.caps.multiprotocol = true;
		s = agreed(&ours, &theirs);
		for (unsigned k = 4; k-- > 0;)
			if ((i >> k & 1) != 0 && (i >> (4 + k) & 1) != 0) {
				cr_assert(n < s.families.count && s.families.ids[n] == k);
				n++;
			}
		cr_expect(s.families.count == n);
		cr_expect(s.family_bits.bits == (i & i >> 4));
		cr_expect((s.path_ids_in.bits & ~s.family_bits.bits) == 0);
		cr_expect((s.path_ids_out.bits & ~s.family_bits.bits) == 0);
	}
}

/* RFC 4760 8 */
Case(negotiate, without_multiprotocol_it_is_ipv4_unicast)
{
	struct open ours = plain_open(1, 1);
	struct open theirs = plain_open(2, 2);
	struct session s;

	theirs.caps.families.count = 0;
	theirs.caps.multiprotocol = false;
	s = agreed(&ours, &theirs);
	cr_expect(s.families.count == 1 && family_at(s.families.ids[0]) == family_of(1, 1));
	theirs.caps.multiprotocol = true; /* of families that we do not know */
	s = agreed(&ours, &theirs);
	cr_expect(s.families.count == 0 && s.family_bits.bits == 0);
	theirs.caps.multiprotocol = false;
	ours.caps.families.count = 0;
	family_list_add(&ours.caps.families, family_of(2, 1));
	s = agreed(&ours, &theirs);
	cr_expect(s.families.count == 0);
}

Case(negotiate, hold_time_is_the_smaller_one)
{
	static const uint16_t times[] = { 0, 3, 4, 90, 65535 };

	for (size_t i = 0; i < 5; i++)
		for (size_t k = 0; k < 5; k++) {
			struct open ours = plain_open(1, 1);
			struct open theirs = plain_open(2, 2);

			ours.hold_time = times[i];
			theirs.hold_time = times[k];
			cr_expect(agreed(&ours, &theirs).hold_time == times[i < k ? i : k]);
		}
}

Case(negotiate, ipv6_next_hops_need_both_sides_and_the_family)
{
	const struct family *f = family_of(1, 1);

	for (unsigned i = 0; i < 8; i++) {
		struct open ours = plain_open(1, 1);
		struct open theirs = plain_open(2, 2);

		if ((i & 1) != 0)
			family_add(&ours.caps.next_hop_v6, f);
		if ((i & 2) != 0)
			family_add(&theirs.caps.next_hop_v6, f);
		if ((i & 4) != 0)
			theirs.caps.families.count = 0;
		cr_expect(
		    agreed(&ours, &theirs).next_hop_v6.bits == (i == 3 ? UINT64_C(1) << f->id : 0),
		    "%u", i);
	}
}

struct refusal {
	const char *label;
	uint32_t our_as;
	uint32_t their_as; /* what asn4 says */
	uint32_t rule;     /* peer-as */
	uint16_t field;
	uint16_t hold_time;
	uint32_t router_id; /* ours is 1 */
	bool no_asn4;       /* in theirs */
	bool no_asn4_ours;
	uint8_t subcode; /* 0: fine */
};

static const struct refusal refusals[] = {
	{ "as wanted", 1, 2, 2, 2, 90, 2, false, false, 0 },
	{ "any", 1, 2, 0, 2, 90, 2, false, false, 0 },
	{ "another AS", 1, 3, 2, 3, 90, 2, false, false, 2 },
	{ "another AS in the field alone", 1, 2, 2, 3, 90, 2, false, false, 2 },
	{ "another AS in asn4 alone", 1, 3, 2, 2, 90, 2, false, false, 2 },
	{ "long AS", 1, 70000, 70000, 23456, 90, 2, false, false, 0 },
	{ "long AS, another", 1, 70001, 70000, 23456, 90, 2, false, false, 2 },
	{ "long AS, its low bits in the field", 1, 70000, 70000, 4464, 90, 2, false, false, 2 },
	{ "short AS, AS_TRANS in the field", 1, 2, 2, 23456, 90, 2, false, false, 0 },
	{ "field alone", 1, 0, 2, 2, 90, 2, true, false, 0 },
	{ "field alone, another", 1, 0, 2, 3, 90, 2, true, false, 2 },
	{ "AS_TRANS alone", 1, 0, 70000, 23456, 90, 2, true, false, 2 },
	{ "asn4 is not looked at if we have none", 1, 9, 2, 2, 90, 2, false, true, 0 },
	{ "AS 0 in the field", 1, 0, 0, 0, 90, 2, true, false, 2 },
	{ "AS 0 in asn4", 1, 0, 0, 23456, 90, 2, false, false, 2 },
	{ "AS 0 in the field, asn4 fine", 1, 2, 2, 0, 90, 2, false, false, 2 },
	{ "identifier 0", 1, 2, 2, 2, 90, 0, false, false, 3 },
	{ "identifier of ours, external", 1, 2, 2, 2, 90, 1, false, false, 0 },
	{ "identifier of ours, internal", 2, 2, 2, 2, 90, 1, false, false, 3 },
	{ "hold time 1", 1, 2, 2, 2, 1, 2, false, false, 6 },
	{ "hold time 2", 1, 2, 2, 2, 2, 2, false, false, 6 },
	{ "hold time 3", 1, 2, 2, 2, 3, 2, false, false, 0 },
	{ "hold time 0", 1, 2, 2, 2, 0, 2, false, false, 0 },
	{ "all of it: the AS comes first", 2, 3, 2, 3, 1, 0, false, false, 2 },
	{ "then the identifier", 2, 2, 2, 2, 1, 0, false, false, 3 },
};

Case(negotiate, refusals_have_their_codes)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		const struct refusal *x = &refusals[i];
		struct open ours = plain_open(x->our_as, 1);
		struct open theirs = plain_open(x->their_as, x->router_id);
		struct open_rules rules = { .peer_as = x->rule };
		struct session s = { .message_max = 9 };
		struct notification why = { 0 };
		bool fine;

		theirs.as_field = x->field;
		theirs.hold_time = x->hold_time;
		theirs.caps.asn4 = !x->no_asn4;
		ours.caps.asn4 = !x->no_asn4_ours;
		fine = session_agree(&ours, &theirs, &rules, &s, &why);
		cr_expect(fine == (x->subcode == 0), "%s", x->label);
		cr_expect(why.subcode == x->subcode, "%s: %u/%u", x->label, why.code, why.subcode);
		cr_expect(fine || (why.code == 2 && why.data.len == 0 && s.message_max == 9), "%s",
		    x->label);
	}
}

Case(negotiate, multisession_is_for_two_with_the_same_families)
{
	for (unsigned i = 0; i < 8; i++) {
		struct open ours = plain_open(1, 1);
		struct open theirs = plain_open(2, 2);
		struct session s;
		struct notification why = { 0 };
		unsigned want = 0;

		ours.caps.multisession = (i & 1) != 0;
		theirs.caps.multisession = (i & 2) != 0;
		if ((i & 4) != 0)
			theirs.caps.families.count--;
		if ((i & 1) != 0 && (i & 2) == 0)
			want = 9;
		else if ((i & 7) == 7)
			want = 8;
		cr_expect(session_agree(&ours, &theirs, &(struct open_rules){ 0 }, &s, &why) ==
			(want == 0),
		    "%u", i);
		cr_expect(why.subcode == want, "%u", i);
	}
}

Case(session, the_assumed_one_understands_everything)
{
	struct session s = session_assumed();

	cr_expect(s.local_as == 65533 && s.peer_as == 65533 && s.asn4 && !s.aigp);
	cr_expect(addr_u32(&s.local) == 0x7f000001 && addr_u32(&s.peer) == 0x7f000001);
	cr_expect(s.message_max == BGP_EXTENDED_MAX);
	cr_expect(s.families.count == family_count() && s.family_bits.bits == family_all().bits);
	cr_expect(s.path_ids_in.bits == 0 && s.path_ids_out.bits == 0);
	for (unsigned i = 0; i < family_count(); i++) {
		const struct family *f = family_at(i);
		bool v4 = f->afi == 1 && (f->safi <= 4 || f->safi == 128);

		cr_expect(family_in(s.next_hop_v6, f) == v4, "%s", f->name);
	}
}

/* RFC 9234 4.2 */
Case(negotiate, roles_fit_or_the_session_is_refused)
{
	static const uint8_t numbers[] = { [ROLE_PROVIDER] = 0,
		[ROLE_RS] = 1,
		[ROLE_RS_CLIENT] = 2,
		[ROLE_CUSTOMER] = 3,
		[ROLE_PEER] = 4 };
	static const enum role fits[] = { [ROLE_PROVIDER] = ROLE_CUSTOMER,
		[ROLE_RS] = ROLE_RS_CLIENT,
		[ROLE_RS_CLIENT] = ROLE_RS,
		[ROLE_CUSTOMER] = ROLE_PROVIDER,
		[ROLE_PEER] = ROLE_PEER };

	for (enum role we = ROLE_NONE; we <= ROLE_PEER; we++)
		for (unsigned they = 0; they < 7; they++)
			for (int strict = 0; strict < 4; strict++) {
				struct open ours = plain_open(65001, 1);
				struct open theirs = plain_open(strict >= 2 ? 65001 : 65002, 2);
				struct open_rules rules = { .role = we, .role_strict = strict & 1 };
				struct notification why = { 0 };
				struct session s;
				bool internal = strict >= 2;
				bool fine;

				theirs.caps.has_role = they != 6;
				theirs.caps.role = (uint8_t)they;
				fine = session_agree(&ours, &theirs, &rules, &s, &why);
				if (internal || we == ROLE_NONE ||
				    (they == 6 && !rules.role_strict) ||
				    (they < 5 && they == numbers[fits[we]])) {
					cr_assert(fine, "%d %u", (int)we, they);
					cr_expect(s.role == (internal ? ROLE_NONE : we));
				} else {
					cr_expect(!fine && why.code == 2 && why.subcode == 11,
					    "%d %u", (int)we, they);
				}
			}
}
