/* A helper's frame becomes a value: types are rows, and say which fields have to be there. */
#include "hf/frame.h"

#include "base/num.h"
#include "hf/kept.h"

struct fields {
	const struct json *object;
	struct arena *arena;
	struct hf_frame *to;
	struct text *why;
};

static bool
fail(struct fields *f, const char *name, const char *expected)
{
	text_format(f->why, "expected %s for %s", expected, name);
	return false;
}

/* Absent: it stays as it is, unless it is needed. */
static bool
number(struct fields *f, const char *name, bool needed, uint64_t *to)
{
	const struct json *v = json_member(f->object, name);

	if (v == NULL && !needed)
		return true;
	if (v == NULL || v->kind != JSON_NUMBER || !num_decimal(v->text, UINT64_MAX, to))
		return fail(f, name, "a whole number");
	return true;
}

static bool
string(struct fields *f, const char *name, bool needed, struct slice *to)
{
	const struct json *v = json_member(f->object, name);

	if (v == NULL && !needed)
		return true;
	if (v == NULL || v->kind != JSON_STRING)
		return fail(f, name, "a string");
	*to = v->text;
	return true;
}

static bool
flag(struct fields *f, const char *name, bool *to)
{
	const struct json *v = json_member(f->object, name);

	if (v != NULL && v->kind != JSON_TRUE && v->kind != JSON_FALSE)
		return fail(f, name, "true or false");
	*to = v != NULL && v->kind == JSON_TRUE;
	return true;
}

static bool
request(struct fields *f)
{
	if (!number(f, "id", true, &f->to->id))
		return false;
	return f->to->id != 0 || fail(f, "id", "a number over 0");
}

static bool
reply(struct fields *f)
{
	if (!number(f, "re", true, &f->to->re))
		return false;
	return f->to->re != 0 || fail(f, "re", "a number over 0");
}

static const struct {
	const char *word;
	unsigned bit;
} news[] = {
	{ "up", HF_NEWS_UP },
	{ "down", HF_NEWS_DOWN },
	{ "open", HF_NEWS_OPEN },
	{ "update", HF_NEWS_UPDATE },
	{ "notification", HF_NEWS_NOTIFICATION },
	{ "refresh", HF_NEWS_REFRESH },
	{ "operational", HF_NEWS_OPERATIONAL },
	{ "queue", HF_NEWS_QUEUE },
	{ "packets", HF_NEWS_PACKETS },
};

static bool
subscribe(struct fields *f)
{
	const struct json *v = json_member(f->object, "subscribe");
	struct fields inside = { v, f->arena, f->to, f->why };

	f->to->hears = HF_NEWS_ALL;
	if (v == NULL)
		return true;
	if (v->kind != JSON_OBJECT)
		return fail(f, "subscribe", "an object");
	f->to->hears = HF_NEWS_OTHER;
	for (size_t i = 0; i < sizeof(news) / sizeof(news[0]); i++) {
		bool on;

		if (!flag(&inside, news[i].word, &on))
			return false;
		if (on)
			f->to->hears |= news[i].bit;
	}
	return true;
}

static bool
ready(struct fields *f)
{
	const struct json *caps = json_member(f->object, "caps");

	f->to->number = 1;
	if (!number(f, "proto", true, &f->to->proto) || !string(f, "name", false, &f->to->text) ||
	    !number(f, "inflight", false, &f->to->number) ||
	    !number(f, "hb", false, &f->to->second))
		return false;
	if (caps != NULL && caps->kind != JSON_LIST)
		return fail(f, "caps", "a list");
	for (const struct json *c = caps == NULL ? NULL : caps->first; c != NULL; c = c->next)
		f->to->tlv |= c->kind == JSON_STRING && slice_is(c->text, "tlv");
	if (f->to->number == 0)
		return fail(f, "inflight", "a number over 0");
	return subscribe(f);
}

/* {"op": "announce route", "args": ["10.0.0.0/24", "next-hop", "self"]} is a line, too. */
static bool
words(struct fields *f)
{
	const struct json *args = json_member(f->object, "args");
	struct text line = { 0 };
	struct slice op = { 0 };
	bool fine = true;

	if (!string(f, "op", true, &op))
		return false;
	if (args != NULL && args->kind != JSON_LIST)
		return fail(f, "args", "a list");
	text_slice(&line, op);
	for (const struct json *a = args == NULL ? NULL : args->first; fine && a != NULL;
	     a = a->next) {
		fine = a->kind == JSON_STRING || a->kind == JSON_NUMBER;
		text_char(&line, ' ');
		text_slice(&line, a->text);
	}
	f->to->text = arena_copy(f->arena, text_view(&line));
	text_free(&line);
	return fine || fail(f, "args", "strings and numbers");
}

static bool
cmd(struct fields *f)
{
	if (!request(f))
		return false;
	if (json_member(f->object, "line") != NULL)
		return string(f, "line", true, &f->to->text);
	return words(f);
}

static bool
out(struct fields *f)
{
	if (!reply(f) || !number(f, "n", true, &f->to->number) || !flag(f, "last", &f->to->last) ||
	    !string(f, "data", true, &f->to->text))
		return false;
	return f->to->text.len <= HF_OUT_MOST || fail(f, "data", "at most 65536 bytes");
}

static bool
result(struct fields *f)
{
	f->to->value = json_member(f->object, "value");
	return reply(f);
}

static bool
error(struct fields *f)
{
	return number(f, "re", false, &f->to->re) && string(f, "code", true, &f->to->text) &&
	    string(f, "what", false, &f->to->more);
}

static bool
ask(struct fields *f)
{
	f->to->number = 60000;
	return request(f) && string(f, "prompt", true, &f->to->text) &&
	    number(f, "timeout_ms", false, &f->to->number);
}

static bool
hb(struct fields *f)
{
	return number(f, "rss", false, &f->to->number) && number(f, "depth", false, &f->to->second);
}

static bool
checkpoint(struct fields *f)
{
	uint64_t said;
	size_t bytes;

	if (!request(f) || !string(f, "key", true, &f->to->more) ||
	    !string(f, "data", true, &f->to->text))
		return false;
	if (!base64_length(f->to->text, &bytes))
		return fail(f, "data", "base64");
	said = bytes;
	if (!number(f, "size", false, &said))
		return false;
	f->to->number = bytes;
	return said == bytes || fail(f, "size", "as many bytes as data has");
}

static bool
bye(struct fields *f)
{
	return number(f, "code", false, &f->to->number);
}

static bool
nothing(struct fields *f)
{
	(void)f;
	return true;
}

static bool
unknown(struct fields *f)
{
	return number(f, "id", false, &f->to->id);
}

static const struct {
	const char *word;
	bool (*read)(struct fields *f);
} types[HF_TYPES] = {
	[HF_READY] = { "ready", ready },
	[HF_CMD] = { "cmd", cmd },
	[HF_ACCEPT] = { "accept", reply },
	[HF_OUT] = { "out", out },
	[HF_RESULT] = { "result", result },
	[HF_ERROR] = { "error", error },
	[HF_ASK] = { "ask", ask },
	[HF_HB] = { "hb", hb },
	[HF_PAUSE] = { "pause", nothing },
	[HF_RESUME] = { "resume", nothing },
	[HF_CHECKPOINT] = { "checkpoint", checkpoint },
	[HF_BYE] = { "bye", bye },
	[HF_UNKNOWN] = { "unknown", unknown },
};

const char *
hf_type_word(enum hf_type t)
{
	return types[t].word;
}

static enum hf_type
type_of(struct slice word)
{
	enum hf_type t = HF_READY;

	while (t < HF_UNKNOWN && !slice_is(word, types[t].word))
		t++;
	return t;
}

bool
hf_read(struct slice body, struct arena *a, struct hf_frame *to, struct text *why)
{
	const struct json *object = json_read(body, a, why);
	struct fields f = { object, a, to, why };

	*to = (struct hf_frame){ 0 };
	if (object == NULL)
		return false;
	if (object->kind != JSON_OBJECT) {
		text_string(why, "expected an object");
		return false;
	}
	if (!string(&f, "t", true, &to->word))
		return false;
	to->type = type_of(to->word);
	return types[to->type].read(&f);
}
