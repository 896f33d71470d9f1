/* What waits to be written to a helper's stdin. */
#include "channel.h"

#include "base/mem.h"

struct channel_entry {
	struct blob *blob; /* NULL: acknowledgements */
	uint64_t acks;
	bool done;
};

static const struct slice words[2] = { { (const uint8_t *)"error\n", 6 },
	{ (const uint8_t *)"done\n", 5 } };

static struct channel_entry *
entry_at(const struct channel *c, size_t i)
{
	return &c->ring[(c->at + i) & (c->size - 1)];
}

static size_t
cost(const struct channel_entry *e)
{
	return sizeof(*e) + (e->blob == NULL ? 0 : e->blob->len);
}

static void
grow(struct channel *c)
{
	size_t size = c->size == 0 ? 16 : 2 * c->size;
	struct channel_entry *ring = mem_get(size * sizeof(*ring));

	for (size_t i = 0; i < c->count; i++)
		ring[i] = *entry_at(c, i);
	mem_free(c->ring);
	c->ring = ring;
	c->size = size;
	c->at = 0;
}

static void
add(struct channel *c, struct channel_entry e)
{
	if (c->count == c->size)
		grow(c);
	*entry_at(c, c->count++) = e;
	c->bytes += cost(&e);
}

static void
drop_first(struct channel *c)
{
	c->bytes -= cost(entry_at(c, 0));
	c->at = (c->at + 1) & (c->size - 1);
	c->count--;
}

void
channel_clear(struct channel *c)
{
	while (c->count > 0) {
		struct blob *b = entry_at(c, 0)->blob;

		drop_first(c);
		blob_drop(b);
	}
	mem_free(c->ring);
	c->ring = NULL;
	c->size = c->at = 0;
}

void
channel_done(struct channel *c)
{
	channel_clear(c);
	blob_drop(c->word[0]);
	blob_drop(c->word[1]);
	*c = (struct channel){ 0 };
}

void
channel_put(struct channel *c, struct blob *b)
{
	add(c, (struct channel_entry){ .blob = b });
}

bool
channel_merges(const struct channel *c, bool done)
{
	const struct channel_entry *last;

	if (c->count == 0)
		return false;
	last = entry_at(c, c->count - 1);
	return last->blob == NULL && last->done == done;
}

void
channel_ack(struct channel *c, bool done)
{
	if (channel_merges(c, done))
		entry_at(c, c->count - 1)->acks++;
	else
		add(c, (struct channel_entry){ .acks = 1, .done = done });
}

static struct blob *
one_word(struct channel *c, bool done)
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
give_acks(struct channel *c, size_t most)
{
	struct channel_entry *e = entry_at(c, 0);
	bool done = e->done;
	size_t n = most / words[done].len;

	n = n == 0 ? 1 : n;
	n = n < e->acks ? n : (size_t)e->acks;
	e->acks -= n;
	if (e->acks == 0)
		drop_first(c);
	return n == 1 ? one_word(c, done) : many_words(done, n);
}

struct blob *
channel_give(struct channel *c, size_t most)
{
	struct blob *b;

	if (c->count == 0)
		return NULL;
	b = entry_at(c, 0)->blob;
	if (b == NULL)
		return give_acks(c, most);
	drop_first(c);
	return b;
}
