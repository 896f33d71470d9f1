/* BGP-LS: each TLV has its member, what is odd is told as bytes, and all of it is JSON. */
#include "bytes.h"
#include "mutate.h"
#include "said.h"

#include "attr.h"

#include "base/arena.h"
#include "bgp/route.h"
#include "bgp/shape.h"
#include "bgp/update.h"
#include "lang/json.h"

/* clang-format off */
static const struct tlv_vector {
	const char *tlvs;
	const char *six;
	const char *five; /* NULL: the same */
} vectors[] = {
	{ "0400000190",
	  "\"node-flags\": {\"O\": 1, \"T\": 0, \"E\": 0, \"B\": 1, \"R\": 0, \"V\": 0, \"RSV\": 0}",
	  NULL },
	{ "040100020102",
	  "\"opaque\": \"0102\"",
	  "\"opaque\": \"\\u0001\\u0002\"" },
	{ "040200056e6f646531",
	  "\"node-name\": \"node1\"",
	  NULL },
	{ "04030003490001",
	  "\"area-ids\": [\"4784129\"]",
	  "\"area-id\": \"4784129\"" },
	{ "040400040a000001",
	  "\"local-router-ids\": [\"10.0.0.1\"]",
	  "\"local-te-router-ids\": [\"10.0.0.1\"]" },
	{ "0405001020010db8000000000000000000000001",
	  "\"local-router-ids\": [\"2001:db8::1\"]",
	  "\"local-te-router-ids\": [\"2001:db8::1\"]" },
	{ "040600040a000002",
	  "\"remote-router-ids\": [\"10.0.0.2\"]",
	  "\"remote-te-router-id\": \"10.0.0.2\"" },
	{ "0407001020010db8000000000000000000000002",
	  "\"remote-router-ids\": [\"2001:db8::2\"]",
	  "\"remote-te-router-id\": \"2001:db8::2\"" },
	{ "040a000c800000006404890003003e80",
	  "\"sr-capability-flags\": {\"I\": 1, \"V\": 0, \"RSV\": 0}, \"sids\": [[100, 16000]]",
	  NULL },
	{ "040a000dc0000000640489000400003e80",
	  "\"sr-capability-flags\": {\"I\": 1, \"V\": 1, \"RSV\": 0}, \"sids\": [[100, 16000]]",
	  NULL },
	{ "040b00020001",
	  "\"sr-algorithms\": [0, 1]",
	  NULL },
	{ "040c000c000000006404890003003e80",
	  "\"generic-lsid-1036\": [\"0x000000006404890003003E80\"]",
	  NULL },
	{ "040d000101",
	  "\"generic-lsid-1037\": [\"0x01\"]",
	  NULL },
	{ "040e000440000000",
	  "\"srv6-capabilities\": {\"flags\": {\"O\": 0}}",
	  NULL },
	{ "04400004000000ff",
	  "\"admin-group-mask\": 255",
	  NULL },
	{ "044100044b989680",
	  "\"maximum-link-bandwidth\": 20000000.0",
	  NULL },
	{ "044200044b989680",
	  "\"maximum-reservable-link-bandwidth\": 20000000.0",
	  NULL },
	{ "044300204b9896804b9896804b9896804b9896804b9896804b9896804b9896804b989680",
	  "\"unreserved-bandwidth\": [20000000.0, 20000000.0, 20000000.0, 20000000.0, 20000000.0, 20000000.0, 20000000.0, 20000000.0]",
	  NULL },
	{ "044400040000000a",
	  "\"te-metric\": 10",
	  NULL },
	{ "044500020800",
	  "\"link-protection-flags\": {\"ExtraTrafic\": 0, \"Unprotected\": 0, \"Shared\": 0, \"Dedicated 1:1\": 0, \"Dedicated 1+1\": 1, \"Enhanced\": 0, \"RSV\": 0}",
	  NULL },
	{ "04460001c0",
	  "\"mpls-mask\": {\"LDP\": 1, \"RSVP-TE\": 1, \"RSV\": 0}",
	  NULL },
	{ "044700010a",
	  "\"igp-metric\": 10",
	  NULL },
	{ "04470002000a",
	  "\"igp-metric\": 10",
	  NULL },
	{ "0447000300000a",
	  "\"igp-metric\": 10",
	  NULL },
	{ "044800080000000100000002",
	  "\"shared-risk-link-groups\": [1, 2]",
	  NULL },
	{ "044900020102",
	  "\"opaque-link\": \"0102\"",
	  "\"opaque-link\": \"\\u0001\\u0002\"" },
	{ "044a00056c696e6b31",
	  "\"link-name\": \"link1\"",
	  NULL },
	{ "044b000730000000003e80",
	  "\"sr-adjs\": [{\"flags\": {\"F\": 0, \"B\": 0, \"V\": 1, \"L\": 1, \"S\": 0, \"P\": 0, \"RSV\": 0}, \"sids\": [16000], \"weight\": 0, \"undecoded-sids\": []}]",
	  "\"sr-adj\": {\"flags\": {\"F\": 0, \"B\": 0, \"V\": 1, \"L\": 1, \"S\": 0, \"P\": 0, \"RSV\": 0}, \"sids\": [16000], \"weight\": 0, \"undecoded-sids\": []}" },
	{ "044b00080000000000003e80",
	  "\"sr-adjs\": [{\"flags\": {\"F\": 0, \"B\": 0, \"V\": 0, \"L\": 0, \"S\": 0, \"P\": 0, \"RSV\": 0}, \"sids\": [16000], \"weight\": 0, \"undecoded-sids\": []}]",
	  "\"sr-adj\": {\"flags\": {\"F\": 0, \"B\": 0, \"V\": 0, \"L\": 0, \"S\": 0, \"P\": 0, \"RSV\": 0}, \"sids\": [16000], \"weight\": 0, \"undecoded-sids\": []}" },
	{ "044c000d30000000000000000002003e80",
	  "\"sr-adj-lan\": [{\"F\": 0, \"B\": 0, \"V\": 1, \"L\": 1, \"S\": 0, \"P\": 0, \"RSV\": 0}]",
	  "\"sr-adj-lan-sids\": [{\"flags\": {\"F\": 0, \"B\": 0, \"V\": 1, \"L\": 1, \"S\": 0, \"P\": 0, \"RSV\": 0}, \"weight\": 0, \"system-id\": \"000000000002\", \"sids\": [16000], \"undecoded\": []}]" },
	{ "044d00080000000000003e80",
	  "\"generic-lsid-1101\": [\"0x0000000000003E80\"]",
	  NULL },
	{ "0452001600390000000020010db800000000000000000000000e",
	  "\"srv6-endx\": [{\"flags\": {\"B\": 0, \"S\": 0, \"P\": 0, \"RSV\": 0}, \"behavior\": 57, \"algorithm\": 0, \"weight\": 0, \"sid\": \"2001:db8::e\"}]",
	  NULL },
	{ "0452001e00398000050020010db800000000000000000000000e04e4000420101000",
	  "\"srv6-endx\": [{\"flags\": {\"B\": 1, \"S\": 0, \"P\": 0, \"RSV\": 0}, \"behavior\": 57, \"algorithm\": 0, \"weight\": 5, \"sid\": \"2001:db8::e\", \"srv6-sid-structure\": {\"loc_block_len\": 32, \"loc_node_len\": 16, \"func_len\": 16, \"arg_len\": 0}}]",
	  NULL },
	{ "0453001c00398000050000000000000220010db800000000000000000000000e",
	  "\"srv6-lan-endx-isis\": [{\"flags\": {\"B\": 1, \"S\": 0, \"P\": 0, \"RSV\": 0}, \"neighbor-id\": \"000000000002\", \"behavior\": 57, \"algorithm\": 0, \"weight\": 5, \"sid\": \"2001:db8::e\"}]",
	  NULL },
	{ "0454001a0039800005000a00000220010db800000000000000000000000e",
	  "\"srv6-lan-endx-ospf\": [{\"flags\": {\"B\": 1, \"S\": 0, \"P\": 0, \"RSV\": 0}, \"neighbor-id\": \"10.0.0.2\", \"behavior\": 57, \"algorithm\": 0, \"weight\": 5, \"sid\": \"2001:db8::e\"}]",
	  NULL },
	{ "0452001b00398000050020010db800000000000000000000000e00090001ab",
	  "\"srv6-endx\": [{\"flags\": {\"B\": 1, \"S\": 0, \"P\": 0, \"RSV\": 0}, \"behavior\": 57, \"algorithm\": 0, \"weight\": 5, \"sid\": \"2001:db8::e\", \"unknown-subtlv-9\": \"0xAB\"}]",
	  "\"srv6-endx\": [{\"flags\": {\"B\": 1, \"S\": 0, \"P\": 0, \"RSV\": 0}, \"behavior\": 57, \"algorithm\": 0, \"weight\": 5, \"sid\": \"2001:db8::e\", \"9-undecoded\": \"0xAB\"}]" },
	{ "0452003300398000050020010db800000000000000000000000e00090001ab04e4000420101000000000000009000004e4000420101000",
	  "\"srv6-endx\": [{\"flags\": {\"B\": 1, \"S\": 0, \"P\": 0, \"RSV\": 0}, \"behavior\": 57, \"algorithm\": 0, \"weight\": 5, \"sid\": \"2001:db8::e\", \"srv6-sid-structure\": {\"loc_block_len\": 32, \"loc_node_len\": 16, \"func_len\": 16, \"arg_len\": 0}, \"unknown-subtlv-9\": [\"0xAB\", \"0x\"], \"unknown-subtlv-0\": \"0x\", \"unknown-subtlv-1252\": \"0x20101000\"}]",
	  "\"srv6-endx\": [{\"flags\": {\"B\": 1, \"S\": 0, \"P\": 0, \"RSV\": 0}, \"behavior\": 57, \"algorithm\": 0, \"weight\": 5, \"sid\": \"2001:db8::e\", \"srv6-sid-structure\": {\"loc_block_len\": 32, \"loc_node_len\": 16, \"func_len\": 16, \"arg_len\": 0}, \"9-undecoded\": [\"0xAB\", \"0x\"], \"0-undecoded\": \"0x\", \"1252-undecoded\": \"0x20101000\"}]" },
	{ "0453002200398000050000000000000220010db800000000000000000000000e04e400022010",
	  "\"srv6-lan-endx-isis\": [{\"flags\": {\"B\": 1, \"S\": 0, \"P\": 0, \"RSV\": 0}, \"neighbor-id\": \"000000000002\", \"behavior\": 57, \"algorithm\": 0, \"weight\": 5, \"sid\": \"2001:db8::e\", \"unknown-subtlv-1252\": \"0x2010\"}]",
	  "\"srv6-lan-endx-isis\": [{\"flags\": {\"B\": 1, \"S\": 0, \"P\": 0, \"RSV\": 0}, \"neighbor-id\": \"000000000002\", \"behavior\": 57, \"algorithm\": 0, \"weight\": 5, \"sid\": \"2001:db8::e\", \"1252-undecoded\": \"0x2010\"}]" },
	{ "045400270039800005000a00000220010db800000000000000000000000e04e4000420101000ffff0001ab",
	  "\"srv6-lan-endx-ospf\": [{\"flags\": {\"B\": 1, \"S\": 0, \"P\": 0, \"RSV\": 0}, \"neighbor-id\": \"10.0.0.2\", \"behavior\": 57, \"algorithm\": 0, \"weight\": 5, \"sid\": \"2001:db8::e\", \"srv6-sid-structure\": {\"loc_block_len\": 32, \"loc_node_len\": 16, \"func_len\": 16, \"arg_len\": 0}, \"unknown-subtlv-65535\": \"0xAB\"}]",
	  "\"srv6-lan-endx-ospf\": [{\"flags\": {\"B\": 1, \"S\": 0, \"P\": 0, \"RSV\": 0}, \"neighbor-id\": \"10.0.0.2\", \"behavior\": 57, \"algorithm\": 0, \"weight\": 5, \"sid\": \"2001:db8::e\", \"srv6-sid-structure\": {\"loc_block_len\": 32, \"loc_node_len\": 16, \"func_len\": 16, \"arg_len\": 0}, \"65535-undecoded\": \"0xAB\"}]" },
	{ "048a000d80000000000000140009000101",
	  "\"srv6-locators\": [{\"flags\": {\"D\": 1, \"RSV\": 0}, \"algorithm\": 0, \"metric\": 20, \"unknown-subtlv-9\": \"0x01\"}]",
	  "\"srv6-locator\": {\"flags\": {\"D\": 1, \"RSV\": 0}, \"algorithm\": 0, \"metric\": 20, \"9-undecoded\": \"0x01\"}" },
	{ "0452001b00398000050020010db800000000000000000000000e0009000201",
	  "\"generic-lsid-1106\": [\"0x00398000050020010DB800000000000000000000000E0009000201\"]",
	  NULL },
	{ "045a000400000064",
	  "\"unidirectional-link-delay\": {\"delay-us\": 100, \"anomalous\": false}",
	  "\"generic-lsid-1114\": [\"0x00000064\"]" },
	{ "045a000480000064",
	  "\"unidirectional-link-delay\": {\"delay-us\": 100, \"anomalous\": true}",
	  "\"generic-lsid-1114\": [\"0x80000064\"]" },
	{ "045b000800000064000000c8",
	  "\"minmax-unidirectional-link-delay\": {\"min-delay-us\": 100, \"max-delay-us\": 200, \"anomalous\": false}",
	  "\"generic-lsid-1115\": [\"0x00000064000000C8\"]" },
	{ "045c00040000000a",
	  "\"unidirectional-delay-variation\": 10",
	  "\"generic-lsid-1116\": [\"0x0000000A\"]" },
	{ "045c0004ff00000a",
	  "\"unidirectional-delay-variation\": 10",
	  "\"generic-lsid-1116\": [\"0xFF00000A\"]" },
	{ "045d000400000064",
	  "\"unidirectional-link-loss\": {\"loss-percent\": 0.00030000000000000003, \"anomalous\": false}",
	  "\"generic-lsid-1117\": [\"0x00000064\"]" },
	{ "045e00044b989680",
	  "\"unidirectional-residual-bandwidth\": 20000000.0",
	  "\"generic-lsid-1118\": [\"0x4B989680\"]" },
	{ "045f00044b989680",
	  "\"unidirectional-available-bandwidth\": 20000000.0",
	  "\"generic-lsid-1119\": [\"0x4B989680\"]" },
	{ "046000044b989680",
	  "\"unidirectional-utilized-bandwidth\": 20000000.0",
	  "\"generic-lsid-1120\": [\"0x4B989680\"]" },
	{ "0462000101",
	  "\"generic-lsid-1122\": [\"0x01\"]",
	  NULL },
	{ "04800001e0",
	  "\"igp-flags\": {\"D\": 1, \"N\": 1, \"L\": 1, \"P\": 0, \"RSV\": 0}",
	  NULL },
	{ "0481000400000001",
	  "\"igp-route-tags\": [1]",
	  NULL },
	{ "048200080000000000000001",
	  "\"igp-extended-route-tags\": [1]",
	  NULL },
	{ "0483000400000014",
	  "\"prefix-metric\": 20",
	  NULL },
	{ "048400040a000009",
	  "\"ospf-forwarding-address\": \"10.0.0.9\"",
	  NULL },
	{ "048500010a",
	  "\"opaque-prefix\": \"0a\"",
	  "\"opaque-prefix\": \"\\n\"" },
	{ "048600080000000000000064",
	  "\"sr-prefix-sids\": [{\"sr-prefix-flags\": {\"R\": 0, \"N\": 0, \"P\": 0, \"E\": 0, \"V\": 0, \"L\": 0, \"RSV\": 0}, \"sids\": [100], \"undecoded-sids\": [], \"sr-algorithm\": 0}]",
	  "\"sr-prefix-flags\": {\"R\": 0, \"N\": 0, \"P\": 0, \"E\": 0, \"V\": 0, \"L\": 0, \"RSV\": 0}, \"sids\": [100], \"undecoded-sids\": [], \"sr-algorithm\": 0" },
	{ "048600070c000000003e80",
	  "\"sr-prefix-sids\": [{\"sr-prefix-flags\": {\"R\": 0, \"N\": 0, \"P\": 0, \"E\": 0, \"V\": 1, \"L\": 1, \"RSV\": 0}, \"sids\": [16000], \"undecoded-sids\": [], \"sr-algorithm\": 0}]",
	  "\"sr-prefix-flags\": {\"R\": 0, \"N\": 0, \"P\": 0, \"E\": 0, \"V\": 1, \"L\": 1, \"RSV\": 0}, \"sids\": [16000], \"undecoded-sids\": [], \"sr-algorithm\": 0" },
	{ "0487000101",
	  "\"generic-lsid-1159\": [\"0x01\"]",
	  NULL },
	{ "048a00088000000000000014",
	  "\"srv6-locators\": [{\"flags\": {\"D\": 1, \"RSV\": 0}, \"algorithm\": 0, \"metric\": 20}]",
	  "\"srv6-locator\": {\"flags\": {\"D\": 1, \"RSV\": 0}, \"algorithm\": 0, \"metric\": 20}" },
	{ "04920001e0",
	  "\"sr-prefix-attribute-flags\": {\"X\": 1, \"R\": 1, \"N\": 1, \"RSV\": 0}",
	  NULL },
	{ "049300040a000001",
	  "\"sr-source-router-id\": \"10.0.0.1\"",
	  NULL },
	{ "0493001020010db8000000000000000000000001",
	  "\"sr-source-router-id\": \"2001:db8::1\"",
	  NULL },
	{ "04e2000400300080",
	  "\"srv6-endpoint-behavior\": {\"endpoint-behavior\": 48, \"flags\": [], \"algorithm\": 128}",
	  NULL },
	{ "04e3000101",
	  "\"generic-lsid-1251\": [\"0x01\"]",
	  NULL },
	{ "04e4000420101000",
	  "\"srv6-sid-structure\": {\"loc_block_len\": 32, \"loc_node_len\": 16, \"func_len\": 16, \"arg_len\": 0}",
	  NULL },
	{ "010200080000000100000002",
	  "\"link-local-remote-identifiers\": {\"local-id\": 1, \"remote-id\": 2}",
	  "\"generic-lsid-258\": [\"0x0000000100000002\"]" },
	{ "010a00020001",
	  "\"generic-lsid-266\": [\"0x0001\"]",
	  NULL },
	{ "03e70002abcd",
	  "\"generic-lsid-999\": [\"0xABCD\"]",
	  NULL },
	{ "0400000190044b000730000000003e800483000400000014044b000730000000003e81040400040a000001",
	  "\"sr-adjs\": [{\"flags\": {\"F\": 0, \"B\": 0, \"V\": 1, \"L\": 1, \"S\": 0, \"P\": 0, \"RSV\": 0}, \"sids\": [16000], \"weight\": 0, \"undecoded-sids\": []}, {\"flags\": {\"F\": 0, \"B\": 0, \"V\": 1, \"L\": 1, \"S\": 0, \"P\": 0, \"RSV\": 0}, \"sids\": [16001], \"weight\": 0, \"undecoded-sids\": []}], \"local-router-ids\": [\"10.0.0.1\"], \"node-flags\": {\"O\": 1, \"T\": 0, \"E\": 0, \"B\": 1, \"R\": 0, \"V\": 0, \"RSV\": 0}, \"prefix-metric\": 20",
	  "\"node-flags\": {\"O\": 1, \"T\": 0, \"E\": 0, \"B\": 1, \"R\": 0, \"V\": 0, \"RSV\": 0}, \"sr-adj\": {\"flags\": {\"F\": 0, \"B\": 0, \"V\": 1, \"L\": 1, \"S\": 0, \"P\": 0, \"RSV\": 0}, \"sids\": [16001], \"weight\": 0, \"undecoded-sids\": []}, \"prefix-metric\": 20, \"local-te-router-ids\": [\"10.0.0.1\"]" },
	{ "048600080000000000000064048600080001000000000065",
	  "\"sr-prefix-sids\": [{\"sr-prefix-flags\": {\"R\": 0, \"N\": 0, \"P\": 0, \"E\": 0, \"V\": 0, \"L\": 0, \"RSV\": 0}, \"sids\": [100], \"undecoded-sids\": [], \"sr-algorithm\": 0}, {\"sr-prefix-flags\": {\"R\": 0, \"N\": 0, \"P\": 0, \"E\": 0, \"V\": 0, \"L\": 0, \"RSV\": 0}, \"sids\": [101], \"undecoded-sids\": [], \"sr-algorithm\": 1}]",
	  "\"sr-prefix-flags\": {\"R\": 0, \"N\": 0, \"P\": 0, \"E\": 0, \"V\": 0, \"L\": 0, \"RSV\": 0}, \"sids\": [101], \"undecoded-sids\": [], \"sr-algorithm\": 1" },
	{ "04830004000000140483000400000015",
	  "\"prefix-metric\": 21",
	  NULL },
	{ "044c000d30000000000000000002003e80044c000d30000000000000000003003e81",
	  "\"sr-adj-lan\": [{\"F\": 0, \"B\": 0, \"V\": 1, \"L\": 1, \"S\": 0, \"P\": 0, \"RSV\": 0}, {\"F\": 0, \"B\": 0, \"V\": 1, \"L\": 1, \"S\": 0, \"P\": 0, \"RSV\": 0}]",
	  "\"sr-adj-lan-sids\": [{\"flags\": {\"F\": 0, \"B\": 0, \"V\": 1, \"L\": 1, \"S\": 0, \"P\": 0, \"RSV\": 0}, \"weight\": 0, \"system-id\": \"000000000002\", \"sids\": [16000], \"undecoded\": []}, {\"flags\": {\"F\": 0, \"B\": 0, \"V\": 1, \"L\": 1, \"S\": 0, \"P\": 0, \"RSV\": 0}, \"weight\": 0, \"system-id\": \"000000000003\", \"sids\": [16001], \"undecoded\": []}]" },
	{ "04000000",
	  "\"generic-lsid-1024\": [\"0x\"]",
	  NULL },
	{ "044100047f800000",
	  "\"maximum-link-bandwidth\": null",
	  NULL },
	{ "03e70001aa04000002000003e70001bb",
	  "\"generic-lsid-999\": [\"0xAA\", \"0xBB\"], \"generic-lsid-1024\": [\"0x0000\"]",
	  NULL },
	{ "",
	  "",
	  NULL },
	{ "040a000c800000006404890003003e80048600080000000000000064",
	  "\"sr-prefix-sids\": [{\"sr-prefix-flags\": {\"R\": 0, \"N\": 0, \"P\": 0, \"E\": 0, \"V\": 0, \"L\": 0, \"RSV\": 0}, \"sids\": [100], \"undecoded-sids\": [], \"sr-algorithm\": 0}], \"sr-capability-flags\": {\"I\": 1, \"V\": 0, \"RSV\": 0}, \"sids\": [[100, 16000]]",
	  "\"sr-capability-flags\": {\"I\": 1, \"V\": 0, \"RSV\": 0}, \"sids\": [[100, 16000]]" },
};
/* clang-format on */

#define VECTORS (sizeof(vectors) / sizeof(vectors[0]))

static struct slice
body_of(const char *tlvs, struct bytes *b)
{
	struct text t = { 0 };
	struct slice body;

	text_format(&t,
	    "40010100400206020100"
	    "00fdea901d%04zx%s",
	    strlen(tlvs) / 2, tlvs);
	body = update_of(b, "", text_chars(&t), "");
	text_free(&t);
	return body;
}

static void
tell(const struct attrs *a, uint32_t shape, struct text *to)
{
	struct emit e = emit_on(to, SPELL_JSON, shape);

	text_clear(to);
	emit_open(&e, &BARE, &MARKS_OBJECT);
	attrs_emit(&e, a);
	emit_close(&e);
}

static void
expect(const struct attrs *a, uint32_t shape, const char *tlvs, const char *members)
{
	struct text got = { 0 };
	struct text want = { 0 };

	text_format(
	    &want, members[0] == '\0' ? "\"bgp-ls\": { %s} }" : "\"bgp-ls\": { %s } }", members);
	tell(a, shape, &got);
	cr_expect(got.len > want.len &&
		strcmp(text_chars(&got) + got.len - want.len, text_chars(&want)) == 0,
	    "%s\n%s\n%s", tlvs, text_chars(&want), text_chars(&got));
	text_free(&want);
	text_free(&got);
}

Case(bgp_ls, every_tlv_has_its_member)
{
	struct session s = session_assumed();
	struct arena a = { 0 };
	struct bytes b;

	for (size_t i = 0; i < VECTORS; i++) {
		const struct tlv_vector *v = &vectors[i];
		struct update u;

		update_decode(body_of(v->tlvs, &b), &s, &a, NULL, &u);
		cr_assert(u.attrs != NULL, "%s", v->tlvs);
		expect(u.attrs, SHAPE_WIRE_ORDER | SHAPE_LS_6, v->tlvs, v->six);
		expect(u.attrs, 0, v->tlvs, v->five == NULL ? v->six : v->five);
		update_done(&u);
		arena_reset(&a);
	}
	arena_free(&a);
}

static void
try_body(struct slice body, const char *what, void *with)
{
	const struct session *s = with;
	struct text t = { 0 };
	struct text why = { 0 };
	struct arena a = { 0 };
	struct update u;

	update_decode(body, s, &a, NULL, &u);
	for (uint32_t shape = 0; u.attrs != NULL && shape < 2; shape++) {
		tell(u.attrs, shape == 0 ? 0 : UINT32_MAX, &t);
		cr_assert(
		    json_read(text_view(&t), &a, &why) != NULL, "%s: %s", what, text_chars(&t));
	}
	update_done(&u);
	text_free(&t);
	text_free(&why);
	arena_free(&a);
}

Case(bgp_ls, every_small_wrong_has_a_verdict_and_is_json)
{
	struct session s = session_assumed();
	struct bytes b;

	for (size_t i = 0; i < VECTORS; i++)
		(void)mutate_each(body_of(vectors[i].tlvs, &b), try_body, &s);
	cr_expect(attrs_alive() == 0, "%zu sets left", attrs_alive());
}

/* Words of a set's attribute, behind those of a node. */
static void
say_with_node(const struct attrs *a, struct text *to)
{
	struct emit e;

	text_clear(to);
	text_string(to,
	    "bgp-ls bgp-ls node protocol-id 2 node-descriptors [ router-id 000000000001 ] "
	    "next-hop 192.0.2.1 ");
	e = emit_on(to, SPELL_WORDS, 0);
	attrs_emit(&e, a);
}

static void
expect_same_value(const struct attrs *a, const struct attrs *b, const char *what)
{
	struct record one;
	struct record two;

	cr_assert(attrs_find(a, 29, &one) && attrs_find(b, 29, &two), "%s", what);
	cr_expect(slice_same(one.value, two.value), "%s", what);
}

static void
read_back(struct slice body, const char *what, void *with)
{
	const struct session *s = with;
	struct text words = { 0 };
	struct arena a = { 0 };
	struct update u;
	struct record r;

	update_decode(body, s, &a, NULL, &u);
	if (u.attrs != NULL && attrs_find(u.attrs, 29, &r) && r.kind == RECORD_VALUE) {
		struct said again;

		say_with_node(u.attrs, &words);
		cr_assert(strstr(text_chars(&words), " bgp-ls [ ") != NULL, "%s\n%s", what,
		    text_chars(&words));
		again = said_of(text_chars(&words), ROUTE_ANNOUNCE);
		cr_assert(
		    again.good, "%s: %s\n%s", what, text_chars(&again.why), text_chars(&words));
		expect_same_value(u.attrs, again.routes.at[0].attrs, text_chars(&words));
		said_done(&again);
	}
	update_done(&u);
	text_free(&words);
	arena_free(&a);
}

Case(bgp_ls, every_value_is_read_back_from_its_words)
{
	struct session s = session_assumed();
	struct bytes b;

	for (size_t i = 0; i < VECTORS; i++)
		(void)mutate_each(body_of(vectors[i].tlvs, &b), read_back, &s);
	cr_expect(attrs_alive() == 0, "%zu sets left", attrs_alive());
}

/* clang-format off */
static const struct {
	const char *words;
	const char *tlvs;
} said[] = {
	{ "node-flags [ O B ] node-name node1 area-ids 0x490001", "0400000190040200056e6f6465310403""0003490001" },
	{ "local-router-ids [ 10.0.0.1 2001:db8::1 ]", "040400040a0000010405001020010db8000000000000000000000001" },
	{ "sr-capabilities ( sr-capability-flags I sids [ 100 label 16000 ] )", "040a000c800000006404890003003e80" },
	{ "igp-metric 10 te-metric 10 igp-metric 10 width 1", "0447000300000a044400040000000a044700010a" },
	{ "maximum-link-bandwidth 20000000", "044100044b989680" },
	{ "sr-adjs ( flags [ V L ] weight 0 label 16000 )", "044b000730000000003e80" },
	{ "sr-prefix-sids ( index 100 sr-algorithm 0 )", "048600080000000000000064" },
	{ "srv6-endx ( behavior 57 algorithm 0 weight 5 flags B sid 2001:db8::e srv6-sid-structure ( loc_block_len 32 loc_node_len 16 func_len 16 arg_len 0 ) )", "0452001e00398000050020010db800000000000000000000000e04e4000420101000" },
	{ "unidirectional-link-loss ( loss-percent 0.0003 anomalous true )", "045d000480000064" },
	{ "peer-node-sid ( flags [ V L ] weight 0 label 24000 )", "044d0007c0000000005dc0" },
	{ "srv6-bgp-peer-node-sid ( weight 1 peer-as 65001 peer-router-id 10.0.0.1 )", "04e3000c000100000000fde90a000001" },
	{ "sr-local-block ( sids [ 100 label 15000 ] )", "040c000c000000006404890003003a98" },
	{ "generic-lsid-999 [ 0xab 0xcd ]", "03e70001ab03e70001cd" },
	{ "te-metric 300 width 2", "04440002012c" },
	{ "flex-algo-definition ( algorithm 128 metric-type 1 calculation-type 0 priority 9 sub-tlvs [ exclude-any-affinity [ 1 2 ] definition-flags 0x80 ] )", "040f001580010009041000080000000100000002""0413000180" },
	{ "application-specific-attributes ( standard-applications 0x10000000 sub-tlvs [ te-metric 10 ] )", "04620010040000001000000004440004""0000000a" },
	{ "application-specific-attributes ( user-applications 0x80 )", "04620005000100""0080" },
	{ "application-specific-attributes ( )", "0462000400000000" },
	{ "sr-prefix-range ( range 8 sub-tlvs [ sr-prefix-sids ( index 100 sr-algorithm 0 ) ] )", "0487001000000008""048600080000000000000064" },
	{ "srv6-locators ( flags D algorithm 0 metric 20 sub-tlvs [ generic-lsid-9 0x01 ] )", "048a000d8000000000000014""0009000101" },
	{ "l2-bundle-member ( descriptor 7 sub-tlvs [ igp-metric 10 ] )", "0494000b00000007""0447000300000a" },
};

static const struct {
	const char *words;
	unsigned column;
} wrong[] = {
	{ "bgp-ls bgp-ls nod", 15 },
	{ "bgp-ls bgp-ls node protocol-id 256", 32 },
	{ "bgp-ls bgp-ls node protocol-id 2 node-descriptors [ router-id 10.0.0 ]", 63 },
	{ "bgp-ls bgp-ls node protocol-id 2 node-descriptors [ node-name x ]", 53 },
	{ "bgp-ls bgp-ls node protocol-id 2 next-hop 1.1.1.1", 34 },
	{ "bgp-ls bgp-ls-vpn node protocol-id 2", 24 },
	{ "bgp-ls bgp-ls prefix-v4 protocol-id 3 node-descriptors [ router-id 1.1.1.1 ] ip-reach-prefix 2001:db8::/32", 94 },
	{ "bgp-ls bgp-ls raw 0x000500010a bgp-ls [ generic-xxxx-999 0xab ]", 41 },
	{ "bgp-ls bgp-ls raw 0x000500010a bgp-ls [ igp-metric 300 width 1 ]", 56 },
	{ "bgp-ls bgp-ls raw 0x000500010a bgp-ls [ igp-metric 3 width 4 ]", 60 },
	{ "bgp-ls bgp-ls raw 0x000500010a bgp-ls [ l2-bundle-member ( descriptor 7 sub-tlvs [ l2-bundle-member ( descriptor 7 ) ] ) ]", 84 },
};
/* clang-format on */

Case(bgp_ls, words_become_the_bytes_of_the_rfcs)
{
	struct text words = { 0 };
	struct text got = { 0 };

	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		struct record r;
		struct said s;

		text_clear(&words);
		text_format(&words,
		    "bgp-ls bgp-ls node protocol-id isis-l2 node-descriptors "
		    "[ router-id 0000.0000.0001 ] next-hop 192.0.2.1 bgp-ls [ %s ]",
		    said[i].words);
		s = said_of(text_chars(&words), ROUTE_ANNOUNCE);
		cr_assert(s.good, "%s\n%s", text_chars(&words), text_chars(&s.why));
		cr_assert(attrs_find(s.routes.at[0].attrs, 29, &r), "%s", said[i].words);
		text_clear(&got);
		text_hex(&got, r.value);
		cr_expect_str_eq(
		    text_chars(&got), said[i].tlvs, "%s\n%s", said[i].words, text_chars(&got));
		said_done(&s);
	}
	text_free(&words);
	text_free(&got);
}

Case(bgp_ls, bad_words_are_refused_where_they_stand)
{
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct said s = said_of(wrong[i].words, ROUTE_ANNOUNCE);
		struct text place = { 0 };

		text_format(&place, "column %u:", wrong[i].column);
		cr_expect(!s.good, "%s", wrong[i].words);
		cr_expect(strstr(text_chars(&s.why), text_chars(&place)) != NULL, "%s\n%s",
		    wrong[i].words, text_chars(&s.why));
		said_done(&s);
		text_free(&place);
	}
}

/* RFC 9552 5.1: in ascending order, however they are said. */
Case(bgp_ls, descriptors_are_sent_in_order)
{
	struct said s =
	    said_of("bgp-ls bgp-ls-vpn prefix-v4 rd 65002:100 protocol-id 3 ip-reach-prefix "
		    "10.1.1.0/24 ospf-route-type 1 node-descriptors [ router-id 10.0.0.1 "
		    "ospf-area-id 0.0.0.0 autonomous-system 65002 ] next-hop 192.0.2.1",
		ROUTE_ANNOUNCE);

	cr_assert(s.good, "%s", text_chars(&s.why));
	cr_expect_str_eq(text_chars(&s.hex),
	    "0003003a0000fdea0000006403000000000000000001000018020000040000fdea02020004000000000203"
	    "00040a000001010800010101090004180a0101",
	    "%s", text_chars(&s.hex));
	said_done(&s);
}
