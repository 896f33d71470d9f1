/* The settings as rows, and their values from words and back. */
#include "env_rows.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"

#define AT(member) offsetof(struct env, member)
#define LOG_ROW(word, source, value, what)                                                         \
	{                                                                                          \
		"log", word, SET_BOOL, AT(log_source[source]), value, 1, what                      \
	}

#define NO_EFFECT(section, word, member, value)                                                    \
	{                                                                                          \
		section, word, SET_BOOL, AT(member), value, 1, "accepted, no effect"               \
	}

static const struct env_row rows[] = {
	NO_EFFECT("profile", "enable", profile_enable, "false"),
	{ "profile", "file", SET_WORD, AT(profile_file), "", 0, "accepted, no effect" },
	NO_EFFECT("pdb", "enable", pdb_enable, "false"),
	{ "daemon", "daemonize", SET_BOOL, AT(daemonize), "false", 1, "run in the background" },
	{ "daemon", "drop", SET_BOOL, AT(drop), "true", 1,
	    "drop privileges before helpers are started, not after" },
	{ "daemon", "drainwait", SET_NUMBER, AT(drainwait), "1500", 3600000,
	    "milliseconds that the end waits for peers to take what was accepted" },
	{ "daemon", "failures", SET_NUMBER, AT(failures), "0", 1000000,
	    "failures of one zone in a row that end the daemon with 70; 0: never" },
	{ "daemon", "pid", SET_WORD, AT(pid), "", 0,
	    "file that holds the process id; it is locked while the program runs" },
	{ "daemon", "umask", SET_OCTAL, AT(umask), "0137", 0777, "umask of the daemon, octal" },
	{ "daemon", "user", SET_WORD, AT(user), "nobody", 0,
	    "user to become when started as root" },
	{ "log", "all", SET_BOOL, AT(log_all), "false", 1, "log every source" },
	LOG_ROW("configuration", LOG_CONFIGURATION, "true", "log what is read"),
	LOG_ROW("daemon", LOG_DAEMON, "true", "log the program itself"),
	{ "log", "destination", SET_WORD, AT(log_destination), "stdout", 0,
	    "stdout, stderr (both are stderr), syslog, or a file" },
	{ "log", "enable", SET_BOOL, AT(log_enable), "true", 1, "log at all" },
	{ "log", "level", SET_WORD, AT(log_level), "INFO", 0,
	    "FATAL CRITICAL ERROR WARNING INFO DEBUG NOTSET" },
	LOG_ROW("message", LOG_MESSAGE, "false",
	    "log messages by type at DEBUG, malformed ones at WARNING"),
	LOG_ROW("network", LOG_NETWORK, "true", "log connections and sessions"),
	LOG_ROW("packets", LOG_PACKETS, "false", "log messages as bytes, at DEBUG"),
	LOG_ROW("parser", LOG_PARSER, "false",
	    "log the parts of OPENs and UPDATEs that came, at DEBUG; they are always read"),
	LOG_ROW("processes", LOG_PROCESSES, "true", "log helpers"),
	LOG_ROW("reactor", LOG_REACTOR, "true", "log the loop, reloads and the end"),
	LOG_ROW("rib", LOG_RIB, "false", "log routes that are said, at DEBUG"),
	LOG_ROW("routes", LOG_ROUTES, "false",
	    "log routes that came, at DEBUG; their UPDATEs are always read"),
	{ "log", "short", SET_BOOL, AT(log_short), "true", 1, "lines without time and process id" },
	LOG_ROW("statistics", LOG_STATISTICS, "true", "log the figures of the end"),
	LOG_ROW("timers", LOG_TIMERS, "false", "log timers of sessions"),
	NO_EFFECT("tcp", "acl", acl, "false"),
	{ "tcp", "attempts", SET_NUMBER, AT(attempts), "0", UINT32_MAX,
	    "sessions of a neighbor before it is given up; 0: no limit" },
	{ "tcp", "bind", SET_WORDS, AT(bind), "", 0, "addresses to listen on, blank between" },
	{ "tcp", "connections", SET_NUMBER, AT(connections), "0", UINT32_MAX, "alias of attempts" },
	{ "tcp", "delay", SET_NUMBER, AT(delay), "0", 60,
	    "start peers when the minute is a multiple of this" },
	{ "tcp", "once", SET_BOOL, AT(once), "false", 1, "alias of attempts 1" },
	{ "tcp", "port", SET_NUMBER, AT(port), "179", 65535, "port of tcp.bind" },
	{ "bgp", "openwait", SET_NUMBER, AT(openwait), "60", 3600,
	    "seconds to wait for the OPEN of a peer" },
	{ "bgp", "passive", SET_BOOL, AT(passive), "false", 1, "never connect, only accept" },
	{ "bgp", "paths_limit_audit", SET_BOOL, AT(paths_limit_audit), "true", 1,
	    "warn of peers with more paths than the limit of add-path (with adj-rib-in)" },
	{ "bgp", "sendhold", SET_NUMBER, AT(sendhold), "0", 65535,
	    "seconds that a peer may take nothing; 0: 8 minutes or twice the hold time" },
	NO_EFFECT("cache", "attributes", cache_attributes, "true"),
	NO_EFFECT("cache", "nexthops", cache_nexthops, "true"),
	{ "api", "ack", SET_BOOL, AT(ack), "true", 1, "answer commands with done or error" },
	{ "api", "chunk", SET_NUMBER, AT(chunk), "1", 10000,
	    "routes that share a line of show adj-rib json" },
	{ "api", "cli", SET_BOOL, AT(cli), "true", 1, "open the control pipe or socket" },
	{ "api", "compact", SET_BOOL, AT(compact), "false", 1, "shorter JSON for unicast routes" },
	{ "api", "dialect", SET_WORD, AT(dialect), "", 0,
	    "4.2, 5.0, 6.0 or 6.0-v4: shapes of events" },
	{ "api", "encoder", SET_WORD, AT(encoder), "text", 0,
	    "text or json, where no process says" },
	{ "api", "pipename", SET_WORD, AT(pipename), "exabgp", 0, "name of the control pipes" },
	{ "api", "respawn", SET_BOOL, AT(respawn), "true", 1, "start helpers again that ended" },
	{ "api", "show_routes_format", SET_WORD, AT(show_routes_format), "v1", 0,
	    "v1 or v2: shape of show adj-rib json" },
	{ "api", "socketname", SET_WORD, AT(socketname), "exabgp", 0,
	    "name of the control socket" },
	{ "api", "terminate", SET_BOOL, AT(terminate), "false", 1,
	    "end when a helper has ended for good or too often" },
	{ "api", "version", SET_NUMBER, AT(api_version), "0", 6,
	    "events as the coming 6.0 tells them, its version 4 or 6; 0: as 5.0 does" },
	{ "reactor", "speed", SET_WORD, AT(speed), "1.0", 0, "accepted, no effect" },
	NO_EFFECT("debug", "configuration", debug_configuration, "false"),
	NO_EFFECT("debug", "defensive", debug_defensive, "false"),
	NO_EFFECT("debug", "memory", debug_memory, "false"),
	NO_EFFECT("debug", "pdb", debug_pdb, "false"),
	{ "debug", "rotate", SET_BOOL, AT(debug_rotate), "false", 1,
	    "several files: the next one at each reload" },
	{ "debug", "route", SET_WORD, AT(debug_route), "", 0,
	    "a message in hexadecimal: it is decoded, and nothing else is done" },
	NO_EFFECT("debug", "selfcheck", debug_selfcheck, "false"),
	NO_EFFECT("debug", "timing", debug_timing, "false"),
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

/* Settings that have few values. An empty word means the default. */
static const struct choice {
	size_t at;
	const char *const words[5]; /* of a number without its quotes */
} choices[] = {
	{ AT(dialect), { "4.2", "5.0", "6.0", "6.0-v4" } },
	{ AT(encoder), { "text", "json" } },
	{ AT(show_routes_format), { "v1", "v2" } },
	{ AT(api_version), { "0", "4", "6" } },
};

const struct env_row *
env_row_at(size_t i)
{
	return i < ROWS ? &rows[i] : NULL;
}

bool
env_row_is_words(const struct env_row *r)
{
	return r->kind == SET_WORD || r->kind == SET_WORDS;
}

static char **
words_at(struct env *s, const struct env_row *r)
{
	return (char **)((char *)s + r->at); /* the row's kind says what stands there */
}

static uint64_t *
number_at(struct env *s, const struct env_row *r)
{
	return (uint64_t *)((char *)s + r->at);
}

static bool *
bool_at(struct env *s, const struct env_row *r)
{
	return (bool *)((char *)s + r->at);
}

static struct slice
unquoted(const char *value)
{
	struct slice v = slice_on(value);

	if (v.len >= 2 && (v.at[0] == '"' || v.at[0] == '\'') && v.at[v.len - 1] == v.at[0])
		return slice_of(v.at + 1, v.len - 2);
	return v;
}

static bool
is_true(struct slice v)
{
	static const char *const words[] = { "1", "yes", "on", "enable", "enabled", "true" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (word_same_case(v, words[i]))
			return true;
	}
	return false;
}

static bool
octal(struct slice v, uint64_t max, uint64_t *to)
{
	uint64_t n = 0;

	if (slice_begins(v, "0o"))
		v = slice_after(v, 2);
	if (v.len == 0 || v.len > 8)
		return false;
	for (size_t i = 0; i < v.len; i++) {
		if (v.at[i] < '0' || v.at[i] > '7')
			return false;
		n = n * 8 + (uint64_t)(v.at[i] - '0');
	}
	if (n > max)
		return false;
	*to = n;
	return true;
}

const char *const *
env_row_words(const struct env_row *r)
{
	for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
		if (choices[i].at == r->at)
			return choices[i].words;
	}
	return NULL;
}

/* As the row has the word, in whatever case it was given. */
static bool
choose(const struct env_row *r, struct slice *v)
{
	const char *const *word = env_row_words(r);

	if (word == NULL)
		return true;
	if (v->len == 0)
		*v = slice_on(r->value);
	for (; *word != NULL; word++) {
		if (word_same_case(*v, *word)) {
			*v = slice_on(*word);
			return true;
		}
	}
	return v->len == 0;
}

bool
env_row_set(struct env *s, const struct env_row *r, const char *value)
{
	struct slice v = unquoted(value);

	if (!choose(r, &v))
		return false;
	switch (r->kind) {
	case SET_BOOL: *bool_at(s, r) = is_true(v); return true;
	case SET_NUMBER: return num_decimal(v, r->max, number_at(s, r));
	case SET_OCTAL: return octal(v, r->max, number_at(s, r));
	case SET_WORD:
	case SET_WORDS:
		mem_free(*words_at(s, r));
		*words_at(s, r) = mem_string((const char *)v.at, v.len);
		return true;
	}
	return false;
}

void
env_row_print(const struct env *s, const struct env_row *r, struct text *to)
{
	const void *at = (const char *)s + r->at;

	switch (r->kind) {
	case SET_BOOL: text_string(to, *(const bool *)at ? "true" : "false"); break;
	case SET_NUMBER: text_uint(to, *(const uint64_t *)at); break;
	case SET_OCTAL: text_format(to, "0%llo", (unsigned long long)*(const uint64_t *)at); break;
	case SET_WORD:
	case SET_WORDS: text_string(to, *(char *const *)at); break;
	}
}

void
env_row_done(struct env *s, const struct env_row *r)
{
	if (env_row_is_words(r))
		mem_free(*words_at(s, r));
}
