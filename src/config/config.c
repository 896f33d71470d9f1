/* A whole file: sections out of statements; what is read becomes one value, or one fault. */
#include "config/config.h"

#include "parse.h"

#include "base/mem.h"
#include "base/must.h"

#include <stdarg.h>

void
parse_warn(struct parse *p, const struct token *at, const char *format, ...)
{
	va_list args;

	if (p->warnings == NULL || lex_failed(&p->lx))
		return;
	text_format(p->warnings, "line %u, column %u: ", at->line, at->column);
	va_start(args, format);
	text_vformat(p->warnings, format, args);
	va_end(args);
	text_char(p->warnings, '\n');
}

void
name_add(struct parse *p, struct names *to, const struct token *at)
{
	struct name *n = arena_get(&p->strings, sizeof(*n));

	*n = (struct name){ .at = *at };
	if (to->last == NULL)
		to->first = n;
	else
		to->last->next = n;
	to->last = n;
}

void
names_append(struct parse *p, struct names *to, const struct names *from)
{
	for (const struct name *n = from->first; n != NULL; n = n->next)
		name_add(p, to, &n->at);
}

void
names_read(struct parse *p, struct names *to, const char *what)
{
	struct lex *lx = &p->lx;

	(void)lex_want(lx, "[");
	while (!lex_failed(lx) && !lex_take(lx, "]")) {
		struct token t = lx->now;

		if (lex_take(lx, ","))
			continue;
		(void)lex_word(lx, what);
		if (!lex_failed(lx))
			name_add(p, to, &t);
	}
}

char *
word_string(struct slice word)
{
	return mem_string((const char *)word.at, word.len);
}

static const struct section *
section_of(const struct section *s, struct slice word)
{
	for (size_t i = 0; s->sections != NULL && s->sections[i] != NULL; i++)
		if (slice_is(word, s->sections[i]->word))
			return s->sections[i];
	return NULL;
}

static const struct statement *
statement_of(const struct section *s, struct slice word)
{
	for (size_t i = 0; s->statements != NULL && s->statements[i].word != NULL; i++)
		if (slice_is(word, s->statements[i].word))
			return &s->statements[i];
	return NULL;
}

/* What is left in front of this mark means nothing. */
static void
skip_to(struct parse *p, const char *mark)
{
	struct token t = p->lx.now;

	if (!lex_ends(&p->lx))
		parse_warn(p, &t, "words behind the value mean nothing");
	while (!lex_ends(&p->lx))
		(void)lex_next(&p->lx);
	(void)lex_want(&p->lx, mark);
}

static void
end_statement(struct parse *p)
{
	if (!p->block)
		skip_to(p, ";");
	p->block = false;
}

static void
open_section(struct parse *p, const struct section *s, const struct token *word)
{
	if (s->open != NULL)
		s->open(p, word);
	skip_to(p, "{");
	MUST(p->depth < SECTION_DEPTH);
	p->open[p->depth++] = s;
}

static void
read_setting(struct parse *p, const struct section *s, const struct setting *row)
{
	struct slots to = s->slots(p);

	setting_parse(row, &p->lx, &p->strings, to.at);
	*to.given |= setting_bit(&s->settings, row);
}

static void
unknown_word(struct parse *p, const struct section *s, const struct token *word)
{
	struct text known = { 0 };

	if (statement_is_block(p, 0) || statement_is_block(p, 1))
		text_format(
		    &known, "section %% is invalid in %s", s == &section_root ? "root" : s->title);
	else
		text_string(&known, "invalid keyword \"%\"");
	lex_fault_at(&p->lx, word, "expected a keyword or a section of %s", s->title);
	lex_known_as(&p->lx, word, text_chars(&known));
	text_free(&known);
}

/* One statement, or the begin of one section inside: the first word is taken. */
static void
read_statement(struct parse *p, const struct section *s, const struct token *word)
{
	const struct section *inside = section_of(s, word->word);
	const struct setting *row = setting_of(&s->settings, word->word);
	const struct statement *own = statement_of(s, word->word);

	if (word->kind != TOKEN_WORD) {
		lex_fault_at(&p->lx, word, "expected a keyword of %s", s->title);
		return;
	}
	if (inside != NULL) {
		open_section(p, inside, word);
		return;
	}
	if (row != NULL) {
		read_setting(p, s, row);
	} else if (own != NULL) {
		own->read(p, word);
	} else if (s->other == NULL || !s->other(p, word)) {
		unknown_word(p, s, word);
		return;
	}
	end_statement(p);
}

/* The end of the innermost section: as much as is done at once. */
static void
close_section(struct parse *p, const struct section *s)
{
	struct lex *lx = &p->lx;
	const struct token brace = lx->now;

	if (lex_over(lx) && !p->env->end_closes && s != &section_root) {
		lex_fault(lx, "expected a } that closes %s", s->title);
		return;
	}
	if (lex_over(lx) && !p->ending && s != &section_root)
		parse_warn(
		    p, &brace, "expected a } that closes %s: the end of the file does", s->title);
	p->ending = s->close != NULL && s->close(p, &brace);
	if (p->ending)
		return;
	map_free(&p->closing.seen);
	p->closing = (struct closing){ 0 };
	p->depth--;
	(void)lex_next(lx);
}

/* A statement of the innermost section, or of its end. */
static void
read_next(struct parse *p)
{
	const struct section *s = p->open[p->depth - 1];
	struct lex *lx = &p->lx;

	if (lex_over(lx) || (s != &section_root && lex_is(lx, "}"))) {
		close_section(p, s);
	} else if (s->all != NULL) {
		s->all(p);
		end_statement(p);
	} else {
		struct token word = lex_next(lx);

		read_statement(p, s, &word);
	}
}

static const struct section *const root_sections[] = {
	&section_process,
	&section_template,
	&section_neighbor,
	NULL,
};

static bool
root_close(struct parse *p, const struct token *end)
{
	(void)end;
	apis_make(p);
	keys_check(p);
	return false;
}

const struct section section_root = {
	.title = "the file",
	.sections = root_sections,
	.close = root_close,
};

struct parse *
parse_new(struct slice text, const struct config_env *env, struct text *warnings)
{
	struct parse *p = mem_zero(1, sizeof(*p));

	p->env = env;
	p->warnings = warnings;
	p->config = mem_zero(1, sizeof(*p->config));
	p->open[p->depth++] = &section_root;
	lex_init(&p->lx, text, LEX_FILE);
	if (lex_over(&p->lx))
		lex_fault(&p->lx, "expected a section: the configuration says nothing");
	return p;
}

bool
parse_some(struct parse *p, size_t statements)
{
	for (; statements > 0 && p->depth > 0 && !lex_failed(&p->lx); statements--)
		read_next(p);
	return p->depth > 0 && !lex_failed(&p->lx);
}

struct config *
parse_take(struct parse *p, struct text *why)
{
	struct config *made = p->config;

	lex_explain(&p->lx, why);
	if (lex_failed(&p->lx))
		return NULL;
	p->config = NULL;
	return made;
}

bool
parse_free_some(struct parse *p)
{
	struct neighbor_draft *d = p->drafts;

	if (d != NULL) {
		struct neighbor_draft *next = d->next;

		if (!neighbor_draft_free_some(d))
			p->drafts = next;
		return true;
	}
	if (p->config != NULL) {
		if (!config_free_some(p->config))
			p->config = NULL;
		return true;
	}
	map_free(&p->closing.seen);
	map_free(&p->helpers);
	map_free(&p->templates);
	map_free(&p->neighbors);
	arena_free(&p->strings);
	lex_done(&p->lx);
	mem_free(p);
	return false;
}

struct config *
config_parse(
    struct slice text, const struct config_env *env, struct text *why, struct text *warnings)
{
	struct parse *p = parse_new(text, env, warnings);
	struct config *made;

	(void)parse_some(p, SIZE_MAX);
	made = parse_take(p, why);
	while (parse_free_some(p))
		;
	return made;
}

static void
peer_conf_done(struct peer_conf *c)
{
	mem_free(c->description);
	mem_free(c->host_name);
	mem_free(c->domain_name);
	mem_free(c->interface);
	mem_free(c->md5_password);
	mem_free(c->ao_password);
	mem_free(c->name);
	text_free(&c->operational);
	routes_free(&c->alone);
}

static bool
neighbor_conf_free_some(struct neighbor_conf *n)
{
	if (routes_free_some(&n->routes))
		return true;
	peer_conf_done(&n->peer);
	apis_free(n);
	mem_free(n);
	return false;
}

static void
helper_conf_free(struct helper_conf *h)
{
	for (size_t i = 0; h->argv[i] != NULL; i++)
		mem_free(h->argv[i]);
	mem_free(h->argv);
	mem_free(h->name);
	mem_free(h->program);
	mem_free(h->dialect);
	mem_free(h);
}

bool
config_free_some(struct config *c)
{
	if (c->neighbor_count > 0) {
		if (!neighbor_conf_free_some(c->neighbors[c->neighbor_count - 1]))
			c->neighbor_count--;
		return true;
	}
	for (size_t i = 0; i < c->helper_count; i++)
		helper_conf_free(c->helpers[i]);
	mem_free(c->neighbors);
	mem_free(c->helpers);
	mem_free(c);
	return false;
}

void
config_free(struct config *c)
{
	while (c != NULL && config_free_some(c))
		;
}
