/*
 * TCP-AO keys, RFC 5925: what Linux asks for since 6.7. Headers of the C library may be older than
 * the kernel, so its structs stand here.
 */
#include "loop/net.h"

#include "base/must.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	AO_ADD_KEY = 38,
	AO_DEL_KEY = 39,
};

struct ao_add {                       /* struct tcp_ao_add of linux/tcp.h */
	struct sockaddr_storage addr; /* of the peer; its port is 0, for all ports */
	char algorithm[64];
	int32_t interface;
	uint32_t set_current : 1;
	uint32_t set_next : 1;
	uint32_t reserved : 30;
	uint16_t reserved_too;
	uint8_t prefix; /* bits of addr that count */
	uint8_t send_id;
	uint8_t receive_id;
	uint8_t mac_len; /* 0: 12 bytes, RFC 5926 */
	uint8_t key_flags;
	uint8_t key_len;
	uint8_t key[NET_AO_MAX];
} __attribute__((aligned(8)));

struct ao_del { /* struct tcp_ao_del */
	struct sockaddr_storage addr;
	int32_t interface;
	uint32_t set_current : 1;
	uint32_t set_next : 1;
	uint32_t later : 1;
	uint32_t reserved : 29;
	uint16_t reserved_too;
	uint8_t prefix;
	uint8_t send_id;
	uint8_t receive_id;
	uint8_t current;
	uint8_t next;
	uint8_t key_flags;
} __attribute__((aligned(8)));

_Static_assert(sizeof(struct ao_add) == 288, "as the kernel has it");
_Static_assert(sizeof(struct ao_del) == 144, "as the kernel has it");

/* cmac(aes128) takes keys of any length, as RFC 5926 3.1.1.2 wants it; cmac(aes) only some. */
static const char *const algorithms[] = {
	[NET_AO_NONE] = "",
	[NET_AO_SHA1] = "hmac(sha1)",
	[NET_AO_CMAC] = "cmac(aes128)",
	[NET_AO_SHA256] = "hmac(sha256)",
};

static void
remote_of(const struct prefix *remote, struct sockaddr_storage *to)
{
	struct prefix p = *remote;

	prefix_clear_host_bits(&p);
	if (p.addr.family == ADDR_IPV4) {
		struct sockaddr_in v4 = { .sin_family = AF_INET };

		memcpy(&v4.sin_addr, p.addr.bytes, 4);
		memcpy(to, &v4, sizeof(v4));
	} else {
		struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };

		memcpy(&v6.sin6_addr, p.addr.bytes, 16);
		memcpy(to, &v6, sizeof(v6));
	}
}

static int
add(int fd, const struct prefix *remote, const struct net_ao *key, bool listening)
{
	struct ao_add a = { 0 };

	MUST(key->algorithm > NET_AO_NONE && key->algorithm <= NET_AO_SHA256);
	remote_of(remote, &a.addr);
	memcpy(a.algorithm, algorithms[key->algorithm], strlen(algorithms[key->algorithm]));
	a.set_current = a.set_next = !listening; /* a listening socket has none in use */
	a.prefix = (uint8_t)remote->len;
	a.send_id = a.receive_id = key->id;
	a.key_len = key->len;
	memcpy(a.key, key->bytes, key->len);
	if (setsockopt(fd, IPPROTO_TCP, AO_ADD_KEY, &a, sizeof(a)) == 0)
		return 0;
	return errno == EEXIST ? 0 : -errno;
}

static int
cut(int fd, const struct prefix *remote, const struct net_ao *key)
{
	struct ao_del d = { 0 };

	remote_of(remote, &d.addr);
	d.prefix = (uint8_t)remote->len;
	d.send_id = d.receive_id = key->id;
	if (setsockopt(fd, IPPROTO_TCP, AO_DEL_KEY, &d, sizeof(d)) == 0)
		return 0;
	return errno == ENOENT || errno == ENOPROTOOPT ? 0 : -errno; /* it is not there */
}

int
net_ao_connecting(int fd, const struct addr *remote, const struct net_ao *key)
{
	struct prefix whole = { *remote, (uint8_t)(addr_len(remote) * 8) };

	return add(fd, &whole, key, false);
}

int
net_ao_listening(int fd, const struct prefix *remote, const struct net_ao *key, bool set)
{
	return set ? add(fd, remote, key, true) : cut(fd, remote, key);
}

int
net_ao_works(const struct prefix *remote, const struct net_ao *key)
{
	int fd = socket(remote->addr.family == ADDR_IPV4 ? AF_INET : AF_INET6,
	    SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
	int error = fd < 0 ? -errno : add(fd, remote, key, false);

	if (fd >= 0)
		close(fd);
	return error;
}

const char *
net_ao_error(int error)
{
	switch (-error) {
	case ENOPROTOOPT: return "this kernel has no TCP-AO (Linux 6.7 with CONFIG_TCP_AO has it)";
	case ENOENT: return "this kernel does not know the algorithm of the TCP-AO key";
	default: return strerror(-error);
	}
}
