/* What help prints. */
#include "api/show.h"
#include "base/mem.h"

#include <stdlib.h>

#define SELECTOR "[neighbor <ip> [filters]] "

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

static void
put_line(struct text *to, const struct show_command *c)
{
	if (c->selector)
		text_string(to, SELECTOR);
	text_string(to, c->words);
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
show_help(const struct show_command *const *commands, size_t count, struct text *to)
{
	struct text *lines = mem_zero(count, sizeof(*lines));

	for (size_t i = 0; i < count; i++)
		put_line(&lines[i], commands[i]);
	qsort(lines, count, sizeof(*lines), by_line);
	text_string(to, heading);
	for (size_t i = 0; i < count; i++) {
		text_slice(to, text_view(&lines[i]));
		text_char(to, '\n');
		text_free(&lines[i]);
	}
	text_char(to, '\n');
	mem_free(lines);
}
