/* What became of whose commands: rows of one adj-rib-out, numbered from 1. */
#pragma once

#include "rib/out.h"

struct accounts {
	unsigned by; /* who commands now; 0: nobody who is counted */
	struct rib_account *rows;
	uint32_t count;
	uint32_t last; /* the row that was asked for last */
};

void accounts_done(struct accounts *a);
/* The row of who commands now; 0: nobody. */
uint32_t accounts_row(struct accounts *a, const struct family *f);
/* Each does nothing for row 0. */
void account_unchanged(struct accounts *a, uint32_t row);
void account_announce(struct accounts *a, uint32_t row, int more); /* that many more are pending */
void account_withdraw(struct accounts *a, uint32_t row, int more);
/* A check comes by so many more of them, or what it came by changes. */
void account_found_announce(struct accounts *a, uint32_t row, int more);
void account_found_withdraw(struct accounts *a, uint32_t row, int more);
void account_superseded(struct accounts *a, uint32_t row);
void account_sent(struct accounts *a, uint32_t row, bool told); /* else refused */
/* All that is pending is superseded. */
void accounts_forget_announces(struct accounts *a);
void accounts_forget_withdraws(struct accounts *a);
/* No check goes on. */
void accounts_forget_found(struct accounts *a);
