/* Messages as bytes for a helper that speaks frames. */
#include "raw.h"

#include "base/owner.h"
#include "base/wire.h"

#define ITEMS_MOST  ((size_t)1000000)
#define BYTES_MOST  ((size_t)8 * 1024 * 1024)
#define PIECE       ((size_t)64 * 1024)
#define HEAD        3  /* type and length */
#define STAMP       12 /* peer and time */
#define VALUE_MOST  ((size_t)65535)
#define MORE        0x80 /* the rest of the value is in the next one */
#define DROPPED     4
#define DROPPED_LEN (HEAD + 8)

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* One, or two when it is too long for a length of 16 bits. */
static struct blob *
tlv_of(enum helper_raw_type type, uint32_t peer, usec wall, struct slice bytes)
{
	size_t value = STAMP + bytes.len;
	size_t first = least(bytes.len, VALUE_MOST - STAMP);
	struct slice rest = slice_after(bytes, first);
	struct blob *b = blob_room(HEAD + value + (rest.len > 0 ? HEAD : 0));
	struct writer w = writer_on(b->bytes, b->len);

	write_u8(&w, (uint8_t)(type | (rest.len > 0 ? MORE : 0)));
	write_u16(&w, (uint16_t)(STAMP + first)); /* limited above */
	write_u32(&w, peer);
	write_u64(&w, (uint64_t)wall);
	write_slice(&w, slice_of(bytes.at, first));
	if (rest.len > 0) {
		write_u8(&w, (uint8_t)type);
		write_u16(&w, (uint16_t)rest.len); /* a message has 65535 bytes at most */
		write_slice(&w, rest);
	}
	return b;
}

/* What was lost before it stands in front of it. */
static struct blob *
with_dropped(uint64_t lost, struct blob *b)
{
	struct blob *both = blob_room(DROPPED_LEN + b->len);
	struct writer w = writer_on(both->bytes, both->len);

	write_u8(&w, DROPPED);
	write_u16(&w, 8);
	write_u64(&w, lost);
	write_slice(&w, blob_slice(b));
	blob_drop(b);
	return both;
}

static void
raw_flush(struct flush *f)
{
	struct raw *r = owner_of(f, struct raw, flush);
	struct queued next;

	while (r->stream.loop != NULL && r->stream.queue_bytes < PIECE &&
	    queue_take(&r->queue, loop_now(r->stream.loop), &next)) {
		r->written++;
		stream_take(
		    &r->stream, next.lost > 0 ? with_dropped(next.lost, next.blob) : next.blob);
	}
	if (r->stream.loop != NULL && !stream_idle(&r->stream))
		stream_await(&r->stream);
}

static void
raw_later(struct raw *r)
{
	loop_flush(&r->flush, r->stream.loop, raw_flush, "helper-raw");
}

static void
raw_drained(struct stream *s)
{
	raw_later(owner_of(s, struct raw, stream));
}

/* Nothing is to be said on it. */
static size_t
raw_bytes(struct stream *s, struct slice in)
{
	(void)s;
	return in.len;
}

static void
raw_ended(struct stream *s, int error, struct slice rest)
{
	(void)s;
	(void)error;
	(void)rest;
}

static void
raw_broken(struct stream *s, int error)
{
	(void)error;
	raw_stop(owner_of(s, struct raw, stream));
}

static const struct stream_hooks hooks = {
	.bytes = raw_bytes,
	.ended = raw_ended,
	.drained = raw_drained,
	.broken = raw_broken,
};

void
raw_init(struct raw *r)
{
	struct queue_rules rules = QUEUE_DEFAULT;

	r->stream.read_fd = r->stream.write_fd = -1;
	queue_init(&r->queue, &rules);
}

void
raw_start(struct raw *r, struct loop *l, const struct helper_conf *conf, int read_fd, int write_fd)
{
	struct queue_rules rules = {
		.items = conf->queue_items == 0 ? ITEMS_MOST : conf->queue_items,
		.bytes = conf->queue_bytes == 0 ? BYTES_MOST : conf->queue_bytes,
		.policy =
		    conf->overflow == HELPER_DROP_OLDEST ? QUEUE_DROP_OLDEST : QUEUE_DROP_NEWEST,
	};

	rules.low_items = rules.items / 2;
	rules.low_bytes = rules.bytes / 2;
	queue_change(&r->queue, &rules, loop_now(l));
	stream_start(&r->stream, l, read_fd, write_fd, &hooks, "helper-raw");
	r->stream.low = 1;
}

void
raw_stop(struct raw *r)
{
	if (r->stream.loop == NULL)
		return;
	r->dropped += queue_depth(&r->queue) + r->stream.queue_count + r->stream.lost;
	r->written -= r->stream.queue_count + r->stream.lost;
	queue_clear(&r->queue, loop_now(r->stream.loop));
	flush_stop(&r->flush);
	stream_close(&r->stream);
	r->stream.lost = 0;
}

void
raw_done(struct raw *r)
{
	queue_done(&r->queue);
}

void
raw_tell(struct raw *r, enum helper_raw_type type, uint32_t peer, usec wall, struct slice bytes)
{
	struct blob *b = tlv_of(type, peer, wall, bytes);
	uint64_t displaced = r->queue.counts.dropped_oldest;

	r->offered++;
	if (queue_put(&r->queue, b, QUEUE_NORMAL, loop_now(r->stream.loop)) == QUEUE_DROPPED)
		r->dropped++;
	r->dropped += r->queue.counts.dropped_oldest - displaced;
	blob_drop(b);
	raw_later(r);
}

void
raw_count(const struct raw *r, struct helper_session *to)
{
	to->raw_offered = r->offered;
	to->raw_delivered = r->written - r->stream.queue_count;
	to->raw_dropped = r->dropped;
	to->raw_queued = queue_depth(&r->queue) + r->stream.queue_count;
}
