/* Abbreviated commands: words are completed by their position among the words of the commands. */
#include "expand.h"

#include "base/num.h"
#include "command/command.h"

#include <string.h>

#define ROWS_MOST 128

static const struct nickname {
	const char *short_word;
	const char *words[3];
} nicknames[] = {
	{ "a", { "announce", "attributes", "adj-rib" } },
	{ "c", { "configuration", "clear", NULL } },
	{ "d", { "daemon", NULL, NULL } },
	{ "e", { "eor", "extensive", NULL } },
	{ "f", { "flow", "flush", NULL } },
	{ "h", { "help", NULL, NULL } },
	{ "i", { "in", NULL, NULL } },
	{ "n", { "neighbor", NULL, NULL } },
	{ "neighbour", { "neighbor", NULL, NULL } },
	{ "neigbour", { "neighbor", NULL, NULL } },
	{ "neigbor", { "neighbor", NULL, NULL } },
	{ "o", { "out", "operational", NULL } },
	{ "r", { "route", NULL, NULL } },
	{ "rr", { "route-refresh", NULL, NULL } },
	{ "s", { "show", "summary", NULL } },
	{ "t", { "teardown", NULL, NULL } },
	{ "v", { "vpls", NULL, NULL } },
	{ "w", { "withdraw", "watchdog", NULL } },
};

static const char *const options[] = { "summary", "extensive", "configuration", "json" };

static bool
is_nickname(struct slice word, struct slice of)
{
	for (size_t i = 0; i < sizeof(nicknames) / sizeof(nicknames[0]); i++) {
		if (!slice_is(word, nicknames[i].short_word))
			continue;
		for (int k = 0; k < 3 && nicknames[i].words[k] != NULL; k++) {
			if (slice_is(of, nicknames[i].words[k]))
				return true;
		}
	}
	return false;
}

/* How well a word says another: 3 whole, 2 by a nickname, 1 by its beginning, 0 not. */
static int
says(struct slice word, struct slice of)
{
	if (slice_same(word, of))
		return 3;
	if (is_nickname(word, of))
		return 2;
	return word.len > 0 && word.len < of.len && memcmp(word.at, of.at, word.len) == 0;
}

static struct slice
word_number(const char *words, unsigned n)
{
	struct slice rest = slice_on(words);

	for (;;) {
		struct slice head = rest;
		struct slice tail = { NULL, 0 };

		(void)word_cut(rest, ' ', &head, &tail); /* false: the last word */
		if (n-- == 0)
			return head;
		rest = tail;
	}
}

/* The rows that are still possible, narrowed word by word. */
struct narrowing {
	const char *rows[ROWS_MOST]; /* their words */
	size_t count;
	unsigned at;
};

static void
narrow_start(struct narrowing *n)
{
	const char *words;

	n->count = 0;
	n->at = 0;
	for (size_t i = 0; (words = command_words(i)) != NULL && n->count < ROWS_MOST; i++)
		n->rows[n->count++] = words;
	for (size_t i = 0; (words = command_words_of_version_6(i)) != NULL && n->count < ROWS_MOST;
	     i++)
		n->rows[n->count++] = words;
}

/* How well a word says that of a row; longer: of a row that goes on behind it. */
static int
fits(const struct narrowing *n, size_t row, struct slice word, bool longer)
{
	if (longer && word_number(n->rows[row], n->at + 1).len == 0)
		return 0;
	return says(word, word_number(n->rows[row], n->at));
}

static int
best_fit(const struct narrowing *n, struct slice word, bool longer)
{
	int best = 0;

	for (size_t i = 0; i < n->count; i++) {
		int fit = fits(n, i, word, longer);

		if (fit > best)
			best = fit;
	}
	return best;
}

/* The whole word that this one stands for here; empty when none fits, or several do of which none
 * is the beginning of the others. */
static struct slice
narrow(struct narrowing *n, struct slice word, bool longer)
{
	int best = best_fit(n, word, longer);
	struct slice whole = { NULL, 0 };
	size_t kept = 0;

	for (size_t i = 0; best > 0 && i < n->count; i++) {
		struct slice of = word_number(n->rows[i], n->at);

		if (fits(n, i, word, longer) == best && (whole.at == NULL || of.len < whole.len))
			whole = of;
	}
	for (size_t i = 0; whole.at != NULL && i < n->count; i++) {
		struct slice of = word_number(n->rows[i], n->at);

		if (fits(n, i, word, longer) == best && memcmp(of.at, whole.at, whole.len) != 0)
			return (struct slice){ NULL, 0 };
	}
	for (size_t i = 0; whole.at != NULL && i < n->count; i++) {
		if (slice_same(word_number(n->rows[i], n->at), whole))
			n->rows[kept++] = n->rows[i];
	}
	n->count = kept;
	n->at++;
	return whole;
}

static struct slice
option_word(struct slice word)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (says(word, slice_on(options[i])) != 0)
			return slice_on(options[i]);
	}
	return word;
}

struct expansion {
	struct narrowing n;
	bool selector; /* behind "neighbor": addresses and keys, until a command begins */
	bool show;
};

/* A selector's last word may be a key's value; too few letters make no command of it. */
static bool
narrows(const struct expansion *x, struct slice word, bool last)
{
	return x->n.count > 0 && !(x->selector && x->n.at == 0 && word.len < 4 && last);
}

static struct slice
expand_word(struct expansion *x, struct slice word, bool last)
{
	struct slice whole = word;

	if (x->n.at == 0 && says(word, SLICE("neighbor")) >= 2) {
		x->selector = true;
		return SLICE("neighbor");
	}
	if (narrows(x, word, last)) {
		struct narrowing try = x->n;
		struct slice found = narrow(&try, word, false);

		if (found.at == NULL && !last) /* with words behind it, it is none that ends here */
			found = narrow(&try, word, true);
		if (found.at != NULL) {
			whole = found;
			x->show |= x->n.at == 0 && slice_is(found, "show");
			x->n = try;
		} else if (!x->selector || x->n.at > 0) {
			x->n.count = 0;
		}
	}
	return x->n.count == 0 && x->show ? option_word(word) : whole;
}

bool
expand_command(struct slice words, struct text *to)
{
	struct expansion x = { 0 };
	bool changed = false;

	narrow_start(&x.n);
	while (words.len > 0) {
		struct slice word = words;
		struct slice tail = { NULL, 0 };
		struct slice whole;

		(void)word_cut(words, ' ', &word, &tail); /* false: the last word */
		words = tail;
		if (word.len == 0)
			continue;
		whole = expand_word(&x, word, tail.len == 0);
		changed |= !slice_same(whole, word);
		if (to->len > 0)
			text_char(to, ' ');
		text_slice(to, whole);
	}
	return changed;
}
