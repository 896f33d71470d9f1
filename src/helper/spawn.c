/* A life of a helper begins: its program, environment and pipes. */
#include "tongue.h"

#include "base/log.h"
#include "base/mem.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Ours, but TERM: no helper should think that it is on a terminal. And more, each with its end
 * mark. */
static const char **
environment(const struct text *more)
{
	size_t n = 0;
	size_t k = 0;
	const char **to;

	while (environ[n] != NULL)
		n++;
	for (size_t i = 0; i < more->len; i++)
		n += more->at[i] == '\0';
	to = mem_get((n + 2) * sizeof(*to));
	for (size_t i = 0; environ[i] != NULL; i++)
		if (strncmp(environ[i], "TERM=", 5) != 0)
			to[k++] = environ[i];
	for (size_t i = 0; i < more->len; i += strlen(more->at + i) + 1)
		to[k++] = more->at + i;
	to[k++] = "TERM=dumb";
	to[k] = NULL;
	return to;
}

/* The arguments of exec are not const for history only. */
static const char *const *
words_of(char **argv)
{
	union {
		char **from;
		const char *const *to;
	} u = { argv };

	return u.to;
}

static void
begin_life(struct helper *h, const struct child_pipes *pipes)
{
	h->lives++;
	h->pid = h->child.pid;
	h->deaf = h->closing = false;
	h->acks = h->conf->ack || h->tongue->acks_always;
	channel_begin(&h->channel, h->conf, loop_now(h->loop));
	h->tongue->begin(h, pipes);
}

/* A program that is there and still not found lacks something else. */
static const char *
lacking(const struct child_plan *plan, int error)
{
	if (error != -ENOENT || access(plan->program, F_OK) != 0)
		return strerror(-error);
	if (plan->lanes > 0 && access("/dev/null", R_OK) != 0)
		return "there is no /dev/null for its stdin";
	return "its interpreter is not there";
}

int
helper_spawn(struct helper *h)
{
	const struct helper_conf *conf = h->conf;
	struct text more = { 0 };
	const char **environ_copy;
	struct child_plan plan = {
		.program = conf->program != NULL ? conf->program : conf->argv[0],
		.argv = words_of(conf->argv),
	};
	struct child_pipes pipes;
	int error;

	h->tongue->plan(h, &plan, &more);
	environ_copy = environment(&more);
	plan.environ = environ_copy;
	error = child_start(&h->child, &plan, helper_died, &pipes);
	mem_free(environ_copy);
	text_free(&more);
	h->born = loop_now(h->loop);
	h->unborn = error != 0;
	if (h->unborn) {
		log_say(LOG_ERROR, LOG_PROCESSES, "helper %s can not be started program=%s: %s",
		    conf->name, plan.program, lacking(&plan, error));
		return error;
	}
	begin_life(h, &pipes);
	log_say(LOG_INFO, LOG_PROCESSES, "helper %s started pid=%d", conf->name, (int)h->pid);
	return 0;
}
