/* See queries.h. */
#include "queries.h"

#include "instant.h"
#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define WAITING ((size_t)1024) /* questions of a client without an answer */
#define CLIENTS 64

struct client {
	int fd;
	uint64_t asked[WAITING]; /* when each was due, a ring */
	size_t first;
	size_t last;
	char line[8]; /* the beginning of the line that comes */
	size_t len;
};

struct asking {
	struct board *board;
	const struct queries *how;
	struct client clients[CLIENTS];
	struct pollfd polls[CLIENTS];
	uint64_t due;
	uint64_t end;
	uint64_t made;
};

static void
note_answer(struct asking *a, struct client *c, bool done)
{
	uint64_t took;
	size_t number;

	if (c->first == c->last)
		return;
	took = instant_now() - c->asked[c->first++ % WAITING];
	if (!done)
		a->board->refused++;
	number = atomic_fetch_add(&a->board->queries, 1);
	if (number < BOARD_QUERIES)
		a->board->answered[number] = took;
}

/* An answer ends with a line "done" or "error". */
static void
hear(struct asking *a, struct client *c, const char *from, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (from[i] != '\n') {
			if (c->len < sizeof(c->line))
				c->line[c->len++] = from[i];
			continue;
		}
		if (c->len == 4 && memcmp(c->line, "done", 4) == 0)
			note_answer(a, c, true);
		else if (c->len == 5 && memcmp(c->line, "error", 5) == 0)
			note_answer(a, c, false);
		c->len = 0;
	}
}

static void
hear_all(struct asking *a)
{
	char chunk[16384];

	for (unsigned i = 0; i < a->how->clients; i++) {
		ssize_t n = 0;

		if (a->polls[i].revents == 0)
			continue;
		while ((n = read(a->clients[i].fd, chunk, sizeof(chunk))) > 0)
			hear(a, &a->clients[i], chunk, (size_t)n);
	}
}

static bool
ask_one(struct asking *a, const char *line, size_t len)
{
	struct client *c = &a->clients[a->made % a->how->clients];

	if (c->last - c->first == WAITING || write(c->fd, line, len) != (ssize_t)len)
		return false;
	c->asked[c->last++ % WAITING] = a->due;
	a->made++;
	a->due = a->board->start + (uint64_t)((double)a->made * 1e9 / a->how->rate);
	return true;
}

static void
wait_some(struct asking *a)
{
	uint64_t now = instant_now();
	uint64_t until = a->due > now + 10 * NS_MSEC ? now + 10 * NS_MSEC : a->due;
	struct timespec t = { 0, until > now ? (long)(until - now) : 0 };

	if (t.tv_nsec < (long)(50 * NS_USEC))
		t.tv_nsec = (long)(50 * NS_USEC);
	(void)ppoll(a->polls, a->how->clients, &t, NULL);
	hear_all(a);
}

static bool
call_all(struct asking *a)
{
	for (unsigned i = 0; i < a->how->clients; i++) {
		while ((a->clients[i].fd = server_call()) < 0 && !a->board->stop)
			instant_sleep_until(instant_now() + 5 * NS_MSEC);
		if (fcntl(a->clients[i].fd, F_SETFL, O_NONBLOCK) != 0)
			return false;
		a->polls[i] = (struct pollfd){ a->clients[i].fd, POLLIN, 0 };
	}
	return true;
}

static bool
waits_for_answers(const struct asking *a)
{
	for (unsigned i = 0; i < a->how->clients; i++)
		if (a->clients[i].first != a->clients[i].last)
			return true;
	return false;
}

int
queries_run(struct board *b, const struct queries *queries, uint64_t window)
{
	struct asking *a = calloc(1, sizeof(*a));
	char line[128];
	size_t len = (size_t)snprintf(line, sizeof(line), "%s\n", queries->command);

	(void)prctl(PR_SET_TIMERSLACK, 1);
	if (a == NULL)
		return 1;
	a->board = b;
	a->how = queries;
	if (!call_all(a))
		return 1;
	while (!b->go)
		instant_sleep_until(instant_now() + NS_MSEC);
	a->due = b->start;
	a->end = b->start + window;
	while (!b->stop && (a->due < a->end || waits_for_answers(a))) {
		while (a->due < a->end && a->due <= instant_now() && ask_one(a, line, len))
			;
		wait_some(a);
	}
	return 0;
}
