/* Options that stand in front of a subcommand. */
#include "lead.h"

#include "app.h"

#include <stdlib.h>
#include <string.h>

enum lead { LEAD_ENV, LEAD_ROOT };

#define ABBREVIATED 4 /* "--en": shorter ones would be of old spellings too */

/* A long one may be cut, as long as it is the only one that begins so; 4.2 and FRR say --env. */
static const struct row {
	const char *shorter;
	const char *longer;
	enum lead means;
} rows[] = {
	{ "-e", "--env-file", LEAD_ENV },
	{ "-f", "--root", LEAD_ROOT },
	{ "-f", "--folder", LEAD_ROOT },
};

static const char *env_file;

const char *
app_env_file(void)
{
	return env_file;
}

/* The row, and the value that stands in the same word; NULL: it is the next one. */
static const struct row *
row_of(const char *word, const char **value)
{
	size_t len = strcspn(word, "=");

	*value = word[len] == '=' ? word + len + 1 : NULL;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (len >= ABBREVIATED && strncmp(word, rows[i].longer, len) == 0)
			return &rows[i];
		if (word[0] != '-' || word[1] != rows[i].shorter[1])
			continue;
		*value = word[2] == '\0' ? NULL : word + 2;
		return &rows[i];
	}
	return NULL;
}

int
lead_option(int argc, char **argv)
{
	const char *value;
	const struct row *row = argc > 1 ? row_of(argv[1], &value) : NULL;
	int words = 1;

	if (row == NULL)
		return 0;
	if (value == NULL) {
		if (argc < 3)
			return -1;
		value = argv[2];
		words = 2;
	}
	switch (row->means) {
	case LEAD_ENV: env_file = value; break;
	case LEAD_ROOT:
		if (setenv("EXABGP_ROOT", value, 1) != 0)
			return -1;
		break;
	}
	return words;
}

int
lead_options(int argc, char **argv)
{
	for (int i = 0; i + 1 < argc && strcmp(argv[i + 1], "--run") != 0;) {
		int taken = lead_option(argc - i, argv + i);

		if (taken < 0)
			return -1;
		if (taken == 0)
			i++;
		memmove(argv + i + 1, argv + i + 1 + taken,
		    (size_t)(argc - i - taken) * sizeof(*argv)); /* and the NULL */
		argc -= taken;
	}
	return argc;
}
