/* The command line of server. */
#include "server_options.h"

#include "base/mem.h"
#include "base/num.h"
#include "load.h"

#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* 4.2's -s is --memory and takes nothing: the word behind it is a file then. */
static bool
is_memory(char **argv)
{
	struct text path = { 0 };
	bool is;

	load_path(optarg, &path);
	is = strcmp(argv[optind - 2], "-s") == 0 && access(text_chars(&path), F_OK) == 0;
	text_free(&path);
	if (is)
		optind--; /* it is looked at again, as a file */
	return is;
}

static bool
read_options(struct server_options *o, int argc, char **argv)
{
	static const struct option words[] = {
		{ "verbose", no_argument, NULL, 'v' },
		{ "debug", no_argument, NULL, 'd' },
		{ "pdb", no_argument, NULL, 'p' },
		{ "once", no_argument, NULL, '1' },
		{ "passive", no_argument, NULL, 'P' },
		{ "memory", no_argument, NULL, 'm' },
		{ "signal", required_argument, NULL, 's' },
		{ "profile", required_argument, NULL, 'F' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;
	uint64_t seconds;

	optind = 1;
	while ((c = getopt_long(argc, argv, "vdp1Pms:h", words, NULL)) != -1) {
		switch (c) {
		case 'v':
		case 'd': o->verbose = true; break;
		case '1': o->once = true; break;
		case 'P': o->passive = true; break;
		case 'h': o->help = true; return true;
		case 's':
			if (num_decimal(slice_on(optarg), 86400, &seconds))
				o->signal_after = (usec)seconds * USEC_SECOND;
			else if (!is_memory(argv))
				return false;
			break;
		case 'p':
		case 'm':
		case 'F': break; /* of the reference's interpreter */
		default: return false;
		}
	}
	return optind < argc;
}

/* Paths are made absolute: we go to / and read them again at a reload. */
static void
take_files(struct server_options *o, int argc, char **argv)
{
	o->files = mem_zero((size_t)(argc - optind), sizeof(char *));
	for (int i = optind; i < argc; i++) {
		struct text path = { 0 };
		char real[PATH_MAX];
		const char *name = argv[i];

		load_path(name, &path);
		if (strcmp(name, "-") != 0 && realpath(text_chars(&path), real) != NULL)
			name = real;
		o->files[o->file_count++] = mem_string(name, strlen(name));
		text_free(&path);
	}
}

bool
server_options_read(struct server_options *o, int argc, char **argv)
{
	*o = (struct server_options){ 0 };
	if (!read_options(o, argc, argv))
		return false;
	o->file_at = optind;
	if (!o->help)
		take_files(o, argc, argv);
	return true;
}

void
server_options_apply(const struct server_options *o, struct env *s)
{
	if (o->verbose) {
		s->log_all = true;
		s->log_short = false;
		mem_free(s->log_level);
		s->log_level = mem_string("DEBUG", 5);
	}
	if (o->once)
		s->attempts = 1;
	s->passive |= o->passive;
}

void
server_options_done(struct server_options *o)
{
	for (size_t i = 0; i < o->file_count; i++)
		mem_free(o->files[i]);
	mem_free(o->files);
}

int
server_usage(FILE *to)
{
	fputs("usage: peerpipe server [-v] [-d] [-p] [-1] [-P] [-m] [-s SECONDS] [--profile FILE] "
	      "CONFIGURATION...\n",
	    to);
	if (to != stdout)
		return 2;
	fputs("\n"
	      "  -v, -d          log everything\n"
	      "  -1, --once      a neighbor is given up after its first session\n"
	      "  -P, --passive   connect to nobody, wait for neighbors\n"
	      "  -s SECONDS      reload by itself after that time\n"
	      "  -p, -m, --profile FILE   accepted, without effect\n",
	    to);
	return 0;
}
