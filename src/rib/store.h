/*
 * What adj-rib-out stores: a table per family, and its routes strung up in lots. A lot is all
 * routes of one attribute set in one family: first those that are pending, then, on a second
 * string, those that were sent (idle). So that all routes can become pending again at once, idle
 * ones count as pending when they were sent before their family's replay; their lot catches up
 * (hangs the idle string to the pending one) when the replay's cursor, or a change, comes by.
 *
 * Lots of one set are a chain, whose leader stands in the queue while something may be pending.
 */
#pragma once

#include "account.h"
#include "bgp/attrs.h"
#include "table.h"
#include "walk.h"

#include <stdbool.h>
#include <stdint.h>

struct run {
	uint32_t head; /* numbers of entries; TABLE_NONE: empty */
	uint32_t tail;
};

struct lot {
	struct attrs *attrs; /* held by the leader; NULL: the lot is free */
	uint32_t leader;
	uint32_t more;        /* the next lot of the chain, or of the free ones */
	uint32_t queue_next;  /* of a leader */
	uint32_t queue_epoch; /* of a leader: it is in the queue if this is the store's */
	uint32_t caught;      /* the replay that it caught up with */
	uint32_t count;       /* routes */
	uint32_t turn;        /* when it had something pending first, of its set; 0: not since
				 it was sent */
	struct run pending;
	struct run idle;
	uint8_t family;
};

/* Before each entry; the entry's value is its lot, its mark says that it was announced since it
 * was sent. */
struct links {
	uint32_t next;
	uint32_t prev;
	uint32_t sent; /* the round in which it was sent; 0: never */
	uint32_t by;   /* the account of the command that is pending; 0: none */
};

/* With it in links.sent: its turn came, but the peer could not be told. */
#define SENT_HELD UINT32_C(0x80000000)

struct store;

/* The routes of a family. */
struct shelf {
	struct table table;
	struct store *store;
	uint64_t counted; /* up to there, by a check of the accounts; 0: none goes on */
	unsigned rank;    /* its place in the store's order */
	size_t pending;
	uint32_t replay; /* the round in which all became pending again */
	bool idle_first; /* a lot that catches up: the idle ones go first */
	/* Where the peer limits the paths of a prefix: how many it was told, by prefix. */
	struct table *paths;
	uint16_t limit;
	size_t held;
	bool freed;       /* one was withdrawn since held ones were looked at */
	bool looking;     /* they are being looked at, */
	uint64_t look_at; /* up to there */
};

struct store {
	struct store *next;                /* the owner's */
	struct accounts *accounts;         /* the owner's too */
	struct shelf *shelves[FAMILY_MAX]; /* NULL: never used */
	uint8_t order[FAMILY_MAX];         /* ids in order of their first route */
	unsigned families;
	struct walks *walks; /* the owner's, as the accounts are */
	struct lot *lots;
	uint32_t lot_count;
	uint32_t lot_size;
	uint32_t free_lots;
	uint32_t last_lot;   /* where the last route was put */
	struct index by_set; /* leaders */
	uint32_t queue_head;
	uint32_t queue_tail;
	uint32_t queue_epoch;
	uint32_t turns; /* that were given to lots */
	uint32_t round;
	uint32_t session; /* the round in which the session began */
	bool sent_in_round;
	bool replaying;
	unsigned looking;     /* shelves whose held paths are looked at */
	unsigned replay_rank; /* the cursor */
	uint64_t replay_at;
	size_t count;
	size_t sent; /* in this session */
};

/* Rounds, families and positions go on where those of before (or NULL) are. */
struct store *store_new(const struct store *before, struct accounts *a, struct walks *walks);
/* Gives back that many sets; true: the store is freed. */
bool store_reap(struct store *s, size_t most);

struct shelf *store_shelf(struct store *s, const struct family *f);
struct links *links_of(const struct shelf *h, uint32_t number);
bool shelf_pending(const struct shelf *h, uint32_t number);
bool shelf_sent(const struct shelf *h, uint32_t number);
bool shelf_held(const struct shelf *h, uint32_t number); /* its turn came: SENT_HELD */
/* The account of what is pending of it from now on; 0: none. */
void shelf_account(const struct shelf *h, uint32_t number, uint32_t by);
struct attrs *shelf_attrs(const struct shelf *h, uint32_t number);

/* A new route (TABLE_NONE, and the hash of its key), or a known one with another set or spelling:
 * pending, at the end of its lot. by: the account of whose command it is. */
void store_hang(struct store *s, struct shelf *h, uint32_t number, uint64_t hash,
    const struct nlri *n, struct attrs *a, uint32_t by);
/* A command that was pending is superseded. */
void store_cut(struct store *s, struct shelf *h, uint32_t number);
void store_tidy(struct store *s, struct shelf *h);

/* All routes of these families pending again. */
void store_replay(struct store *s, struct family_set families);
/* A session began or ended: nothing was sent. */
void store_session(struct store *s, bool up);
void store_share_walkers(struct store *s); /* a walk began or ended */

/* The lot whose turn it is, with something pending; false: nothing is, or it was not found yet
 * among some thousands, and the next call goes on. */
bool store_front(struct store *s, uint32_t *lot);
bool store_seeks(const struct store *s); /* behind a false: it was not found yet */
/* The first so many pending routes of the lot were sent, or could not be (told is false); keep:
 * they stay. */
void store_sent(struct store *s, uint32_t lot, size_t routes, bool told, bool keep);
/* May the peer be told one more path of this prefix? Then it is counted. */
bool shelf_take_path(struct shelf *h, uint32_t number, uint16_t limit);

size_t store_pending(const struct store *s);
size_t store_memory(const struct store *s);
