/* The program: which subcommand, and the names it was called by. */
#include "app.h"

#include "env.h"
#include "load.h"
#include "spelling.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#ifndef PEERPIPE_VERSION
#define PEERPIPE_VERSION "unknown"
#endif

static const struct subcommand {
	const char *word;
	int (*run)(int argc, char **argv);
	const char *help;
	const char *usage; /* its words behind --help; NULL: it knows itself */
} subcommands[] = {
	{ "server", app_server, "run the daemon in the foreground: server CONFIGURATION...", NULL },
	{ "validate", app_validate, "check a configuration: validate [-nrv] CONFIGURATION...",
	    NULL },
	{ "decode", app_decode, "BGP messages in hexadecimal to JSON",
	    "[-c CONFIGURATION] [-f \"AFI SAFI\"] [-n|-u|-o] [-i] [-g] [-j|-m|-t] [HEX]" },
	{ "encode", app_encode, "route statements to BGP messages",
	    "[-c CONFIGURATION] [-f \"AFI SAFI\"] [-a ASN] [-z ASN] [-i] [-n] [--no-header] "
	    "[ROUTE]" },
	{ "mrt", app_mrt, "MRT files to JSON, bgpdump lines or commands",
	    "[-j | -m | --commands] [FILE...]" },
	{ "cli", app_cli, "commands for a running daemon: cli [COMMAND...]",
	    "[--pipe[=PATH] | --socket[=PATH]] [--pipename NAME] [--batch FILE] [COMMAND...]" },
	{ "run", app_cli, "the same, one command or --batch FILE",
	    "[--pipe[=PATH] | --socket[=PATH]] [--pipename NAME] [--batch FILE] COMMAND..." },
	{ "configuration", app_configuration, "validate, export (as JSON) or example", NULL },
	{ "healthcheck", app_healthcheck, "a helper: announce addresses while a check succeeds",
	    NULL },
	{ "env", app_env, "print the settings", "[-d] [-e]" },
	{ "shell", app_shell,
	    "completion of words in bash, zsh and fish: print, install, uninstall", NULL },
	{ "migrate", app_migrate, "conf or api: words of an older ExaBGP in those of a later one",
	    NULL },
	{ "schema", app_schema, "export: the JSON Schema of an exported configuration", NULL },
	{ "version", app_version, "print the version", "" },
};

#define SUBCOMMANDS (sizeof(subcommands) / sizeof(subcommands[0]))

const char *
app_subcommand(size_t i)
{
	return i < SUBCOMMANDS ? subcommands[i].word : NULL;
}

static const char *env_file;

const char *
app_env_file(void)
{
	return env_file;
}

int
app_version(int argc, char **argv)
{
	struct utsname u;

	(void)argc;
	(void)argv;
	printf("ExaBGP : %s\n", load_version()); /* the line that other people's suites look for */
	printf("peerpipe : %s\n", PEERPIPE_VERSION);
	if (uname(&u) == 0)
		printf("Uname  : %s %s %s %s %s\n", u.sysname, u.nodename, u.release, u.version,
		    u.machine);
	return 0;
}

static bool
env_options(int argc, char **argv, enum env_form *form, bool *differing)
{
	static const struct option words[] = {
		{ "diff", no_argument, NULL, 'd' },
		{ "env", no_argument, NULL, 'e' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "de", words, NULL)) != -1) {
		if (c == 'e')
			*form = ENV_ENVIRONMENT;
		else if (c == 'd')
			*differing = true;
		else
			return false;
	}
	return optind == argc;
}

int
app_env(int argc, char **argv)
{
	struct env s;
	struct text out = { 0 };
	struct text advice = { 0 };
	enum env_form form = ENV_INI;
	bool differing = false;
	int status = 1;

	if (!env_options(argc, argv, &form, &differing)) {
		fputs("usage: peerpipe env [-d] [-e]\n", stderr);
		return 2;
	}
	if (env_load(&s, env_file, &out, &advice)) {
		env_print(&s, form, differing, &out);
		fputs(text_chars(&out), stdout);
		status = 0;
	} else {
		fprintf(stderr, "%s\n", text_chars(&out));
	}
	env_free(&s);
	text_free(&out);
	text_free(&advice);
	return status;
}

static void
help(FILE *to)
{
	fputs("usage: peerpipe [--env-file FILE] SUBCOMMAND ...\n"
	      "       peerpipe CONFIGURATION...\n\n"
	      "A BGP speaker that helper programs drive through pipes.\n\n",
	    to);
	for (size_t i = 0; i < SUBCOMMANDS; i++)
		fprintf(to, "  %-13s %s\n", subcommands[i].word, subcommands[i].help);
}

static int
no_arguments(void)
{
	struct env s;
	struct text out = { 0 };
	struct text ignored = { 0 };

	help(stdout);
	if (env_load(&s, env_file, &ignored, &ignored)) {
		env_print(&s, ENV_HELP, false, &out);
		printf("\nSettings, of the environment or the file:\n%s", text_chars(&out));
	}
	env_free(&s);
	text_free(&out);
	text_free(&ignored);
	return 1;
}

static const struct subcommand *
subcommand_of(const char *word)
{
	for (size_t i = 0; i < SUBCOMMANDS; i++) {
		if (strcmp(word, subcommands[i].word) == 0)
			return &subcommands[i];
	}
	return NULL;
}

static int
run_subcommand(const struct subcommand *s, int argc, char **argv)
{
	if (s->usage == NULL || argc < 2 ||
	    (strcmp(argv[1], "-h") != 0 && strcmp(argv[1], "--help") != 0))
		return s->run(argc, argv);
	printf("usage: peerpipe %s %s\n\n%s\n", s->word, s->usage, s->help);
	return 0;
}

static bool
is_env_option(const char *word)
{
	return strcmp(word, "-e") == 0 || strcmp(word, "--env") == 0 ||
	    strcmp(word, "--env-file") == 0;
}

/* 4.2's --root DIRECTORY: the installation. */
static bool
is_root_option(const char *word)
{
	return strcmp(word, "-f") == 0 || strcmp(word, "--root") == 0 ||
	    strcmp(word, "--folder") == 0;
}

/* "--env=FILE": how many words of the command line that is, with the file in env_file; 0: none. */
static int
env_option(int argc, char **argv)
{
	const char *value = argc > 1 ? strchr(argv[1], '=') : NULL;

	if (value != NULL &&
	    (strncmp(argv[1], "--env=", 6) == 0 || strncmp(argv[1], "--env-file=", 11) == 0)) {
		env_file = value + 1;
		return 1;
	}
	if (argc >= 3 && is_root_option(argv[1]))
		return setenv("EXABGP_ROOT", argv[2], 1) == 0 ? 2 : 0;
	if (argc < 3 || !is_env_option(argv[1]))
		return 0;
	env_file = argv[2];
	return 2;
}

/* Takes them out of a command line without a subcommand, where 4.2 has them in any place. What
 * follows --run is the helper's. The new argc. */
static int
take_env_options(int argc, char **argv)
{
	for (int i = 0; i + 1 < argc && strcmp(argv[i + 1], "--run") != 0;) {
		int taken = env_option(argc - i, argv + i);

		if (taken == 0)
			i++;
		memmove(argv + i + 1, argv + i + 1 + taken,
		    (size_t)(argc - i - taken) * sizeof(*argv)); /* and the NULL */
		argc -= taken;
	}
	return argc;
}

int
main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');
	int taken;

	name = name == NULL ? argv[0] : name + 1;
	if (strcmp(name, "healthcheck") == 0 || strcmp(name, "exabgp-healthcheck") == 0)
		return app_healthcheck(argc, argv);
	if (strcmp(name, "exabgpcli") == 0)
		return run_subcommand(subcommand_of("cli"), argc, argv);
	while ((taken = env_option(argc, argv)) > 0) {
		argv[taken] = argv[0];
		argv += taken;
		argc -= taken;
	}
	if (argc < 2)
		return no_arguments();
	if (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0) {
		help(stdout);
		return 0;
	}
	if (strcmp(argv[1], "--version") == 0 || (argc == 2 && strcmp(argv[1], "-v") == 0))
		return app_version(argc - 1, argv + 1);
	if (subcommand_of(argv[1]) != NULL)
		return run_subcommand(subcommand_of(argv[1]), argc - 1, argv + 1);
	argc = take_env_options(argc, argv);
	return spelling_run(argc, argv, &taken) ? taken : app_server(argc, argv);
}
