/* TCP on loopback. */
#include "rounds.h"

#include "loop/net.h"
#include "loop/stream.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct net_options plain = { .ttl_out = -1, .ttl_in_min = -1 };

static struct addr
address(const char *word)
{
	struct addr a = { 0 };

	cr_assert(addr_parse(slice_on(word), &a), "%s", word);
	return a;
}

static int
listen_on(const struct addr *a, const struct net_options *o, uint16_t *port)
{
	struct addr local;
	int fd = -1;
	int error = net_listen(a, 0, o, &fd);

	cr_assert(error == 0, "listen: %d", error);
	cr_assert(net_local(fd, &local, port) == 0);
	return fd;
}

static int
option(int fd, int level, int name)
{
	int value = -1;
	socklen_t len = sizeof(value);

	cr_expect(getsockopt(fd, level, name, &value, &len) == 0, "%d", errno);
	return value;
}

struct dial {
	struct stream stream;
	bool called;
	int error;
};

static void
dial_done(struct stream *s, int error)
{
	struct dial *d = owner_of(s, struct dial, stream);

	d->called = true;
	d->error = error;
}

static size_t
dial_bytes(struct stream *s, struct slice in)
{
	(void)s;
	return in.len;
}

static void
dial_ended(struct stream *s, int error, struct slice rest)
{
	(void)s;
	(void)error;
	(void)rest;
}

static const struct stream_hooks dial_hooks = {
	.bytes = dial_bytes, .ended = dial_ended, .connected = dial_done
};

static void
meet(const char *word, const struct net_options *o)
{
	struct loop *l = loop_for_case();
	struct addr a = address(word), from, here;
	uint16_t port, from_port, here_port;
	struct dial d = { 0 };
	int listening = listen_on(&a, o, &port);
	int fd = -1, in = -1;

	cr_expect(net_accept(listening, &in, &from, &from_port) == -EAGAIN);
	cr_assert(net_connect(&a, port, o, &fd) == 0);
	stream_start_connecting(&d.stream, l, fd, &dial_hooks, "dial");
	rounds_until(l, d.called);
	cr_assert(d.error == 0, "%d", d.error);
	cr_assert(net_accept(listening, &in, &from, &from_port) == 0);
	cr_expect(addr_same(&from, &a));
	cr_assert(net_local(fd, &here, &here_port) == 0);
	cr_expect(addr_same(&here, &from) && here_port == from_port);
	cr_assert(net_remote(fd, &here, &here_port) == 0);
	cr_expect(addr_same(&here, &a) && here_port == port);
	cr_expect(net_tune(in, o) == 0);
	cr_expect(option(in, IPPROTO_TCP, TCP_NODELAY) == 1);
	cr_expect(option(fd, IPPROTO_TCP, TCP_NODELAY) == 1);
	stream_send(&d.stream, SLICE("hello"));
	rounds_until(l, net_unread(in) == 5);
	cr_expect(net_unsent(in) == 0);
	stream_close(&d.stream);
	close(in);
	close(listening);
	loop_free(l);
}

Case(net, both_ends_know_each_other_in_both_families)
{
	meet("127.0.0.1", &plain);
	meet("::1", &plain);
}

Case(net, a_local_address_and_gtsm_hold_on_both_ends)
{
	struct net_options o = plain;

	o.ttl_out = 255;
	o.ttl_in_min = 255;
	o.local = address("127.0.0.1");
	meet("127.0.0.1", &o);
	o.local = address("::1");
	meet("::1", &o);
}

Case(net, a_session_may_be_bound_to_an_interface)
{
	struct net_options o = plain;
	struct addr a = address("127.0.0.1");
	int fd = -1;

	o.interface = "lo";
	if (net_listen(&a, 0, &o, &fd) == -EPERM)
		cr_skip_test("SO_BINDTODEVICE needs a privilege here");
	close(fd);
	meet("127.0.0.1", &o);
	meet("::1", &o);
}

Case(net, ttl_and_minimum_are_set_before_the_first_packet)
{
	struct net_options o = { .ttl_out = 64, .ttl_in_min = 253 };
	struct addr v4 = address("127.0.0.1"), v6 = address("::1");
	uint16_t port;
	int fd;

	fd = listen_on(&v4, &o, &port);
	cr_expect(option(fd, IPPROTO_IP, IP_TTL) == 64);
	cr_expect(option(fd, IPPROTO_IP, IP_MINTTL) == 253);
	cr_expect(option(fd, SOL_SOCKET, SO_REUSEADDR) == 1);
	close(fd);
	fd = listen_on(&v6, &o, &port);
	cr_expect(option(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS) == 64);
	cr_expect(option(fd, IPPROTO_IPV6, IPV6_MINHOPCOUNT) == 253);
	cr_expect(option(fd, IPPROTO_IPV6, IPV6_V6ONLY) == 1);
	close(fd);
}

/* As ExaBGP has it: IP_TTL of 0 is refused by the kernel, and a hop limit of 0 goes nowhere. */
Case(net, a_ttl_of_zero_is_none)
{
	struct net_options o = { .ttl_out = 0, .ttl_in_min = 0 };

	meet("127.0.0.1", &o);
	meet("::1", &o);
}

Case(net, what_a_listening_socket_answers_and_takes_may_change)
{
	static const char *const words[] = { "127.0.0.1", "::1" };

	for (size_t i = 0; i < 2; i++) {
		struct addr a = address(words[i]);
		int level = i == 0 ? IPPROTO_IP : IPPROTO_IPV6;
		int out = i == 0 ? IP_TTL : IPV6_UNICAST_HOPS;
		int in = i == 0 ? IP_MINTTL : IPV6_MINHOPCOUNT;
		uint16_t port;
		int fd = listen_on(&a, &plain, &port);
		int own = option(fd, level, out);

		cr_expect(net_listen_ttl(fd, 255, 254) == 0);
		cr_expect(option(fd, level, out) == 255 && option(fd, level, in) == 254);
		cr_expect(net_listen_ttl(fd, 0, -1) == 0);
		cr_expect(option(fd, level, out) == own && option(fd, level, in) == 0);
		close(fd);
	}
}

Case(net, a_packet_that_came_too_far_never_connects)
{
	struct loop *l = loop_for_case();
	struct net_options far = { .ttl_out = 200, .ttl_in_min = -1 };
	struct net_options near = { .ttl_out = 255, .ttl_in_min = 255 };
	struct addr a = address("127.0.0.1"), from;
	uint16_t port, from_port;
	struct dial d = { 0 };
	int listening = listen_on(&a, &near, &port);
	int fd = -1, in = -1;

	cr_assert(net_connect(&a, port, &far, &fd) == 0);
	stream_start_connecting(&d.stream, l, fd, &dial_hooks, "dial");
	for (int i = 0; i < 5; i++)
		loop_round(l, 20 * USEC_MSEC);
	cr_expect(!d.called && net_accept(listening, &in, &from, &from_port) == -EAGAIN);
	stream_close(&d.stream);
	close(listening);
	loop_free(l);
}

Case(net, nobody_there_is_told_by_connected)
{
	struct loop *l = loop_for_case();
	struct addr a = address("127.0.0.1");
	struct dial d = { 0 };
	uint16_t port;
	int fd = listen_on(&a, &plain, &port);

	close(fd);
	cr_assert(net_connect(&a, port, &plain, &fd) == 0);
	stream_start_connecting(&d.stream, l, fd, &dial_hooks, "dial");
	rounds_until(l, d.called);
	cr_expect(d.error == ECONNREFUSED, "%d", d.error);
	stream_close(&d.stream);
	loop_free(l);
}

Case(net, what_the_system_refuses_leaves_no_descriptor)
{
	struct net_options o = plain;
	struct addr a = address("127.0.0.1"), other = address("192.0.2.1"), none = { 0 };
	int fd = -1;

	o.interface = "no-such-interface";
	cr_expect(net_connect(&a, 1, &o, &fd) == -ENODEV || geteuid() != 0);
	o.interface = "a-name-that-is-longer-than-any-interface";
	cr_expect(net_listen(&a, 0, &o, &fd) == -ENODEV);
	o.interface = NULL;
	cr_expect(net_listen(&other, 0, &o, &fd) == -EADDRNOTAVAIL);
	cr_expect(net_listen(&none, 0, &o, &fd) == -EAFNOSUPPORT);
	o.local = other;
	cr_expect(net_connect(&a, 1, &o, &fd) == -EADDRNOTAVAIL);
	cr_expect(fd == -1);
}

static struct prefix
range(const char *word)
{
	struct prefix p = { 0 };
	enum prefix_fault fault = prefix_parse(slice_on(word), &p);

	cr_assert(fault == PREFIX_FINE || fault == PREFIX_HOST_BITS, "%s", word);
	return p;
}

/* From and to this address; the key of the listening socket is for that range. */
static bool
md5_session(const char *word, const char *key_for, const char *ours, const char *theirs)
{
	struct loop *l = loop_for_case();
	struct net_options o = plain;
	struct addr a = address(word), from;
	struct prefix all = range(key_for);
	struct dial d = { 0 };
	uint16_t port, from_port;
	int listening = listen_on(&a, &plain, &port);
	int fd = -1, in = -1;
	bool met;

	cr_assert(net_md5(listening, &all, (const uint8_t *)theirs, strlen(theirs)) == 0);
	o.local = a;
	o.md5 = ours[0] == '\0' ? NULL : (const uint8_t *)ours;
	o.md5_len = strlen(ours);
	cr_assert(net_connect(&a, port, &o, &fd) == 0);
	stream_start_connecting(&d.stream, l, fd, &dial_hooks, "dial");
	for (int i = 0; i < 5 && !d.called; i++)
		loop_round(l, 20 * USEC_MSEC);
	met = d.called && d.error == 0;
	if (net_accept(listening, &in, &from, &from_port) == 0)
		close(in);
	stream_close(&d.stream);
	close(listening);
	loop_free(l);
	return met;
}

Case(net, md5_keys_must_agree_and_removing_none_is_fine)
{
	struct addr a = address("127.0.0.1");
	struct prefix one = range("127.0.0.1");
	uint8_t long_key[NET_MD5_MAX + 1] = { 1 };
	uint16_t port;
	int fd = listen_on(&a, &plain, &port);
	int error = net_md5(fd, &one, long_key, NET_MD5_MAX);

	if (error == -ENOPROTOOPT || error == -EPERM) {
		close(fd);
		cr_skip_test("this kernel has no TCP_MD5SIG");
	}
	cr_expect(error == 0, "%d", error);
	cr_expect(net_md5(fd, &one, long_key, NET_MD5_MAX + 1) == -EINVAL);
	cr_expect(net_md5(fd, &one, NULL, 0) == 0);
	cr_expect(net_md5(fd, &one, NULL, 0) == 0, "removing what is not there");
	close(fd);
	cr_expect(md5_session("127.0.0.1", "127.0.0.1", "secret", "secret"));
	cr_expect(!md5_session("127.0.0.1", "127.0.0.1", "secret", "other"));
	cr_expect(md5_session("::1", "::1", "secret", "secret"));
	cr_expect(!md5_session("::1", "::1", "secret", "other"));
}

Case(net, an_md5_key_of_a_range_is_that_of_each_of_its_addresses)
{
	struct prefix all = range("127.0.1.1/24");
	struct addr a = address("127.0.0.1");
	uint16_t port;
	int fd;

	if (net_md5_works(&all, (const uint8_t *)"secret", 6) != 0)
		cr_skip_test("this kernel has no TCP_MD5SIG_EXT");
	cr_expect(md5_session("127.0.1.5", "127.0.1.1/24", "secret", "secret"));
	cr_expect(!md5_session("127.0.1.5", "127.0.1.1/24", "secret", "other"));
	cr_expect(!md5_session("127.0.1.5", "127.0.1.1/24", "", "secret"), "without a key");
	cr_expect(md5_session("127.0.2.5", "127.0.1.1/24", "", "secret"), "not of the range");
	cr_expect(md5_session("::1", "::/64", "secret", "secret"));
	cr_expect(!md5_session("::1", "::/64", "", "secret"));
	fd = listen_on(&a, &plain, &port);
	cr_expect(net_md5(fd, &all, (const uint8_t *)"secret", 6) == 0);
	cr_expect(net_md5(fd, &all, NULL, 0) == 0 && net_md5(fd, &all, NULL, 0) == 0);
	close(fd);
}

static int
ao_on(const struct addr *remote, const struct net_ao *key)
{
	struct prefix p = { *remote, (uint8_t)(addr_len(remote) * 8) };

	return net_ao_works(&p, key);
}

static bool
ao_session(const char *word, const struct net_ao *ours, const struct net_ao *theirs)
{
	struct loop *l = loop_for_case();
	struct net_options o = plain;
	struct addr a = address(word), from;
	struct prefix whole = { a, (uint8_t)(addr_len(&a) * 8) };
	struct dial d = { 0 };
	uint16_t port, from_port;
	int listening = listen_on(&a, &plain, &port);
	int fd = -1, in = -1;
	bool met;

	cr_assert(net_ao_listening(listening, &whole, theirs, true) == 0);
	o.ao = ours;
	cr_assert(net_connect(&a, port, &o, &fd) == 0);
	stream_start_connecting(&d.stream, l, fd, &dial_hooks, "dial");
	for (int i = 0; i < 5 && !d.called; i++)
		loop_round(l, 20 * USEC_MSEC);
	met = d.called && d.error == 0;
	if (net_accept(listening, &in, &from, &from_port) == 0)
		close(in);
	cr_expect(net_ao_listening(listening, &whole, theirs, false) == 0);
	cr_expect(net_ao_listening(listening, &whole, theirs, false) == 0, "removed already");
	stream_close(&d.stream);
	close(listening);
	loop_free(l);
	return met;
}

Case(net, ao_keys_must_agree_or_the_kernel_says_why_not)
{
	struct addr a = address("127.0.0.1");
	struct net_ao key = { .algorithm = NET_AO_SHA1, .id = 7, .len = 6, .bytes = "secret" };
	struct net_ao other = { .algorithm = NET_AO_SHA1, .id = 7, .len = 5, .bytes = "other" };
	int error = ao_on(&a, &key);

	if (error != 0) {
		struct net_options o = plain;
		int fd = -1;

		o.ao = &key;
		cr_expect(net_connect(&a, 1, &o, &fd) == error, "without the key");
		cr_expect(fd == -1);
		cr_expect(strlen(net_ao_error(error)) > 10);
		cr_skip_test("%s", net_ao_error(error));
	}
	for (int algorithm = NET_AO_SHA1; algorithm <= NET_AO_SHA256; algorithm++) {
		key.algorithm = other.algorithm = algorithm;
		cr_expect(ao_session("127.0.0.1", &key, &key));
		cr_expect(!ao_session("127.0.0.1", &key, &other));
		cr_expect(ao_session("::1", &key, &key));
	}
}
