/* Accounts: each command ends as exactly one thing, whatever happens. */
#include "case.h"

#include "pending.h"
#include "rib/out.h"
#include "routes.h"

#define ISSUERS 4 /* 0: nobody */
#define KEYS    60
#define SETS    5

struct ledger {
	uint64_t commands[ISSUERS][FAMILY_MAX];
};

static void
send_some(struct rib_out *r, struct chance *c)
{
	struct lot_walk w;
	struct attrs *a;
	struct nlri n;

	for (uint32_t k = chance_below(c, 10); k > 0 && out_withdraw_front(r, &n, &a); k--)
		out_withdraw_pop(r, chance_below(c, 8) != 0);
	if (out_withdraw_front(r, &n, &a))
		return; /* they go first */
	for (uint32_t k = chance_below(c, 6); k > 0 && out_lot_front(r, &w); k--) {
		size_t count = 0;

		while (count < 3 && out_lot_next(&w, &n))
			count++;
		if (chance_below(c, 8) == 0)
			out_lot_sent(r, &w, 1, false);
		else
			out_lot_sent(r, &w, count, true);
	}
}

static void
command(struct rib_out *r, struct ledger *l, struct chance *c, struct attrs **sets)
{
	unsigned by = chance_below(c, ISSUERS);
	struct made made;

	made_route(&made, chance_below(c, KEYS), chance_below(c, 8) == 0);
	l->commands[by][made.nlri.family->id]++;
	rib_out_credit(r, by);
	if (chance_below(c, 3) != 0)
		(void)rib_out_announce(r, &made.nlri, sets[chance_below(c, SETS)]);
	else
		(void)rib_out_withdraw(r, &made.nlri, NULL);
}

/* A check that goes on while things change: when it is over, it found what is pending now. */
struct checked {
	struct rib_check check;
	unsigned over;
};

static void
check_some(struct rib_out *r, struct checked *c, size_t most)
{
	const struct rib_account *rows;
	size_t count;

	if (!rib_check_going(&c->check))
		rib_check_begin(&c->check, r);
	if (rib_check_step(&c->check, most))
		return;
	count = rib_out_accounts(r, &rows);
	for (size_t i = 0; i < count; i++) {
		cr_assert_eq(rows[i].found_announces, rows[i].announces);
		cr_assert_eq(rows[i].found_withdraws, rows[i].withdraws);
	}
	rib_check_end(&c->check);
	c->over++;
}

static void
balances(struct rib_out *r, const struct ledger *l)
{
	const struct rib_account *rows;
	size_t count = rib_out_accounts(r, &rows);
	struct checked once = { 0 };

	for (size_t i = 0; i < count; i++) {
		const struct rib_account *a = &rows[i];

		cr_assert(l->commands[a->by][a->family->id] ==
		    a->superseded + a->unchanged + a->refused + a->sent + a->announces +
			a->withdraws);
	}
	check_some(r, &once, SIZE_MAX);
	cr_assert_eq(once.over, 1);
}

/* A clear needs what was cleared before to be sent. */
static void
clear(struct rib_out *r)
{
	struct attrs *a;
	struct nlri n;

	while (out_withdraw_front(r, &n, &a))
		out_withdraw_pop(r, true);
	rib_out_clear(r);
}

static void
step(struct rib_out *r, struct ledger *l, struct chance *c, struct attrs **sets)
{
	uint32_t what = chance_below(c, 100);

	if (what < 70)
		command(r, l, c, sets);
	else if (what < 92)
		send_some(r, c);
	else if (what < 95)
		rib_out_again(r, family_all());
	else if (what < 96)
		clear(r);
	else if (what < 97)
		rib_out_keep(r, chance_below(c, 2) != 0);
	else if (what < 98)
		rib_out_down(r);
	else
		rib_out_up(r);
}

Case(account, every_command_ends_as_one_thing)
{
	struct attrs *sets[SETS];

	for (uint32_t i = 0; i < SETS; i++)
		sets[i] = made_set(i);
	for (unsigned seed = 1; seed <= 60; seed++) {
		struct rib_out *r = rib_out_new(seed % 3 != 0);
		struct ledger l = { 0 };
		struct chance c = { seed };
		struct checked slow = { 0 };
		struct checked slower = { 0 };

		for (int i = 0; i < 2000; i++) {
			step(r, &l, &c, sets);
			check_some(r, &slow, 3);
			if (i % 5 == 0)
				check_some(r, &slower, 2);
			if (i % 20 == 0)
				balances(r, &l);
		}
		balances(r, &l);
		cr_assert(slow.over > 20 && slower.over > 5, "%u %u", slow.over, slower.over);
		rib_out_free(r); /* with checks that go on */
		cr_assert(!rib_check_going(&slow.check) && !rib_check_going(&slower.check));
	}
	for (uint32_t i = 0; i < SETS; i++)
		attrs_drop(sets[i]);
}
