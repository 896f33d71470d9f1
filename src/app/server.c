/* The server: settings, configuration, privileges, one engine, the loop. */
#include "app.h"

#include "api/tell.h"
#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"
#include "command/command.h"
#include "control.h"
#include "daemon.h"
#include "debug.h"
#include "each.h"
#include "load.h"
#include "loop/child.h"
#include "loop/descriptors.h"
#include "loop/loop.h"
#include "loop/signal.h"
#include "server_conf.h"
#include "server_options.h"
#include "sink.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct server {
	struct env settings;
	struct server_options options;
	size_t file; /* debug.rotate: the one in force */
	uid_t uid;
	gid_t gid;
	struct loop *loop;
	struct signals *signals;
	struct engine *engine;
	struct commands commands;
	struct control_paths control;
	struct timer delay;
	struct timer poke;
	int status;
};

static void
server_line(struct engine *e, struct issuer *i, struct slice line)
{
	struct server *s = engine_owner(e);

	command_line(&s->commands, i, line);
}

static struct loading *
server_load(struct engine *e)
{
	struct server *s = engine_owner(e);

	if (s->settings.debug_rotate)
		s->file = (s->file + 1) % s->options.file_count;
	return load_begin(s->options.files[s->file], false, &s->settings, s->uid, s->gid);
}

static struct config *
server_compile(struct engine *e, struct slice words, struct text *why)
{
	const struct server *s = engine_owner(e);

	return load_words(words, &s->settings, why);
}

static void
server_ended(struct engine *e, int status)
{
	struct server *s = engine_owner(e);

	s->status = status;
	loop_stop(s->loop);
}

static void
server_signal(void *owner, int number)
{
	struct server *s = owner;
	const char *name = sigabbrev_np(number);
	char word[32];

	(void)snprintf(word, sizeof(word), "SIG%s", name == NULL ? "?" : name);
	log_say(LOG_INFO, LOG_REACTOR, "signal received name=%s", word);
	engine_signal(s->engine, number, word);
	switch (number) {
	case SIGUSR1: engine_request(s->engine, ENGINE_RELOAD); break;
	case SIGUSR2: engine_request(s->engine, ENGINE_RELOAD_ALL); break;
	case SIGALRM: engine_request(s->engine, ENGINE_RESTART); break;
	default: engine_stop(s->engine); break;
	}
}

static void
server_slow(const char *name, usec took)
{
	log_say(LOG_WARN, LOG_REACTOR, "slow callback name=\"%s\" took=%lldms", name,
	    (long long)(took / USEC_MSEC));
}

static void
identity(void)
{
	char host[HOST_NAME_MAX + 1] = "localhost";

	(void)gethostname(host, sizeof(host) - 1); /* the default stays */
	tell_identity(host, getpid(), getppid());
}

/* tcp.delay: peers start when the minute is a multiple. */

static void
delay_over(struct timer *t)
{
	engine_start_peers(owner_of(t, struct server, delay)->engine);
}

static void
start_peers(struct server *s)
{
	uint64_t delay = s->settings.delay;
	time_t now = time(NULL);
	uint64_t minute = (uint64_t)now / 60 % 60;
	uint64_t wait;

	if (delay == 0 || minute % delay == 0) {
		engine_start_peers(s->engine);
		return;
	}
	wait = (delay - minute % delay) * 60 - (uint64_t)now % 60;
	timer_start(&s->delay, s->loop, loop_now(s->loop) + (usec)wait * USEC_SECOND, delay_over,
	    "tcp.delay");
}

static void
poke_due(struct timer *t)
{
	(void)t;
	(void)kill(getpid(), SIGUSR1); /* it is ourselves */
}

static bool
go_daemon(struct server *s, struct text *why)
{
	if (!s->settings.daemonize)
		return true;
	if (sink_is_terminal() || daemon_supervised()) {
		log_say(LOG_INFO, LOG_DAEMON, "stays in the foreground: %s",
		    sink_is_terminal() ? "the log goes to the terminal" : "it is supervised");
		return true;
	}
	return daemon_into_background(why);
}

static bool
start_loop(struct server *s, struct text *why)
{
	static const int numbers[] = { SIGTERM, SIGHUP, SIGINT, SIGUSR1, SIGUSR2, SIGALRM, 0 };
	int error = 0;

	s->loop = loop_new(&error);
	if (s->loop == NULL) {
		text_format(why, "no event loop: %s", strerror(-error));
		return false;
	}
	loop_watchdog(s->loop, 50 * USEC_MSEC, server_slow);
	if (!debug_start(s->loop, getenv("PEERPIPE_DEBUG"))) {
		text_string(why, "expected PEERPIPE_DEBUG to be loop");
		return false;
	}
	error = child_manager_start(s->loop);
	if (error == 0)
		s->signals = signals_start(s->loop, numbers, server_signal, s, &error);
	if (error != 0)
		text_format(why, "no signals: %s", strerror(-error));
	return error == 0;
}

/* Listening sockets are opened with the privileges we came with; helpers are started with what
 * daemon.drop says. */
static bool
start_engine(struct server *s, struct config *c, struct text *why)
{
	static const struct engine_hooks hooks = {
		.line = server_line,
		.load = server_load,
		.compile = server_compile,
		.ended = server_ended,
	};
	struct engine_conf conf;

	/* Before anything of ours can be seen: once more when it is written. */
	if (!daemon_pid_free(s->settings.pid, why) || !server_conf(&s->settings, &conf, why)) {
		config_free(c);
		return false;
	}
	control_to_open(&s->settings, &s->control);
	conf.control_socket = s->control.socket.len > 0 ? text_chars(&s->control.socket) : NULL;
	conf.control_in = s->control.in.len > 0 ? text_chars(&s->control.in) : NULL;
	conf.control_out = text_chars(&s->control.out);
	s->engine = engine_new(s->loop, &conf, &hooks, s);
	mem_free(conf.binds);
	commands_init(&s->commands, s->engine);
	if (engine_listen(s->engine, c, why) != 0)
		return false;
	if (!s->settings.drop)
		engine_start_helpers(s->engine);
	if (!daemon_become(s->uid, s->gid, why) || !daemon_pid_write(s->settings.pid, why))
		return false;
	if (s->settings.drop)
		engine_start_helpers(s->engine);
	start_peers(s);
	return true;
}

static void
run(struct server *s)
{
	if (s->options.signal_after > 0)
		timer_start(
		    &s->poke, s->loop, loop_now(s->loop) + s->options.signal_after, poke_due, "-s");
	log_say(LOG_INFO, LOG_REACTOR, "started version=%s neighbors=%zu", load_version(),
	    engine_member_count(s->engine));
	loop_run(s->loop);
}

static void
stop(struct server *s)
{
	timer_stop(&s->delay);
	timer_stop(&s->poke);
	if (s->engine != NULL) {
		commands_done(&s->commands);
		engine_free(s->engine);
	}
	if (s->signals != NULL)
		signals_end(s->signals);
	if (s->loop != NULL) {
		debug_stop();
		(void)loop_round(s->loop, 0); /* what was buried */
		child_manager_stop();
		loop_free(s->loop);
	}
	control_paths_free(&s->control);
	daemon_pid_remove();
}

static int
serve(struct server *s)
{
	struct text why = { 0 };
	struct text warnings = { 0 };
	struct config *c = NULL;
	bool fine = daemon_ids(&s->settings, &s->uid, &s->gid, &why);

	if (fine)
		c = load_config(
		    s->options.files[0], true, &s->settings, s->uid, s->gid, &why, &warnings);
	if (warnings.len > 0)
		log_lines(LOG_WARN, LOG_CONFIGURATION, text_chars(&warnings));
	fine = c != NULL && go_daemon(s, &why);
	(void)umask((mode_t)s->settings.umask);
	if (fine && chdir("/") != 0)
		log_say(LOG_WARN, LOG_DAEMON, "can not go to /: %s", strerror(errno));
	log_say(LOG_DEBUG, LOG_DAEMON, "pid=%d uid=%u gid=%u umask=%04o", (int)getpid(), s->uid,
	    s->gid, (unsigned)s->settings.umask);
	identity();
	descriptors_raise();
	if (!fine || !start_loop(s, &why))
		config_free(c);
	else if (start_engine(s, c, &why))
		run(s);
	if (why.len > 0) {
		s->status = 1;
		log_say(LOG_ERROR, LOG_CONFIGURATION, "%s", text_chars(&why));
		if (!sink_is_terminal() || !log_wants(LOG_ERROR, LOG_CONFIGURATION))
			fprintf(stderr, "%s\n", text_chars(&why));
	}
	stop(s);
	text_free(&why);
	text_free(&warnings);
	return s->status;
}

/* debug.route: one message is decoded, and that is all. */
static int
decode_route(struct server *s)
{
	char name[] = "decode";
	char option[] = "-c";
	char *words[] = { name, option, s->options.files[0], s->settings.debug_route, NULL };

	return app_decode(4, words);
}

/* One that is missing is known before any of them is served. */
static bool
all_there(const struct server_options *o)
{
	bool all = true;

	for (size_t i = 0; i < o->file_count; i++) {
		if (strcmp(o->files[i], "-") == 0 || access(o->files[i], F_OK) == 0)
			continue;
		fprintf(stderr, "%s is not an exabgp config file (file not found)\n", o->files[i]);
		all = false;
	}
	return all;
}

/* A process for each file. A log that rotates is the file of one. */
static int
serve_each(const struct server *s, char **argv)
{
	const struct server_options *o = &s->options;

	if (!all_there(o))
		return 1;
	if (!sink_is_file(&s->settings))
		return each_serve(argv, o->file_at, o->files, o->file_count);
	fputs("several configurations can not log to one file\n", stderr);
	return 1;
}

static int
serve_logged(struct server *s, const struct text *advice)
{
	struct text why = { 0 };
	int status = 1;

	if (!sink_open(&s->settings, &why)) {
		fprintf(stderr, "%s\n", text_chars(&why));
	} else {
		if (advice->len > 0)
			log_lines(s->settings.absent ? LOG_DEBUG : LOG_WARN, LOG_CONFIGURATION,
			    text_chars(advice));
		status = serve(s);
		sink_close();
	}
	text_free(&why);
	return status;
}

/* Peers choose what is hashed. Right after the machine's start there may be no random numbers yet:
 * they are not waited for. */
static void
seed_hashes(void)
{
	uint64_t with[HASH_SEEDS] = { 0 };

	(void)getrandom(with, sizeof(with), GRND_NONBLOCK);
	hash_seed(with);
}

int
app_server(int argc, char **argv)
{
	struct server s = { 0 };
	struct text why = { 0 };
	struct text advice = { 0 };
	int status = 1;

	seed_hashes();
	if (!server_options_read(&s.options, argc, argv))
		return server_usage(stderr);
	if (s.options.help)
		return server_usage(stdout);
	if (!env_load(&s.settings, app_env_file(), &why, &advice)) {
		fprintf(stderr, "%s\n", text_chars(&why));
	} else if (*s.settings.debug_route != '\0') {
		status = decode_route(&s);
	} else if (s.options.file_count > 1 && !s.settings.debug_rotate) {
		status = serve_each(&s, argv);
	} else {
		server_options_apply(&s.options, &s.settings);
		status = serve_logged(&s, &advice);
	}
	server_options_done(&s.options);
	env_free(&s.settings);
	text_free(&why);
	text_free(&advice);
	return status;
}
