/* cli: commands for a running daemon, one from the command line or many from standard input. */
#include "app.h"

#include "base/num.h"
#include "cli_options.h"
#include "expand.h"
#include "loop/local.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ANSWER_MSEC 5000 /* without a byte for so long: nobody answers */
#define STALE_MSEC  200  /* a busy machine takes as long to write them */
#define STALE_MOST  ((size_t)1024 * 1024)

struct line_to { /* the daemon */
	int read_fd;
	int write_fd;
	struct text input;
	unsigned asked;
	unsigned refused;
};

/* Each folder on a line of its own, as 4.2 says it. */
static void
put_places(const struct env *s, struct text *why)
{
	struct text dir = { 0 };

	text_format(why, "%s.sock, %s.in and %s.out were looked for in", s->socketname, s->pipename,
	    s->pipename);
	for (unsigned n = 0; control_place(n, &dir); n++)
		text_format(why, "\n - %s", text_chars(&dir));
	text_free(&dir);
}

static void
not_reached(const struct env *s, const struct cli_options *o, const char *error, struct text *why)
{
	text_format(why, "no daemon answers (%s): ", error);
	if (o->socket != NULL)
		text_format(why, "the socket %s was tried", o->socket);
	else if (o->pipe != NULL)
		text_format(why, "the pipes %s.in and %s.out were tried", o->pipe, o->pipe);
	else
		put_places(s, why);
}

/* Answers to those who did not wait for them are not ours. */
static void
forget_answers(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char room[4096];
	int wait = 0;

	for (size_t n = 0; n < STALE_MOST && poll(&p, 1, wait) == 1; n += sizeof(room)) {
		if (read(fd, room, sizeof(room)) <= 0)
			break;
		wait = STALE_MSEC; /* the daemon may have more of them */
	}
}

static bool
connect_to(struct line_to *d, const struct env *s, const struct cli_options *o, struct text *why)
{
	struct control_paths p;
	int error = -ENOENT;

	control_to_find(s, &p);
	cli_options_apply(o, &p);
	if (p.socket.len > 0)
		error = local_connect(text_chars(&p.socket), &d->read_fd);
	d->write_fd = d->read_fd;
	if (error != 0 && p.in.len > 0) {
		error = local_pipe(text_chars(&p.out), &d->read_fd);
		if (error == 0)
			error = local_pipe(text_chars(&p.in), &d->write_fd);
	}
	if (error != 0)
		not_reached(s, o, strerror(-error), why);
	control_paths_free(&p);
	if (error == 0 && d->write_fd != d->read_fd)
		forget_answers(d->read_fd);
	return error == 0;
}

static bool
wait_for(int fd, short what)
{
	struct pollfd p = { .fd = fd, .events = what };
	int n;

	do
		n = poll(&p, 1, ANSWER_MSEC);
	while (n < 0 && errno == EINTR);
	return n == 1;
}

static bool
write_line(struct line_to *d, const char *command)
{
	struct text line = { 0 };
	size_t at = 0;
	bool whole;

	text_format(&line, "%s\n", command);
	while (at < line.len && wait_for(d->write_fd, POLLOUT)) {
		ssize_t n = write(d->write_fd, line.at + at, line.len - at);

		if (n < 0 && errno != EINTR && errno != EAGAIN)
			break;
		if (n > 0)
			at += (size_t)n;
	}
	whole = at == line.len;
	text_free(&line);
	return whole;
}

/* Takes a whole line off the input; false when none is there. */
static bool
take_line(struct line_to *d, struct text *line)
{
	struct slice head;
	struct slice tail;

	text_clear(line);
	if (!word_cut(text_view(&d->input), '\n', &head, &tail))
		return false;
	text_slice(line, head);
	memmove(d->input.at, tail.at, tail.len);
	d->input.len = tail.len;
	return true;
}

static bool
read_line(struct line_to *d, struct text *line)
{
	while (!take_line(d, line)) {
		char *room = text_room(&d->input, 65536);
		ssize_t n;

		if (!wait_for(d->read_fd, POLLIN))
			return false;
		n = read(d->read_fd, room, 65536);
		if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
			return false;
		if (n > 0)
			text_took(&d->input, (size_t)n);
	}
	return true;
}

static void
refused(struct line_to *d)
{
	d->refused++;
	fputs("error: the command was refused\n", stderr);
}

/* Sends one command and prints its answer. False when nobody answered. */
static bool
ask(struct line_to *d, const char *words)
{
	struct text command = { 0 };
	struct text line = { 0 };
	bool answered = false;

	d->asked++;
	if (expand_command(slice_on(words), &command))
		printf("command: %s\n", text_chars(&command));
	if (!write_line(d, text_chars(&command))) {
		fputs("the daemon does not read\n", stderr);
	} else {
		while (!answered && read_line(d, &line)) {
			answered = strcmp(text_chars(&line), "done") == 0 ||
			    strcmp(text_chars(&line), "error") == 0 ||
			    strcmp(text_chars(&line), "shutdown") == 0;
			if (!answered)
				puts(text_chars(&line));
		}
		if (!answered)
			fputs("the daemon does not answer\n", stderr);
		else if (strcmp(text_chars(&line), "error") == 0)
			refused(d);
	}
	(void)fflush(stdout);
	text_free(&command);
	text_free(&line);
	return answered;
}

static bool
ask_each(struct line_to *d, FILE *from)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	bool fine = true;
	bool prompt = isatty(fileno(from)) != 0;

	for (;;) {
		if (prompt) {
			fputs("> ", stdout);
			(void)fflush(stdout);
		}
		n = getline(&line, &size, from);
		if (n <= 0)
			break;
		line[strcspn(line, "\r\n")] = '\0';
		if (strcmp(line, "quit") == 0 || strcmp(line, "exit") == 0)
			break;
		if (line[0] != '\0')
			fine &= ask(d, line);
	}
	free(line); /* of getline() */
	return fine;
}

static bool
run_batch(struct line_to *d, const char *name)
{
	FILE *from = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");
	bool fine;

	if (from == NULL) {
		fprintf(stderr, "%s: %s\n", name, strerror(errno));
		return false;
	}
	fine = ask_each(d, from);
	fprintf(stderr, "%u commands, %u refused\n", d->asked, d->refused);
	if (from != stdin)
		(void)fclose(from);
	return fine;
}

static bool
run(struct line_to *d, int argc, char **argv, int first, const char *batch)
{
	struct text command = { 0 };
	bool fine;

	if (batch != NULL)
		return run_batch(d, batch);
	if (first >= argc)
		return ask_each(d, stdin);
	for (int i = first; i < argc; i++)
		text_format(&command, "%s%s", i == first ? "" : " ", argv[i]);
	fine = ask(d, text_chars(&command));
	text_free(&command);
	return fine;
}

/* "run", which is not a prompt: a command or --batch has to be there. */
static bool
asks_nothing(int argc, char **argv, int first, const struct cli_options *o)
{
	return first >= argc && o->batch == NULL && strcmp(argv[0], "run") == 0;
}

int
app_cli(int argc, char **argv)
{
	struct env s;
	struct text why = { 0 };
	struct text advice = { 0 };
	struct line_to d = { .read_fd = -1, .write_fd = -1 };
	struct cli_options o = { 0 };
	bool fine = env_load(&s, app_env_file(), &why, &advice);
	int first = fine ? cli_options_read(&o, &s, argc, argv, &why) : 0;
	bool wrong = fine && (first == 0 || asks_nothing(argc, argv, first, &o));

	fine = first > 0 && !wrong && connect_to(&d, &s, &o, &why);
	if (fine)
		fine = run(&d, argc, argv, first, o.batch);
	else if (why.len > 0)
		fprintf(stderr, "%s\n", text_chars(&why));
	if (d.write_fd >= 0 && d.write_fd != d.read_fd)
		(void)close(d.write_fd);
	if (d.read_fd >= 0)
		(void)close(d.read_fd);
	text_free(&d.input);
	env_free(&s);
	text_free(&why);
	text_free(&advice);
	return wrong ? 2 : fine ? 0 : 1;
}
