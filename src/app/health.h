/* What the files of the health check share: options, states, addresses, announcements. */
#pragma once

#include "base/addr.h"
#include "base/text.h"
#include "base/usec.h"

#include <stdbool.h>
#include <stdint.h>

enum health_state {
	HEALTH_INIT,
	HEALTH_RISING,
	HEALTH_UP,
	HEALTH_FALLING,
	HEALTH_DOWN,
	HEALTH_DISABLED,
	HEALTH_EXIT,
	HEALTH_STATES
};

/* A list of words, each owned. */
struct words {
	char **at;
	size_t count;
};

struct health_options {
	char *name;
	char *config;
	char *pid;
	bool silent;
	char *facility;
	bool no_syslog;
	bool debug;
	bool no_ack;
	bool sudo;
	char *user;
	char *group;
	usec interval;
	usec fast_interval;
	uint64_t timeout; /* seconds */
	uint64_t rise;
	uint64_t fall;
	char *disable; /* a file: while it is there, the service is disabled */
	char *command;
	char *next_hop;
	struct words ips;
	struct words ip_ifnames; /* NET%INTERFACE */
	bool has_local_preference;
	uint64_t local_preference;
	bool deaggregate;
	bool no_ip_setup;
	bool dynamic_ip_setup;
	char *label;
	bool label_exact;
	uint64_t start_ip;
	uint64_t up_metric;
	uint64_t down_metric;
	uint64_t disabled_metric;
	int64_t increase;
	char *community;
	char *extended_community;
	char *large_community;
	char *disabled_community;
	char *as_path;
	char *up_as_path;
	char *down_as_path;
	char *disabled_as_path;
	bool withdraw_on_down;
	bool has_path_id;
	uint64_t path_id;
	struct words neighbors;
	bool debounce;
	struct words execute;
	struct words up_execute;
	struct words down_execute;
	struct words disabled_execute;
};

/* health_options.c */
/* False: a wrong option, told on stderr, or a wrong value, told in *why. help: it was asked for,
 * *why is its text. argv may be put into another order. */
bool health_options_read(
    struct health_options *o, int argc, char **argv, bool *help, struct text *why);
void health_options_free(struct health_options *o);

/* health_state.c: pure */
struct health {
	enum health_state state;
	uint64_t checks; /* in a row that count toward the next state */
};
const char *health_name(enum health_state s); /* "UP" ... */
/* One check was made: what the state is now. */
void health_step(struct health *h, const struct health_options *o, bool disabled, bool success);
/* Time until the next check. */
usec health_wait(const struct health *h, const struct health_options *o);

/* health_say.c: pure */
struct service { /* a network that is announced */
	struct prefix net;
	char interface[16]; /* where its address is set up */
	uint8_t set_len;    /* prefix length of a single address there */
	bool there;         /* its address is set up */
	bool foreign;       /* it was before us, and stays when we end */
};
/* The lines that announce or withdraw all services in this state; none in INIT, RISING, FALLING.
 * selector: "neighbor" or "peer". */
void health_say(const struct health_options *o, enum health_state state,
    const struct service *services, size_t count, const char *selector, struct text *to);

/* health_ip.c: asks and tells ip(8) */
/* The services of the options, or those of the loopback; false with *why if there is none. */
bool health_services(
    const struct health_options *o, struct service **services, size_t *count, struct text *why);
void health_ip_add(const struct health_options *o, struct service *services, size_t count);
/* At our end: what is ours. Before, with --dynamic-ip-setup: all. */
void health_ip_remove(
    const struct health_options *o, struct service *services, size_t count, bool ending);
