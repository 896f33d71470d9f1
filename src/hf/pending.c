/* Requests that wait for their one answer, by id. */
#include "hf/pending.h"

#include "base/mem.h"

static struct hf_request *
request_of(struct list *link)
{
	return owner_of(link, struct hf_request, link);
}

void
hf_pending_init(struct hf_pending *p)
{
	*p = (struct hf_pending){ 0 };
	list_init(&p->open);
}

struct hf_request *
hf_pending_add(struct hf_pending *p, void *owner, usec now, usec due)
{
	struct hf_request *r = mem_zero(1, sizeof(*r));

	r->phase = HF_QUEUED;
	r->started = now;
	r->due = due;
	r->owner = owner;
	list_add(&p->open, &r->link);
	p->count++;
	if (p->count > p->most)
		p->most = p->count;
	return r;
}

struct hf_request *
hf_pending_next(struct hf_pending *p, size_t most)
{
	if (p->sent >= most)
		return NULL;
	list_each (link, &p->open) {
		struct hf_request *r = request_of(link);

		if (r->phase != HF_QUEUED)
			continue;
		r->phase = HF_SENT;
		r->id = ++p->newest;
		p->sent++;
		return r;
	}
	return NULL;
}

enum hf_match
hf_pending_match(struct hf_pending *p, uint64_t re, bool terminal, struct hf_request **r)
{
	if (re == 0 || re > p->newest)
		return HF_NEVER;
	list_each (link, &p->open) {
		struct hf_request *one = request_of(link);

		if (one->id != re)
			continue;
		if (one->owner != NULL) {
			*r = one;
			return HF_FOUND;
		}
		if (terminal)
			hf_pending_close(p, one);
		break;
	}
	p->late++;
	return HF_LATE;
}

void
hf_pending_close(struct hf_pending *p, struct hf_request *r)
{
	list_cut(&r->link);
	p->count--;
	p->sent -= r->phase != HF_QUEUED;
	p->resolved++;
	mem_free(r);
}

usec
hf_pending_due(const struct hf_pending *p)
{
	usec due = USEC_NEVER;

	for (struct list *link = p->open.next; link != &p->open; link = link->next) {
		if (request_of(link)->due < due)
			due = request_of(link)->due;
	}
	return due;
}

struct hf_request *
hf_pending_over(const struct hf_pending *p, usec now)
{
	for (struct list *link = p->open.next; link != &p->open; link = link->next) {
		if (request_of(link)->due <= now)
			return request_of(link);
	}
	return NULL;
}

bool
hf_id_follows(uint64_t *newest, uint64_t id)
{
	if (id <= *newest)
		return false;
	*newest = id;
	return true;
}
