/* family { ... }, nexthop { ... }, add-path { ... }: statements of AFI and SAFI. */
#include "parse.h"

#include "base/num.h"

static void
known_of_afi(
    struct parse *p, const struct token *where, const struct token *afi, const char *sentence)
{
	struct text known = { 0 };

	text_string(&known, sentence);
	text_slice(&known, afi->word);
	lex_known_as(&p->lx, where, text_chars(&known));
	text_free(&known);
}

/* The AFI was taken: the family with the next word as its SAFI, or NULL and a fault. */
static const struct family *
family_read(struct parse *p, const struct token *afi)
{
	struct token safi = p->lx.now;
	const struct family *f;

	(void)lex_word(&p->lx, "a SAFI");
	if (lex_failed(&p->lx))
		return NULL;
	f = family_of_words(afi->word, safi.word);
	if (f == NULL) {
		lex_fault_at(&p->lx, &safi, "expected a SAFI that is known with this AFI");
		known_of_afi(p, &safi, afi, "'%' is not valid for ");
	}
	return f;
}

static bool
is_afi(struct slice word)
{
	for (unsigned id = 0; id < family_count(); id++)
		if (slice_is(word, family_at(id)->afi_word))
			return true;
	return false;
}

static bool
family_other(struct parse *p, const struct token *word)
{
	struct neighbor_draft *d = p->neighbor;
	struct text known = { 0 };
	const struct family *f;

	if (!is_afi(word->word))
		return false;
	f = family_read(p, word);
	if (f == NULL)
		return true;
	if (d->family_all) {
		lex_fault_at(&p->lx, word, "expected no family once all are set");
		lex_known_as(&p->lx, word, "cannot add any family once family all is set");
	} else if (family_in(d->families, f)) {
		lex_fault_at(&p->lx, word, "expected a family that is not listed yet");
		text_format(&known, "Duplicate entry: (%s, %s)", f->afi_word, f->safi_word);
		lex_known_as(&p->lx, word, text_chars(&known));
		text_free(&known);
	} else {
		family_add(&d->families, f);
	}
	return true;
}

static void
family_all_read(struct parse *p, const struct token *word)
{
	if (p->neighbor->families.bits != 0)
		parse_warn(p, word, "families are listed, all adds none");
	else
		p->neighbor->family_all = true;
}

static const struct statement family_statements[] = {
	{ "all", family_all_read, "every family that is known" },
	{ NULL, NULL, NULL },
};

const struct section section_family = {
	.word = "family",
	.title = "family",
	.statements = family_statements,
	.other = family_other,
};

static const uint8_t next_hop_safis[] = { 1, 2, 4, 128 }; /* RFC 8950 3 */

static bool
next_hop_other(struct parse *p, const struct token *word)
{
	struct neighbor_draft *d = p->neighbor;
	bool v4 = slice_is(word->word, "ipv4");
	struct token safi = p->lx.now;
	struct token other;
	const struct family *f;

	if (!v4 && !slice_is(word->word, "ipv6"))
		return false;
	f = family_read(p, word);
	if (f == NULL)
		return true;
	if (memchr(next_hop_safis, f->safi, sizeof(next_hop_safis)) == NULL) {
		lex_fault_at(&p->lx, &safi, "expected a SAFI that has next hops of the other kind");
		known_of_afi(p, &safi, word, "'%' is not a valid SAFI for ");
		return true;
	}
	other = p->lx.now;
	if (!lex_take(&p->lx, v4 ? "ipv6" : "ipv4")) {
		lex_fault(&p->lx, "expected %s, the kind of the next hop", v4 ? "ipv6" : "ipv4");
		lex_known_as(&p->lx, &other, "'%' is not a valid next-hop AFI");
		return true;
	}
	d->next_hop_any = true;
	if (v4)
		family_add(&d->next_hop_v6, f);
	else
		parse_warn(p, word, "IPv4 next hops of IPv6 families can't be announced");
	return true;
}

const struct section section_next_hop = {
	.word = "nexthop",
	.title = "nexthop",
	.other = next_hop_other,
};

static void
add_path_all_read(struct parse *p, const struct token *word)
{
	(void)word;
	for (unsigned id = 0; id < family_count(); id++)
		if ((family_at(id)->traits & FAMILY_PATH_ID_NAMED) == 0)
			family_add(&p->neighbor->add_path, family_at(id));
	p->neighbor->add_path_any = true;
}

static bool
add_path_other(struct parse *p, const struct token *word)
{
	struct neighbor_draft *d = p->neighbor;
	const struct family *f;
	struct token number;
	uint64_t limit;

	if (!is_afi(word->word))
		return false;
	f = family_read(p, word);
	if (f == NULL)
		return true;
	family_add(&d->add_path, f);
	d->add_path_any = true;
	if (lex_ends(&p->lx))
		return true;
	if (!lex_take(&p->lx, "limit")) {
		lex_fault(&p->lx, "expected ; or limit and a number of paths");
		return true;
	}
	number = p->lx.now;
	if (num_decimal(number.word, UINT16_MAX, &limit) && limit != 0) {
		d->paths_limit[f->id] = (uint16_t)limit;
		(void)lex_next(&p->lx);
		return true;
	}
	lex_fault(&p->lx, "expected a number of paths (1 to 65535)");
	lex_known_as(&p->lx, &number, "paths-limit must be 1-65535, got %");
	return true;
}

static const struct statement add_path_statements[] = {
	{ "all", add_path_all_read, "every family of the neighbor" },
	{ NULL, NULL, NULL },
};

const struct section section_add_path = {
	.word = "add-path",
	.title = "add-path",
	.statements = add_path_statements,
	.other = add_path_other,
};

void
families_settle(struct neighbor_draft *d)
{
	d->conf.families = d->families.bits == 0 ? family_all() : d->families;
}
