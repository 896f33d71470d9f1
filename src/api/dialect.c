/* The rows of the dialects. */
#include "api/dialect.h"

#include "bgp/shape.h"

#define SHAPE_6                                                                                    \
	(SHAPE_WIRE_ORDER | SHAPE_LABEL_RAW | SHAPE_EXT_HEX | SHAPE_NEXT_HOP_INSIDE |              \
	    SHAPE_NO_ERROR | SHAPE_NEGOTIATED | SHAPE_OPEN_FIELD | SHAPE_TEXT_6 | SHAPE_LS_6 |     \
	    SHAPE_TUNNEL | SHAPE_CAPS_6)

#define USAGE                                                                                      \
	"please specify summary, extensive or configuration\n"                                     \
	"you can filter by peer ip address adding it after the word neighbor\n"

static const char *const new_in_5[] = { "source-interface", "software-version", NULL };
static const char *const apart_4[] = { "listen", "connect", "capability", NULL };
static const char *const none[] = { NULL };

static const struct layout layout_4_2 = {
	.usage = USAGE,
	.gap = "\n",
	.heading = "  ",
	.heading_width = 22,
	.row = "   ",
	.add_path_width = 15,
	.add_path_both = "enabled",
	.apart = apart_4,
	.unknown = new_in_5,
	.md5_coding = "auto",
	.ranked = true,
	.of_peer = "neighbor ",
	.hop_told = true,
	.self_told = true,
	.hop_inside = true,
};

static const struct layout layout_5_0 = {
	.usage = USAGE,
	.lists_down = true,
	.gap = "\n",
	.heading = "    ",
	.heading_width = 20,
	.row = "   ",
	.add_path_width = -15,
	.add_path_both = "send/receive",
	.apart = none,
	.unknown = none,
	.ranked = true,
	.of_peer = "",
	.hop_told = true,
};

static const struct layout layout_6_0 = {
	.explains = true,
	.usage = "usage: peer <ip> show [summary|extensive|configuration]\n",
	.lists_down = true,
	.prefixes = true,
	.gap = "",
	.heading = "    ",
	.heading_width = 21,
	.row = "    ",
	.add_path_width = -15,
	.add_path_both = "send/receive",
	.apart = none,
	.unknown = none,
	.of_peer = "",
};

static const struct dialect dialect_4_2 = {
	.word = "4.2",
	.version = "4.0.1",
	.shape = SHAPE_AS_PATH_FLAT | SHAPE_NLRI_NEXT_HOP | SHAPE_NO_ROUTER_ID | SHAPE_NO_NOTE |
	    SHAPE_REASON_WRAPPED | SHAPE_LISTS_WIDE | SHAPE_COMMUNITY_WIRE | SHAPE_LS_OBJECT |
	    SHAPE_CAPS_4 | SHAPE_MESSAGES_4,
	.layout = &layout_4_2,
};

const struct dialect dialect_5_0 = {
	.word = "5.0",
	.version = "5.0.0",
	.shape = SHAPE_NLRI_NEXT_HOP,
	.layout = &layout_5_0,
};

static const struct dialect dialect_6_0 = {
	.word = "6.0",
	.version = "6.0.0",
	.shape = SHAPE_6 | SHAPE_JSON,
	.layout = &layout_6_0,
};

/* 6.0 with the command language of before: the names of 4.2, the shapes of 6.0. */
static const struct dialect dialect_6_0_v4 = {
	.word = "6.0-v4",
	.version = "4.0.1",
	.shape = SHAPE_6 | SHAPE_NLRI_NEXT_HOP,
	.layout = &layout_6_0,
};

static const struct dialect *const dialects[] = {
	&dialect_4_2,
	&dialect_5_0,
	&dialect_6_0,
	&dialect_6_0_v4,
};

const struct dialect *
dialect_at(unsigned i)
{
	return i < sizeof(dialects) / sizeof(*dialects) ? dialects[i] : NULL;
}

const struct dialect *
dialect_of(struct slice word)
{
	const struct dialect *d;

	for (unsigned i = 0; (d = dialect_at(i)) != NULL; i++)
		if (slice_is(word, d->word))
			return d;
	return NULL;
}
