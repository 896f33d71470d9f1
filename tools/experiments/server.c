/* See server.h. */
#include "server.h"

#include "instant.h"
#include "source.h"

#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE (10 * NS_SECOND)

static const char *program;
static const char *self;
static char place[64];

void
server_programs(const char *peerpipe, const char *experiments)
{
	program = peerpipe;
	self = experiments;
}

const char *
server_place(void)
{
	if (place[0] == '\0') {
		(void)snprintf(place, sizeof(place), "/tmp/experiments.XXXXXX");
		if (mkdtemp(place) == NULL) {
			perror("mkdtemp");
			exit(1);
		}
	}
	return place;
}

void
server_leave(void)
{
	static const char *const files[] = { "conf", "exabgp.sock", "log" };
	char path[128];

	if (place[0] == '\0')
		return;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", place, files[i]);
		(void)unlink(path); /* those that are there */
	}
	(void)rmdir(place);
	place[0] = '\0';
}

static void
make_conf(const struct server_setup *setup, struct text *to)
{
	char address[16];

	for (unsigned i = 0; i < setup->sinks; i++)
		text_format(to, "process sink%u { run %s sink %s %u; encoder json; %s }\n", i, self,
		    board_path(), i, setup->process);
	for (unsigned i = 0; i < setup->peers; i++) {
		source_address(i, address);
		text_format(to,
		    "neighbor %s {\n\tlocal-address 127.0.0.1; router-id 10.0.0.1; local-as %u;\n"
		    "\tpeer-as %u; passive; listen %u; %s\n\tfamily { ipv4 unicast; }\n"
		    "\tapi { processes [",
		    address, SOURCE_LOCAL, SOURCE_AS, setup->port, setup->neighbor);
		for (unsigned k = 0; k < setup->sinks; k++)
			if (!setup->apart || k == (i > 0))
				text_format(to, " sink%u", k);
		text_string(to, " ]; receive { parsed; update; } }\n}\n");
	}
	text_string(to, setup->more);
}

static bool
write_conf(const struct server_setup *setup, char *path, size_t size)
{
	struct text conf = { 0 };
	FILE *f;

	(void)snprintf(path, size, "%s/conf", server_place());
	make_conf(setup, &conf);
	f = fopen(path, "w");
	if (f == NULL || fputs(text_chars(&conf), f) < 0 || fclose(f) != 0) {
		perror(path);
		text_free(&conf);
		return false;
	}
	text_free(&conf);
	return true;
}

static void
become_server(const char *conf)
{
	struct passwd *user = getpwuid(getuid());
	char log[128];
	int fd;

	(void)snprintf(log, sizeof(log), "%s/log", place);
	fd = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)setenv("exabgp_daemon_user", user == NULL ? "root" : user->pw_name, 1);
	(void)setenv("exabgp_cli_socket", place, 1);
	(void)setenv("exabgp_api_ack", "false", 1);
	if (fd >= 0 && dup2(fd, 1) == 1 && dup2(fd, 2) == 2)
		(void)execl(program, program, "server", conf, (char *)NULL);
	perror(program);
	_exit(127);
}

bool
server_start(const struct server_setup *setup, pid_t *pid)
{
	char conf[128];

	if (!write_conf(setup, conf, sizeof(conf)))
		return false;
	*pid = fork();
	if (*pid == 0)
		become_server(conf);
	return *pid > 0;
}

int
server_stop(pid_t pid)
{
	uint64_t until = instant_now() + PATIENCE;
	int status = 0;

	(void)kill(pid, SIGTERM);
	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (instant_now() > until) {
			(void)kill(pid, SIGKILL);
			(void)waitpid(pid, &status, 0);
			return -1;
		}
		instant_sleep_until(instant_now() + 2 * NS_MSEC);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int
server_call(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(at.sun_path, sizeof(at.sun_path), "%s/exabgp.sock", server_place());
	if (fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0)
		return fd;
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

static bool
ends(const struct text *answer)
{
	static const char *const last[] = { "done\n", "error\n" };

	for (size_t i = 0; i < 2; i++) {
		size_t n = strlen(last[i]);

		if (answer->len >= n && memcmp(answer->at + answer->len - n, last[i], n) == 0)
			return true;
	}
	return false;
}

char *
server_ask(const char *command)
{
	struct text answer = { 0 };
	struct timeval patience = { .tv_sec = 10 };
	char *copy = NULL;
	char chunk[4096];
	ssize_t n = 1;
	int fd = server_call();

	if (fd < 0)
		return NULL;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	(void)dprintf(fd, "%s\n", command); /* if it does not go, no answer comes */
	while (n > 0 && !ends(&answer))
		if ((n = read(fd, chunk, sizeof(chunk))) > 0)
			text_bytes(&answer, chunk, (size_t)n);
	(void)close(fd);
	if (ends(&answer))
		copy = strdup(text_chars(&answer));
	text_free(&answer);
	return copy;
}

double
server_figure(const char *answer, const char *begin, const char *key)
{
	const char *at = answer == NULL ? NULL : strstr(answer, begin);
	char word[64];

	(void)snprintf(word, sizeof(word), "\"%s\": ", key);
	at = at == NULL ? NULL : strstr(at, word);
	return at == NULL ? -1 : strtod(at + strlen(word), NULL);
}
