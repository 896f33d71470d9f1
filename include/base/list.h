/*
 * Intrusive doubly linked list, circular: the head is a link like the others. A link that is in no
 * list is zero or points to itself; list_cut() may be called on it again.
 */
#pragma once

#include "base/owner.h"

#include <stdbool.h>
#include <stddef.h>

struct list {
	struct list *next;
	struct list *prev;
};

static inline void
list_init(struct list *head)
{
	head->next = head;
	head->prev = head;
}

static inline bool
list_empty(const struct list *head)
{
	return head->next == NULL || head->next == head;
}

/* Is this link in a list? */
static inline bool
list_linked(const struct list *link)
{
	return !list_empty(link);
}

/* Before the head: at the end. */
static inline void
list_add(struct list *head, struct list *link)
{
	link->next = head;
	link->prev = head->prev;
	head->prev->next = link;
	head->prev = link;
}

static inline void
list_cut(struct list *link)
{
	if (link->next == NULL)
		return;
	link->next->prev = link->prev;
	link->prev->next = link->next;
	list_init(link);
}

/* The body may cut the link that it stands on, and no other. */
#define list_each(link, head)                                                                      \
	for (struct list *link = (head)->next, *link##_next = link->next; link != (head);          \
	     link = link##_next, link##_next = link->next)
