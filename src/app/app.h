/* The subcommands: each is main() of its own, argv[0] is its name; gives the exit status. */
#pragma once

#include <stddef.h>

int app_server(int argc, char **argv);
int app_decode(int argc, char **argv);
int app_encode(int argc, char **argv);
int app_mrt(int argc, char **argv);
int app_validate(int argc, char **argv);
int app_configuration(int argc, char **argv);
int app_version(int argc, char **argv);
int app_cli(int argc, char **argv);
int app_healthcheck(int argc, char **argv);
int app_env(int argc, char **argv);
int app_migrate(int argc, char **argv);
int app_schema(int argc, char **argv);
int app_shell(int argc, char **argv);

/* The one that argv[0] names, with its usage where the words are wrong or ask for it. */
int app_run(int argc, char **argv);
/* Their words; NULL at the end. */
const char *app_subcommand(size_t i);

/* The file of --env-file, given before the subcommand; NULL: none. */
const char *app_env_file(void);
