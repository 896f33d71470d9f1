/* Figures as text and JSON: each form is one walk over their rows. */
#include "figures.h"

#include "base/must.h"
#include "lang/emit.h"

#include <stdio.h>
#include <string.h>

#define WORD_MAX 32
#define SOME     8 /* records of a step */

/* A name that is not known before: the room holds it. */
struct naming {
	char json[WORD_MAX + 4];
	char words[WORD_MAX + 1];
	struct spell spell;
};

static const struct spell *
name_on(struct naming *n, const char *word)
{
	MUST(strlen(word) < WORD_MAX);
	(void)snprintf(n->json, sizeof(n->json), "\"%s\": ", word);
	(void)snprintf(n->words, sizeof(n->words), "%s ", word);
	n->spell.as[SPELL_JSON] = slice_on(n->json);
	n->spell.as[SPELL_TEXT] = n->spell.as[SPELL_WORDS] = slice_on(n->words);
	return &n->spell;
}

static void
say_times(struct emit *e, const char *word, const struct metric_times *t)
{
	const struct {
		const char *end;
		uint64_t value;
	} values[] = { { "mean", t->mean }, { "p50", t->p50 }, { "p99", t->p99 },
		{ "max", t->most } };
	char name[WORD_MAX];
	struct naming n;

	for (size_t i = 0; t->known && i < sizeof(values) / sizeof(values[0]); i++) {
		(void)snprintf(name, sizeof(name), "%s-%s-us", word, values[i].end);
		emit_uint(e, name_on(&n, name), values[i].value);
	}
}

static void
say_parts(struct emit *e, const char *word, const struct metric_parts *parts)
{
	struct naming n;

	if (parts->count == 0)
		return;
	emit_open(e, name_on(&n, word), &MARKS_OBJECT_TIGHT);
	for (size_t i = 0; i < parts->count; i++)
		emit_uint(e, name_on(&n, parts->at[i].why), parts->at[i].times);
	emit_close(e);
}

static void
say_figure(struct emit *e, const void *record, const struct figure *row)
{
	struct naming n;

	switch (row->kind) {
	case FIGURE_GAUGE:
	case FIGURE_COUNTER:
		if (figure_number(record, row) != METRIC_UNKNOWN)
			emit_uint(e, name_on(&n, row->word), figure_number(record, row));
		break;
	case FIGURE_PARTS: say_parts(e, row->word, figure_slot(record, row)); break;
	case FIGURE_TIMES: say_times(e, row->word, figure_slot(record, row)); break;
	case FIGURE_WORD:
		emit_str(e, name_on(&n, row->word),
		    slice_on(*(const char *const *)figure_slot(record, row)));
		break;
	}
}

static void
say_record(struct emit *e, const struct sheet *s, const void *record)
{
	struct naming n;

	for (size_t i = 0; i < s->label_count; i++)
		emit_str(e, name_on(&n, s->labels[i]), slice_on(figure_label(record, i)));
	for (size_t i = 0; i < s->row_count; i++)
		say_figure(e, record, &s->rows[i]);
}

static void
say_line(struct metrics_walk *w, const struct sheet *s, const void *record)
{
	struct emit e = emit_on(w->to, SPELL_WORDS, 0);

	text_format(w->to, "%s ", s->word);
	say_record(&e, s, record);
	text_char(w->to, '\n');
}

static void
say_object(struct metrics_walk *w, const struct sheet *s, const void *record)
{
	if (!s->single)
		emit_open(&w->emit, &BARE, &MARKS_OBJECT_TIGHT);
	say_record(&w->emit, s, record);
	if (!s->single)
		emit_close(&w->emit);
}

/* Records of the page at hand. True: it is at its end. */
static bool
records_some(struct metrics_walk *w)
{
	const struct sheet *s = sheet_of(w->kind);
	const struct metric_page *page = &w->of->pages[w->kind];
	bool json = w->form == METRICS_JSON;
	struct naming n;

	if (json && w->record == 0)
		emit_open(&w->emit, w->several ? name_on(&n, s->words) : &BARE,
		    s->single ? &MARKS_OBJECT_TIGHT : &MARKS_LIST_TIGHT);
	for (size_t i = 0; i < SOME && w->record < page->count; i++, w->record++)
		(json ? say_object : say_line)(w, s, sheet_record(s, page->records, w->record));
	if (w->record < page->count)
		return false;
	if (json)
		emit_close(&w->emit);
	return true;
}

void
metrics_begin(
    struct metrics_walk *w, const struct metrics *m, enum metrics_form form, struct text *to)
{
	unsigned asked = 0;

	*w = (struct metrics_walk){ .of = m, .form = form, .to = to };
	for (enum metric_kind kind = 0; kind < METRIC_KINDS; kind++)
		asked += m->pages[kind].asked;
	w->several = asked > 1;
	w->emit = emit_on(to, SPELL_JSON, 0);
	if (form == METRICS_JSON && w->several)
		emit_open(&w->emit, &BARE, &MARKS_OBJECT_TIGHT);
}

static void
end(struct metrics_walk *w)
{
	if (w->form == METRICS_OPENMETRICS)
		text_string(w->to, "# EOF\n");
	if (w->form != METRICS_JSON)
		return;
	if (w->several)
		emit_close(&w->emit);
	text_char(w->to, '\n');
}

bool
metrics_some(struct metrics_walk *w)
{
	bool metrics = w->form == METRICS_PROMETHEUS || w->form == METRICS_OPENMETRICS;

	while (w->kind < METRIC_KINDS && !w->of->pages[w->kind].asked)
		w->kind++;
	if (w->kind == METRIC_KINDS) {
		end(w);
		return false;
	}
	if (metrics ? prometheus_some(w) : records_some(w)) {
		w->kind++;
		w->row = w->record = 0;
	}
	return true;
}

void
metrics_say(const struct metrics *m, enum metrics_form form, struct text *to)
{
	struct metrics_walk w;

	metrics_begin(&w, m, form, to);
	while (metrics_some(&w))
		;
}
