/*
 * Lines of any helper, against an engine of two neighbors that nobody answers: every line gets at
 * most one acknowledgement, answers are whole lines of characters that can be read, and everything
 * is given back.
 */
#include "base/mem.h"
#include "base/must.h"
#include "command/command.h"
#include "engine/account.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static const char text[] = "neighbor 127.0.0.2 { local-address 127.0.0.1; local-as 1; peer-as 1;"
			   " passive; static { route 10.0.0.0/24 next-hop self watchdog dog; } }\n"
			   "neighbor 127.0.0.3 { local-address 127.0.0.1; local-as 1; peer-as 2;"
			   " passive; }\n";

static unsigned acks;
static unsigned holds;

static void
take_answer(struct issuer *i, struct slice lines)
{
	/* a part of a line only where the rest follows */
	MUST(lines.len > 0 && (lines.at[lines.len - 1] == '\n' || i->dump != NULL));
	for (size_t k = 0; k < lines.len; k++)
		MUST(lines.at[k] == '\n' || (lines.at[k] >= ' ' && lines.at[k] < 127));
}

static void
take_ack(struct issuer *i, bool done)
{
	(void)i;
	(void)done;
	acks++;
}

static void
take_switch(struct issuer *i, bool on)
{
	(void)i;
	(void)on;
}

static void
take_hold(struct issuer *i)
{
	(void)i;
	holds++;
}

static void
take_release(struct issuer *i)
{
	(void)i;
	holds--;
}

static bool
never_full(struct issuer *i)
{
	(void)i;
	return false;
}

static bool
nothing_more(struct loading *l)
{
	(void)l;
	return false;
}

static struct config *
nothing_read(struct loading *l, struct text *why, struct text *warnings)
{
	(void)l;
	(void)warnings;
	text_string(why, "there is no file");
	return NULL;
}

static struct loading *
no_file(struct engine *e)
{
	static struct loading none = { nothing_more, nothing_read, nothing_more };

	(void)e;
	return &none;
}

static void
no_line(struct engine *e, struct issuer *i, struct slice line)
{
	(void)e;
	(void)i;
	(void)line;
}

static struct config *
section(struct engine *e, struct slice words, struct text *why)
{
	static const struct config_env env = { .directory = "/nowhere" };

	(void)e;
	return config_parse(words, &env, why, NULL);
}

static void
no_end(struct engine *e, int status)
{
	(void)e;
	(void)status;
}

static void
say_lines(struct commands *c, struct issuer *i, struct loop *l, struct slice rest)
{
	while (rest.len > 0) {
		struct slice line = rest;
		const uint8_t *end = memchr(rest.at, '\n', rest.len);

		if (end != NULL)
			line.len = (size_t)(end - rest.at);
		rest = end == NULL ? (struct slice){ 0 } : slice_after(rest, line.len + 1);
		acks = 0;
		command_line(c, i, line);
		MUST(acks + (i->dump != NULL && !i->dump->mute) <= 1);
		while (i->dump != NULL)
			(void)loop_round(l, 0);
		MUST(acks <= 1 && holds == 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct engine_hooks hooks = {
		.line = no_line,
		.load = no_file,
		.compile = section,
		.ended = no_end,
	};
	struct engine_conf conf = { .dialect = &dialect_5_0, .version = "5.0.0" };
	struct issuer i = { .name = "fuzz",
		.number = ACCOUNT_CONTROL,
		.all = true,
		.answer = take_answer,
		.later = take_answer,
		.explain = take_answer,
		.ack = take_ack,
		.set_acks = take_switch,
		.hold = take_hold,
		.release = take_release,
		.full = never_full };
	struct config_env env = { 0 };
	struct text why = { 0 };
	struct commands c;
	size_t alive = mem_alive();
	int error = 0;
	struct loop *l = loop_new(&error);
	struct engine *e = engine_new(l, &conf, &hooks, NULL);

	MUST(engine_listen(e, config_parse(SLICE(text), &env, &why, &why), &why) == 0);
	commands_init(&c, e);
	say_lines(&c, &i, l, slice_of(bytes, len));
	issuer_done(&i);
	commands_done(&c);
	engine_free(e);
	(void)loop_round(l, 0);
	loop_free(l);
	text_free(&why);
	MUST(mem_alive() == alive);
	return 0;
}
