/* Label stacks in front of a prefix: RFC 8277 2.2, 2.4. */
#pragma once

#include "base/slice.h"
#include "base/wire.h"
#include "lang/emit.h"

#define LABEL_LEN 3

/* The stack, up to its bottom or to what stands for no label in a withdraw; r is bad afterwards if
 * it has no end. */
struct slice labels_take(struct reader *r);
/* What stands beside each label, in the shapes that show it: */
enum labels_raw {
	LABELS_MADE,   /* the bytes that such a label has */
	LABELS_CAME,   /* the bytes as they came */
	LABELS_ALWAYS, /* those, in all shapes */
};
void labels_emit(struct emit *e, struct slice labels, enum labels_raw raw);
