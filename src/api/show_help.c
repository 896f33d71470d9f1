/* What help prints. */
#include "api/show.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static const char heading[] =
    "\n"
    "available API commands are listed here:\n"
    "=======================================\n"
    "\n"
    "filter can be: [local-ip <ip>][local-as <asn>][peer-as <asn>][router-id <router-id>]\n"
    "\n"
    "command are:\n"
    "------------\n"
    "\n";

static const char heading_6[] =
    "\n"
    "available API commands (v6 format):\n"
    "====================================\n"
    "\n"
    "filter can be: [local-ip <ip>][local-as <asn>][peer-as <asn>][router-id <router-id>]\n"
    "\n"
    "commands:\n"
    "---------\n"
    "\n";

static bool
begins_with_peer(const struct show_command *c)
{
	return slice_begins(slice_on(c->words), "peer ");
}

/* "peer teardown" in the list of version 6 is "[peer <ip> [filters]] teardown". */
static void
put_line(struct text *to, const struct show_command *c, bool six)
{
	if (c->selector && (!six || c->behind_peer))
		text_string(to, six ? "[peer <ip> [filters]] " : "[neighbor <ip> [filters]] ");
	text_string(to, c->words + (c->behind_peer && begins_with_peer(c) ? 5 : 0));
	if (c->options != NULL) {
		text_char(to, ' ');
		text_string(to, c->options);
	}
	if (!c->selector)
		text_char(to, ' ');
}

static int
by_line(const void *a, const void *b)
{
	return slice_compare(text_view(a), text_view(b));
}

void
show_help(const struct show_command *commands, size_t count, bool six, struct text *to)
{
	struct text *lines = mem_zero(count, sizeof(*lines));

	for (size_t i = 0; i < count; i++)
		put_line(&lines[i], &commands[i], six);
	qsort(lines, count, sizeof(*lines), by_line);
	text_string(to, six ? heading_6 : heading);
	for (size_t i = 0; i < count; i++) {
		text_slice(to, text_view(&lines[i]));
		text_char(to, '\n');
		text_free(&lines[i]);
	}
	text_char(to, '\n');
	mem_free(lines);
}

/* "[ 4 | 6 ]", or "NAME": what stands between the marks, as strings. */
static void
put_options(struct text *to, const char *options)
{
	bool inside = false;
	size_t n = 0;

	text_string(to, ", \"options\": [");
	for (; *options != '\0'; options++) {
		bool mark = strchr("[]| ", *options) != NULL;

		if (!mark && !inside)
			text_string(to, n++ == 0 ? "\"" : ", \"");
		if (mark && inside)
			text_char(to, '"');
		if (!mark)
			text_char(to, *options);
		inside = !mark;
	}
	text_string(to, inside ? "\"]" : "]");
}

static void
put_name(struct text *to, const struct show_command *c)
{
	if (c->behind_peer && !begins_with_peer(c))
		text_string(to, "peer ");
	text_string(to, c->words);
}

static int
by_name(const void *a, const void *b)
{
	struct text names[2] = { 0 };
	int order;

	put_name(&names[0], a);
	put_name(&names[1], b);
	order = slice_compare(text_view(&names[0]), text_view(&names[1]));
	text_free(&names[0]);
	text_free(&names[1]);
	return order;
}

void
show_help_json(struct show_command *commands, size_t count, struct text *to)
{
	qsort(commands, count, sizeof(*commands), by_name);
	text_string(to,
	    "{\"description\": \"Available API commands (v6 format)\", "
	    "\"peer_filters\": [\"local-ip\", \"local-as\", \"peer-as\", "
	    "\"router-id\"], \"commands\": [");
	for (size_t i = 0; i < count; i++) {
		const struct show_command *c = &commands[i];

		text_string(to, i == 0 ? "{\"command\": \"" : ", {\"command\": \"");
		put_name(to, c);
		text_format(to, "\", \"neighbor_support\": %s, \"json_support\": true",
		    c->selector ? "true" : "false");
		if (c->options != NULL)
			put_options(to, c->options);
		text_char(to, '}');
	}
	text_string(to, "]}\n");
}
