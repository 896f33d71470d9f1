/* How a helper came to be what it is: the last steps of its life. */
#include "inside.h"

#include "base/log.h"
#include "base/num.h"

void
history_add(struct helper *h, enum life_event event, enum life_state next)
{
	h->steps[h->step_count++ % HELPER_STEPS] = (struct lived){
		.at = loop_now(h->loop),
		.state = h->state,
		.event = event,
		.next = next,
	};
}

void
helper_history(const struct helper *h, struct text *to)
{
	size_t first = h->step_count > HELPER_STEPS ? h->step_count - HELPER_STEPS : 0;

	for (size_t i = first; i < h->step_count; i++) {
		const struct lived *s = &h->steps[i % HELPER_STEPS];
		usec ago = loop_now(h->loop) - s->at;

		text_format(to, "ago=%lld.%03llds state=%s event=%s next=%s\n",
		    (long long)(ago / USEC_SECOND), (long long)(ago % USEC_SECOND / USEC_MSEC),
		    life_state_name(s->state), life_event_name(s->event), life_state_name(s->next));
	}
}

void
history_log(const struct helper *h)
{
	struct text history = { 0 };
	struct slice rest;
	struct slice line;

	helper_history(h, &history);
	for (rest = text_view(&history); word_cut(rest, '\n', &line, &rest);)
		log_say(LOG_WARN, LOG_PROCESSES, "helper %s step %.*s", h->conf->name,
		    (int)line.len, (const char *)line.at); /* a line is short */
	text_free(&history);
}
