/* schema export: the JSON Schema of a configuration as `configuration export` prints it. */
#include "app.h"

#include "config/config.h"

#include <getopt.h>
#include <stdio.h>

#define INDENT 2

static int
usage(FILE *to)
{
	fputs("usage: peerpipe schema export [-c] [SECTION]\n", to);
	return to == stdout ? 0 : 2;
}

static void
new_line(struct text *to, unsigned depth)
{
	text_char(to, '\n');
	for (unsigned i = 0; i < depth * INDENT; i++)
		text_char(to, ' ');
}

/* JSON of one line, without blanks between its tokens, as many lines. */
static void
indent(struct slice json, struct text *to)
{
	bool quoted = false;
	unsigned depth = 0;

	for (size_t i = 0; i < json.len; i++) {
		char c = (char)json.at[i];

		if (c == '"' && (i == 0 || json.at[i - 1] != '\\'))
			quoted = !quoted;
		if (!quoted && (c == '}' || c == ']'))
			new_line(to, --depth);
		text_char(to, c);
		if (quoted)
			continue;
		if (c == '{' || c == '[')
			new_line(to, ++depth);
		else if (c == ',')
			new_line(to, depth);
		else if (c == ':')
			text_char(to, ' ');
	}
}

static int export(const char *section, bool compact)
{
	struct text schema = { 0 };
	struct text out = { 0 };
	bool known = config_schema(section, &schema);

	if (known && !compact)
		indent(text_view(&schema), &out);
	if (known)
		puts(text_chars(compact ? &schema : &out));
	else
		fprintf(stderr, "%s: expected a section of the configuration\n", section);
	text_free(&schema);
	text_free(&out);
	return known ? 0 : 1;
}

int
app_schema(int argc, char **argv)
{
	static const struct option words[] = {
		{ "compact", no_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	bool compact = false;
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "ch", words, NULL)) != -1) {
		switch (c) {
		case 'c': compact = true; break;
		case 'h': return usage(stdout);
		default: return usage(stderr);
		}
	}
	if (optind == argc || strcmp(argv[optind], "export") != 0 || argc - optind > 2)
		return usage(stderr);
	return export(argv[optind + 1], compact); /* NULL ends argv */
}
