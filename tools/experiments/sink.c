/* See sink.h. */
#include "sink.h"

#include "instant.h"
#include "source.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define ROOM ((size_t)256 * 1024) /* longer than any line of ours */
#define PIPE (1024 * 1024)        /* of its stdin: who is scheduled when counts less */
#define IDLE NS_MSEC              /* who waited longer had nothing to do */

struct sink {
	struct board *board;
	const struct sink_job *job;
	struct sink_said *said;
	uint64_t busy; /* until then */
	char in[ROOM + 1];
	size_t len;
};

/* The number behind a word; false: the word is not there. */
static bool
number_behind(const char *line, const char *word, uint64_t *to)
{
	const char *at = strstr(line, word);

	if (at == NULL)
		return false;
	*to = strtoull(at + strlen(word), NULL, 10);
	return true;
}

/* The number of the message that the event tells of. */
static bool
message_of_event(const char *line, size_t *number)
{
	static const char word[] = "\"nlri\": \"";
	const char *at = strstr(line, word);
	uint32_t address = 0;

	if (at == NULL)
		return false;
	at += sizeof(word) - 1;
	for (unsigned i = 0; i < 4; i++) {
		char *end;

		address = address << 8 | (uint32_t)strtoul(at, &end, 10);
		if (*end != (i == 3 ? '/' : '.'))
			return false;
		at = end + 1;
	}
	*number = address - SOURCE_BASE;
	return *number < BOARD_MESSAGES;
}

/* A paced job has an exact rate: who slept too long makes up for it, but not for being idle. */
static void
work(struct sink *s, uint64_t now)
{
	if (s->job->cost != 0) {
		s->busy = (s->busy + IDLE < now ? now : s->busy) + s->job->cost;
		instant_sleep_until(s->busy);
	}
	if (s->job->additions != 0) {
		(void)work_add(s->job->additions);
		s->said->cpu = instant_cpu();
	}
}

static void
take_event(struct sink *s, const char *line)
{
	uint64_t now = instant_now();
	uint64_t lost;
	size_t number;

	if (number_behind(line, "\"dropped\": { \"count\": ", &lost)) {
		atomic_fetch_add(&s->said->lost, lost);
		s->said->gaps++;
		return;
	}
	if (!message_of_event(line, &number)) {
		s->said->strange++;
		return;
	}
	if (s->job->of > 1 && number % s->job->of != s->job->share)
		return;
	if (s->board->got[number] != 0)
		s->said->twice++;
	work(s, now);
	s->board->got[number] = s->job->cost == 0 ? instant_now() : now;
	s->said->last = instant_now();
	s->said->events++;
}

static void
take_lines(struct sink *s)
{
	char *from = s->in;
	char *end;

	s->in[s->len] = '\0';
	while (!s->board->stop && (end = memchr(from, '\n', s->len - (size_t)(from - s->in)))) {
		*end = '\0';
		take_event(s, from);
		from = end + 1;
	}
	s->len -= (size_t)(from - s->in);
	memmove(s->in, from, s->len);
}

int
sink_run(struct board *b, unsigned number)
{
	struct sink *s = calloc(1, sizeof(*s));
	size_t most;

	if (s == NULL)
		return 1;
	s->board = b;
	s->job = &b->jobs[number];
	s->said = &b->said[number];
	most = s->job->read == 0 ? 64 * 1024 : s->job->read;
	(void)prctl(PR_SET_PDEATHSIG, 9);
	(void)prctl(PR_SET_TIMERSLACK, 1);
	if (fcntl(0, F_SETPIPE_SZ, s->job->pipe == 0 ? PIPE : s->job->pipe) < 0)
		perror("F_SETPIPE_SZ"); /* as it is, then */
	s->said->ready = true;
	while (!b->stop) {
		ssize_t n = read(0, s->in + s->len, most < ROOM - s->len ? most : ROOM - s->len);

		if (n <= 0)
			break;
		s->len += (size_t)n;
		take_lines(s);
	}
	free(s);
	return 0;
}
