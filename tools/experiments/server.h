/* The program that is measured, as a child, and what it says of itself over its control socket. */
#pragma once

#include "board.h"

#include <stdint.h>
#include <sys/types.h>

struct server_setup {
	unsigned peers;
	unsigned sinks;
	uint16_t port;
	bool apart; /* two sinks: one is fed by the first neighbor, the other by the rest */
	const char *process;  /* more settings of its section, "" */
	const char *neighbor; /* the same */
	const char *more;     /* further sections, "" */
};

void server_programs(const char *peerpipe, const char *self);
/* The directory of its files; made by the first call and emptied by the last. */
const char *server_place(void);
void server_leave(void);
/* False: it could not be started; said why on stderr. */
bool server_start(const struct server_setup *setup, pid_t *pid);
/* What SIGTERM makes of it: its exit status, -1 if it had to be killed. */
int server_stop(pid_t pid);

/* A client of the control socket; -1: nobody listens (yet). */
int server_call(void);
/* The answer without its last line, for free(); NULL: it did not come. */
char *server_ask(const char *command);
/* A number of an object that begins with the stage, of "show queues json". -1: there is none. */
double server_figure(const char *answer, const char *begin, const char *key);
