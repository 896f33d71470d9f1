/* --pipe, --socket, --batch and the names of both. */
#include "cli_options.h"

#include "base/mem.h"

#include <string.h>

static void
rename_to(char **name, const char *now)
{
	mem_free(*name);
	*name = mem_string(now, strlen(now));
}

/* A path for this client alone, or another name to search for. */
static void
place(const char *value, const char **path, char **name)
{
	if (strchr(value, '/') != NULL)
		*path = value;
	else
		rename_to(name, value);
}

/* What follows "OPTION="; NULL if it is another one. */
static const char *
value_of(const char *argument, const char *option)
{
	size_t n = strlen(option);

	return strncmp(argument, option, n) == 0 && argument[n] == '=' ? argument + n + 1 : NULL;
}

/* One that stands alone. Nothing is coloured here: --no-color asks for what is. */
static bool
flag(struct cli_options *o, const char *argument)
{
	if (strcmp(argument, "--pipe") == 0)
		o->pipes_only = true;
	else if (strcmp(argument, "--socket") == 0)
		o->socket_only = true;
	else
		return strcmp(argument, "--no-color") == 0;
	return true;
}

/* One with a value, as --option=VALUE or in two words. The arguments that it takes; 0: none such.
 */
static int
with_value(struct cli_options *o, struct env *s, const char *argument, const char *next)
{
	const char *value;

	if ((value = value_of(argument, "--pipe")) != NULL) {
		o->pipes_only = true;
		place(value, &o->pipe, &s->pipename);
		return 1;
	}
	if ((value = value_of(argument, "--socket")) != NULL) {
		o->socket_only = true;
		place(value, &o->socket, &s->socketname);
		return 1;
	}
	if ((value = value_of(argument, "--pipename")) != NULL) {
		rename_to(&s->pipename, value);
		return 1;
	}
	if ((value = value_of(argument, "--batch")) != NULL) {
		o->batch = value;
		return 1;
	}
	if (next == NULL)
		return 0;
	if (strcmp(argument, "--pipename") == 0)
		rename_to(&s->pipename, next);
	else if (strcmp(argument, "--batch") == 0)
		o->batch = next;
	else
		return 0;
	return 2;
}

int
cli_options_read(struct cli_options *o, struct env *s, int argc, char **argv, struct text *why)
{
	int i = 1;

	*o = (struct cli_options){ 0 };
	while (i < argc && argv[i][0] == '-' && argv[i][1] != '\0') {
		int taken = flag(o, argv[i]) ? 1 : with_value(o, s, argv[i], argv[i + 1]);

		if (taken == 0) {
			text_format(why,
			    "%s: expected --pipe[=PATH], --socket[=PATH], --pipename NAME, "
			    "--batch FILE or --no-color",
			    argv[i]);
			return 0;
		}
		i += taken;
	}
	if (o->pipes_only && o->socket_only) {
		text_string(why, "expected one of --pipe and --socket");
		return 0;
	}
	return i;
}

void
cli_options_apply(const struct cli_options *o, struct control_paths *p)
{
	if (o->pipes_only)
		text_clear(&p->socket);
	if (o->socket_only) {
		text_clear(&p->in);
		text_clear(&p->out);
	}
	if (o->socket != NULL) {
		text_clear(&p->socket);
		text_string(&p->socket, o->socket);
	}
	if (o->pipe != NULL) {
		text_clear(&p->in);
		text_clear(&p->out);
		text_format(&p->in, "%s.in", o->pipe);
		text_format(&p->out, "%s.out", o->pipe);
	}
}
