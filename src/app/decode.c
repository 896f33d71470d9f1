/* decode: hexadecimal messages to events, without a session. */
#include "api/tell.h"
#include "app.h"
#include "assumed.h"
#include "base/arena.h"
#include "base/hex.h"
#include "base/mem.h"
#include "bgp/message.h"
#include "bgp/notify.h"
#include "bgp/shape.h"
#include "commands.h"
#include "load.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define SHOWN_OF_BAD_HEX 50

struct decode {
	const char *config;
	const char *family_words;
	const struct family *family; /* NULL: all */
	bool nlri;
	bool paths;
	bool commands;
	bool words; /* as the text encoder tells */
	struct session session;
	struct event_peer peer;
	struct dialect dialect;
	struct arena arena;
	struct text out;
	uint8_t *bytes;
	size_t room;
	uint64_t counter;
	bool failed;
};

static void
flush(struct decode *d)
{
	(void)fwrite(text_chars(&d->out), 1, d->out.len, stdout);
	(void)fflush(stdout);
	text_clear(&d->out);
}

static void
say(struct decode *d, const char *line)
{
	text_string(&d->out, line);
	text_char(&d->out, '\n');
}

static void
invalid(struct decode *d)
{
	say(d, "invalid payload");
	d->failed = true;
}

static usec
wall(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (usec)now.tv_sec * USEC_SECOND + now.tv_nsec / 1000;
}

static void
tell(struct decode *d, struct event *e)
{
	struct telling how = {
		.dialect = &d->dialect, .encoder = d->words ? TELL_TEXT : TELL_JSON, .parsed = true
	};

	e->kind = EVENT_MESSAGE;
	e->peer = &d->peer;
	e->counter = ++d->counter;
	e->wall = wall();
	e->direction = EVENT_IN;
	e->parsed = true;
	tell_event(e, &how, &d->out);
}

static void
decode_open(struct decode *d, struct event e)
{
	struct notification why;
	struct open o;

	if (!open_decode(e.body, &d->arena, &o, &why)) {
		invalid(d);
		return;
	}
	e.open = &o;
	tell(d, &e);
}

static void
decode_notification(struct decode *d, struct event e)
{
	struct notification n;

	if (e.body.len < 2) {
		invalid(d);
		return;
	}
	n = notify_decode(e.body);
	e.notification = &n;
	tell(d, &e);
}

static void
decode_update(struct decode *d, struct event e)
{
	struct update u;

	update_decode(e.body, &d->session, &d->arena, NULL, &u);
	e.update = &u;
	if (u.verdict == VERDICT_RESET)
		invalid(d);
	else if (!d->commands || !commands_of_update(&u, &d->out))
		tell(d, &e);
	update_done(&u);
}

static void
decode_typed(struct decode *d, struct slice message)
{
	struct reader r = reader_on(message);
	struct event e = { .header = read_slice(&r, BGP_HEADER), .body = read_rest(&r) };
	size_t said;

	if (!reader_ok(&r)) {
		invalid(d);
		return;
	}
	r = reader_on(slice_after(e.header, BGP_MARKER_LEN));
	said = read_u16(&r);
	e.type = read_u8(&r);
	if (said != message.len)
		text_format(&d->out,
		    "warning: BGP header size (%zu) does not match data length (%zu)\n", said,
		    message.len);
	switch (e.type) {
	case MESSAGE_OPEN: decode_open(d, e); break;
	case MESSAGE_UPDATE: decode_update(d, e); break;
	case MESSAGE_NOTIFICATION: decode_notification(d, e); break;
	default: text_format(&d->out, "unknown type %u\n", e.type); invalid(d);
	}
}

/* Bare NLRI of the family, one object a line. */
static void
decode_nlri(struct decode *d, struct slice bytes)
{
	const struct family *f = family_at(d->session.families.ids[0]);
	struct reader r = reader_on(bytes);
	size_t start = d->out.len;

	while (reader_more(&r)) {
		struct nlri n = nlri_take(f, &r, family_in(d->session.path_ids_in, f));
		struct emit e = emit_on(&d->out, SPELL_JSON, d->dialect.shape);

		if (!reader_ok(&r))
			break;
		f->emit(&e, &n);
		text_char(&d->out, '\n');
	}
	if (reader_done(&r))
		return;
	d->out.len = start;
	invalid(d);
}

static bool
has_marker(struct slice bytes)
{
	if (bytes.len < BGP_MARKER_LEN)
		return false;
	for (size_t i = 0; i < BGP_MARKER_LEN; i++)
		if (bytes.at[i] != 0xff)
			return false;
	return true;
}

static void
decode_bytes(struct decode *d, struct slice bytes)
{
	struct event e = { .type = MESSAGE_UPDATE, .body = bytes };

	if (d->nlri)
		decode_nlri(d, bytes);
	else if (has_marker(bytes))
		decode_typed(d, bytes);
	else
		decode_update(d, e);
	arena_reset(&d->arena);
}

static void
bad_hex(struct decode *d, struct slice digits)
{
	struct emit e = emit_on(&d->out, SPELL_TEXT, 0);

	if (digits.len > SHOWN_OF_BAD_HEX)
		digits.len = SHOWN_OF_BAD_HEX;
	text_string(&d->out, "invalid hexadecimal: ");
	emit_str(&e, &BARE, digits);
	text_char(&d->out, '\n');
	d->failed = true;
}

/* One argument or line; blanks and colons don't count. */
static void
decode_line(struct decode *d, const char *line, size_t len)
{
	struct text digits = { 0 };
	size_t n;

	for (size_t i = 0; i < len; i++)
		if (strchr(" \t\r\n\f\v:", line[i]) == NULL || line[i] == '\0')
			text_char(&digits, line[i]);
	if (d->room < digits.len / 2) {
		d->room = digits.len;
		d->bytes = mem_grow(d->bytes, d->room);
	}
	if (digits.len == 0)
		;
	else if (hex_decode(text_view(&digits), d->bytes, d->room, &n))
		decode_bytes(d, slice_of(d->bytes, n));
	else
		bad_hex(d, text_view(&digits));
	text_free(&digits);
	flush(d);
}

static void
decode_input(struct decode *d)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	while ((n = getline(&line, &size, stdin)) >= 0)
		decode_line(d, line, (size_t)n);
	free(line);
}

/* All words are one message: blanks don't count. */
static void
decode_words(struct decode *d, int count, char **words)
{
	struct text line = { 0 };

	for (int i = 0; i < count; i++)
		text_string(&line, words[i]);
	decode_line(d, text_chars(&line), line.len);
	text_free(&line);
}

static const struct option options[] = {
	{ "nlri", no_argument, NULL, 'n' },
	{ "update", no_argument, NULL, 'u' },
	{ "open", no_argument, NULL, 'o' },
	{ "configuration", required_argument, NULL, 'c' },
	{ "family", required_argument, NULL, 'f' },
	{ "path-information", no_argument, NULL, 'i' },
	{ "generic", no_argument, NULL, 'g' },
	{ "json", no_argument, NULL, 'j' },
	{ "command", no_argument, NULL, 'm' },
	{ "text", no_argument, NULL, 't' },
	{ "debug", no_argument, NULL, 'd' },
	{ "pdb", no_argument, NULL, 'p' },
	{ NULL, 0, NULL, 0 },
};

static bool
read_options(struct decode *d, int argc, char **argv)
{
	int c;

	optind = 0; /* this is not the first scan: main had one */
	while ((c = getopt_long(argc, argv, "nuoc:f:igjmtdp", options, NULL)) != -1) {
		switch (c) {
		case 'n': d->nlri = true; break;
		case 'c': d->config = optarg; break;
		case 'f': d->family_words = optarg; break;
		case 'i': d->paths = true; break;
		case 'j': d->commands = false; break;
		case 'm': d->commands = true; break;
		case 't': d->words = true; break;
		case '?': return false;
		default: break; /* the type is in the message; the rest is about debugging */
		}
	}
	return true;
}

/* From the file, then from the options. */
static bool
settle_session(struct decode *d, struct text *why)
{
	d->session = session_assumed();
	if (d->config != NULL) {
		struct config *c = assumed_config(d->config, why);

		if (c == NULL)
			return false;
		d->session = assumed_session(&c->neighbors[0]->peer);
		config_free(c);
	}
	if (d->family_words != NULL) {
		d->family = assumed_family(d->family_words, why);
		if (d->family == NULL)
			return false;
		d->session.families = (struct family_list){ 0 };
		family_list_add(&d->session.families, d->family);
		d->session.family_bits = family_list_set(&d->session.families);
	}
	if (d->paths)
		assumed_paths(&d->session);
	return true;
}

/* The dialect of the environment; no session, so nothing was negotiated, and the next hop stands
 * where it came from. */
static void
settle_dialect(struct decode *d)
{
	struct env env;
	struct text why = { 0 };

	d->dialect = dialect_5_0;
	if (env_load(&env, app_env_file(), &why, &why))
		d->dialect = *load_dialect(&env);
	d->dialect.shape &= ~(uint32_t)SHAPE_NEGOTIATED;
	if (d->config == NULL)
		d->dialect.shape &= ~(uint32_t)SHAPE_NLRI_NEXT_HOP;
	env_free(&env);
	text_free(&why);
}

static void
settle_identity(struct decode *d)
{
	char host[256] = "";

	(void)gethostname(host, sizeof(host) - 1);
	tell_identity(host, getpid(), getppid());
	settle_dialect(d);
	d->peer = (struct event_peer){ .local = d->session.local,
		.peer = d->session.peer,
		.local_as = d->session.local_as,
		.peer_as = d->session.peer_as,
		.router_id = d->session.local_id };
}

int
app_decode(int argc, char **argv)
{
	struct decode d = { 0 };
	struct text why = { 0 };
	int status;

	if (!read_options(&d, argc, argv))
		return 2;
	if (!settle_session(&d, &why)) {
		status = assumed_fault(&why);
		text_free(&why);
		return status;
	}
	settle_identity(&d);
	if (optind == argc && isatty(STDIN_FILENO)) {
		say(&d, "no hexadecimal data: give it as an argument, or lines of it as input");
		d.failed = true;
		flush(&d);
	} else if (optind == argc) {
		decode_input(&d);
	} else {
		decode_words(&d, argc - optind, argv + optind);
	}
	arena_free(&d.arena);
	text_free(&d.out);
	mem_free(d.bytes);
	return d.failed ? 1 : 0;
}
