/* Files, whole. Errors are negative errno. */
#pragma once

#include "base/text.h"

#define FILE_MOST (1u << 30) /* bytes of the largest file that is read: -EFBIG above */

int file_read(const char *path, struct text *to) __attribute__((warn_unused_result));
int file_read_fd(int fd, struct text *to) __attribute__((warn_unused_result));
