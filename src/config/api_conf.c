/* What api sections became: made when all processes are known, asked, written back. */
#include "parse.h"

#include "base/mem.h"
#include "bgp/message.h"

#include <regex.h>

static size_t
names_count(const struct names *names)
{
	size_t count = 0;

	for (const struct name *n = names->first; n != NULL; n = n->next)
		count++;
	return count;
}

static char **
names_strings(const struct names *names, size_t *count)
{
	char **strings;
	size_t i = 0;

	*count = names_count(names);
	strings = mem_zero(*count + 1, sizeof(*strings));
	for (const struct name *n = names->first; n != NULL; n = n->next)
		strings[i++] = word_string(n->at.word);
	return strings;
}

/* From the start of the name: the leftmost match is there if any is. */
static bool
matches(const char *pattern, const char *name)
{
	regex_t made;
	regmatch_t at;
	bool does;

	if (regcomp(&made, pattern, REG_EXTENDED) != 0)
		return false;
	does = regexec(&made, name, 1, &at, 0) == 0 && at.rm_so == 0;
	regfree(&made);
	return does;
}

static void
check_processes(struct parse *p, const struct neighbor_draft *d, const struct api_draft *a)
{
	struct text known = { 0 };

	text_string(&known, "an api called '%' is used by neighbor '");
	text_slice(&known, d->where.word);
	text_string(&known, "' but not defined");
	for (const struct name *n = a->processes.first; n != NULL; n = n->next) {
		if (map_get(&p->helpers, n->at.word) != NULL)
			continue;
		lex_fault_at(&p->lx, &n->at, "expected a process that is defined");
		lex_known_as(&p->lx, &n->at, text_chars(&known));
		break;
	}
	text_free(&known);
}

static void
check_matches(struct parse *p, const struct api_draft *a)
{
	for (const struct name *n = a->matches.first; n != NULL; n = n->next) {
		char *pattern = word_string(n->at.word);
		bool any = false;

		for (size_t i = 0; i < p->config->helper_count && !any; i++)
			any = matches(pattern, p->config->helpers[i]->name);
		mem_free(pattern);
		if (!any)
			lex_fault_at(
			    &p->lx, &n->at, "expected the match of a process that is defined");
	}
}

/* A name of its own for a section that has none. */
static char *
name_make(const struct neighbor_draft *d, size_t number)
{
	struct text name = { 0 };
	char *made;

	text_format(&name, "api-%zu", number);
	while (api_named(d, text_view(&name)))
		text_char(&name, '-');
	made = word_string(text_view(&name));
	text_free(&name);
	return made;
}

static void
api_fill(
    const struct neighbor_draft *d, const struct api_draft *a, size_t number, struct api_conf *to)
{
	*to = a->flags;
	to->name = a->name.at == NULL ? name_make(d, number) : word_string(a->name);
	to->processes = names_strings(&a->processes, &to->process_count);
	to->matches = names_strings(&a->matches, &to->match_count);
}

static bool
api_grants(const struct api_conf *a, const char *helper)
{
	for (size_t i = 0; i < a->process_count; i++)
		if (strcmp(a->processes[i], helper) == 0)
			return true;
	for (size_t i = 0; i < a->match_count; i++)
		if (matches(a->matches[i], helper))
			return true;
	return false;
}

/* Who may command is decided once: it is asked at every command. */
static void
fill_grants(const struct config *c, struct neighbor_conf *n)
{
	n->grants = mem_zero(c->helper_count + 1, sizeof(*n->grants));
	for (size_t h = 0; h < c->helper_count; h++) {
		const char *name = c->helpers[h]->name;
		bool granted = false;

		for (size_t i = 0; i < n->api_count && !granted; i++)
			granted = api_grants(&n->apis[i], name);
		if (granted)
			n->grants[n->grant_count++] = word_string(slice_on(name));
	}
}

static void
neighbor_apis(struct parse *p, const struct neighbor_draft *d, struct neighbor_conf *n)
{
	size_t count = 0;

	for (const struct api_draft *a = d->apis; a != NULL; a = a->next)
		count++;
	n->apis = mem_zero(count + 1, sizeof(*n->apis));
	for (const struct api_draft *a = d->apis; a != NULL; a = a->next) {
		api_fill(d, a, n->api_count, &n->apis[n->api_count]);
		n->api_count++;
	}
	fill_grants(p->config, n);
}

void
apis_make(struct parse *p)
{
	for (const struct neighbor_draft *d = p->drafts; d != NULL; d = d->next) {
		for (const struct api_draft *a = d->apis; a != NULL && d->made_count != 0;
		     a = a->next) {
			check_processes(p, d, a);
			check_matches(p, a);
		}
		for (size_t i = 0; i < d->made_count; i++)
			neighbor_apis(p, d, p->config->neighbors[d->made + i]);
	}
}

static void
strings_free(char **strings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		mem_free(strings[i]);
	mem_free(strings);
}

void
apis_free(struct neighbor_conf *n)
{
	for (size_t i = 0; i < n->api_count; i++) {
		mem_free(n->apis[i].name);
		strings_free(n->apis[i].processes, n->apis[i].process_count);
		strings_free(n->apis[i].matches, n->apis[i].match_count);
	}
	mem_free(n->apis);
	strings_free(n->grants, n->grant_count);
}

bool
neighbor_grants(const struct neighbor_conf *n, const char *helper)
{
	for (size_t i = 0; i < n->grant_count; i++)
		if (strcmp(n->grants[i], helper) == 0)
			return true;
	return false;
}

static void
print_list(const char *word, char *const *strings, size_t count, struct text *to)
{
	if (count == 0)
		return;
	text_format(to, "    %s [", word);
	for (size_t i = 0; i < count; i++) {
		text_char(to, ' ');
		word_print(slice_on(strings[i]), to);
	}
	text_string(to, " ];\n");
}

static void
print_direction(const char *word, const struct api_direction *d, struct text *to)
{
	if (!d->parsed && !d->packets && !d->consolidate && d->types == 0)
		return;
	text_format(to, "    %s {\n", word);
	settings_print(&direction_settings, d, "      ", to);
	for (uint8_t type = 1; type < 32; type++)
		if ((d->types >> type & 1) != 0)
			text_format(to, "      %s;\n", message_of(type)->word);
	text_string(to, "    }\n");
}

void
apis_print(const struct neighbor_conf *n, struct text *to)
{
	for (size_t i = 0; i < n->api_count; i++) {
		const struct api_conf *a = &n->apis[i];

		text_string(to, "  api ");
		word_print(slice_on(a->name), to);
		text_string(to, " {\n");
		print_list("processes", a->processes, a->process_count, to);
		print_list("processes-match", a->matches, a->match_count, to);
		settings_print(&api_settings, a, "    ", to);
		print_direction("receive", &a->receive, to);
		print_direction("send", &a->send, to);
		text_string(to, "  }\n");
	}
}
