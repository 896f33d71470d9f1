/* The server: settings, configuration, privileges, one engine, the loop. */
#include "app.h"

#include "api/tell.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "command/command.h"
#include "control.h"
#include "daemon.h"
#include "debug.h"
#include "each.h"
#include "load.h"
#include "loop/child.h"
#include "loop/loop.h"
#include "loop/signal.h"
#include "sink.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The reference's 6.0 is slow enough to see commands of one breath together; its users rely on it.
 */
#define COMING_LINGER   (2 * USEC_MSEC)
#define CONTROL_CLIENTS 64 /* on the control socket at once; more wait */
#define CONTROL_CLIENTS_MOST 10000

struct server {
	struct env settings;
	char **files; /* of the command line, made absolute */
	size_t file_count;
	size_t file; /* debug.rotate: the one in force */
	bool once;   /* options of the command line */
	bool passive;
	bool verbose;
	bool help;
	usec signal_after; /* -s: SIGUSR1 to ourselves */
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

static struct config *
server_load(struct engine *e, struct text *why, struct text *warnings)
{
	struct server *s = engine_owner(e);

	if (s->settings.debug_rotate)
		s->file = (s->file + 1) % s->file_count;
	return load_config(s->files[s->file], false, &s->settings, s->uid, s->gid, why, warnings);
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
	case SIGUSR1: (void)engine_reload(s->engine, false); break; /* a fault was logged */
	case SIGUSR2: (void)engine_reload(s->engine, true); break;
	case SIGALRM: (void)engine_restart(s->engine); break;
	default: engine_stop(s->engine); break;
	}
}

static void
server_slow(const char *name, usec took)
{
	log_say(LOG_WARN, LOG_REACTOR, "slow callback name=\"%s\" took=%lldms", name,
	    (long long)(took / USEC_MSEC));
}

/* tcp.bind: addresses with blanks between. */
static bool
bind_addresses(const char *words, struct engine_conf *conf, struct text *why)
{
	struct slice rest = slice_on(words);

	while (rest.len > 0) {
		struct slice word = rest;
		struct slice tail = { NULL, 0 };
		struct addr a;

		(void)word_cut(rest, ' ', &word, &tail); /* false: the last one */
		rest = tail;
		if (word.len == 0)
			continue;
		if (!addr_parse(word, &a)) {
			text_format(why, "tcp.bind: \"%.*s\" is no address", (int)word.len,
			    (const char *)word.at);
			return false;
		}
		conf->binds = mem_grow(conf->binds, (conf->bind_count + 1) * sizeof(a));
		conf->binds[conf->bind_count++] = a;
	}
	return true;
}

/* RFC 9562 5.4: version 4, random. */
static const char *
new_uuid(void)
{
	static char words[37];
	uint8_t b[16] = { 0 };

	if (getrandom(b, sizeof(b), GRND_NONBLOCK) != sizeof(b))
		log_say(LOG_WARN, LOG_DAEMON, "no random numbers: %s", strerror(errno));
	b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);
	b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
	(void)snprintf(words, sizeof(words),
	    "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
	    b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
	    b[15]);
	return words;
}

/* exabgp_api_max_clients and exabgp_api_multi_client, which the reference has outside of its rows.
 */
static unsigned
control_clients(void)
{
	const char *most = getenv("exabgp_api_max_clients");
	const char *many = getenv("exabgp_api_multi_client");
	uint64_t n = CONTROL_CLIENTS;

	if (many != NULL && strcmp(many, "false") == 0)
		return 1;
	if (most != NULL && (!num_decimal(slice_on(most), CONTROL_CLIENTS_MOST, &n) || n == 0))
		log_say(LOG_WARN, LOG_DAEMON,
		    "exabgp_api_max_clients: expected a number from 1 to %d", CONTROL_CLIENTS_MOST);
	return n == 0 ? CONTROL_CLIENTS : (unsigned)n;
}

static bool
engine_conf_from(const struct env *s, struct engine_conf *conf, struct text *why)
{
	*conf = (struct engine_conf){
		.globals = {
			.port = s->port_in_environment ? (uint16_t)s->port : 179,
			.open_wait = (uint16_t)s->openwait,
			.send_hold = (uint16_t)s->sendhold,
			.attempts = (uint32_t)s->attempts,
			.passive = s->passive,
			.linger = s->api_version != 0 ? COMING_LINGER : 0,
			.audit_paths = s->paths_limit_audit,
			.coming_line = s->api_version != 0,
		},
		.dialect = load_dialect(s),
		.bind_port = (uint16_t)s->port,
		.limits = {
			.line_max = 1024 * 1024,
			.respawns = 5,
			.respawn_window = 64 * USEC_SECOND,
			.respawn = s->respawn,
			.final = s->terminate,
		},
		.terminate = s->terminate,
		.failures = (unsigned)s->failures,
		.drain_limit = (usec)s->drainwait * USEC_MSEC,
		.compact = s->compact,
		.chunk = s->chunk == 0 ? 1 : (size_t)s->chunk,
		.routes_v2 = strcmp(s->show_routes_format, "v2") == 0,
		.version = load_version(),
		.uuid = new_uuid(),
	};
	return bind_addresses(s->bind, conf, why);
}

static void
identity(void)
{
	char host[HOST_NAME_MAX + 1] = "localhost";

	(void)gethostname(host, sizeof(host) - 1); /* the default stays */
	tell_identity(host, getpid(), getppid());
}

/* --- tcp.delay: peers start when the minute is a multiple --- */

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

	if (!engine_conf_from(&s->settings, &conf, why)) {
		mem_free(conf.binds);
		config_free(c);
		return false;
	}
	control_to_open(&s->settings, &s->control);
	conf.control_socket = s->control.socket.len > 0 ? text_chars(&s->control.socket) : NULL;
	conf.control_in = s->control.in.len > 0 ? text_chars(&s->control.in) : NULL;
	conf.control_out = text_chars(&s->control.out);
	conf.control_clients = control_clients();
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
	if (s->signal_after > 0)
		timer_start(&s->poke, s->loop, loop_now(s->loop) + s->signal_after, poke_due, "-s");
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
		c = load_config(s->files[0], true, &s->settings, s->uid, s->gid, &why, &warnings);
	if (warnings.len > 0)
		log_lines(LOG_WARN, LOG_CONFIGURATION, text_chars(&warnings));
	fine = c != NULL && go_daemon(s, &why);
	(void)umask((mode_t)s->settings.umask);
	if (fine && chdir("/") != 0)
		log_say(LOG_WARN, LOG_DAEMON, "can not go to /: %s", strerror(errno));
	identity();
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

static int
usage(FILE *to)
{
	fputs("usage: peerpipe server [-v] [-d] [-p] [-1] [-P] [-m] [-s SECONDS] [--profile FILE] "
	      "CONFIGURATION...\n",
	    to);
	return to == stdout ? 0 : 2;
}

static bool
options(struct server *s, int argc, char **argv)
{
	static const struct option words[] = {
		{ "verbose", no_argument, NULL, 'v' },
		{ "debug", no_argument, NULL, 'd' },
		{ "pdb", no_argument, NULL, 'p' },
		{ "once", no_argument, NULL, '1' },
		{ "passive", no_argument, NULL, 'P' },
		{ "memory", no_argument, NULL, 'm' },
		{ "signal", required_argument, NULL, 's' },
		{ "profile", required_argument, NULL, 'F' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;
	uint64_t seconds;

	optind = 1;
	while ((c = getopt_long(argc, argv, "vdp1Pms:h", words, NULL)) != -1) {
		switch (c) {
		case 'v':
		case 'd': s->verbose = true; break;
		case '1': s->once = true; break;
		case 'P': s->passive = true; break;
		case 'h': s->help = true; return true;
		case 's':
			if (!num_decimal(slice_on(optarg), 86400, &seconds))
				return false;
			s->signal_after = (usec)seconds * USEC_SECOND;
			break;
		case 'p':
		case 'm':
		case 'F': break; /* of the reference's interpreter */
		default: return false;
		}
	}
	return optind < argc;
}

/* Paths are made absolute: we go to / and read them again at a reload. */
static void
take_files(struct server *s, int argc, char **argv)
{
	s->files = mem_zero((size_t)(argc - optind), sizeof(char *));
	for (int i = optind; i < argc; i++) {
		struct text path = { 0 };
		char real[PATH_MAX];
		const char *name = argv[i];

		load_path(name, &path);
		if (strcmp(name, "-") != 0 && realpath(text_chars(&path), real) != NULL)
			name = real;
		s->files[s->file_count++] = mem_string(name, strlen(name));
		text_free(&path);
	}
}

static void
apply_options(struct server *s)
{
	if (s->verbose) {
		s->settings.log_all = true;
		s->settings.log_short = false;
		mem_free(s->settings.log_level);
		s->settings.log_level = mem_string("DEBUG", 5);
	}
	if (s->once)
		s->settings.attempts = 1;
	s->settings.passive |= s->passive;
}

/* debug.route: one message is decoded, and that is all. */
static int
decode_route(struct server *s)
{
	char name[] = "decode";
	char option[] = "-c";
	char *words[] = { name, option, s->files[0], s->settings.debug_route, NULL };

	return app_decode(4, words);
}

int
app_server(int argc, char **argv)
{
	struct server s = { 0 };
	struct text why = { 0 };
	struct text advice = { 0 };
	int status = 1;

	if (!options(&s, argc, argv))
		return usage(stderr);
	if (s.help)
		return usage(stdout);
	take_files(&s, argc, argv);
	if (!env_load(&s.settings, app_env_file(), &why, &advice)) {
		fprintf(stderr, "%s\n", text_chars(&why));
	} else if (*s.settings.debug_route != '\0') {
		status = decode_route(&s);
	} else if (s.file_count > 1 && !s.settings.debug_rotate) {
		if (sink_is_file(&s.settings))
			fputs("several configurations can not log to one file\n", stderr);
		else
			status = each_serve(argv, optind, s.files, s.file_count);
	} else {
		apply_options(&s);
		if (!sink_open(&s.settings, &why)) {
			fprintf(stderr, "%s\n", text_chars(&why));
		} else {
			if (advice.len > 0)
				log_lines(LOG_DEBUG, LOG_CONFIGURATION, text_chars(&advice));
			status = serve(&s);
			sink_close();
		}
	}
	for (size_t i = 0; i < s.file_count; i++)
		mem_free(s.files[i]);
	mem_free(s.files);
	env_free(&s.settings);
	text_free(&why);
	text_free(&advice);
	return status;
}
