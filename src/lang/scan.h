/* The next token out of a text. */
#pragma once

#include "lang/lex.h"

void scan_next(struct lex *lx); /* fills lx->now from lx->at on */
void scan_stop(struct lex *lx); /* nothing comes any more */
bool scan_ends_statement(const struct token *t);
