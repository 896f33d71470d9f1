/*
 * Experiment 4: work for the CPU gains nothing from a loop. First 1, 10 and 100 processors that
 * take turns on the loop of the house, a sum of a million numbers a turn; then the same work by
 * helpers of the real server, each with its share of the events.
 */
#include "each.h"
#include "instant.h"
#include "priority.h"
#include "run.h"
#include "svg.h"

#include "base/owner.h"
#include "loop/loop.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ADDITIONS  1000000
#define PROCESSORS 100
#define CORES      64

struct rig {
	struct loop *loop;
	struct again turns[PROCESSORS];
	unsigned processors;
	uint64_t until;
	uint64_t jobs;
	uint64_t done[PROCESSORS];
	uint64_t on_core[CORES]; /* ns */
};

static struct rig rig;

static void
take_turn(struct again *a)
{
	uint64_t begin = instant_cpu();
	int core;

	(void)work_add(ADDITIONS);
	core = sched_getcpu();
	if (core >= 0 && core < CORES)
		rig.on_core[core] += instant_cpu() - begin;
	rig.jobs++;
	rig.done[a - rig.turns]++;
	if (instant_now() >= rig.until)
		loop_stop(rig.loop);
	else
		loop_again(a, rig.loop, take_turn, "processor");
}

struct shown {
	double jobs;  /* a second */
	double cores; /* that were busy */
	double least; /* turns of the processor that had fewest, of the mean */
};

static double
fewest(void)
{
	uint64_t least = UINT64_MAX;

	for (unsigned i = 0; i < rig.processors; i++)
		least = rig.done[i] < least ? rig.done[i] : least;
	return (double)least * rig.processors / (double)rig.jobs;
}

static struct shown
turns_of(unsigned processors, uint64_t window)
{
	uint64_t begin, cpu;
	double seconds;
	int error;

	rig = (struct rig){ .loop = loop_new(&error), .processors = processors };
	if (rig.loop == NULL) {
		errno = -error;
		perror("loop");
		exit(1);
	}
	begin = instant_now();
	cpu = instant_cpu();
	rig.until = begin + window;
	for (unsigned i = 0; i < processors; i++)
		loop_again(&rig.turns[i], rig.loop, take_turn, "processor");
	loop_run(rig.loop);
	seconds = (double)(instant_now() - begin) / 1e9;
	for (unsigned i = 0; i < processors; i++)
		again_stop(&rig.turns[i]);
	loop_free(rig.loop);
	return (struct shown){ (double)rig.jobs / seconds,
		(double)(instant_cpu() - cpu) / 1e9 / seconds, fewest() };
}

static void
draw_cores(uint64_t window)
{
	static const char *const names[] = { "core 0", "core 1", "core 2", "core 3", "core 4",
		"core 5", "core 6", "core 7" };
	long count = sysconf(_SC_NPROCESSORS_ONLN);
	double busy[8] = { 0 };
	size_t n = count < 1 ? 1 : count > 8 ? 8 : (size_t)count;
	FILE *csv = result_file("work-cores.csv");

	(void)fputs("core,percent\n", csv);
	for (size_t i = 0; i < n; i++) {
		busy[i] = 100 * (double)rig.on_core[i] / (double)window;
		(void)fprintf(csv, "%zu,%.1f\n", i, busy[i]);
	}
	(void)fclose(csv);
	svg_bars(result_file("work-cores.svg"),
	    &(struct svg_bars){
		"Where 100 processors on one loop worked", "percent of the time", names, busy, n });
}

static bool
offload(unsigned helpers, double each, struct outcome *to)
{
	struct run run = {
		.load = { .peers = 1,
		    .rate = 1.3 * each * helpers,
		    .whole = options.quick,
		    .window = (options.quick ? 1 : 12) * NS_SECOND / 4 },
		.sinks = helpers,
		.busy = true,
		.job = { .additions = options.quick ? 1000 : ADDITIONS, .pipe = 64 * 1024 },
		.process = "queue 1000; overflow block;",
		.patience = options.quick ? 60 * NS_SECOND : NS_SECOND,
	};

	return run_once(&run, to);
}

static bool
measure_helpers(double one)
{
	static const double helpers[] = { 1, 2, 3, 4 };
	double rate[4], ideal[4];
	unsigned count = options.quick ? 2 : 4;
	bool holds = true;
	FILE *csv = result_file("work-helpers.csv");

	(void)fputs("helpers,events_per_s,of_one,sink_cpu_s\n", csv);
	for (unsigned i = 0; i < count; i++) {
		struct outcome o;

		if (!offload(i + 1, options.quick ? 1e4 : one, &o))
			return false;
		holds = holds && (o.conserved || !options.quick);
		rate[i] = o.rate;
		ideal[i] = rate[0] * helpers[i];
		(void)fprintf(
		    csv, "%u,%.0f,%.2f,%.2f\n", i + 1, o.rate, o.rate / rate[0], o.sink_cpu);
	}
	(void)fclose(csv);
	svg_plot(result_file("work-helpers.svg"),
	    &(struct svg_plot){ "A million additions an event, by helpers of the server", "helpers",
		"events per second", false, false, true,
		{ { "measured", helpers, rate, count, false },
		    { "a core for each", helpers, ideal, count, true } } });
	return holds;
}

bool
each_work(void)
{
	static const double processors[] = { 1, 10, 100 };
	uint64_t window = (options.quick ? 1 : 8) * NS_SECOND / 4;
	double rate[3];
	bool holds;
	FILE *csv = result_file("work.csv");

	if (options.first)
		(void)priority_take(PRIORITY_MUCH);
	(void)fputs("processors,jobs_per_s,cores,fewest_turns_of_mean\n", csv);
	for (size_t i = 0; i < 3; i++) {
		struct shown s = turns_of((unsigned)processors[i], window);

		rate[i] = s.jobs;
		(void)fprintf(
		    csv, "%.0f,%.0f,%.3f,%.3f\n", processors[i], s.jobs, s.cores, s.least);
	}
	(void)fclose(csv);
	draw_cores(window);
	svg_plot(result_file("work.svg"),
	    &(struct svg_plot){ "A million additions a turn, on one loop", "processors",
		"jobs per second", true, false, true,
		{ { "measured", processors, rate, 3, false } } });
	holds = measure_helpers(rate[0]);
	if (options.first)
		(void)priority_take(PRIORITY_SOON);
	return holds;
}
