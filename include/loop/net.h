/*
 * TCP for BGP: listening and connecting, with what RFC 4271 sessions want of a socket. All
 * descriptors are close-on-exec and non-blocking from birth. Errors are negative errno.
 */
#pragma once

#include "base/addr.h"

#include <stdbool.h>
#include <stdint.h>

#define NET_MD5_MAX 80
#define NET_AO_MAX  80

enum net_ao_algorithm { NET_AO_NONE, NET_AO_SHA1, NET_AO_CMAC, NET_AO_SHA256 }; /* RFC 5926 */

struct net_ao {        /* a TCP-AO key, RFC 5925 */
	int algorithm; /* enum net_ao_algorithm */
	uint8_t id;    /* of what is sent and of what is received */
	uint8_t len;   /* of bytes; 0: no key */
	uint8_t bytes[NET_AO_MAX];
};

struct net_options {
	struct addr local;       /* bind address; family none: the kernel's choice */
	const char *interface;   /* SO_BINDTODEVICE; NULL: none */
	int ttl_out;             /* 0, -1: the kernel's */
	int ttl_in_min;          /* GTSM, RFC 5082: IP_MINTTL; 0, -1: none */
	const uint8_t *md5;      /* RFC 2385 key; NULL: none */
	size_t md5_len;          /* 1 to NET_MD5_MAX */
	const struct net_ao *ao; /* NULL: none; never beside md5 */
};

/* A socket that is connecting or connected (both leave the fd to be watched for writing). */
int net_connect(const struct addr *to, uint16_t port, const struct net_options *o, int *fd)
    __attribute__((warn_unused_result));
/* A listening socket; IPv6 ones are IPv6 only. local may be the zero address of its family. */
int net_listen(const struct addr *local, uint16_t port, const struct net_options *o, int *fd)
    __attribute__((warn_unused_result));
/* -EAGAIN when nobody waits. */
int net_accept(int fd, int *to, struct addr *from, uint16_t *from_port)
    __attribute__((warn_unused_result));
/* What a listening socket answers and takes from now on: TTLs as above. */
int net_listen_ttl(int fd, int ttl_out, int ttl_in_min) __attribute__((warn_unused_result));
/* A key of at most NET_MD5_MAX bytes for connections from these addresses to a listening socket, or
 * its removal with len 0. */
int net_md5(int fd, const struct prefix *remote, const uint8_t *key, size_t len)
    __attribute__((warn_unused_result));
/* Would the kernel take the key? 0, or why not. */
int net_md5_works(const struct prefix *remote, const uint8_t *key, size_t len)
    __attribute__((warn_unused_result));
/* A TCP-AO key for connections from these addresses to a listening socket, or its removal. */
int net_ao_listening(int fd, const struct prefix *remote, const struct net_ao *key, bool set)
    __attribute__((warn_unused_result));
/* The same for a socket that will connect. */
int net_ao_connecting(int fd, const struct addr *remote, const struct net_ao *key)
    __attribute__((warn_unused_result));
/* Would the kernel take the key? 0, or why not. */
int net_ao_works(const struct prefix *remote, const struct net_ao *key)
    __attribute__((warn_unused_result));
const char *net_ao_error(int error); /* what such an error means */
/* Our end of a connected socket, / the other one. */
int net_local(int fd, struct addr *addr, uint16_t *port) __attribute__((warn_unused_result));
int net_remote(int fd, struct addr *addr, uint16_t *port) __attribute__((warn_unused_result));
/* What a connected socket of a session wants: no delay, TTL, minimum TTL. */
int net_tune(int fd, const struct net_options *o) __attribute__((warn_unused_result));
/* 0, too, where the kernel does not say. */
int net_unread(int fd); /* bytes waiting in the kernel to be read */
int net_unsent(int fd); /* bytes that the other side has not acknowledged */
