/*
 * Asks over the control socket, on an absolute schedule: ask SOCKET RATE CLIENTS SECONDS COMMAND
 * Questions go out evenly at RATE a second, client by client, whether answers came or not; with
 * RATE 0 each client asks again when it was answered. A wait is from when a question was due to the
 * end of its answer. Prints a line of JSON: asked, answered, errors, bytes, and percentiles of the
 * waits in microseconds.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define CLIENTS 1024
#define PENDING 4096 /* questions of a client that are not answered; a power of two */
#define WAITS   (1u << 22)

struct client {
	int fd;
	uint64_t asked;
	uint64_t answered;
	double due[PENDING];
	char tail[8]; /* of what was read: the end of a line may come apart */
	size_t tail_len;
};

static struct client *clients[CLIENTS];
static float *waits;
static size_t wait_count;
static uint64_t errors;
static uint64_t bytes;
static char command[1024];
static size_t command_len;

static double
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
give_up(const char *what)
{
	(void)fprintf(stderr, "ask: %s: %s\n", what, strerror(errno));
	exit(1);
}

static struct client *
connected(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct client *c = calloc(1, sizeof(*c));

	if (c == NULL || strlen(path) >= sizeof(to.sun_path))
		give_up("client");
	(void)strcpy(to.sun_path, path);
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		give_up(path);
	return c;
}

static void
ask(struct client *c, double due)
{
	if (c->asked - c->answered == PENDING) {
		(void)fprintf(stderr, "ask: %d questions of one client wait\n", PENDING);
		exit(1);
	}
	c->due[c->asked++ % PENDING] = due;
	if (write(c->fd, command, command_len) != (ssize_t)command_len)
		give_up("write");
}

static void
answered(struct client *c, bool done, double at)
{
	double due = c->due[c->answered++ % PENDING];

	errors += !done;
	if (wait_count < WAITS)
		waits[wait_count++] = (float)((at - due) * 1e6);
}

/* How many acknowledgements end in these bytes, with what was left of those before. */
static void
look(struct client *c, const char *at, size_t len, double when)
{
	const char *end = at + len;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t n = (size_t)((stop == NULL ? end : stop) - at);
		size_t room = sizeof(c->tail) - c->tail_len;

		memcpy(c->tail + c->tail_len, at, n < room ? n : room);
		c->tail_len += n < room ? n : room;
		if (stop == NULL)
			return;
		if (c->tail_len == 4 && memcmp(c->tail, "done", 4) == 0)
			answered(c, true, when);
		else if (c->tail_len == 5 && memcmp(c->tail, "error", 5) == 0)
			answered(c, false, when);
		c->tail_len = 0;
		at = stop + 1;
	}
}

static void
take(struct client *c)
{
	static char room[256 * 1024];
	ssize_t n = recv(c->fd, room, sizeof(room), MSG_DONTWAIT);

	if (n == 0)
		errno = ECONNRESET;
	if (n == 0 || (n < 0 && errno != EAGAIN))
		give_up("read");
	if (n > 0) {
		bytes += (uint64_t)n;
		look(c, room, (size_t)n, now());
	}
}

static int
by_size(const void *a, const void *b)
{
	float x = *(const float *)a;
	float y = *(const float *)b;

	return (x > y) - (x < y);
}

static double
percentile(double part)
{
	return wait_count == 0 ? 0 : (double)waits[(size_t)((double)(wait_count - 1) * part)];
}

static void
report(uint64_t asked, double seconds)
{
	qsort(waits, wait_count, sizeof(*waits), by_size);
	printf(
	    "{\"asked\": %lu, \"answered\": %zu, \"errors\": %lu, \"bytes\": %lu, \"rate\": %.1f, "
	    "\"p50\": %.1f, \"p99\": %.1f, \"p99.9\": %.1f, \"max\": %.1f}\n",
	    asked, wait_count, errors, bytes, (double)wait_count / seconds, percentile(0.5),
	    percentile(0.99), percentile(0.999), percentile(1));
}

static uint64_t
run(double rate, size_t count, double begin, double end)
{
	int poll_fd = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event ready[64];
	uint64_t asked = 0;
	uint64_t open = 0;

	for (size_t i = 0; i < count; i++) {
		struct epoll_event e = { .events = EPOLLIN, .data.ptr = clients[i] };

		if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, clients[i]->fd, &e) != 0)
			give_up("epoll");
	}
	for (;;) {
		double at = now();
		double next = at + 0.001;
		struct timespec wait = { 0 };
		int n;

		if (rate == 0) {
			for (size_t i = 0; i < count && at < end; i++) {
				if (clients[i]->asked == clients[i]->answered) {
					ask(clients[i], at);
					asked++;
				}
			}
		} else {
			for (double due; (due = begin + (double)asked / rate) <= at && due < end;)
				ask(clients[asked++ % count], due);
			next = begin + (double)asked / rate;
		}
		open = asked - wait_count;
		if (at >= end && (open == 0 || at >= end + 10))
			break;
		if (next > at && next < at + 0.001)
			wait.tv_nsec = (long)((next - at) * 1e9);
		else if (next > at)
			wait.tv_nsec = 1000000;
		n = epoll_pwait2(poll_fd, ready, 64, &wait, NULL);
		for (int i = 0; i < n; i++)
			take(ready[i].data.ptr);
	}
	(void)close(poll_fd);
	return asked;
}

int
main(int argc, char **argv)
{
	double begin;
	double seconds;
	uint64_t asked;
	size_t count;

	if (argc != 6) {
		(void)fprintf(stderr, "usage: ask SOCKET RATE CLIENTS SECONDS COMMAND\n");
		return 2;
	}
	count = strtoul(argv[3], NULL, 10);
	seconds = strtod(argv[4], NULL);
	if (count == 0 || count > CLIENTS)
		count = 1;
	waits = malloc(WAITS * sizeof(*waits));
	if (waits == NULL)
		give_up("waits");
	command_len = (size_t)snprintf(command, sizeof(command), "%s\n", argv[5]);
	for (size_t i = 0; i < count; i++)
		clients[i] = connected(argv[1]);
	begin = now();
	asked = run(strtod(argv[2], NULL), count, begin, begin + seconds);
	report(asked, seconds);
	for (size_t i = 0; i < count; i++) {
		(void)close(clients[i]->fd);
		free(clients[i]);
	}
	free(waits);
	return 0;
}
