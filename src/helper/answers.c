/* The answers that wait to be written to a helper's stdin. */
#include "answers.h"

#include "base/mem.h"

#define MIXED_MOST 64 /* bits of a pattern */

enum answers_kind { ENTRY_BLOB, ENTRY_RUN, ENTRY_MIXED };

struct answers_entry {
	enum answers_kind kind;
	bool done; /* of a run */
	uint64_t acks;
	union {
		struct {
			struct blob *blob;
			struct blob *late; /* NULL: there is no other */
			usec until;
		};
		uint64_t pattern; /* of a mixed one: a bit for each, the first is the lowest */
	};
};

static const struct slice words[2] = { { (const uint8_t *)"error\n", 6 },
	{ (const uint8_t *)"done\n", 5 } };

static struct answers_entry *
entry_at(const struct answers *c, size_t i)
{
	return &c->ring[(c->at + i) & (c->size - 1)];
}

static size_t
cost(const struct answers_entry *e)
{
	return sizeof(*e) +
	    (e->kind != ENTRY_BLOB ? 0 : e->blob->len + (e->late == NULL ? 0 : e->late->len));
}

static size_t *
account(struct answers *c, const struct answers_entry *e)
{
	return e->kind == ENTRY_BLOB ? &c->bytes : &c->ack_bytes;
}

static void
grow(struct answers *c)
{
	size_t size = c->size == 0 ? 16 : 2 * c->size;
	struct answers_entry *ring = mem_get(size * sizeof(*ring));

	for (size_t i = 0; i < c->count; i++)
		ring[i] = *entry_at(c, i);
	mem_free(c->ring);
	c->ring = ring;
	c->size = size;
	c->at = 0;
}

static void
add(struct answers *c, struct answers_entry e)
{
	if (c->count == c->size)
		grow(c);
	*entry_at(c, c->count++) = e;
	*account(c, &e) += cost(&e);
}

static void
drop_first(struct answers *c)
{
	*account(c, entry_at(c, 0)) -= cost(entry_at(c, 0));
	c->at = (c->at + 1) & (c->size - 1);
	c->count--;
}

void
answers_clear(struct answers *c)
{
	while (c->count > 0) {
		struct answers_entry first = *entry_at(c, 0);

		drop_first(c);
		if (first.kind != ENTRY_BLOB)
			continue;
		blob_drop(first.blob);
		blob_drop(first.late);
	}
	mem_free(c->ring);
	c->ring = NULL;
	c->size = c->at = 0;
}

void
answers_done(struct answers *c)
{
	answers_clear(c);
	blob_drop(c->word[0]);
	blob_drop(c->word[1]);
	*c = (struct answers){ 0 };
}

void
answers_put(struct answers *c, struct blob *b)
{
	add(c, (struct answers_entry){ .kind = ENTRY_BLOB, .blob = b });
}

void
answers_put_until(struct answers *c, struct blob *b, usec until, struct blob *late)
{
	add(c,
	    (struct answers_entry){ .kind = ENTRY_BLOB, .blob = b, .late = late, .until = until });
}

static void
mix(struct answers_entry *e, bool done)
{
	if (e->kind == ENTRY_RUN)
		e->pattern = e->done ? ((uint64_t)1 << e->acks) - 1 : 0;
	e->kind = ENTRY_MIXED;
	e->pattern |= (uint64_t)done << e->acks;
}

void
answers_ack(struct answers *c, bool done)
{
	struct answers_entry *last = c->count == 0 ? NULL : entry_at(c, c->count - 1);

	if (last != NULL && last->kind == ENTRY_RUN && last->done == done) {
		last->acks++;
	} else if (last != NULL && last->kind != ENTRY_BLOB && last->acks < MIXED_MOST) {
		mix(last, done);
		last->acks++;
	} else {
		add(c, (struct answers_entry){ .kind = ENTRY_RUN, .acks = 1, .done = done });
	}
}

static struct blob *
one_word(struct answers *c, bool done)
{
	if (c->word[done] == NULL)
		c->word[done] = blob_new(words[done]);
	return blob_hold(c->word[done]);
}

static struct blob *
many_words(bool done, size_t n)
{
	struct slice word = words[done];
	struct blob *b = blob_room(n * word.len);

	for (size_t i = 0; i < n; i++)
		memcpy(b->bytes + i * word.len, word.at, word.len);
	return b;
}

static struct blob *
give_run(struct answers *c, size_t most)
{
	struct answers_entry *e = entry_at(c, 0);
	bool done = e->done;
	size_t n = most / words[done].len;

	n = n == 0 ? 1 : n;
	n = n < e->acks ? n : (size_t)e->acks;
	e->acks -= n;
	if (e->acks == 0)
		drop_first(c);
	return n == 1 ? one_word(c, done) : many_words(done, n);
}

/* One line at least, and what else is not over most. */
static struct blob *
give_mixed(struct answers *c, size_t most)
{
	struct answers_entry *e = entry_at(c, 0);
	struct blob *b;
	uint64_t n = 0;
	size_t bytes = 0;

	do
		bytes += words[e->pattern >> n & 1].len;
	while (++n < e->acks && bytes + words[e->pattern >> n & 1].len <= most);
	b = blob_room(bytes);
	for (bytes = 0; n > 0; n--) {
		struct slice word = words[e->pattern & 1];

		memcpy(b->bytes + bytes, word.at, word.len);
		bytes += word.len;
		e->pattern >>= 1;
		e->acks--;
	}
	if (e->acks == 0)
		drop_first(c);
	return b;
}

struct blob *
answers_give(struct answers *c, size_t most, usec now)
{
	struct answers_entry first;
	bool late;

	if (c->count == 0)
		return NULL;
	switch (entry_at(c, 0)->kind) {
	case ENTRY_RUN: return give_run(c, most);
	case ENTRY_MIXED: return give_mixed(c, most);
	case ENTRY_BLOB: break;
	}
	first = *entry_at(c, 0);
	drop_first(c);
	late = first.late != NULL && now > first.until;
	blob_drop(late ? first.blob : first.late);
	return late ? first.late : first.blob;
}
