/* log level: how talkative the log is from now on, all of it or one source. */
#include "call.h"

#include "base/log.h"
#include "base/num.h"

static bool
level_of(struct slice word, enum log_level *level)
{
	for (int l = LOG_FATAL; l <= LOG_DEBUG; l++) {
		*level = (enum log_level)l;
		if (word_same_case(word, log_level_name(*level)))
			return true;
	}
	return false;
}

static bool
source_of(struct slice word, enum log_source *source)
{
	for (int i = 0; i < LOG_SOURCES; i++) {
		*source = (enum log_source)i;
		if (slice_is(word, log_source_name(*source)))
			return true;
	}
	return false;
}

static enum call_result
log_level(struct call *c)
{
	enum log_level level;
	enum log_source source;
	struct slice word = { 0 };

	if (!lex_over(c->lx))
		word = lex_next(c->lx).word;
	if (!level_of(word, &level))
		return call_fails(
		    c, "expected FATAL, CRITICAL, ERROR, WARNING, INFO or DEBUG behind log level");
	if (lex_over(c->lx)) {
		log_at(level);
		engine_log_changed(c->engine);
		return CALL_DONE;
	}
	if (!source_of(lex_next(c->lx).word, &source) || !lex_over(c->lx))
		return call_fails(c, "expected one of the sources of settings log.SOURCE");
	log_source_at(source, level);
	engine_log_changed(c->engine);
	return CALL_DONE;
}

const struct command commands_log[] = {
	{ "log level", "LEVEL [ SOURCE ]", false, log_level },
	{ 0 },
};
