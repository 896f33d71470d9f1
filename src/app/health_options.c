/* Options of the health check, as rows: the command line and its file have the same words. */
#include "health.h"
#include "health_values.h"

#include "base/mem.h"
#include "base/num.h"
#include "file.h"

#include <getopt.h>
#include <stddef.h>
#include <string.h>

struct row {
	const char *word;
	char letter; /* as in "-n"; 0: none */
	enum option_kind kind;
	size_t at;
	size_t given;      /* a bool that says it was given; 0: none */
	const char *value; /* default */
	const char *help;
};

#define AT(member) offsetof(struct health_options, member)

static const struct row rows[] = {
	{ "name", 'n', OPT_WORD, AT(name), 0, NULL, "label of syslog lines" },
	{ "config", 'F', OPT_WORD, AT(config), 0, NULL, "file of options, name = value" },
	{ "pid", 'p', OPT_WORD, AT(pid), 0, NULL, "file for the process id" },
	{ "silent", 's', OPT_FLAG, AT(silent), 0, NULL, "nothing on stderr" },
	{ "syslog-facility", 0, OPT_MAYBE, AT(facility), 0, "daemon", "facility of syslog" },
	{ "no-syslog", 0, OPT_FLAG, AT(no_syslog), 0, NULL, "no syslog" },
	{ "debug", 'd', OPT_FLAG, AT(debug), 0, NULL, "say more; no syslog" },
	{ "no-ack", 'a', OPT_FLAG, AT(no_ack), 0, NULL, "don't read acknowledgements" },
	{ "sudo", 0, OPT_FLAG, AT(sudo), 0, NULL, "use sudo for ip" },
	{ "user", 0, OPT_WORD, AT(user), 0, NULL, "user to become after the addresses are set" },
	{ "group", 0, OPT_WORD, AT(group), 0, NULL, "group to become" },
	{ "interval", 'i', OPT_SECONDS, AT(interval), 0, "5", "seconds between checks" },
	{ "fast-interval", 'f', OPT_SECONDS, AT(fast_interval), 0, "1",
	    "seconds between checks while a state is about to change" },
	{ "timeout", 't', OPT_NUMBER, AT(timeout), 0, "5", "seconds for a check; 0: no limit" },
	{ "rise", 0, OPT_NUMBER, AT(rise), 0, "3", "successes in a row to be up" },
	{ "fall", 0, OPT_NUMBER, AT(fall), 0, "3", "failures in a row to be down" },
	{ "disable", 0, OPT_WORD, AT(disable), 0, NULL, "disabled while this file is there" },
	{ "command", 'c', OPT_SHELL, AT(command), 0, NULL, "command of the check, for a shell" },
	{ "cmd", 0, OPT_SHELL, AT(command), 0, NULL, "the same" },
	{ "next-hop", 'N', OPT_HOP, AT(next_hop), 0, "self", "next hop of the routes" },
	{ "ip", 0, OPT_NETS, AT(ips), 0, NULL, "network to announce; repeatable" },
	{ "ip-ifname", 0, OPT_WORDS, AT(ip_ifnames), 0, NULL, "NET%INTERFACE for its address" },
	{ "local-preference", 0, OPT_NUMBER, AT(local_preference), AT(has_local_preference), NULL,
	    "local preference of the routes" },
	{ "deaggregate-networks", 0, OPT_FLAG, AT(deaggregate), 0, NULL, "each host by itself" },
	{ "no-ip-setup", 0, OPT_FLAG, AT(no_ip_setup), 0, NULL, "don't add addresses" },
	{ "dynamic-ip-setup", 0, OPT_FLAG, AT(dynamic_ip_setup), 0, NULL,
	    "remove addresses while down or disabled" },
	{ "label", 0, OPT_WORD, AT(label), 0, NULL, "only addresses with this label" },
	{ "label-exact-match", 0, OPT_FLAG, AT(label_exact), 0, NULL, "with just this label" },
	{ "start-ip", 0, OPT_NUMBER, AT(start_ip), 0, "0", "rotate the list of addresses" },
	{ "up-metric", 0, OPT_NUMBER, AT(up_metric), 0, "100", "metric when up" },
	{ "down-metric", 0, OPT_NUMBER, AT(down_metric), 0, "1000", "metric when down" },
	{ "disabled-metric", 0, OPT_NUMBER, AT(disabled_metric), 0, "500", "metric when disabled" },
	{ "increase", 0, OPT_STEP, AT(increase), 0, "1", "metric step per address" },
	{ "community", 0, OPT_WORD, AT(community), 0, NULL, "communities" },
	{ "extended-community", 0, OPT_WORD, AT(extended_community), 0, NULL,
	    "extended communities" },
	{ "large-community", 0, OPT_WORD, AT(large_community), 0, NULL, "large communities" },
	{ "disabled-community", 0, OPT_WORD, AT(disabled_community), 0, NULL,
	    "communities when down or disabled" },
	{ "as-path", 0, OPT_WORD, AT(as_path), 0, NULL, "AS path" },
	{ "up-as-path", 0, OPT_WORD, AT(up_as_path), 0, NULL, "AS path when up" },
	{ "down-as-path", 0, OPT_WORD, AT(down_as_path), 0, NULL, "AS path when down" },
	{ "disabled-as-path", 0, OPT_WORD, AT(disabled_as_path), 0, NULL, "AS path when disabled" },
	{ "withdraw-on-down", 0, OPT_FLAG, AT(withdraw_on_down), 0, NULL,
	    "withdraw instead of raising the metric" },
	{ "path-id", 0, OPT_NUMBER, AT(path_id), AT(has_path_id), NULL, "path identifier" },
	{ "neighbor", 0, OPT_PEERS, AT(neighbors), 0, NULL,
	    "only this neighbor, or *; repeatable" },
	{ "debounce", 0, OPT_FLAG, AT(debounce), 0, NULL, "say something only on a change" },
	{ "execute", 0, OPT_WORDS, AT(execute), 0, NULL, "command on each change" },
	{ "up-execute", 0, OPT_WORDS, AT(up_execute), 0, NULL, "command when up" },
	{ "down-execute", 0, OPT_WORDS, AT(down_execute), 0, NULL, "command when down" },
	{ "disabled-execute", 0, OPT_WORDS, AT(disabled_execute), 0, NULL,
	    "command when disabled" },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static void *
slot(struct health_options *o, size_t at)
{
	return (char *)o + at;
}

static bool
put(struct health_options *o, const struct row *r, const char *value, struct text *why)
{
	const char *expected = value_take(r->kind, value, slot(o, r->at));

	if (expected != NULL) {
		text_format(why, "--%s: expected %s, found \"%s\"", r->word, expected, value);
		return false;
	}
	if (r->given != 0)
		*(bool *)slot(o, r->given) = true;
	return true;
}

static const struct row *
row_of(struct slice word)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (slice_is(word, rows[i].word))
			return &rows[i];
	}
	return NULL;
}

static bool
read_line(struct health_options *o, struct slice line, struct text *why)
{
	struct slice name = line;
	struct slice value = SLICE("true");
	bool has_value = word_cut(line, '=', &name, &value);
	const struct row *r;
	char *word;
	bool fine;

	name = word_trim(name);
	value = word_trim(value);
	r = row_of(name);
	if (r == NULL) {
		text_format(why, "unknown option \"%.*s\"", (int)name.len, (const char *)name.at);
		return false;
	}
	if (!has_value && r->kind != OPT_FLAG) {
		if (r->kind != OPT_MAYBE)
			text_format(why, "%s wants a value: %s = VALUE", r->word, r->word);
		return r->kind == OPT_MAYBE;
	}
	word = mem_string((const char *)value.at, value.len);
	fine = put(o, r, word, why);
	mem_free(word);
	return fine;
}

static bool
read_file(struct health_options *o, struct text *why)
{
	struct text content = { 0 };
	int error = file_read(o->config, &content);
	struct slice rest = text_view(&content);
	struct text what = { 0 };
	bool fine = error == 0;

	if (!fine)
		text_format(why, "%s: %s", o->config, strerror(-error));
	for (unsigned number = 1; fine && rest.len > 0; number++) {
		struct slice line = rest;
		struct slice tail = { NULL, 0 };

		(void)word_cut(rest, '\n', &line, &tail); /* false: the last line */
		rest = tail;
		line = word_trim(line);
		if (line.len > 0 && line.at[0] != '#')
			fine = read_line(o, line, &what);
		if (!fine)
			text_format(why, "%s line %u: %s", o->config, number, text_chars(&what));
	}
	text_free(&what);
	text_free(&content);
	return fine;
}

static void
print_help(struct text *to)
{
	text_string(to, "usage: healthcheck [OPTIONS]\n\n");
	for (size_t i = 0; i < ROWS; i++)
		text_format(to, "  %c%c  --%-22s %s%s%s%s\n", rows[i].letter == 0 ? ' ' : '-',
		    rows[i].letter == 0 ? ' ' : rows[i].letter, rows[i].word, rows[i].help,
		    rows[i].value == NULL ? "" : " (", rows[i].value == NULL ? "" : rows[i].value,
		    rows[i].value == NULL ? "" : ")");
}

static void
defaults(struct health_options *o)
{
	struct text ignored = { 0 };

	*o = (struct health_options){ 0 };
	for (size_t i = 0; i < ROWS; i++) {
		if (rows[i].value != NULL)
			(void)put(o, &rows[i], rows[i].value, &ignored); /* they are good */
	}
	text_free(&ignored);
}

/* What getopt(3) wants to know of the rows. */
struct grammar {
	struct option words[ROWS + 2];
	char letters[2 + 3 * (ROWS + 1)];
};

static void
grammar_of(struct grammar *g)
{
	char *letter = g->letters;

	*g = (struct grammar){ 0 };
	*letter++ = '+'; /* no word stands by itself */
	*letter++ = 'h';
	for (size_t i = 0; i < ROWS; i++) {
		g->words[i] = (struct option){ .name = rows[i].word,
			.has_arg = rows[i].kind == OPT_FLAG ? no_argument
			    : rows[i].kind == OPT_MAYBE     ? optional_argument
							    : required_argument,
			.val = UINT8_MAX + 1 + (int)i };
		if (rows[i].letter == 0)
			continue;
		*letter++ = rows[i].letter;
		if (rows[i].kind != OPT_FLAG)
			*letter++ = ':';
	}
	g->words[ROWS] = (struct option){ .name = "help", .val = 'h' };
}

static const struct row *
row_found(int found)
{
	if (found > UINT8_MAX)
		return &rows[found - UINT8_MAX - 1];
	for (size_t i = 0; i < ROWS; i++) {
		if (rows[i].letter == found)
			return &rows[i];
	}
	return NULL;
}

/* The word that belongs to the row, taken from the command line. */
static const char *
value_found(const struct row *r, int argc, char **argv)
{
	if (r->kind == OPT_FLAG)
		return "true";
	if (optarg == NULL && optind < argc && argv[optind][0] != '-')
		return argv[optind++];
	return optarg != NULL ? optarg : r->value;
}

/* Once over the command line for the option `only`, or (NULL) for all. */
static bool
read_words(struct health_options *o, int argc, char **argv, const struct row *only, bool *help,
    struct text *why)
{
	struct grammar g;
	int found;

	grammar_of(&g);
	optind = 0; /* from the start again, as glibc has it */
	while ((found = getopt_long(argc, argv, g.letters, g.words, NULL)) != -1) {
		const struct row *r = row_found(found);
		const char *value;

		*help |= found == 'h';
		if (found == 'h')
			return true;
		if (r == NULL)
			return false; /* getopt said why */
		value = value_found(r, argc, argv);
		if ((only == NULL || only == r) && !put(o, r, value, why))
			return false;
	}
	if (optind < argc)
		text_format(why, "expected an option, found \"%s\"", argv[optind]);
	return optind == argc;
}

/* "-sF", a name of two letters, is another one than "-s" with "-F". */
static void
spell_out(int argc, char **argv)
{
	static char facility[] = "--syslog-facility";

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-sF") == 0)
			argv[i] = facility;
	}
}

/* The file first, then the command line, which wins. */
bool
health_options_read(struct health_options *o, int argc, char **argv, bool *help, struct text *why)
{
	defaults(o);
	*help = false;
	spell_out(argc, argv);
	if (!read_words(o, argc, argv, row_of(SLICE("config")), help, why))
		return false;
	if (*help) {
		print_help(why);
		return true;
	}
	return (o->config == NULL || read_file(o, why)) &&
	    read_words(o, argc, argv, NULL, help, why);
}

void
health_options_free(struct health_options *o)
{
	for (size_t i = 0; i < ROWS; i++)
		value_free(rows[i].kind, slot(o, rows[i].at));
	*o = (struct health_options){ 0 };
}
