/* Values of the health check's options: what each kind takes. */
#include "health_values.h"

#include "health.h"

#include "base/mem.h"
#include "base/num.h"

#include <string.h>

/* "1", "0.5", ".25": more than six digits of a fraction are cut. */
static bool
seconds_parse(struct slice v, usec *to)
{
	struct slice whole = v;
	struct slice fraction = { NULL, 0 };
	bool has_fraction = word_cut(v, '.', &whole, &fraction);
	uint64_t seconds = 0;
	usec micro = 0;
	usec unit = USEC_SECOND / 10;

	if ((whole.len == 0 && fraction.len == 0) ||
	    (whole.len > 0 && !num_decimal(whole, UINT32_MAX, &seconds)))
		return false;
	for (size_t i = 0; has_fraction && i < fraction.len; i++, unit /= 10) {
		if (fraction.at[i] < '0' || fraction.at[i] > '9')
			return false;
		micro += unit * (fraction.at[i] - '0');
	}
	*to = (usec)seconds * USEC_SECOND + micro;
	return true;
}

static bool
step_parse(struct slice v, int64_t *to)
{
	bool minus = slice_begins(v, "-");
	uint64_t n = 0;

	if (!num_decimal(minus ? slice_after(v, 1) : v, UINT32_MAX, &n))
		return false;
	*to = minus ? -(int64_t)n : (int64_t)n;
	return true;
}

static bool
is_address(struct slice v)
{
	struct addr address;

	return addr_parse(v, &address);
}

/* NULL when the value is good, else what is expected. */
static const char *
misses(enum option_kind kind, struct slice v)
{
	struct prefix net;

	switch (kind) {
	case OPT_FLAG: return slice_is(v, "true") || slice_is(v, "false") ? NULL : "true or false";
	case OPT_HOP:
		return word_same_case(v, "self") || is_address(v) ? NULL : "an address or self";
	case OPT_NETS: return prefix_parse(v, &net) == PREFIX_FINE ? NULL : "a network";
	case OPT_PEERS: return slice_is(v, "*") || is_address(v) ? NULL : "an address or *";
	case OPT_NUMBER:
	case OPT_SECONDS:
	case OPT_STEP:
	case OPT_WORD:
	case OPT_SHELL:
	case OPT_MAYBE:
	case OPT_WORDS: break;
	}
	return NULL;
}

static void
keep_word(char **at, const char *value)
{
	mem_free(*at);
	*at = mem_string(value, strlen(value));
}

static void
keep_words(struct words *list, const char *value)
{
	list->at = mem_grow(list->at, (list->count + 1) * sizeof(char *));
	list->at[list->count++] = mem_string(value, strlen(value));
}

const char *
value_take(enum option_kind kind, const char *value, void *at)
{
	struct slice v = slice_on(value);
	const char *expected = misses(kind, v);

	if (expected != NULL)
		return expected;
	switch (kind) {
	case OPT_FLAG: *(bool *)at = slice_is(v, "true"); return NULL;
	case OPT_NUMBER: return num_decimal(v, UINT32_MAX, at) ? NULL : "a number";
	case OPT_SECONDS: return seconds_parse(v, at) ? NULL : "a number of seconds";
	case OPT_STEP: return step_parse(v, at) ? NULL : "a number";
	case OPT_WORD:
	case OPT_MAYBE:
	case OPT_HOP:
		if (strchr(value, '\n') != NULL)
			return "a text without a newline";
		keep_word(at, value);
		return NULL;
	case OPT_SHELL: keep_word(at, value); return NULL;
	case OPT_WORDS:
	case OPT_NETS:
	case OPT_PEERS: keep_words(at, value); return NULL;
	}
	return NULL;
}

static void
free_words(struct words *list)
{
	while (list->count > 0)
		mem_free(list->at[--list->count]);
	mem_free(list->at);
	*list = (struct words){ 0 };
}

void
value_free(enum option_kind kind, void *at)
{
	char **word = at;

	switch (kind) {
	case OPT_FLAG:
	case OPT_NUMBER:
	case OPT_SECONDS:
	case OPT_STEP: break;
	case OPT_WORD:
	case OPT_SHELL:
	case OPT_MAYBE:
	case OPT_HOP:
		mem_free(*word);
		*word = NULL; /* two words may share a slot */
		break;
	case OPT_WORDS:
	case OPT_NETS:
	case OPT_PEERS: free_words(at); break;
	}
}
