/*
 * Figures in the text format of Prometheus, and in the one that came of it, OpenMetrics 1.0: there
 * a counter's family has the name without _total, families have units, and the text has an end.
 */
#include "figures.h"

#include "lang/utf8.h"

#define SOME 32 /* samples of a step */

/* How much of s stands for itself. */
static size_t
plain(struct slice s)
{
	size_t n = 0;

	while (n < s.len && s.at[n] >= ' ' && s.at[n] < 0x7f && s.at[n] != '"' && s.at[n] != '\\')
		n++;
	return n;
}

/* In a label's value a quote, a backslash and the end of a line are escaped; what is no UTF-8 has
 * no place in it. How much of s that was. */
static size_t
put_special(struct text *to, struct slice s)
{
	uint32_t point;
	size_t n = utf8_take(s, &point);

	if (n == 0)
		text_string(to, "\xef\xbf\xbd");
	else if (*s.at == '\n')
		text_string(to, "\\n");
	else if (*s.at == '"' || *s.at == '\\')
		text_format(to, "\\%c", *s.at);
	else
		text_slice(to, slice_of(s.at, n));
	return n == 0 ? 1 : n;
}

static void
put_label(struct text *to, const char *name, const char *value)
{
	struct slice rest = slice_on(value);

	text_string(to, name);
	text_string(to, "=\"");
	while (rest.len > 0) {
		size_t n = plain(rest);

		text_slice(to, slice_of(rest.at, n));
		rest = slice_after(rest, n);
		if (rest.len > 0)
			rest = slice_after(rest, put_special(to, rest));
	}
	text_char(to, '"');
}

/* {labels of the record, one more}: nothing if there is none. */
static void
put_labels(
    struct text *to, const struct sheet *s, const void *record, const char *more, const char *value)
{
	const char *mark = "{";

	for (size_t i = 0; i < s->label_count; i++, mark = ",") {
		text_string(to, mark);
		put_label(to, s->labels[i], figure_label(record, i));
	}
	if (more != NULL) {
		text_string(to, mark);
		put_label(to, more, value);
		mark = ",";
	}
	text_string(to, *mark == ',' ? "} " : " ");
}

/* Of a thousand neighbors there are 70,000 lines: no format is read for each. */
static void
put_number(struct text *to, uint64_t n, bool time)
{
	text_uint(to, time ? n / 1000000 : n);
	if (time)
		text_format(to, ".%06u", (unsigned)(n % 1000000));
	text_char(to, '\n');
}

/* The name of a metric; what stands behind it says which. */
static void
put_name(struct text *to, const struct sheet *s, const struct figure *row, const char *end)
{
	text_string(to, s->metric);
	text_char(to, '_');
	text_string(to, row->metric);
	text_string(to, end);
}

static bool
counts(const struct figure *row)
{
	return row->kind == FIGURE_COUNTER || row->kind == FIGURE_PARTS;
}

/* Of a sample. */
static const char *
ending_of(const struct figure *row)
{
	if (counts(row))
		return row->time ? "_seconds_total" : "_total";
	return row->time ? "_seconds" : "";
}

/* Of its family. */
static const char *
family_ending(const struct figure *row, bool open)
{
	return !open || !counts(row) ? ending_of(row) : row->time ? "_seconds" : "";
}

static void
put_about(struct text *to, const char *what, const struct sheet *s, const struct figure *row,
    bool open, const char *said)
{
	text_format(to, "# %s ", what);
	put_name(to, s, row, family_ending(row, open));
	text_format(to, " %s\n", said);
}

static bool
is_of_bytes(const struct figure *row)
{
	struct slice name = slice_on(row->metric);

	return name.len >= 5 && slice_is(slice_after(name, name.len - 5), "bytes");
}

static void
put_head(struct text *to, const struct sheet *s, const struct figure *row, bool open)
{
	static const char *const types[] = {
		[FIGURE_GAUGE] = "gauge",
		[FIGURE_COUNTER] = "counter",
		[FIGURE_PARTS] = "counter",
		[FIGURE_TIMES] = "summary",
	};

	put_about(to, "HELP", s, row, open, row->help);
	put_about(to, "TYPE", s, row, open, types[row->kind]);
	if (open && (row->time || is_of_bytes(row)))
		put_about(to, "UNIT", s, row, open, row->time ? "seconds" : "bytes");
}

static void
put_summary(
    struct text *to, const struct sheet *s, const void *record, const struct figure *row, bool open)
{
	const struct metric_times *t = figure_slot(record, row);
	const struct {
		const char *word;
		uint64_t value;
	} ranks[] = { { "0.5", t->p50 }, { "0.99", t->p99 }, { open ? "1.0" : "1", t->most } };

	if (!t->known)
		return;
	for (size_t i = 0; i < sizeof(ranks) / sizeof(ranks[0]); i++) {
		put_name(to, s, row, "_seconds");
		put_labels(to, s, record, "quantile", ranks[i].word);
		put_number(to, ranks[i].value, true);
	}
	put_name(to, s, row, "_seconds_sum");
	put_labels(to, s, record, NULL, NULL);
	put_number(to, t->sum, true);
	put_name(to, s, row, "_seconds_count");
	put_labels(to, s, record, NULL, NULL);
	put_number(to, t->count, false);
}

static void
put_samples(
    struct text *to, const struct sheet *s, const void *record, const struct figure *row, bool open)
{
	const struct metric_parts *parts;

	switch (row->kind) {
	case FIGURE_GAUGE:
	case FIGURE_COUNTER:
		if (figure_number(record, row) == METRIC_UNKNOWN)
			break;
		put_name(to, s, row, ending_of(row));
		put_labels(to, s, record, NULL, NULL);
		put_number(to, figure_number(record, row), row->time);
		break;
	case FIGURE_PARTS:
		parts = figure_slot(record, row);
		for (size_t i = 0; i < parts->count; i++) {
			put_name(to, s, row, ending_of(row));
			put_labels(to, s, record, "why", parts->at[i].why);
			put_number(to, parts->at[i].times, row->time);
		}
		break;
	case FIGURE_TIMES: put_summary(to, s, record, row, open); break;
	case FIGURE_WORD: break;
	}
}

/* All samples of a metric stand together. */
bool
prometheus_some(struct metrics_walk *w)
{
	const struct sheet *s = sheet_of(w->kind);
	const struct metric_page *page = &w->of->pages[w->kind];
	bool open = w->form == METRICS_OPENMETRICS;
	const struct figure *row;
	size_t end;

	while (w->row < s->row_count && s->rows[w->row].kind == FIGURE_WORD)
		w->row++;
	if (w->row == s->row_count || page->count == 0)
		return true;
	row = &s->rows[w->row];
	if (w->record == 0)
		put_head(w->to, s, row, open);
	end = page->count - w->record < SOME ? page->count : w->record + SOME;
	for (; w->record < end; w->record++)
		put_samples(w->to, s, sheet_record(s, page->records, w->record), row, open);
	if (w->record == page->count) {
		w->record = 0;
		w->row++;
	}
	return false;
}
