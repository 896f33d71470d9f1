/*
 * adj-rib-out: what a peer should hear, by key, and which of it is pending. It is the queue toward
 * the peer: announce and withdraw of one prefix collapse in it, so a slow peer costs memory per
 * route, not per command. It lives as long as the peer's configuration and is replayed after a
 * reconnect.
 *
 * Rules (they are ExaBGP's, and its users rely on them):
 *  - announcing what is stored with the same set: nothing happens, unless it is forced;
 *  - a withdraw removes a pending announce and is sent itself, known route or not; an announce
 *    leaves a pending withdraw of its key in place: the withdraw goes first;
 *  - withdraws come before announces, in the order given; announces in the order in which their
 *    set was first made pending, of a set the families in the order in which they were, of a family
 *    in the order given; the first session finds them so;
 *  - what becomes pending again does so in stored order, family after family. With more than some
 *    30000 routes that is done in steps while packing, and a set that is announced meanwhile may
 *    overtake;
 *  - with keep false (adj-rib-out false) a route is forgotten when it was sent.
 */
#pragma once

#include "base/list.h"
#include "bgp/family.h"
#include "bgp/route.h"
#include "bgp/session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rib_out;

struct rib_out *rib_out_new(bool keep);
void rib_out_free(struct rib_out *r);

enum rib_did { RIB_PENDING, RIB_UNCHANGED, RIB_SUPERSEDED };

/* It may be announced soon; changes nothing, but is quicker then. */
void rib_out_expect(const struct rib_out *r, const struct nlri *n);
/* Holds a. SUPERSEDED: pending now, and took the place of something that was pending and not sent.
 */
enum rib_did rib_out_announce(struct rib_out *r, const struct nlri *n, struct attrs *a);
/* a: what a withdraw that carries attributes says; may be NULL. */
enum rib_did rib_out_withdraw(struct rib_out *r, const struct nlri *n, struct attrs *a);

/* All stored routes of these families pending again (flush, refresh, a new session). */
void rib_out_again(struct rib_out *r, struct family_set families);
/* Withdraw all that was sent and forget it; what is pending and was never sent just goes. At once;
 * what it held is given back by later changes or by reaping. */
void rib_out_clear(struct rib_out *r);
/* A small step of giving back; true: there is more to do. */
bool rib_out_reap(struct rib_out *r);
/* The session is up: all stored routes are pending, withdraws are not. / It is down: pending
 * withdraws are forgotten, nothing counts as sent. */
void rib_out_up(struct rib_out *r);
void rib_out_down(struct rib_out *r);

/* Commands from now on are those of this one (0: not counted), until the next call. */
void rib_out_credit(struct rib_out *r, unsigned by);

/* What became of one's commands for a family. Always
 * commands = superseded + unchanged + refused + sent + announces + withdraws. */
struct rib_account {
	unsigned by;
	const struct family *family;
	uint64_t superseded; /* by another command, a clear, or the end of the session */
	uint64_t unchanged;  /* it said what was said already */
	uint64_t refused;    /* the session can't carry it */
	uint64_t sent;
	size_t announces; /* pending */
	size_t withdraws; /* pending */
	/* Of these, those that a check has counted so far. */
	size_t found_announces;
	size_t found_withdraws;
};
size_t rib_out_accounts(const struct rib_out *r, const struct rib_account **rows); /* borrowed */
/* It keeps what was sent from now on, or not; all is said again. */
void rib_out_keep(struct rib_out *r, bool keep);

size_t rib_out_count(const struct rib_out *r);   /* stored */
size_t rib_out_pending(const struct rib_out *r); /* announces and withdraws to be sent */
size_t rib_out_memory(const struct rib_out *r);
/* What is stored under the key of n: *to as it was announced, with its labels (may be NULL), and
 * its attributes. Borrowed. */
bool rib_out_has(const struct rib_out *r, const struct nlri *n, struct nlri *to, struct attrs **a);

/* Stored routes in order of their first announcement, family by family (the family that came first
 * comes first). Survives changes: what is stored from its beginning on, until its turn, is given
 * once, with the attributes of now; what is removed before its turn, or added meanwhile, is not. A
 * walk has to be ended, or holes stay open; where the adj-rib ends before, there is nothing more to
 * give, and ending it is fine. The fields are its own. */
struct rib_walk {
	struct list link;
	unsigned turn;
	unsigned families;
	uint8_t order[FAMILY_MAX];  /* ranks, as they have their turns */
	uint8_t family[FAMILY_MAX]; /* by rank: its id */
	uint64_t at;
	uint64_t ends[FAMILY_MAX];
	struct table *late;
	uint64_t late_at;
};
/* These families come first, in this order: before the first route of any walk is asked for. */
void rib_walk_order(struct rib_walk *w, const struct family_list *first);
void rib_out_walk_begin(struct rib_out *r, struct rib_walk *w);
/* False: the walk is over. n and *a are borrowed until the next change or step. */
bool rib_out_next(struct rib_out *r, struct rib_walk *w, struct nlri *n, struct attrs **a);
void rib_out_walk_end(struct rib_out *r, struct rib_walk *w);
void rib_out_walks_end(struct rib_out *r); /* all of them: nobody finds it any more */

/* Counts the pending commands of all accounts again, one by one, in steps with any changes between
 * them; several that go on at once share the counting. Zero is none that goes on. */
struct rib_check {
	struct rib_walk walk;
	struct rib_out *of;
};
void rib_check_begin(struct rib_check *c, struct rib_out *r);
bool rib_check_going(const struct rib_check *c); /* false: or the adj-rib has ended */
/* Counts so many; true: there is more. Else what was found is all, as of now. */
bool rib_check_step(struct rib_check *c, size_t most);
void rib_check_end(struct rib_check *c); /* idempotent */
