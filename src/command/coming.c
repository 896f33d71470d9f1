/* Commands of 4.2, 5.0 and version 4 in the words of version 6. */
#include "call.h"

#include "base/num.h"

#include <string.h>

/* Those whose answer is text there, and JSON here unless "text" is asked for. */
static bool
answers(const char *row)
{
	static const char *const rows[] = { "shutdown", "reload", "restart", "version", "help",
		"status", "reset", "queue-status", "api version", "show neighbor",
		"show adj-rib in", "show adj-rib out" };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i], row) == 0)
			return true;
	return false;
}

/* Spellings that only 5.0 has. */
static const char *
plain(const char *row)
{
	if (strcmp(row, "show adj-rib-in") == 0)
		return "show adj-rib in";
	return strcmp(row, "show adj-rib-out") == 0 ? "show adj-rib out" : row;
}

static const struct command *
row_of(struct slice rest, size_t *words)
{
	const struct command *row;

	*words = 0;
	for (size_t i = 0; (row = command_at(i)) != NULL; i++) {
		*words = words_match(row->words, rest);
		if (*words > 0)
			return row;
	}
	return NULL;
}

/* "neighbor A KEY VALUE, neighbor B" as "[A KEY VALUE, B]". The rest of the line is a command. */
static void
put_selector(struct lex *lx, struct text *to)
{
	struct text list = { 0 };
	unsigned count = 0;

	do {
		size_t words;

		(void)lex_take(lx, "neighbor");
		text_string(&list, count++ == 0 ? "" : ", ");
		text_slice(&list, lex_word(lx, "the address of a neighbor"));
		while (!lex_failed(lx) && !lex_ends(lx) && !lex_is(lx, ",") &&
		    row_of(lex_rest(lx), &words) == NULL) {
			text_char(&list, ' ');
			text_slice(&list, lex_next(lx).word);
		}
	} while (lex_take(lx, ","));
	text_format(to, count > 1 ? "[%s]" : "%s", text_chars(&list));
	text_free(&list);
}

/* "192.0.2.1 summary" as "summary 192.0.2.1", and "json" behind all. */
static void
put_options(struct slice rest, struct text *to)
{
	bool json = false;
	struct text address = { 0 };
	struct slice word;

	while ((word = call_word(&rest)).len > 0) {
		struct addr a;

		if (slice_is(word, "json"))
			json = true;
		else if (addr_parse(word, &a))
			text_format(&address, " %.*s", (int)word.len, (const char *)word.at);
		else
			text_format(to, " %.*s", (int)word.len, (const char *)word.at);
	}
	text_slice(to, text_view(&address));
	text_string(to, json ? " json" : " text");
	text_free(&address);
}

/* Without the words of the row. */
static struct slice
behind(struct slice rest, size_t words)
{
	while (words-- > 0)
		(void)call_word(&rest);
	return rest;
}

static void
put_command(const struct command *row, struct slice rest, size_t words, const char *selector,
    struct text *to)
{
	const char *name = plain(row->words);
	const char *own = version_6_words(name);
	bool routes =
	    slice_begins(slice_on(name), "announce ") || slice_begins(slice_on(name), "withdraw ");

	if (strcmp(name, "teardown") == 0 && selector[0] == '\0') {
		text_string(to, "# "); /* done, and nothing is torn down */
		text_slice(to, rest);
		return;
	}
	if (routes || own == NULL ||
	    (selector[0] != '\0' && !slice_begins(slice_on(own), "peer"))) {
		text_string(to, row->neighbors ? "peer " : "");
		text_string(to, row->neighbors && selector[0] == '\0' ? "*" : selector);
		text_string(to, row->neighbors ? " " : "");
		text_slice(to, rest);
		return;
	}
	if (selector[0] != '\0')
		text_format(to, "peer %s %s", selector, own + 5); /* behind "peer " */
	else
		text_string(to, own);
	rest = behind(rest, words);
	if (answers(name))
		put_options(rest, to);
	else
		text_slice(to, rest);
}

/* Words that no command of version 4 begins with. */
static bool
is_coming(struct slice word)
{
	static const char *const heads[] = { "daemon", "session", "system", "rib", "peer",
		"group" };

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (slice_is(word, heads[i]))
			return true;
	return false;
}

bool
command_in_version_6(struct slice line, struct text *to)
{
	struct slice rest = line;
	struct slice first = call_word(&rest);
	struct text selector = { 0 };
	const struct command *row;
	struct lex lx;
	size_t words;
	bool fine;

	if (first.len == 0 || slice_begins(first, "#") || slice_is(first, "debug") ||
	    is_coming(first)) {
		text_slice(to, line);
		return true;
	}
	lex_init(&lx, line, LEX_COMMAND);
	if (lex_is(&lx, "neighbor"))
		put_selector(&lx, &selector);
	rest = word_trim(lex_rest(&lx));
	row = lex_failed(&lx) ? NULL : row_of(rest, &words);
	fine = row != NULL;
	if (fine)
		put_command(row, rest, words, text_chars(&selector), to);
	else
		text_slice(to, line);
	lex_done(&lx);
	text_free(&selector);
	return fine;
}
