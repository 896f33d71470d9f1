/* See run.h. */
#include "run.h"

#include "baseline.h"
#include "instant.h"
#include "priority.h"
#include "queries.h"
#include "server.h"
#include "sink.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE (15 * NS_SECOND)

struct options options = { .seed = 1, .out = "experiments" };
struct board *board;

struct processes {
	pid_t server; /* or the baseline */
	pid_t sink;   /* of the baseline */
	pid_t source;
	pid_t queries;
};

static pid_t
child(void)
{
	pid_t pid = fork();

	if (pid == 0)
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

static void
end_child(pid_t pid)
{
	if (pid <= 0)
		return;
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
}

static uint16_t
free_port(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &len) != 0) {
		perror("socket");
		exit(1);
	}
	(void)close(fd);
	return ntohs(at.sin_port);
}

static bool
start_baseline(const struct run *run, uint16_t port, struct processes *p)
{
	int ends[2];

	if (pipe(ends) != 0)
		return false;
	p->sink = child();
	if (p->sink == 0) {
		(void)dup2(ends[0], 0);
		(void)close(ends[0]);
		(void)close(ends[1]);
		_exit(sink_run(board, 0));
	}
	p->server = child();
	if (p->server == 0) {
		(void)dup2(ends[1], 1);
		(void)close(ends[0]);
		(void)close(ends[1]);
		_exit(baseline_run(port, run->load.peers));
	}
	(void)close(ends[0]);
	(void)close(ends[1]);
	return p->sink > 0 && p->server > 0;
}

static bool
start_server(const struct run *run, uint16_t port, struct processes *p)
{
	return server_start(
	    &(struct server_setup){
		.peers = run->load.peers,
		.sinks = run->sinks,
		.port = port,
		.apart = run->apart,
		.process = run->process == NULL ? "" : run->process,
		.neighbor = run->neighbor == NULL ? "" : run->neighbor,
		.more = run->more == NULL ? "" : run->more,
	    },
	    &p->server);
}

static bool
start_all(const struct run *run, struct processes *p)
{
	struct load load = run->load;

	load.port = free_port();
	load.seed = options.seed;
	for (unsigned i = 0; i < run->sinks; i++) {
		board->jobs[i] = run->job;
		board->jobs[i].share = i;
		board->jobs[i].of = run->apart ? 1 : run->sinks;
	}
	if (!(run->blocking ? start_baseline : start_server)(run, load.port, p))
		return false;
	p->source = child();
	if (p->source == 0) {
		if (options.first && !run->busy)
			(void)priority_take(PRIORITY_AFTER);
		_exit(source_run(board, &load));
	}
	if (p->source > 0 && run->queries.rate > 0) {
		p->queries = child();
		if (p->queries == 0)
			_exit(queries_run(board, &run->queries, run->load.window));
	}
	return p->source > 0 && p->queries >= 0;
}

/* What the system says of them. */

/* Seconds of its CPU, without its children's. */
static double
cpu_of(pid_t pid)
{
	char path[64];
	unsigned long long ns = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%d/schedstat", (int)pid);
	f = fopen(path, "r");
	if (f == NULL)
		return 0;
	if (fscanf(f, "%llu", &ns) != 1)
		ns = 0;
	(void)fclose(f);
	return (double)ns / 1e9;
}

/* Resident, KiB. */
static double
memory_of(pid_t pid)
{
	char path[64];
	unsigned long whole = 0, resident = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
	f = fopen(path, "r");
	if (f == NULL)
		return 0;
	if (fscanf(f, "%lu %lu", &whole, &resident) != 2)
		resident = 0;
	(void)fclose(f);
	return (double)resident * (double)sysconf(_SC_PAGESIZE) / 1024;
}

static bool
source_ended(const struct processes *p)
{
	return waitpid(p->source, NULL, WNOHANG) == p->source;
}

static bool
all_ready(const struct run *run)
{
	bool ready = board->source_ready;

	for (unsigned i = 0; i < run->sinks; i++)
		ready = ready && board->said[i].ready;
	return ready;
}

static bool
wait_ready(const struct run *run, struct processes *p)
{
	uint64_t until = instant_now() + PATIENCE;

	while (!all_ready(run)) {
		if (source_ended(p))
			p->source = 0;
		if (p->source == 0 || instant_now() > until) {
			(void)fprintf(stderr, "experiments: no sessions came up\n");
			return false;
		}
		instant_sleep_until(instant_now() + 2 * NS_MSEC);
	}
	return true;
}

static uint64_t
events(const struct run *run)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < run->sinks; i++)
		n += board->said[i].events + board->said[i].lost;
	return n;
}

/* The source is done and all that it sent was read or lost; false: not in time. */
static bool
wait_done(const struct run *run, struct processes *p, struct outcome *to)
{
	uint64_t early = board->start + run->load.window / 4;
	uint64_t until = board->start + run->load.window + run->patience;

	while (!board->source_done || (run->sinks > 0 && events(run) < board->sent)) {
		if (p->source > 0 && source_ended(p)) {
			(void)fprintf(stderr, "experiments: the source lost its sessions\n");
			p->source = 0;
			return false;
		}
		if (instant_now() > until)
			return false;
		if (to->early_kib == 0 && instant_now() > early)
			to->early_kib = memory_of(p->server);
		instant_sleep_until(instant_now() + 2 * NS_MSEC);
	}
	return true;
}

static int
compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static double
rank(const uint64_t *sorted, size_t count, double part)
{
	return (double)sorted[(size_t)(part * (double)(count - 1))] / 1e6;
}

struct ranks
ranks_of(uint64_t *values, size_t count)
{
	double sum = 0;

	if (count == 0)
		return (struct ranks){ 0 };
	qsort(values, count, sizeof(*values), compare);
	for (size_t i = 0; i < count; i++)
		sum += (double)values[i];
	return (struct ranks){
		.mean = sum / (double)count / 1e6,
		.p50 = rank(values, count, 0.5),
		.p95 = rank(values, count, 0.95),
		.p99 = rank(values, count, 0.99),
		.p999 = rank(values, count, 0.999),
		.most = rank(values, count, 1),
	};
}

/* Of all, or of those beside a flood. */
static struct ranks
latencies(const struct run *run, const struct outcome *o, uint64_t end)
{
	size_t count = board->sent;
	uint64_t *took = calloc(count + 1, sizeof(*took));
	struct ranks ranks;
	size_t n = 0;

	if (took == NULL)
		return (struct ranks){ 0 };
	for (size_t i = 0; i < count; i++) {
		uint64_t got = board->got[i];

		if (got == 0 && o->lost > 0)
			continue; /* who was lost is counted elsewhere */
		if (run->apart && board->router[i] == 0)
			continue;
		got = got == 0 ? end : got;
		took[n++] = got > board->due[i] ? got - board->due[i] : 0;
	}
	ranks = ranks_of(took, n);
	free(took);
	return ranks;
}

static void
count_up(const struct run *run, struct outcome *to, uint64_t end)
{
	uint64_t last = board->start + run->load.window;
	double seconds;

	to->sent = (double)board->sent;
	to->conserved = to->complete;
	for (unsigned i = 0; i < run->sinks; i++) {
		const struct sink_said *s = &board->said[i];

		to->got += (double)s->events;
		to->lost += (double)s->lost;
		to->sink_cpu += (double)s->cpu / 1e9;
		to->conserved = to->conserved && s->twice == 0 && s->strange == 0;
		last = s->last > last ? s->last : last;
	}
	to->conserved = to->conserved && (run->sinks == 0 || to->sent == to->got + to->lost);
	seconds = (double)(last - board->start) / 1e9;
	to->rate = seconds > 0 ? to->got / seconds : 0;
	to->asked_rate = run->load.rate;
	if (board->source_last > board->start)
		to->sent_rate = (to->sent - 1) * 1e9 / (double)(board->source_last - board->start);
	to->burst_ms = (double)board->burst_longest / 1e6;
	to->ranks = latencies(run, to, end);
	to->query_rate = (double)board->queries * 1e9 / (double)run->load.window;
	to->query_errors = (double)board->refused;
	to->query_ranks = ranks_of(
	    board->answered, board->queries < BOARD_QUERIES ? board->queries : BOARD_QUERIES);
}

static char *
keep_answer(const char *command, char *to, size_t size)
{
	char *answer = server_ask(command);

	if (answer != NULL)
		(void)snprintf(to, size, "%s", answer);
	return answer;
}

/* The server's own sums have to agree. */
static void
ask_server(struct outcome *to)
{
	char *loop = keep_answer("show loop json", to->loop, sizeof(to->loop));
	char *queues = keep_answer("show queues json", to->queues, sizeof(to->queues));
	char *sums = server_ask("show accounting json");

	to->conserved =
	    to->conserved && queues != NULL && server_figure(sums, "{", "residual") == 0;
	free(loop);
	free(queues);
	free(sums);
}

static void
stop_all(const struct run *run, struct processes *p, struct outcome *to)
{
	board->stop = true;
	if (p->server > 0 && !run->blocking && to->complete) {
		to->conserved = server_stop(p->server) == 0 && to->conserved;
		p->server = 0;
	}
	end_child(p->source);
	end_child(p->queries);
	end_child(p->server);
	end_child(p->sink);
}

bool
run_once(const struct run *run, struct outcome *to)
{
	struct processes p = { 0 };
	bool ready;
	double cpu = 0;

	*to = (struct outcome){ .complete = false };
	board_clear(board);
	if (run->busy && options.first)
		(void)priority_take(PRIORITY_MUCH);
	ready = start_all(run, &p) && wait_ready(run, &p);
	if (ready) {
		uint64_t end;

		if (!run->blocking) /* how it started is not measured */
			free(server_ask("clear high-water"));
		cpu = cpu_of(p.server);
		board->start = instant_now() + 5 * NS_MSEC;
		board->go = true;
		to->complete = wait_done(run, &p, to);
		end = instant_now();
		to->late_kib = memory_of(p.server);
		to->server_cpu = cpu_of(p.server) - cpu;
		count_up(run, to, end);
		if (!run->blocking)
			ask_server(to);
	}
	stop_all(run, &p, to);
	if (run->busy && options.first)
		(void)priority_take(PRIORITY_SOON);
	return ready;
}

static int
by_p99(const void *a, const void *b)
{
	double x = ((const struct outcome *)a)->ranks.p99;
	double y = ((const struct outcome *)b)->ranks.p99;

	return x < y ? -1 : x > y;
}

bool
run_middle(const struct run *run, unsigned times, struct outcome *to)
{
	static struct outcome some[RUNS_MOST];

	for (unsigned i = 0; i < times; i++)
		if (!run_once(run, &some[i]))
			return false;
	qsort(some, times, sizeof(some[0]), by_p99);
	*to = some[times / 2];
	return true;
}

bool
run_most(unsigned times, double *to)
{
	struct run run = {
		.load = { .peers = 1, .shape = LOAD_RANDOM, .rate = 2e6, .window = NS_SECOND },
		.sinks = 1,
		.patience = 3 * NS_SECOND,
	};
	struct outcome o;

	if (!run_middle(&run, times, &o))
		return false;
	*to = o.rate;
	return true;
}

FILE *
result_file(const char *name)
{
	char path[512];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", options.out, name);
	f = fopen(path, "w");
	if (f == NULL) {
		perror(path);
		exit(1);
	}
	return f;
}
