/* Values of options: a text becomes one, by its kind. */
#pragma once

enum option_kind {
	OPT_FLAG,
	OPT_NUMBER,
	OPT_SECONDS, /* with a fraction; kept as microseconds */
	OPT_STEP,    /* a number with a sign */
	OPT_WORD,
	OPT_SHELL, /* a word that may have lines */
	OPT_MAYBE, /* a word, or the default where none follows */
	OPT_WORDS,
	OPT_HOP, /* an address or self */
	OPT_NETS,
	OPT_PEERS,
};

/* NULL when the value was taken into *at, else what is expected. What *at had is freed, lists grow.
 */
const char *value_take(enum option_kind kind, const char *value, void *at);
void value_free(enum option_kind kind, void *at); /* zero again */
