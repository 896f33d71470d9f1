/* A configuration file, read and parsed with what surrounds it. */
#include "load.h"

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

static struct config *
parse(const char *path, bool first, const struct text *content, const struct env *s,
    struct text *why, struct text *warnings)
{
	struct text directory = { 0 };
	struct text reason = { 0 };
	struct config_env env = surroundings(s);
	struct config *c;

	env.end_closes = first;
	env.check_programs = true;
	env.runnable = runnable;
	env.path = getenv("PATH");
	directory_of(path, &directory);
	if (directory.len > 0)
		env.directory = text_chars(&directory);
	c = config_parse(text_view(content), &env, &reason, warnings);
	if (c == NULL)
		text_format(why, "%s: %s", path, text_chars(&reason));
	text_free(&reason);
	text_free(&directory);
	return c;
}

/* What a reload reads has to be there: nobody else is served meanwhile. */
static int
read_config(const char *name, bool first, struct text *path, struct text *content)
{
	if (strcmp(name, "-") != 0) {
		load_path(name, path);
		return first ? file_read(text_chars(path), content)
			     : file_read_regular(text_chars(path), content);
	}
	text_string(path, "standard input");
	return first ? file_read_fd(STDIN_FILENO, content) : -ENXIO;
}

struct config *
load_config(const char *name, bool first, const struct env *s, uid_t uid, gid_t gid,
    struct text *why, struct text *warnings)
{
	struct text path = { 0 };
	struct text content = { 0 };
	struct config *c = NULL;
	int error = read_config(name, first, &path, &content);

	run_uid = uid;
	run_gid = gid;
	if (error == -ENOENT)
		text_format(
		    why, "%s is not an exabgp config file (file not found)", text_chars(&path));
	else if (error == -ENXIO)
		text_format(
		    why, "%s is no regular file, and is read at the start only", text_chars(&path));
	else if (error != 0)
		text_format(why, "%s: %s", text_chars(&path), strerror(-error));
	else
		c = parse(text_chars(&path), first, &content, s, why, warnings);
	text_free(&path);
	text_free(&content);
	return c;
}
