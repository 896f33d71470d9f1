/* Figures as text and JSON: each form is one walk over their rows. */
#include "figures.h"

#include "base/must.h"
#include "lang/emit.h"

#include <stdio.h>
#include <string.h>

#define WORD_MAX 32

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
say_times(struct emit *e, const char *word, const struct histogram *h)
{
	static const char *const ends[] = { "mean", "p50", "p99", "max" };
	uint64_t values[] = { histogram_mean(h), histogram_at(h, 500), histogram_at(h, 990),
		h->most };
	char name[WORD_MAX];
	struct naming n;

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		(void)snprintf(name, sizeof(name), "%s-%s-us", word, ends[i]);
		emit_uint(e, name_on(&n, name), values[i]);
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
	case FIGURE_TIMES:
		if (figure_times(record, row) != NULL)
			say_times(e, row->word, figure_times(record, row));
		break;
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
sheet_text(const struct sheet *s, const void *records, size_t count, struct text *to)
{
	for (size_t i = 0; i < count; i++) {
		struct emit e = emit_on(to, SPELL_WORDS, 0);

		text_format(to, "%s ", s->word);
		say_record(&e, s, sheet_record(s, records, i));
		text_char(to, '\n');
	}
}

static void
sheet_list(struct emit *e, const struct spell *name, const struct sheet *s, const void *records,
    size_t count)
{
	emit_open(e, name, &MARKS_LIST_TIGHT);
	for (size_t i = 0; i < count; i++) {
		emit_open(e, &BARE, &MARKS_OBJECT_TIGHT);
		say_record(e, s, sheet_record(s, records, i));
		emit_close(e);
	}
	emit_close(e);
}

static void
loop_object(struct emit *e, const struct spell *name, const struct metric_loop *loop)
{
	emit_open(e, name, &MARKS_OBJECT_TIGHT);
	say_record(e, &loop_sheet, loop);
	emit_close(e);
}

void
metrics_text(const struct metrics *m, struct text *to)
{
	if (m->loop != NULL)
		sheet_text(&loop_sheet, m->loop, 1, to);
	sheet_text(&queue_sheet, m->queues, m->queue_count, to);
	sheet_text(&peer_sheet, m->peers, m->peer_count, to);
	sheet_text(&fd_sheet, m->fds, m->fd_count, to);
	sheet_text(&buffer_sheet, m->buffers, m->buffer_count, to);
	sheet_text(&way_sheet, m->ways, m->way_count, to);
}

void
metrics_json(const struct metrics *m, struct text *to)
{
	struct emit e = emit_on(to, SPELL_JSON, 0);

	emit_open(&e, &BARE, &MARKS_OBJECT_TIGHT);
	if (m->loop != NULL)
		loop_object(&e, &FIELD("loop"), m->loop);
	sheet_list(&e, &FIELD("queues"), &queue_sheet, m->queues, m->queue_count);
	sheet_list(&e, &FIELD("peers"), &peer_sheet, m->peers, m->peer_count);
	emit_close(&e);
	text_char(to, '\n');
}

static void
list_json(const struct sheet *s, const void *records, size_t count, struct text *to)
{
	struct emit e = emit_on(to, SPELL_JSON, 0);

	sheet_list(&e, &BARE, s, records, count);
	text_char(to, '\n');
}

void
metrics_queues_json(const struct metrics *m, struct text *to)
{
	list_json(&queue_sheet, m->queues, m->queue_count, to);
}

void
metrics_fds_json(const struct metrics *m, struct text *to)
{
	list_json(&fd_sheet, m->fds, m->fd_count, to);
}

void
metrics_ways_json(const struct metrics *m, struct text *to)
{
	list_json(&way_sheet, m->ways, m->way_count, to);
}

void
metrics_buffers_json(const struct metrics *m, struct text *to)
{
	list_json(&buffer_sheet, m->buffers, m->buffer_count, to);
}

void
metrics_loop_json(const struct metrics *m, struct text *to)
{
	struct emit e = emit_on(to, SPELL_JSON, 0);

	loop_object(&e, &BARE, m->loop);
	text_char(to, '\n');
}
