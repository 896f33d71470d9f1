/* Unix sockets and named pipes. */
#include "loop/local.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 64

static int
name_of(const char *path, struct sockaddr_un *to)
{
	size_t len = strlen(path);

	memset(to, 0, sizeof(*to));
	to->sun_family = AF_UNIX;
	if (len >= sizeof(to->sun_path))
		return -ENAMETOOLONG;
	memcpy(to->sun_path, path, len);
	return 0;
}

static int
socket_new(int *fd)
{
	*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return *fd < 0 ? -errno : 0;
}

int
local_connect(const char *path, int *fd)
{
	struct sockaddr_un name;
	int s;
	int error = name_of(path, &name);

	if (error == 0)
		error = socket_new(&s);
	if (error != 0)
		return error;
	if (connect(s, (struct sockaddr *)&name, sizeof(name)) != 0) {
		error = -errno;
		(void)close(s);
		return error;
	}
	*fd = s;
	return 0;
}

/* Somebody's socket, a stale one, or another thing? 0 when the path is free now. */
static int
clear_path(const char *path)
{
	struct stat st;
	int error;
	int fd;

	if (lstat(path, &st) != 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return -EEXIST;
	error = local_connect(path, &fd);
	if (error == 0)
		(void)close(fd);
	if (error == -ECONNREFUSED || error == -EACCES) /* dead, or not to be asked */
		return unlink(path) == 0 ? 0 : -errno;
	/* a full backlog is somebody's, and so is a socket of another kind */
	return error == -EMFILE || error == -ENFILE ? error : -EADDRINUSE;
}

int
local_listen(const char *path, uint32_t mode, int *fd)
{
	struct sockaddr_un name;
	mode_t mask;
	int s;
	int error = name_of(path, &name);

	if (error == 0)
		error = clear_path(path);
	if (error == 0)
		error = socket_new(&s);
	if (error != 0)
		return error;
	/* the permission bits from the first moment on: a chmod would come too late */
	mask = umask(~(mode_t)mode & 0777);
	if (bind(s, (struct sockaddr *)&name, sizeof(name)) != 0)
		error = -errno;
	(void)umask(mask);
	if (error == 0 && listen(s, BACKLOG) != 0) {
		error = -errno;
		(void)unlink(path);
	}
	if (error != 0) {
		(void)close(s);
		return error;
	}
	*fd = s;
	return 0;
}

int
local_pipe(const char *path, int *fd)
{
	struct stat st;
	int f = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (f < 0)
		return -errno;
	if (fstat(f, &st) != 0 || !S_ISFIFO(st.st_mode)) {
		(void)close(f);
		return -ENOTSUP;
	}
	*fd = f;
	return 0;
}

bool
local_left(int fd)
{
	struct pollfd p = { .fd = fd };

	return poll(&p, 1, 0) == 1 && (p.revents & (POLLHUP | POLLERR)) != 0;
}
