/* Scripts that let shells complete words. */
#include "shell_script.h"

#include "app.h"
#include "command/command.h"

#include <string.h>

/* Behind cli and run each command whose words begin with those that are typed offers its next. */
static const char bash_body[] =
    "_peerpipe() {\n"
    "\tlocal current=${COMP_WORDS[COMP_CWORD]} command typed first=2\n"
    "\tCOMPREPLY=()\n"
    "\tif [[ ${COMP_WORDS[0]##*/} == exabgpcli ]]; then\n"
    "\t\tfirst=1\n"
    "\telif ((COMP_CWORD == 1)); then\n"
    "\t\tCOMPREPLY=($(compgen -W \"${_peerpipe_subcommands[*]}\" -- \"$current\"))\n"
    "\t\treturn\n"
    "\telif [[ ${COMP_WORDS[1]} != cli && ${COMP_WORDS[1]} != run ]]; then\n"
    "\t\treturn\n"
    "\tfi\n"
    "\ttyped=${COMP_WORDS[*]:first:COMP_CWORD-first}\n"
    "\ttyped=${typed:+$typed }\n"
    "\tfor command in \"${_peerpipe_commands[@]}\"; do\n"
    "\t\t[[ $command == \"$typed$current\"* ]] || continue\n"
    "\t\tcommand=${command#\"$typed\"}\n"
    "\t\tCOMPREPLY+=(\"${command%% *}\")\n"
    "\tdone\n"
    "}\n"
    "complete -o default -F _peerpipe peerpipe exabgp exabgpcli\n";

/* A file that zsh loads by its name is the function: it calls itself the first time. */
static const char zsh_body[] = "_peerpipe() {\n"
			       "\tlocal command typed first=3\n"
			       "\tlocal -a found\n"
			       "\tif [[ ${words[1]:t} == exabgpcli ]]; then\n"
			       "\t\tfirst=2\n"
			       "\telif ((CURRENT == 2)); then\n"
			       "\t\tcompadd -- $_peerpipe_subcommands\n"
			       "\t\t_files\n"
			       "\t\treturn\n"
			       "\telif [[ ${words[2]} != (cli|run) ]]; then\n"
			       "\t\t_files\n"
			       "\t\treturn\n"
			       "\tfi\n"
			       "\ttyped=\"${(j: :)words[first,CURRENT-1]}\"\n"
			       "\ttyped=\"${typed:+$typed }\"\n"
			       "\tfor command in $_peerpipe_commands; do\n"
			       "\t\t[[ $command == \"$typed\"* ]] || continue\n"
			       "\t\tcommand=${command#\"$typed\"}\n"
			       "\t\tfound+=(\"${command%% *}\")\n"
			       "\tdone\n"
			       "\tcompadd -- $found\n"
			       "}\n"
			       "if [[ ${funcstack[1]} == _peerpipe ]]; then\n"
			       "\t_peerpipe \"$@\"\n"
			       "else\n"
			       "\tcompdef _peerpipe peerpipe exabgp exabgpcli\n"
			       "fi\n";

static const char fish_body[] = "function _peerpipe\n"
				"\tset -l typed (commandline -opc)\n"
				"\tif not string match -q -- '*exabgpcli' $typed[1]\n"
				"\t\tif test (count $typed) -eq 1\n"
				"\t\t\tprintf '%s\\n' $_peerpipe_subcommands\n"
				"\t\t\treturn\n"
				"\t\tend\n"
				"\t\tcontains -- $typed[2] cli run; or return\n"
				"\t\tset -e typed[2]\n"
				"\tend\n"
				"\tset -e typed[1]\n"
				"\tset -l before (string join ' ' -- $typed)\n"
				"\ttest -n \"$before\"; and set before \"$before \"\n"
				"\tset -l from (math (string length -- \"$before\") + 1)\n"
				"\tfor command in $_peerpipe_commands\n"
				"\t\tstring match -q -- \"$before*\" $command; or continue\n"
				"\t\tstring split -f1 ' ' -- (string sub -s $from -- $command)\n"
				"\tend\n"
				"end\n"
				"complete -c peerpipe -c exabgp -c exabgpcli -a '(_peerpipe)'\n";

static const struct shell shells[] = {
	{
	    .name = "bash",
	    .variable = "XDG_DATA_HOME",
	    .parent = ".local/share",
	    .folder = "bash-completion/completions",
	    .files = { "peerpipe", "exabgp", "exabgpcli" },
	    .head = "",
	    .list = "_peerpipe_%s=(",
	    .list_end = " )\n",
	    .body = bash_body,
	},
	{
	    .name = "zsh",
	    .variable = "ZDOTDIR",
	    .parent = "",
	    .folder = ".zsh/completions",
	    .files = { "_peerpipe" },
	    .hint = "for zsh to find it this has to be in fpath before compinit:",
	    .head = "#compdef peerpipe exabgp exabgpcli\n",
	    .list = "_peerpipe_%s=(",
	    .list_end = " )\n",
	    .body = zsh_body,
	},
	{
	    .name = "fish",
	    .variable = "XDG_CONFIG_HOME",
	    .parent = ".config",
	    .folder = "fish/completions",
	    .files = { "peerpipe.fish", "exabgp.fish", "exabgpcli.fish" },
	    .head = "",
	    .list = "set -g _peerpipe_%s",
	    .list_end = "\n",
	    .body = fish_body,
	},
};

const struct shell *
shell_of(const char *name)
{
	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++)
		if (strcmp(shells[i].name, name) == 0)
			return &shells[i];
	return NULL;
}

static void
put_words(const char *(*word_of)(size_t), struct text *to)
{
	const char *word;

	for (size_t i = 0; (word = word_of(i)) != NULL; i++)
		if (word[0] != '#')
			text_format(to, " '%s'", word);
}

/* more: NULL, or a second list of words */
static void
put_list(const struct shell *s, const char *name, const char *(*words)(size_t),
    const char *(*more)(size_t), struct text *to)
{
	const char *at = strstr(s->list, "%s");

	text_bytes(to, s->list, (size_t)(at - s->list));
	text_string(to, name);
	text_string(to, at + 2);
	put_words(words, to);
	if (more != NULL)
		put_words(more, to);
	text_string(to, s->list_end);
}

void
shell_script(const struct shell *s, struct text *to)
{
	text_string(to, s->head);
	text_string(to, SHELL_MARK);
	put_list(s, "subcommands", app_subcommand, NULL, to);
	put_list(s, "commands", command_words, command_words_of_version_6, to);
	text_string(to, s->body);
}
