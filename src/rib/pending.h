/* What packing sees of adj-rib-out: the next withdraw, the next lot, and that they were sent. */
#pragma once

#include "items.h"
#include "rib/out.h"
#include "store.h"

/* The withdraw whose turn it is; borrowed until it is popped. *a may be NULL. False: there is none,
 * or it was not found yet, as of the lots below: out_seeks(). */
bool out_withdraw_front(struct rib_out *r, struct nlri *n, struct attrs **a);
void out_withdraw_pop(struct rib_out *r, bool told); /* or the peer could not be told */
size_t out_withdraws(const struct rib_out *r); /* none of the lots has its turn before they went */

/* Something is about to be said in this session. If a withdraw with attributes was given before
 * that: its attributes and its family, once; the caller drops them. */
struct attrs *out_take_trace(struct rib_out *r, const struct family **f);

/* The announces whose turn it is. */
struct lot_walk {
	const struct shelf *shelf;
	struct attrs *attrs;
	uint32_t lot;
	uint32_t at;   /* the next one */
	uint32_t last; /* the one just given */
};

bool out_lot_front(struct rib_out *r, struct lot_walk *w);
/* Behind a false of the two: there is more to be passed, by asking again. */
bool out_seeks(const struct rib_out *r);
bool out_lot_next(struct lot_walk *w, struct nlri *n); /* borrowed until something is sent */
/* The first so many of it were sent; or the peer could not be told. */
void out_lot_sent(struct rib_out *r, const struct lot_walk *w, size_t routes, bool told);
/* Has the peer some form of the one just given? */
bool out_lot_known(const struct rib_out *r, const struct lot_walk *w);
/* May the peer be told the one just given, with that many paths of a prefix (0: any)? */
bool out_lot_take(struct rib_out *r, const struct lot_walk *w, uint16_t limit);

/* Room that is kept between messages, empty. */
struct items *out_items(struct rib_out *r);

/* The route in the rib's own room, until the next one. */
struct nlri out_copy(struct rib_out *r, const struct nlri *n);
