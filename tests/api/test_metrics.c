/* Figures in every form. */
#include "case.h"

#include "api/metrics.h"

#include <string.h>

/* A queue with everything, and one of which little is known. */
static struct metric_queue queues[2];
static struct histogram waits;

static struct metrics
two_queues(void)
{
	memset(&waits, 0, sizeof(waits));
	histogram_add(&waits, 10);
	histogram_add(&waits, 2000010);
	queues[0] = (struct metric_queue){
		.stage = "intake",
		.of = "a \"b\"\\\n",
		.depth = 1,
		.limit = 9,
		.limit_bytes = METRIC_UNKNOWN,
		.blocked = 1500000,
		.waits = metric_times(&waits),
	};
	metric_part(&queues[0].dropped, "oldest", 3);
	metric_part(&queues[0].dropped, "newest", 4);
	queues[1] = (struct metric_queue){
		.stage = "client",
		.of = "c",
		.limit = METRIC_UNKNOWN,
		.limit_bytes = METRIC_UNKNOWN,
		.most = METRIC_UNKNOWN,
		.most_bytes = METRIC_UNKNOWN,
		.offered = METRIC_UNKNOWN,
		.taken = METRIC_UNKNOWN,
		.empty_ticks = METRIC_UNKNOWN,
	};
	return (struct metrics){ .pages[METRIC_QUEUES] = { true, queues, 2 } };
}

Case(metrics, text_is_a_line_for_each)
{
	struct metrics m = two_queues();
	struct text t = { 0 };

	metrics_say(&m, METRICS_TEXT, &t);
	cr_expect_str_eq(text_chars(&t),
	    "queue stage intake of \"a \\u0022b\\u0022\\\\\\n\" depth 1 bytes 0 limit 9 high-water 0 "
	    "high-water-bytes 0 offered 0 taken 0 dropped oldest 3 newest 4 empty-ticks 0 shut 0 "
	    "shuts 0 blocked-us 1500000 wait-mean-us 1000010 wait-p50-us 10 wait-p99-us 2000010 "
	    "wait-max-us 2000010\n"
	    "queue stage client of c depth 0 bytes 0 shut 0 shuts 0 blocked-us 0\n");
	text_free(&t);
	histogram_done(&waits);
}

Case(metrics, json_is_an_object_for_each)
{
	struct metrics m = two_queues();
	struct text t = { 0 };

	metrics_say(&m, METRICS_JSON, &t);
	cr_expect_str_eq(text_chars(&t),
	    "[{\"stage\": \"intake\", \"of\": \"a \\\"b\\\"\\\\\\n\", \"depth\": 1, \"bytes\": 0, "
	    "\"limit\": 9, \"high-water\": 0, \"high-water-bytes\": 0, \"offered\": 0, "
	    "\"taken\": 0, \"dropped\": {\"oldest\": 3, \"newest\": 4}, \"empty-ticks\": 0, "
	    "\"shut\": 0, \"shuts\": 0, \"blocked-us\": 1500000, \"wait-mean-us\": 1000010, \"wait-p50-us\": 10, "
	    "\"wait-p99-us\": 2000010, \"wait-max-us\": 2000010}, "
	    "{\"stage\": \"client\", \"of\": \"c\", \"depth\": 0, \"bytes\": 0, \"shut\": 0, "
	    "\"shuts\": 0, \"blocked-us\": 0}]\n");
	text_free(&t);
	histogram_done(&waits);
}

static void
expect_in(const struct text *t, const char *part)
{
	cr_expect(strstr(text_chars(t), part) != NULL, "no %s in\n%s", part, text_chars(t));
}

Case(metrics, prometheus_has_samples_of_a_metric_together)
{
	struct metrics m = two_queues();
	struct text t = { 0 };

	metrics_say(&m, METRICS_PROMETHEUS, &t);
	expect_in(&t,
	    "# HELP peerpipe_queue_depth Items that wait.\n# TYPE peerpipe_queue_depth gauge\n"
	    "peerpipe_queue_depth{stage=\"intake\",of=\"a \\\"b\\\"\\\\\\n\"} 1\n"
	    "peerpipe_queue_depth{stage=\"client\",of=\"c\"} 0\n");
	expect_in(&t, "TYPE peerpipe_queue_dropped_total counter\n");
	expect_in(&t, ",why=\"newest\"} 4\n");
	expect_in(&t, "peerpipe_queue_blocked_seconds_total{stage=\"client\",of=\"c\"} 0.000000\n");
	expect_in(&t, ",quantile=\"0.99\"} 2.000010\n");
	expect_in(&t, "_wait_seconds_sum{stage=\"intake\",of=\"a \\\"b\\\"\\\\\\n\"} 2.000020\n");
	cr_expect(strstr(text_chars(&t), "limit{stage=\"client\"") == NULL, "what is not known");
	text_free(&t);
	histogram_done(&waits);
}

Case(metrics, openmetrics_has_families_units_and_an_end)
{
	struct metrics m = two_queues();
	struct text t = { 0 };

	queues[1].of = "\xff"
		       "c\xc3\xa4";
	metrics_say(&m, METRICS_OPENMETRICS, &t);
	expect_in(&t, "# TYPE peerpipe_queue_dropped counter\n");
	expect_in(&t, "\npeerpipe_queue_dropped_total{stage=\"intake\",");
	expect_in(&t,
	    "# HELP peerpipe_queue_blocked_seconds How long who fills it was stopped.\n"
	    "# TYPE peerpipe_queue_blocked_seconds counter\n"
	    "# UNIT peerpipe_queue_blocked_seconds seconds\n"
	    "peerpipe_queue_blocked_seconds_total{stage=\"intake\",of=\"a \\\"b\\\"\\\\\\n\"} "
	    "1.500000\n");
	expect_in(&t, "# UNIT peerpipe_queue_limit_bytes bytes\n");
	expect_in(&t, ",quantile=\"1.0\"} 2.000010\n");
	expect_in(&t,
	    "peerpipe_queue_depth{stage=\"client\",of=\"\xef\xbf\xbd"
	    "c\xc3\xa4\"} 0\n");
	cr_expect_str_eq(strstr(text_chars(&t), "# EOF"), "# EOF\n");
	text_free(&t);
	histogram_done(&waits);
}

Case(metrics, the_loop_has_no_labels)
{
	struct histogram lag = { 0 };
	struct metric_loop loop = {
		.rounds = 7, .slowest_name = "peer \"hold\"", .lag = metric_times(&lag)
	};
	struct metrics m = { .pages = {
				 [METRIC_LOOP] = { true, &loop, 1 },
				 [METRIC_QUEUES] = { .asked = true },
				 [METRIC_PEERS] = { .asked = true },
			     } };
	struct text t = { 0 };

	metrics_say(&m, METRICS_PROMETHEUS, &t);
	expect_in(&t, "\npeerpipe_loop_rounds_total 7\n");
	expect_in(&t, "\npeerpipe_loop_lag_seconds{quantile=\"0.5\"} 0.000000\n");
	text_clear(&t);
	metrics_say(&m, METRICS_JSON, &t);
	expect_in(&t, "{\"loop\": {\"rounds\": 7, ");
	expect_in(&t, "\"slowest-name\": \"peer \\\"hold\\\"\"");
	expect_in(&t, "\"queues\": [], \"peers\": []}\n");
	text_free(&t);
}
