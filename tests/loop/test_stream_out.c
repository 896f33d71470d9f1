/* Streams that write: in order, at once, and to who does not read. */
#include "end.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static size_t
take(int fd, char *to, size_t room)
{
	ssize_t n = read(fd, to, room);

	return n > 0 ? (size_t)n : 0;
}

Case(stream, a_million_bytes_pass_a_small_socket_in_order)
{
	struct loop *l = loop_for_case();
	struct end e;
	int fd = end_start(&e, l, EATS, 0);
	int small = 4096;
	struct text sent = { 0 }, got = { 0 };

	setsockopt(e.stream.write_fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	srand(3);
	while (sent.len < 1000000) {
		size_t from = sent.len;

		for (int n = rand() % 700; n > 0; n--)
			text_char(&sent, (char)rand());
		stream_send(&e.stream, slice_after(text_view(&sent), from));
	}
	cr_expect(e.stream.queue_bytes == sent.len && e.stream.full);
	for (usec end = loop_clock() + 20 * USEC_SECOND;
	     got.len < sent.len && loop_clock() < end;) {
		loop_round(l, 0);
		text_took(&got, take(fd, text_room(&got, 3000), 3000));
	}
	cr_expect(slice_same(text_view(&sent), text_view(&got)));
	cr_expect(e.drained == 1 && stream_idle(&e.stream) && e.stream.queue == NULL);
	for (int i = 0; i < 5; i++)
		cr_expect(!loop_round(l, 0), "an empty queue asks for nothing");
	text_free(&sent);
	text_free(&got);
	end_stop(&e, fd);
	loop_free(l);
}

Case(stream, many_sends_of_a_round_are_one_write)
{
	struct loop *l = loop_for_case();
	struct end e = { .l = l };
	char got[100];
	int fds[2];

	cr_assert(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) == 0);
	stream_start(&e.stream, l, fds[0], fds[0], &end_hooks, "packets");
	for (int i = 0; i < 50; i++)
		stream_send(&e.stream, SLICE("x"));
	cr_expect(take(fds[1], got, 100) == 0, "not before the end of the round");
	loop_round(l, 0);
	cr_expect(take(fds[1], got, 100) == 50);
	for (int i = 0; i < 50; i++)
		stream_send(&e.stream, SLICE("xy"));
	stream_push(&e.stream, true);
	for (int i = 0; i < 50; i++)
		cr_expect(take(fds[1], got, 100) == 2, "apart: each by itself");
	cr_expect(stream_idle(&e.stream));
	end_stop(&e, fds[1]);
	loop_free(l);
}

Case(stream, held_reading_does_not_stop_writing)
{
	struct loop *l = loop_for_case();
	struct end e;
	int fd = end_start(&e, l, EATS, 0);
	char got[10];

	stream_hold(&e.stream);
	put(fd, "unread", 6);
	stream_send(&e.stream, SLICE("keepalive"));
	loop_round(l, 0);
	cr_expect(take(fd, got, 10) == 9 && e.calls == 0);
	stream_release(&e.stream);
	rounds_until(l, e.got.len == 6);
	end_stop(&e, fd);
	loop_free(l);
}

Case(stream, both_directions_full_block_nobody_and_go_on)
{
	struct loop *l = loop_for_case();
	struct end e;
	int fd = end_start(&e, l, EATS, 0);
	static char flood[65536];
	size_t written = 0, taken = 0;
	ssize_t n;

	stream_hold(&e.stream);
	while ((n = write(fd, flood, sizeof(flood))) > 0)
		written += (size_t)n;
	for (int i = 0; i < 50; i++)
		stream_send(&e.stream, slice_of(flood, sizeof(flood)));
	for (int i = 0; i < 5; i++)
		loop_round(l, 0);
	cr_expect(!stream_idle(&e.stream) && !loop_round(l, 0), "full, and quiet");
	stream_release(&e.stream);
	for (usec end = loop_clock() + 20 * USEC_SECOND;
	     (taken < 50 * sizeof(flood) || e.got.len < written) && loop_clock() < end;) {
		loop_round(l, 0);
		taken += take(fd, flood, sizeof(flood));
	}
	cr_expect(taken == 50 * sizeof(flood) && e.got.len == written);
	end_stop(&e, fd);
	loop_free(l);
}

Case(stream, a_broken_pipe_is_told_once_and_drops_the_queue)
{
	struct loop *l = loop_for_case();
	struct end e = { .l = l };
	int ends[2];

	cr_assert(pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
	stream_start(&e.stream, l, -1, ends[1], &end_hooks, "pipe");
	close(ends[0]);
	stream_send(&e.stream, SLICE("x"));
	stream_push(&e.stream, false);
	cr_expect(e.broken == 0, "hooks are called by the loop");
	rounds_until(l, e.broken == 1);
	cr_expect(e.error == EPIPE && stream_idle(&e.stream));
	stream_send(&e.stream, SLICE("x"));
	loop_round(l, 0);
	cr_expect(e.broken == 1 && stream_idle(&e.stream));
	end_stop(&e, -1);
	loop_free(l);
}

Case(stream, a_reader_that_leaves_while_the_pipe_is_full_is_noticed)
{
	struct loop *l = loop_for_case();
	struct end e = { .l = l };
	static char flood[300000];
	int ends[2];

	cr_assert(pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
	stream_start(&e.stream, l, -1, ends[1], &end_hooks, "pipe");
	stream_send(&e.stream, slice_of(flood, sizeof(flood)));
	loop_round(l, 0);
	cr_expect(!stream_idle(&e.stream) && !loop_round(l, 0));
	close(ends[0]);
	rounds_until(l, e.broken == 1);
	for (int i = 0; i < 5; i++)
		cr_expect(!loop_round(l, 0));
	end_stop(&e, -1);
	loop_free(l);
}

Case(stream, finish_closes_the_writing_end_after_the_queue)
{
	struct loop *l = loop_for_case();
	struct end e = { .l = l }, s;
	static char flood[300000];
	size_t got = 0;
	ssize_t n;
	int ends[2], fd;

	cr_assert(pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
	stream_start(&e.stream, l, -1, ends[1], &end_hooks, "pipe");
	stream_send(&e.stream, slice_of(flood, sizeof(flood)));
	stream_finish(&e.stream);
	fd = end_start(&s, l, EATS, 0);
	stream_send(&s.stream, SLICE("bye"));
	stream_finish(&s.stream);
	for (usec end = loop_clock() + 20 * USEC_SECOND; loop_clock() < end;) {
		loop_round(l, 0);
		n = read(ends[0], flood, sizeof(flood));
		if (n == 0)
			break;
		got += n > 0 ? (size_t)n : 0;
	}
	cr_expect(got == sizeof(flood) && e.stream.write_fd == -1);
	cr_expect(take(fd, flood, 10) == 3 && read(fd, flood, 1) == 0);
	put(fd, "still heard", 11);
	rounds_until(l, s.got.len == 11);
	end_stop(&e, ends[0]);
	end_stop(&s, fd);
	loop_free(l);
}
