/* What the log lets through. */
#include "case.h"

#include "base/list.h"
#include "base/log.h"
#include "base/text.h"

static struct text said;

static void
sink(enum log_level level, enum log_source source, const char *line)
{
	text_format(&said, "%s %s %s\n", log_level_name(level), log_source_name(source), line);
}

Case(log, nothing_is_said_without_a_sink)
{
	log_to(NULL);
	log_at(LOG_DEBUG);
	cr_expect(!log_wants(LOG_FATAL, LOG_REACTOR));
	log_say(LOG_FATAL, LOG_REACTOR, "x");
}

Case(log, every_level_and_source_is_asked)
{
	log_to(sink);
	for (int at = LOG_FATAL; at <= LOG_DEBUG; at++) {
		for (int source = 0; source < LOG_SOURCES; source++) {
			log_at((enum log_level)at);
			log_source_on((enum log_source)source, false);
			for (int level = LOG_FATAL; level <= LOG_DEBUG; level++)
				cr_expect(
				    log_wants((enum log_level)level, (enum log_source)source) ==
					(level <= at && level <= LOG_WARN),
				    "a muted source warns");
			log_source_on((enum log_source)source, true);
			for (int level = LOG_FATAL; level <= LOG_DEBUG; level++)
				cr_expect(log_wants((enum log_level)level,
					      (enum log_source)source) == (level <= at));
			cr_expect(log_source_name((enum log_source)source)[0] != '\0');
		}
	}
	log_to(NULL);
}

Case(log, a_source_may_have_a_level_of_its_own)
{
	log_to(sink);
	log_at(LOG_WARN);
	log_source_on(LOG_RIB, false);
	log_source_at(LOG_RIB, LOG_DEBUG);
	log_source_at(LOG_NETWORK, LOG_CRITICAL);
	cr_expect(log_wants(LOG_DEBUG, LOG_RIB) && !log_wants(LOG_INFO, LOG_REACTOR));
	cr_expect(log_wants(LOG_CRITICAL, LOG_NETWORK) && !log_wants(LOG_ERROR, LOG_NETWORK));
	log_to(NULL);
	cr_expect(!log_wants(LOG_FATAL, LOG_RIB));
}

Case(log, lines_of_a_text_are_lines_of_the_log)
{
	log_to(sink);
	log_at(LOG_INFO);
	log_lines(LOG_WARN, LOG_CONFIGURATION, "one\n\ntwo\nthree");
	cr_expect_str_eq(text_chars(&said),
	    "WARNING configuration one\nWARNING configuration two\nWARNING configuration three\n");
	text_clear(&said);
	log_lines(LOG_WARN, LOG_CONFIGURATION, "");
	cr_expect(said.len == 0);
	text_free(&said);
	log_to(NULL);
}

Case(log, a_line_stays_a_line)
{
	log_to(sink);
	log_at(LOG_INFO);
	log_say(LOG_WARN, LOG_NETWORK, "peer=%s", "a\nFATAL b\x1b[0m\x7f");
	log_say(LOG_DEBUG, LOG_NETWORK, "not wanted");
	log_to(NULL);
	cr_expect(strcmp(text_chars(&said), "WARNING network peer=a?FATAL b?[0m?\n") == 0, "%s",
	    text_chars(&said));
	text_free(&said);
}

struct item {
	int n;
	struct list link;
};

Case(list, links_are_kept_in_order_and_cut_while_walking)
{
	struct item items[10];
	struct list head;
	int n = 0;

	list_init(&head);
	cr_expect(list_empty(&head));
	for (int i = 0; i < 10; i++) {
		items[i] = (struct item){ .n = i };
		cr_expect(!list_linked(&items[i].link));
		list_add(&head, &items[i].link);
		cr_expect(list_linked(&items[i].link));
	}
	list_each (link, &head) {
		struct item *item = owner_of(link, struct item, link);

		cr_expect(item->n == n++);
		if (item->n % 2)
			list_cut(link);
	}
	cr_expect(n == 10);
	n = 0;
	list_each (link, &head) {
		cr_expect(owner_of(link, struct item, link)->n == n);
		n += 2;
		list_cut(link);
		list_cut(link);
	}
	cr_expect(n == 10 && list_empty(&head));
}
