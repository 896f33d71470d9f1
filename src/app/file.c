/* Files, whole. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_PIECE 65536

int
file_read_some(int fd, struct text *to)
{
	char *room = text_room(to, FILE_PIECE);
	ssize_t n = read(fd, room, FILE_PIECE);

	if (n < 0)
		return errno == EINTR ? 1 : -errno;
	text_took(to, (size_t)n);
	return to->len > FILE_MOST ? -EFBIG : n > 0;
}

int
file_read_fd(int fd, struct text *to)
{
	int more;

	do
		more = file_read_some(fd, to);
	while (more > 0);
	return more;
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
file_open(const char *path, bool regular, int *fd)
{
	mode_t mode = 0;
	int opened = open_at_once(path, &mode);
	int error = 0;

	if (opened < 0)
		return opened;
	if (S_ISDIR(mode))
		error = -EISDIR;
	else if (regular && !S_ISREG(mode))
		error = -ENXIO;
	else if (fcntl(opened, F_SETFL, 0) != 0) /* who writes into a pipe may take its time */
		error = -errno;
	if (error == 0)
		*fd = opened;
	else
		(void)close(opened);
	return error;
}

int
file_read(const char *path, struct text *to)
{
	int fd;
	int error = file_open(path, false, &fd);

	if (error != 0)
		return error;
	error = file_read_fd(fd, to);
	(void)close(fd);
	return error;
}
