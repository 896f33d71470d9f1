/* Roles: RFC 9234 5, where ONLY_TO_CUSTOMER is added and what leaks. */
#include "bytes.h"

#include "attr.h"

#include "base/arena.h"
#include "bgp/role.h"
#include "bgp/update.h"

#define BASE   "4001010040020602010000fdea400304c0000201"
#define OTHERS "c023040000fde9" /* 65001 */
#define PEERS  "c023040000fdea" /* 65002, of whom it comes */

static struct session
session_of(enum role ours)
{
	struct session s = session_assumed();

	s.local_as = 65009;
	s.peer_as = 65002;
	s.role = ours;
	return s;
}

static uint32_t
otc_of(const struct attrs *a)
{
	struct record r;

	return a != NULL && attrs_find(a, 35, &r) ? load_u32(r.value.at) : 0;
}

Case(role, what_is_heard_leaks_or_is_marked)
{
	static const struct {
		enum role ours;
		const char *otc;
		bool leaks;
		uint32_t becomes;
	} table[] = {
		{ ROLE_NONE, "", false, 0 },
		{ ROLE_NONE, OTHERS, false, 65001 },
		{ ROLE_PROVIDER, "", false, 0 }, /* from a customer */
		{ ROLE_PROVIDER, OTHERS, true, 0 },
		{ ROLE_RS, "", false, 0 },
		{ ROLE_RS, PEERS, true, 0 },
		{ ROLE_CUSTOMER, "", false, 65002 }, /* from a provider */
		{ ROLE_CUSTOMER, OTHERS, false, 65001 },
		{ ROLE_RS_CLIENT, "", false, 65002 },
		{ ROLE_RS_CLIENT, OTHERS, false, 65001 },
		{ ROLE_PEER, "", false, 65002 },
		{ ROLE_PEER, PEERS, false, 65002 },
		{ ROLE_PEER, OTHERS, true, 0 },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct session s = session_of(table[i].ours);
		struct text all = { 0 };
		struct arena a = { 0 };
		struct update u;
		struct bytes b;

		text_format(&all, BASE "%s", table[i].otc);
		update_decode(update_of(&b, "", text_chars(&all), "180a0101"), &s, &a, NULL, &u);
		cr_expect(u.verdict == (table[i].leaks ? VERDICT_WITHDRAW : VERDICT_FINE),
		    "row %zu: %d", i, (int)u.verdict);
		cr_expect(
		    (u.twisted[UPDATE_CLASSIC].family != NULL) == table[i].leaks, "row %zu", i);
		cr_expect(
		    (u.announce[UPDATE_CLASSIC].family != NULL) != table[i].leaks, "row %zu", i);
		cr_expect(otc_of(u.announce[UPDATE_CLASSIC].attrs) == table[i].becomes,
		    "row %zu: %u", i, otc_of(u.announce[UPDATE_CLASSIC].attrs));
		if (!table[i].leaks)
			cr_expect(otc_of(u.attrs) == table[i].becomes, "row %zu", i);
		update_done(&u);
		text_free(&all);
		arena_free(&a);
	}
	cr_expect(attrs_alive() == 0, "%zu sets left", attrs_alive());
}

static struct attrs *
set_of(uint32_t otc)
{
	static uint8_t bytes[ATTRS_MAX];
	struct writer w = writer_on(bytes, sizeof(bytes));
	struct attrs_build b = { .room = &w, .next_hop = SLICE("\1\2\3\4") };
	uint8_t value[4];

	store_u32(value, otc);
	if (otc != 0)
		(void)build_add(&b, 35, ATTR_OPT_TRANS, RECORD_VALUE, slice_of(value, 4));
	return attrs_freeze(&b);
}

Case(role, what_is_said_is_marked_or_kept)
{
	static const struct {
		enum role ours;
		uint32_t plain; /* OTC of a route that had none */
		bool keeps;     /* routes that had one */
	} table[] = {
		{ ROLE_NONE, 0, false },
		{ ROLE_PROVIDER, 65009, false },
		{ ROLE_RS, 65009, false },
		{ ROLE_PEER, 65009, true },
		{ ROLE_CUSTOMER, 0, true },
		{ ROLE_RS_CLIENT, 0, true },
	};
	const struct family *unicast = family_of(1, 1);

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct session s = session_of(table[i].ours);
		struct attrs *plain = set_of(0);
		struct attrs *marked = set_of(65001);
		struct attrs *said = role_says(&s, unicast, plain);
		struct attrs *kept = role_says(&s, unicast, marked);
		struct attrs *vpn = role_says(&s, family_of(1, 128), marked);

		cr_assert(said != NULL && vpn == marked);
		cr_expect(otc_of(said) == table[i].plain, "row %zu: %u", i, otc_of(said));
		cr_expect(slice_same(attrs_next_hop(said), attrs_next_hop(plain)));
		cr_expect((kept == NULL) == table[i].keeps, "row %zu", i);
		attrs_drop(vpn);
		attrs_drop(kept);
		attrs_drop(said);
		attrs_drop(marked);
		attrs_drop(plain);
	}
	cr_expect(attrs_alive() == 0, "%zu sets left", attrs_alive());
}
