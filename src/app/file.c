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

int
file_read(const char *path, struct text *to)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	int error;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		error = -EISDIR;
	else
		error = file_read_fd(fd, to);
	(void)close(fd);
	return error;
}
