/*
 * healthcheck: a helper that runs a check command and announces service addresses through its
 * standard output while the service is well. It never waits for anybody: checks, hooks and
 * acknowledgements are events of a loop.
 */
#include "app.h"

#include "base/mem.h"
#include "health.h"
#include "health_task.h"
#include "loop/child.h"
#include "loop/signal.h"
#include "loop/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#define SYSLOG_NAMES
#include <syslog.h>
#include <unistd.h>

#define HOOK_SECONDS 60 /* a hook may take so long; then its group is killed */

struct checker {
	struct health_options options;
	struct health health;
	enum health_state said;
	bool said_any;
	struct service *services;
	size_t count;
	struct loop *loop;
	struct signals *signals;
	struct stream acks; /* our stdin: read so that the daemon's answers don't pile up */
	struct timer next;
	struct task_host tasks;
	struct task *check; /* the one that is the check, or NULL */
	bool has_pid;       /* its file is ours to remove */
	bool leaving;
};

static void
say(const struct checker *c, int level, const char *line)
{
	const struct health_options *o = &c->options;

	if (level == LOG_DEBUG && !o->debug)
		return;
	if (!o->silent)
		fprintf(stderr, "healthcheck%s%s: %s\n", o->name == NULL ? "" : " ",
		    o->name == NULL ? "" : o->name, line);
	if (!o->no_syslog && !o->debug)
		syslog(level, "%s%s%s", o->name == NULL ? "" : o->name, o->name == NULL ? "" : ": ",
		    line);
}

static void
say_of_task(struct task_host *h, int level, const char *line)
{
	say(owner_of(h, struct checker, tasks), level, line);
}

static void
run_hooks(struct checker *c, const struct words *commands)
{
	for (size_t i = 0; i < commands->count; i++)
		(void)task_start(&c->tasks, "a hook", commands->at[i], HOOK_SECONDS, NULL);
}

static void
changed(struct checker *c)
{
	const struct health_options *o = &c->options;
	enum health_state s = c->health.state;
	const struct words none = { 0 };
	const struct words *own = s == HEALTH_UP ? &o->up_execute
	    : s == HEALTH_DOWN                   ? &o->down_execute
	    : s == HEALTH_DISABLED               ? &o->disabled_execute
						 : &none;
	struct text line = { 0 };

	text_format(&line, "state is now %s", health_name(s));
	say(c, LOG_INFO, text_chars(&line));
	text_free(&line);
	(void)setenv("STATE", health_name(s), 1);
	run_hooks(c, own);
	run_hooks(c, &o->execute);
	if (!o->dynamic_ip_setup)
		return;
	if (s == HEALTH_UP)
		health_ip_add(o, c->services, c->count);
	else if (s == HEALTH_DOWN || s == HEALTH_DISABLED)
		health_ip_remove(o, c->services, c->count, false);
}

static const char *
selector_word(void)
{
	const char *version = getenv("exabgp_api_version");

	return version != NULL && strcmp(version, "6") == 0 ? "peer" : "neighbor";
}

static bool
write_all(const struct text *t)
{
	size_t at = 0;

	while (at < t->len) {
		ssize_t n = write(STDOUT_FILENO, t->at + at, t->len - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += (size_t)n;
	}
	return true;
}

/* True when something was said. */
static bool
announce(struct checker *c)
{
	struct text lines = { 0 };
	bool any;

	health_say(&c->options, c->health.state, c->services, c->count, selector_word(), &lines);
	any = lines.len > 0;
	if (!write_all(&lines))
		loop_stop(c->loop); /* the daemon is gone */
	text_free(&lines);
	return any;
}

static void next_due(struct timer *t);

static void
plan_next(struct checker *c)
{
	usec wait = health_wait(&c->health, &c->options);

	timer_start(&c->next, c->loop, loop_now(c->loop) + wait, next_due, "next check");
}

static void
checked(struct checker *c, bool success)
{
	const struct health_options *o = &c->options;
	enum health_state before = c->health.state;
	bool disabled = o->disable != NULL && access(o->disable, F_OK) == 0;
	bool said = false;

	c->check = NULL;
	if (c->leaving)
		return;
	health_step(&c->health, o, disabled, success);
	if (c->health.state != before)
		changed(c);
	if (!o->debounce || c->health.state != before)
		said = announce(c);
	if (said && o->interval == 0) {
		loop_stop(c->loop);
		return;
	}
	plan_next(c);
}

static void
check_done(struct task_host *h, bool success)
{
	checked(owner_of(h, struct checker, tasks), success);
}

static void
next_due(struct timer *t)
{
	struct checker *c = owner_of(t, struct checker, next);
	const struct health_options *o = &c->options;

	if (o->command == NULL || (o->disable != NULL && access(o->disable, F_OK) == 0)) {
		checked(c, true);
		return;
	}
	c->check = task_start(&c->tasks, "the check", o->command, o->timeout, check_done);
	if (c->check == NULL)
		checked(c, false);
}

static size_t
ack_bytes(struct stream *s, struct slice in)
{
	(void)s; /* "done", "error": the next round says all again */
	return in.len;
}

static void
leave(struct checker *c)
{
	if (c->leaving)
		return;
	c->leaving = true;
	c->health.state = HEALTH_EXIT; /* no hook is told */
	say(c, LOG_INFO, "state is now EXIT");
	(void)announce(c);
	loop_stop(c->loop);
}

static void
ack_ended(struct stream *s, int error, struct slice rest)
{
	(void)error;
	(void)rest;
	leave(owner_of(s, struct checker, acks)); /* the daemon is gone */
}

static const struct stream_hooks ack_hooks = { .bytes = ack_bytes, .ended = ack_ended };

static void
told_to_end(void *owner, int number)
{
	(void)number;
	leave(owner);
}

static bool
become_user(const struct health_options *o, struct text *why)
{
	const struct passwd *user = o->user == NULL ? NULL : getpwnam(o->user);
	const struct group *group = o->group == NULL ? NULL : getgrnam(o->group);

	if ((o->user != NULL && user == NULL) || (o->group != NULL && group == NULL)) {
		text_string(why, "--user or --group: there is none of this name");
		return false;
	}
	if ((group != NULL && (setgroups(0, NULL) != 0 || setgid(group->gr_gid) != 0)) ||
	    (user != NULL && setuid(user->pw_uid) != 0)) {
		text_format(why, "can not drop privileges: %s", strerror(errno));
		return false;
	}
	return true;
}

static bool
write_pid(struct checker *c, struct text *why)
{
	const char *path = c->options.pid;
	FILE *f = path == NULL ? NULL : fopen(path, "we");

	c->has_pid = f != NULL;
	if (f == NULL && path != NULL)
		text_format(why, "--pid: %s: %s", path, strerror(errno));
	if (f == NULL)
		return path == NULL;
	fprintf(f, "%d\n", (int)getpid());
	(void)fclose(f);
	return true;
}

/* Nobody answers through a file or /dev/null, and their end is nobody's. */
static bool
is_answered(const struct health_options *o, int in)
{
	struct stat s;

	return in >= 0 && !o->no_ack && !isatty(STDOUT_FILENO) && fstat(in, &s) == 0 &&
	    (S_ISFIFO(s.st_mode) || S_ISSOCK(s.st_mode));
}

static bool
start(struct checker *c, struct text *why)
{
	static const int numbers[] = { SIGTERM, SIGINT, 0 };
	int error = 0;
	int in;

	c->loop = loop_new(&error);
	if (c->loop == NULL || (error = child_manager_start(c->loop)) != 0) {
		text_format(why, "no event loop: %s", strerror(-error));
		return false;
	}
	c->tasks.loop = c->loop;
	c->signals = signals_start(c->loop, numbers, told_to_end, c, &error);
	if (c->signals == NULL) {
		text_format(why, "no signals: %s", strerror(-error));
		return false;
	}
	in = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	if (is_answered(&c->options, in)) {
		(void)fcntl(in, F_SETFL, O_NONBLOCK | fcntl(in, F_GETFL));
		stream_start(&c->acks, c->loop, in, -1, &ack_hooks, "acks");
	} else if (in >= 0) {
		(void)close(in);
	}
	timer_start(&c->next, c->loop, loop_now(c->loop), next_due, "next check");
	return true;
}

static void
stop(struct checker *c)
{
	timer_stop(&c->next);
	stream_close(&c->acks);
	if (c->check != NULL)
		task_kill(c->check); /* hooks may go on without us */
	tasks_forget(&c->tasks);
	if (c->signals != NULL)
		signals_stop(c->signals);
	if (c->loop != NULL) {
		(void)loop_round(c->loop, 0); /* what was buried */
		child_manager_stop();
		loop_free(c->loop);
	}
	if (c->leaving)
		health_ip_remove(&c->options, c->services, c->count, true);
	if (c->has_pid)
		(void)unlink(c->options.pid); /* it may be somebody else's by now */
}

static bool
open_syslog(const struct health_options *o, struct text *why)
{
	for (const CODE *f = facilitynames; f->c_name != NULL; f++) {
		if (strcmp(f->c_name, o->facility) == 0) {
			openlog("healthcheck", LOG_PID, f->c_val);
			return true;
		}
	}
	text_format(why, "--syslog-facility: there is no facility \"%s\"", o->facility);
	return false;
}

/* Everything that needs the first user's rights comes before it changes. */
static bool
set_up(struct checker *c, struct text *why)
{
	if (!open_syslog(&c->options, why) ||
	    !health_services(&c->options, &c->services, &c->count, why) || !write_pid(c, why))
		return false;
	health_ip_add(&c->options, c->services, c->count);
	return become_user(&c->options, why) && start(c, why);
}

static int
watch(struct checker *c, struct text *why)
{
	bool fine;

	list_init(&c->tasks.running);
	c->tasks.say = say_of_task;
	fine = set_up(c, why);
	if (fine)
		loop_run(c->loop);
	stop(c);
	mem_free(c->services);
	return fine ? 0 : 1;
}

int
app_healthcheck(int argc, char **argv)
{
	struct checker c = { .acks = { .read_fd = -1, .write_fd = -1 } };
	struct text why = { 0 };
	bool help = false;
	int status = 2;

	if (health_options_read(&c.options, argc, argv, &help, &why))
		status = help ? 0 : watch(&c, &why);
	if (why.len > 0)
		fprintf(
		    help ? stdout : stderr, help ? "%s" : "healthcheck: %s\n", text_chars(&why));
	if (status == 2)
		fputs("usage: healthcheck [OPTIONS]; --help tells them\n", stderr);
	health_options_free(&c.options);
	text_free(&why);
	return status;
}
