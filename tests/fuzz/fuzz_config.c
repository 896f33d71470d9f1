/* Configurations: read or refused with a place; what was read is written, and reads back. */
#include "config/config.h"

#include "base/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static const struct config_env env = {
	.directory = "/nowhere", .passive = true, .end_closes = true
};

static void
print_all(const struct config *c, struct text *to)
{
	for (size_t i = 0; i < c->helper_count; i++) {
		text_string(to, "process \"");
		text_string(to, c->helpers[i]->name);
		text_string(to, "\" { run x; }\n");
	}
	for (size_t i = 0; i < c->neighbor_count; i++)
		neighbor_print(c->neighbors[i], to);
}

/* Names of helpers are written plainly here: those that need more are not read back. Nor are the
 * sessions of a multi-session neighbor: each is one family of it, the next hops are of the whole.
 */
static bool
is_plain(const struct config *c)
{
	for (size_t i = 0; i < c->helper_count; i++)
		if (strpbrk(c->helpers[i]->name, "\"\\\r\n") != NULL)
			return false;
	for (size_t i = 0; i < c->neighbor_count; i++)
		if (c->neighbors[i]->peer.caps.multisession)
			return false;
	return true;
}

static void
read_back(const struct config *c)
{
	struct text once = { 0 };
	struct text twice = { 0 };
	struct text why = { 0 };
	struct config *back;

	print_all(c, &once);
	back = config_parse(text_view(&once), &env, &why, NULL);
	MUST(back != NULL);
	MUST(back->neighbor_count == c->neighbor_count);
	for (size_t i = 0; i < c->neighbor_count; i++) {
		const struct neighbor_conf *a = c->neighbors[i];
		const struct neighbor_conf *b = back->neighbors[i];

		MUST(peer_conf_same_session(&a->peer, &b->peer));
		MUST(a->routes.count == b->routes.count && a->grant_count == b->grant_count);
	}
	print_all(back, &twice);
	MUST(slice_same(text_view(&once), text_view(&twice)));
	config_free(back);
	text_free(&once);
	text_free(&twice);
	text_free(&why);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct text why = { 0 };
	struct text warnings = { 0 };
	struct config *c = config_parse(slice_of(bytes, len), &env, &why, &warnings);

	MUST((c == NULL) == (why.len != 0));
	if (c != NULL && is_plain(c) && (c->helper_count != 0 || c->neighbor_count != 0))
		read_back(c);
	config_free(c);
	text_free(&why);
	text_free(&warnings);
	return 0;
}
