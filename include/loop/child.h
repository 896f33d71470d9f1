/*
 * Children: posix_spawn with pipes; all are reaped before anybody is told.
 *
 * Mask and dispositions are reset, every other descriptor is closed (close-on-exec), the child has
 * its own process group. A missing or non-executable program is reported at once.
 */
#pragma once

#include "base/list.h"
#include "loop/loop.h"

#include <sys/types.h>

struct child;
typedef void child_fn(struct child *c, int status); /* a wait status; the child is reaped */

struct child {
	struct list link;
	pid_t pid; /* 0: none, or reaped */
	int status;
	child_fn *fn;
};

#define CHILD_LANES 2

struct child_plan {
	const char *program;        /* a path */
	const char *const *argv;    /* ends in NULL */
	const char *const *environ; /* ends in NULL; NULL: ours */
	const char *directory;      /* NULL: ours */
	bool inherit_stderr;        /* false: a third pipe */
	unsigned lanes; /* pairs of pipes beside stdio: it reads 3 and writes 4, reads 5 and writes
			   6; stdin is /dev/null then */
};

struct child_pipes {  /* our ends: non-blocking, close-on-exec, the caller's to close */
	int to_stdin; /* -1 with lanes */
	int from_stdout;
	int from_stderr;          /* -1 if inherited */
	int to_lane[CHILD_LANES]; /* -1: there is none */
	int from_lane[CHILD_LANES];
};

/* Watches SIGCHLD; once a process. 0 or negative errno. */
int child_manager_start(struct loop *l) __attribute__((warn_unused_result));
void child_manager_stop(void);

/* 0 or negative errno; on failure nothing is left. */
int child_start(struct child *c, const struct child_plan *plan, child_fn *fn,
    struct child_pipes *pipes) __attribute__((warn_unused_result));
/* A signal to the whole process group; nothing when it is gone. */
void child_signal(struct child *c, int number);
/* Forget it: fn is not called any more; it is still reaped. */
void child_stop(struct child *c);
unsigned child_count(void); /* children not reaped, forgotten ones too */
