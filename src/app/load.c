/* A configuration file, read and parsed with what surrounds it. */
#include "load.h"

#include "base/list.h"
#include "base/mem.h"
#include "base/num.h"
#include "file.h"
#include "root.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COMPATIBLE_VERSION "5.0.13"

static uid_t run_uid;
static gid_t run_gid;

const char *
load_version(void)
{
	const char *v = getenv("exabgp_version");

	return v == NULL || *v == '\0' ? COMPATIBLE_VERSION : v;
}

/* The software version capability, of at most 64 bytes. */
static const char *
load_software(void)
{
	static char words[65];
	int n = snprintf(words, sizeof(words), "ExaBGP/%s", load_version());

	if (n >= (int)sizeof(words))
		memcpy(words + sizeof(words) - 4, "...", 4);
	return words;
}

static const char *
load_etc(void)
{
	static char etc[PATH_MAX];
	const char *given = getenv("EXABGP_ETC");

	if (given != NULL && *given != '\0')
		return given;
	(void)snprintf(etc, sizeof(etc), "%s/etc/exabgp", root_path());
	return etc;
}

const struct dialect *
load_dialect(const struct env *s)
{
	const struct dialect *d = dialect_of(slice_on(s->dialect));

	if (d == NULL && s->api_version == 6)
		d = dialect_of(SLICE("6.0"));
	if (d == NULL && s->api_version != 0)
		d = dialect_of(SLICE("6.0-v4"));
	return d == NULL ? &dialect_5_0 : d;
}

/* May the daemon's user run it? The reference's checks, in its order. */
static const char *
runnable(const char *path)
{
	struct stat st;
	bool may;

	if (stat(path, &st) != 0)
		return "can not locate the program";
	if (S_ISDIR(st.st_mode) || !S_ISREG(st.st_mode))
		return "is not a program but something else";
	if ((st.st_mode & (S_ISUID | S_ISGID)) != 0)
		return "refusing to run setuid programs";
	may = (st.st_mode & S_IXOTH) != 0 ||
	    (st.st_uid == run_uid && (st.st_mode & S_IXUSR) != 0) ||
	    (st.st_gid == run_gid && (st.st_mode & S_IXGRP) != 0) ||
	    (run_uid == 0 && (st.st_mode & (S_IXUSR | S_IXGRP)) != 0);
	return may ? NULL : "exabgp will not be able to run this program";
}

void
load_path(const char *name, struct text *to)
{
	const char *home = getenv("HOME");

	if (strncmp(name, "etc/exabgp/", 11) == 0) {
		text_format(to, "%s/%s", load_etc(), name + 11);
	} else if (strncmp(name, "~/", 2) == 0 && home != NULL) {
		text_format(to, "%s/%s", home, name + 2);
	} else if (name[0] == '/' || access(name, F_OK) == 0) {
		text_string(to, name);
	} else {
		text_format(to, "%s/%s", load_etc(), name);
		if (access(text_chars(to), F_OK) != 0) {
			text_clear(to);
			text_string(to, name);
		}
	}
}

static void
directory_of(const char *path, struct text *to)
{
	char real[PATH_MAX];
	const char *cut;

	if (realpath(path, real) == NULL)
		return;
	cut = strrchr(real, '/');
	text_bytes(to, real, cut == real ? 1 : (size_t)(cut - real));
}

static struct config_env
surroundings(const struct env *s)
{
	return (struct config_env){
		.etc = load_etc(),
		.passive = s->passive,
		.no_acks = !s->ack,
		.json = strcmp(s->encoder, "json") == 0 || s->api_version == 6,
		.software = load_software(),
		.port = s->port_in_environment ? (uint16_t)s->port : 0,
	};
}

struct config *
load_words(struct slice words, const struct env *s, struct text *why)
{
	struct config_env env = surroundings(s);

	return config_parse(words, &env, why, NULL);
}

/* A file on its way. */
struct load {
	struct loading loading;
	struct config_env env;
	bool first;
	int fd;    /* -1: it is read, or there is none */
	int error; /* why it is not; negative errno */
	struct text path;
	struct text directory;
	struct text content;
	struct text warnings;
	struct parse *parse; /* NULL: it is not read yet, or never will be */
};

#define STATEMENTS 16 /* in a step */

static void
parse_begin(struct load *l)
{
	directory_of(text_chars(&l->path), &l->directory);
	if (l->directory.len > 0)
		l->env.directory = text_chars(&l->directory);
	l->parse = parse_new(text_view(&l->content), &l->env, &l->warnings);
}

static void
file_over(struct load *l)
{
	if (l->fd > STDIN_FILENO)
		(void)close(l->fd);
	l->fd = -1;
}

static bool
load_step(struct loading *loading)
{
	struct load *l = owner_of(loading, struct load, loading);

	if (l->error != 0)
		return false;
	if (l->parse != NULL)
		return parse_some(l->parse, STATEMENTS);
	l->error = file_read_some(l->fd, &l->content);
	if (l->error > 0) {
		l->error = 0;
		return true;
	}
	file_over(l);
	if (l->error == 0)
		parse_begin(l);
	return l->error == 0;
}

/* Each line says the file, as a fault does. */
static void
name_lines(const char *path, struct slice lines, struct text *to)
{
	struct slice line;

	while (word_cut(lines, '\n', &line, &lines))
		text_format(to, "%s: %.*s\n", path, (int)line.len, (const char *)line.at);
}

static struct config *
load_take(struct loading *loading, struct text *why, struct text *warnings)
{
	struct load *l = owner_of(loading, struct load, loading);
	const char *path = text_chars(&l->path);
	struct text reason = { 0 };
	struct config *c = NULL;

	if (l->error == -ENOENT)
		text_format(why, "%s is not an exabgp config file (file not found)", path);
	else if (l->error == -ENXIO)
		text_format(why, "%s is no regular file, and is read at the start only", path);
	else if (l->error != 0)
		text_format(why, "%s: %s", path, strerror(-l->error));
	else if ((c = parse_take(l->parse, &reason)) == NULL)
		text_format(why, "%s: %s", path, text_chars(&reason));
	name_lines(path, text_view(&l->warnings), warnings);
	text_free(&reason);
	return c;
}

static bool
load_give_back(struct loading *loading)
{
	struct load *l = owner_of(loading, struct load, loading);

	if (l->parse != NULL) {
		if (!parse_free_some(l->parse))
			l->parse = NULL;
		return true;
	}
	if (text_free_some(&l->content))
		return true;
	file_over(l);
	text_free(&l->path);
	text_free(&l->directory);
	text_free(&l->warnings);
	mem_free(l);
	return false;
}

/* What a reload reads has to be there: it waits for nobody. */
static void
file_begin(struct load *l, const char *name)
{
	if (strcmp(name, "-") != 0) {
		load_path(name, &l->path);
		l->error = file_open(text_chars(&l->path), !l->first, &l->fd);
		return;
	}
	text_string(&l->path, "standard input");
	if (l->first)
		l->fd = STDIN_FILENO;
	else
		l->error = -ENXIO;
}

struct loading *
load_begin(const char *name, bool first, const struct env *s, uid_t uid, gid_t gid)
{
	struct load *l = mem_zero(1, sizeof(*l));

	*l = (struct load){
		.loading = { .step = load_step, .take = load_take, .give_back = load_give_back },
		.env = surroundings(s),
		.first = first,
		.fd = -1,
	};
	run_uid = uid;
	run_gid = gid;
	l->env.end_closes = first;
	l->env.check_programs = true;
	l->env.runnable = runnable;
	l->env.path = getenv("PATH");
	file_begin(l, name);
	return &l->loading;
}

struct config *
load_config(const char *name, bool first, const struct env *s, uid_t uid, gid_t gid,
    struct text *why, struct text *warnings)
{
	struct loading *l = load_begin(name, first, s, uid, gid);
	struct config *c;

	while (l->step(l))
		;
	c = l->take(l, why, warnings);
	while (l->give_back(l))
		;
	return c;
}
