/* Files, whole. Errors are negative errno. */
#pragma once

#include "base/text.h"

#define FILE_MOST (1u << 30) /* bytes of the largest file that is read: -EFBIG above */

/* One that is no regular file is read to its end, however long its writer takes; a FIFO that nobody
 * writes to is empty. */
int file_read(const char *path, struct text *to) __attribute__((warn_unused_result));
/* regular: while others are served, what is no regular file might keep us waiting: -ENXIO. */
int file_open(const char *path, bool regular, int *fd) __attribute__((warn_unused_result));
/* The next piece: 1, or 0 at the end. */
int file_read_some(int fd, struct text *to) __attribute__((warn_unused_result));
int file_read_fd(int fd, struct text *to) __attribute__((warn_unused_result));
