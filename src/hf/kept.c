/* What a helper wants to be given when it starts again. */
#include "hf/kept.h"

#include "base/blob.h"

void
hf_kept_free(struct hf_kept *k)
{
	struct slice key;
	void *value;

	for (size_t at = 0; map_next(&k->keys, &at, &key, &value);)
		blob_drop(value);
	map_free(&k->keys);
	*k = (struct hf_kept){ 0 };
}

bool
hf_kept_put(struct hf_kept *k, struct slice key, struct slice base64)
{
	struct blob *old = map_get(&k->keys, key);
	size_t bytes = k->bytes - (old == NULL ? 0 : old->len) + base64.len;

	if (bytes > HF_KEPT_TOTAL || (old == NULL && k->keys.count == HF_KEPT_KEYS))
		return false;
	map_put(&k->keys, key, blob_new(base64));
	blob_drop(old);
	k->bytes = bytes;
	return true;
}
