/* Figures in the text format of Prometheus. */
#include "figures.h"

/* In a label's value a quote, a backslash and the end of a line are escaped. */
static void
put_label(struct text *to, const char *name, const char *value)
{
	text_format(to, "%s=\"", name);
	for (; *value != '\0'; value++) {
		if (*value == '\n')
			text_string(to, "\\n");
		else if (*value == '"' || *value == '\\')
			text_format(to, "\\%c", *value);
		else
			text_char(to, *value);
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

static void
put_number(struct text *to, uint64_t n, bool time)
{
	if (time)
		text_format(to, "%llu.%06llu\n", (unsigned long long)(n / 1000000),
		    (unsigned long long)(n % 1000000));
	else
		text_format(to, "%llu\n", (unsigned long long)n);
}

/* The name of a metric; what stands behind it says which. */
static void
put_name(struct text *to, const struct sheet *s, const struct figure *row, const char *end)
{
	text_format(to, "%s_%s%s", s->metric, row->metric, end);
}

static const char *
ending_of(const struct figure *row)
{
	if (row->kind == FIGURE_COUNTER || row->kind == FIGURE_PARTS)
		return row->time ? "_seconds_total" : "_total";
	return row->time ? "_seconds" : "";
}

static void
put_head(struct text *to, const struct sheet *s, const struct figure *row, const char *end,
    const char *type, const char *help)
{
	text_string(to, "# HELP ");
	put_name(to, s, row, end);
	text_format(to, " %s\n# TYPE ", help);
	put_name(to, s, row, end);
	text_format(to, " %s\n", type);
}

static void
put_summary(struct text *to, const struct sheet *s, const void *record, const struct figure *row)
{
	static const struct {
		const char *word;
		unsigned permille;
	} ranks[] = { { "0.5", 500 }, { "0.99", 990 }, { "1", 1000 } };
	const struct histogram *h = figure_times(record, row);

	if (h == NULL)
		return;
	for (size_t i = 0; i < sizeof(ranks) / sizeof(ranks[0]); i++) {
		put_name(to, s, row, "_seconds");
		put_labels(to, s, record, "quantile", ranks[i].word);
		put_number(to, histogram_at(h, ranks[i].permille), true);
	}
	put_name(to, s, row, "_seconds_sum");
	put_labels(to, s, record, NULL, NULL);
	put_number(to, h->sum, true);
	put_name(to, s, row, "_seconds_count");
	put_labels(to, s, record, NULL, NULL);
	put_number(to, h->count, false);
}

static void
put_samples(struct text *to, const struct sheet *s, const void *record, const struct figure *row)
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
	case FIGURE_TIMES: put_summary(to, s, record, row); break;
	case FIGURE_WORD: break;
	}
}

/* All samples of a metric stand together. */
static void
sheet_prometheus(const struct sheet *s, const void *records, size_t count, struct text *to)
{
	static const char *const types[] = {
		[FIGURE_GAUGE] = "gauge",
		[FIGURE_COUNTER] = "counter",
		[FIGURE_PARTS] = "counter",
		[FIGURE_TIMES] = "summary",
	};

	for (size_t i = 0; count != 0 && i < s->row_count; i++) {
		const struct figure *row = &s->rows[i];

		if (row->kind == FIGURE_WORD)
			continue;
		put_head(to, s, row, ending_of(row), types[row->kind], row->help);
		for (size_t k = 0; k < count; k++)
			put_samples(to, s, sheet_record(s, records, k), row);
	}
}

void
metrics_prometheus(const struct metrics *m, struct text *to)
{
	sheet_prometheus(&loop_sheet, m->loop, m->loop != NULL, to);
	sheet_prometheus(&queue_sheet, m->queues, m->queue_count, to);
	sheet_prometheus(&peer_sheet, m->peers, m->peer_count, to);
}
