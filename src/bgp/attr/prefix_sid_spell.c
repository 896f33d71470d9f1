/* BGP Prefix-SID in JSON, text and words. Of TLVs that stand there twice the first is told. */
#include "attr/prefix_sid.h"

#include "attr.h"

/* The names of the parts of a SID: RFC 9252 3.2.1. */
static const char *const structure_names[STRUCTURE_LEN] = {
	"locator-block-length",
	"locator-node-length",
	"function-length",
	"argument-length",
	"transposition-length",
	"transposition-offset",
};

/* Every TLV of a type that was not told yet. */
static void
walk(struct text *t, struct slice value, void (*put)(struct text *t, const struct tlv *tlv))
{
	struct reader r = reader_on(value);
	uint64_t told[4] = { 0 };
	bool any = false;

	while (reader_more(&r)) {
		struct tlv tlv = tlv_take(&r);
		uint64_t bit = UINT64_C(1) << tlv.type % 64;

		if ((told[tlv.type / 64] & bit) != 0)
			continue;
		told[tlv.type / 64] |= bit;
		if (any)
			text_string(t, ", ");
		put(t, &tlv);
		any = true;
	}
}

static void
json_index(struct text *t, struct slice value)
{
	text_format(t, "\"sr-label-index\": %u", load_u32(value.at + 3));
}

static void
json_ranges(struct text *t, struct slice value)
{
	struct reader r = reader_on(slice_after(value, 2));

	text_string(t, "\"sr-srgbs\": [");
	while (reader_more(&r)) {
		uint32_t base = read_u24(&r);

		text_format(t, "[%u, %u]", base, read_u24(&r));
		if (reader_more(&r))
			text_string(t, ", ");
	}
	text_char(t, ']');
}

static void
put_sid(struct text *t, const struct sid_info *info)
{
	struct addr sid = addr_of_bytes(info->sid);

	addr_print(t, &sid);
}

/* What stands behind the behavior of a SID: RFC 9252 3.2. */
static void
json_data(struct text *t, const struct tlv *tlv)
{
	if (tlv->type != SUB_STRUCTURE) {
		text_format(t, "\"unknown-subtlv-%u\": \"0x", tlv->type);
		text_hex_upper(t, tlv->value);
		text_char(t, '"');
		return;
	}
	text_string(t, "\"structure\": {");
	for (size_t i = 0; i < STRUCTURE_LEN; i++)
		text_format(
		    t, "%s\"%s\": %u", i == 0 ? "" : ", ", structure_names[i], tlv->value.at[i]);
	text_char(t, '}');
}

static void
json_info(struct text *t, const struct sid_info *info)
{
	text_string(t, "{ \"sid\": \"");
	put_sid(t, info);
	text_format(t, "\", \"flags\": %u, \"endpoint_behavior\": %u", info->flags, info->behavior);
	if (info->data.len != 0) {
		text_string(t, ", ");
		walk(t, info->data, json_data);
	}
	text_string(t, " }");
}

static void
json_service(struct text *t, const char *word, struct slice value)
{
	struct reader r = reader_on(slice_after(value, 1));
	struct sid_info info;

	text_format(t, "\"%s\": [ ", word);
	while (reader_more(&r)) {
		struct tlv sub = tlv_take(&r);

		if (sub.type == SUB_SID && sid_info_read(sub.value, &info)) {
			json_info(t, &info);
		} else {
			text_format(t, "{\"type\": %u, \"raw\": \"", sub.type);
			text_hex(t, sub.value);
			text_string(t, "\"}");
		}
		if (reader_more(&r))
			text_string(t, ", ");
	}
	text_string(t, " ]");
}

static void
json_tlv(struct text *t, const struct tlv *tlv)
{
	switch (tlv->type) {
	case TLV_LABEL_INDEX: json_index(t, tlv->value); break;
	case TLV_SRGB: json_ranges(t, tlv->value); break;
	case TLV_L3_SERVICE: json_service(t, "l3-service", tlv->value); break;
	case TLV_L2_SERVICE: json_service(t, "l2-service", tlv->value); break;
	default:
		text_format(t, "\"attribute-not-implemented-%u\": \"0x", tlv->type);
		text_hex(t, tlv->value);
		text_char(t, '"');
	}
}

static void
text_ranges(struct text *t, struct slice value)
{
	struct reader r = reader_on(slice_after(value, 2));

	text_string(t, "[ ");
	while (reader_more(&r)) {
		uint32_t base = read_u24(&r);

		text_format(t, "( %u,%u )", base, read_u24(&r));
		if (reader_more(&r))
			text_string(t, ", ");
	}
	text_string(t, " ]");
}

static void
put_structure(struct text *t, struct slice structure)
{
	for (size_t i = 0; i < STRUCTURE_LEN; i++)
		text_format(t, "%c%u", i == 0 ? '[' : ',', structure.at[i]);
	text_char(t, ']');
}

static void
text_unknown(struct text *t, const struct tlv *tlv)
{
	text_format(t, "%u 0x", tlv->type);
	text_hex(t, tlv->value);
}

static void
text_data(struct text *t, const struct tlv *tlv)
{
	if (tlv->type != SUB_STRUCTURE) {
		text_unknown(t, tlv);
		return;
	}
	text_string(t, "sid-structure ");
	put_structure(t, tlv->value);
}

static void
text_service(struct text *t, const char *word, struct slice value)
{
	struct reader r = reader_on(slice_after(value, 1));
	struct sid_info info;

	text_format(t, "%s [ ", word);
	while (reader_more(&r)) {
		struct tlv sub = tlv_take(&r);

		if (sub.type == SUB_SID && sid_info_read(sub.value, &info)) {
			text_string(t, "sid-information [ sid:");
			put_sid(t, &info);
			text_format(
			    t, " flags:%u endpoint_behavior:0x%x ", info.flags, info.behavior);
			if (info.data.len != 0) {
				text_string(t, " [ ");
				walk(t, info.data, text_data);
				text_string(t, " ]");
			}
			text_string(t, " ]");
		} else {
			text_unknown(t, &sub);
		}
		if (reader_more(&r))
			text_string(t, ", ");
	}
	text_string(t, " ]");
}

static void
text_tlv(struct text *t, const struct tlv *tlv)
{
	switch (tlv->type) {
	case TLV_LABEL_INDEX: text_uint(t, load_u32(tlv->value.at + 3)); break;
	case TLV_SRGB: text_ranges(t, tlv->value); break;
	case TLV_L3_SERVICE: text_service(t, "l3-service", tlv->value); break;
	case TLV_L2_SERVICE: text_service(t, "l2-service", tlv->value); break;
	default:
		text_format(t, "attribute-not-implemented-%u 0x", tlv->type);
		text_hex(t, tlv->value);
	}
}

/* bgp-prefix-sid [ 42, [ ( 700000,1000 ) ] ]: is that all there is to say? */
static bool
is_index(struct slice value)
{
	static const uint8_t head[] = { TLV_LABEL_INDEX, 0, LABEL_INDEX_LEN, 0, 0, 0 };
	struct reader r = reader_on(value);
	struct slice start = read_slice(&r, sizeof(head));
	struct tlv ranges;

	read_skip(&r, 4);
	if (!slice_same(start, slice_of(head, sizeof(head))))
		return false;
	if (reader_done(&r))
		return true;
	ranges = tlv_take(&r);
	return reader_done(&r) && ranges.type == TLV_SRGB && load_u16(ranges.value.at) == 0;
}

/* bgp-prefix-sid-srv6 ( l3-service SID ... ): is it? */
static bool
is_service(struct slice value, uint8_t *type, struct sid_info *info)
{
	struct reader r = reader_on(value);
	struct tlv service = tlv_take(&r);
	struct reader in = reader_on(service.value);
	uint8_t reserved = read_u8(&in);
	struct tlv sub = tlv_take(&in);

	*type = service.type;
	if (service.type != TLV_L3_SERVICE && service.type != TLV_L2_SERVICE)
		return false;
	return reader_done(&r) && reader_done(&in) && reserved == 0 && sub.type == SUB_SID &&
	    sid_info_read(sub.value, info) && info->reserved == 0 && info->flags == 0 &&
	    info->reserved_too == 0 && !info->more;
}

static void
words(struct emit *e, struct slice value)
{
	struct record raw = { attr_prefix_sid.code, attr_prefix_sid.flags, RECORD_RAW, value };
	struct sid_info info;
	struct text *t;
	uint8_t type;

	if (is_index(value)) {
		t = emit_value(e, &FIELD("bgp-prefix-sid"));
		text_string(t, "[ ");
		walk(t, value, text_tlv);
		text_string(t, " ]");
	} else if (is_service(value, &type, &info)) {
		t = emit_value(e, &FIELD("bgp-prefix-sid-srv6"));
		text_string(t, type == TLV_L3_SERVICE ? "( l3-service " : "( l2-service ");
		put_sid(t, &info);
		text_format(t, " 0x%x ", info.behavior);
		if (info.structure.at != NULL) {
			put_structure(t, info.structure);
			text_char(t, ' ');
		}
		text_char(t, ')');
	} else {
		unknown_emit(e, &raw);
	}
}

void
prefix_sid_emit(struct emit *e, struct slice value)
{
	bool json = e->spelling == SPELL_JSON;
	struct text *t;

	if (e->spelling == SPELL_WORDS) {
		words(e, value);
		return;
	}
	t = emit_value(e, &FIELD("bgp-prefix-sid"));
	if (t == NULL)
		return;
	text_string(t, json ? "{ " : "[ ");
	walk(t, value, json ? json_tlv : text_tlv);
	text_string(t, json ? " }" : " ]");
}
