/* The names of the program's rows, KIND NAME a line, but those of its configuration, of which
 * docs/config.md has the tables. */
#include "api/event.h"
#include "attr.h"
#include "base/must.h"
#include "bgp/family.h"
#include "call.h"
#include "nlri/flow.h"

#include <stdio.h>

static const char *const events[] = {
	[EVENT_STATE] = "state",
	[EVENT_FSM] = "fsm",
	[EVENT_NEGOTIATED] = "negotiated",
	[EVENT_MESSAGE] = "message",
	[EVENT_SIGNAL] = "signal",
	[EVENT_SHUTDOWN] = "shutdown",
	[EVENT_BACKPRESSURE] = "backpressure",
	[EVENT_GAP] = "gap",
};

static const char *const lists[] = {
#define X(w) "message " #w,
#include "message.inc"
#undef X
#define X(w) "capability " #w,
#include "cap.inc"
#undef X
#define X(w) "attribute " #w,
#include "attr.inc"
#undef X
};

static void
print_bgp(void)
{
	const struct attr *row;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		puts(lists[i]);
	for (unsigned i = 0; i < family_count(); i++)
		printf("family %s\n", family_at(i)->name);
	for (size_t i = 0; (row = attr_at(i)) != NULL; i++)
		for (size_t k = 0; k < ATTR_WORDS && row->words[k].word != NULL; k++)
			printf("word %s\n", row->words[k].word);
	for (uint8_t type = 1; type <= FLOW_TYPES; type++) {
		const struct flow_row *f = flow_row(type);

		if (f->v4 != NULL)
			printf("match %s\n", f->v4);
		if (f->v6 != NULL && (f->v4 == NULL || strcmp(f->v4, f->v6) != 0))
			printf("match %s\n", f->v6);
	}
}

static void
print_commands(void)
{
	const struct command *row;

	for (size_t i = 0; (row = command_at(i)) != NULL; i++) {
		const char *six = version_6_words(row->words);

		printf("command %s\n", row->words);
		if (six != NULL)
			printf("command %s\n", six);
	}
}

int
main(void)
{
	MUST(sizeof(events) / sizeof(events[0]) == EVENT_KINDS);
	print_bgp();
	print_commands();
	for (size_t i = 0; i < EVENT_KINDS; i++)
		printf("event %s\n", events[i]);
	return 0;
}
