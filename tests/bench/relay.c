/*
 * The least that a daemon can do between a helper and a peer: relay PORT HELPER ARGUMENT...
 * Takes one session that comes to 127.0.0.1:PORT, then a line of the helper at a time, and says it
 * to the peer as an UPDATE: wait, read, write, and the answer. It decides, keeps and checks
 * nothing, so its latency is the machine's: the yardstick beside which that of the program is
 * measured. A line is "announce route 44.A.B.0/24 ...", as the load generator writes it.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MARKER "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
#define PREFIX 56 /* where A and B stand in the UPDATE */
#define START  "announce route 44."

extern char **environ;

/* AS 65000, no hold time, IPv4 unicast, 4-octet AS. */
static const char opened[] = MARKER "\0\x2d\1\4\xfd\xe8\0\0\x0a\0\0\1\x10"
				    "\2\6\1\4\0\1\0\1\2\6\x41\4\0\0\xfd\xe8";
static const char kept[] = MARKER "\0\x13\4";
static char update[] =
    MARKER "\0\x3a\2\0\0\0\x1f"
	   "\x40\1\1\0\x40\2\x0a\2\2\0\0\xfd\xe8\0\0\xfd\xe9\x40\3\4\x0a\0\0\1\x40\5\4\0\0\0\x64"
	   "\x18\x2c\0\0";

static int peer;
static int lines;   /* of the helper */
static int answers; /* to it */

static void
fail(const char *what)
{
	perror(what);
	exit(1);
}

static void
take_session(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) || listen(fd, 1))
		fail("listen");
	peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
	if (peer < 0)
		fail("accept");
	setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	close(fd);
}

static void
say(int fd, const char *data, size_t len)
{
	if (write(fd, data, len) != (ssize_t)len)
		fail("write");
}

static void
start_helper(char **argv)
{
	int in[2], out[2];
	posix_spawn_file_actions_t actions;
	pid_t pid;

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		fail("pipe");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in[0], 0);
	posix_spawn_file_actions_adddup2(&actions, out[1], 1);
	if (posix_spawn(&pid, argv[0], &actions, NULL, argv, environ))
		fail(argv[0]);
	close(in[0]);
	close(out[1]);
	answers = in[1];
	lines = out[0];
}

static void
relay_line(const char *line)
{
	char *end;

	if (strncmp(line, START, sizeof(START) - 1) != 0)
		exit(1);
	update[PREFIX] = (char)strtoul(line + sizeof(START) - 1, &end, 10);
	update[PREFIX + 1] = (char)strtoul(end + 1, NULL, 10);
	say(peer, update, sizeof(update) - 1);
	say(answers, "done\n", 5);
}

/* What the peer says is not looked at. */
static void
serve(int epoll)
{
	static char data[65536];
	struct epoll_event event;
	ssize_t n;

	if (epoll_wait(epoll, &event, 1, -1) < 1)
		fail("epoll_wait");
	n = read(event.data.fd, data, sizeof(data) - 1);
	if (n <= 0)
		exit(0);
	data[n] = 0;
	if (event.data.fd == lines)
		for (char *line = data, *end; (end = strchr(line, '\n')) != NULL; line = end + 1)
			relay_line(line);
}

static void
await(int epoll, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event))
		fail("epoll_ctl");
}

int
main(int argc, char **argv)
{
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	if (argc < 3 || epoll < 0)
		return 2;
	take_session(atoi(argv[1]));
	say(peer, opened, sizeof(opened) - 1);
	say(peer, kept, sizeof(kept) - 1);
	start_helper(argv + 2);
	await(epoll, peer);
	await(epoll, lines);
	for (;;)
		serve(epoll);
}
