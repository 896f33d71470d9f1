/* One stream of bytes, framed alone, over a socket pair and over TCP: the frames are the same. */
#include "case.h"

#include "base/text.h"
#include "frame/frame.h"
#include "loop/loop.h"
#include "loop/net.h"
#include "loop/stream.h"
#include "pieces.h"

#include <sys/socket.h>
#include <unistd.h>

#define MARKER  "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
#define ROUNDS  20000 /* of a loop that has something to do nearly always */
#define REPEATS 300

struct reader {
	struct stream stream;
	struct framer framer;
	struct text frames;
	bool ended;
};

static size_t
take_frame(struct framer *f, struct slice in, struct text *to)
{
	struct frame out;

	if (frame_next(f, in, &out) != FRAME_READY)
		return 0;
	text_format(to, "%u:", out.type);
	text_hex(to, out.body);
	text_string(to, " ");
	return out.used;
}

static size_t
reader_bytes(struct stream *s, struct slice in)
{
	struct reader *r = owner_of(s, struct reader, stream);

	return take_frame(&r->framer, in, &r->frames);
}

static void
reader_ended(struct stream *s, int error, struct slice rest)
{
	struct reader *r = owner_of(s, struct reader, stream);

	cr_expect(error == 0 && rest.len == 0);
	r->ended = true;
}

static const struct stream_hooks hooks = { .bytes = reader_bytes, .ended = reader_ended };

static void
alone(struct framer f, struct slice in, struct text *to)
{
	size_t used;

	while ((used = take_frame(&f, in, to)) != 0)
		in = slice_after(in, used);
}

static void
socket_pair(int fd[2])
{
	cr_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fd) == 0);
}

static void
tcp_pair(int fd[2])
{
	struct net_options o = { .ttl_out = -1, .ttl_in_min = -1 };
	struct addr here, from;
	uint16_t port;
	int listener;

	cr_assert(addr_parse(SLICE("127.0.0.1"), &here));
	cr_assert(net_listen(&here, 0, &o, &listener) == 0);
	cr_assert(net_local(listener, &from, &port) == 0);
	cr_assert(net_connect(&here, port, &o, &fd[1]) == 0);
	while (net_accept(listener, &fd[0], &from, &port) != 0)
		continue;
	close(listener);
}

/* Writes pieces whenever there is room, and reads all the while. */
static void
through(
    struct loop *l, int fd[2], struct framer f, struct slice in, uint32_t seed, struct reader *r)
{
	struct pieces cut = pieces_of(in, seed);
	struct slice piece = { 0 };

	*r = (struct reader){ .framer = f };
	stream_start(&r->stream, l, fd[0], fd[0], &hooks, "reader");
	for (int i = 0; i < ROUNDS && !r->ended; i++) {
		bool more = piece.len > 0 || pieces_next(&cut, &piece);

		if (more) {
			ssize_t n = send(fd[1], piece.at, piece.len, MSG_NOSIGNAL);

			piece = slice_after(piece, n > 0 ? (size_t)n : 0);
		} else if (fd[1] >= 0) {
			close(fd[1]);
			fd[1] = -1;
		}
		loop_round(l, more ? 0 : 10 * USEC_MSEC);
	}
	cr_expect(r->ended, "the end is not reached");
	stream_close(&r->stream);
}

Case(framing, is_the_same_alone_over_socket_pairs_and_over_tcp)
{
	struct {
		const char *name;
		struct framer f;
		struct slice in;
	} rows[] = {
		{ "lines", frame_lines(100), SLICE("announce\n\nwithdraw\r\n") },
		{ "prefixed", frame_prefixed(100), SLICE("\0\0\0\5hello\0\0\0\0\0\0\0\1x") },
		{ "tlv", frame_tlv(100), SLICE("\1\0\5hello\2\0\0\3\0\1x") },
		{ "chunked", frame_chunked(100), SLICE("5\nhello\n0\n1\nx\n") },
		{ "bgp", frame_bgp(4096), SLICE(MARKER "\0\x17\2\0\0\0\0" MARKER "\0\x13\4") },
	};
	int error = 0;
	struct loop *l = loop_new(&error);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text in = { 0 }, want = { 0 };

		for (int n = 0; n < REPEATS; n++)
			text_slice(&in, rows[i].in);
		alone(rows[i].f, text_view(&in), &want);
		for (uint32_t way = 0; way < 8; way++) {
			struct reader r;
			int fd[2];

			(way % 2 == 0 ? socket_pair : tcp_pair)(fd);
			through(l, fd, rows[i].f, text_view(&in), way / 2, &r);
			cr_expect(slice_same(text_view(&r.frames), text_view(&want)), "%s, way %u",
			    rows[i].name, way);
			text_free(&r.frames);
		}
		text_free(&in);
		text_free(&want);
	}
	loop_free(l);
}
