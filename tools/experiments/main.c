/*
 * experiments [--quick] [--first] [--seed N] [--out DIRECTORY] [NAME...]: load on the real program,
 * and what it does to queues, batches and waits. Writes CSV and SVG into the directory. With the
 * word "sink" in front it is the helper of its own runs.
 */
#include "each.h"
#include "instant.h"
#include "priority.h"
#include "run.h"
#include "server.h"
#include "sink.h"

#include "base/num.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct experiment {
	const char *name;
	bool (*run)(void);
} experiments[] = {
	{ "sending", each_sending },
	{ "ingestion", each_ingestion },
	{ "sizing", each_sizing },
	{ "batching", each_batching },
	{ "work", each_work },
	{ "querying", each_querying },
	{ "querying-light", each_querying_light },
	{ "telling", each_telling },
	{ "limits", each_limits },
	{ "costs", each_costs },
};

#define COUNT (sizeof(experiments) / sizeof(experiments[0]))

static int
usage(void)
{
	(void)fputs(
	    "experiments --peerpipe PROGRAM [--quick] [--first] [--seed N] [--out DIRECTORY] "
	    "[sending] [ingestion] [sizing] [batching] [work] [querying] [querying-light] [telling] "
	    "[limits] [costs]\n",
	    stderr);
	return 2;
}

static int
be_sink(const char *path, const char *number)
{
	struct board *b = board_open(path);

	if (b == NULL) {
		perror(path);
		return 1;
	}
	return sink_run(b, (unsigned)(number[0] - '0'));
}

static bool
wanted(char **names, const char *name)
{
	if (*names == NULL)
		return true;
	for (; *names != NULL; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

static int
run_all(char **names)
{
	int status = 0;

	(void)setsid(); /* a group of its own, unless it leads one */
	options.first = options.first && priority_take(PRIORITY_SOON);
	for (size_t i = 0; i < COUNT; i++) {
		uint64_t begin = instant_now();
		bool holds;

		if (!wanted(names, experiments[i].name))
			continue;
		holds = experiments[i].run();
		(void)printf("%s: %.1f s%s\n", experiments[i].name,
		    (double)(instant_now() - begin) / 1e9, holds ? "" : ", CONSERVATION FAILED");
		(void)fflush(stdout);
		status |= holds ? 0 : 1;
	}
	server_leave();
	if (options.first)
		(void)priority_take(PRIORITY_USUAL);
	return status;
}

static char *
own_path(void)
{
	static char path[512];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	return n < 0 ? NULL : path;
}

int
main(int argc, char **argv)
{
	const char *peerpipe = NULL;
	int i = 1;

	if (argc == 4 && strcmp(argv[1], "sink") == 0)
		return be_sink(argv[2], argv[3]);
	for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		if (strcmp(argv[i], "--quick") == 0)
			options.quick = true;
		else if (strcmp(argv[i], "--first") == 0)
			options.first = true;
		else if (strcmp(argv[i], "--seed") == 0 && argv[i + 1] != NULL)
			options.seed = strtoull(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--out") == 0 && argv[i + 1] != NULL)
			options.out = argv[++i];
		else if (strcmp(argv[i], "--peerpipe") == 0 && argv[i + 1] != NULL)
			peerpipe = argv[++i];
		else
			return usage();
	}
	if (peerpipe == NULL || own_path() == NULL)
		return usage();
	if ((mkdir(options.out, 0777) != 0 && errno != EEXIST) || (board = board_new()) == NULL) {
		perror(options.out);
		return 1;
	}
	server_programs(peerpipe, own_path());
	return run_all(argv + i);
}
