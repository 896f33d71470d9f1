/* Lines that pass through this process. */
#include "relay.h"

#include "base/num.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define READ_STEP  65536
#define WAITS_MOST (1u << 20) /* bytes to be written, before no more is read */
#define LINE_MOST  (64u << 20)
#define WRITE_STEP 4096 /* PIPE_BUF: what a pipe that can be written takes without blocking */

struct lane {
	int from; /* -1: at its end */
	int to;   /* -1: nobody reads any more */
	relay_line *change;
	void *owner;
	struct text in;  /* the beginning of a line */
	struct text out; /* to be written */
};

static void
stop_reading(struct lane *l)
{
	if (l->from >= 0)
		(void)close(l->from); /* of a pipe */
	l->from = -1;
}

static void
stop_writing(struct lane *l)
{
	if (l->to >= 0)
		(void)close(l->to); /* of a pipe */
	l->to = -1;
	text_clear(&l->out);
}

/* Whole lines are changed; what is behind the last one is kept. */
static void
pass_lines(struct lane *l)
{
	struct slice rest = text_view(&l->in);
	struct slice line;

	while (word_cut(rest, '\n', &line, &rest))
		l->change(l->owner, line, &l->out);
	if (rest.len < l->in.len) {
		memmove(l->in.at, rest.at, rest.len);
		l->in.len = rest.len;
	}
}

/* False: nothing was there. */
static bool
take(struct lane *l)
{
	ssize_t n = read(l->from, text_room(&l->in, READ_STEP), READ_STEP);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return false;
	if (n > 0)
		text_took(&l->in, (size_t)n);
	pass_lines(l);
	if (n > 0 && l->in.len <= LINE_MOST)
		return true;
	if (n > 0)
		fputs("migrate: a line is too long\n", stderr);
	else if (l->in.len > 0)
		l->change(l->owner, text_view(&l->in), &l->out); /* the last one has no end */
	text_clear(&l->in);
	stop_reading(l);
	return false;
}

static void
give(struct lane *l)
{
	size_t n = l->out.len > WRITE_STEP ? WRITE_STEP : l->out.len;
	ssize_t gone = write(l->to, l->out.at, n);

	if (gone < 0 && errno != EINTR && errno != EAGAIN) {
		stop_writing(l); /* who writes for nobody is told by SIGPIPE */
		stop_reading(l);
	} else if (gone > 0) {
		memmove(l->out.at, l->out.at + gone, l->out.len - (size_t)gone);
		l->out.len -= (size_t)gone;
	}
}

static bool
is_over(const struct lane *l)
{
	return l->from < 0 && l->out.len == 0;
}

static void
watch(const struct lane *l, struct pollfd *p)
{
	p[0] = (struct pollfd){ l->out.len < WAITS_MOST ? l->from : -1, POLLIN, 0 };
	p[1] = (struct pollfd){ l->out.len > 0 ? l->to : -1, POLLOUT, 0 };
}

static void
move(struct lane *l, const struct pollfd *p)
{
	if (p[1].revents != 0)
		give(l);
	if (p[0].revents != 0 && l->from >= 0)
		(void)take(l);
	if (is_over(l))
		stop_writing(l);
}

/* A pipe that nobody reads is an error of write(), not the end; the others come through *heard. */
static void
block_signals(sigset_t *heard)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD };
	sigset_t all;

	(void)sigemptyset(heard);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		(void)sigaddset(heard, numbers[i]);
	all = *heard;
	(void)sigaddset(&all, SIGPIPE);
	(void)sigprocmask(SIG_BLOCK, &all, NULL); /* can't fail with these */
}

int
relay_lines(relay_line *change, void *owner)
{
	struct lane l = {
		.from = STDIN_FILENO, .to = STDOUT_FILENO, .change = change, .owner = owner
	};

	while (!is_over(&l)) {
		struct pollfd p[2];

		watch(&l, p);
		if (poll(p, 2, -1) > 0)
			move(&l, p);
	}
	text_free(&l.in);
	text_free(&l.out);
	return 0;
}

/* With the two pipes as its standard input and output, and no signal blocked. 0, or an error. */
static int
spawn(char **argv, int in, int out, pid_t *child)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t how;
	sigset_t none;
	int error;

	(void)sigemptyset(&none);
	(void)posix_spawnattr_init(&how); /* can't fail here, nor what sets it */
	(void)posix_spawnattr_setsigmask(&how, &none);
	(void)posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK);
	(void)posix_spawn_file_actions_init(&files);
	error = posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
	if (error == 0)
		error = posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	if (error == 0)
		error = posix_spawnp(child, argv[0], &files, &how, argv, environ);
	(void)posix_spawn_file_actions_destroy(&files);
	(void)posix_spawnattr_destroy(&how);
	return error;
}

/* The pipes are those of the two lanes from here on. 0, or an error. */
static int
start(char **argv, struct lane *said, struct lane *told, pid_t *child)
{
	int in[2];
	int out[2];
	int error;

	if (pipe2(in, O_CLOEXEC) != 0)
		return errno;
	if (pipe2(out, O_CLOEXEC) != 0) {
		error = errno;
		(void)close(in[0]);
		(void)close(in[1]);
		return error;
	}
	error = spawn(argv, in[0], out[1], child);
	(void)close(in[0]);
	(void)close(out[1]);
	said->from = out[0];
	told->to = in[1];
	return error;
}

/* True: the program has ended. Any other signal is for it. */
static bool
hear(int signals, pid_t child, int *status)
{
	struct signalfd_siginfo info;

	if (read(signals, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return false;
	if (info.ssi_signo == SIGCHLD)
		return waitpid(child, status, WNOHANG) == child;
	(void)kill(child, (int)info.ssi_signo); /* it may be gone */
	return false;
}

static int
relay(struct lane *said, struct lane *told, int signals, pid_t child)
{
	int status = 0;

	for (;;) {
		struct pollfd p[5];

		watch(said, p);
		watch(told, p + 2);
		p[4] = (struct pollfd){ signals, POLLIN, 0 };
		if (poll(p, 5, -1) <= 0)
			continue;
		move(said, p);
		move(told, p + 2);
		if (p[4].revents != 0 && hear(signals, child, &status))
			return status;
	}
}

/* What the program wrote before it ended. A child of it may still hold the pipe. */
static void
drain(struct lane *said)
{
	if (said->from >= 0)
		(void)fcntl(said->from, F_SETFL, O_NONBLOCK); /* else it is waited for */
	while (said->from >= 0 && take(said))
		;
	while (said->out.len > 0 && said->to >= 0)
		give(said);
}

static void
lane_end(struct lane *l)
{
	stop_reading(l);
	stop_writing(l);
	text_free(&l->in);
	text_free(&l->out);
}

int
relay_program(char **argv, relay_line *change_said, relay_line *change_told, void *owner)
{
	struct lane said = { -1, STDOUT_FILENO, change_said, owner, { 0 }, { 0 } };
	struct lane told = { STDIN_FILENO, -1, change_told, owner, { 0 }, { 0 } };
	sigset_t heard;
	int status = 1 << 8; /* as waitpid() has it: 1 */
	int signals;
	pid_t child;
	int error;

	block_signals(&heard);
	signals = signalfd(-1, &heard, SFD_CLOEXEC | SFD_NONBLOCK);
	error = signals < 0 ? errno : start(argv, &said, &told, &child);
	if (error == 0) {
		status = relay(&said, &told, signals, child);
		drain(&said);
	} else {
		fprintf(stderr, "%s: %s\n", argv[0], strerror(error));
	}
	if (signals >= 0)
		(void)close(signals);
	lane_end(&said);
	lane_end(&told);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
