/* Which neighbors a command means: neighbor ADDR {KEY VALUE} {, [neighbor] ADDR {KEY VALUE}}. */
#include "call.h"

static bool
is_key(const struct lex *lx)
{
	return lex_is(lx, "local-ip") || lex_is(lx, "local-as") || lex_is(lx, "peer-as") ||
	    lex_is(lx, "router-id") || lex_is(lx, "family-allowed");
}

static void
alternative(struct call *c)
{
	struct selector want = { .address = lex_word(c->lx, "the address of a neighbor") };

	while (is_key(c->lx)) {
		struct slice key = lex_word(c->lx, "a key");
		struct slice value = lex_word(c->lx, "its value");

		if (want.key_count == SELECTOR_KEYS) {
			lex_fault(c->lx, "at most %d keys are possible", SELECTOR_KEYS);
			return;
		}
		want.keys[want.key_count] = key;
		want.values[want.key_count++] = value;
	}
	if (!lex_failed(c->lx))
		select_some(c->engine, &want, c->peers);
}

static void
alternatives(struct call *c, bool listed)
{
	do {
		(void)lex_take(c->lx, "neighbor"); /* may be said again behind a comma */
		alternative(c);
	} while (lex_take(c->lx, ","));
	if (listed)
		(void)lex_want(c->lx, "]");
}

/* As version 6 says it: a list stands in brackets. */
static void
bracketed(struct call *c)
{
	if (lex_take(c->lx, "["))
		alternatives(c, true);
	else
		alternative(c);
	if (lex_is(c->lx, ","))
		lex_fault(c->lx, "expected [ in front of a list of selectors");
}

void
call_select(struct call *c)
{
	c->peers->count = 0;
	(void)lex_take(c->lx, "neighbor");
	if (lex_is(c->lx, "["))
		bracketed(c);
	else
		alternatives(c, false);
	select_granted(c->issuer, c->peers);
}

/* Behind "peer" stands a selector, or a word of a command (peer list). */
static bool
peer_selects(const struct lex *lx)
{
	struct slice rest = lex_rest(lx);
	struct slice word;

	(void)call_word(&rest);
	word = call_word(&rest);
	return slice_begins(word, "*") || slice_begins(word, "[") ||
	    (word.len > 0 &&
		(memchr(word.at, '.', word.len) != NULL || memchr(word.at, ':', word.len) != NULL));
}

bool
call_selects(struct call *c)
{
	if (lex_take(c->lx, "neighbor")) {
		alternatives(c, false);
		return true;
	}
	if (!lex_is(c->lx, "peer") || !peer_selects(c->lx))
		return false;
	(void)lex_next(c->lx);
	bracketed(c);
	c->version_6 = true;
	return true;
}
