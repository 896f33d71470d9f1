/* Any cutting of bytes into pieces. */
#include "pieces.h"

struct pieces
pieces_of(struct slice bytes, uint32_t seed)
{
	return (struct pieces){ .rest = bytes, .seed = seed, .way = seed };
}

static size_t
some(struct pieces *p)
{
	uint32_t n = dice(&p->seed);

	if (p->way == 0)
		return 1;
	if (p->way == 1)
		return p->rest.len;
	/* mostly a few bytes, now and then a lot */
	return 1 + (n & 7 ? (n >> 3) % 7 : (n >> 3) % 5000);
}

bool
pieces_next(struct pieces *p, struct slice *piece)
{
	size_t n;

	if (p->rest.len == 0)
		return false;
	n = some(p);
	if (n > p->rest.len)
		n = p->rest.len;
	*piece = slice_of(p->rest.at, n);
	p->rest = slice_after(p->rest, n);
	return true;
}
