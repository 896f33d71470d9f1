/* Files, whole. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int
file_read_fd(int fd, struct text *to)
{
	for (;;) {
		char *room = text_room(to, 65536);
		ssize_t n = read(fd, room, 65536);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return 0;
		text_took(to, (size_t)n);
		if (to->len > FILE_MOST)
			return -EFBIG;
	}
}

/* It waits for nobody: a FIFO without a writer is empty. */
static int
open_at_once(const char *path, mode_t *mode)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		return fd < 0 ? -errno : fd;
	*mode = st.st_mode;
	return fd;
}

int
file_read(const char *path, struct text *to)
{
	mode_t mode = 0;
	int fd = open_at_once(path, &mode);
	int error;

	if (fd < 0)
		return fd;
	if (S_ISDIR(mode))
		error = -EISDIR;
	else if (fcntl(fd, F_SETFL, 0) != 0) /* who writes into a pipe may take its time */
		error = -errno;
	else
		error = file_read_fd(fd, to);
	(void)close(fd);
	return error;
}

int
file_read_regular(const char *path, struct text *to)
{
	mode_t mode = 0;
	int fd = open_at_once(path, &mode);
	int error;

	if (fd < 0)
		return fd;
	error = S_ISDIR(mode) ? -EISDIR : S_ISREG(mode) ? file_read_fd(fd, to) : -ENXIO;
	(void)close(fd);
	return error;
}
