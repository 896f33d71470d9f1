/* A configuration: one value, constant, replaced whole by reload. */
#pragma once

#include "api/dialect.h"
#include "base/slice.h"
#include "base/text.h"
#include "bgp/route.h"
#include "helper/conf.h"
#include "peer/conf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Message types in the bits of api.send and api.receive: 1 << enum message_type. */
struct api_conf {
	char *name;
	char **processes; /* helpers that are told; count below */
	size_t process_count;
	char **matches; /* processes-match: regular expressions, POSIX extended */
	size_t match_count;
	bool neighbor_changes;
	bool negotiated;
	bool fsm;
	bool signal;
	bool backpressure;
	struct api_direction {
		bool parsed;
		bool packets;
		bool consolidate;
		uint32_t types;
	} send, receive;
};

struct neighbor_conf {
	struct peer_conf peer;
	struct api_conf *apis;
	size_t api_count;
	char **grants; /* helpers of this configuration that may command it, count below */
	size_t grant_count;
	struct routes routes; /* in order: announce and static, flow, l2vpn, templates */
};

struct config {
	struct neighbor_conf **neighbors;
	size_t neighbor_count;
	struct helper_conf **helpers;
	size_t helper_count;
};

struct config_env {            /* what surrounds the file */
	const char *directory; /* of the file: relative programs are looked for here */
	const char *etc;       /* replaces etc/exabgp; NULL: /etc/exabgp */
	bool passive;          /* bgp.passive */
	bool no_acks;          /* api.ack is off: for processes that do not say */
	bool json;             /* api.encoder is json: for processes that do not say */
	const char *software;  /* what the software capability says; NULL: our own name; lives on */
	/* The end of the text closes what is open, with a warning: files of old installations want
	 * it. Not for a reload, which could meet a file that is being written. */
	bool end_closes;
	bool check_programs; /* false for pure parsing in tests */
	/* Is it a regular file that may be run? NULL, or why not. Pure rooms ask their caller. */
	const char *(*runnable)(const char *path);
	const char *path; /* $PATH */
	uint16_t port;    /* tcp.port, 0: unset */
};

/* The whole text of a file. On a fault NULL, with a sentence with line and column in *why. What is
 * legal but surprising is appended to *warnings, a line each. */
struct config *config_parse(
    struct slice text, const struct config_env *env, struct text *why, struct text *warnings);
void config_free(struct config *c); /* may be NULL */

/* The same in steps, for who has others to serve meanwhile. What is given is borrowed until the
 * parse is freed. */
struct parse;
struct parse *parse_new(struct slice text, const struct config_env *env, struct text *warnings);
bool parse_some(struct parse *p, size_t statements);          /* true: there are more */
struct config *parse_take(struct parse *p, struct text *why); /* then, once */
/* At any time: true if there is more to free. */
bool parse_free_some(struct parse *p);
bool config_free_some(struct config *c);

/* Would a running session have to be reset for the change? */
bool peer_conf_same_session(const struct peer_conf *a, const struct peer_conf *b);
bool helper_conf_same(const struct helper_conf *a, const struct helper_conf *b);
/* The neighbor as a section that config_parse() reads back. */
void neighbor_print(const struct neighbor_conf *n, struct text *to);
/* The same in pieces: all before its routes, as the layout has it; then each of them, and behind
 * the last one the end of the section (false). */
void neighbor_print_settings(
    const struct neighbor_conf *n, const struct layout *l, struct text *to);
bool neighbor_print_route(const struct neighbor_conf *n, size_t at, struct text *to);
/* JSON Schema of the JSON that a configuration is exported as, on one line; section: of that alone,
 * by its word, or NULL. False: no section has the word. */
bool config_schema(const char *section, struct text *to);
/* May this helper command the neighbor (processes or processes-match)? */
bool neighbor_grants(const struct neighbor_conf *n, const char *helper);
