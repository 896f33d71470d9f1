/* Figures: rows say what they are and where they stand, and each form is one walk over them. */
#include "api/metrics.h"

#include "base/must.h"
#include "lang/emit.h"

#include <stdio.h>
#include <string.h>

#define WORD_MAX 32

enum figure_kind {
	FIGURE_GAUGE,   /* uint64_t */
	FIGURE_COUNTER, /* uint64_t */
	FIGURE_PARTS,   /* struct metric_parts: counters by reason */
	FIGURE_TIMES,   /* const struct histogram * */
	FIGURE_WORD,    /* const char *: no metric */
};

struct figure {
	const char *word;   /* in text and JSON; of times without the unit */
	const char *metric; /* without the beginning, the unit and "_total" */
	enum figure_kind kind;
	bool time; /* microseconds */
	size_t offset;
	const char *help;
};

struct sheet {              /* records of one kind */
	const char *word;   /* in front of a line */
	const char *metric; /* "peerpipe_queue" */
	const struct figure *rows;
	size_t row_count;
	size_t size; /* of a record, which begins with a const char * for each label */
	const char *labels[2];
	size_t label_count;
};

#define QUEUE(member) offsetof(struct metric_queue, member)
#define PEER(member)  offsetof(struct metric_peer, member)
#define LOOP(member)  offsetof(struct metric_loop, member)
#define FD(member)     offsetof(struct metric_fd, member)
#define BUFFER(member) offsetof(struct metric_buffer, member)
#define WAY(member)    offsetof(struct metric_way, member)

static const struct figure queue_rows[] = {
	{ "depth", "depth", FIGURE_GAUGE, false, QUEUE(depth), "Items that wait." },
	{ "bytes", "bytes", FIGURE_GAUGE, false, QUEUE(bytes), "Bytes that wait." },
	{ "limit", "limit", FIGURE_GAUGE, false, QUEUE(limit), "Items that may wait." },
	{ "limit-bytes", "limit_bytes", FIGURE_GAUGE, false, QUEUE(limit_bytes),
	    "Bytes that may wait." },
	{ "high-water", "high_water", FIGURE_GAUGE, false, QUEUE(most), "Most items that waited." },
	{ "high-water-bytes", "high_water_bytes", FIGURE_GAUGE, false, QUEUE(most_bytes),
	    "Most bytes that waited." },
	{ "offered", "offered", FIGURE_COUNTER, false, QUEUE(offered), "Items that came." },
	{ "taken", "taken", FIGURE_COUNTER, false, QUEUE(taken), "Items that went on." },
	{ "dropped", "dropped", FIGURE_PARTS, false, QUEUE(dropped), "Items that were lost." },
	{ "batches", "batches", FIGURE_PARTS, false, QUEUE(batches), "Batches that went on." },
	{ "empty-ticks", "empty_ticks", FIGURE_COUNTER, false, QUEUE(empty_ticks),
	    "Periods that brought nothing." },
	{ "shut", "shut", FIGURE_GAUGE, false, QUEUE(shut), "Whether who fills it is stopped." },
	{ "shuts", "shuts", FIGURE_COUNTER, false, QUEUE(shuts), "Times that it was stopped." },
	{ "blocked-us", "blocked", FIGURE_COUNTER, true, QUEUE(blocked),
	    "How long who fills it was stopped." },
	{ "wait", "wait", FIGURE_TIMES, true, QUEUE(waits), "How long items waited." },
};

static const struct figure peer_rows[] = {
	{ "up", "up", FIGURE_GAUGE, false, PEER(up), "Whether the session is established." },
	{ "connects", "connects", FIGURE_COUNTER, false, PEER(connects), "Connections made." },
	{ "downs", "downs", FIGURE_COUNTER, false, PEER(downs), "Sessions that ended." },
	{ "received", "received", FIGURE_PARTS, false, PEER(received), "Messages received." },
	{ "sent", "sent", FIGURE_PARTS, false, PEER(sent), "Messages sent." },
	{ "announced", "announced", FIGURE_COUNTER, false, PEER(announced_in),
	    "Prefixes that it announced." },
	{ "withdrawn", "withdrawn", FIGURE_COUNTER, false, PEER(withdrawn_in),
	    "Prefixes that it withdrew." },
	{ "routes-in", "routes_in", FIGURE_GAUGE, false, PEER(routes_in),
	    "Routes kept of what it said." },
	{ "routes-out", "routes_out", FIGURE_GAUGE, false, PEER(routes_out),
	    "Routes kept for it." },
	{ "unsayable", "unsayable", FIGURE_COUNTER, false, PEER(unsayable),
	    "Routes that no message of the session can say." },
};

static const struct figure loop_rows[] = {
	{ "rounds", "rounds", FIGURE_COUNTER, false, LOOP(rounds), "Rounds." },
	{ "wakeups", "wakeups", FIGURE_COUNTER, false, LOOP(wakeups), "Rounds that slept." },
	{ "ready", "ready", FIGURE_COUNTER, false, LOOP(ready), "Descriptors served." },
	{ "timers", "timers", FIGURE_COUNTER, false, LOOP(timers), "Timers that went off." },
	{ "leftovers", "leftovers", FIGURE_COUNTER, false, LOOP(leftovers),
	    "Turns of what had more to do than one allowed." },
	{ "flushes", "flushes", FIGURE_COUNTER, false, LOOP(flushes),
	    "Calls at the end of a round." },
	{ "slow", "slow", FIGURE_COUNTER, false, LOOP(slow), "Callbacks over 50 ms." },
	{ "slowest-us", "slowest", FIGURE_GAUGE, true, LOOP(slowest), "The longest callback." },
	{ "slowest-name", NULL, FIGURE_WORD, false, LOOP(slowest_name), NULL },
	{ "lag", "lag", FIGURE_TIMES, true, LOOP(lag), "How long rounds took." },
};

static const struct figure fd_rows[] = {
	{ "fd", "fd", FIGURE_GAUGE, false, FD(fd), "Its number." },
	{ "reads", "reads", FIGURE_GAUGE, false, FD(reads), "Whether it is watched for input." },
	{ "writes", "writes", FIGURE_GAUGE, false, FD(writes), "Whether it is watched for room." },
};

static const struct figure buffer_rows[] = {
	{ "fd", "fd", FIGURE_GAUGE, false, BUFFER(fd), "The descriptor that is read." },
	{ "held", "held", FIGURE_GAUGE, false, BUFFER(held), "Whether it is not read." },
	{ "unread", "unread", FIGURE_GAUGE, false, BUFFER(unread), "Bytes not read yet." },
	{ "have", "have", FIGURE_GAUGE, false, BUFFER(have), "Bytes read and not used yet." },
	{ "need", "need", FIGURE_GAUGE, false, BUFFER(need), "Bytes missing at least." },
	{ "place", NULL, FIGURE_WORD, false, BUFFER(place), NULL },
	{ "blobs", "blobs", FIGURE_GAUGE, false, BUFFER(blobs), "Pieces to be written." },
	{ "bytes", "bytes", FIGURE_GAUGE, false, BUFFER(bytes), "Bytes to be written." },
	{ "unsent", "unsent", FIGURE_GAUGE, false, BUFFER(unsent), "Bytes not acknowledged." },
	{ "bytes-in", "in_bytes", FIGURE_COUNTER, false, BUFFER(bytes_in), "Bytes read." },
	{ "bytes-out", "out_bytes", FIGURE_COUNTER, false, BUFFER(bytes_out), "Bytes written." },
};

static const struct figure way_rows[] = {
	{ "length", "length", FIGURE_GAUGE, false, WAY(length), "Bytes of the message." },
	{ "framed-us", "framed", FIGURE_GAUGE, true, WAY(framed), "When it was whole." },
	{ "taken-us", "taken", FIGURE_GAUGE, true, WAY(taken), "When it left the intake." },
	{ "decoded-us", "decoded", FIGURE_GAUGE, true, WAY(decoded), "When it was decoded." },
	{ "told-us", "told", FIGURE_GAUGE, true, WAY(told), "When helpers' channels had it." },
	{ "applied-us", "applied", FIGURE_GAUGE, true, WAY(applied), "When adj-rib-in had it." },
	{ "flushed-us", "flushed", FIGURE_GAUGE, true, WAY(flushed),
	    "When what it led to was written." },
};

#define ROWS(of) .rows = of, .row_count = sizeof(of) / sizeof((of)[0])

static const struct sheet queue_sheet = {
	.word = "queue",
	.metric = "peerpipe_queue",
	ROWS(queue_rows),
	.size = sizeof(struct metric_queue),
	.labels = { "stage", "of" },
	.label_count = 2,
};

static const struct sheet peer_sheet = {
	.word = "peer",
	.metric = "peerpipe_peer",
	ROWS(peer_rows),
	.size = sizeof(struct metric_peer),
	.labels = { "of" },
	.label_count = 1,
};

static const struct sheet loop_sheet = {
	.word = "loop",
	.metric = "peerpipe_loop",
	ROWS(loop_rows),
	.size = sizeof(struct metric_loop),
};

static const struct sheet fd_sheet = {
	.word = "fd",
	.metric = "peerpipe_fd",
	ROWS(fd_rows),
	.size = sizeof(struct metric_fd),
	.labels = { "of" },
	.label_count = 1,
};

static const struct sheet buffer_sheet = {
	.word = "buffer",
	.metric = "peerpipe_buffer",
	ROWS(buffer_rows),
	.size = sizeof(struct metric_buffer),
	.labels = { "stage", "of" },
	.label_count = 2,
};

static const struct sheet way_sheet = {
	.word = "way",
	.metric = "peerpipe_way",
	ROWS(way_rows),
	.size = sizeof(struct metric_way),
	.labels = { "of" },
	.label_count = 1,
};

void
metric_part(struct metric_parts *to, const char *why, uint64_t times)
{
	MUST(to->count < METRIC_PARTS);
	to->at[to->count].why = why;
	to->at[to->count++].times = times;
}

/* --- what stands in a record --- */

static const char *
label_of(const void *record, size_t i)
{
	return ((const char *const *)record)[i];
}

static const void *
slot_of(const void *record, const struct figure *row)
{
	return (const char *)record + row->offset;
}

static uint64_t
number_of(const void *record, const struct figure *row)
{
	return *(const uint64_t *)slot_of(record, row);
}

static const struct histogram *
times_of(const void *record, const struct figure *row)
{
	return *(const struct histogram *const *)slot_of(record, row);
}

/* --- text and JSON --- */

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
		if (number_of(record, row) != METRIC_UNKNOWN)
			emit_uint(e, name_on(&n, row->word), number_of(record, row));
		break;
	case FIGURE_PARTS: say_parts(e, row->word, slot_of(record, row)); break;
	case FIGURE_TIMES:
		if (times_of(record, row) != NULL)
			say_times(e, row->word, times_of(record, row));
		break;
	case FIGURE_WORD:
		emit_str(e, name_on(&n, row->word),
		    slice_on(*(const char *const *)slot_of(record, row)));
		break;
	}
}

static void
say_record(struct emit *e, const struct sheet *s, const void *record)
{
	struct naming n;

	for (size_t i = 0; i < s->label_count; i++)
		emit_str(e, name_on(&n, s->labels[i]), slice_on(label_of(record, i)));
	for (size_t i = 0; i < s->row_count; i++)
		say_figure(e, record, &s->rows[i]);
}

static const void *
record_at(const struct sheet *s, const void *records, size_t i)
{
	return (const char *)records + i * s->size;
}

static void
sheet_text(const struct sheet *s, const void *records, size_t count, struct text *to)
{
	for (size_t i = 0; i < count; i++) {
		struct emit e = emit_on(to, SPELL_WORDS, 0);

		text_format(to, "%s ", s->word);
		say_record(&e, s, record_at(s, records, i));
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
		say_record(e, s, record_at(s, records, i));
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

/* --- metrics --- */

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
		put_label(to, s->labels[i], label_of(record, i));
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
	const struct histogram *h = times_of(record, row);

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
		if (number_of(record, row) == METRIC_UNKNOWN)
			break;
		put_name(to, s, row, ending_of(row));
		put_labels(to, s, record, NULL, NULL);
		put_number(to, number_of(record, row), row->time);
		break;
	case FIGURE_PARTS:
		parts = slot_of(record, row);
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
			put_samples(to, s, record_at(s, records, k), row);
	}
}

void
metrics_prometheus(const struct metrics *m, struct text *to)
{
	sheet_prometheus(&loop_sheet, m->loop, m->loop != NULL, to);
	sheet_prometheus(&queue_sheet, m->queues, m->queue_count, to);
	sheet_prometheus(&peer_sheet, m->peers, m->peer_count, to);
}
