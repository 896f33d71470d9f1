/* What a helper writes to its stdout and stderr, line by line into the log. */
#include "says.h"

#include "base/log.h"
#include "base/owner.h"
#include "lang/emit.h"

#define LINE_MOST 4096 /* longer ones are cut */

static void
say(const struct says *s, struct slice line)
{
	struct text words = { 0 };
	struct emit e = emit_on(&words, SPELL_TEXT, 0);

	emit_str(&e, &BARE, line); /* whatever it is, it stays one line */
	log_say(LOG_INFO, LOG_PROCESSES, "helper %s %s: %s", s->who, s->tag, text_chars(&words));
	text_free(&words);
}

static size_t
says_bytes(struct stream *stream, struct slice in)
{
	struct says *s = owner_of(stream, struct says, stream);
	struct frame line;

	switch (frame_next(&s->lines, in, &line)) {
	case FRAME_READY: say(s, line.body); return line.used;
	case FRAME_MORE: return 0;
	case FRAME_BAD: break;
	}
	s->lines = frame_lines(LINE_MOST);
	say(s, slice_of(in.at, LINE_MOST));
	return LINE_MOST;
}

static void
says_ended(struct stream *stream, int error, struct slice rest)
{
	struct says *s = owner_of(stream, struct says, stream);

	(void)error;
	if (rest.len > 0)
		say(s, rest);
	says_stop(s);
}

static const struct stream_hooks hooks = { .bytes = says_bytes, .ended = says_ended };

void
says_start(struct says *s, struct loop *l, int fd, const char *who, const char *tag)
{
	s->lines = frame_lines(LINE_MOST);
	s->who = who;
	s->tag = tag;
	stream_start(&s->stream, l, fd, -1, &hooks, "helper-log");
}

void
says_stop(struct says *s)
{
	stream_close(&s->stream);
}
