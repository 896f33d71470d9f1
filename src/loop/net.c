/* TCP for BGP: listening, connecting, and what sessions want of a socket. */
#include "loop/net.h"

#include "base/must.h"

#include <errno.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 200

union name {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_storage all;
};

/* The kernel's spelling of an address; a link-local one needs the interface. */
static socklen_t
name_of(const struct addr *a, uint16_t port, const char *interface, union name *to)
{
	memset(to, 0, sizeof(*to));
	if (a->family == ADDR_IPV4) {
		to->v4.sin_family = AF_INET;
		to->v4.sin_port = htons(port);
		memcpy(&to->v4.sin_addr, a->bytes, 4);
		return sizeof(to->v4);
	}
	to->v6.sin6_family = AF_INET6;
	to->v6.sin6_port = htons(port);
	memcpy(&to->v6.sin6_addr, a->bytes, 16);
	if (interface != NULL && addr_is_link_local(a))
		to->v6.sin6_scope_id = if_nametoindex(interface);
	return sizeof(to->v6);
}

/* A mapped IPv4 address is told as IPv4. */
static void
addr_of(const union name *n, struct addr *addr, uint16_t *port)
{
	if (n->any.sa_family == AF_INET) {
		*addr = addr_of_bytes(slice_of(&n->v4.sin_addr, 4));
		*port = ntohs(n->v4.sin_port);
	} else if (n->any.sa_family == AF_INET6) {
		bool mapped = IN6_IS_ADDR_V4MAPPED(&n->v6.sin6_addr);
		const uint8_t *bytes = n->v6.sin6_addr.s6_addr;

		*addr = addr_of_bytes(mapped ? slice_of(bytes + 12, 4) : slice_of(bytes, 16));
		*port = ntohs(n->v6.sin6_port);
	} else {
		*addr = (struct addr){ 0 };
		*port = 0;
	}
}

static int
set(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value)) == 0 ? 0 : -errno;
}

static int
socket_for(const struct addr *a, int *fd)
{
	if (a->family == ADDR_NONE)
		return -EAFNOSUPPORT;
	*fd = socket(a->family == ADDR_IPV4 ? AF_INET : AF_INET6,
	    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
	return *fd < 0 ? -errno : 0;
}

static int
family_of(int fd, int *family)
{
	socklen_t len = sizeof(*family);

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, family, &len) == 0 ? 0 : -errno;
}

/* -1 is the kernel's own. */
static int
set_ttl_out(int fd, int family, int ttl)
{
	return family == AF_INET6 ? set(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, ttl)
				  : set(fd, IPPROTO_IP, IP_TTL, ttl);
}

/* RFC 5082; 0 is none. */
static int
set_ttl_in(int fd, int family, int least)
{
	return family == AF_INET6 ? set(fd, IPPROTO_IPV6, IPV6_MINHOPCOUNT, least)
				  : set(fd, IPPROTO_IP, IP_MINTTL, least);
}

static int
set_ttl(int fd, const struct net_options *o)
{
	int family = AF_INET;
	int error = 0;

	if (o->ttl_out <= 0 && o->ttl_in_min <= 0)
		return 0;
	error = family_of(fd, &family);
	if (error == 0 && o->ttl_out > 0)
		error = set_ttl_out(fd, family, o->ttl_out);
	if (error == 0 && o->ttl_in_min > 0)
		error = set_ttl_in(fd, family, o->ttl_in_min);
	return error;
}

static int
set_interface(int fd, const char *interface)
{
	if (interface == NULL)
		return 0;
	if (strlen(interface) >= IF_NAMESIZE)
		return -ENODEV;
	return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface,
		   (socklen_t)strlen(interface) + 1) == 0
	    ? 0
	    : -errno;
}

/* port: of the remote end; 0: any. Ranges are known since Linux 4.14, single addresses to all. */
static int
set_md5(int fd, const struct prefix *remote, uint16_t port, const uint8_t *key, size_t len)
{
	struct prefix from = *remote;
	struct tcp_md5sig sig;
	union name name;
	bool range = remote->len < addr_len(&remote->addr) * 8;

	if (len > NET_MD5_MAX)
		return -EINVAL;
	memset(&sig, 0, sizeof(sig));
	prefix_clear_host_bits(&from);
	(void)name_of(&from.addr, port, NULL, &name);
	memcpy(&sig.tcpm_addr, &name.all, sizeof(sig.tcpm_addr));
	if (range) {
		sig.tcpm_flags = TCP_MD5SIG_FLAG_PREFIX;
		sig.tcpm_prefixlen = (uint8_t)from.len;
	}
	sig.tcpm_keylen = (uint16_t)len;
	if (len > 0)
		memcpy(sig.tcpm_key, key, len);
	if (setsockopt(fd, IPPROTO_TCP, range ? TCP_MD5SIG_EXT : TCP_MD5SIG, &sig, sizeof(sig)) ==
	    0)
		return 0;
	/* removing what isn't there */
	return len == 0 && errno == ENOENT ? 0 : -errno;
}

/* What must hold before the first packet is sent or taken. */
static int
prepare(int fd, const struct net_options *o)
{
	int error = set(fd, SOL_SOCKET, SO_REUSEADDR, 1);

	if (error == 0)
		error = set_interface(fd, o->interface);
	if (error == 0)
		error = set_ttl(fd, o);
	return error;
}

static int
bind_to(int fd, const struct addr *local, uint16_t port, const char *interface)
{
	union name name;
	socklen_t len = name_of(local, port, interface, &name);

	return bind(fd, &name.any, len) == 0 ? 0 : -errno;
}

static int
connect_to(int fd, const struct addr *to, uint16_t port, const char *interface)
{
	union name name;
	socklen_t len = name_of(to, port, interface, &name);

	if (connect(fd, &name.any, len) == 0 || errno == EINPROGRESS)
		return 0;
	return -errno;
}

int
net_connect(const struct addr *to, uint16_t port, const struct net_options *o, int *fd)
{
	struct prefix whole = { *to, (uint8_t)(addr_len(to) * 8) };
	int s = -1;
	int error = socket_for(to, &s);

	if (error == 0)
		error = prepare(s, o);
	if (error == 0)
		error = set(s, IPPROTO_TCP, TCP_NODELAY, 1);
	if (error == 0 && o->md5 != NULL)
		error = set_md5(s, &whole, port, o->md5, o->md5_len);
	if (error == 0 && o->ao != NULL)
		error = net_ao_connecting(s, to, o->ao);
	if (error == 0 && o->local.family != ADDR_NONE) {
		/* the port is chosen with the remote end known: no shortage with many sessions */
		(void)set(s, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
		error = bind_to(s, &o->local, 0, o->interface);
	}
	if (error == 0)
		error = connect_to(s, to, port, o->interface);
	if (error == 0)
		*fd = s;
	else if (s >= 0)
		close(s);
	return error;
}

int
net_listen(const struct addr *local, uint16_t port, const struct net_options *o, int *fd)
{
	int s = -1;
	int error = socket_for(local, &s);

	if (error == 0)
		error = prepare(s, o);
	if (error == 0 && local->family == ADDR_IPV6)
		error = set(s, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	if (error == 0)
		error = bind_to(s, local, port, o->interface);
	if (error == 0 && listen(s, BACKLOG) != 0)
		error = -errno;
	if (error == 0)
		*fd = s;
	else if (s >= 0)
		close(s);
	return error;
}

int
net_listen_ttl(int fd, int ttl_out, int ttl_in_min)
{
	int family = AF_INET;
	int error = family_of(fd, &family);

	if (error == 0)
		error = set_ttl_out(fd, family, ttl_out > 0 ? ttl_out : -1);
	if (error == 0)
		error = set_ttl_in(fd, family, ttl_in_min > 0 ? ttl_in_min : 0);
	return error;
}

/* Errors of the connection itself belong to somebody who already left (accept(2)). */
static bool
left_already(int error)
{
	switch (error) {
	case ECONNABORTED:
	case EINTR:
	case ENETDOWN:
	case EPROTO:
	case ENOPROTOOPT:
	case EHOSTDOWN:
	case ENONET:
	case EHOSTUNREACH:
	case EOPNOTSUPP:
	case ENETUNREACH: return true;
	default: return false;
	}
}

int
net_accept(int fd, int *to, struct addr *from, uint16_t *from_port)
{
	union name name;
	socklen_t len;
	int s;

	do {
		len = sizeof(name);
		s = accept4(fd, &name.any, &len, SOCK_CLOEXEC | SOCK_NONBLOCK);
	} while (s < 0 && left_already(errno));
	if (s < 0)
		return errno == EWOULDBLOCK ? -EAGAIN : -errno;
	*to = s;
	addr_of(&name, from, from_port);
	return 0;
}

int
net_md5(int fd, const struct prefix *remote, const uint8_t *key, size_t len)
{
	return set_md5(fd, remote, 0, key, len);
}

int
net_md5_works(const struct prefix *remote, const uint8_t *key, size_t len)
{
	int fd = -1;
	int error = socket_for(&remote->addr, &fd);

	if (error == 0)
		error = set_md5(fd, remote, 0, key, len);
	if (fd >= 0)
		close(fd);
	return error;
}

static int
name_through(
    int (*ask)(int, struct sockaddr *, socklen_t *), int fd, struct addr *addr, uint16_t *port)
{
	union name name;
	socklen_t len = sizeof(name);

	if (ask(fd, &name.any, &len) != 0)
		return -errno;
	addr_of(&name, addr, port);
	return 0;
}

int
net_local(int fd, struct addr *addr, uint16_t *port)
{
	return name_through(getsockname, fd, addr, port);
}

int
net_remote(int fd, struct addr *addr, uint16_t *port)
{
	return name_through(getpeername, fd, addr, port);
}

int
net_tune(int fd, const struct net_options *o)
{
	int error = set(fd, IPPROTO_TCP, TCP_NODELAY, 1);

	return error != 0 ? error : set_ttl(fd, o);
}

static int
count_of(int fd, unsigned long what)
{
	int n = 0;

	return ioctl(fd, what, &n) == 0 ? n : 0;
}

int
net_unread(int fd)
{
	return count_of(fd, FIONREAD);
}

int
net_unsent(int fd)
{
	return count_of(fd, SIOCOUTQ);
}
