/* migrate api: commands and events line by line, or between a daemon and a helper. */
#include "migrate.h"

#include "api/translate.h"
#include "base/num.h"
#include "command/command.h"
#include "relay.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct between {
	enum version from; /* the helper's */
	enum version to;   /* the daemon's */
};

static const struct dialect *
dialect_of_version(enum version v)
{
	static const char *const words[VERSIONS] = {
		[VERSION_3_4] = "4.2",
		[VERSION_4] = "4.2",
		[VERSION_5] = "5.0",
		[VERSION_MAIN] = "6.0",
	};

	return dialect_of(slice_on(words[v]));
}

static void
put_event(enum version from, enum version to, struct slice line, struct text *out)
{
	if (!event_translate(line, dialect_of_version(from), dialect_of_version(to), out))
		text_slice(out, line);
}

static void
put_command(const struct between *b, struct slice line, struct text *out)
{
	if (b->to != VERSION_MAIN)
		text_slice(out, line); /* 5.0 has all of the words of 4.2 */
	else if (!command_in_version_6(line, out))
		fprintf(stderr, "migrate: no command of version 6 for: %.*s\n", (int)line.len,
		    (const char *)line.at);
}

/* What relay() is given: lines without their ends. */

/* Of the helper. */
static void
command(void *owner, struct slice line, struct text *out)
{
	put_command(owner, line, out);
	text_char(out, '\n');
}

/* Of the daemon, which explains its errors since 6.0: helpers of before take the line for an event.
 */
static void
answer(void *owner, struct slice line, struct text *out)
{
	const struct between *b = owner;

	if (b->to == VERSION_MAIN && slice_begins(line, "error: "))
		return;
	put_event(b->to, b->from, line, out);
	text_char(out, '\n');
}

/* Of nobody: from the older version to the later one. */
static void
either(void *owner, struct slice line, struct text *out)
{
	const struct between *b = owner;

	if (slice_begins(line, "{"))
		put_event(b->from, b->to, line, out);
	else
		put_command(b, line, out);
	text_char(out, '\n');
}

int
migrate_api(int argc, char **argv)
{
	static const struct option words[] = {
		{ "from", required_argument, NULL, 'f' },
		{ "to", required_argument, NULL, 't' },
		{ "exec", required_argument, NULL, 'e' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct between b = { VERSIONS, VERSIONS };
	char **program = NULL;
	int option;

	optind = 0; /* "+" is looked for anew: what stands behind -e is the program's */
	while (
	    program == NULL && (option = getopt_long(argc, argv, "+f:t:e:h", words, NULL)) != -1) {
		switch (option) {
		case 'f': b.from = version_of(optarg); break;
		case 't': b.to = version_of(optarg); break;
		case 'e':
			program = argv + optind - 1;
			*program = optarg; /* of -ePROGRAM and --exec=PROGRAM too */
			break;
		case 'h': return migrate_usage(true);
		default: return migrate_usage(false);
		}
	}
	if ((b.from != VERSION_4 && b.from != VERSION_5) || b.to < VERSION_5 || b.to == VERSIONS ||
	    (program == NULL && optind != argc))
		return migrate_usage(false);
	if (b.to < b.from)
		b.to = b.from;
	return program == NULL ? relay_lines(either, &b)
			       : relay_program(program, command, answer, &b);
}
