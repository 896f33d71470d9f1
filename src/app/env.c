/* Settings of the environment and the ini file, as rows. */
#include "env.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "file.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum setting_kind { SET_BOOL, SET_NUMBER, SET_OCTAL, SET_WORD, SET_WORDS };

struct setting {
	const char *section;
	const char *option;
	enum setting_kind kind;
	size_t at;
	const char *value; /* the default, as it is written in a file */
	uint64_t max;
	const char *help;
};

#define AT(member) offsetof(struct env, member)
#define LOG_ROW(word, source, value)                                                               \
	{                                                                                          \
		"log", word, SET_BOOL, AT(log_source[source]), value, 1, "log messages of " word   \
	}

static const struct setting rows[] = {
	{ "profile", "enable", SET_BOOL, AT(profile_enable), "false", 1, "accepted, no effect" },
	{ "profile", "file", SET_WORD, AT(profile_file), "", 0, "accepted, no effect" },
	{ "pdb", "enable", SET_BOOL, AT(pdb_enable), "false", 1, "accepted, no effect" },
	{ "daemon", "daemonize", SET_BOOL, AT(daemonize), "false", 1, "run in the background" },
	{ "daemon", "drop", SET_BOOL, AT(drop), "true", 1,
	    "drop privileges before helpers are started, not after" },
	{ "daemon", "drainwait", SET_NUMBER, AT(drainwait), "1500", 3600000,
	    "milliseconds that the end waits for peers to take what was accepted" },
	{ "daemon", "failures", SET_NUMBER, AT(failures), "0", 1000000,
	    "failures of one zone in a row that end the daemon with 70; 0: never" },
	{ "daemon", "pid", SET_WORD, AT(pid), "", 0, "file that holds the process id" },
	{ "daemon", "umask", SET_OCTAL, AT(umask), "0137", 0777, "umask of the daemon, octal" },
	{ "daemon", "user", SET_WORD, AT(user), "nobody", 0,
	    "user to become when started as root" },
	{ "log", "all", SET_BOOL, AT(log_all), "false", 1, "log every source" },
	LOG_ROW("configuration", LOG_CONFIGURATION, "true"),
	LOG_ROW("daemon", LOG_DAEMON, "true"),
	{ "log", "destination", SET_WORD, AT(log_destination), "stdout", 0,
	    "stdout, stderr (both are stderr), syslog, or a file" },
	{ "log", "enable", SET_BOOL, AT(log_enable), "true", 1, "log at all" },
	{ "log", "level", SET_WORD, AT(log_level), "INFO", 0,
	    "FATAL CRITICAL ERROR WARNING INFO DEBUG NOTSET" },
	LOG_ROW("message", LOG_MESSAGE, "false"),
	LOG_ROW("network", LOG_NETWORK, "true"),
	LOG_ROW("packets", LOG_PACKETS, "false"),
	LOG_ROW("parser", LOG_PARSER, "false"),
	LOG_ROW("processes", LOG_PROCESSES, "true"),
	LOG_ROW("reactor", LOG_REACTOR, "true"),
	LOG_ROW("rib", LOG_RIB, "false"),
	LOG_ROW("routes", LOG_ROUTES, "false"),
	{ "log", "short", SET_BOOL, AT(log_short), "true", 1, "lines without time and process id" },
	LOG_ROW("statistics", LOG_STATISTICS, "true"),
	LOG_ROW("timers", LOG_TIMERS, "false"),
	{ "tcp", "acl", SET_BOOL, AT(acl), "false", 1, "accepted, no effect" },
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
	{ "cache", "attributes", SET_BOOL, AT(cache_attributes), "true", 1, "accepted, no effect" },
	{ "cache", "nexthops", SET_BOOL, AT(cache_nexthops), "true", 1, "accepted, no effect" },
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
	{ "debug", "configuration", SET_BOOL, AT(debug_configuration), "false", 1,
	    "accepted, no effect" },
	{ "debug", "defensive", SET_BOOL, AT(debug_defensive), "false", 1, "accepted, no effect" },
	{ "debug", "memory", SET_BOOL, AT(debug_memory), "false", 1, "accepted, no effect" },
	{ "debug", "pdb", SET_BOOL, AT(debug_pdb), "false", 1, "accepted, no effect" },
	{ "debug", "rotate", SET_BOOL, AT(debug_rotate), "false", 1,
	    "several files: the next one at each reload" },
	{ "debug", "route", SET_WORD, AT(debug_route), "", 0,
	    "a message in hexadecimal: it is decoded, and nothing else is done" },
	{ "debug", "selfcheck", SET_BOOL, AT(debug_selfcheck), "false", 1, "accepted, no effect" },
	{ "debug", "timing", SET_BOOL, AT(debug_timing), "false", 1, "accepted, no effect" },
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

static char **
words_at(struct env *s, const struct setting *r)
{
	return (char **)((char *)s + r->at); /* the row's kind says what stands there */
}

static uint64_t *
number_at(struct env *s, const struct setting *r)
{
	return (uint64_t *)((char *)s + r->at);
}

static bool *
bool_at(struct env *s, const struct setting *r)
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

/* NULL: any value. */
static const struct choice *
choice_of(const struct setting *r)
{
	for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
		if (choices[i].at == r->at)
			return &choices[i];
	}
	return NULL;
}

/* As the row has the word, in whatever case it was given. */
static bool
choose(const struct setting *r, struct slice *v)
{
	const struct choice *c = choice_of(r);

	if (c == NULL)
		return true;
	if (v->len == 0)
		*v = slice_on(r->value);
	for (const char *const *word = c->words; *word != NULL; word++) {
		if (word_same_case(*v, *word)) {
			*v = slice_on(*word);
			return true;
		}
	}
	return v->len == 0;
}

static bool
set(struct env *s, const struct setting *r, const char *value)
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

static const char *
from_environment(const struct setting *r)
{
	char name[128];
	const char *value;

	(void)snprintf(name, sizeof(name), "exabgp.%s.%s", r->section, r->option);
	value = getenv(name);
	if (value != NULL)
		return value;
	(void)snprintf(name, sizeof(name), "exabgp_%s_%s", r->section, r->option);
	return getenv(name);
}

/* As files write it: in any case, and with '-' for '_'. */
static bool
is_option(struct slice word, const char *option)
{
	if (word.len != strlen(option))
		return false;
	for (size_t i = 0; i < word.len; i++) {
		char c = (char)(word.at[i] == '-' ? '_' : word.at[i]);

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c != option[i])
			return false;
	}
	return true;
}

static const struct setting *
row_of(struct slice section, struct slice option)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (slice_is(section, rows[i].section) && is_option(option, rows[i].option))
			return &rows[i];
	}
	return NULL;
}

/* "option = value" or "option: value", whichever mark comes first. */
static bool
cut_option(struct slice line, struct slice *option, struct slice *value)
{
	struct slice by_colon;
	struct slice behind_colon;
	bool equals = word_cut(line, '=', option, value);

	if (!word_cut(line, ':', &by_colon, &behind_colon) ||
	    (equals && option->len < by_colon.len))
		return equals;
	*option = by_colon;
	*value = behind_colon;
	return true;
}

static bool
bad_value(const struct setting *r, struct slice value, struct text *why)
{
	const struct choice *c = choice_of(r);

	text_format(why, "%s.%s: \"%.*s\" is no value for it, expected ", r->section, r->option,
	    (int)value.len, (const char *)value.at);
	if (c != NULL) {
		for (size_t i = 0; c->words[i] != NULL; i++)
			text_format(why, "%s%s", i == 0 ? "" : " or ", c->words[i]);
		return false;
	}
	text_string(why, r->kind == SET_OCTAL ? "an octal number" : "a number");
	if (r->kind == SET_NUMBER)
		text_format(why, " up to %llu", (unsigned long long)r->max);
	return false;
}

static bool
ini_option(
    struct env *s, struct slice section, struct slice line, struct text *why, struct text *advice)
{
	struct slice option;
	struct slice value;
	const struct setting *r;
	char *word;
	bool fine;

	if (!cut_option(line, &option, &value)) {
		text_format(advice, "not understood: %.*s\n", (int)line.len, (const char *)line.at);
		return true;
	}
	option = word_trim(option);
	value = word_trim(value);
	r = row_of(section, option);
	if (r == NULL) {
		text_format(advice, "unknown setting %.*s.%.*s\n", (int)section.len,
		    (const char *)section.at, (int)option.len, (const char *)option.at);
		return true;
	}
	word = mem_string((const char *)value.at, value.len);
	fine = set(s, r, word);
	mem_free(word);
	return fine || bad_value(r, value, why);
}

static bool
ini_read(struct env *s, const char *path, struct slice text, struct text *why, struct text *advice)
{
	struct slice section = { NULL, 0 };

	for (unsigned number = 1; text.len > 0; number++) {
		struct slice line = text;
		struct slice rest = { NULL, 0 };

		(void)word_cut(text, '\n', &line, &rest); /* false: the last line */
		text = rest;
		line = word_trim(line);
		if (line.len == 0 || line.at[0] == '#' || line.at[0] == ';')
			continue;
		if (line.at[0] == '[' && line.at[line.len - 1] == ']') {
			section = slice_of(line.at + 1, line.len - 2);
			if (slice_begins(section, "exabgp."))
				section = slice_after(section, 7);
			continue;
		}
		if (!ini_option(s, section, line, why, advice)) {
			text_format(why, " (%s line %u)", path, number);
			return false;
		}
	}
	return true;
}

void
env_path(const char *env_file, struct text *to)
{
	const char *root = getenv("EXABGP_ROOT");

	if (env_file == NULL)
		env_file = getenv("EXABGP_ENVFILE");
	if (env_file != NULL)
		text_string(to, env_file);
	else
		text_format(to, "%s/etc/exabgp/exabgp.env", root == NULL ? "" : root);
}

static bool
load_file(struct env *s, const char *env_file, struct text *why, struct text *advice)
{
	struct text path = { 0 };
	struct text content = { 0 };
	bool fine = true;
	int error;

	env_path(env_file, &path);
	error = file_read(text_chars(&path), &content);
	if (error == 0)
		fine = ini_read(s, text_chars(&path), text_view(&content), why, advice);
	else
		text_format(
		    advice, "environment file %s: %s\n", text_chars(&path), strerror(-error));
	text_free(&content);
	text_free(&path);
	return fine;
}

static bool
load_environment(struct env *s, struct text *why)
{
	for (size_t i = 0; i < ROWS; i++) {
		const struct setting *r = &rows[i];
		const char *value = from_environment(r);

		if (value == NULL)
			continue;
		if (r->at == AT(port))
			s->port_in_environment = true;
		if (!set(s, r, value))
			return bad_value(r, slice_on(value), why);
	}
	return true;
}

bool
env_load(struct env *s, const char *env_file, struct text *why, struct text *advice)
{
	*s = (struct env){ 0 };
	for (size_t i = 0; i < ROWS; i++)
		(void)set(s, &rows[i], rows[i].value); /* defaults are good: a test says so */
	if (!load_file(s, env_file, why, advice) || !load_environment(s, why))
		return false;
	if (s->attempts == 0)
		s->attempts = s->once ? 1 : s->connections;
	return true;
}

void
env_free(struct env *s)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (rows[i].kind == SET_WORD || rows[i].kind == SET_WORDS)
			mem_free(*words_at(s, &rows[i]));
	}
	*s = (struct env){ 0 };
}

static void
value_print(struct env *s, const struct setting *r, struct text *to)
{
	switch (r->kind) {
	case SET_BOOL: text_string(to, *bool_at(s, r) ? "true" : "false"); break;
	case SET_NUMBER: text_uint(to, *number_at(s, r)); break;
	case SET_OCTAL: text_format(to, "0%llo", (unsigned long long)*number_at(s, r)); break;
	case SET_WORD:
	case SET_WORDS: text_string(to, *words_at(s, r)); break;
	}
}

static void
row_print(const struct setting *r, const char *value, enum env_form form, struct text *to)
{
	bool quoted = r->kind == SET_WORD || r->kind == SET_WORDS;

	switch (form) {
	case ENV_INI: text_format(to, "%s = %s\n", r->option, value); break;
	case ENV_ENVIRONMENT:
		text_format(to, quoted ? "exabgp.%s.%s='%s'\n" : "exabgp.%s.%s=%s\n", r->section,
		    r->option, value);
		break;
	case ENV_HELP:
		text_format(to, " - exabgp.%s.%s\n     %s. default (%s)\n", r->section, r->option,
		    r->help, r->value);
		break;
	}
}

void
env_print(const struct env *s, enum env_form form, bool differing, struct text *to)
{
	struct env copy = *s; /* only read: the rows' accessors want it writable */
	const char *section = "";
	struct text value = { 0 };

	for (size_t i = 0; i < ROWS; i++) {
		const struct setting *r = &rows[i];

		if (strcmp(r->section, "debug") == 0)
			continue;
		text_clear(&value);
		value_print(&copy, r, &value);
		if (differing && strcmp(text_chars(&value), r->value) == 0)
			continue;
		if (form == ENV_INI && strcmp(section, r->section) != 0) {
			text_format(
			    to, "%s[exabgp.%s]\n", *section == '\0' ? "" : "\n", r->section);
			section = r->section;
		}
		row_print(r, text_chars(&value), form, to);
	}
	text_free(&value);
}
