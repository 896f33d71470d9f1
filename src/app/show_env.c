/* peerpipe env: the settings as they are read now. */
#include "app.h"

#include "env.h"

#include <getopt.h>
#include <stdio.h>

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

	if (!env_options(argc, argv, &form, &differing))
		return 2;
	if (env_load(&s, app_env_file(), &out, &advice)) {
		env_print(&s, form, differing, &out);
		fputs(text_chars(&out), stdout);
		if (!s.absent)
			fputs(text_chars(&advice), stderr);
		status = 0;
	} else {
		fprintf(stderr, "%s\n", text_chars(&out));
	}
	env_free(&s);
	text_free(&out);
	text_free(&advice);
	return status;
}
