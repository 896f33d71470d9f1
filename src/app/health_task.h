/*
 * A command of a shell, in a process group of its own, whose end is told and which nobody waits
 * for. What it prints is kept, and said when it fails.
 */
#pragma once

#include "base/list.h"
#include "loop/loop.h"

#include <stdbool.h>
#include <stdint.h>

struct task;

struct task_host {
	struct loop *loop; /* with a child manager */
	struct list running;
	void (*say)(struct task_host *h, int level, const char *line); /* level of syslog(3) */
};

/* NULL, after saying why, when it can't be started. seconds: then its group is killed; 0: no limit.
 * done may be NULL; it fails who ends with another status than 0, by a signal, or too late. */
struct task *task_start(struct task_host *h, const char *what, const char *command,
    uint64_t seconds, void (*done)(struct task_host *h, bool success));
void task_kill(struct task *t);         /* its whole group; its end is still told */
void tasks_forget(struct task_host *h); /* all go on, and nothing is told of them */
