/* A stage with commands. */
#include "scene.h"

#include "base/mem.h"

#include <string.h>

static void
helper_line(struct stage *stage, struct issuer *i, struct slice line)
{
	command_line(&((struct scene *)stage->more)->commands, i, line);
}

void
scene_start(struct scene *s, const char *file)
{
	stage_start(&s->stage, file);
	s->stage.line = helper_line;
	s->stage.more = s;
	commands_init(&s->commands, s->stage.engine);
}

void
scene_done(struct scene *s)
{
	commands_done(&s->commands);
	stage_done(&s->stage);
}

const char *
scene_say_bytes(struct scene *s, struct slice line)
{
	char *copy = mem_string((const char *)line.at, line.len);

	text_clear(&s->stage.said);
	command_line(&s->commands, &s->stage.issuer, slice_of(copy, line.len));
	mem_free(copy);
	stage_settle(&s->stage);
	return text_chars(&s->stage.said);
}

const char *
scene_say(struct scene *s, const char *line)
{
	return scene_say_bytes(s, slice_on(line));
}

void
scene_expect(struct scene *s, const char *line, const char *answer)
{
	const char *said = scene_say(s, line);

	cr_expect_str_eq(said, answer, "%s:\n%s\nnot\n%s", line, said, answer);
}

void
scene_accepted(struct scene *s, const char *line)
{
	scene_expect(s, line, "done\n");
}

static void
all_ribs(struct scene *s, struct text *to)
{
	for (size_t i = 0; i < engine_member_count(s->stage.engine); i++)
		text_format(to, "%zu:\n%s", i, stage_rib(&s->stage, i));
}

void
scene_refused(struct scene *s, const char *line)
{
	struct text before = { 0 };
	struct text after = { 0 };
	const char *said;
	const char *last;

	all_ribs(s, &before);
	said = scene_say(s, line);
	last = strncmp(said, "error: ", 7) == 0 ? strchr(said, '\n') + 1 : said;
	cr_expect_str_eq(last, "error\n", "%s:\n%s", line, said);
	all_ribs(s, &after);
	cr_expect_str_eq(text_chars(&before), text_chars(&after), "%s", line);
	text_free(&before);
	text_free(&after);
}
