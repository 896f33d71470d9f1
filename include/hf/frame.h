/*
 * Frames of HF/1, what a helper and the server say to each other beside lines: a length of 32 bits,
 * and a JSON object (see docs/api.md). Here a helper's frame becomes a value, and ours become
 * bytes. Pure.
 */
#pragma once

#include "base/arena.h"
#include "base/slice.h"
#include "base/text.h"
#include "base/usec.h"
#include "lang/json.h"

#include <stdbool.h>
#include <stdint.h>

#define HF_PROTO     1
#define HF_OUT_MOST  ((size_t)64 * 1024)   /* data of one out frame, in bytes */
#define HF_KEPT_MOST ((size_t)1024 * 1024) /* a checkpoint, decoded, in bytes */

/* What a helper says. */
enum hf_type {
	HF_READY,
	HF_CMD,
	HF_ACCEPT,
	HF_OUT,
	HF_RESULT,
	HF_ERROR,
	HF_ASK,
	HF_HB,
	HF_PAUSE,
	HF_RESUME,
	HF_CHECKPOINT,
	HF_BYE,
	HF_UNKNOWN, /* any other word, those that only the server says among them */
	HF_TYPES
};
const char *hf_type_word(enum hf_type t);

/* What it subscribes to: bits of struct hf_frame.hears. */
enum hf_news {
	HF_NEWS_UP = 1 << 0,
	HF_NEWS_DOWN = 1 << 1,
	HF_NEWS_OPEN = 1 << 2,
	HF_NEWS_UPDATE = 1 << 3,
	HF_NEWS_NOTIFICATION = 1 << 4,
	HF_NEWS_REFRESH = 1 << 5,
	HF_NEWS_OPERATIONAL = 1 << 6,
	HF_NEWS_QUEUE = 1 << 7,
	HF_NEWS_PACKETS = 1 << 8,
	HF_NEWS_OTHER = 1 << 9, /* what has no word of its own: always heard */
	HF_NEWS_ALL = (1 << 10) - 1
};

/* Everything in it is borrowed from the arena that it was read into. */
struct hf_frame {
	enum hf_type type;
	struct slice word;        /* t, as it was said */
	uint64_t id;              /* 0: none */
	uint64_t re;              /* 0: none */
	struct slice text;        /* ready: name; cmd: line; out: data; error: code; ask: prompt;
				     checkpoint: data in base64 */
	struct slice more;        /* error: what; checkpoint: key */
	const struct json *value; /* result */
	uint64_t number;          /* ready: inflight; out: n; ask: timeout_ms; hb: rss; bye: code;
				     checkpoint: its bytes, decoded */
	uint64_t second;          /* hb: depth; ready: hb, in seconds (0: as configured) */
	uint64_t proto;           /* ready */
	unsigned hears;           /* ready: bits of hf_news */
	bool tlv;                 /* ready: it has this capability */
	bool last;                /* out */
};

/* False, with a sentence in *why: it is no frame, or one of its fields is not as it has to be. */
bool hf_read(struct slice body, struct arena *a, struct hf_frame *to, struct text *why);

/* The codes of errors. */
enum hf_code {
	HF_BUSY,
	HF_UNKNOWN_COMMAND,
	HF_BAD_ARGS,
	HF_NO_PEER,
	HF_TIMEOUT,
	HF_CANCELLED,
	HF_OVERFLOW,
	HF_DRAIN_TIMEOUT,
	HF_SHUTTING_DOWN,
	HF_UNKNOWN_TYPE,
	HF_PROTOCOL,
	HF_INTERNAL,
	HF_CODES
};
const char *hf_code_word(enum hf_code c);
/* The code for why a command was refused: the sentence may begin with one and a colon. */
enum hf_code hf_code_of_refusal(struct slice sentence);

/* Ours: each appends one whole frame, with its length. */

struct hf_hello {
	const char *server;
	const char *version;
	size_t peers;
	bool tlv;
	size_t frame; /* limits */
	size_t queue;
	size_t inflight;
};
void hf_say_hello(struct text *to, const struct hf_hello *h);
/* told: `"kind": "update", "peer": "192.0.2.1", "body": {...}`, as hf_event_body() makes it. */
void hf_say_event(struct text *to, uint64_t seq, struct slice told);
/* Appends that, without a frame: encoded once for all that hear it. line may end in a newline. */
void hf_event_body(struct text *to, const char *kind, struct slice peer, struct slice line);
void hf_say_dropped(struct text *to, uint64_t count, uint64_t first, uint64_t last, const char *by);
void hf_say_out(struct text *to, uint64_t re, uint64_t n, bool last, struct slice data);
void hf_say_result(struct text *to, uint64_t re, const char *value, usec took);
/* re 0: a notice. */
void hf_say_error(struct text *to, uint64_t re, enum hf_code code, struct slice what,
    const char *why, const char *how);
/* body: JSON already, or any words, which become a string. */
void hf_say_exec(struct text *to, uint64_t id, struct slice kind, struct slice peer,
    struct slice body, usec deadline);
void hf_say_answer(struct text *to, uint64_t re, struct slice data);
void hf_say_cancel(struct text *to, uint64_t re, usec grace);
void hf_say_interrupt(struct text *to, uint64_t re, bool force_restart);
void hf_say_shutdown(struct text *to, const char *reason, bool checkpoint, usec deadline);

/* The JSON of a value, on one line. */
void hf_print_json(struct text *to, const struct json *value);
