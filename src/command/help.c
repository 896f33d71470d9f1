/* help: every row, in the words and the form of the version that is asked. */
#include "call.h"

#include "api/show.h"
#include "base/mem.h"

/* A selector in front of show chooses, but is not listed: an address behind it does the same. */
static bool
lists_selector(const struct command *row)
{
	return row->neighbors && !slice_begins(slice_on(row->words), "show ");
}

/* What version 6 calls the row; *selector: it stands behind "peer". */
static struct show_command
named_6(const struct command *row)
{
	const char *own = version_6_words(row->words);
	bool selector = lists_selector(row);

	return (struct show_command){
		.words = own == NULL ? row->words : own,
		.options = row->options,
		.selector = selector,
		.behind_peer = selector && (own == NULL || slice_begins(slice_on(own), "peer ")),
	};
}

static struct show_command
named(const struct command *row)
{
	return (struct show_command){
		.words = row->words,
		.options = row->options,
		.selector = lists_selector(row) && !slice_begins(slice_on(row->words), "peer "),
	};
}

static enum call_result
help(struct call *c)
{
	bool six = c->json || call_of_coming_line(c) || engine_api_version(c->engine) == 6;
	struct show_command *list;
	size_t count = 0;

	while (command_at(count) != NULL)
		count++;
	list = mem_zero(count, sizeof(*list));
	for (size_t i = 0; i < count; i++)
		list[i] = six ? named_6(command_at(i)) : named(command_at(i));
	if (c->json)
		show_help_json(list, count, c->answer);
	else
		show_help(list, count, six, c->answer);
	mem_free(list);
	return CALL_DONE;
}

const struct command commands_help[] = {
	{ "help", NULL, false, help },
	{ 0 },
};
