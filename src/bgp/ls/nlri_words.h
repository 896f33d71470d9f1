/* An NLRI of link state as words. */
#pragma once

#include "bgp/family.h"
#include "draft.h"
#include "lang/emit.h"

/* Those that have no words of their own, or not exactly these bytes: raw 0x... */
void ls_nlri_emit(struct emit *e, const struct nlri *n);
void ls_nlri_parse(struct lex *lx, struct draft *d);
