/* Immutable counted bytes. */
#include "base/blob.h"

#include "base/mem.h"
#include "base/must.h"

struct blob *
blob_room(size_t len)
{
	struct blob *b;

	MUST(len <= UINT32_MAX);
	b = mem_get(sizeof(*b) + len);
	b->holders = 1;
	b->len = (uint32_t)len;
	return b;
}

struct blob *
blob_new(struct slice bytes)
{
	struct blob *b = blob_room(bytes.len);

	if (bytes.len != 0)
		memcpy(b->bytes, bytes.at, bytes.len);
	return b;
}

struct blob *
blob_hold(struct blob *b)
{
	MUST(b->holders > 0);
	b->holders++;
	return b;
}

void
blob_drop(struct blob *b)
{
	if (b == NULL)
		return;
	MUST(b->holders > 0);
	if (--b->holders == 0)
		mem_free(b);
}
