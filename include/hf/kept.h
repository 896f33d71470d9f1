/* What a helper wants to be given when it starts again: the newest text for each key, within
 * limits. */
#pragma once

#include "base/map.h"
#include "base/slice.h"
#include "base/text.h"

#include <stdbool.h>

#define HF_KEPT_KEYS  64                        /* at most */
#define HF_KEPT_TOTAL ((size_t)4 * 1024 * 1024) /* of base64, all keys together */

struct hf_kept {
	struct map keys; /* key -> struct blob */
	size_t bytes;
};

void hf_kept_free(struct hf_kept *k); /* back to the zero value */
/* False: there is no room for it; what was kept for the key stays. */
bool hf_kept_put(struct hf_kept *k, struct slice key, struct slice base64);
/* Appends a restore frame; nothing is there, and no frame, when nothing is kept. */
void hf_say_restore(struct text *to, const struct hf_kept *k);

/* The bytes that so many letters stand for; false: they are no base64. */
bool base64_length(struct slice letters, size_t *bytes);
