/*
 * The engine: peers x helpers x routes. Owns everything that lives: the configuration, a member for
 * each neighbor, a crew for each helper, the listening sockets. Commands come in through hooks, so
 * that the engine knows no command.
 */
#pragma once

#include "api/dialect.h"
#include "base/list.h"
#include "base/slice.h"
#include "config/config.h"
#include "helper/helper.h"
#include "loop/loop.h"
#include "peer/peer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct engine;
struct dump;

/* One neighbor of the configuration, or a session that a range brought up. */
struct member {
	struct engine *engine;
	const struct neighbor_conf *conf;
	struct peer *peer;
	uint32_t number;           /* of all that there ever were, from 1 */
	struct neighbor_conf *own; /* of a range's session: its copy, else NULL */
	struct member *range;      /* of a range's session: whose it is, else NULL */
	struct config *created;    /* by a command: what conf is in, else NULL */
	bool *standing;            /* by route of conf: it is announced (watchdog) */
	struct subscription *subs;
	size_t sub_count;
	uint64_t told;         /* lines of events about it: the counter of the last one */
	struct change *change; /* routes of a file that are still to come or to go; or NULL */
	struct tally *tallies; /* who commanded how much */
	size_t tally_count;
	size_t last_tally;
	bool leaving; /* not in the configuration any more */
	/* When it has ended: */
	struct list link;
	struct rib_check check;
	bool compared; /* its accounts */
};

/* What became of the receipts that one asked for. Always made = kept + failed + gone + those that
 * are open. */
#define RECEIPTS_MOST 1000 /* open, of one who asks */
struct receipts {
	uint64_t made;
	uint64_t kept;
	uint64_t failed;
	uint64_t gone;          /* who asked was, before */
	size_t most;            /* open at a time */
	struct histogram waits; /* until they were told, in microseconds */
};

/* Who gives commands: a helper, or a client of the control socket. */
struct issuer {
	const char *name;
	unsigned number;               /* of its accounts */
	uint64_t commands;             /* that it gave */
	uint64_t refused;              /* of these: answered with an error */
	bool all;                      /* may command every neighbor, not only those that list it */
	const struct dialect *dialect; /* of its section; NULL: the program's */
	enum helper_reasons reasons;   /* of errors of its commands */
	/* Lines of an answer, or a part of a long line: the next ones go on with it. Not
	 * acknowledgements. */
	void (*answer)(struct issuer *i, struct slice lines);
	/* A line that is no part of an answer; JSON for who takes objects. */
	void (*later)(struct issuer *i, struct slice line);
	bool objects;
	/* The line "error: ..." that explains: only said when acknowledgements are on. */
	void (*explain)(struct issuer *i, struct slice line);
	void (*ack)(struct issuer *i, bool done);
	void (*set_acks)(struct issuer *i, bool on);
	/* No more commands until release: a long answer is being given. Counted. */
	void (*hold)(struct issuer *i);
	void (*release)(struct issuer *i);
	bool unread;                    /* nobody reads its answers: long ones are not made */
	bool (*full)(struct issuer *i); /* its answers don't drain: wait for dump_wake() */
	struct dump *dump;              /* the long answer, or NULL */
	bool sync;         /* announce and withdraw are acknowledged when they were written */
	bool grouping;     /* a group of commands is open: */
	struct text group; /* its lines */
	size_t group_count;
	struct list promises; /* what it is told later */
	size_t promised;
	struct receipts receipts;
};
/* What its answer is told later: drop() ends and frees it, also when the issuer is gone. */
struct promise {
	struct list link;
	void (*drop)(struct promise *p);
};
void issuer_done(struct issuer *i);  /* it is freed */
void issuer_reset(struct issuer *i); /* who commanded is gone: its answers and its group too */
/* Nobody reads its answers; what it said is still carried out. */
void issuer_died(struct issuer *i);
void issuer_group_end(struct issuer *i); /* dropped */

/* One helper of the configuration. */
struct crew {
	struct issuer issuer;
	struct engine *engine;
	const struct helper_conf *conf;
	struct helper *helper;
	const struct dialect *dialect; /* the program's, when it was started; issuer has its own */
	bool text;                     /* its encoder's form, as of then */
	bool changed;                  /* its section was, since then */
	bool shut;                     /* its channel is full: the peers that feed it are held */
	bool pressure_told;            /* to helpers that ask for it */
	struct flush pressure;
	bool leaving; /* not in the configuration any more */
	bool restart; /* start it again when it has stopped */
	bool early;   /* not heard yet, it is dawn */
	struct grave grave;
};

/* A configuration on its way: what reads it is embedded around this. */
struct loading {
	bool (*step)(struct loading *l); /* a little of it; true: there is more to read */
	/* All is read: the configuration, or NULL with *why. Once. */
	struct config *(*take)(struct loading *l, struct text *why, struct text *warnings);
	/* At any time: a little of what it holds; false: it is freed. */
	bool (*give_back)(struct loading *l);
};

struct engine_hooks {
	/* A line from a helper. */
	void (*line)(struct engine *e, struct issuer *i, struct slice line);
	/* Begin to read the configuration (again). */
	struct loading *(*load)(struct engine *e);
	/* A configuration out of words, whose programs are not looked for; NULL with *why. */
	struct config *(*compile)(struct engine *e, struct slice words, struct text *why);
	/* Everything has ended: leave. */
	void (*ended)(struct engine *e, int status);
};

struct engine_conf {
	struct peer_globals globals;
	const struct dialect *dialect;
	struct addr *binds; /* tcp.bind; copied */
	size_t bind_count;
	uint16_t bind_port;
	/* Borrowed; NULL: none. The pipes are there already, the socket is made. */
	const char *control_socket;
	const char *control_in;
	const char *control_out;
	unsigned control_clients; /* at once, on the socket */
	struct helper_limits limits;
	bool terminate;    /* end when a helper has ended for good */
	unsigned failures; /* of one zone, in a row: all ends with ENGINE_FAILED; 0: never */
	usec drain_limit;  /* so long the end waits for what was accepted to reach the peers */
	usec patience; /* so long helpers wait, at the start, for neighbors that don't answer; 0:
			  not */
	bool compact;
	size_t chunk;   /* api.chunk: routes that share an object of show adj-rib json; 1 or more */
	bool routes_v2; /* api.show_routes_format: show adj-rib json tells all of a route */
	const char *version; /* what the version command says */
	const char *uuid;    /* of this run of the daemon */
};

/* conf and hooks are copied, the strings of conf are borrowed. It does nothing before
 * engine_listen(). */
struct engine *engine_new(
    struct loop *l, const struct engine_conf *conf, const struct engine_hooks *hooks, void *owner);
void engine_free(struct engine *e); /* after ended() */
void *engine_owner(const struct engine *e);
struct loop *engine_loop(const struct engine *e);
const struct engine_conf *engine_conf(const struct engine *e);
/* The shapes of an answer: those of the issuer's section, or the program's. */
const struct dialect *engine_dialect(const struct engine *e, const struct issuer *i);
/* The reasons of its errors are said to it, and not to the log alone. */
bool engine_explains(const struct engine *e, const struct issuer *i);

/* Takes the first configuration and opens the listening sockets. 0, or negative errno with *why. */
int engine_listen(struct engine *e, struct config *c, struct text *why);
void engine_start_helpers(struct engine *e);
void engine_start_peers(struct engine *e);
#define ENGINE_FAILED 70 /* status: as EX_SOFTWARE */
/* The orderly end: no new connections, what was accepted goes out, NOTIFICATIONs, helpers' last
 * line, ended(). Asked for again it warns and does nothing. */
void engine_stop(struct engine *e);
/* From the end of the round on: a command may ask for it in the middle of one. */
enum engine_wish {
	ENGINE_RELOAD = 1, /* the file is read, and what differs changes; if it is bad, nothing */
	ENGINE_RELOAD_ALL = 2, /* the same, and helpers whose definition changed are restarted */
	ENGINE_RESTART = 4,    /* the same, and every session anew */
	ENGINE_TERMINATE = 8,
	ENGINE_GIVE_UP = 16
};
void engine_request(struct engine *e, enum engine_wish wish);
/* By a command: the next ones of who gave it wait until all of a reload is done. */
void engine_request_of(struct engine *e, enum engine_wish wish, struct issuer *by);
/* The log asks for more or less than before: peers tell it from now on. */
void engine_log_changed(struct engine *e);
/* Tells helpers that asked for it. */
void engine_signal(struct engine *e, int number, const char *name);

/* 4 or 6: the dialect of helpers that don't name one, from when they are started on, and of answers
 * that have one. */
unsigned engine_api_version(const struct engine *e);
void engine_set_api_version(struct engine *e, unsigned version);

usec engine_started(const struct engine *e); /* wall clock */

/* Members. */

size_t engine_member_count(const struct engine *e);
struct member *engine_member(struct engine *e, size_t i); /* in order of the file, then dynamic */
struct crew *engine_crew(struct engine *e, size_t i);     /* NULL at the end */
bool member_grants(const struct member *m, const struct issuer *i);

/* The neighbors that a command means. Filled by select_*(); the room is kept. */
struct selection {
	struct member **at;
	size_t count;
	size_t size;
};

void selection_free(struct selection *s);
/* Ranges themselves have no session and are left out. */
void select_all(struct engine *e, struct selection *s);
/* Of these, those that the issuer may command. */
void select_granted(const struct issuer *i, struct selection *s);
/* Those of these numbers that are still there; instead of what is in s. */
void select_numbers(struct engine *e, const uint32_t *numbers, size_t count, struct selection *s);
/* One alternative of a selector: every "key value" must be in the member's name; an address of "*"
 * is anyone. Adds those that are not in s yet. */
#define SELECTOR_KEYS 8
struct selector {
	struct slice address;
	struct slice keys[SELECTOR_KEYS];
	struct slice values[SELECTOR_KEYS];
	size_t key_count;
};
void select_some(struct engine *e, const struct selector *want, struct selection *s);

/* What commands do. */

/* by: who says so; NULL: the configuration. */
void member_announce(struct member *m, const struct issuer *by, const struct route *r);
void member_withdraw(struct member *m, const struct issuer *by, const struct route *r);
/* A neighbor that no file has, from its section; a reload ends it. False with *why. */
bool engine_create(struct engine *e, struct slice section, struct text *why);
/* Ends its session and takes it out; a reload brings back one of the file. */
void engine_delete(struct member *m);
/* Adds to *to its routes of the file with this watchdog name that are in the other half, and are in
 * this one from now on: what is to be said. */
void member_watchdog(struct member *m, struct slice name, bool announce, struct routes *to);

/* A long answer in slices: step() gives some of it to the issuer, for some ten microseconds, and
 * says whether there is more. The issuer is held meanwhile; at the end done() frees it, and the
 * command is acknowledged. */
struct dump {
	struct engine *engine;
	struct issuer *issuer;
	struct list link;
	bool mute;  /* no acknowledgement at the end */
	bool waits; /* more comes with dump_wake(), not with the next round */
	bool work;  /* not an answer but a change: it waits for no reader, and goes on when its
		       helper has died, as what that one said last does */
	bool (*step)(struct dump *d);
	void (*done)(struct dump *d);
};
void dump_start(struct dump *d, struct engine *e, struct issuer *i);
void dump_wake(struct issuer *i);   /* there is room again */
void dump_cancel(struct issuer *i); /* the issuer is gone */

/* Routes to neighbors, as many in a turn as fit. Neighbors are known by their numbers: one that is
 * gone meanwhile is passed over. All get a block before any gets the next. Zero is at its end. */
struct spread {
	struct engine *engine;
	const struct issuer *by;
	void (*say)(struct member *m, const struct issuer *by, const struct route *r);
	struct routes routes;    /* owned; whose words the parser keeps */
	const uint32_t *numbers; /* borrowed */
	size_t count;
	size_t route; /* the next one */
	size_t part;  /* of it */
	size_t turn;  /* whose turn it is */
	size_t said;
};
/* A block for one neighbor. True: there is more. */
bool spread_step(struct spread *s);
void spread_end(struct spread *s);
struct member *engine_member_numbered(const struct engine *e, uint32_t number); /* or NULL */
