/* Commands by the words of version 6 of the API. */
#include "call.h"
#include "scene.h"

Case(version_6, every_name_means_a_row)
{
	const struct command *row;
	size_t named = 0;

	for (size_t i = 0; (row = command_at(i)) != NULL; i++) {
		const char *words = version_6_words(row->words);
		const char *back;
		size_t n;

		if (words == NULL)
			continue;
		named++;
		back = version_6_row(slice_on(words), false, &n);
		cr_expect(back != NULL && slice_is(slice_on(back), row->words), "%s", words);
	}
	cr_expect(named == 23, "%zu rows have a name of version 6", named);
}

Case(version_6, answers_are_json_unless_text_is_asked_for)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_expect(&s, "system version",
	    "{\"version\": \"5.0.13\", \"application\": \"exabgp\"}\ndone\n");
	scene_expect(&s, "system version text", "exabgp 5.0.13\ndone\n");
	scene_expect(&s, "session reset", "{\"status\": \"asynchronous queue cleared\"}\ndone\n");
	scene_expect(&s, "session ping text", "pong " STAGE_UUID " active=true\ndone\n");
	scene_expect(&s, "session sync enable", "done\n");
	scene_expect(&s, "system queue-status",
	    "{\"h1\": {\"items\": 0, \"bytes\": 0}, \"h2\": {\"items\": 0, \"bytes\": 0}}\ndone\n");
	scene_expect(&s, "daemon reload", "{\"status\": \"reload in progress\"}\ndone\n");
	scene_expect(&s, "system crash", "error\n");
	scene_done(&s);
}

Case(version_6, peer_is_followed_by_a_selector_or_a_word)
{
	struct scene s;

	scene_start(&s, stage_two);
	scene_expect(&s, "peer * announce route 10.0.0.0/24 next-hop 192.0.2.1", "done\n");
	scene_expect(&s, "peer 9.9.9.9 announce route 10.0.0.0/24 next-hop 192.0.2.1",
	    "error: no neighbor matches the selector\nerror\n");
	scene_expect(&s, "peer nobody", "error: unknown command\nerror\n");
	scene_done(&s);
}
