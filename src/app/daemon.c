/* Background, pid file, privileges. */
#include "daemon.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "file.h"
#include "flow/zone.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PID_TRIES 16 /* to open one that comes and goes */

static char *pid_path;
static int pid_fd = -1; /* locked as long as we live */

bool
daemon_supervised(void)
{
	struct stat st;

	return getppid() == 1 || (fstat(STDIN_FILENO, &st) == 0 && S_ISSOCK(st.st_mode));
}

bool
daemon_into_background(struct text *why)
{
	/* libc's daemon() forks and calls setsid(); no thread, no lock of ours is alive here */
	if (daemon(1, 0) == 0)
		return true;
	text_format(why, "can not go into the background: %s", strerror(errno));
	return false;
}

bool
daemon_ids(const struct env *s, uid_t *uid, gid_t *gid, struct text *why)
{
	const struct passwd *user;

	*uid = getuid();
	*gid = getgid();
	if (*uid != 0 && *gid != 0)
		return true;
	user = getpwnam(s->user);
	if (user == NULL) {
		text_format(why, "the user \"%s\" of daemon.user does not exist", s->user);
		return false;
	}
	*uid = user->pw_uid;
	*gid = user->pw_gid;
	return true;
}

bool
daemon_become(uid_t uid, gid_t gid, struct text *why)
{
	if (uid == getuid() && gid == getgid())
		return true;
	if (setgroups(0, NULL) != 0 || setgid(gid) != 0 || setuid(uid) != 0) {
		text_format(why, "can not drop privileges: %s", strerror(errno));
		return false;
	}
	return true;
}

/* The number in a pid file, 0: there is none. Negative errno if it can't be read. */
static int
pid_read(const char *path, uint64_t *pid)
{
	struct text content = { 0 };
	struct slice word;
	int error = file_read(path, &content);

	word = text_view(&content);
	while (word.len > 0 && (word.at[word.len - 1] == '\n' || word.at[word.len - 1] == ' '))
		word.len--;
	*pid = 0;
	if (error == 0)
		(void)num_decimal(word, INT32_MAX, pid); /* without a number it stays 0 */
	text_free(&content);
	return error;
}

bool
daemon_pid_free(const char *path, struct text *why)
{
	uint64_t pid = 0;
	int error;

	if (*path == '\0')
		return true;
	error = pid_read(path, &pid);
	if (error == -ENOENT || error == -ENOTDIR)
		return true;
	if (pid == 0) {
		text_format(why, "the pid file %s exists and does not hold a process id", path);
		return false;
	}
	if (pid == (uint64_t)getpid())
		return true; /* in a container the first process always has the same number */
	if (kill((pid_t)pid, 0) == 0 || errno == EPERM) {
		text_format(why, "the daemon of the pid file %s is alive: %llu", path,
		    (unsigned long long)pid);
		return false;
	}
	return true;
}

/* Who made it waits for others that look into it meanwhile; to them it is of one that is alive,
 * though no number stands in it yet. -ENOENT: it was given back since it was opened. */
static int
pid_lock(int fd, bool made)
{
	struct stat st;

	while (flock(fd, made ? LOCK_EX : LOCK_EX | LOCK_NB) != 0) {
		if (errno == EWOULDBLOCK)
			return -errno;
		if (errno != EINTR)
			return 0; /* a file system without locks: the number alone tells */
	}
	return fstat(fd, &st) == 0 && st.st_nlink == 0 ? -ENOENT : 0;
}

/* Of two that find an old one, only one takes it over. */
static int
pid_open(const char *path, int *fd, bool *made)
{
	int error = 0;

	for (unsigned i = 0; i < PID_TRIES; i++) {
		*fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
		*made = *fd >= 0;
		if (*fd < 0 && errno == EEXIST)
			*fd = open(path, O_WRONLY | O_CLOEXEC);
		error = *fd < 0 ? -errno : pid_lock(*fd, *made);
		if (error == 0)
			return 0;
		if (*fd >= 0)
			(void)close(*fd);
		if (error != -ENOENT)
			break;
	}
	return error;
}

/* Locked, and of nobody who lives. -1 with *why. */
static int
pid_claim(const char *path, struct text *why)
{
	bool made;
	int fd;
	int error = pid_open(path, &fd, &made);

	if (error == -EWOULDBLOCK)
		text_format(why, "the daemon of the pid file %s is alive: it is locked", path);
	else if (error != 0)
		text_format(why, "pid file %s: %s", path, strerror(-error));
	if (error != 0)
		return -1;
	if (made || daemon_pid_free(path, why))
		return fd;
	(void)close(fd);
	return -1;
}

/* 0 or a positive errno. */
static int
pid_say(int fd)
{
	struct text line = { 0 };
	bool fine;
	int error;
	ssize_t n;

	text_format(&line, "%d\n", (int)getpid());
	n = ftruncate(fd, 0) == 0 ? write(fd, line.at, line.len) : -1;
	error = n < 0 ? errno : ENOSPC; /* of so few bytes a part is taken when the disk is full */
	fine = n == (ssize_t)line.len;
	text_free(&line);
	return fine ? 0 : error;
}

bool
daemon_pid_write(const char *path, struct text *why)
{
	int error;

	if (*path == '\0')
		return true;
	pid_fd = pid_claim(path, why);
	if (pid_fd < 0)
		return false;
	error = pid_say(pid_fd);
	if (error == 0) {
		pid_path = mem_string(path, strlen(path));
		return true;
	}
	text_format(why, "pid file %s: %s", path, strerror(error));
	(void)unlink(path); /* without a number in it, it would stop the next start */
	(void)close(pid_fd);
	return false;
}

void
daemon_pid_remove(void)
{
	uint64_t pid;

	if (pid_path == NULL)
		return;
	if (pid_read(pid_path, &pid) == 0 && pid != (uint64_t)getpid())
		log_say(LOG_WARN, LOG_DAEMON, "pid file stays: it is of another path=%s pid=%llu",
		    pid_path, (unsigned long long)pid);
	else if (unlink(pid_path) != 0 && errno != ENOENT) /* not our directory any more */
		log_say(LOG_ERROR, LOG_DAEMON, "pid file stays zone=%s path=%s error=\"%s\"",
		    zone_name(ZONE_CLEANUP), pid_path, strerror(errno));
	(void)close(pid_fd);
	mem_free(pid_path);
	pid_path = NULL;
}
