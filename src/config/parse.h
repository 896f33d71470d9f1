/*
 * Reading a configuration: sections are rows, a file each; what they say is drafted, and made into
 * constant values when a neighbor closes.
 */
#pragma once

#include "config/config.h"

#include "base/arena.h"
#include "base/map.h"
#include "lang/lex.h"
#include "lang/words.h"

struct parse;

/* Words with their places, in order; nodes live in the arena of the parse. */
struct name {
	struct name *next;
	struct token at;
};

struct names {
	struct name *first;
	struct name *last;
};

/* A statement with a grammar of its own: the word is taken, the end is left. */
struct statement {
	const char *word;
	void (*read)(struct parse *p, const struct token *word);
	const char *help;
};

/* Where a section's settings go. */
struct slots {
	void *at;
	uint64_t *given;
};

struct section {
	const char *word;  /* in front of { */
	const char *title; /* in sentences */
	const char *name;  /* what the word behind it is; NULL: there is none */
	struct settings settings;
	struct slots (*slots)(struct parse *p);
	const struct statement *statements; /* ends in a NULL word; may be NULL */
	/* All statements are of one grammar: nothing is taken, the end is left. */
	void (*all)(struct parse *p);
	/* Statements that begin with any other word; false: it is none of this section. */
	bool (*other)(struct parse *p, const struct token *word);
	const struct section *const *sections;                   /* ends in NULL; may be NULL */
	void (*open)(struct parse *p, const struct token *word); /* the words up to { */
	/* In steps, of which the last one gives false. */
	bool (*close)(struct parse *p, const struct token *brace);
};

struct api_draft {
	struct api_draft *next;
	struct slice name; /* at == NULL: none was given */
	struct names processes;
	struct names matches;
	struct api_conf flags; /* only the slots of rows, and types */
	uint64_t given;
	struct {
		uint64_t given;
		uint32_t types_given;
	} send, receive;
};

#define GRACEFUL_OFF (-1)

struct neighbor_draft {
	struct neighbor_draft *next; /* of all drafts of the parse */
	struct token where;          /* its name */
	bool is_template;
	struct peer_conf conf; /* slots of rows; its strings are in the arena */
	uint64_t given;
	uint64_t capability_given;
	uint64_t ao_given;
	bool ao;           /* the section tcp-ao was there */
	int rate;          /* rate-limit: off if not above zero */
	int graceful;      /* seconds; 0: the hold time */
	int add_path_mode; /* enum addpath_mode */
	bool next_hop;     /* the capability, if given */
	bool software;
	bool link_local_prefer;
	struct names inherits;
	struct family_set families;
	bool family_all;
	struct family_set next_hop_v6; /* IPv4 families that are to have IPv6 next hops */
	bool next_hop_any;             /* the section had something in it */
	struct family_set add_path;
	bool add_path_any; /* the section listed something */
	uint16_t paths_limit[FAMILY_MAX];
	struct api_draft *apis;
	struct routes routes;
	struct routes flows; /* of its sections, until it closes */
	struct routes l2vpn;
	struct routes alone;     /* of all of them, attributes only that stand */
	struct text operational; /* bodies, one behind the other */
	size_t made;             /* the first of config.neighbors that came of it */
	size_t made_count;
};

struct helper_draft {
	struct token where;
	struct names run;
	int encoder;
	struct rate respawn;
	bool ack;
	int reasons;
	const struct dialect *dialect; /* NULL: as all */
	int overflow;
	int queue;
	int queue_bytes;
	int queue_low;
	int stall_limit;
	int stall_action;
	int block_timeout;
	int protocol;
	bool raw;
	int ready_timeout;
	int heartbeat;
	int drain_timeout;
	int grace;
	int frame_max;
	uint64_t given;
};

#define SECTION_DEPTH 5  /* the file, template, neighbor, announce, ipv4 */
#define PARSE_BLOCK   64 /* routes: as much as a step of a section's end does */

/* How far the end of a neighbor is: it may have a million routes. */
struct closing {
	enum { CLOSE_SETTLE, CLOSE_INHERIT, CLOSE_CHECK, CLOSE_MAKE } stage;
	size_t flow; /* the next one that settles */
	size_t l2vpn;
	const struct name *template; /* that is being added; NULL: none is left */
	size_t route;                /* the next one of the list that is gone through */
	size_t kept;                 /* of those before: they stand in front */
	size_t left_out;
	size_t strange;  /* routes with a next hop that the peer may not take */
	struct map seen; /* routes that may be there twice */
	unsigned family; /* the next one that is a neighbor of its own */
	struct neighbor_conf *made;
};

struct parse {
	struct lex lx;
	const struct config_env *env;
	struct text *warnings;
	const struct section *open[SECTION_DEPTH]; /* the innermost one last */
	unsigned depth;                            /* 0: the file is over */
	bool ending; /* the end of the innermost one was met, and is not all done */
	struct closing closing;
	struct arena strings;
	struct config *config;
	struct map helpers;   /* name -> struct helper_conf */
	struct map templates; /* name -> struct neighbor_draft */
	struct map neighbors; /* identity -> anything */
	struct neighbor_draft *drafts;
	struct neighbor_draft *neighbor; /* that is being read, as all below */
	struct helper_draft helper;
	struct api_draft *api;
	struct api_direction *direction;
	struct slice afi; /* of announce */
	bool block;       /* the statement ended with its own }, no ; follows */
};

extern const struct section section_root;
extern const struct section section_process;
extern const struct section section_template;
extern const struct section section_neighbor;
extern const struct section section_template_neighbor;
extern const struct section section_capability;
extern const struct section section_family;
extern const struct section section_next_hop;
extern const struct section section_add_path;
extern const struct section section_api;
extern const struct section section_static;
extern const struct section section_announce;
extern const struct section section_flow;
extern const struct section section_l2vpn;
extern const struct section section_operational;
extern const struct section section_tcp_ao;

extern const struct settings neighbor_settings;
extern const struct settings capability_settings;
extern const struct settings tcp_ao_settings;
extern const struct settings api_settings;
extern const struct settings direction_settings;

/* program.c: its path, or NULL after a fault */
char *program_of(struct parse *p, const struct token *program);

/* config.c */
void parse_warn(struct parse *p, const struct token *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void name_add(struct parse *p, struct names *to, const struct token *at);
void names_append(struct parse *p, struct names *to, const struct names *from);
/* [ a b ] with or without commas. */
void names_read(struct parse *p, struct names *to, const char *what);
char *word_string(struct slice word); /* a copy on the heap */

/* neighbor.c: true if there is more of it to free */
bool neighbor_draft_free_some(struct neighbor_draft *d);

/* template.c: what the neighbor inherits; true if there is more */
bool template_merge_some(struct parse *p, struct neighbor_draft *d);

/* flow.c: what is odd about it, if it is a rule */
void flow_check(struct parse *p, const struct token *word, const struct route *r);

/* family.c */
void families_settle(struct neighbor_draft *d);

/* api.c, api_conf.c: apis_make() when all processes are known */
bool api_named(const struct neighbor_draft *d, struct slice name);
void apis_merge(struct parse *p, struct neighbor_draft *to, const struct neighbor_draft *from);
void apis_make(struct parse *p);
void apis_free(struct neighbor_conf *n);
void apis_print(const struct neighbor_conf *n, struct text *to);

/* capability.c: what is offered to these families, out of a draft that is settled; and back */
void capability_make(
    const struct neighbor_draft *d, const struct config_env *env, struct peer_conf *to);
void capability_unmake(const struct peer_conf *c, struct neighbor_draft *to);

/* check.c: a closed neighbor becomes a value (or several), or a fault; true if there is more to do
 */
bool neighbor_make_some(struct parse *p, struct neighbor_draft *d, const struct token *brace);
/* What keys mean for other neighbors, when all are known. */
void keys_check(struct parse *p);

/* static.c: is it { ... }, behind so many words at most, whose end is its own brace? */
bool statement_is_block(const struct parse *p, unsigned words);
/* Copies from *at on; only NULL: of all families. True if there are more. */
bool routes_append_some(
    struct routes *to, const struct routes *from, const struct family *only, size_t *at);
/* A section of a neighbor or a template closes: its routes stand in ExaBGP's order. */
bool routes_settle_some(struct parse *p);
/* What is there twice, with other attributes, is two routes. seen: by key, those before. */
void route_tell_apart(struct map *seen, struct route *r);

/* tcp_ao.c: the key out of what was written, or a fault; and back */
void tcp_ao_check(struct parse *p, struct neighbor_draft *d, const struct token *brace);
void tcp_ao_print(const struct neighbor_draft *d, struct text *to);

/* operational.c: bodies, only: of one family or NULL of all; and back */
void operational_make(const struct text *from, const struct family *only, struct text *to);
void operational_section_print(const struct text *bodies, struct text *to);

/* print.c */
struct neighbor_draft neighbor_unmake(const struct peer_conf *c);
void word_print(struct slice word, struct text *to); /* in quotes when needed */
