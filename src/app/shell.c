/* shell completion: what bash is told of subcommands and commands, out of their rows. */
#include "app.h"

#include "command/command.h"

#include <stdio.h>
#include <string.h>

/* Behind cli and run: each command whose words begin with those that are typed offers its next. */
static const char function[] =
    "_peerpipe() {\n"
    "\tlocal current=${COMP_WORDS[COMP_CWORD]} command typed\n"
    "\tCOMPREPLY=()\n"
    "\tif ((COMP_CWORD == 1)); then\n"
    "\t\tCOMPREPLY=($(compgen -W \"${_peerpipe_subcommands[*]}\" -- \"$current\"))\n"
    "\telif [[ ${COMP_WORDS[1]} == cli || ${COMP_WORDS[1]} == run ]]; then\n"
    "\t\ttyped=${COMP_WORDS[*]:2:COMP_CWORD-2}\n"
    "\t\ttyped=${typed:+$typed }\n"
    "\t\tfor command in \"${_peerpipe_commands[@]}\"; do\n"
    "\t\t\t[[ $command == \"$typed$current\"* ]] || continue\n"
    "\t\t\tcommand=${command#\"$typed\"}\n"
    "\t\t\tCOMPREPLY+=(\"${command%% *}\")\n"
    "\t\tdone\n"
    "\tfi\n"
    "}\n"
    "complete -o default -F _peerpipe peerpipe exabgp\n";

static int
completion(void)
{
	const char *word;

	fputs("_peerpipe_subcommands=(", stdout);
	for (size_t i = 0; (word = app_subcommand(i)) != NULL; i++)
		printf("%s%s", i == 0 ? "" : " ", word);
	fputs(")\n_peerpipe_commands=(\n", stdout);
	for (size_t i = 0; (word = command_words(i)) != NULL; i++)
		if (word[0] != '#')
			printf("\t'%s'\n", word);
	fputs(")\n", stdout);
	fputs(function, stdout);
	return 0;
}

int
app_shell(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "completion") == 0)
		return completion();
	fputs("usage: peerpipe shell completion\n", stderr);
	return 2;
}
