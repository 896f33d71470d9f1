/*
 * Announces the prefixes of its arguments and keeps saying that it lives. Speaks frames (HF/1) with
 * nothing but libc: what it has to know of a frame is its type, which is the first member of ours.
 *
 *     cc -o framed framed.c
 *     process framed { run /etc/exabgp/framed 203.0.113.0/24 198.51.100.0/24; protocol framed; }
 */
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FROM 3    /* frames of the program */
#define TO   4    /* ours */
#define BEAT 2000 /* milliseconds */

static int
write_all(const void *from, size_t n)
{
	for (const char *at = from; n > 0;) {
		ssize_t done = write(TO, at, n);

		if (done < 0)
			return -1;
		at += done;
		n -= (size_t)done;
	}
	return 0;
}

static int
say(const char *json)
{
	uint32_t n = (uint32_t)strlen(json);
	unsigned char head[4] = { (unsigned char)(n >> 24), (unsigned char)(n >> 16),
		(unsigned char)(n >> 8), (unsigned char)n };

	return write_all(head, sizeof(head)) < 0 ? -1 : write_all(json, n);
}

static int
read_all(void *to, size_t n)
{
	for (char *at = to; n > 0;) {
		ssize_t got = read(FROM, at, n);

		if (got <= 0)
			return -1;
		at += got;
		n -= (size_t)got;
	}
	return 0;
}

/* The next frame as a string that has to be freed; NULL at the end. */
static char *
next_frame(void)
{
	unsigned char head[4];
	char *json;
	size_t n;

	if (read_all(head, sizeof(head)) < 0)
		return NULL;
	n = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
	json = malloc(n + 1);
	if (json == NULL || read_all(json, n) < 0) {
		free(json);
		return NULL;
	}
	json[n] = '\0';
	return json;
}

static int
is(const char *json, const char *type)
{
	char begin[64];

	(void)snprintf(begin, sizeof(begin), "{\"t\":\"%s\"", type);
	return strncmp(json, begin, strlen(begin)) == 0;
}

static void
announce(int count, char **prefixes)
{
	char json[512];

	(void)say("{\"t\":\"ready\",\"proto\":1,\"name\":\"framed\",\"caps\":[],\"subscribe\":{}}");
	for (int i = 0; i < count; i++) {
		(void)snprintf(json, sizeof(json),
		    "{\"t\":\"cmd\",\"id\":%d,\"op\":\"announce route\","
		    "\"args\":[\"%.64s\",\"next-hop\",\"self\"]}",
		    i + 1, prefixes[i]);
		(void)say(json);
	}
}

int
main(int argc, char **argv)
{
	struct pollfd from = { .fd = FROM, .events = POLLIN };
	int end = 0;

	while (!end) {
		char *json;

		if (poll(&from, 1, BEAT) == 0) {
			(void)say("{\"t\":\"hb\"}");
			continue;
		}
		json = next_frame();
		if (json == NULL)
			return 1;
		if (is(json, "hello"))
			announce(argc - 1, argv + 1);
		else if (is(json, "error"))
			fprintf(stderr, "refused: %s\n", json); /* goes to the log */
		else if (is(json, "shutdown"))
			end = 1;
		free(json);
	}
	return say("{\"t\":\"bye\",\"code\":0}") < 0;
}
