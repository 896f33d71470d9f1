/* What the server says: frames of JSON, each with its length in front. */
#include "hf/frame.h"

#include "base/blob.h"
#include "base/wire.h"
#include "hf/kept.h"
#include "lang/emit.h"

#define PREFIX 4

static size_t
begin(struct text *to, const char *type)
{
	size_t at = to->len;

	text_bytes(to, "\0\0\0\0", PREFIX);
	text_string(to, "{\"t\":\"");
	text_string(to, type);
	text_char(to, '"');
	return at;
}

static void
end(struct text *to, size_t at)
{
	text_char(to, '}');
	store_u32((uint8_t *)to->at + at, (uint32_t)(to->len - at - PREFIX)); /* limited by all that
										 it holds */
}

static void
name(struct text *to, const char *word)
{
	text_string(to, ",\"");
	text_string(to, word);
	text_string(to, "\":");
}

static void
number(struct text *to, const char *word, uint64_t n)
{
	name(to, word);
	text_uint(to, n);
}

static void
quote(struct text *to, struct slice bytes)
{
	text_char(to, '"');
	json_escape(to, bytes);
	text_char(to, '"');
}

static void
string(struct text *to, const char *word, struct slice bytes)
{
	name(to, word);
	quote(to, bytes);
}

static void
flag(struct text *to, const char *word, bool on)
{
	name(to, word);
	text_string(to, on ? "true" : "false");
}

static uint64_t
msec(usec t)
{
	return (uint64_t)(t / USEC_MSEC); /* no time is negative here */
}

void
hf_say_hello(struct text *to, const struct hf_hello *h)
{
	size_t at = begin(to, "hello");

	number(to, "proto", HF_PROTO);
	string(to, "server", slice_on(h->server));
	string(to, "version", slice_on(h->version));
	number(to, "peer_count", h->peers);
	name(to, "caps");
	text_string(to, h->tlv ? "[\"restore\",\"tlv\"]" : "[\"restore\"]");
	text_format(to, ",\"limits\":{\"frame\":%zu,\"queue\":%zu,\"inflight\":%zu}", h->frame,
	    h->queue, h->inflight);
	end(to, at);
}

void
hf_event_body(struct text *to, const char *kind, struct slice peer, struct slice line)
{
	while (line.len > 0 && line.at[line.len - 1] == '\n')
		line.len--;
	string(to, "kind", slice_on(kind));
	string(to, "peer", peer);
	name(to, "body");
	text_slice(to, line);
}

void
hf_say_event(struct text *to, uint64_t seq, struct slice told)
{
	size_t at = begin(to, "event");

	number(to, "seq", seq);
	text_slice(to, told);
	end(to, at);
}

void
hf_say_dropped(struct text *to, uint64_t count, uint64_t first, uint64_t last, const char *by)
{
	size_t at = begin(to, "dropped");

	number(to, "count", count);
	number(to, "first", first);
	number(to, "last", last);
	string(to, "by", slice_on(by));
	end(to, at);
}

void
hf_say_out(struct text *to, uint64_t re, uint64_t n, bool last, struct slice data)
{
	size_t at = begin(to, "out");

	number(to, "re", re);
	number(to, "n", n);
	if (last)
		flag(to, "last", true);
	string(to, "stream", SLICE("answer"));
	string(to, "data", data);
	end(to, at);
}

void
hf_say_result(struct text *to, uint64_t re, const char *value, usec took)
{
	size_t at = begin(to, "result");

	number(to, "re", re);
	string(to, "value", slice_on(value));
	number(to, "took_us", (uint64_t)took);
	end(to, at);
}

void
hf_say_error(struct text *to, uint64_t re, enum hf_code code, struct slice what, const char *why,
    const char *how)
{
	size_t at = begin(to, "error");

	if (re != 0)
		number(to, "re", re);
	string(to, "code", slice_on(hf_code_word(code)));
	string(to, "what", what);
	string(to, "why", slice_on(why));
	string(to, "how", slice_on(how));
	end(to, at);
}

/* JSON of somebody is not taken over as it stands: it may be none. */
static void
body(struct text *to, struct slice words)
{
	struct arena a = { 0 };
	struct text why = { 0 };
	const struct json *value = json_read(words, &a, &why);

	name(to, "body");
	if (value != NULL)
		hf_print_json(to, value);
	else
		quote(to, words);
	text_free(&why);
	arena_free(&a);
}

void
hf_say_exec(struct text *to, uint64_t id, struct slice kind, struct slice peer, struct slice words,
    usec deadline)
{
	size_t at = begin(to, "exec");

	number(to, "id", id);
	string(to, "kind", kind);
	if (peer.len > 0)
		string(to, "peer", peer);
	body(to, words);
	number(to, "deadline_ms", msec(deadline));
	end(to, at);
}

void
hf_say_answer(struct text *to, uint64_t re, struct slice data)
{
	size_t at = begin(to, "answer");

	number(to, "re", re);
	string(to, "data", data);
	end(to, at);
}

void
hf_say_cancel(struct text *to, uint64_t re, usec grace)
{
	size_t at = begin(to, "cancel");

	number(to, "re", re);
	number(to, "grace_ms", msec(grace));
	end(to, at);
}

void
hf_say_interrupt(struct text *to, uint64_t re, bool force_restart)
{
	size_t at = begin(to, "interrupt");

	number(to, "re", re);
	flag(to, "force_restart", force_restart);
	end(to, at);
}

void
hf_say_shutdown(struct text *to, const char *reason, bool checkpoint, usec deadline)
{
	size_t at = begin(to, "shutdown");

	string(to, "reason", slice_on(reason));
	flag(to, "checkpoint", checkpoint);
	number(to, "deadline_ms", msec(deadline));
	end(to, at);
}

void
hf_say_restore(struct text *to, const struct hf_kept *k)
{
	const char *between = "";
	struct slice key;
	size_t frame;
	void *value;

	if (k->keys.count == 0)
		return;
	frame = begin(to, "restore");
	name(to, "keys");
	text_char(to, '{');
	for (size_t at = 0; map_next(&k->keys, &at, &key, &value); between = ",") {
		text_string(to, between);
		quote(to, key);
		text_char(to, ':');
		quote(to, blob_slice(value));
	}
	text_char(to, '}');
	end(to, frame);
}

void
hf_print_json(struct text *to, const struct json *value)
{
	switch (value->kind) {
	case JSON_NULL: text_string(to, "null"); return;
	case JSON_FALSE: text_string(to, "false"); return;
	case JSON_TRUE: text_string(to, "true"); return;
	case JSON_NUMBER: text_slice(to, value->text); return;
	case JSON_STRING: quote(to, value->text); return;
	case JSON_LIST:
	case JSON_OBJECT: break;
	}
	text_char(to, value->kind == JSON_LIST ? '[' : '{');
	for (const struct json *v = value->first; v != NULL; v = v->next) {
		if (v != value->first)
			text_char(to, ',');
		if (value->kind == JSON_OBJECT) {
			quote(to, v->name);
			text_char(to, ':');
		}
		hf_print_json(to, v);
	}
	text_char(to, value->kind == JSON_LIST ? ']' : '}');
}

const char *
hf_code_word(enum hf_code c)
{
	static const char *const words[HF_CODES] = {
		[HF_BUSY] = "busy",
		[HF_UNKNOWN_COMMAND] = "unknown-command",
		[HF_BAD_ARGS] = "bad-args",
		[HF_NO_PEER] = "no-peer",
		[HF_TIMEOUT] = "timeout",
		[HF_CANCELLED] = "cancelled",
		[HF_OVERFLOW] = "overflow",
		[HF_DRAIN_TIMEOUT] = "drain-timeout",
		[HF_SHUTTING_DOWN] = "shutting-down",
		[HF_UNKNOWN_TYPE] = "unknown-type",
		[HF_PROTOCOL] = "protocol",
		[HF_INTERNAL] = "internal",
	};

	return words[c];
}

enum hf_code
hf_code_of_refusal(struct slice sentence)
{
	for (enum hf_code c = HF_BUSY; c < HF_CODES; c++) {
		size_t n = strlen(hf_code_word(c));

		if (slice_begins(sentence, hf_code_word(c)) && sentence.len > n &&
		    sentence.at[n] == ':')
			return c;
	}
	if (slice_begins(sentence, "unknown "))
		return HF_UNKNOWN_COMMAND;
	if (slice_begins(sentence, "no neighbor")) /* that is meant, or is fit for it */
		return HF_NO_PEER;
	return HF_BAD_ARGS;
}
