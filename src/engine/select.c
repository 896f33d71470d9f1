/* Which neighbors a command means. */
#include "house.h"

#include "base/mem.h"

#include <string.h>

bool
member_grants(const struct member *m, const struct issuer *i)
{
	return i->all || neighbor_grants(m->conf, i->name);
}

void
selection_free(struct selection *s)
{
	mem_free(s->at);
	*s = (struct selection){ 0 };
}

/* Not one of the first so many that are in it already. */
static void
selection_add(struct selection *s, size_t there, struct member *m)
{
	for (size_t i = 0; i < there; i++) {
		if (s->at[i] == m)
			return;
	}
	if (s->count == s->size) {
		s->size = s->size == 0 ? 16 : s->size * 2;
		s->at = mem_grow(s->at, s->size * sizeof(struct member *));
	}
	s->at[s->count++] = m;
}

static bool
may(const struct member *m)
{
	return !m->leaving && !peer_conf_is_range(&m->conf->peer);
}

void
select_all(struct engine *e, struct selection *s)
{
	size_t there = s->count;

	for (size_t k = 0; k < e->member_count; k++) {
		if (may(e->members[k]))
			selection_add(s, there, e->members[k]);
	}
}

void
select_granted(const struct issuer *i, struct selection *s)
{
	size_t n = 0;

	for (size_t k = 0; k < s->count; k++) {
		if (member_grants(s->at[k], i))
			s->at[n++] = s->at[k];
	}
	s->count = n;
}

void
select_numbers(struct engine *e, const uint32_t *numbers, size_t count, struct selection *s)
{
	s->count = 0;
	for (size_t i = 0; i < count; i++) {
		struct member *m = engine_member_numbered(e, numbers[i]);

		if (m != NULL && !m->leaving)
			selection_add(s, 0, m);
	}
}

/* Addresses of a file are kept as such, and helpers spell them as the file does. */
static bool
same_word(struct slice name, struct slice said)
{
	struct addr own;
	struct addr other;

	return slice_same(name, said) ||
	    (addr_parse(name, &own) && addr_parse(said, &other) && addr_same(&own, &other));
}

/* Does "key value" stand in the name as whole words? */
static bool
name_says(const char *name, struct slice key, struct slice value)
{
	struct slice rest = slice_on(name);
	struct slice word;
	bool here = false;

	while (rest.len > 0) {
		struct slice tail = { NULL, 0 };
		const uint8_t *blank = memchr(rest.at, ' ', rest.len);

		word = rest;
		if (blank != NULL) {
			word.len = (size_t)(blank - rest.at);
			tail = slice_after(rest, word.len + 1);
		}
		if (here && same_word(word, value))
			return true;
		here = slice_same(word, key);
		rest = tail;
	}
	return false;
}

static bool
meant(const struct member *m, const struct selector *want)
{
	const char *name = peer_name(m->peer);

	if (!slice_is(want->address, "*") && !name_says(name, SLICE("neighbor"), want->address))
		return false;
	for (size_t i = 0; i < want->key_count; i++) {
		if (!name_says(name, want->keys[i], want->values[i]))
			return false;
	}
	return true;
}

/* Told from the address, which is quick, before the words of the name are looked at. */
static bool
is_at(const struct member *m, const struct addr *address)
{
	return address->family == ADDR_NONE || addr_same(&m->conf->peer.peer.addr, address);
}

void
select_some(struct engine *e, const struct selector *want, struct selection *s)
{
	size_t there = s->count;
	struct addr address = { .family = ADDR_NONE };

	(void)addr_parse(want->address, &address); /* false: "*", or a name of nobody */
	for (size_t k = 0; k < e->member_count; k++) {
		struct member *m = e->members[k];

		if (is_at(m, &address) && may(m) && meant(m, want))
			selection_add(s, there, m);
	}
}
