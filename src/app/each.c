/* Several configurations: a process of the program for each. */
#include "each.h"

#include "app.h"
#include "base/mem.h"

#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct each {
	pid_t *pids; /* 0: it has ended */
	size_t count;
	size_t alive;
	int worst;
};

/* The program, its settings, its options, and a place for the file. */
static char **
arguments(char **argv, int options, size_t *file_at)
{
	static char env_word[] = "--env";
	static char server_word[] = "server";
	char **args = mem_zero((size_t)options + 6, sizeof(char *));
	size_t n = 0;

	args[n++] = argv[0];
	if (app_env_file() != NULL) {
		args[n++] = env_word;
		args[n++] = mem_string(app_env_file(), strlen(app_env_file()));
	}
	args[n++] = server_word;
	for (int i = 1; i < options; i++)
		args[n++] = argv[i];
	*file_at = n;
	return args;
}

static void
start_all(struct each *e, char **args, size_t file_at, char **files)
{
	posix_spawnattr_t how;
	sigset_t none;

	(void)sigemptyset(&none);
	(void)posix_spawnattr_init(&how); /* can't fail here, nor the two below */
	(void)posix_spawnattr_setsigmask(&how, &none);
	(void)posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK);
	for (size_t i = 0; i < e->count; i++) {
		int error;

		args[file_at] = files[i];
		error = posix_spawn(&e->pids[i], "/proc/self/exe", NULL, &how, args, environ);
		if (error == 0) {
			e->alive++;
			continue;
		}
		fprintf(stderr, "%s: %s\n", files[i], strerror(error));
		e->pids[i] = 0;
		e->worst = 1;
	}
	(void)posix_spawnattr_destroy(&how);
}

static void
reap(struct each *e)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (size_t i = 0; i < e->count; i++) {
			if (e->pids[i] != pid)
				continue;
			e->pids[i] = 0;
			e->alive--;
			if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
				e->worst = 1;
		}
	}
}

static void
pass_on(const struct each *e, int number)
{
	for (size_t i = 0; i < e->count; i++) {
		if (e->pids[i] > 0)
			(void)kill(e->pids[i], number); /* it may have ended just now */
	}
}

int
each_serve(char **argv, int options, char **files, size_t count)
{
	static const int numbers[] = { SIGCHLD, SIGTERM, SIGHUP, SIGINT, SIGUSR1, SIGUSR2,
		SIGALRM };
	struct each e = { .pids = mem_zero(count, sizeof(pid_t)), .count = count };
	sigset_t heard;
	size_t file_at;
	char **args = arguments(argv, options, &file_at);

	(void)sigemptyset(&heard);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		(void)sigaddset(&heard, numbers[i]);
	(void)sigprocmask(SIG_BLOCK, &heard, NULL); /* before there is a child to be heard of */
	start_all(&e, args, file_at, files);
	while (e.alive > 0) {
		int number = sigwaitinfo(&heard, NULL);

		if (number == SIGCHLD)
			reap(&e);
		else if (number > 0)
			pass_on(&e, number);
	}
	if (app_env_file() != NULL)
		mem_free(args[2]);
	mem_free(args);
	mem_free(e.pids);
	return e.worst;
}
