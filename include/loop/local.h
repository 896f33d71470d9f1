/*
 * Channels of this machine: unix sockets and named pipes, for who controls the daemon. Descriptors
 * are close-on-exec and non-blocking from birth. Errors are negative errno.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* A listening socket at path with these permission bits. A stale socket there is removed;
 * -EADDRINUSE when somebody answers at it, -EEXIST when it is something else. */
int local_listen(const char *path, uint32_t mode, int *fd) __attribute__((warn_unused_result));
/* To the socket at path, at once: -EAGAIN when its queue of clients is full. */
int local_connect(const char *path, int *fd) __attribute__((warn_unused_result));
/* A named pipe that is there already; opened in both directions, so that the other side may come
 * and go. -ENOTSUP when it is something else. */
int local_pipe(const char *path, int *fd) __attribute__((warn_unused_result));
/* Has the other side of a connection closed it whole? What it wrote before may still be there. */
bool local_left(int fd);
