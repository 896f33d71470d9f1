/* Words of a route statement that are no attribute, and the walk over all of them. */
#include "draft.h"

#include "base/must.h"
#include "base/num.h"

void
draft_init(struct draft *d)
{
	/* the large arrays stay as they are */
	d->family = NULL;
	d->room = writer_on(d->bytes, sizeof(d->bytes));
	d->build = (struct attrs_build){ .room = &d->room };
	d->prefix = (struct prefix){ 0 };
	d->nlri = (struct slice){ NULL, 0 };
	d->safi = 0;
	d->head_len = 0;
	d->labels_len = 0;
	d->has_rd = false;
	d->path_id = 0;
	d->has_path_id = false;
	d->has_split = false;
	d->split = 0;
	d->withdrawn = false;
	d->acts = false;
	d->name = (struct slice){ NULL, 0 };
	d->watchdog = (struct slice){ NULL, 0 };
	d->plain = true;
}

void
draft_prefix(struct draft *d, struct prefix p)
{
	d->prefix = p;
}

void
draft_said(const struct draft *d, struct text *to)
{
	if (d->prefix.addr.family == ADDR_NONE)
		return;
	text_string(to, ": ");
	prefix_print(to, &d->prefix);
}

static void
parse_prefix(struct lex *lx, struct draft *d, enum addr_family family, const char *what)
{
	struct token first = lx->now;
	struct prefix p = lex_prefix(lx, what);

	if (lex_failed(lx))
		return;
	if (p.addr.family != family)
		lex_fault_at(lx, &first, "expected %s", what);
	else
		draft_prefix(d, p);
}

void
draft_prefix_v4(struct lex *lx, struct draft *d)
{
	parse_prefix(lx, d, ADDR_IPV4, "an IPv4 prefix");
}

void
draft_prefix_v6(struct lex *lx, struct draft *d)
{
	parse_prefix(lx, d, ADDR_IPV6, "an IPv6 prefix");
}

void
draft_nlri(struct draft *d, struct slice bytes)
{
	MUST(bytes.len <= sizeof(d->nlri_room));
	memcpy(d->nlri_room, bytes.at, bytes.len);
	d->nlri = slice_of(d->nlri_room, bytes.len);
}

static void
check_room(struct lex *lx, const struct draft *d)
{
	if (!writer_ok(&d->room))
		lex_fault(lx, "the attributes are too long");
}

void
draft_add(struct lex *lx, struct draft *d, const struct attr *row, struct slice value)
{
	if (lex_failed(lx))
		return;
	(void)build_add(&d->build, row->code, row->flags, RECORD_VALUE, value);
	check_room(lx, d);
}

void
draft_set(struct lex *lx, struct draft *d, const struct attr *row, struct slice value)
{
	if (lex_failed(lx))
		return;
	(void)build_set(&d->build, row->code, row->flags, value);
	check_room(lx, d);
}

static void
parse_path_id(struct lex *lx, struct draft *d)
{
	static const char what[] = "a number or an IPv4 address for path-information";
	struct token where = lx->now;
	struct slice word = lex_word(lx, what);
	struct addr quad;
	uint32_t id;

	if (addr_parse_v4(word, &quad)) {
		id = addr_u32(&quad);
	} else if (!num_u32(word, &id)) {
		lex_fault_at(lx, &where, "expected %s", what);
		return;
	}
	if (!d->has_path_id)
		d->path_id = id;
	d->has_path_id = true;
}

static void
parse_split(struct lex *lx, struct draft *d)
{
	static const char what[] = "/ and a prefix length for split";
	struct token where = lx->now;
	struct slice word = lex_word(lx, what);
	uint64_t bits;

	if (word.len == 0 || word.at[0] != '/' || !num_decimal(slice_after(word, 1), 128, &bits)) {
		lex_fault_at(lx, &where, "expected %s", what);
		lex_known_as(lx, &where, "'%' is not a valid split value");
		return;
	}
	if (!d->has_split)
		d->split = (uint8_t)bits; /* at most 128 */
	d->has_split = true;
}

static void
parse_name(struct lex *lx, struct draft *d)
{
	struct slice word = lex_word(lx, "a name");

	if (d->name.at == NULL)
		d->name = word;
}

static void
parse_watchdog(struct lex *lx, struct draft *d)
{
	struct token where = lx->now;
	struct slice word = lex_word(lx, "a name for watchdog");

	if (slice_is(word, "announce") || slice_is(word, "withdraw"))
		lex_fault_at(lx, &where, "expected a name for watchdog that is no command");
	else if (d->watchdog.at == NULL)
		d->watchdog = word;
}

static void
parse_withdraw(struct lex *lx, struct draft *d)
{
	(void)lx;
	d->withdrawn = true;
}

static const struct attr_word attribute = { "attribute", unknown_parse };

/* They change the route, or which routes there are; not the set. */
static const struct attr_word words[] = {
	{ "path-information", parse_path_id },
	{ "label", label_parse },
	{ "rd", rd_word_parse },
	{ "route-distinguisher", rd_word_parse },
	{ "split", parse_split },
	{ "name", parse_name },
	{ "watchdog", parse_watchdog },
	{ "withdraw", parse_withdraw },
};

#define WORDS (sizeof(words) / sizeof(words[0]))

static const struct attr_word *
word_of(struct slice word, bool *plain)
{
	const struct attr_word *w = attr_word_of(word);

	*plain = true;
	if (w != NULL)
		return w;
	if (slice_is(word, attribute.word))
		return &attribute;
	*plain = false;
	for (size_t i = 0; i < WORDS; i++)
		if (slice_is(word, words[i].word))
			return &words[i];
	return NULL;
}

bool
draft_word(struct lex *lx, struct draft *d)
{
	const struct attr_word *w;
	bool plain;

	if (lx->now.kind != TOKEN_WORD)
		return false;
	w = word_of(lx->now.word, &plain);
	if (w == NULL)
		return false;
	d->plain = d->plain && plain;
	(void)lex_next(lx);
	w->parse(lx, d);
	return true;
}

static void
unknown_word(struct lex *lx)
{
	lex_fault(
	    lx, "unknown command \"%.*s\"", (int)lx->now.word.len, (const char *)lx->now.word.at);
}

void
draft_words(struct lex *lx, struct draft *d, const char *until)
{
	while (!lex_ends(lx) && (until == NULL || !lex_is(lx, until)))
		if (!draft_word(lx, d))
			unknown_word(lx);
}

void
draft_words_of(struct lex *lx, struct draft *d, draft_taker *word, void *said)
{
	while (!lex_ends(lx))
		if (!word(lx, d, said))
			unknown_word(lx);
}

void
draft_block_of(struct lex *lx, struct draft *d, draft_taker *word, void *said)
{
	while (!lex_failed(lx) && !lex_take(lx, "}")) {
		if (lex_take(lx, ";"))
			continue;
		if (lex_over(lx))
			(void)lex_want(lx, "}");
		else if (!word(lx, d, said))
			lex_fault(lx, "invalid keyword \"%.*s\"", (int)lx->now.word.len,
			    (const char *)lx->now.word.at);
		else if (!lex_is(lx, "}"))
			(void)lex_want(lx, ";");
	}
}

static bool
any_word(struct lex *lx, struct draft *d, void *said)
{
	(void)said;
	return draft_word(lx, d);
}

void
draft_block(struct lex *lx, struct draft *d)
{
	draft_block_of(lx, d, any_word, NULL);
}

void
draft_skip_name(struct lex *lx)
{
	struct lex ahead;

	if (lx->now.kind != TOKEN_WORD)
		return;
	lex_init(&ahead, lex_rest(lx), lx->mode);
	(void)lex_next(&ahead);
	if (lex_is(&ahead, "{"))
		(void)lex_next(lx);
	lex_done(&ahead);
}

struct draft_list
draft_list_on(struct lex *lx, bool commas)
{
	return (struct draft_list){ .brackets = lex_take(lx, "["), .commas = commas };
}

bool
draft_list_more(struct lex *lx, struct draft_list *l)
{
	if (lex_failed(lx) || (!l->brackets && l->count != 0))
		return false;
	while (l->brackets && l->commas && lex_take(lx, ","))
		;
	if (l->brackets && lex_take(lx, "]"))
		return false;
	l->count++;
	return true;
}

size_t
draft_list_take(
    struct lex *lx, draft_take_fn *take, size_t size, const char *word, struct writer *w)
{
	struct draft_list list = draft_list_on(lx, false);

	while (draft_list_more(lx, &list)) {
		struct token where = lx->now;
		uint8_t one[DRAFT_VALUE_MAX] = { 0 };

		take(lx, one);
		write_bytes(w, one, size);
		if (!writer_ok(w))
			lex_fault_at(lx, &where, "%s is too long", word);
	}
	return list.count;
}
