/* What became of whose commands. */
#include "account.h"

#include "base/mem.h"

void
accounts_done(struct accounts *a)
{
	mem_free(a->rows);
	*a = (struct accounts){ 0 };
}

static struct rib_account *
row_at(struct accounts *a, uint32_t row)
{
	return &a->rows[row - 1];
}

static bool
is_row(const struct accounts *a, uint32_t row, const struct family *f)
{
	return row != 0 && a->rows[row - 1].by == a->by && a->rows[row - 1].family == f;
}

uint32_t
accounts_row(struct accounts *a, const struct family *f)
{
	uint32_t row = a->last;

	if (a->by == 0)
		return 0;
	if (is_row(a, row, f))
		return row;
	for (row = a->count; row != 0 && !is_row(a, row, f); row--)
		;
	if (row == 0) {
		a->rows = mem_grow(a->rows, (a->count + 1) * sizeof(*a->rows));
		a->rows[a->count] = (struct rib_account){ .by = a->by, .family = f };
		row = ++a->count;
	}
	a->last = row;
	return row;
}

void
account_unchanged(struct accounts *a, uint32_t row)
{
	if (row != 0)
		row_at(a, row)->unchanged++;
}

void
account_announce(struct accounts *a, uint32_t row, int more)
{
	if (row != 0)
		row_at(a, row)->announces += (size_t)more;
}

void
account_withdraw(struct accounts *a, uint32_t row, int more)
{
	if (row != 0)
		row_at(a, row)->withdraws += (size_t)more;
}

void
account_found_announce(struct accounts *a, uint32_t row, int more)
{
	if (row != 0)
		row_at(a, row)->found_announces += (size_t)more;
}

void
account_found_withdraw(struct accounts *a, uint32_t row, int more)
{
	if (row != 0)
		row_at(a, row)->found_withdraws += (size_t)more;
}

void
account_superseded(struct accounts *a, uint32_t row)
{
	if (row != 0)
		row_at(a, row)->superseded++;
}

void
account_sent(struct accounts *a, uint32_t row, bool told)
{
	if (row == 0)
		return;
	if (told)
		row_at(a, row)->sent++;
	else
		row_at(a, row)->refused++;
}

void
accounts_forget_announces(struct accounts *a)
{
	for (uint32_t row = 1; row <= a->count; row++) {
		struct rib_account *r = row_at(a, row);

		r->superseded += r->announces;
		r->announces = r->found_announces = 0;
	}
}

void
accounts_forget_withdraws(struct accounts *a)
{
	for (uint32_t row = 1; row <= a->count; row++) {
		struct rib_account *r = row_at(a, row);

		r->superseded += r->withdraws;
		r->withdraws = r->found_withdraws = 0;
	}
}

void
accounts_forget_found(struct accounts *a)
{
	for (uint32_t row = 1; row <= a->count; row++)
		row_at(a, row)->found_announces = row_at(a, row)->found_withdraws = 0;
}
