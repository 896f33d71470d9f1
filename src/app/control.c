/* Where the daemon and who controls it meet. */
#include "control.h"

#include "base/mem.h"
#include "root.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PLACES 12

bool
control_place(unsigned n, struct text *to)
{
	const char *root = root_path();

	text_clear(to);
	if (n >= PLACES || (n >= PLACES / 2 && *root == '\0'))
		return false;
	if (n >= PLACES / 2)
		text_string(to, root);
	text_string(to, n % 6 < 3 ? "/run/" : "/var/run/");
	if (n % 3 == 0)
		text_string(to, "exabgp/");
	else if (n % 3 == 1)
		text_format(to, "%u/", (unsigned)getuid());
	return true;
}

static bool
is_kind(const char *path, mode_t kind)
{
	struct stat st;

	return stat(path, &st) == 0 && (st.st_mode & S_IFMT) == kind;
}

/* The pair in that directory, which ends in a slash; false, and nothing is kept, without one. */
static bool
pipes_in(const char *dir, const struct env *s, struct control_paths *to)
{
	text_clear(&to->in);
	text_clear(&to->out);
	text_format(&to->in, "%s%s.in", dir, s->pipename);
	text_format(&to->out, "%s%s.out", dir, s->pipename);
	if (is_kind(text_chars(&to->in), S_IFIFO) && is_kind(text_chars(&to->out), S_IFIFO))
		return true;
	text_clear(&to->in);
	text_clear(&to->out);
	return false;
}

/* In the directory that is given (empty: no pipes are wanted), else where they are found first. */
static void
find_pipes(const struct env *s, struct control_paths *to)
{
	const char *given = getenv("exabgp_cli_pipe");
	struct text dir = { 0 };

	if (given != NULL) {
		text_format(&dir, "%s/", given);
		if (*given != '\0')
			(void)pipes_in(text_chars(&dir), s, to); /* false: there are none */
	} else {
		for (unsigned n = 0; control_place(n, &dir) && !pipes_in(text_chars(&dir), s, to);
		     n++)
			;
	}
	text_free(&dir);
}

/* A path that is given whole, or by its directory. True: the search is over, one way or another. */
static bool
given_socket(const struct env *s, struct text *to)
{
	const char *whole = getenv("exabgp_api_socketpath");
	const char *dir = getenv("exabgp_cli_socket");

	if (whole != NULL && *whole != '\0') {
		text_string(to, whole);
		return true;
	}
	if (dir == NULL)
		return false;
	if (*dir != '\0')
		text_format(to, "%s/%s.sock", dir, s->socketname);
	return true; /* empty: no socket is wanted */
}

static bool
existing_socket(const struct env *s, struct text *to)
{
	struct text dir = { 0 };
	bool found = false;

	for (unsigned n = 0; !found && control_place(n, &dir); n++) {
		text_clear(to);
		text_format(to, "%s%s.sock", text_chars(&dir), s->socketname);
		found = is_kind(text_chars(to), S_IFSOCK);
	}
	if (!found)
		text_clear(to);
	text_free(&dir);
	return found;
}

static void
place_for_socket(const struct env *s, struct text *to)
{
	struct text dir = { 0 };

	for (unsigned n = 0; control_place(n, &dir); n++) {
		if (!is_kind(text_chars(&dir), S_IFDIR) ||
		    access(text_chars(&dir), W_OK | X_OK) != 0)
			continue;
		text_format(to, "%s%s.sock", text_chars(&dir), s->socketname);
		break;
	}
	text_free(&dir);
}

void
control_to_open(const struct env *s, struct control_paths *to)
{
	*to = (struct control_paths){ 0 };
	if (!s->cli)
		return;
	find_pipes(s, to);
	if (!given_socket(s, &to->socket) && !existing_socket(s, &to->socket))
		place_for_socket(s, &to->socket);
}

void
control_to_find(const struct env *s, struct control_paths *to)
{
	*to = (struct control_paths){ 0 };
	find_pipes(s, to);
	if (!given_socket(s, &to->socket))
		(void)existing_socket(s, &to->socket); /* empty when there is none */
}

void
control_paths_free(struct control_paths *p)
{
	text_free(&p->socket);
	text_free(&p->in);
	text_free(&p->out);
}
