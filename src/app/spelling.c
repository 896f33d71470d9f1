/* Old spellings: each becomes the words of a subcommand. */
#include "spelling.h"

#include "app.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum old { OLD_TEST, OLD_DECODE, OLD_RUN, OLD_ENV };

enum { PRINT_DIFFERING = 1, PRINT_ENVIRONMENT = 2 };

static const struct spelling {
	const char *word;
	enum old means;
	unsigned form; /* of env */
} spellings[] = {
	{ "--test", OLD_TEST, 0 },
	{ "-t", OLD_TEST, 0 },
	{ "--validate", OLD_TEST, 0 },
	{ "--decode", OLD_DECODE, 0 },
	{ "-x", OLD_DECODE, 0 },
	{ "--run", OLD_RUN, 0 },
	{ "--full-ini", OLD_ENV, 0 },
	{ "--fi", OLD_ENV, 0 },
	{ "--diff-ini", OLD_ENV, PRINT_DIFFERING },
	{ "--di", OLD_ENV, PRINT_DIFFERING },
	{ "--full-env", OLD_ENV, PRINT_ENVIRONMENT },
	{ "--fe", OLD_ENV, PRINT_ENVIRONMENT },
	{ "--diff-env", OLD_ENV, PRINT_DIFFERING | PRINT_ENVIRONMENT },
	{ "--de", OLD_ENV, PRINT_DIFFERING | PRINT_ENVIRONMENT },
};

/* What stands in the word of a message besides: "--decode=HEX", "-xHEX"; NULL: nothing. */
static char *
glued(char *word)
{
	if (strncmp(word, "--decode=", 9) == 0)
		return word + 9;
	return word[0] == '-' && word[1] == 'x' && word[2] != '\0' ? word + 2 : NULL;
}

static const struct spelling *
spelling_of(char *word)
{
	const char *plain = glued(word) == NULL ? word : "-x";

	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		if (strcmp(plain, spellings[i].word) == 0)
			return &spellings[i];
	}
	return NULL;
}

/* The next word is no file but what this one is about. */
static bool
has_value(char *word)
{
	const struct spelling *s = spelling_of(word);

	if (s != NULL)
		return s->means == OLD_DECODE && glued(word) == NULL;
	return strcmp(word, "--signal") == 0 || strcmp(word, "--profile") == 0;
}

/* What is no option stays: the files. */
static int
files_of(int argc, char **argv, char **to)
{
	int n = 0;

	for (int i = 1; i < argc; i++) {
		if (has_value(argv[i]))
			i++;
		else if (argv[i][0] != '-' || argv[i][1] == '\0')
			to[n++] = argv[i];
	}
	return n;
}

static int
test_files(int argc, char **argv)
{
	char **words = mem_zero((size_t)argc + 3, sizeof(char *));
	char name[] = "validate";
	char options[] = "-nr";
	int count;
	int status;

	words[0] = name;
	words[1] = options;
	count = files_of(argc, argv, words + 2);
	status = app_validate(count + 2, words);
	mem_free(words);
	return status;
}

/* Each message with the first file, in the shapes of the line that has this spelling. */
static int
decode_each(int argc, char **argv)
{
	char **files = mem_zero((size_t)argc, sizeof(char *));
	int count = files_of(argc, argv, files);
	char name[] = "decode";
	char option[] = "-c";
	int status = 0;

	(void)setenv("exabgp_api_dialect", "4.2", 0); /* false: no memory, and the default stays */
	for (int i = 1; i < argc; i++) {
		const struct spelling *s = spelling_of(argv[i]);
		char *message = glued(argv[i]);
		char *words[] = { name, option, files[0], NULL, NULL };
		char *bare[] = { name, NULL, NULL };

		if (s == NULL || s->means != OLD_DECODE)
			continue;
		if (message == NULL)
			message = argv[++i]; /* the NULL behind all, if it is missing */
		if (message == NULL) {
			fputs("expected a message in hexadecimal behind --decode\n", stderr);
			status = 2;
			break;
		}
		words[3] = message;
		bare[1] = message;
		status |= count > 0 ? app_decode(4, words) : app_decode(2, bare);
	}
	mem_free(files);
	return status;
}

static int
print_env(unsigned form)
{
	char name[] = "env";
	char differing[] = "-d";
	char environment[] = "-e";
	char *argv[4] = { name };
	int count = 1;

	if ((form & PRINT_DIFFERING) != 0)
		argv[count++] = differing;
	if ((form & PRINT_ENVIRONMENT) != 0)
		argv[count++] = environment;
	return app_env(count, argv);
}

/* --run healthcheck ... and --run cli ...: what follows is the helper's. */
static int
run_helper(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "healthcheck") == 0)
		return app_healthcheck(argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "cli") == 0)
		return app_run(argc - 1, argv + 1);
	fputs("expected healthcheck or cli behind --run\n", stderr);
	return 2;
}

bool
spelling_run(int argc, char **argv, int *status)
{
	const struct spelling *s = NULL;
	int at = 1;

	while (at < argc && (s = spelling_of(argv[at])) == NULL)
		at++;
	if (s == NULL)
		return false;
	switch (s->means) {
	case OLD_RUN: *status = run_helper(argc - at, argv + at); return true;
	case OLD_TEST: *status = test_files(argc, argv); return true;
	case OLD_DECODE: *status = decode_each(argc, argv); return true;
	case OLD_ENV: *status = print_env(s->form); return true;
	}
	return false;
}
