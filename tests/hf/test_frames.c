/* Frames that are read, and frames that are said. */
#include "case.h"

#include "base/wire.h"
#include "frame/frame.h"
#include "hf/frame.h"

#define FRAME_MOST ((size_t)1024 * 1024)

static bool
reads(const char *json, struct hf_frame *to, struct arena *a)
{
	struct text why = { 0 };
	bool fine = hf_read(slice_on(json), a, to, &why);

	cr_expect(fine == (why.len == 0), "%s: %s", json, text_chars(&why));
	text_free(&why);
	return fine;
}

Case(frames, every_type_is_read_with_its_fields)
{
	static const char *const rows[HF_TYPES] = {
		[HF_READY] = "{\"t\":\"ready\",\"proto\":1,\"name\":\"n\",\"inflight\":2}",
		[HF_CMD] = "{\"t\":\"cmd\",\"id\":2,\"line\":\"n\"}",
		[HF_ACCEPT] = "{\"t\":\"accept\",\"re\":2,\"pos\":1}",
		[HF_OUT] = "{\"t\":\"out\",\"re\":2,\"n\":2,\"data\":\"n\"}",
		[HF_RESULT] = "{\"t\":\"result\",\"re\":2,\"value\":{\"a\":[1,null]}}",
		[HF_ERROR] = "{\"t\":\"error\",\"re\":2,\"code\":\"n\"}",
		[HF_ASK] = "{\"t\":\"ask\",\"id\":2,\"prompt\":\"n\",\"timeout_ms\":2}",
		[HF_HB] = "{\"t\":\"hb\",\"rss\":2,\"ts\":1}",
		[HF_PAUSE] = "{\"t\":\"pause\"}",
		[HF_RESUME] = "{\"t\":\"resume\",\"re\":2}",
		[HF_CHECKPOINT] = "{\"t\":\"checkpoint\",\"id\":2,\"key\":\"k\",\"data\":\"QQ==\"}",
		[HF_BYE] = "{\"t\":\"bye\",\"code\":2}",
		[HF_UNKNOWN] = "{\"t\":\"shout\"}",
	};
	struct arena a = { 0 };

	for (enum hf_type t = HF_READY; t < HF_TYPES; t++) {
		struct hf_frame f;

		cr_assert(reads(rows[t], &f, &a), "%s", rows[t]);
		cr_expect(f.type == t, "%s", rows[t]);
		if (t == HF_CMD || t == HF_READY || t == HF_OUT || t == HF_ASK || t == HF_ERROR)
			cr_expect(slice_is(f.text, "n"), "%s", rows[t]);
		if (t == HF_READY || t == HF_OUT || t == HF_ASK || t == HF_HB || t == HF_BYE)
			cr_expect(f.number == 2, "%s", rows[t]);
		arena_reset(&a);
	}
	arena_free(&a);
}

Case(frames, what_is_no_frame_is_told)
{
	static const char *const rows[] = {
		"",
		"{",
		"[]",
		"\"t\"",
		"{}",
		"{\"t\":1}",
		"{\"t\":\"cmd\",\"line\":\"x\"}",
		"{\"t\":\"cmd\",\"id\":0,\"line\":\"x\"}",
		"{\"t\":\"cmd\",\"id\":-1,\"line\":\"x\"}",
		"{\"t\":\"cmd\",\"id\":1.5,\"line\":\"x\"}",
		"{\"t\":\"cmd\",\"id\":18446744073709551616,\"line\":\"x\"}",
		"{\"t\":\"cmd\",\"id\":1}",
		"{\"t\":\"cmd\",\"id\":1,\"op\":\"x\",\"args\":[{}]}",
		"{\"t\":\"ready\"}",
		"{\"t\":\"ready\",\"proto\":1,\"inflight\":0}",
		"{\"t\":\"ready\",\"proto\":1,\"subscribe\":[]}",
		"{\"t\":\"ready\",\"proto\":1,\"subscribe\":{\"up\":1}}",
		"{\"t\":\"result\"}",
		"{\"t\":\"out\",\"re\":1,\"data\":\"\"}",
		"{\"t\":\"checkpoint\",\"id\":1,\"key\":\"k\",\"data\":\"?\"}",
		"{\"t\":\"checkpoint\",\"id\":1,\"key\":\"k\",\"data\":\"QQ==\",\"size\":2}",
		"{\"t\":\"hb\",\"t\":\"hb\"}",
		"{\"t\":\"hb\xff\"}",
	};
	struct arena a = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct hf_frame f;

		cr_expect(!reads(rows[i], &f, &a), "%s", rows[i]);
	}
	arena_free(&a);
}

Case(frames, a_command_in_parts_is_a_line)
{
	struct arena a = { 0 };
	struct hf_frame f;

	cr_assert(reads("{\"t\":\"cmd\",\"id\":1,\"op\":\"announce route\",\"args\":"
			"[\"10.0.0.0/24\",\"med\",5]}",
	    &f, &a));
	cr_expect(slice_is(f.text, "announce route 10.0.0.0/24 med 5"));
	arena_free(&a);
}

Case(frames, subscribe_narrows_what_is_heard)
{
	struct arena a = { 0 };
	struct hf_frame f;

	cr_assert(reads("{\"t\":\"ready\",\"proto\":1}", &f, &a));
	cr_expect(f.hears == HF_NEWS_ALL && f.number == 1);
	cr_assert(reads("{\"t\":\"ready\",\"proto\":1,\"caps\":[\"x\",\"tlv\"],"
			"\"subscribe\":{\"up\":true,\"down\":false,\"new\":3}}",
	    &f, &a));
	cr_expect(f.hears == (HF_NEWS_UP | HF_NEWS_OTHER) && f.tlv);
	arena_free(&a);
}

/* One frame with the right length, and its JSON. */
static const struct json *
only_frame(const struct text *said, struct arena *a, const char *type)
{
	struct framer framer = frame_prefixed(FRAME_MOST);
	struct text why = { 0 };
	struct frame frame;
	const struct json *j;

	cr_assert(frame_next(&framer, text_view(said), &frame) == FRAME_READY, "%s", type);
	cr_assert(frame.used == said->len, "%s", type);
	j = json_read(frame.body, a, &why);
	cr_assert(j != NULL, "%s: %s", type, text_chars(&why));
	text_free(&why);
	cr_expect(slice_is(json_member(j, "t")->text, type), "%s", type);
	return j;
}

#define SAID(type, call)                                                                           \
	text_clear(&to);                                                                           \
	call;                                                                                      \
	j = only_frame(&to, &a, type)

Case(frames, what_is_said_is_one_frame_of_json_whatever_it_quotes)
{
	static const struct slice odd = { (const uint8_t *)"a\"\\\n\0\xff}", 7 };
	struct hf_hello hello = { "s", "v\"", 3, true, 1, 2, 3 };
	struct arena a = { 0 };
	struct text to = { 0 };
	struct text told = { 0 };
	const struct json *j;

	SAID("hello", hf_say_hello(&to, &hello));
	hf_event_body(&told, "update", odd, SLICE("{\"x\": 1}\n"));
	SAID("event", hf_say_event(&to, 7, text_view(&told)));
	cr_expect(slice_is(json_member(j, "seq")->text, "7"));
	cr_expect(json_member(j, "body")->kind == JSON_OBJECT);
	SAID("dropped", hf_say_dropped(&to, 2, 3, 4, "drop-oldest"));
	SAID("out", hf_say_out(&to, 1, 0, true, odd));
	SAID("result", hf_say_result(&to, 1, "done", 5));
	SAID("error", hf_say_error(&to, 0, HF_OVERFLOW, odd, "w", "h"));
	cr_expect(json_member(j, "re") == NULL);
	SAID("exec", hf_say_exec(&to, 1, odd, odd, odd, 5000));
	cr_expect(json_member(j, "body")->kind == JSON_STRING);
	cr_expect(slice_is(json_member(j, "deadline_ms")->text, "5"));
	SAID("exec", hf_say_exec(&to, 1, odd, SLICE(""), SLICE(" {\"a\":[1, \"\\n\"]}"), 5000));
	cr_expect(json_member(json_member(j, "body"), "a")->kind == JSON_LIST);
	SAID("answer", hf_say_answer(&to, 1, odd));
	SAID("cancel", hf_say_cancel(&to, 1, 500000));
	cr_expect(slice_is(json_member(j, "grace_ms")->text, "500"));
	SAID("interrupt", hf_say_interrupt(&to, 1, true));
	SAID("shutdown", hf_say_shutdown(&to, "end", true, 2000000));
	text_free(&told);
	text_free(&to);
	arena_free(&a);
}

/* The one frame in to has this body; to is empty afterwards. */
static void
expect_said(struct text *to, const char *want)
{
	cr_assert(to->len >= 4 && load_u32((const uint8_t *)to->at) == to->len - 4, "%s", want);
	cr_expect_str_eq(to->at + 4, want, "%s\n%s", to->at + 4, want);
	text_clear(to);
}

Case(frames, every_field_is_said_under_its_name)
{
	struct hf_hello hello = { "house", "1.2", 3, false, 4, 5, 6 };
	struct text to = { 0 };
	struct text told = { 0 };

	hf_say_hello(&to, &hello);
	expect_said(&to,
	    "{\"t\":\"hello\",\"proto\":1,\"server\":\"house\",\"version\":\"1.2\","
	    "\"peer_count\":3,\"caps\":[\"restore\"],"
	    "\"limits\":{\"frame\":4,\"queue\":5,\"inflight\":6}}");
	hf_event_body(&told, "update", SLICE("192.0.2.1"), SLICE("{\"x\": 1}\n"));
	hf_say_event(&to, 7, text_view(&told));
	expect_said(&to,
	    "{\"t\":\"event\",\"seq\":7,\"kind\":\"update\",\"peer\":\"192.0.2.1\","
	    "\"body\":{\"x\": 1}}");
	hf_say_dropped(&to, 2, 3, 4, "drop-oldest");
	expect_said(
	    &to, "{\"t\":\"dropped\",\"count\":2,\"first\":3,\"last\":4,\"by\":\"drop-oldest\"}");
	hf_say_out(&to, 1, 2, true, SLICE("x"));
	expect_said(&to,
	    "{\"t\":\"out\",\"re\":1,\"n\":2,\"last\":true,\"stream\":\"answer\",\"data\":\"x\"}");
	hf_say_out(&to, 1, 3, false, SLICE("y"));
	expect_said(&to, "{\"t\":\"out\",\"re\":1,\"n\":3,\"stream\":\"answer\",\"data\":\"y\"}");
	hf_say_result(&to, 8, "done", 5);
	expect_said(&to, "{\"t\":\"result\",\"re\":8,\"value\":\"done\",\"took_us\":5}");
	hf_say_error(&to, 9, HF_OVERFLOW, SLICE("a"), "b", "c");
	expect_said(&to,
	    "{\"t\":\"error\",\"re\":9,\"code\":\"overflow\",\"what\":\"a\",\"why\":\"b\","
	    "\"how\":\"c\"}");
	hf_say_exec(&to, 1, SLICE("k"), SLICE("p"), SLICE("w"), 5000);
	expect_said(&to,
	    "{\"t\":\"exec\",\"id\":1,\"kind\":\"k\",\"peer\":\"p\",\"body\":\"w\","
	    "\"deadline_ms\":5}");
	hf_say_answer(&to, 2, SLICE("d"));
	expect_said(&to, "{\"t\":\"answer\",\"re\":2,\"data\":\"d\"}");
	hf_say_cancel(&to, 3, 500000);
	expect_said(&to, "{\"t\":\"cancel\",\"re\":3,\"grace_ms\":500}");
	hf_say_interrupt(&to, 4, true);
	expect_said(&to, "{\"t\":\"interrupt\",\"re\":4,\"force_restart\":true}");
	hf_say_shutdown(&to, "end", false, 2000000);
	expect_said(&to,
	    "{\"t\":\"shutdown\",\"reason\":\"end\",\"checkpoint\":false,\"deadline_ms\":2000}");
	text_free(&told);
	text_free(&to);
}

/* An end between frames is one, and at every other byte it is inside. */
Case(frames, an_end_is_inside_of_a_frame_at_each_byte_but_the_first)
{
	struct text said = { 0 };

	hf_say_result(&said, 1, "done", 5);
	for (size_t cut = 0; cut <= said.len; cut++) {
		struct framer framer = frame_prefixed(FRAME_MOST);
		struct slice have = slice_of(said.at, cut);
		struct frame frame;
		enum frame_status got = frame_next(&framer, have, &frame);

		cr_expect_eq(got, cut < said.len ? FRAME_MORE : FRAME_READY, "%zu", cut);
		have = slice_after(have, got == FRAME_READY ? frame.used : 0);
		cr_expect_eq(frame_place_of(&framer, have),
		    have.len == 0      ? FRAME_BETWEEN
			: have.len < 4 ? FRAME_IN_HEADER
				       : FRAME_IN_BODY,
		    "%zu", cut);
		cr_expect_eq(have.len > 0, cut > 0 && cut < said.len, "%zu", cut);
	}
	text_free(&said);
}

Case(frames, every_code_has_a_word_and_refusals_have_codes)
{
	for (enum hf_code c = HF_BUSY; c < HF_CODES; c++)
		cr_expect(hf_code_word(c) != NULL);
	cr_expect(hf_code_of_refusal(SLICE("unknown command")) == HF_UNKNOWN_COMMAND);
	cr_expect(hf_code_of_refusal(SLICE("no neighbor matches the selector")) == HF_NO_PEER);
	cr_expect(hf_code_of_refusal(SLICE("no neighbors match the selector")) == HF_NO_PEER);
	cr_expect(hf_code_of_refusal(SLICE("no neighbor is established")) == HF_NO_PEER);
	cr_expect(hf_code_of_refusal(SLICE("expected a prefix")) == HF_BAD_ARGS);
	cr_expect(hf_code_of_refusal(SLICE("timeout: id=1")) == HF_TIMEOUT);
	cr_expect(hf_code_of_refusal(SLICE("timeout")) == HF_BAD_ARGS);
}
