/* encode: the words of a route, or the routes of a file, to UPDATE messages in hexadecimal. */
#include "app.h"
#include "assumed.h"
#include "base/mem.h"
#include "base/num.h"
#include "bgp/message.h"
#include "bgp/route.h"
#include "rib/pack.h"

#include <getopt.h>
#include <stdio.h>

#define MESSAGES_ROOM (4u * BGP_EXTENDED_MAX) /* of one route */

struct encode {
	const char *config;
	const char *family_words;
	uint32_t local_as; /* 0: not given */
	uint32_t peer_as;
	bool paths;
	bool nlri;
	bool no_header;
	struct text out;
	uint8_t *room;
};

static const struct option options[] = {
	{ "family", required_argument, NULL, 'f' },
	{ "local-asn", required_argument, NULL, 'a' },
	{ "peer-asn", required_argument, NULL, 'z' },
	{ "path-information", no_argument, NULL, 'i' },
	{ "nlri", no_argument, NULL, 'n' },
	{ "no-header", no_argument, NULL, 'H' },
	{ "configuration", required_argument, NULL, 'c' },
	{ "debug", no_argument, NULL, 'd' },
	{ "pdb", no_argument, NULL, 'p' },
	{ NULL, 0, NULL, 0 },
};

static bool
read_asn(const char *word, uint32_t *to, struct text *why)
{
	if (num_asn(slice_on(word), to) && *to != 0)
		return true;
	text_format(why, "invalid AS number %.50s", word);
	return false;
}

/* 0, or the exit status. */
static int
read_options(struct encode *e, int argc, char **argv, struct text *why)
{
	int c;

	optind = 0; /* this is not the first scan: main had one */
	while ((c = getopt_long(argc, argv, "f:a:z:inc:dp", options, NULL)) != -1) {
		switch (c) {
		case 'f': e->family_words = optarg; break;
		case 'c': e->config = optarg; break;
		case 'i': e->paths = true; break;
		case 'n': e->nlri = true; break;
		case 'H': e->no_header = true; break;
		case 'a':
			if (!read_asn(optarg, &e->local_as, why))
				return assumed_fault(why);
			break;
		case 'z':
			if (!read_asn(optarg, &e->peer_as, why))
				return assumed_fault(why);
			break;
		case '?': return 2;
		default: break;
		}
	}
	return 0;
}

static void
settle(const struct encode *e, struct session *s)
{
	if (e->local_as != 0)
		s->local_as = e->local_as;
	if (e->peer_as != 0)
		s->peer_as = e->peer_as;
	if (e->paths)
		assumed_paths(s);
}

static void
put_line(struct encode *e, struct slice bytes)
{
	text_hex_upper(&e->out, bytes);
	text_char(&e->out, '\n');
}

static void
put_nlri(struct encode *e, const struct nlri *n)
{
	uint8_t id[4];

	if (n->has_path_id) {
		store_u32(id, n->path_id);
		text_hex_upper(&e->out, slice_of(id, sizeof(id)));
	}
	put_line(e, n->bytes);
}

/* Whole messages, one behind the other. */
static void
put_messages(struct encode *e, struct slice messages)
{
	struct reader r = reader_on(messages);

	while (reader_more(&r)) {
		struct reader ahead = r;
		struct slice message;

		read_skip(&ahead, BGP_MARKER_LEN);
		message = read_slice(&r, read_u16(&ahead));
		if (reader_ok(&r) && message.len >= BGP_HEADER)
			put_line(e, e->no_header ? message_body(message) : message);
		else
			break;
	}
}

static bool
put_route(struct encode *e, const struct route *route, const struct session *s, struct text *why)
{
	struct writer w = writer_on(e->room, MESSAGES_ROOM);

	bool alone = route->nlri.family == NULL; /* attributes without a route */
	bool fine;

	if (e->nlri) {
		if (!alone)
			put_nlri(e, &route->nlri);
		return true;
	}
	fine = alone ? pack_attributes(route->attrs, s, &w)
		     : pack_route(&route->nlri, route->attrs, route->withdrawn, s, &w);
	if (!fine) {
		text_string(why, "the route can not be said to this session");
		return false;
	}
	put_messages(e, slice_of(e->room, writer_len(&w)));
	return true;
}

static bool
put_routes(struct encode *e, const struct routes *list, const struct session *s, struct text *why)
{
	uint8_t room[ROUTE_PART_MAX];

	for (size_t i = 0; i < list->count; i++) {
		for (size_t n = 0; n < route_parts(&list->at[i]); n++) {
			struct route one = route_one(&list->at[i], n, room);

			if (!put_route(e, &one, s, why))
				return false;
		}
	}
	return true;
}

#define VERB "route "

/* words: behind "route". In the family that was asked for, its words stand where that stood. */
static bool
parse(struct slice words, const struct family *f, struct routes *to, struct text *why)
{
	struct text behind = { 0 };
	struct lex lx;
	bool plain = f == NULL || f->safi == 1;
	bool fine;

	text_string(&behind, plain ? "route" : f->safi_word);
	text_char(&behind, ' ');
	text_slice(&behind, words);
	lex_init(&lx, text_view(&behind), LEX_COMMAND);
	if (plain && lex_want(&lx, "route"))
		route_parse(&lx, ROUTE_ANNOUNCE, to);
	else if (!plain)
		route_parse_family(&lx, slice_on(f->afi_word), ROUTE_ANNOUNCE, to);
	if (!lex_over(&lx))
		lex_fault(&lx, "expected the end of the route");
	fine = !lex_failed(&lx);
	if (!fine)
		lex_explain(&lx, why);
	lex_done(&lx);
	text_free(&behind);
	return fine;
}

static bool
encode_words(struct encode *e, struct slice words, struct text *why)
{
	struct session s = session_assumed();
	const struct family *f = NULL;
	struct routes routes = { 0 };
	bool fine;

	if (e->family_words != NULL && (f = assumed_family(e->family_words, why)) == NULL)
		return false;
	settle(e, &s);
	text_string(why, "Failed to parse route: ");
	if (!slice_begins(words, VERB)) {
		text_string(why, "expected route");
		return false;
	}
	if (!parse(slice_after(words, sizeof(VERB) - 1), f, &routes, why)) {
		routes_free(&routes);
		return false;
	}
	text_clear(why);
	fine = put_routes(e, &routes, &s, why);
	routes_free(&routes);
	return fine;
}

/* All of them, also those that begin withdrawn and wait for their watchdog. */
static void
announce_all(struct routes *list)
{
	for (size_t i = 0; i < list->count; i++)
		list->at[i].withdrawn = false;
}

static bool
encode_file(struct encode *e, struct text *why)
{
	struct config *c = assumed_config(e->config, why);
	bool fine = c != NULL;

	for (size_t i = 0; fine && i < c->neighbor_count; i++) {
		struct session s = assumed_session(&c->neighbors[i]->peer);

		settle(e, &s);
		announce_all(&c->neighbors[i]->routes);
		fine = put_routes(e, &c->neighbors[i]->routes, &s, why);
	}
	if (c != NULL)
		config_free(c);
	return fine;
}

static int
encode_all(struct encode *e, int argc, char **argv, struct text *why)
{
	struct text words = { 0 };
	int status = 0;

	for (int i = optind; i < argc; i++) {
		text_string(&words, i == optind ? "" : " ");
		text_string(&words, argv[i]);
	}
	if (words.len == 0 && e->config == NULL)
		text_string(why, "Failed to parse route: nothing was given");
	if (why->len != 0 || (e->config != NULL && !encode_file(e, why)) ||
	    (words.len != 0 && !encode_words(e, text_view(&words), why)))
		status = assumed_fault(why);
	text_free(&words);
	return status;
}

int
app_encode(int argc, char **argv)
{
	struct encode e = { 0 };
	struct text why = { 0 };
	int status = read_options(&e, argc, argv, &why);

	e.room = mem_get(MESSAGES_ROOM);
	if (status == 0)
		status = encode_all(&e, argc, argv, &why);
	(void)fwrite(text_chars(&e.out), 1, e.out.len, stdout);
	(void)fflush(stdout);
	text_free(&e.out);
	text_free(&why);
	mem_free(e.room);
	return status;
}
