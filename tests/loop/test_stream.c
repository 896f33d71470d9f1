/* Streams that read: cuts, budgets, holds, and what may happen inside a hook. */
#include "end.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

Case(stream, any_cutting_of_the_input_gives_the_same_bytes)
{
	static const enum manner manners[] = { EATS, BITES, WAITS };
	static char sent[100000];

	for (size_t i = 0; i < sizeof(sent); i++)
		sent[i] = (char)(i * 7 + i / 251);
	for (unsigned seed = 0; seed < 30; seed++) {
		struct loop *l = loop_for_case();
		struct end e;
		int fd = end_start(&e, l, manners[seed % 3], 1 + seed * 37);
		size_t at = 0;

		srand(seed);
		while (at < sizeof(sent)) {
			size_t n = 1 + (size_t)rand() % 9000;
			ssize_t done;

			n = n < sizeof(sent) - at ? n : sizeof(sent) - at;
			done = write(fd, sent + at, n);
			at += done > 0 ? (size_t)done : 0;
			loop_round(l, 0);
		}
		rounds_until(l, e.got.len + e.bite > sizeof(sent) || e.got.len == sizeof(sent));
		close(fd);
		rounds_until(l, e.ends == 1);
		cr_expect(e.got.len + e.rest == sizeof(sent), "seed %u", seed);
		cr_expect(memcmp(e.got.at, sent, e.got.len) == 0, "seed %u", seed);
		cr_expect(e.error == 0);
		end_stop(&e, -1);
		loop_free(l);
	}
}

Case(stream, whoever_awaits_it_is_told_when_all_is_written)
{
	struct loop *l = loop_for_case();
	struct end e;
	int fd = end_start(&e, l, EATS, 0);
	static char most[4000000], read_most[4000000];

	e.stream.low = 1;
	stream_send(&e.stream, SLICE("x"));
	stream_push(&e.stream, false);
	stream_await(&e.stream);
	cr_expect(
	    !loop_round(l, 0) && e.drained == 0, "nothing was left, and nobody is woken for it");
	stream_send(&e.stream, slice_of((const uint8_t *)most, sizeof(most)));
	stream_push(&e.stream, false);
	stream_await(&e.stream);
	while (e.drained == 0) {
		cr_expect(!stream_idle(&e.stream));
		cr_assert(read(fd, read_most, sizeof(read_most)) > 0);
		loop_round(l, 0);
	}
	cr_expect(stream_idle(&e.stream) && e.drained == 1);
	end_stop(&e, fd);
	loop_free(l);
}

Case(stream, a_budget_loses_no_edge)
{
	struct loop *l = loop_for_case();
	struct end e;
	int fd = end_start(&e, l, BITES, 1);
	unsigned rounds = 0;
	char bytes[1000] = { 0 };

	put(fd, bytes, sizeof(bytes)); /* one write, no further event from the kernel */
	for (; e.got.len < sizeof(bytes) && rounds < 1000; rounds++)
		loop_round(l, USEC_NEVER);
	cr_expect(rounds <= sizeof(bytes) / STREAM_CALLS + 1, "%u rounds", rounds);
	cr_expect(e.stream.input == NULL, "an idle stream has no buffer");
	put(fd, bytes, 1);
	rounds_until(l, e.got.len == sizeof(bytes) + 1);
	end_stop(&e, fd);
	loop_free(l);
}

Case(stream, one_that_yields_goes_on_in_the_next_round)
{
	struct loop *l = loop_for_case();
	struct end e;
	int fd = end_start(&e, l, YIELDS, 10);
	char bytes[35] = { 0 };

	put(fd, bytes, sizeof(bytes));
	for (size_t got = 10; got <= 30; got += 10) {
		cr_expect(loop_round(l, USEC_NEVER));
		cr_expect(e.got.len == got && stream_input(&e.stream).len == sizeof(bytes) - got);
	}
	cr_expect(loop_round(l, USEC_NEVER) && e.got.len == sizeof(bytes));
	cr_expect(!loop_round(l, 0) && stream_input(&e.stream).len == 0);
	end_stop(&e, fd);
	loop_free(l);
}

/* What one round reads of a stream that always has more than 64 KiB. */
static size_t
round_of_flood(struct loop *l, struct end *flood, int fd)
{
	static char bytes[70000];
	size_t before = flood->got.len;

	while (write(fd, bytes, sizeof(bytes)) > 0)
		;
	loop_round(l, USEC_NEVER);
	return flood->got.len - before;
}

Case(stream, a_flood_gives_way_while_others_are_ready)
{
	struct loop *l = loop_for_case();
	struct end flood, other;
	int flood_fd = end_start(&flood, l, EATS, 0);
	int other_fd = end_start(&other, l, EATS, 0);

	flood.stream.share = 5000;
	put(other_fd, "x", 1);
	cr_expect(round_of_flood(l, &flood, flood_fd) == 65536, "what is said first is read whole");
	put(other_fd, "x", 1);
	cr_expect(round_of_flood(l, &flood, flood_fd) == 5000);
	cr_expect(other.got.len == 2);
	rounds_until(l, round_of_flood(l, &flood, flood_fd) == 65536); /* it is alone again */
	flood.stream.share = 0;
	put(other_fd, "x", 1);
	cr_expect(round_of_flood(l, &flood, flood_fd) == 65536, "it does not share");
	end_stop(&flood, flood_fd);
	end_stop(&other, other_fd);
	loop_free(l);
}

Case(stream, a_partial_record_waits_without_spin_and_goes_on)
{
	struct loop *l = loop_for_case();
	struct end e;
	int fd = end_start(&e, l, WAITS, 10);

	put(fd, "123456789", 9);
	rounds_until(l, e.calls == 1);
	for (int i = 0; i < 10; i++)
		cr_expect(!loop_round(l, 0));
	cr_expect(stream_waiting(&e.stream));
	put(fd, "0", 1);
	rounds_until(l, e.got.len == 10);
	cr_expect(!stream_waiting(&e.stream) && e.stream.input == NULL);
	end_stop(&e, fd);
	loop_free(l);
}

Case(stream, one_fast_and_nine_slow_all_progress)
{
	struct loop *l = loop_for_case();
	struct end e[10];
	int fd[10];
	char flood[65536] = { 0 };

	for (int i = 0; i < 10; i++)
		fd[i] = end_start(&e[i], l, EATS, 0);
	for (int round = 1; round <= 100; round++) {
		while (write(fd[0], flood, sizeof(flood)) > 0)
			continue;
		for (int i = 1; i < 10; i++)
			put(fd[i], "x", 1);
		loop_round(l, 0);
		for (int i = 1; i < 10; i++)
			cr_assert((int)e[i].got.len == round, "%d behind in round %d", i, round);
	}
	for (int i = 0; i < 10; i++)
		end_stop(&e[i], fd[i]);
	loop_free(l);
}

Case(stream, ten_floods_have_even_shares)
{
	struct loop *l = loop_for_case();
	struct end e[10];
	int fd[10];
	char flood[65536] = { 0 };
	uint64_t sum = 0;
	uint64_t squares = 0;

	for (int i = 0; i < 10; i++)
		fd[i] = end_start(&e[i], l, BITES, i == 0 ? 1000 : 10);
	for (int round = 0; round < 200; round++) {
		for (int i = 0; i < 10; i++)
			while (write(fd[i], flood, sizeof(flood)) > 0)
				continue;
		loop_round(l, 0);
	}
	for (int i = 0; i < 10; i++) {
		sum += e[i].calls;
		squares += (uint64_t)e[i].calls * e[i].calls;
	}
	/* Jain's index: 1 when all are even, 1/10 when one has everything */
	cr_expect(100 * sum * sum >= 95 * 10 * squares, "%llu of %llu",
	    (unsigned long long)(sum * sum), (unsigned long long)(10 * squares));
	for (int i = 0; i < 10; i++)
		end_stop(&e[i], fd[i]);
	loop_free(l);
}

Case(stream, a_held_one_is_not_read_and_does_not_spin_even_when_hung_up)
{
	struct loop *l = loop_for_case();
	struct end e;
	int fd = end_start(&e, l, EATS, 0);

	stream_hold(&e.stream);
	stream_hold(&e.stream);
	put(fd, "abc", 3);
	close(fd);
	for (int i = 0; i < 10; i++)
		cr_expect(!loop_round(l, 0), "it spins");
	cr_expect(e.calls == 0 && e.ends == 0 && stream_waiting(&e.stream));
	stream_release(&e.stream);
	cr_expect(stream_held(&e.stream) && !loop_round(l, 0));
	stream_release(&e.stream);
	rounds_until(l, e.ends == 1);
	cr_expect(e.got.len == 3, "what came before the end is told");
	for (int i = 0; i < 10; i++)
		cr_expect(!loop_round(l, 0), "the end is told once");
	end_stop(&e, -1);
	loop_free(l);
}

Case(stream, a_hold_inside_the_hook_keeps_the_rest)
{
	struct loop *l = loop_for_case();
	struct end e;
	int fd = end_start(&e, l, HOLDS, 3);

	put(fd, "abcdefghij", 10);
	for (unsigned i = 1; i <= 4; i++) {
		rounds_until(l, e.calls == i);
		for (int j = 0; j < 3; j++)
			cr_expect(!loop_round(l, 0));
		cr_expect(e.calls == i && stream_held(&e.stream));
		stream_release(&e.stream);
	}
	cr_expect(slice_is(text_view(&e.got), "abcdefghij"));
	end_stop(&e, fd);
	loop_free(l);
}

Case(stream, input_over_its_limit_is_a_fault_and_memory_stays_bounded)
{
	struct loop *l = loop_for_case();
	struct end e;
	int fd = end_start(&e, l, NEVER, 0);
	char flood[65536] = { 0 };

	e.stream.input_limit = 300000;
	for (int i = 0; i < 1000 && e.ends == 0; i++) {
		(void)!write(fd, flood, sizeof(flood));
		loop_round(l, 0);
		cr_assert(e.stream.input_len <= 300000);
	}
	cr_expect(e.ends == 1 && e.error == EMSGSIZE && e.rest == 300000, "%d", e.error);
	end_stop(&e, fd);
	loop_free(l);
}

Case(stream, a_file_that_epoll_refuses_is_told_as_ended)
{
	struct loop *l = loop_for_case();
	struct end e = { .l = l };

	stream_start(
	    &e.stream, l, open("/etc/passwd", O_RDONLY | O_CLOEXEC), -1, &end_hooks, "file");
	rounds_until(l, e.ends == 1);
	cr_expect(e.error == EPERM);
	end_stop(&e, -1);
	loop_free(l);
}

Case(stream, may_close_bury_or_restart_itself_inside_its_hook)
{
	struct loop *l = loop_for_case();
	struct end a, c;
	struct end *b = mem_zero(1, sizeof(*b));
	int fd_a = end_start(&a, l, CLOSES, 0);
	int fd_b = end_start(b, l, BURIES, 0);
	int fd_c = end_start(&c, l, RESTARTS, 0);
	int fds[2];

	cr_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) == 0);
	c.next_fd = fds[0];
	put(fd_a, "a", 1);
	put(fd_b, "b", 1);
	put(fd_c, "c", 1);
	put(fds[1], "new", 3);
	rounds_until(l, ends_buried == 1 && a.calls == 1 && c.got.len == 3);
	cr_expect(slice_is(text_view(&c.got), "new"));
	end_stop(&a, fd_a);
	end_stop(&c, fd_c);
	close(fd_b);
	close(fds[1]);
	loop_free(l);
}

Case(stream, a_neighbour_freed_inside_a_hook_is_not_called)
{
	struct loop *l = loop_for_case();
	struct end *a = mem_zero(1, sizeof(*a));
	struct end *b = mem_zero(1, sizeof(*b));
	int fd_a = end_start(a, l, KILLS, 0);
	int fd_b = end_start(b, l, KILLS, 0);

	a->victim = b;
	b->victim = a;
	put(fd_a, "a", 1);
	put(fd_b, "b", 1);
	loop_round(l, 0);
	a = a->calls == 1 ? a : b;
	cr_expect(a->calls == 1);
	end_stop(a, -1);
	mem_free(a);
	close(fd_a);
	close(fd_b);
	loop_free(l);
}

Case(stream, may_be_closed_by_its_end_and_by_its_drain)
{
	struct loop *l = loop_for_case();
	struct end a, b;
	int fd_a = end_start(&a, l, EATS, 0);
	int fd_b = end_start(&b, l, EATS, 0);

	a.close_at_end = true;
	b.close_when_drained = true;
	b.stream.high = 1;
	b.stream.low = 1;
	stream_send(&b.stream, SLICE("x"));
	close(fd_a);
	rounds_until(l, a.ends == 1 && b.drained == 1);
	cr_expect(a.stream.loop == NULL && b.stream.loop == NULL);
	end_stop(&a, -1);
	end_stop(&b, fd_b);
	loop_free(l);
}
