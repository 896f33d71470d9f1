/* TUNNEL_ENCAP in parts: RFC 9012 2, and what an SR policy is made of: RFC 9830 2.4, RFC 9831. */
#pragma once

#include "base/slice.h"
#include "base/text.h"
#include "base/wire.h"
#include "lang/emit.h"
#include "lang/lex.h"

#include <stdbool.h>
#include <stdint.h>

enum tunnel_type {
	TUNNEL_SR_POLICY = 15,
};

/* The sub-TLVs of an SR policy. */
enum policy_sub {
	SUB_PREFERENCE = 12,
	SUB_BINDING_SID = 13,
	SUB_PRIORITY = 15,
	SUB_SRV6_BINDING_SID = 20,
	SUB_SEGMENT_LIST = 128,
	SUB_PATH_NAME = 129,
	SUB_POLICY_NAME = 130,
};

/* Beside segments in a list of them. */
#define SEGMENT_WEIGHT 9

/* The 20 bits of a label in an entry of a label stack, RFC 3032 2.1. */
#define LABEL_SHIFT  12
#define LABEL_MAX    0xfffff
#define LABEL_BOTTOM 0x100

/* Behavior (2), reserved (2), and the lengths of the four parts of a SID: RFC 9831 2.10. */
#define BEHAVIOR_LEN 8

struct part {
	unsigned type;
	struct slice value;
};

/* One of each kind; r is bad afterwards if it is cut off. */
struct part tunnel_take(struct reader *r);  /* type and length of 2 bytes */
struct part sub_take(struct reader *r);     /* from type 128 on, a length of 2 bytes, else of 1 */
struct part segment_take(struct reader *r); /* type and length of 1 byte */

/* Is it as long as what it says? What nobody knows is good. */
bool segment_good(const struct part *p);
bool segment_known(const struct part *p);

/* type-X and its words, behind "segment", onto w. The place of a label that may be the bottom of
 * the stack goes to *bottom. */
void segment_read(struct lex *lx, struct writer *w, size_t *bottom);
/* One that is known and good, in JSON and words. */
void segment_emit(struct emit *e, const struct part *p);
/* The same in short: its SID, or what it leads to. */
void segment_text(struct text *t, const struct part *p);

/* endpoint-behavior B LB LN FUN ARG, if it is next: RFC 9831 2.10 */
bool behavior_read(struct lex *lx, struct writer *w);
void behavior_emit(struct emit *e, struct slice value);

/* One sub-TLV of an SR policy, behind its word, onto w. */
void preference_read(struct lex *lx, struct writer *w);
void priority_read(struct lex *lx, struct writer *w);
void binding_sid_read(struct lex *lx, struct writer *w);
void srv6_binding_sid_read(struct lex *lx, struct writer *w);
void policy_name_read(struct lex *lx, struct writer *w);
void path_name_read(struct lex *lx, struct writer *w);
void segment_list_read(struct lex *lx, struct writer *w);
/* Any number of them up to the end of the statement; false at a word that is none. */
bool policy_words_read(struct lex *lx, struct writer *w);

void tunnel_encap_emit(struct emit *e, struct slice value);
