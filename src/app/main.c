/* The program: which subcommand, and the names it was called by. */
#include "app.h"

#include "env.h"
#include "lead.h"
#include "spelling.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CLIENT_OPTIONS                                                                             \
	"  --pipe[=PATH]   the control pipes, not the socket; PATH: PATH.in and PATH.out\n"        \
	"  --socket[=PATH] the control socket, not the pipes; PATH: another one\n"                 \
	"  --pipename NAME the name of both, instead of exabgp\n"                                  \
	"  --batch FILE    commands of a file, a line each; - is standard input\n"

static const struct subcommand {
	const char *word;
	int (*run)(int argc, char **argv);
	const char *help;
	const char *usage;   /* its words behind --help; NULL: it knows itself */
	const char *options; /* what they do, a line each */
} subcommands[] = {
	{ "server", app_server, "run the daemon in the foreground: server CONFIGURATION...", NULL,
	    NULL },
	{ "validate", app_validate, "check a configuration: validate [-nrv] CONFIGURATION...", NULL,
	    NULL },
	{ "decode", app_decode, "BGP messages in hexadecimal to JSON",
	    "[-c CONFIGURATION] [-f \"AFI SAFI\"] [-n|-u|-o] [-i] [-g] [-j|-m|-t] [HEX]",
	    "  -c FILE         the session is that of its first neighbor\n"
	    "  -f \"AFI SAFI\"   the family of the session; initially all\n"
	    "  -n, --nlri      HEX is NLRI of that family\n"
	    "  -u, -o          accepted: the message says whether it is an UPDATE or an OPEN\n"
	    "  -i              routes have path identifiers\n"
	    "  -g              accepted: unknown attributes are always told\n"
	    "  -j              JSON, which it is without it\n"
	    "  -m, --command   commands that announce and withdraw the same\n"
	    "  -t, --text      events as text\n"
	    "Without HEX lines are read from standard input.\n" },
	{ "encode", app_encode, "route statements to BGP messages",
	    "[-c CONFIGURATION] [-f \"AFI SAFI\"] [-a ASN] [-z ASN] [-i] [-n] [--no-header] "
	    "[ROUTE]",
	    "  -c FILE         the routes of a file, in the sessions of its neighbors\n"
	    "  -f \"AFI SAFI\"   the family of the session; initially all\n"
	    "  -a ASN          ours\n"
	    "  -z ASN          the peer's\n"
	    "  -i              routes have path identifiers\n"
	    "  -n, --nlri      the NLRI alone\n"
	    "  --no-header     messages without their 19 bytes of header\n" },
	{ "mrt", app_mrt, "MRT files to JSON, bgpdump lines or commands",
	    "[-j | -m | --commands] [FILE...]",
	    "  -j, --json      JSON, which it is without it\n"
	    "  -m, --lines     lines as bgpdump -m prints them\n"
	    "  --commands      commands that announce and withdraw the same\n"
	    "Without FILE standard input is read.\n" },
	{ "cli", app_cli, "commands for a running daemon: cli [COMMAND...]",
	    "[--pipe[=PATH] | --socket[=PATH]] [--pipename NAME] [--batch FILE] [COMMAND...]",
	    CLIENT_OPTIONS "Without COMMAND it asks for commands.\n" },
	{ "run", app_cli, "the same, one command or --batch FILE",
	    "[--pipe[=PATH] | --socket[=PATH]] [--pipename NAME] [--batch FILE] COMMAND...",
	    CLIENT_OPTIONS },
	{ "configuration", app_configuration, "validate, export (as JSON) or example", NULL, NULL },
	{ "healthcheck", app_healthcheck, "a helper: announce addresses while a check succeeds",
	    NULL, NULL },
	{ "env", app_env, "print the settings", "[-d] [-e]",
	    "  -d, --diff      those alone that are not at their default\n"
	    "  -e, --env       as variables of the environment\n" },
	{ "shell", app_shell,
	    "completion of words in bash, zsh and fish: print, install, uninstall", NULL, NULL },
	{ "migrate", app_migrate, "conf or api: words of an older ExaBGP in those of a later one",
	    NULL, NULL },
	{ "schema", app_schema, "export: the JSON Schema of an exported configuration", NULL,
	    NULL },
	{ "version", app_version, "print the version", "", "" },
};

#define SUBCOMMANDS (sizeof(subcommands) / sizeof(subcommands[0]))

const char *
app_subcommand(size_t i)
{
	return i < SUBCOMMANDS ? subcommands[i].word : NULL;
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
	if (env_load(&s, app_env_file(), &ignored, &ignored)) {
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

/* Who knows its usage itself has told it. */
static int
run_subcommand(const struct subcommand *s, int argc, char **argv)
{
	int status;

	if (s->usage == NULL)
		return s->run(argc, argv);
	if (argc >= 2 && (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0)) {
		printf("usage: peerpipe %s %s\n\n%s\n%s%s", s->word, s->usage, s->help,
		    *s->options == '\0' ? "" : "\n", s->options);
		return 0;
	}
	status = s->run(argc, argv);
	if (status == 2)
		fprintf(stderr, "usage: peerpipe %s %s\n", s->word, s->usage);
	return status;
}

int
app_run(int argc, char **argv)
{
	return run_subcommand(subcommand_of(argv[0]), argc, argv);
}

/* What stands in front of a subcommand is taken out; false: a value is missing. */
static bool
take_lead(int *argc, char ***argv)
{
	int taken;

	while ((taken = lead_option(*argc, *argv)) > 0) {
		(*argv)[taken] = (*argv)[0];
		*argv += taken;
		*argc -= taken;
	}
	return taken == 0;
}

static int
usage(void)
{
	help(stderr);
	return 2;
}

static int
run_implicit(int argc, char **argv)
{
	int status;

	argc = lead_options(argc, argv);
	if (argc < 0)
		return usage();
	return spelling_run(argc, argv, &status) ? status : app_server(argc, argv);
}

/* Who starts us may have closed some: what is opened next must not be taken for one of them. */
static void
open_standard(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR | O_NOCTTY); /* the lowest that is free */
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		(void)close(fd);
}

int
main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');

	open_standard();
	name = name == NULL ? argv[0] : name + 1;
	if (strcmp(name, "healthcheck") == 0 || strcmp(name, "exabgp-healthcheck") == 0)
		return app_healthcheck(argc, argv);
	if (!take_lead(&argc, &argv))
		return usage();
	if (strcmp(name, "exabgpcli") == 0 || strcmp(name, "exabgp-cli") == 0)
		return run_subcommand(subcommand_of("cli"), argc, argv);
	if (argc < 2)
		return no_arguments();
	if (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0) {
		help(stdout);
		return 0;
	}
	if (strcmp(argv[1], "--version") == 0 || (argc == 2 && strcmp(argv[1], "-v") == 0))
		return app_version(1, argv + 1);
	if (subcommand_of(argv[1]) != NULL)
		return run_subcommand(subcommand_of(argv[1]), argc - 1, argv + 1);
	return run_implicit(argc, argv);
}
