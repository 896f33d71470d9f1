/* Label stacks in front of a prefix: RFC 8277 2.2, 2.4. */
#pragma once

#include "base/slice.h"
#include "base/wire.h"
#include "lang/emit.h"

#define LABEL_LEN 3

/* The stack, up to its bottom or to what stands for no label in a withdraw; r is bad afterwards if
 * it has no end. */
struct slice labels_take(struct reader *r);
/* raw: the bytes as they came stand beside each label in the shapes that show them; else only
 * what the label is made of. */
void labels_emit(struct emit *e, struct slice labels, bool raw);
