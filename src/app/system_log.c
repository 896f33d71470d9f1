/* As syslog(3) says it: "peerpipe", with the process id, facility daemon. */
#include "system_log.h"

#include "base/text.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define SYSTEM_LOG      "/dev/log"
#define FACILITY_DAEMON (3 << 3)

static int the_log = -1;
static bool in_a_stream; /* lines end with a zero then; else each is a datagram */

static int
connect_as(int kind)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = SYSTEM_LOG };
	int fd = socket(AF_UNIX, kind | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int error;

	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&name, sizeof(name)) == 0)
		return fd;
	error = -errno;
	(void)close(fd);
	return error;
}

/* Without a daemon it is looked for again at the next line. */
void
system_log_open(void)
{
	int fd = connect_as(SOCK_DGRAM);

	in_a_stream = fd == -EPROTOTYPE;
	if (in_a_stream)
		fd = connect_as(SOCK_STREAM);
	the_log = fd < 0 ? -1 : fd;
}

void
system_log_close(void)
{
	if (the_log >= 0)
		(void)close(the_log);
	the_log = -1;
}

static void
message(struct text *t, int severity, const char *source, const char *line)
{
	char when[32] = "";
	time_t now = time(NULL);
	struct tm tm;

	if (localtime_r(&now, &tm) != NULL)
		(void)strftime(when, sizeof(when), "%b %e %H:%M:%S ", &tm); /* fits */
	text_format(t, "<%d>%speerpipe[%d]: %-15s %s", FACILITY_DAEMON | severity, when,
	    (int)getpid(), source, line);
	if (in_a_stream)
		text_char(t, '\0');
}

/* 0, or why it was not taken. */
static int
put(const struct text *t)
{
	ssize_t n;

	if (the_log < 0)
		return -ENOTCONN;
	n = send(the_log, t->at, t->len, MSG_NOSIGNAL);
	if (n < 0)
		return -errno;
	return n == (ssize_t)t->len ? 0
				    : -EPIPE; /* a part of it in a stream: only a new one helps */
}

bool
system_log(int severity, const char *source, const char *line)
{
	struct text t = { 0 };
	int error;

	message(&t, severity, source, line);
	error = put(&t);
	if (error != 0 && error != -EAGAIN) { /* a daemon that was started anew has a new socket */
		system_log_close();
		system_log_open();
		error = put(&t);
	}
	text_free(&t);
	return error == 0;
}
