/*
 * Settings of the environment and the ini file: a row per setting. section.option is read from
 * exabgp.section.option, then exabgp_section_option, then the file, then its default.
 */
#pragma once

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

struct env {
	bool absent; /* the usual file is not there, which is no mistake */
	/* daemon */
	char *user;
	bool daemonize;
	bool drop;
	char *pid;
	uint64_t umask;
	uint64_t drainwait;
	uint64_t failures;
	/* log */
	bool log_enable;
	char *log_level;
	char *log_destination;
	bool log_short;
	bool log_all;
	bool log_source[16]; /* by enum log_source */
	/* tcp */
	char *bind;
	uint64_t port;
	bool port_in_environment; /* then it is also the default port to connect to */
	uint64_t attempts;
	bool once;
	uint64_t connections;
	uint64_t delay;
	bool acl;
	/* bgp */
	bool passive;
	uint64_t openwait;
	bool paths_limit_audit;
	uint64_t sendhold;
	/* cache */
	bool cache_attributes;
	bool cache_nexthops;
	/* api */
	bool ack;
	uint64_t chunk;
	char *encoder;
	bool compact;
	bool respawn;
	bool terminate;
	bool cli;
	char *pipename;
	char *socketname;
	uint64_t api_version;
	char *dialect;
	char *show_routes_format;
	/* reactor */
	char *speed;
	/* debug */
	bool debug_pdb;
	bool debug_memory;
	bool debug_configuration;
	bool debug_selfcheck;
	char *debug_route;
	bool debug_defensive;
	bool debug_rotate;
	bool debug_timing;
	/* profile, pdb: accepted, without effect */
	bool profile_enable;
	char *profile_file;
	bool pdb_enable;
};

/* env_file: NULL, or the file given on the command line. False with *why on a bad value; what is
 * unknown or missing is appended to *advice, a line each. */
bool env_load(struct env *s, const char *env_file, struct text *why, struct text *advice);
void env_free(struct env *s);

enum env_form { ENV_INI, ENV_ENVIRONMENT, ENV_HELP };
/* All rows, or only those that are not at their default. */
void env_print(const struct env *s, enum env_form form, bool differing, struct text *to);
