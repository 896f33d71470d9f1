/* Why it ends, and what is said of it then. */
#include "house.h"

#include "base/log.h"

#include <inttypes.h>

void
engine_failed(struct engine *e, enum zone zone)
{
	if (!zones_failed(&e->zones, zone) || e->stopping)
		return;
	log_say(LOG_CRITICAL, LOG_REACTOR, "too much failed zone=%s in_a_row=%u, the daemon ends",
	    zone_name(zone), e->zones.row[zone]);
	engine_request(e, ENGINE_GIVE_UP);
}

void
engine_fine(struct engine *e, enum zone zone)
{
	zones_fine(&e->zones, zone);
}

static void
say_events(const struct engine *e, struct text *to)
{
	uint64_t offered = 0, delivered = 0, dropped = 0, left = 0;

	for (size_t i = 0; i < e->crew_count; i++) {
		struct helper_counts n;

		helper_count(e->crews[i]->helper, &n);
		offered += n.offered;
		delivered += n.delivered;
		left += n.queued + n.writing;
		for (size_t k = 0; k < HELPER_LOSSES; k++)
			dropped += n.lost[k];
	}
	text_format(to,
	    "\"events\": {\"enqueued\": %" PRIu64 ", \"processed\": %" PRIu64
	    ", \"dropped\": %" PRIu64 ", \"left\": %" PRIu64 "}",
	    offered, delivered, dropped, left);
}

static void
say_failures(const struct engine *e, struct text *to)
{
	text_string(to, "\"failures\": {");
	for (int i = 0; i < ZONES; i++)
		text_format(to, "%s\"%s\": %" PRIu64, i == 0 ? "" : ", ", zone_name((enum zone)i),
		    e->zones.failed[i]);
	text_char(to, '}');
}

void
engine_epitaph(struct engine *e)
{
	uint64_t residual = engine_residual(e);
	struct text line = { 0 };

	text_char(&line, '{');
	say_events(e, &line);
	text_string(&line, ", ");
	say_failures(e, &line);
	text_format(&line, ", \"status\": %d, \"residual\": %" PRIu64 "}", e->status, residual);
	log_say(LOG_INFO, LOG_STATISTICS, "%s", text_chars(&line));
	text_free(&line);
	log_say(residual == 0 ? LOG_INFO : LOG_ERROR, LOG_REACTOR, "accounting residual=%" PRIu64,
	    residual);
}
