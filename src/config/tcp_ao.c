/* tcp-ao { ... }: the key of a neighbor, RFC 5925. */
#include "parse.h"

#include "base/hex.h"

#define IN(member) offsetof(struct neighbor_draft, member)

static const struct choice algorithms[] = {
	{ "hmac-sha-1-96", NET_AO_SHA1 },
	{ "aes-128-cmac-96", NET_AO_CMAC },
	{ "hmac-sha-256", NET_AO_SHA256 },
	{ NULL, 0 },
};

static const struct choice no_id[] = {
	{ "none", TCP_AO_NO_ID },
	{ NULL, 0 },
};

static const struct setting rows[] = {
	{ .word = "keyid",
	    .slot = SLOT_INT,
	    .offset = IN(conf.ao_id),
	    .max = 255,
	    .choices = no_id,
	    .initial = "none",
	    .expects = "a number (0 to 255)",
	    .help = "of what is sent and of what is received" },
	{ .word = "algorithm",
	    .slot = SLOT_CHOICE,
	    .offset = IN(conf.ao.algorithm),
	    .choices = algorithms,
	    .expects = "hmac-sha-1-96, aes-128-cmac-96 or hmac-sha-256",
	    .help = "RFC 5926" },
	{ .word = "password",
	    .slot = SLOT_STRING,
	    .traits = SETTING_QUOTED,
	    .offset = IN(conf.ao_password),
	    .expects = "a password",
	    .help = "80 bytes at most" },
	{ .word = "base64",
	    .slot = SLOT_BOOL,
	    .traits = SETTING_IF_SET,
	    .offset = IN(conf.ao_base64),
	    .initial = "false",
	    .bare = "false",
	    .expects = "true or false",
	    .help = "the password is base64" },
};

const struct settings tcp_ao_settings = SETTINGS(rows);

static struct slots
tcp_ao_slots(struct parse *p)
{
	return (struct slots){ p->neighbor, &p->neighbor->ao_given };
}

static void
tcp_ao_open(struct parse *p, const struct token *word)
{
	(void)word;
	p->neighbor->ao = true;
}

const struct section section_tcp_ao = {
	.word = "tcp-ao",
	.title = "tcp-ao",
	.settings = SETTINGS(rows),
	.slots = tcp_ao_slots,
	.open = tcp_ao_open,
};

void
tcp_ao_check(struct parse *p, struct neighbor_draft *d, const struct token *brace)
{
	struct peer_conf *c = &d->conf;
	struct slice word = slice_on(c->ao_password);
	size_t len = word.len;

	if (!d->ao)
		return;
	if (c->ao_id == TCP_AO_NO_ID || c->ao.algorithm == NET_AO_NONE || len == 0) {
		lex_fault_at(
		    &p->lx, brace, "incomplete tcp-ao, it wants keyid, algorithm and password");
		return;
	}
	if (c->md5_len != 0) {
		lex_fault_at(&p->lx, brace, "md5-password and tcp-ao are mutually exclusive");
		return;
	}
	if (c->ao_base64 && !base64_decode(word, c->ao.bytes, sizeof(c->ao.bytes), &len)) {
		lex_fault_at(
		    &p->lx, brace, "the password of tcp-ao must be base64 of 80 bytes at most");
		return;
	}
	if (len > sizeof(c->ao.bytes)) {
		lex_fault_at(
		    &p->lx, brace, "the password of tcp-ao must be no larger than 80 bytes");
		return;
	}
	if (!c->ao_base64)
		memcpy(c->ao.bytes, word.at, len);
	c->ao.id = (uint8_t)c->ao_id; /* 255 at most */
	c->ao.len = (uint8_t)len;     /* 80 at most */
}

void
tcp_ao_print(const struct neighbor_draft *d, struct text *to)
{
	if (d->conf.ao.len == 0)
		return;
	text_string(to, "  tcp-ao {\n");
	settings_print(&tcp_ao_settings, d, "    ", to);
	text_string(to, "  }\n");
}
