/* Commands that take more than a round. */
#include "job.h"

#include "base/mem.h"

bool
job_fits(struct call *c, size_t weight)
{
	struct commands *own = c->commands;
	usec now = loop_now(engine_loop(c->engine));

	if (own->round != now)
		own->said = 0;
	own->round = now;
	if (own->said + weight > JOB_ROUND)
		return false;
	own->said += weight;
	return true;
}

static void
job_end(struct job *j)
{
	spread_end(&j->spread);
	sync_drop(j->marks);
	if (j->drop != NULL)
		j->drop(j);
	mem_free(j->numbers);
	mem_free(j);
}

static bool
job_step(struct dump *d)
{
	struct job *j = owner_of(d, struct job, dump);

	if (spread_step(&j->spread))
		return true;
	if (j->then != NULL && j->then(j))
		return true;
	j->then = NULL;
	return j->sync && sync_waits(j);
}

static void
job_done(struct dump *d)
{
	job_end(owner_of(d, struct job, dump));
}

struct job *
job_new(struct call *c)
{
	struct job *j = mem_zero(1, sizeof(*j));

	j->dump = (struct dump){ .step = job_step, .done = job_done, .work = true };
	j->commands = c->commands;
	j->by = c->issuer;
	j->count = c->peers->count;
	j->numbers = mem_get((j->count + 1) * sizeof(*j->numbers));
	for (size_t i = 0; i < j->count; i++)
		j->numbers[i] = c->peers->at[i]->number;
	c->job = j;
	return j;
}

void
job_says(struct job *j, route_say *say)
{
	size_t said = j->spread.said;

	spread_end(&j->spread);
	j->spread = (struct spread){
		.said = said,
		.engine = j->commands->engine,
		.by = j->by,
		.say = say,
		.numbers = j->numbers,
		.count = j->count,
	};
	routes_move(&j->spread.routes, &j->commands->routes);
}

enum call_result
job_try(struct call *c)
{
	struct job *j = c->job;
	size_t before = 0;

	while (job_fits(c, j->spread.said - before)) {
		before = j->spread.said;
		if (job_step(&j->dump))
			continue;
		job_end(j);
		c->job = NULL;
		return CALL_DONE;
	}
	return CALL_LATER;
}

size_t
job_parts(const struct job *j)
{
	return routes_parts(&j->spread.routes);
}

void
job_takes_over(struct job *j, struct job *from)
{
	spread_end(&j->spread);
	j->spread = from->spread;
	j->spread.numbers = j->numbers;
	j->spread.count = j->count;
	from->spread = (struct spread){ 0 };
	job_end(from);
}

void
job_gather(struct job *j, bool on)
{
	for (size_t i = 0; i < j->count; i++) {
		struct member *m = engine_member_numbered(j->commands->engine, j->numbers[i]);

		if (m != NULL && on)
			peer_gather(m->peer);
		else if (m != NULL)
			peer_let_go(m->peer);
	}
}

void
job_start(struct job *j)
{
	dump_start(&j->dump, j->commands->engine, j->by);
}

size_t
job_peers(struct job *j, struct selection *to)
{
	select_numbers(j->commands->engine, j->numbers, j->count, to);
	return j->count - to->count;
}
