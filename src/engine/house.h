/* What the files of engine/ share. */
#pragma once

#include "api/tell.h"
#include "engine/account.h"
#include "engine/engine.h"
#include "flow/zone.h"
#include "loop/stream.h"

/* A helper that hears of a member, and how. */
struct subscription {
	struct crew *crew;
	size_t group;            /* index of the first subscription that tells in the same way */
	struct telling received; /* also what is no message */
	struct telling sent;
	struct blob *encoded; /* of the event at hand, in the group's first subscription */
	bool encoded_here;
	bool framed; /* it gets the bodies of frames instead of lines */
	bool changes;
	bool negotiated;
	bool fsm;
	bool signal;
	bool backpressure;
	uint32_t send; /* message types, 1 << type */
	uint32_t receive;
};

struct door { /* a listening socket */
	struct list link;
	struct engine *engine;
	struct watch watch;
	struct addr local;
	char *interface; /* of a link-local one, or empty */
	uint16_t port;
	int fd;
	bool shared;       /* of tcp.bind: stays over reloads */
	bool needed;       /* by the configuration being loaded */
	bool fresh;        /* opened for it */
	struct timer full; /* no descriptor was left for a connection: a pause */
};

struct names {
	char **at;
	size_t count;
};

struct engine {
	struct loop *loop;
	struct engine_conf conf;
	struct engine_hooks hooks;
	void *owner;
	struct config *config;
	struct config **retired; /* replaced ones that something which ends still borrows from */
	size_t retired_count;
	struct config **unused; /* that nobody borrows from any more: on their way to be freed */
	size_t unused_count;
	struct again freeing;
	size_t leaving_members;
	size_t leaving_crews;
	struct member **members;
	size_t member_count;
	size_t member_size;
	uint32_t members_ever;
	struct crew **crews;
	size_t crew_count;
	size_t crew_size;
	struct list doors;
	struct list guests; /* connections whose neighbor is not known yet */
	unsigned guest_count;
	struct list refused;
	unsigned refused_count;
	unsigned refused_now; /* in this second */
	struct timer refused_second;
	struct text line; /* room for encoding events */
	usec started;
	bool running; /* peers were started */
	bool stopping;
	int status;     /* of the program */
	unsigned stops; /* asked for again, while it ends */
	struct zones zones;
	struct timer dawn;
	usec dawn_until;
	bool asleep; /* helpers are to be started */
	usec stopped;
	bool peers_stopped;
	struct timer drain;
	usec drain_limit;
	struct again end;
	struct again wish;
	unsigned wishes;         /* bits of enum engine_wish */
	unsigned reloads;        /* the same, of the one whose file is being read; 0: none is */
	struct loading *loading; /* until all that it took is given back; or NULL */
	struct again reload;
	struct list reload_waiters; /* dumps */
	struct watch control;
	int control_fd;            /* -1: none */
	struct timer control_full; /* no descriptor was left for a client: a pause */
	struct list clients;
	struct list dumps; /* that have more to say and somebody to say it to */
	struct again dumping;
	struct list departed; /* members that ended, on their way to be freed */
	struct again departing;
	struct list changing; /* routes of the file that take more than a round */
	size_t changes;       /* begun and not over */
	struct again change;
	struct list works; /* long commands that go on */
	struct again working;
	struct timer dump_pause;
	uint64_t dump_served; /* descriptors, when it was looked last */
	usec dump_busy;       /* others were served then */
	usec dump_next;       /* not before, while they are */
	unsigned client_count;
	unsigned long clients_ever;
	struct names names; /* of all helpers that there ever were: who has which account */
	uint64_t residual;  /* of members and crews that are gone */
};

/* member.c */
struct member *member_new(struct engine *e, const struct neighbor_conf *conf);
struct member *member_new_session(
    struct member *range, const struct addr *peer, const struct addr *local);
struct neighbor_conf *member_own_conf(
    const struct member *range, const struct addr *peer, const struct addr *local);
void member_own_free(struct neighbor_conf *own);
void member_free(struct member *m);
void member_stop(struct member *m, uint8_t subcode, const char *reason);

/* departed.c */
void departed_add(struct member *m); /* takes it; it is in no list of the engine any more */
void departed_free(struct engine *e);

/* account.c */
unsigned account_number(struct engine *e, const char *name);
void account_names_free(struct engine *e);
/* Somebody commands a route of the member; what is not refused goes to its adj-rib-out next. */
void account_route(struct member *m, const struct issuer *i, const struct family *f, bool refused);

/* lobby.c: a connection for one of several neighbors, until its OPEN says for which. False: it
 * can't wait, fd is still the caller's. */
bool lobby_enter(struct door *d, int fd, const struct addr *from, const struct addr *local);
void lobby_close(struct engine *e, const struct door *d);

/* change.c */
/* The routes of its configuration, where it had those of old (NULL: none), which stood or not: that
 * is taken, and old's routes stay until e->changes is 0. whole: within the call. */
void member_change(struct member *m, const struct routes *old, bool *stood, bool whole);
void member_change_finish(struct member *m); /* what was begun, within the call */
/* The same, until it is known which of its routes stand. */
void member_change_settle(struct member *m);
void member_change_drop(struct member *m);

/* reload.c */
void reload_check(struct engine *e); /* something that reloads wait for is over */
void reload_stop(struct engine *e);  /* nothing comes of what is being read */
void reload_free(struct engine *e);

/* differences.c */
/* c takes the place of e->config; restart: of helpers too, where their section changed. */
void differences_apply(struct engine *e, struct config *c, bool restart);

/* crew.c */
struct crew *crew_new(struct engine *e, const struct helper_conf *conf);
void crew_take(struct crew *c, const struct helper_conf *conf); /* the section as it is now */
void crew_free(struct crew *c);
struct crew *crew_find(struct engine *e, const char *name); /* not one that is leaving */

/* dawn.c */
void dawn_begin(struct engine *e); /* starts helpers when it is over */
void dawn_connected(struct engine *e);
void dawn_end(struct engine *e); /* they are not started any more */

/* subscribe.c */
struct telling telling_for(const struct crew *c); /* as it chose: dialect and encoder */
void fanout_subscribe(struct member *m);
void fanout_unsubscribe(struct member *m);

/* fanout.c */
void fanout_event(struct member *m, const struct event *event);
void fanout_shutdown_line(const struct crew *c, struct text *to);
void fanout_gap_line(const struct crew *c, const struct helper_gap *gap, struct text *to);
void fanout_pressure(struct member *m, const struct crew *c, bool on);

/* logged.c: lines of the log at DEBUG. What peers have to tell for them, PEER_WANT_*; */
uint32_t logged_wants(void);
/* log.message, log.packets, log.parser and log.routes: a message; */
void logged_event(const struct member *m, const struct event *event);
/* log.rib: a route that adj-rib-out is given. */
void logged_route(const struct member *m, const char *what, const struct route *r);

/* listen.c */
/* The neighbor of an address: the one of these families, else the first; or NULL. */
struct member *door_member(const struct door *d, const struct addr *from, const struct addr *local,
    struct family_set families);
bool door_serves(const struct door *d, const struct peer_conf *p); /* is it one that calls here? */
int doors_open(struct engine *e, const struct config *c, struct text *why);
void doors_close(struct engine *e);

/* keys.c: TCP-MD5 and TCP-AO keys of a door, which had those of old (NULL: none). One that is in
 * both is never away. */
void keys_change(struct door *d, const struct config *old, const struct config *new);

/* refuse.c */
void refuse(struct engine *e, int fd, uint8_t subcode);
/* May another refused connection be a line of the log? A scan of the port must not wash away what
 * else stands there; the others are counted, and told as a number. */
bool refuse_is_told(struct engine *e);
void refuse_end_all(struct engine *e);

/* control.c */
void control_open(struct engine *e);
void control_close(struct engine *e);
void control_room(struct engine *e); /* one has left: others may come */

/* client.c */
void client_new(struct engine *e, int read_fd, int write_fd, bool pipes); /* in e->clients */
void client_close(struct list *link);
/* A client in e->clients: its name, and its level as of now. */
const struct stream *client_stream(struct list *link, const char **name, const struct framer **f);
struct issuer *client_issuer(struct list *link);
struct level *client_level(struct list *link, const char **name);

/* dump.c */
void works_cancel(struct engine *e);
void dumps_end(struct engine *e);

/* retired.c */
void retired_add(struct engine *e, struct config *c);
void retired_free(struct engine *e);
void retired_check(struct engine *e);
/* Nobody borrows from it: freed a little in each round. */
void retired_give_back(struct engine *e, struct config *c);

/* engine.c */
void engine_check_end(struct engine *e);

/* end.c */
/* Something failed, and was logged with its zone. Too often in a row, and all ends with 70. */
void engine_failed(struct engine *e, enum zone zone);
void engine_fine(struct engine *e, enum zone zone);
/* What became of everything, as one line. */
void engine_epitaph(struct engine *e);
