/* The process: background, pid file, privileges. Functions give false with *why. */
#pragma once

#include "env.h"

#include <stdbool.h>
#include <sys/types.h>

bool daemon_into_background(struct text *why); /* the parent exits with 0 */
bool daemon_supervised(void);                  /* the parent is pid 1, or stdin is a socket */
/* The ids of daemon.user when started as root; else ours. */
bool daemon_ids(const struct env *s, uid_t *uid, gid_t *gid, struct text *why);
bool daemon_become(uid_t uid, gid_t gid, struct text *why);
/* Is there no pid file, or one of a process that ended? */
bool daemon_pid_free(const char *path, struct text *why);
/* Locked from now on, so that of two that start at once only one has it. */
bool daemon_pid_write(const char *path, struct text *why);
void daemon_pid_remove(void); /* only what was written, and is ours still */
