/* LOCAL_PREF: RFC 4271 5.1.5. Never sent to an external peer; one that comes from there is shown.
 */
#include "attr.h"

#include "draft.h"

static enum verdict
decode(struct reader *r, const struct session *s, struct attrs_build *to)
{
	(void)s;
	return attr_keep(r, &attr_local_pref, 4, false, to); /* RFC 7606 7.5 */
}

static void
encode(struct slice value, const struct session *s, struct writer *w)
{
	if (session_internal(s))
		attr_write(w, attr_local_pref.flags, attr_local_pref.code, value);
}

static void
parse(struct lex *lx, struct draft *d)
{
	uint8_t value[4];

	store_u32(value, lex_u32(lx, "a number for local-preference"));
	draft_add(lx, d, &attr_local_pref, slice_of(value, sizeof(value)));
}

static void
emit(struct emit *e, struct slice value)
{
	struct reader r = reader_on(value);

	emit_uint(e, &FIELD("local-preference"), read_u32(&r));
}

const struct attr attr_local_pref = {
	.code = 5,
	.flags = ATTR_WELL_KNOWN,
	.traits = ATTR_INTERNAL_ONLY,
	.malformed = VERDICT_WITHDRAW,
	.due = "treat-as-withdraw due to local-preference",
	.words = { { "local-preference", parse } },
	.decode = decode,
	.encode = encode,
	.emit = emit,
};
