/*
 * Whether accounts are right: what is pending of whose commands, counted again one by one. It takes
 * steps, and goes on while things change: each table has a mark up to which it was counted, and
 * what changes before the mark changes the sum. When all marks are at the ends the sums are those
 * of now.
 */
#include "base/mem.h"
#include "inside.h"

void
rib_check_begin(struct rib_check *c, struct rib_out *r)
{
	c->of = r;
	walk_begin(&r->walks, &c->walk); /* of no table: numbers stay, and its end is known */
	store_share_walkers(r->now);
	r->checks++;
}

bool
rib_check_going(const struct rib_check *c)
{
	return list_linked(&c->walk.link);
}

static void
count_shelf(struct rib_out *r, struct shelf *h, size_t *left)
{
	uint32_t number;

	while (*left != 0 && table_next(&h->table, &h->counted, &number)) {
		account_found_announce(&r->accounts, links_of(h, number)->by, 1);
		--*left;
	}
}

bool
rib_check_step(struct rib_check *c, size_t most)
{
	struct rib_out *r = c->of;
	size_t left = most;

	for (unsigned i = 0; i < r->now->families; i++)
		count_shelf(r, r->now->shelves[r->now->order[i]], &left);
	waiting_count(r->withdraws.before, &left);
	waiting_count(r->withdraws.after, &left);
	return left == 0;
}

static void
forget(struct rib_out *r)
{
	for (unsigned i = 0; i < r->now->families; i++)
		r->now->shelves[r->now->order[i]]->counted = 0;
	r->withdraws.before->counted = 0;
	r->withdraws.after->counted = 0;
	accounts_forget_found(&r->accounts);
}

void
rib_check_end(struct rib_check *c)
{
	struct rib_out *r = c->of;

	if (!rib_check_going(c))
		return;
	rib_out_walk_end(r, &c->walk);
	if (--r->checks == 0)
		forget(r);
}
