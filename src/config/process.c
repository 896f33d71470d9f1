/* process NAME { ... }: a helper program. */
#include "parse.h"

#include "api/dialect.h"
#include "base/mem.h"

#define RESERVED "api-internal-cli-"

static const struct choice encoders[] = {
	{ "text", HELPER_TEXT },
	{ "json", HELPER_JSON },
	{ NULL, 0 },
};

static const struct choice overflows[] = {
	{ "block", HELPER_BLOCK },
	{ "drop-newest", HELPER_DROP_NEWEST },
	{ "drop-new", HELPER_DROP_NEWEST },
	{ "drop-oldest", HELPER_DROP_OLDEST },
	{ "error", HELPER_ERROR },
	{ NULL, 0 },
};

static const struct choice protocols[] = {
	{ "line", HELPER_LINES },
	{ "framed", HELPER_FRAMES },
	{ NULL, 0 },
};

static const struct choice reasons[] = {
	{ "by-dialect", HELPER_REASONS_BY_DIALECT },
	{ "false", HELPER_REASONS_NEVER },
	{ "true", HELPER_REASONS_ALWAYS },
	{ NULL, 0 },
};

static const struct choice stall_actions[] = {
	{ "degrade", false },
	{ "kill", true },
	{ NULL, 0 },
};

#define SPAN(name, member, least, most, first, text)                                               \
	{                                                                                          \
		.word = name, .slot = SLOT_SPAN, .offset = offsetof(struct helper_draft, member),  \
		.min = least, .max = most, .initial = first,                                       \
		.expects = "a time like 2s or 500ms, an hour at most", .help = text                \
	}

static const struct setting rows[] = {
	{ .word = "encoder",
	    .slot = SLOT_CHOICE,
	    .offset = offsetof(struct helper_draft, encoder),
	    .choices = encoders,
	    .initial = "text",
	    .expects = "text or json",
	    .help = "how events are written to the program" },
	{ .word = "respawn",
	    .slot = SLOT_RATE,
	    .offset = offsetof(struct helper_draft, respawn),
	    .min = 1,
	    .max = 3600000,
	    .initial = "true",
	    .bare = "true",
	    .expects = "true, false or starts in a time like 5/60s",
	    .help = "start the program again when it ends; N/TIME: so often at once, others wait" },
	{ .word = "ack",
	    .slot = SLOT_BOOL,
	    .offset = offsetof(struct helper_draft, ack),
	    .initial = "true",
	    .bare = "true",
	    .expects = "true or false",
	    .help = "answer its commands with done or error" },
	{ .word = "explain",
	    .slot = SLOT_CHOICE,
	    .offset = offsetof(struct helper_draft, reasons),
	    .choices = reasons,
	    .initial = "by-dialect",
	    .bare = "true",
	    .expects = "true, false or by-dialect",
	    .help = "a line with the reason in front of error; by-dialect: in 6.0 and 6.0-v4. "
		    "With frames always" },
	{ .word = "overflow",
	    .slot = SLOT_CHOICE,
	    .offset = offsetof(struct helper_draft, overflow),
	    .choices = overflows,
	    .initial = "block",
	    .expects = "block, drop-newest, drop-oldest or error",
	    .help = "what becomes of events when the program does not read: neighbors that feed it "
		    "are not read, events are lost and told as lost, or it is started again after "
		    "ten in a row" },
	{ .word = "queue",
	    .slot = SLOT_INT,
	    .offset = offsetof(struct helper_draft, queue),
	    .min = 0,
	    .max = 100000000,
	    .initial = "0",
	    .expects = "a number of events up to 100000000",
	    .help = "events that wait for the program before it counts as full; 0: only their "
		    "bytes count" },
	{ .word = "queue-bytes",
	    .slot = SLOT_INT,
	    .offset = offsetof(struct helper_draft, queue_bytes),
	    .min = 1024,
	    .max = 1 << 30,
	    .initial = "8388608",
	    .expects = "a number of bytes from 1024 to 1073741824",
	    .help = "the same in bytes" },
	{ .word = "queue-low",
	    .slot = SLOT_INT,
	    .offset = offsetof(struct helper_draft, queue_low),
	    .min = 1,
	    .max = 99,
	    .initial = "50",
	    .expects = "a percentage from 1 to 99",
	    .help = "down to that per cent of both, a full one is open again" },
	{ .word = "stall-limit",
	    .slot = SLOT_INT,
	    .offset = offsetof(struct helper_draft, stall_limit),
	    .min = 0,
	    .max = 86400,
	    .initial = "60",
	    .expects = "a number of seconds up to 86400",
	    .help = "seconds without reading anything after which a full program has stalled; 0: "
		    "never" },
	{ .word = "stall-action",
	    .slot = SLOT_CHOICE,
	    .offset = offsetof(struct helper_draft, stall_action),
	    .choices = stall_actions,
	    .initial = "degrade",
	    .expects = "degrade or kill",
	    .help = "what becomes of a stalled one: its oldest events are lost until it reads, or "
		    "it is started again" },
	SPAN("block-timeout", block_timeout, 0, 3600000, "0s",
	    "how long its neighbors are held for a full program that has overflow block, before "
	    "its newest events are lost instead; 0: as long as it is full. 2s with frames"),
	{ .word = "protocol",
	    .slot = SLOT_CHOICE,
	    .offset = offsetof(struct helper_draft, protocol),
	    .choices = protocols,
	    .initial = "line",
	    .expects = "line or framed",
	    .help = "what it speaks: lines on stdin and stdout, or the frames of HF/1 on the "
		    "descriptors 3 and 4 (see docs/api.md). With frames a stall-limit that is not "
		    "set is 10, and a stall-action kill" },
	{ .word = "raw-lane",
	    .slot = SLOT_BOOL,
	    .offset = offsetof(struct helper_draft, raw),
	    .initial = "false",
	    .bare = "true",
	    .expects = "true or false",
	    .help = "with frames: messages as bytes on the descriptors 5 and 6, for one that asks "
		    "for them" },
	SPAN("ready-timeout", ready_timeout, 1, 3600000, "10s",
	    "with frames: until it has to have said ready"),
	SPAN("heartbeat", heartbeat, 0, 3600000, "5s",
	    "with frames: without any for three times as long it is stuck, and started again; 0: "
	    "never. What its ready says goes before this"),
	SPAN("drain-timeout", drain_timeout, 1, 3600000, "5s",
	    "with frames: what it has not read of an answer by then ends in an error"),
	SPAN("grace", grace, 1, 3600000, "500ms", "with frames: between cancel and interrupt"),
	{ .word = "max-frame",
	    .slot = SLOT_INT,
	    .offset = offsetof(struct helper_draft, frame_max),
	    .min = 1024,
	    .max = 10485760,
	    .initial = "1048576",
	    .expects = "a number of bytes from 1024 to 10485760",
	    .help = "with frames: the longest that it may send" },
};

static const struct settings settings = SETTINGS(rows);

static struct slots
process_slots(struct parse *p)
{
	return (struct slots){ &p->helper, &p->helper.given };
}

static void
process_open(struct parse *p, const struct token *word)
{
	struct token name = p->lx.now;

	(void)word;
	(void)lex_word(&p->lx, "the name of the process");
	if (lex_failed(&p->lx))
		return;
	if (slice_begins(name.word, RESERVED))
		lex_fault_at(&p->lx, &name, "expected a name that does not begin with " RESERVED);
	else if (name.word.len == 0 || memchr(name.word.at, 0, name.word.len) != NULL)
		lex_fault_at(&p->lx, &name, "expected the name of the process");
	else if (map_get(&p->helpers, name.word) != NULL)
		lex_fault_at(
		    &p->lx, &name, "expected another name: a process has this one already");
	lex_known_as(&p->lx, &name, "a process section called \"%\" already exists");
	p->helper = (struct helper_draft){ .where = name };
	settings_init(&settings, &p->strings, &p->helper);
	p->helper.ack = !p->env->no_acks;
	if (p->env->json)
		p->helper.encoder = HELPER_JSON;
}

static void
run_read(struct parse *p, const struct token *word)
{
	(void)word;
	p->helper.run = (struct names){ 0 };
	while (!lex_ends(&p->lx)) {
		struct token t = lex_next(&p->lx);

		if (t.word.len != 0 && memchr(t.word.at, 0, t.word.len) != NULL)
			lex_fault_at(&p->lx, &t, "expected an argument without a zero byte");
		name_add(p, &p->helper.run, &t);
	}
	if (p->helper.run.first == NULL)
		lex_fault(&p->lx, "expected a program for run");
}

static void
dialect_read(struct parse *p, const struct token *word)
{
	struct token name = p->lx.now;

	(void)word;
	p->helper.dialect = dialect_of(lex_word(&p->lx, "a dialect"));
	if (!lex_failed(&p->lx) && p->helper.dialect == NULL)
		lex_fault_at(&p->lx, &name, "expected 4.2, 5.0, 6.0 or 6.0-v4 for dialect");
}

static char **
argv_of(const struct names *run)
{
	size_t count = 0;
	char **argv;

	for (const struct name *n = run->first; n != NULL; n = n->next)
		count++;
	argv = mem_zero(count + 1, sizeof(*argv));
	count = 0;
	for (const struct name *n = run->first; n != NULL; n = n->next)
		argv[count++] = word_string(n->at.word);
	return argv;
}

static bool
is_given(const struct helper_draft *d, const char *word)
{
	return (d->given & setting_bit(&settings, setting_of(&settings, slice_on(word)))) != 0;
}

/* What is otherwise with frames. */
static void
set_framed(struct helper_conf *h, const struct helper_draft *d)
{
	h->encoder = HELPER_JSON;
	h->reasons = HELPER_REASONS_ALWAYS; /* an error has members for them */
	if (!is_given(d, "stall-limit"))
		h->stall_limit = 10 * USEC_SECOND;
	if (!is_given(d, "stall-action"))
		h->stall_kills = true;
	if (!is_given(d, "block-timeout"))
		h->block_timeout = 2 * USEC_SECOND;
}

static void
helper_make(struct parse *p, const struct token *brace)
{
	const struct helper_draft *d = &p->helper;
	struct config *c = p->config;
	struct helper_conf *h;
	char *program;

	if (d->run.first == NULL) {
		lex_fault_at(&p->lx, brace, "unset process sections: run");
		return;
	}
	program = program_of(p, &d->run.first->at);
	if (program == NULL)
		return;
	h = mem_get(sizeof(*h));
	*h = (struct helper_conf){
		.name = word_string(d->where.word),
		.argv = argv_of(&d->run),
		.program = program,
		.encoder = d->encoder == HELPER_JSON ? HELPER_JSON : HELPER_TEXT,
		.respawn = d->respawn.count != RATE_NEVER,
		.respawns = d->respawn.count > 0 ? (unsigned)d->respawn.count : 0,
		.respawn_window = d->respawn.msec * USEC_MSEC,
		.ack = d->ack,
		.reasons = (enum helper_reasons)d->reasons,
		.dialect = d->dialect == NULL ? NULL : word_string(slice_on(d->dialect->word)),
		.overflow = (enum helper_overflow)d->overflow,
		.queue_items = (size_t)d->queue,
		.queue_bytes = (size_t)d->queue_bytes,
		.queue_low = (unsigned)d->queue_low,
		.stall_limit = d->stall_limit * USEC_SECOND,
		.stall_kills = d->stall_action != 0,
		.block_timeout = d->block_timeout * USEC_MSEC,
		.protocol = (enum helper_protocol)d->protocol,
		.raw = d->raw,
		.ready_timeout = d->ready_timeout * USEC_MSEC,
		.heartbeat = d->heartbeat * USEC_MSEC,
		.drain_timeout = d->drain_timeout * USEC_MSEC,
		.grace = d->grace * USEC_MSEC,
		.frame_max = (size_t)d->frame_max,
	};
	if (h->protocol == HELPER_FRAMES)
		set_framed(h, d);
	if ((c->helper_count & (c->helper_count - 1)) == 0)
		c->helpers = mem_grow(
		    c->helpers, (c->helper_count == 0 ? 1 : c->helper_count * 2) * sizeof(h));
	c->helpers[c->helper_count++] = h;
	map_put(&p->helpers, d->where.word, h);
}

static bool
process_close(struct parse *p, const struct token *brace)
{
	helper_make(p, brace);
	return false;
}

static const struct statement statements[] = {
	{ "run", run_read, "the program and its arguments" },
	{ "dialect", dialect_read, "4.2, 5.0, 6.0 or 6.0-v4: shapes of its events and answers" },
	{ NULL, NULL, NULL },
};

const struct section section_process = {
	.word = "process",
	.title = "process",
	.name = "NAME",
	.settings = SETTINGS(rows),
	.slots = process_slots,
	.statements = statements,
	.open = process_open,
	.close = process_close,
};
