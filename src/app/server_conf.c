/* What the settings ask of the engine. */
#include "server_conf.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* The reference's 6.0 is slow enough to see commands of one breath together; its users rely on it,
 * also where a helper loses the processor between two lines. A session of 6.0 takes up to 100 ms,
 * and users rely on that, too. */
#define COMING_LINGER (20 * USEC_MSEC)
/* It takes as long to start: suites start a peer beside it that is no faster. */
#define COMING_PATIENCE      USEC_SECOND
#define CONTROL_CLIENTS      64 /* on the control socket at once; more wait */
#define CONTROL_CLIENTS_MOST 10000

/* tcp.bind: addresses with blanks between. */
static bool
bind_addresses(const char *words, struct engine_conf *conf, struct text *why)
{
	struct slice rest = slice_on(words);

	while (rest.len > 0) {
		struct slice word = rest;
		struct slice tail = { NULL, 0 };
		struct addr a;

		(void)word_cut(rest, ' ', &word, &tail); /* false: the last one */
		rest = tail;
		if (word.len == 0)
			continue;
		if (!addr_parse(word, &a)) {
			text_format(why, "tcp.bind: \"%.*s\" is no address", (int)word.len,
			    (const char *)word.at);
			return false;
		}
		conf->binds = mem_grow(conf->binds, (conf->bind_count + 1) * sizeof(a));
		conf->binds[conf->bind_count++] = a;
	}
	return true;
}

/* RFC 9562 5.4: version 4, random. */
static const char *
new_uuid(void)
{
	static char words[37];
	uint8_t b[16] = { 0 };

	if (getrandom(b, sizeof(b), GRND_NONBLOCK) != sizeof(b))
		log_say(LOG_WARN, LOG_DAEMON, "no random numbers: %s", strerror(errno));
	b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);
	b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
	(void)snprintf(words, sizeof(words),
	    "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
	    b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
	    b[15]);
	return words;
}

/* exabgp_api_max_clients and exabgp_api_multi_client, which the reference has outside of its rows.
 */
static unsigned
control_clients(void)
{
	const char *most = getenv("exabgp_api_max_clients");
	const char *many = getenv("exabgp_api_multi_client");
	uint64_t n = CONTROL_CLIENTS;

	if (many != NULL && strcmp(many, "false") == 0)
		return 1;
	if (most != NULL && (!num_decimal(slice_on(most), CONTROL_CLIENTS_MOST, &n) || n == 0))
		log_say(LOG_WARN, LOG_DAEMON,
		    "exabgp_api_max_clients: expected a number from 1 to %d", CONTROL_CLIENTS_MOST);
	return n == 0 ? CONTROL_CLIENTS : (unsigned)n;
}

bool
server_conf(const struct env *s, struct engine_conf *conf, struct text *why)
{
	*conf = (struct engine_conf){
		.globals = {
			.port = s->port_in_environment ? (uint16_t)s->port : 179,
			.open_wait = (uint16_t)s->openwait,
			.send_hold = (uint16_t)s->sendhold,
			.attempts = (uint32_t)s->attempts,
			.passive = s->passive,
			.linger = s->api_version != 0 ? COMING_LINGER : 0,
			.audit_paths = s->paths_limit_audit,
			.coming_line = s->api_version != 0,
		},
		.dialect = load_dialect(s),
		.bind_port = (uint16_t)s->port,
		.limits = {
			.line_max = 1024 * 1024,
			.respawns = 5,
			.respawn_window = 64 * USEC_SECOND,
			.respawn = s->respawn,
			.final = s->terminate,
		},
		.terminate = s->terminate,
		.failures = (unsigned)s->failures,
		.drain_limit = (usec)s->drainwait * USEC_MSEC,
		.patience = s->api_version != 0 && s->drop ? COMING_PATIENCE : 0,
		.compact = s->compact,
		.chunk = s->chunk == 0 ? 1 : (size_t)s->chunk,
		.routes_v2 = strcmp(s->show_routes_format, "v2") == 0,
		.version = load_version(),
		.uuid = new_uuid(),
		.control_clients = control_clients(),
	};
	if (bind_addresses(s->bind, conf, why))
		return true;
	mem_free(conf->binds);
	return false;
}
