/* A whole engine on a loop of its own. */
#include "stage.h"

#include "base/addr.h"
#include "base/mem.h"
#include "loop/child.h"
#include "rib/out.h"

#include <errno.h>
#include <sys/wait.h>

const char stage_two[] =
    "process h1 { run /bin/cat; encoder json; }\n"
    "process h2 { run /bin/cat; encoder text; }\n"
    "neighbor 127.0.0.1 {\n"
    "  router-id 10.0.0.1; local-address 127.0.0.1; local-as 65001; peer-as 65002;\n"
    "  family { ipv4 unicast; ipv6 unicast; }\n"
    "  api { processes [ h1 ]; }\n"
    "}\n"
    "neighbor 127.0.0.2 {\n"
    "  router-id 10.0.0.2; local-address 127.0.0.1; local-as 65001; peer-as 65003;\n"
    "  family { ipv4 unicast; }\n"
    "  api { processes [ h1 h2 ]; }\n"
    "}\n";

static struct stage *
stage_of(struct issuer *i)
{
	return owner_of(i, struct stage, issuer);
}

static void
say(struct issuer *i, struct slice lines)
{
	text_slice(&stage_of(i)->said, lines);
}

static void
explain(struct issuer *i, struct slice line)
{
	if (stage_of(i)->acks)
		say(i, line);
}

static void
ack(struct issuer *i, bool done)
{
	if (stage_of(i)->acks)
		say(i, slice_on(done ? "done\n" : "error\n"));
}

static void
set_acks(struct issuer *i, bool on)
{
	stage_of(i)->acks = on;
}

static void
hold(struct issuer *i)
{
	stage_of(i)->holds++;
}

static void
release(struct issuer *i)
{
	stage_of(i)->holds--;
}

static bool
full(struct issuer *i)
{
	return stage_of(i)->full;
}

static struct config *
parse(const char *file, struct text *why, struct text *warnings)
{
	static const struct config_env env = { .directory = "/nowhere" };

	return config_parse(slice_on(file), &env, why, warnings);
}

struct reading {
	struct loading loading;
	struct text file;
	struct text warnings;
	struct parse *parse;
};

static bool
load_step(struct loading *l)
{
	return parse_some(owner_of(l, struct reading, loading)->parse, 1);
}

static struct config *
load_take(struct loading *l, struct text *why, struct text *warnings)
{
	struct reading *r = owner_of(l, struct reading, loading);

	text_slice(warnings, text_view(&r->warnings));
	return parse_take(r->parse, why);
}

static bool
load_give_back(struct loading *l)
{
	struct reading *r = owner_of(l, struct reading, loading);

	if (parse_free_some(r->parse))
		return true;
	text_free(&r->file);
	text_free(&r->warnings);
	mem_free(r);
	return false;
}

static struct loading *
load(struct engine *e)
{
	static const struct config_env env = { .directory = "/nowhere" };
	const struct stage *s = engine_owner(e);
	struct reading *r = mem_zero(1, sizeof(*r));

	r->loading = (struct loading){ load_step, load_take, load_give_back };
	text_slice(&r->file, text_view(&s->file));
	r->parse = parse_new(text_view(&r->file), &env, &r->warnings);
	return &r->loading;
}

static struct config *
compile(struct engine *e, struct slice words, struct text *why)
{
	static const struct config_env env = { .directory = "/nowhere" };

	(void)e;
	return config_parse(words, &env, why, NULL);
}

static void
line(struct engine *e, struct issuer *i, struct slice l)
{
	struct stage *s = engine_owner(e);

	text_format(&s->seen, "%s: %.*s\n", i->name, (int)l.len, (const char *)l.at);
	if (s->line != NULL)
		s->line(s, i, l);
}

static void
ended(struct engine *e, int status)
{
	struct stage *s = engine_owner(e);

	cr_expect_eq(status, 0);
	s->ended++;
}

void
stage_start(struct stage *s, const char *file)
{
	static const struct engine_hooks hooks = {
		.line = line, .load = load, .compile = compile, .ended = ended
	};
	const struct engine_conf conf = {
		.globals = { .port = 179 },
		.dialect = &dialect_5_0,
		.version = "5.0.13",
		.uuid = STAGE_UUID,
		.limits = { .respawn = true },
		.drain_limit = USEC_SECOND * 3 / 2,
	};
	struct text why = { 0 };
	struct config *c = parse(file, &why, NULL);
	int error = 0;

	cr_assert(c != NULL, "%s\n%s", text_chars(&why), file);
	*s = (struct stage){ .acks = true };
	s->issuer = (struct issuer){
		.name = "boss",
		.number = ACCOUNT_CONTROL,
		.all = true,
		.answer = say,
		.later = say,
		.explain = explain,
		.reasons = HELPER_REASONS_ALWAYS,
		.ack = ack,
		.set_acks = set_acks,
		.hold = hold,
		.release = release,
		.full = full,
	};
	stage_file(s, file);
	s->loop = loop_new(&error);
	cr_assert(s->loop != NULL, "no loop: %d", error);
	cr_assert_eq(child_manager_start(s->loop), 0);
	s->engine = engine_new(s->loop, &conf, &hooks, s);
	cr_assert_eq(engine_listen(s->engine, c, &why), 0, "%s", text_chars(&why));
	text_free(&why);
}

void
stage_done(struct stage *s)
{
	siginfo_t ended;

	issuer_done(&s->issuer);
	engine_free(s->engine);
	stage_settle(s);
	while (waitid(P_ALL, 0, &ended, WEXITED | WNOWAIT) == 0 || errno != ECHILD)
		stage_settle(s); /* helpers end with their stdin */
	child_manager_stop();
	loop_free(s->loop);
	text_free(&s->said);
	text_free(&s->file);
	text_free(&s->rib);
	text_free(&s->seen);
}

void
stage_file(struct stage *s, const char *file)
{
	text_clear(&s->file);
	text_string(&s->file, file);
}

void
stage_settle(struct stage *s)
{
	const struct dump *d;

	do {
		while (loop_round(s->loop, 0))
			;
		d = s->issuer.dump; /* one that pauses comes again by itself */
	} while (d != NULL && !d->waits && !s->full && loop_round(s->loop, USEC_SECOND));
}

struct rib_out *
stage_out(struct stage *s, size_t member)
{
	return peer_out(engine_member(s->engine, member)->peer);
}

const char *
stage_rib(struct stage *s, size_t member)
{
	struct rib_out *out = stage_out(s, member);
	struct rib_walk w;
	struct nlri n;
	struct attrs *a;

	text_clear(&s->rib);
	rib_out_walk_begin(out, &w);
	while (rib_out_next(out, &w, &n, &a)) {
		struct emit e = emit_on(&s->rib, SPELL_WORDS, 0);

		text_format(&s->rib, "%s ", n.family->name);
		route_emit(&e, &n, a, NULL);
		text_char(&s->rib, '\n');
	}
	rib_out_walk_end(out, &w);
	return text_chars(&s->rib);
}

struct member *
stage_member(struct stage *s, const char *address)
{
	struct addr want;

	cr_assert(addr_parse(slice_on(address), &want), "%s", address);
	for (size_t i = 0; i < engine_member_count(s->engine); i++) {
		struct member *m = engine_member(s->engine, i);

		if (!m->leaving && addr_same(&m->conf->peer.peer.addr, &want))
			return m;
	}
	return NULL;
}
