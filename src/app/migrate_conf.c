/* migrate conf: a file in the words of a later version. */
#include "migrate.h"

#include "file.h"
#include "load.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct conf {
	struct migration m;
	const char *name;   /* of the file, "-": standard input */
	const char *output; /* NULL: standard output */
	bool in_place;
	bool dry;
	bool verbose;
	struct text text;
	struct text result;
	struct text why;
};

static bool
read_name(struct conf *c, char *directory)
{
	struct text path = { 0 };
	int error;

	if (strcmp(c->name, "-") == 0) {
		error = file_read_fd(STDIN_FILENO, &c->text);
	} else {
		load_path(c->name, &path);
		error = file_read(text_chars(&path), &c->text);
		if (error == 0 && realpath(text_chars(&path), directory) != NULL) {
			strrchr(directory, '/')[0] = '\0'; /* it is absolute */
			c->m.directory = directory;
		}
	}
	text_free(&path);
	if (error != 0)
		text_string(&c->why, strerror(-error));
	return error == 0;
}

/* Is it one that the server takes, but for its programs? */
static bool
check(struct conf *c)
{
	struct config_env env = { .end_closes = true };
	struct text reason = { 0 };
	struct config *made = config_parse(text_view(&c->result), &env, &reason, NULL);

	if (made == NULL)
		text_format(&c->why, "what came of it is not valid: %s", text_chars(&reason));
	config_free(made);
	text_free(&reason);
	return made != NULL;
}

/* Beside the file and renamed, with its rights: whoever reads it has the old one or the new one. */
static int
write_file(const char *path, const struct text *content, mode_t mode)
{
	struct text beside = { 0 };
	FILE *f;
	int error = 0;

	text_format(&beside, "%s.%ld", path, (long)getpid());
	f = fopen(text_chars(&beside), "wxe");
	if (f == NULL) {
		error = errno;
		text_free(&beside);
		return error;
	}
	if (fwrite(text_chars(content), 1, content->len, f) != content->len ||
	    (mode != 0 && fchmod(fileno(f), mode) != 0))
		error = errno;
	if (fclose(f) != 0 && error == 0)
		error = errno;
	if (error == 0 && rename(text_chars(&beside), path) != 0)
		error = errno;
	if (error != 0)
		(void)unlink(text_chars(&beside)); /* it is ours */
	text_free(&beside);
	return error;
}

static int
replace(struct conf *c)
{
	struct text path = { 0 };
	struct text kept = { 0 };
	struct stat st;
	int error = 0;

	load_path(c->name, &path);
	text_format(&kept, "%s.bak", text_chars(&path));
	if (stat(text_chars(&path), &st) != 0)
		error = errno;
	else if (c->m.changed)
		error = write_file(text_chars(&kept), &c->text, st.st_mode & 07777);
	if (error == 0 && c->m.changed)
		error = write_file(text_chars(&path), &c->result, st.st_mode & 07777);
	text_free(&path);
	text_free(&kept);
	return error;
}

static bool
put_result(struct conf *c)
{
	int error = 0;

	if (c->dry)
		return true;
	if (c->in_place)
		error = replace(c);
	else if (c->output != NULL)
		error = write_file(c->output, &c->result, 0);
	else if (fwrite(text_chars(&c->result), 1, c->result.len, stdout) != c->result.len ||
	    fflush(stdout) != 0)
		error = errno;
	if (error != 0)
		text_string(&c->why, strerror(error));
	return error == 0;
}

static int
migrate(struct conf *c)
{
	char directory[PATH_MAX];
	bool fine = read_name(c, directory) && tree_read(&c->m.tree, text_view(&c->text), &c->why);

	if (fine) {
		migrate_tree(&c->m);
		tree_print(&c->m.tree, &c->result);
		if (c->dry)
			fputs(text_chars(&c->m.said), stdout);
		else if (c->verbose)
			fputs(text_chars(&c->m.said), stderr);
		fine = check(c);
		fine = (fine || !c->in_place) && put_result(c) && fine;
	}
	if (c->why.len > 0)
		fprintf(stderr, "%s: %s\n", c->name, text_chars(&c->why));
	tree_free(&c->m.tree);
	text_free(&c->m.said);
	text_free(&c->text);
	text_free(&c->result);
	text_free(&c->why);
	return fine ? 0 : 1;
}

/* False: it asks for the usage, or is none. */
static bool
take_option(struct conf *c, int option)
{
	switch (option) {
	case 'f': c->m.from = version_of(optarg); return true;
	case 't': c->m.to = version_of(optarg); return true;
	case 'o': c->output = optarg; return true;
	case 'i': c->in_place = true; return true;
	case 'n': c->dry = true; return true;
	case 'v': c->verbose = true; return true;
	case 'w': c->m.wrap = true; return true;
	default: return false;
	}
}

int
migrate_conf(int argc, char **argv)
{
	static const struct option words[] = {
		{ "from", required_argument, NULL, 'f' },
		{ "to", required_argument, NULL, 't' },
		{ "output", required_argument, NULL, 'o' },
		{ "inplace", no_argument, NULL, 'i' },
		{ "in-place", no_argument, NULL, 'i' },
		{ "dry-run", no_argument, NULL, 'n' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "wrap-api", no_argument, NULL, 'w' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct conf c = { .m = { .from = VERSIONS, .to = VERSIONS } };
	int option;

	optind = 1;
	while ((option = getopt_long(argc, argv, "f:t:o:invwh", words, NULL)) != -1)
		if (!take_option(&c, option))
			return migrate_usage(option == 'h');
	if (optind + 1 != argc || c.m.from > VERSION_5 || c.m.to == VERSIONS ||
	    c.m.to < VERSION_4 || (c.in_place && c.output != NULL))
		return migrate_usage(false);
	c.name = argv[optind];
	if (c.m.to < c.m.from || (c.in_place && strcmp(c.name, "-") == 0)) {
		fputs(c.m.to < c.m.from ? "expected a later version behind -t\n"
					: "expected a file for -i\n",
		    stderr);
		return 1;
	}
	return migrate(&c);
}
