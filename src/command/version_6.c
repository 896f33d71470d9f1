/* Version 6 of the API: the same commands by other words, with JSON for an answer. */
#include "call.h"

static const struct {
	const char *words;
	const char *row;
} names[] = {
	{ "daemon shutdown", "shutdown" },
	{ "daemon reload", "reload" },
	{ "daemon restart", "restart" },
	{ "daemon status", "status" },
	{ "session ack enable", "enable-ack" },
	{ "session ack disable", "disable-ack" },
	{ "session ack silence", "silence-ack" },
	{ "session sync enable", "enable-sync" },
	{ "session sync disable", "disable-sync" },
	{ "session reset", "reset" },
	{ "session bye", "bye" },
	{ "session ping", "ping" },
	{ "system help", "help" },
	{ "system version", "version" },
	{ "system crash", "crash" },
	{ "system queue-status", "queue-status" },
	{ "system api version", "api version" },
	{ "rib show in", "show adj-rib in" },
	{ "rib show out", "show adj-rib out" },
	{ "rib flush out", "flush adj-rib out" },
	{ "rib clear in", "clear adj-rib in" },
	{ "rib clear out", "clear adj-rib out" },
	{ "peer show", "show neighbor" },
	{ "peer announce flow", "announce flow route" },
	{ "peer withdraw flow", "withdraw flow route" },
	{ "peer create", "create neighbor" },
	{ "peer delete", "delete neighbor" },
	{ "peer group", "peer group" },
	{ "peer routes", "peer routes" },
};

#define NAMES (sizeof(names) / sizeof(names[0]))

const char *
command_words_of_version_6(size_t i)
{
	return i < NAMES ? names[i].words : NULL;
}

const char *
version_6_row(struct slice rest, bool behind_peer, size_t *words)
{
	for (size_t i = 0; i < NAMES; i++) {
		const char *own = names[i].words;

		if (behind_peer && slice_begins(slice_on(own), "peer "))
			own += 5; /* "peer 192.0.2.1 show": the selector stands in between */
		*words = words_match(own, rest);
		if (*words > 0)
			return names[i].row;
	}
	return NULL;
}

const char *
version_6_words(const char *row)
{
	for (size_t i = 0; i < NAMES; i++) {
		if (slice_is(slice_on(row), names[i].row))
			return names[i].words;
	}
	return NULL;
}
