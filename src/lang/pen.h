/* How bytes that somebody else chose are spelt, per spelling. */
#pragma once

#include "base/slice.h"
#include "base/text.h"

void pen_json_string(struct text *to, struct slice bytes);  /* with its quotes */
void pen_text_string(struct text *to, struct slice bytes);  /* bare, escaped */
void pen_words_string(struct text *to, struct slice bytes); /* in quotes when needed */
