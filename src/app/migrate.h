/* Configurations, commands and events of one version of ExaBGP in the words of a later one. */
#pragma once

#include "migrate_tree.h"

enum version { VERSION_3_4, VERSION_4, VERSION_5, VERSION_MAIN, VERSIONS };

/* "3.4", "4", "5", "main"; VERSIONS: another word. */
enum version version_of(const char *word);

struct migration {
	struct tree tree;
	enum version from;
	enum version to;
	const char *directory; /* of the file, absolute; NULL: none */
	bool wrap;             /* helpers are run behind migrate api */
	struct text said;      /* a line for each change */
	bool changed;
};

/* The tree in the words of the later version. */
void migrate_tree(struct migration *m);
/* What was done with the statement, or about it. */
void migrate_says(struct migration *m, const struct node *n, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* 3.4: group { } becomes a template, processes inside of neighbors stand on their own. */
void migrate_groups(struct migration *m);
void migrate_processes(struct migration *m);

/* The parts of the subcommand; argv[0] is their word. */
int migrate_conf(int argc, char **argv);
int migrate_api(int argc, char **argv);
int migrate_usage(bool asked);
