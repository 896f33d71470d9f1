/* Words for what stands in front of a prefix: labels and a route distinguisher. They choose the
 * family too. */
#include "draft.h"

#include "nlri/rd.h"

#define SAFI_LABELS 4
#define SAFI_VPN    128
#define BOTTOM      1
#define LABEL_MOST  0xfffff /* RFC 3032 2.1 */

/* Above others, these would mean that there is no label: RFC 8277 2.4; and explicit null is for the
 * bottom alone: RFC 3032 2.1. */
static bool
ends_early(struct slice labels)
{
	struct reader r = reader_on(labels);

	while (reader_left(&r) > 3) {
		uint32_t field = read_u24(&r);

		if (field == 0 || field == 0x800000)
			return true;
	}
	return false;
}

void
label_parse(struct lex *lx, struct draft *d)
{
	struct draft_list list = draft_list_on(lx, false);
	struct writer w = writer_on(d->labels, sizeof(d->labels));
	bool first = d->labels_len == 0;

	while (draft_list_more(lx, &list)) {
		struct token where = lx->now;
		uint32_t label = (uint32_t)lex_number(lx, LABEL_MOST, "a label (0 to 1048575)");

		lex_known_as(lx, &where, "MPLS label % out of range");
		if (!first)
			continue;
		write_u24(&w, label << 4);
		if (!writer_ok(&w))
			lex_fault_at(lx, &where, "more labels than a prefix has room for");
	}
	if (!first || lex_failed(lx) || writer_len(&w) == 0)
		return;
	if (ends_early(writer_slice(&w))) {
		lex_fault(lx, "labels 0 and 524288 can only stand last");
		return;
	}
	w.at[-1] |= BOTTOM;
	d->labels_len = writer_len(&w);
	if (d->safi == 0)
		d->safi = SAFI_LABELS;
}

void
rd_word_parse(struct lex *lx, struct draft *d)
{
	static const char what[] = "a route distinguisher (as:number or address:number)";
	struct token where = lx->now;
	struct slice word = lex_word(lx, what);
	uint8_t rd[RD_LEN];

	if (!rd_parse(word, rd)) {
		lex_fault_at(lx, &where, "expected %s", what);
		lex_known_as(lx, &where, "invalid route-distinguisher %");
		return;
	}
	if (!d->has_rd)
		memcpy(d->rd, rd, RD_LEN);
	d->has_rd = true;
	d->safi = SAFI_VPN;
}

struct slice
draft_labels(const struct draft *d)
{
	return slice_of(d->labels, d->labels_len);
}

void
draft_head(struct lex *lx, struct draft *d, struct slice bytes)
{
	if (bytes.len > sizeof(d->head) - d->head_len) {
		lex_fault(lx, "too much stands in front of the prefix");
		return;
	}
	memcpy(d->head + d->head_len, bytes.at, bytes.len);
	d->head_len += bytes.len;
}
