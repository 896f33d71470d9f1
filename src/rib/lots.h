/* Lots and their queue, for the store alone. */
#pragma once

#include "store.h"

static inline struct lot *
lot_of(const struct shelf *h, uint32_t number)
{
	return &h->store->lots[table_entry(&h->table, number)->value];
}

/* At the end of a string. */
void run_add(const struct shelf *h, struct run *run, uint32_t number);
/* Whoever points at the entry points at other numbers from now on; its links stand at "at". */
void run_relink(
    const struct shelf *h, uint32_t at, uint32_t from, uint32_t prev_to, uint32_t next_to);

/* The lot of a set and a family, made when there is none. */
uint32_t lot_for(struct store *s, const struct shelf *h, struct attrs *a);
/* The chain goes when it has no routes and no place in the queue. */
void lot_release(struct store *s, uint32_t leader);
/* Its set has a place in the queue. */
void lot_queue(struct store *s, uint32_t lot);
/* A route off its lot's strings; the number of the lot. */
uint32_t lot_leave(struct shelf *h, uint32_t number);
/* A route to the pending end of a lot, which is queued. */
void lot_join(struct shelf *h, uint32_t number, uint32_t lot);
/* After a replay its idle routes are pending. */
void lot_catch_up(struct store *s, uint32_t lot);
/* Of a chain, the pending lot whose turn it is; TABLE_NONE: none. */
uint32_t chain_front(struct store *s, uint32_t leader);
void queue_pop(struct store *s);
void queue_drop(struct store *s);
/* A step of the growth of the index of sets. */
void lots_carry_over(struct store *s, size_t places);
