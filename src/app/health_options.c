/* Options of the health check, as rows: the command line and its file have the same words. */
#include "health.h"

#include "base/mem.h"
#include "base/num.h"
#include "file.h"

#include <stddef.h>
#include <string.h>

enum option_kind { OPT_FLAG, OPT_NUMBER, OPT_WORD, OPT_WORDS };

struct row {
	const char *word;
	const char *short_word; /* NULL: none */
	enum option_kind kind;
	size_t at;
	size_t given;      /* a bool that says it was given; 0: none */
	const char *value; /* default */
	const char *help;
};

#define AT(member) offsetof(struct health_options, member)

static const struct row rows[] = {
	{ "name", "n", OPT_WORD, AT(name), 0, NULL, "label of syslog lines" },
	{ "config", "f", OPT_WORD, AT(config), 0, NULL, "file of options, name = value" },
	{ "pid", "p", OPT_WORD, AT(pid), 0, NULL, "file for the process id" },
	{ "silent", "s", OPT_FLAG, AT(silent), 0, NULL, "nothing on stderr" },
	{ "syslog-facility", "sF", OPT_WORD, AT(facility), 0, "daemon", "facility of syslog" },
	{ "no-syslog", NULL, OPT_FLAG, AT(no_syslog), 0, NULL, "no syslog" },
	{ "debug", "d", OPT_FLAG, AT(debug), 0, NULL, "say more; no syslog" },
	{ "no-ack", "a", OPT_FLAG, AT(no_ack), 0, NULL, "don't read acknowledgements" },
	{ "sudo", NULL, OPT_FLAG, AT(sudo), 0, NULL, "use sudo for ip" },
	{ "user", NULL, OPT_WORD, AT(user), 0, NULL, "user to become after the addresses are set" },
	{ "group", NULL, OPT_WORD, AT(group), 0, NULL, "group to become" },
	{ "interval", "i", OPT_NUMBER, AT(interval), 0, "5", "seconds between checks" },
	{ "fast-interval", "F", OPT_NUMBER, AT(fast_interval), 0, "1",
	    "seconds between checks while a state is about to change" },
	{ "timeout", "t", OPT_NUMBER, AT(timeout), 0, "5", "seconds for a check; 0: no limit" },
	{ "rise", "r", OPT_NUMBER, AT(rise), 0, "3", "successes in a row to be up" },
	{ "fall", "l", OPT_NUMBER, AT(fall), 0, "3", "failures in a row to be down" },
	{ "disable", "D", OPT_WORD, AT(disable), 0, NULL, "disabled while this file is there" },
	{ "command", "c", OPT_WORD, AT(command), 0, NULL, "command of the check, for a shell" },
	{ "cmd", NULL, OPT_WORD, AT(command), 0, NULL, "the same" },
	{ "next-hop", "N", OPT_WORD, AT(next_hop), 0, "self", "next hop of the routes" },
	{ "ip", NULL, OPT_WORDS, AT(ips), 0, NULL, "network to announce; repeatable" },
	{ "ip-ifname", NULL, OPT_WORDS, AT(ip_ifnames), 0, NULL, "NET%INTERFACE for its address" },
	{ "local-preference", NULL, OPT_NUMBER, AT(local_preference), AT(has_local_preference),
	    NULL, "local preference of the routes" },
	{ "deaggregate-networks", NULL, OPT_FLAG, AT(deaggregate), 0, NULL, "each host by itself" },
	{ "no-ip-setup", NULL, OPT_FLAG, AT(no_ip_setup), 0, NULL, "don't add addresses" },
	{ "dynamic-ip-setup", NULL, OPT_FLAG, AT(dynamic_ip_setup), 0, NULL,
	    "remove addresses while down or disabled" },
	{ "label", NULL, OPT_WORD, AT(label), 0, NULL, "only addresses with this label" },
	{ "label-exact-match", NULL, OPT_FLAG, AT(label_exact), 0, NULL, "with just this label" },
	{ "start-ip", NULL, OPT_NUMBER, AT(start_ip), 0, "0", "rotate the list of addresses" },
	{ "up-metric", NULL, OPT_NUMBER, AT(up_metric), 0, "100", "metric when up" },
	{ "down-metric", NULL, OPT_NUMBER, AT(down_metric), 0, "1000", "metric when down" },
	{ "disabled-metric", NULL, OPT_NUMBER, AT(disabled_metric), 0, "500",
	    "metric when disabled" },
	{ "increase", NULL, OPT_NUMBER, AT(increase), 0, "1", "metric step per address" },
	{ "community", NULL, OPT_WORD, AT(community), 0, NULL, "communities" },
	{ "extended-community", NULL, OPT_WORD, AT(extended_community), 0, NULL,
	    "extended communities" },
	{ "large-community", NULL, OPT_WORD, AT(large_community), 0, NULL, "large communities" },
	{ "disabled-community", NULL, OPT_WORD, AT(disabled_community), 0, NULL,
	    "communities when down or disabled" },
	{ "as-path", NULL, OPT_WORD, AT(as_path), 0, NULL, "AS path" },
	{ "up-as-path", NULL, OPT_WORD, AT(up_as_path), 0, NULL, "AS path when up" },
	{ "down-as-path", NULL, OPT_WORD, AT(down_as_path), 0, NULL, "AS path when down" },
	{ "disabled-as-path", NULL, OPT_WORD, AT(disabled_as_path), 0, NULL,
	    "AS path when disabled" },
	{ "withdraw-on-down", NULL, OPT_FLAG, AT(withdraw_on_down), 0, NULL,
	    "withdraw instead of raising the metric" },
	{ "path-id", NULL, OPT_NUMBER, AT(path_id), AT(has_path_id), NULL, "path identifier" },
	{ "neighbor", NULL, OPT_WORDS, AT(neighbors), 0, NULL, "only this neighbor; repeatable" },
	{ "debounce", NULL, OPT_FLAG, AT(debounce), 0, NULL, "say something only on a change" },
	{ "execute", NULL, OPT_WORDS, AT(execute), 0, NULL, "command on each change" },
	{ "up-execute", NULL, OPT_WORDS, AT(up_execute), 0, NULL, "command when up" },
	{ "down-execute", NULL, OPT_WORDS, AT(down_execute), 0, NULL, "command when down" },
	{ "disabled-execute", NULL, OPT_WORDS, AT(disabled_execute), 0, NULL,
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
	struct words *list = slot(o, r->at);
	char **word = slot(o, r->at);

	switch (r->kind) {
	case OPT_FLAG: *(bool *)slot(o, r->at) = strcmp(value, "false") != 0; return true;
	case OPT_NUMBER:
		if (!num_decimal(slice_on(value), UINT32_MAX, slot(o, r->at))) {
			text_format(why, "--%s: expected a number, found \"%s\"", r->word, value);
			return false;
		}
		if (r->given != 0)
			*(bool *)slot(o, r->given) = true;
		return true;
	case OPT_WORD:
		if (strchr(value, '\n') != NULL && r->at != AT(command)) {
			text_format(why, "--%s: a newline can't be in it", r->word);
			return false;
		}
		mem_free(*word);
		*word = mem_string(value, strlen(value));
		return true;
	case OPT_WORDS:
		list->at = mem_grow(list->at, (list->count + 1) * sizeof(char *));
		list->at[list->count++] = mem_string(value, strlen(value));
		return true;
	}
	return false;
}

static const struct row *
row_of(struct slice word, bool is_short)
{
	for (size_t i = 0; i < ROWS; i++) {
		const char *have = is_short ? rows[i].short_word : rows[i].word;

		if (have != NULL && slice_is(word, have))
			return &rows[i];
	}
	return NULL;
}

static struct slice
trimmed(struct slice s)
{
	while (s.len > 0 && (s.at[0] == ' ' || s.at[0] == '\t'))
		s = slice_after(s, 1);
	while (s.len > 0 &&
	    (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\t' || s.at[s.len - 1] == '\r'))
		s.len--;
	return s;
}

static bool
read_line(struct health_options *o, struct slice line, struct text *why)
{
	struct slice name = line;
	struct slice value = SLICE("true");
	const struct row *r;
	char *word;
	bool fine;

	(void)word_cut(line, '=', &name, &value); /* false: a flag by itself */
	name = trimmed(name);
	value = trimmed(value);
	r = row_of(name, false);
	if (r == NULL) {
		text_format(why, "%s: unknown option \"%.*s\"", o->config, (int)name.len,
		    (const char *)name.at);
		return false;
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
	bool fine = error == 0;

	if (!fine)
		text_format(why, "%s: %s", o->config, strerror(-error));
	while (fine && rest.len > 0) {
		struct slice line = rest;
		struct slice tail = { NULL, 0 };

		(void)word_cut(rest, '\n', &line, &tail); /* false: the last line */
		rest = tail;
		line = trimmed(line);
		if (line.len > 0 && line.at[0] != '#')
			fine = read_line(o, line, why);
	}
	text_free(&content);
	return fine;
}

/* One option of the command line; *i goes on over its value. */
static bool
read_word(struct health_options *o, int argc, char **argv, int *i, struct text *why)
{
	struct slice word = slice_on(argv[*i]);
	bool is_short = !slice_begins(word, "--");
	struct slice value = { NULL, 0 };
	const struct row *r;

	word = slice_begins(word, "-") ? slice_after(word, is_short ? 1 : 2) : word;
	if (!is_short)
		(void)word_cut(word, '=', &word, &value); /* false: the value is the next word */
	r = row_of(word, is_short);
	if (r == NULL) {
		text_format(why, "unknown option %s", argv[*i]);
		return false;
	}
	if (r->kind == OPT_FLAG)
		return put(o, r, "true", why);
	if (value.at != NULL)
		return put(o, r, (const char *)value.at, why);
	if (*i + 1 == argc) {
		text_format(why, "--%s wants a value", r->word);
		return false;
	}
	return put(o, r, argv[++*i], why);
}

static void
print_help(struct text *to)
{
	text_string(to, "usage: healthcheck [OPTIONS]\n\n");
	for (size_t i = 0; i < ROWS; i++)
		text_format(to, "  --%-22s %s%s%s%s\n", rows[i].word, rows[i].help,
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

/* The file first, then the command line, which wins. */
bool
health_options_read(struct health_options *o, int argc, char **argv, bool *help, struct text *why)
{
	defaults(o);
	*help = false;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-h") == 0 || strcmp(argv[i], "--help") == 0) {
			*help = true;
			print_help(why);
			return true;
		}
		if (i + 1 < argc &&
		    (strcmp(argv[i], "--config") == 0 || strcmp(argv[i], "-f") == 0))
			(void)put(o, row_of(SLICE("config"), false), argv[i + 1], why); /* a word */
	}
	if (o->config != NULL && !read_file(o, why))
		return false;
	for (int i = 1; i < argc; i++) {
		if (!read_word(o, argc, argv, &i, why))
			return false;
	}
	return true;
}

void
health_options_free(struct health_options *o)
{
	for (size_t i = 0; i < ROWS; i++) {
		char **word = slot(o, rows[i].at);
		struct words *list = slot(o, rows[i].at);

		if (rows[i].kind == OPT_WORD) {
			mem_free(*word);
			*word = NULL; /* two words may share a slot */
		} else if (rows[i].kind == OPT_WORDS) {
			while (list->count > 0)
				mem_free(list->at[--list->count]);
			mem_free(list->at);
		}
	}
	*o = (struct health_options){ 0 };
}
