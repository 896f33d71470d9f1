/* configuration: validate, export to JSON, and an example. */
#include "app.h"

#include "base/num.h"
#include "lang/emit.h"
#include "lang/lex.h"
#include "load.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Export: sections as objects, settings as strings, and lists of statements. */

struct export
{
	struct text *to;
	int indent;
	int depth;
};

static void
new_line(struct export *x)
{
	text_char(x->to, '\n');
	for (int i = 0; i < x->indent * x->depth; i++)
		text_char(x->to, ' ');
}

static void
put_string(struct export *x, struct slice s)
{
	text_char(x->to, '"');
	json_escape(x->to, s);
	text_char(x->to, '"');
}

static void
next_item(struct export *x, bool first)
{
	if (!first)
		text_char(x->to, ',');
	new_line(x);
}

/* Sections whose statements may be many of one word. */
static bool
is_list(struct slice section)
{
	static const char *const lists[] = { "family", "nexthop", "add-path", "static", "announce",
		"flow", "l2vpn", "operational", "send", "receive" };

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (slice_is(section, lists[i]))
			return true;
	}
	return false;
}

/* The words up to the mark that ends them, with blanks between. */
static void
words_up_to_end(struct lex *lx, struct text *to)
{
	while (!lex_ends(lx)) {
		if (to->len > 0)
			text_char(to, ' ');
		text_slice(to, lex_next(lx).word);
	}
}

static void
put_list(struct export *x, struct lex *lx)
{
	struct text words = { 0 };
	bool first = true;

	text_char(x->to, '[');
	x->depth++;
	for (; !lex_over(lx) && !lex_take(lx, "}"); first = false) {
		text_clear(&words);
		words_up_to_end(lx, &words);
		(void)lex_take(lx, ";");
		next_item(x, first);
		put_string(x, text_view(&words));
	}
	x->depth--;
	if (!first)
		new_line(x);
	text_char(x->to, ']');
	text_free(&words);
}

static void put_object(struct export *x, struct lex *lx);

/* One statement: "word": "rest", or what stands in its braces. */
static void
put_statement(struct export *x, struct lex *lx)
{
	struct slice word = lex_next(lx).word;
	struct text rest = { 0 };
	struct text name = { 0 };

	words_up_to_end(lx, &rest);
	text_slice(&name, word);
	if (lex_is(lx, "{") && rest.len > 0)
		text_format(&name, " %s", text_chars(&rest));
	put_string(x, text_view(&name));
	text_string(x->to, ": ");
	if (!lex_take(lx, "{"))
		put_string(x, text_view(&rest));
	else if (is_list(word))
		put_list(x, lx);
	else
		put_object(x, lx);
	(void)lex_take(lx, ";");
	text_free(&rest);
	text_free(&name);
}

/* Up to and with its closing brace, or the end. */
static void
put_object(struct export *x, struct lex *lx)
{
	bool first = true;

	text_char(x->to, '{');
	x->depth++;
	for (; !lex_over(lx) && !lex_take(lx, "}"); first = false) {
		next_item(x, first);
		put_statement(x, lx);
	}
	x->depth--;
	if (!first)
		new_line(x);
	text_char(x->to, '}');
}

static void
put_helpers(struct export *x, const struct config *c)
{
	next_item(x, true);
	text_string(x->to, "\"process\": {");
	x->depth++;
	for (size_t i = 0; i < c->helper_count; i++) {
		const struct helper_conf *h = c->helpers[i];

		next_item(x, i == 0);
		put_string(x, slice_on(h->name));
		text_format(x->to, ": {\"encoder\": \"%s\", \"run\": [",
		    h->encoder == HELPER_TEXT ? "text" : "json");
		for (size_t k = 0; h->argv[k] != NULL; k++) {
			text_string(x->to, k == 0 ? "" : ", ");
			put_string(x, slice_on(h->argv[k]));
		}
		text_string(x->to, "]}");
	}
	x->depth--;
	if (c->helper_count > 0)
		new_line(x);
	text_char(x->to, '}');
}

static void
put_routes(struct export *x, const struct routes *routes)
{
	text_string(x->to, "\"routes\": [");
	x->depth++;
	for (size_t i = 0; i < routes->count; i++) {
		const struct route *r = &routes->at[i];
		struct text words = { 0 };
		struct emit e = emit_on(&words, SPELL_WORDS, 0);

		route_emit_whole(&e, r);
		next_item(x, i == 0);
		put_string(x, text_view(&words));
		text_free(&words);
	}
	x->depth--;
	if (routes->count > 0)
		new_line(x);
	text_char(x->to, ']');
}

/* A neighbor is what "show neighbor configuration" prints, by its name, and its routes. */
static void
put_neighbor(struct export *x, const struct neighbor_conf *n)
{
	struct neighbor_conf settings = *n;
	struct text section = { 0 };
	struct text head = { 0 };
	struct lex lx;

	settings.routes = (struct routes){ 0 };
	neighbor_print(&settings, &section);
	lex_init(&lx, text_view(&section), LEX_FILE);
	words_up_to_end(&lx, &head);
	(void)lex_take(&lx, "{");
	put_string(x, slice_on(n->peer.name));
	text_string(x->to, ": {");
	x->depth++;
	for (bool first = true; !lex_is(&lx, "}") && !lex_over(&lx); first = false) {
		next_item(x, first);
		put_statement(x, &lx);
	}
	next_item(x, false);
	put_routes(x, &n->routes);
	x->depth--;
	new_line(x);
	text_char(x->to, '}');
	lex_done(&lx);
	text_free(&head);
	text_free(&section);
}

static void
put_config(struct export *x, const struct config *c)
{
	text_char(x->to, '{');
	x->depth = 1;
	put_helpers(x, c);
	next_item(x, false);
	text_string(x->to, "\"neighbor\": {");
	x->depth++;
	for (size_t i = 0; i < c->neighbor_count; i++) {
		next_item(x, i == 0);
		put_neighbor(x, c->neighbors[i]);
	}
	x->depth--;
	new_line(x);
	text_char(x->to, '}');
	x->depth--;
	new_line(x);
	text_string(x->to, "}\n");
}

static int
write_out(const char *name, const struct text *out)
{
	FILE *to = name == NULL ? stdout : fopen(name, "we");
	int status = 0;

	if (to == NULL) {
		fprintf(stderr, "%s: %s\n", name, strerror(errno));
		return 1;
	}
	if (fwrite(out->at, 1, out->len, to) != out->len)
		status = 1;
	if (to != stdout && fclose(to) != 0)
		status = 1;
	if (status != 0)
		fprintf(
		    stderr, "%s: %s\n", name == NULL ? "standard output" : name, strerror(errno));
	return status;
}

static int
export_file(const char *file, const char *output, int indent)
{
	struct env s;
	struct text why = { 0 };
	struct text advice = { 0 };
	struct text out = { 0 };
	struct export x = { .to = &out, .indent = indent };
	struct config *c = NULL;
	int status = 1;

	if (env_load(&s, app_env_file(), &why, &advice))
		c = load_config(file, true, &s, getuid(), getgid(), &why, &advice);
	if (c == NULL) {
		fprintf(stderr, "error: %s\n", text_chars(&why));
	} else {
		put_config(&x, c);
		status = write_out(output, &out);
	}
	config_free(c);
	env_free(&s);
	text_free(&why);
	text_free(&advice);
	text_free(&out);
	return status;
}

static int
usage(FILE *to)
{
	fputs("usage: peerpipe configuration validate [-n] [-r] [-v] CONFIGURATION...\n"
	      "       peerpipe configuration export [-o FILE] [-i SPACES] CONFIGURATION\n"
	      "       peerpipe configuration example [neighbor|full]\n",
	    to);
	return to == stdout ? 0 : 2;
}

static int export(int argc, char **argv)
{
	static const struct option words[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "indent", required_argument, NULL, 'i' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *output = NULL;
	uint64_t indent = 2;
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "o:i:h", words, NULL)) != -1) {
		switch (c) {
		case 'o': output = optarg; break;
		case 'i':
			if (!num_decimal(slice_on(optarg), 16, &indent))
				return usage(stderr);
			break;
		case 'h': return usage(stdout);
		default: return usage(stderr);
		}
	}
	if (optind + 1 != argc)
		return usage(stderr);
	return export_file(argv[optind], output, (int)indent);
}

static const char example_process[] =
    "# A program that gives commands on its standard output and hears events on its input.\n"
    "process announcer {\n"
    "	run /usr/bin/python3 /etc/exabgp/announcer.py;\n"
    "	encoder json;\n"
    "}\n\n";

static const char example_neighbor[] =
    "neighbor 192.0.2.1 {\n"
    "	router-id 192.0.2.2;       # who we are\n"
    "	local-address 192.0.2.2;   # our end of the connection, or auto\n"
    "	local-as 65001;\n"
    "	peer-as 65002;\n"
    "	hold-time 180;\n\n"
    "	family {\n"
    "		ipv4 unicast;\n"
    "		ipv6 unicast;\n"
    "	}\n";

static const char example_more[] =
    "	capability {\n"
    "		route-refresh enable;\n"
    "		graceful-restart 120;\n"
    "		add-path send/receive;\n"
    "	}\n"
    "	api {\n"
    "		processes [ announcer ];\n"
    "		neighbor-changes;\n"
    "		receive {\n"
    "			parsed;\n"
    "			update;\n"
    "		}\n"
    "	}\n"
    "	static {\n"
    "		route 198.51.100.0/24 next-hop self;\n"
    "		route 203.0.113.0/24 next-hop 192.0.2.2 med 10 community [ 65001:1 65001:2 ];\n"
    "	}\n";

static int
example(int argc, char **argv)
{
	bool full = argc < 2 || strcmp(argv[1], "full") == 0;

	if (argc > 2 || (!full && strcmp(argv[1], "neighbor") != 0))
		return usage(stderr);
	printf(
	    "%s%s%s}\n", full ? example_process : "", example_neighbor, full ? example_more : "");
	return 0;
}

int
app_configuration(int argc, char **argv)
{
	if (argc < 2)
		return usage(stderr);
	if (strcmp(argv[1], "validate") == 0)
		return app_validate(argc - 1, argv + 1);
	if (strcmp(argv[1], "export") == 0)
		return export(argc - 1, argv + 1);
	if (strcmp(argv[1], "example") == 0)
		return example(argc - 1, argv + 1);
	return usage(
	    strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0 ? stdout : stderr);
}
