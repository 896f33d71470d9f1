/* shell: the script of a shell's completion, and where it belongs in the user's folders. */
#include "app.h"

#include "file.h"
#include "shell_script.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct change {
	const struct shell *shell;
	struct text script;
	struct text path; /* of a file */
	bool dry;         /* only say what would be done */
	bool failed;
};

static int
usage(FILE *to)
{
	fputs("usage: peerpipe shell completion [bash|zsh|fish]\n"
	      "       peerpipe shell install [-n] [bash|zsh|fish]\n"
	      "       peerpipe shell uninstall [-n] [bash|zsh|fish]\n",
	    to);
	return to == stdout ? 0 : 2;
}

static bool
folder_of(const struct shell *s, struct text *to)
{
	const char *home = getenv("HOME");
	const char *given = getenv(s->variable);

	if (given != NULL && given[0] == '/')
		text_string(to, given);
	else if (home != NULL && home[0] == '/')
		text_format(to, "%s%s%s", home, s->parent[0] == '\0' ? "" : "/", s->parent);
	else
		return false;
	text_format(to, "/%s", s->folder);
	return true;
}

static void
say(const struct change *c, const char *done)
{
	printf("%s %s%s\n", done, text_chars(&c->path), c->dry ? " (not done: -n)" : "");
}

static void
fails(struct change *c, const char *why)
{
	fprintf(stderr, "%s: %s\n", text_chars(&c->path), why);
	c->failed = true;
}

/* What stands there; false: somebody else's, which is left alone. */
static bool
look(struct change *c, bool *there, bool *same)
{
	struct text content = { 0 };
	int error = file_read(text_chars(&c->path), &content);
	bool ours = error == 0 && strstr(text_chars(&content), SHELL_MARK) != NULL;

	*there = error != -ENOENT;
	*same = error == 0 && slice_same(text_view(&content), text_view(&c->script));
	text_free(&content);
	if (error != 0 && error != -ENOENT)
		fails(c, strerror(-error));
	else if (*there && !ours)
		fails(c, "is not of this program; it is left as it is");
	return !*there || ours;
}

static bool
make_folders(struct change *c)
{
	char *path = c->path.at;

	for (char *cut = strchr(path + 1, '/'); cut != NULL; cut = strchr(cut + 1, '/')) {
		int error;

		*cut = '\0';
		error = mkdir(path, 0755) == 0 || errno == EEXIST ? 0 : errno;
		*cut = '/';
		if (error != 0) {
			fails(c, strerror(error));
			return false;
		}
	}
	return true;
}

/* A new file takes the place of the old one: a shell never reads half of it. */
static bool
write_file(struct change *c)
{
	struct text beside = { 0 };
	FILE *f;
	bool fine;

	text_format(&beside, "%s.%ld", text_chars(&c->path), (long)getpid());
	f = fopen(text_chars(&beside), "wxe");
	fine = f != NULL && fwrite(c->script.at, 1, c->script.len, f) == c->script.len;
	if (f != NULL && fclose(f) != 0)
		fine = false;
	fine = fine && rename(text_chars(&beside), text_chars(&c->path)) == 0;
	if (!fine) {
		int error = errno;

		if (f != NULL)
			(void)unlink(text_chars(&beside)); /* it is ours: nothing was there */
		fails(c, strerror(error));
	}
	text_free(&beside);
	return fine;
}

static void
install(struct change *c)
{
	bool there;
	bool same;

	if (!look(c, &there, &same))
		return;
	if (same)
		printf("up to date %s\n", text_chars(&c->path));
	else if (c->dry || (make_folders(c) && write_file(c)))
		say(c, there ? "replaced" : "installed");
}

static void
uninstall(struct change *c)
{
	bool there;
	bool same;

	if (!look(c, &there, &same))
		return;
	if (!there)
		printf("not there %s\n", text_chars(&c->path));
	else if (c->dry || unlink(text_chars(&c->path)) == 0)
		say(c, "removed");
	else
		fails(c, strerror(errno));
}

static const struct act {
	const char *word;
	void (*file)(struct change *c); /* with each of its files; NULL: printed */
} acts[] = {
	{ "completion", NULL },
	{ "install", install },
	{ "uninstall", uninstall },
};

static int
carry_out(const struct act *act, struct change *c)
{
	struct text folder = { 0 };

	shell_script(c->shell, &c->script);
	if (act->file == NULL) {
		fputs(text_chars(&c->script), stdout);
	} else if (!folder_of(c->shell, &folder)) {
		fputs("expected HOME in the environment\n", stderr);
		c->failed = true;
	}
	for (const char *const *name = c->shell->files; folder.len > 0 && *name != NULL; name++) {
		text_clear(&c->path);
		text_format(&c->path, "%s/%s", text_chars(&folder), *name);
		act->file(c);
	}
	if (act->file == install && !c->failed && c->shell->hint != NULL)
		printf("%s %s\n", c->shell->hint, text_chars(&folder));
	text_free(&folder);
	text_free(&c->path);
	text_free(&c->script);
	return c->failed ? 1 : 0;
}

/* The one that is named, or the user's. */
static const struct shell *
shell_named(const char *name, bool needed)
{
	const char *user = getenv("SHELL");
	const char *cut = user == NULL ? NULL : strrchr(user, '/');

	if (name == NULL && !needed)
		return shell_of("bash");
	if (name == NULL)
		name = cut == NULL ? user : cut + 1;
	return name == NULL ? NULL : shell_of(name);
}

int
app_shell(int argc, char **argv)
{
	static const struct option words[] = {
		{ "dry-run", no_argument, NULL, 'n' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct change c = { 0 };
	int option;

	optind = 1;
	while ((option = getopt_long(argc, argv, "nh", words, NULL)) != -1) {
		switch (option) {
		case 'n': c.dry = true; break;
		case 'h': return usage(stdout);
		default: return usage(stderr);
		}
	}
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		if (optind == argc || argc - optind > 2 || strcmp(argv[optind], acts[i].word) != 0)
			continue;
		c.shell = shell_named(argv[optind + 1], acts[i].file != NULL);
		if (c.shell != NULL)
			return carry_out(&acts[i], &c);
		fputs("expected bash, zsh or fish (the shell of SHELL is none of them)\n", stderr);
		return 1;
	}
	return usage(stderr);
}
